//! Labels and the selectors over them.

use crate::source::Span;

use super::{Name, Truth};

/// One label (or annotation) with its places.
#[derive(Clone, Debug)]
pub struct Label {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Name,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the value stands.
    pub span: Span,
}

/// Labels that controllers set on the pods they make, so that no manifest has them: Kubernetes, reference of
/// well-known labels; Argo Rollouts.
pub const LATE_LABELS: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// The labels (or annotations) of an object.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    list: Vec<Label>,
    /// Whether something (a placeholder for the whole map) may add labels that are not in the list.
    incomplete: bool,
    /// Keys that a controller sets at run time, on the pods that it makes.
    late: &'static [&'static str],
}

impl Labels {
    /// The labels that are written.
    #[must_use]
    pub fn new(list: Vec<Label>) -> Self {
        let incomplete = list.iter().any(|label| label.key.is_open());
        Self { list, incomplete, late: &[] }
    }

    /// Whether every label is there, with a known value.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.incomplete && !self.list.iter().any(|label| label.value.is_open())
    }

    /// Whether something may add labels that are not written.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        self.incomplete
    }

    /// Adds a label, unless there is one of its key.
    pub fn add(&mut self, label: Label) {
        if self.get(label.key.as_str()).is_none() {
            self.list.push(label);
        }
    }

    /// Labels of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self { list: Vec::new(), incomplete: true, late: &[] }
    }

    /// The same labels on pods that a controller makes: it adds labels of its own, see [`LATE_LABELS`].
    #[must_use]
    pub fn on_made_pods(mut self) -> Self {
        self.late = LATE_LABELS;
        self
    }

    /// Every label as written.
    pub fn iter(&self) -> std::slice::Iter<'_, Label> {
        self.list.iter()
    }

    /// The label of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Label> {
        self.list.iter().find(|label| label.key.as_str() == key)
    }

    /// Whether there is a label of a key; unknown where the list may be incomplete.
    #[must_use]
    pub fn has(&self, key: &str) -> Truth {
        match self.get(key) {
            Some(_) => Truth::Yes,
            None if self.incomplete || self.late.contains(&key) => Truth::Unknown,
            None => Truth::No,
        }
    }
}

/// What a requirement asks of the values of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values, or no such label.
    NotIn,
    /// Any value.
    Exists,
    /// No such label.
    DoesNotExist,
    /// Not a Kubernetes operator, or a placeholder: it is judged elsewhere and decides nothing here.
    Unclear,
}

/// One condition of a selector.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The label's key.
    pub key: Name,
    /// What is asked.
    pub operator: Operator,
    /// The values for `In` and `NotIn`.
    pub values: Vec<Name>,
    /// Where it stands.
    pub span: Span,
}

impl Requirement {
    /// Whether an object with these labels meets it. A requirement that the API server refuses (`In` without
    /// values, `Exists` with values) decides nothing.
    #[must_use]
    pub fn holds(&self, labels: &Labels) -> Truth {
        let asks_values = matches!(self.operator, Operator::In | Operator::NotIn);
        if self.key.is_open() || asks_values == self.values.is_empty() {
            return Truth::Unknown;
        }
        let present = labels.has(self.key.as_str());
        let among = || {
            let Some(label) = labels.get(self.key.as_str()) else { return present };
            self.values.iter().fold(Truth::No, |found, value| found.or(value.same(&label.value)))
        };
        match self.operator {
            Operator::In => among(),
            Operator::NotIn => !among(),
            Operator::Exists => present,
            Operator::DoesNotExist => !present,
            Operator::Unclear => Truth::Unknown,
        }
    }
}

impl std::fmt::Display for Requirement {
    /// As a label that would meet it where one value is asked for, else as `kubectl` writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = || self.values.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        match (self.operator, &self.values[..]) {
            (Operator::In, [value]) => write!(f, "{}: {value}", self.key),
            (Operator::In, _) => write!(f, "{} in ({})", self.key, values()),
            (Operator::NotIn, _) => write!(f, "{} notin ({})", self.key, values()),
            (Operator::DoesNotExist, _) => write!(f, "!{}", self.key),
            (Operator::Exists | Operator::Unclear, _) => write!(f, "{}", self.key),
        }
    }
}

/// A label selector: all its requirements must hold. Without any it selects everything.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The conditions, `matchLabels` among them as `In` of one value.
    pub requirements: Vec<Requirement>,
}

