//! Who answers a request among the routes of one table, under each reading of the documents.

use crate::mesh::{Resource, Route, Truth, host_table};
use crate::route::{Precedence, Request};

/// A route that may answer.
#[derive(Clone, Copy)]
pub(super) struct Contender<'m> {
    /// The resource that holds it, or that it is.
    pub(super) holder: &'m Resource,
    /// The route; `None` where it could not be read.
    pub(super) route: Option<&'m Route>,
    /// Whether it is in the table at all, on the listener that is asked.
    pub(super) truth: Truth,
}

impl Contender<'_> {
    /// Whether it takes a request.
    fn takes(&self, request: &Request) -> Truth {
        let matches = self.route.and_then(|route| route.matches.as_ref());
        self.truth.and(matches.map_or(Truth::Unknown, |set| set.accepts(request).into()))
    }

    /// Which of two is tried first.
    pub(super) fn order(&self, other: &Self) -> Precedence {
        match (self.route, other.route) {
            (Some(a), Some(b)) => a.rank.against(b.rank),
            _ => Precedence::Unknown,
        }
    }
}

/// Who answers, by index among the contenders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// This one, or nobody.
    Decided(Option<usize>),
    /// One of these, in the order of the documents; `None`, which comes last, for nobody.
    Open(Vec<Option<usize>>),
    /// Something that is not known decides: about these.
    Unknown(Vec<usize>),
}

/// Who answers among contenders by their order alone.
pub(super) fn flat(contenders: &[Contender<'_>], request: &Request) -> Answer {
    choose(contenders, |_| true, request)
}

/// Who answers where the routes for each host are a table of their own: those for exactly this host, else those for its
/// longest suffix, else those without a condition on the host. A table that has no answer does not hand over to another.
pub(super) fn partitioned(contenders: &[Contender<'_>], host: &str, request: &Request) -> Answer {
    let there = || contenders.iter().filter(|one| !one.truth.is_no());
    let hosts = there().filter_map(|one| one.route?.host.as_deref());
    let chosen = host_table(hosts, host);
    let is_of_it = |one: &Contender<'_>| one.route.is_some_and(|route| route.host.as_deref() == chosen);
    let is_open = |one: &Contender<'_>| one.route.is_none_or(|route| route.is_host_open);
    let indices = |wanted: &dyn Fn(&Contender<'_>) -> bool| -> Vec<usize> {
        let all = contenders.iter().enumerate().filter(|(_, one)| !one.truth.is_no() && wanted(one));
        all.map(|(index, _)| index).collect()
    };
    // A condition on the host that is not known may make a table that comes before this one, and so does one that may
    // not be there.
    let open = indices(&is_open);
    if !chosen.is_some_and(|text| text.starts_with("exact ")) && !open.is_empty() {
        return Answer::Unknown(open);
    }
    if chosen.is_some() && there().filter(|one| is_of_it(one)).all(|one| !one.truth.is_yes()) {
        return Answer::Unknown(indices(&is_of_it));
    }
    choose(contenders, |one| is_of_it(one) || is_open(one), request)
}

fn choose(contenders: &[Contender<'_>], is_in: impl Fn(&Contender<'_>) -> bool, request: &Request) -> Answer {
    let (mut matching, mut perhaps) = (Vec::new(), Vec::new());
    for (index, one) in contenders.iter().enumerate().filter(|(_, one)| is_in(one)) {
        match one.takes(request) {
            Truth::Yes => matching.push(index),
            Truth::Unknown => perhaps.push(index),
            Truth::No => {}
        }
    }
    let is_beaten =
        |at: usize| matching.iter().any(|other| contenders[*other].order(&contenders[at]) == Precedence::Before);
    perhaps.retain(|at| !is_beaten(*at));
    let first: Vec<_> = matching.iter().copied().filter(|at| !is_beaten(*at)).collect();
    let is_unordered = |a: usize, b: usize| contenders[a].order(&contenders[b]) == Precedence::Unknown;
    let hangs_on_order = first.iter().any(|a| first.iter().any(|b| a != b && is_unordered(*a, *b)));
    if !perhaps.is_empty() || hangs_on_order {
        perhaps.extend(first);
        perhaps.sort_unstable();
        return Answer::Unknown(perhaps);
    }
    match first[..] {
        [] => Answer::Decided(None),
        [one] => Answer::Decided(Some(one)),
        _ => Answer::Open(first.into_iter().map(Some).collect()),
    }
}

/// What several readings of the documents agree on.
pub(super) fn agreed(answers: &[Answer]) -> Answer {
    let mut unknown: Vec<usize> = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    for answer in answers {
        match answer {
            Answer::Unknown(about) => unknown.extend(about),
            Answer::Decided(one) => open.push(*one),
            Answer::Open(several) => open.extend(several),
        }
    }
    if answers.iter().any(|answer| matches!(answer, Answer::Unknown(_))) {
        unknown.sort_unstable();
        unknown.dedup();
        return Answer::Unknown(unknown);
    }
    open.sort_unstable_by_key(|one| (one.is_none(), *one));
    open.dedup();
    match open[..] {
        [one] => Answer::Decided(one),
        [] => Answer::Decided(None),
        _ => Answer::Open(open),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, agreed};

    #[test]
    fn readings_that_differ_leave_the_answer_open() {
        let [one, other, nobody] = [Some(1), Some(0), None].map(Answer::Decided);
        assert_eq!(agreed(&[one.clone(), one.clone()]), one);
        assert_eq!(agreed(&[one.clone(), nobody.clone()]), Answer::Open(vec![Some(1), None]));
        let several = Answer::Open(vec![Some(1), Some(2)]);
        assert_eq!(agreed(&[several, nobody, other]), Answer::Open(vec![Some(0), Some(1), Some(2), None]));
        assert_eq!(agreed(&[one, Answer::Unknown(vec![2])]), Answer::Unknown(vec![2]));
    }
}
