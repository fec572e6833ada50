//! How long a request may take on its way: at the routes that it takes, and at the listeners that it passes.
//!
//! Facts: App Mesh user guide, routes and virtual nodes (15 s where nothing is written, 0 for no limit).

use std::fmt;

use crate::dialect::appmesh::model::{Duration, DurationUnit, Field, HttpTimeout, Listener, Protocol, Route};
use crate::finding::Span;
use crate::mesh::Resource;

/// How long something may take, the shorter first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Limit {
    /// So many milliseconds.
    Millis(i64),
    /// As long as it likes.
    None,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Millis(millis) if millis % 1000 == 0 => write!(f, "{} s", millis / 1000),
            Self::Millis(millis) => write!(f, "{millis} ms"),
            Self::None => f.write_str("as long as it takes"),
        }
    }
}

/// How long a request may take where nothing is written.
pub(super) const DEFAULT: Limit = Limit::Millis(15_000);

/// A limit with the place where it is written; `None` where the default is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// The limit.
    pub(super) limit: Limit,
    /// Where its value stands.
    pub(super) written: Option<Span>,
}

/// A duration in milliseconds, where it is known.
pub(super) fn millis(duration: &Duration) -> Option<i64> {
    let value = *duration.value.known()?;
    Some(match duration.unit.known()? {
        DurationUnit::Seconds => value.saturating_mul(1000),
        DurationUnit::Milliseconds => value,
    })
}

/// How long a request may take by a route of a router; `None` where that is not known, and for a route of
/// connections.
pub(super) fn of_route(router: &Resource, route: &Route) -> Option<Bound> {
    let timeouts = [
        route.http_route.known().map(|route| &route.timeout),
        route.http2_route.known().map(|route| &route.timeout),
        route.grpc_route.known().map(|route| &route.timeout),
    ];
    let mut timeouts = timeouts.into_iter().flatten();
    let timeout = timeouts.next().filter(|_| timeouts.next().is_none())?;
    per_request(timeout).filter(|bound| bound.written.is_some() || !router.is_patchy)
}

/// How long a request may take at a listener of a node, which for a tcp listener is not limited; `None` where
/// that is not known.
pub(super) fn of_listener(node: &Resource, listener: &Listener) -> Option<Bound> {
    let protocol = *listener.port_mapping.known()?.protocol.known()?;
    if protocol == Protocol::Tcp {
        return Some(Bound { limit: Limit::None, written: None });
    }
    let bound = if listener.timeout.is_absent() {
        Bound { limit: DEFAULT, written: None }
    } else {
        let timeout = listener.timeout.known()?;
        let of_others = [
            (Protocol::Http, timeout.http.is_absent()),
            (Protocol::Http2, timeout.http2.is_absent()),
            (Protocol::Grpc, timeout.grpc.is_absent()),
            (Protocol::Tcp, timeout.tcp.is_absent()),
        ];
        // What is written for another protocol is a fault of its own.
        if of_others.iter().any(|(other, is_absent)| *other != protocol && !is_absent) {
            return None;
        }
        per_request(match protocol {
            Protocol::Http2 => &timeout.http2,
            Protocol::Grpc => &timeout.grpc,
            _ => &timeout.http,
        })?
    };
    Some(bound).filter(|bound| bound.written.is_some() || !node.is_patchy)
}

fn per_request(timeout: &Field<Box<HttpTimeout>>) -> Option<Bound> {
    let default = Bound { limit: DEFAULT, written: None };
    let Some(timeout) = timeout.known() else { return timeout.is_absent().then_some(default) };
    let Some(duration) = timeout.per_request.known() else {
        return timeout.per_request.is_absent().then_some(default);
    };
    let limit = match millis(duration)? {
        0 => Limit::None,
        millis => Limit::Millis(millis),
    };
    Some(Bound { limit, written: Some(duration.value.span) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::appmesh::model::State;

    fn duration(value: i64, unit: DurationUnit) -> Duration {
        let mut duration = Duration::default();
        duration.value.state = State::Known(value);
        duration.unit.state = State::Known(unit);
        duration
    }

    #[test]
    fn durations_are_compared_in_milliseconds() {
        assert_eq!(millis(&duration(2, DurationUnit::Seconds)), Some(2000));
        assert_eq!(millis(&duration(i64::MAX, DurationUnit::Seconds)), Some(i64::MAX));
        assert_eq!(millis(&duration(2, DurationUnit::Milliseconds)), Some(2));
        assert_eq!(millis(&Duration::default()), None);
        assert!(Limit::Millis(i64::MAX) < Limit::None && Limit::Millis(1) < DEFAULT);
    }

    #[test]
    fn limits_are_told_in_seconds_where_they_can_be() {
        let told = [Limit::Millis(60_000), Limit::Millis(1500), Limit::None].map(|limit| limit.to_string());
        assert_eq!(told, ["60 s", "1500 ms", "as long as it takes"]);
    }

    #[test]
    fn nothing_written_is_the_default_and_zero_no_limit() {
        let mut timeout = Field::<Box<HttpTimeout>>::default();
        assert_eq!(per_request(&timeout), Some(Bound { limit: DEFAULT, written: None }));
        let mut inner = HttpTimeout::default();
        inner.per_request.state = State::Known(Box::new(duration(0, DurationUnit::Seconds)));
        timeout.state = State::Known(Box::new(inner));
        assert_eq!(per_request(&timeout).map(|bound| bound.limit), Some(Limit::None));
        timeout.state = State::Unknown("${TIMEOUT}".into());
        assert_eq!(per_request(&timeout), None);
    }
}