impl Selector {
    /// Whether an object with these labels is selected.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> Truth {
        self.requirements.iter().fold(Truth::Yes, |all, one| all.and(one.holds(labels)))
    }

    /// The first requirement that an object with these labels certainly does not meet.
    #[must_use]
    pub fn refusal(&self, labels: &Labels) -> Option<&Requirement> {
        self.requirements.iter().find(|one| one.holds(labels).is_no())
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

/// A selector as a field of a resource.
#[derive(Clone, Debug, Default)]
pub enum Selection {
    /// Not written. What that means is the field's own matter.
    #[default]
    Absent,
    /// Written; the span is that of its key.
    Written(Selector, Span),
    /// Written, but it cannot be read.
    Unknown(Span),
}

impl Selection {
    /// Whether an object with these labels is selected, where an absent selector selects `absent`.
    #[must_use]
    pub fn matches(&self, labels: &Labels, absent: Truth) -> Truth {
        match self {
            Self::Absent => absent,
            Self::Written(selector, _) => selector.matches(labels),
            Self::Unknown(_) => Truth::Unknown,
        }
    }

    /// The place of the selector's key, where it is written.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Written(_, span) | Self::Unknown(span) => Some(*span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        let one = |(key, value): &(&str, &str)| Label {
            key: Name::known(*key),
            value: if value.starts_with('$') { Name::unknown(value) } else { Name::known(*value) },
            key_span: Span::default(),
            span: Span::default(),
        };
        Labels::new(pairs.iter().map(one).collect())
    }

    fn asks(key: &str, operator: Operator, values: &[&str]) -> Selector {
        let values = values.iter().map(|value| Name::known(*value)).collect();
        Selector { requirements: vec![Requirement { key: Name::known(key), operator, values, span: Span::default() }] }
    }

    #[test]
    fn operators_mean_what_kubernetes_says() {
        let shop = labels(&[("app", "shop")]);
        for (operator, values, on_shop, on_none) in [
            (Operator::In, &["shop", "web"][..], Truth::Yes, Truth::No),
            (Operator::In, &["web"], Truth::No, Truth::No),
            (Operator::NotIn, &["shop"], Truth::No, Truth::Yes),
            (Operator::NotIn, &["web"], Truth::Yes, Truth::Yes),
            (Operator::Exists, &[], Truth::Yes, Truth::No),
            (Operator::DoesNotExist, &[], Truth::No, Truth::Yes),
            (Operator::Unclear, &[], Truth::Unknown, Truth::Unknown),
            (Operator::In, &[], Truth::Unknown, Truth::Unknown),
            (Operator::NotIn, &[], Truth::Unknown, Truth::Unknown),
            (Operator::Exists, &["shop"], Truth::Unknown, Truth::Unknown),
        ] {
            let selector = asks("app", operator, values);
            assert_eq!(selector.matches(&shop), on_shop, "{operator:?} {values:?}");
            assert_eq!(selector.matches(&labels(&[])), on_none, "{operator:?} {values:?} on nothing");
        }
        assert_eq!(Selector::default().matches(&labels(&[])), Truth::Yes);
    }

    #[test]
    fn a_refusal_is_a_requirement_that_certainly_fails() {
        let mut selector = asks("tier", Operator::In, &["front"]);
        selector.requirements.extend(asks("app", Operator::NotIn, &["web", "shop"]).requirements);
        let refusal = |pairs: &[(&str, &str)]| selector.refusal(&labels(pairs)).map(ToString::to_string);
        assert_eq!(refusal(&[("tier", "front")]), None);
        assert_eq!(refusal(&[("tier", "$X")]), None);
        assert_eq!(refusal(&[("app", "shop")]).as_deref(), Some("tier: front"));
        assert_eq!(refusal(&[("tier", "$X"), ("app", "shop")]).as_deref(), Some("app notin (web, shop)"));
        assert_eq!(asks("app", Operator::DoesNotExist, &[]).requirements[0].to_string(), "!app");
    }

    #[test]
    fn placeholders_decide_nothing() {
        let selector = asks("app", Operator::In, &["shop"]);
        assert_eq!(selector.matches(&labels(&[("app", "$X")])), Truth::Unknown);
        assert_eq!(selector.matches(&Labels::unknown()), Truth::Unknown);
        assert_eq!(Selection::Absent.matches(&labels(&[]), Truth::No), Truth::No);
    }

    #[test]
    fn labels_that_a_controller_sets_are_unknown_in_a_template() {
        let first = asks("statefulset.kubernetes.io/pod-name", Operator::In, &["shop-0"]);
        assert_eq!(first.matches(&labels(&[("app", "shop")])), Truth::No);
        assert_eq!(first.matches(&labels(&[("app", "shop")]).on_made_pods()), Truth::Unknown);
        assert_eq!(asks("app", Operator::Exists, &[]).matches(&labels(&[]).on_made_pods()), Truth::No);
    }
}
