//! A match that no request meets, because its conditions contradict one another or one of them cannot hold.

use super::{Rule, wording};
use crate::finding::Draft;
use crate::mesh::{Condition, Mesh, Resource, Route};
use crate::route::{Alphabet, Atom, BYTES, Budget, Dimension, Lang, Term, Undecided, Values};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("impossible-match", include_str!("../../rules/impossible-match.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for (_, holder) in mesh.resources() {
        for route in &holder.routes {
            match impossible(route) {
                Ok(Some(core)) => out.push(contradiction(holder, route, &core).on(holder.subject())),
                Ok(None) => {}
                Err(Undecided) => undecided += 1,
            }
        }
    }
    undecided
}

/// As few conditions as can be that no request meets together, in the order of the document.
fn impossible(route: &Route) -> Result<Option<Vec<&Condition>>, Undecided> {
    let mut dimensions: Vec<_> = route.conditions.iter().map(|one| &one.dimension).collect();
    dimensions.sort_unstable();
    dimensions.dedup();
    let mut doubt = Ok(None);
    for dimension in dimensions {
        let mut core: Vec<_> = route.conditions.iter().filter(|one| one.dimension == *dimension).collect();
        // A text alone can always be met; a path that is none is reported by itself.
        if core.len() < 2 && !core.iter().any(|one| is_regex(one)) {
            continue;
        }
        match is_empty(&core) {
            Ok(true) => {
                for candidate in core.clone() {
                    let fewer: Vec<_> = core.iter().copied().filter(|one| one.span != candidate.span).collect();
                    if !fewer.is_empty() && is_empty(&fewer)? {
                        core = fewer;
                    }
                }
                core.sort_by_key(|one| one.span);
                return Ok(Some(core));
            }
            Ok(false) => {}
            Err(Undecided) => doubt = Err(Undecided),
        }
    }
    doubt
}

fn is_regex(condition: &Condition) -> bool {
    let terms = condition.values.present.as_ref().map(Lang::terms).unwrap_or_default();
    terms.iter().any(|term| matches!(term.atom, Atom::Regex(_)))
}

/// Whether no request meets conditions on one dimension together.
fn is_empty(conditions: &[&Condition]) -> Result<bool, Undecided> {
    let Some(first) = conditions.first() else { return Ok(false) };
    let dimension = &first.dimension;
    let start = match dimension {
        Dimension::Path => Values::of(Atom::Prefix("/".into())),
        _ => Values::any(dimension),
    };
    let all = conditions.iter().fold(start, |all, one| all.and(&widened(one)));
    match &all.present {
        _ if all.absent => Ok(false),
        None => Ok(true),
        Some(lang) => lang.is_void(alphabet(dimension), &mut Budget::default()),
    }
}

/// What certainly stands nowhere else. A path with other bytes is answered before it is routed (measured on Envoy 1.36 to
/// 1.40); elsewhere a witness avoids bytes that may well be sent.
fn alphabet(dimension: &Dimension) -> Alphabet {
    match dimension {
        Dimension::Path => dimension.alphabet(),
        _ => &BYTES,
    }
}

/// What a condition allows, and more where its meaning is not known for certain: whether a host is compared with its port and
/// with its case depends on the proxy's settings.
fn widened(condition: &Condition) -> Values {
    let (Dimension::Host, Some(lang)) = (&condition.dimension, &condition.values.present) else {
        return condition.values.clone();
    };
    let known = lang.terms().iter().filter(|term| !term.negated).filter_map(|term| match &term.atom {
        Atom::Exact(text) | Atom::Prefix(text) => Some(Atom::Prefix(text.clone()).folded()),
        Atom::Folded(inner) => match &**inner {
            Atom::Exact(text) => Some(Atom::Prefix(text.clone()).folded()),
            _ => None,
        },
        _ => None,
    });
    let lang = known.fold(Lang::all(), |all, atom| all.with(Term { atom, negated: false }));
    Values::of(lang)
}

fn contradiction(holder: &Resource, route: &Route, core: &[&Condition]) -> Draft {
    if let [only] = core {
        return impossible_alone(holder, route, only);
    }
    let dimension = core.first().map(|one| &one.dimension);
    let (case, about) = match dimension {
        Some(Dimension::Query(name)) => ("query-duplicate-contradiction", format!("query parameter `{name}`")),
        Some(Dimension::Header(name)) => ("header-duplicate-contradiction", format!("header `{name}`")),
        Some(Dimension::Scheme) => ("header-duplicate-contradiction", "scheme".to_owned()),
        _ => ("header-duplicate-contradiction", "host".to_owned()),
    };
    let mut draft = Draft::new(
        case,
        format!("no request meets the {} conditions of `{}` on the {about} together", core.len(), route.name),
    );
    for one in core.iter().rev() {
        draft = draft.at(holder.at(one.span), words(one, route));
    }
    draft
        .why("all conditions of a match must hold at once, so that no request ever takes the route")
        .help("leave one of them out, or write a route for each")
}

fn impossible_alone(holder: &Resource, route: &Route, only: &Condition) -> Draft {
    let place = holder.at(only.span);
    let Dimension::Path = only.dimension else {
        return Draft::new("header-value-impossible", format!("no value meets this condition of `{}`", route.name))
            .at(place, "matches no text at all")
            .why("the regex contradicts itself, so that no request ever takes the route")
            .help("an anchor inside a regex, as in `a^b` or `a$b`, can never hold: take it out");
    };
    let with = |head: &'static str| {
        let lang = Values::of(Atom::Prefix(head.into())).and(&only.values).present;
        lang.is_some_and(|lang| matches!(lang.witness(&BYTES, &mut Budget::default()), Ok(Some(_))))
    };
    let (label, help) = if with("/") {
        (
            "needs a character that no path holds, such as `?`, `#`, a blank or a letter beyond ASCII",
            "match the query with `queryParameters`, and write other characters percent-encoded",
        )
    } else if with("") {
        ("cannot begin with `/`", "begin the regex with `/`: the whole path must match, not a part of it")
    } else {
        ("matches no text at all", "an anchor inside a regex, as in `a^b` or `a$b`, can never hold: take it out")
    };
    Draft::new("regex-cannot-match-path", format!("no path matches the regex of `{}`", route.name))
        .at(place, label)
        .why("Envoy holds the whole path, without the query, against the regex: no request ever takes the route")
        .help(help)
}

/// What a condition asks for.
fn words(condition: &Condition, route: &Route) -> String {
    if condition.span == route.match_span {
        return "a gRPC call has the content type `application/grpc`".to_owned();
    }
    let Some(lang) = &condition.values.present else {
        let words = if condition.values.absent { "must be absent" } else { "is taken out by the proxy before" };
        return words.to_owned();
    };
    let Some(term) = lang.terms().first() else { return "must be there".to_owned() };
    let not = if term.negated { " not" } else { "" };
    let atom = match &term.atom {
        Atom::Folded(inner) => inner,
        atom => atom,
    };
    match atom {
        Atom::Exact(text) => format!("must{not} be `{}`", wording::short(text)),
        Atom::Prefix(text) => format!("must{not} begin with `{}`", wording::short(text)),
        Atom::Suffix(text) => format!("must{not} end with `{}`", wording::short(text)),
        _ => format!("must{not} match this"),
    }
}
