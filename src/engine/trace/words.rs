//! Why a route answers, and why another does not, in words.

use crate::mesh::{Role, Truth};
use crate::route::{Dimension, Precedence, Rank, Request, RequestSet};

use super::choice::Contender;

impl Contender<'_> {
    /// The route in a sentence.
    pub(super) fn title(&self) -> String {
        match (self.holder.kind.role, self.route) {
            (Role::Router | Role::Route, Some(route)) => format!("route `{}`", route.name),
            (Role::Router, None) => format!("a route of {} that could not be read", self.holder.title()),
            _ => format!("{} `{}`", self.holder.kind.words, super::full_name(self.holder)),
        }
    }

    /// Its place among the others.
    pub(super) fn rank_words(&self) -> String {
        match self.route.map(|route| route.rank) {
            Some(Rank::Tier { least, greatest, .. }) if least == greatest => format!("priority {least}"),
            Some(Rank::Tier { .. }) => "no priority".to_owned(),
            Some(Rank::Unknown) | None => "a priority that is not known".to_owned(),
        }
    }

    /// Why it does not answer a request that a winner (if any) answers.
    pub(super) fn loss(&self, winner: Option<&Self>, request: &Request) -> String {
        if let (Truth::No, Some(port)) = (self.truth, self.route.and_then(|route| route.port.known())) {
            return format!("is for port {port}");
        }
        let Some(set) = self.route.and_then(|route| route.matches.as_ref()) else {
            return match winner {
                Some(_) => "matches requests that are not known, and comes later".to_owned(),
                None => "matches requests that are not known".to_owned(),
            };
        };
        if !set.accepts(request) {
            return missed(set, request);
        }
        match winner {
            Some(winner) if winner.order(self) == Precedence::Before => self.outranked(winner),
            Some(_) => "matches too, and comes later".to_owned(),
            None => "matches".to_owned(),
        }
    }

    fn outranked(&self, winner: &Self) -> String {
        let tier = |one: &Self| match one.route.map(|route| route.rank) {
            Some(Rank::Tier { least, .. }) => Some(least),
            _ => None,
        };
        if tier(self) == tier(winner) {
            return "matches too, and comes later: its prefix is shorter".to_owned();
        }
        format!("matches too, and comes later: {} after {}", self.rank_words(), winner.rank_words())
    }
}

/// The first condition that a request does not meet.
fn missed(set: &RequestSet, request: &Request) -> String {
    let conditions = set.cubes.first().into_iter().flat_map(|cube| cube.dimensions());
    let failed = conditions.into_iter().find(|(dimension, values)| !values.accepts(request.get(dimension)));
    let Some((dimension, values)) = failed else { return "does not match".to_owned() };
    let value = request.get(dimension).map(|text| String::from_utf8_lossy(text).into_owned());
    match (named(dimension), value) {
        (name, None) => format!("does not match: there is no {name}"),
        (name, Some(_)) if values.present.is_none() => format!("does not match: it wants no {name}"),
        (name, Some(value)) => format!("does not match the {name} (`{value}`)"),
    }
}

fn named(dimension: &Dimension) -> String {
    match dimension {
        Dimension::Port => "port".to_owned(),
        Dimension::Source => "caller".to_owned(),
        Dimension::Scheme => "scheme".to_owned(),
        Dimension::Method => "method".to_owned(),
        Dimension::Host => "host".to_owned(),
        Dimension::Path => "path".to_owned(),
        Dimension::Header(name) => format!("header `{name}`"),
        Dimension::Query(name) => format!("query parameter `{name}`"),
    }
}
