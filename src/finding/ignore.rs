//! What silences findings: the names that an ignore lists, and the entries of a configuration.

use super::{Finding, Subject};

/// A rule, or one case of it, as an ignore names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The id of the rule, not a former one.
    pub rule: String,
    /// The slug of the case; all cases of the rule where none is named.
    pub case: Option<String>,
}

impl Target {
    /// Whether a finding is meant.
    #[must_use]
    pub fn means(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.case.as_deref().is_none_or(|case| case == finding.case)
    }
}

/// What resources an entry is about. `*` stands for any text, also within a name; what is not said may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourcePattern {
    /// The kind.
    pub kind: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The name.
    pub name: Option<String>,
}

impl ResourcePattern {
    /// Whether a resource is meant. What is no resource never is.
    #[must_use]
    pub fn means(&self, subject: Option<&Subject>) -> bool {
        let Some(subject) = subject else { return false };
        let fits = |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|one| is_like(one, text));
        fits(&self.kind, &subject.kind)
            && fits(&self.namespace, subject.namespace.as_deref().unwrap_or(""))
            && fits(&self.name, &subject.name)
    }
}

/// An entry of a configuration that silences findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreEntry {
    /// The rules and cases that it silences.
    pub targets: Vec<Target>,
    /// Globs as ignore files have them, relative to the folder of the configuration; any file where none is named.
    pub files: Vec<String>,
    /// The resources; any where none are named.
    pub resource: Option<ResourcePattern>,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
    /// The last day on which it counts, as `2026-12-31`.
    pub until: Option<String>,
    /// Where it is written, for people.
    pub place: String,
}

/// Whether a text is like a pattern in which `*` stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{ResourcePattern, is_like};
    use crate::finding::Subject;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("cart", "cart", true),
            ("cart", "carts", false),
            ("*", "", true),
            ("vendor-*", "vendor-a", true),
            ("vendor-*", "my-vendor-a", false),
            ("*-a*b", "x-a1b2b", true),
            ("*-a*b", "x-a1", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_said_may_be_anything() {
        let subject = Subject {
            dialect: "kubernetes",
            api_version: "v1".into(),
            kind: "Service".into(),
            namespace: None,
            name: "cart".into(),
        };
        let pattern = ResourcePattern { name: Some("ca*".into()), ..ResourcePattern::default() };
        assert!(pattern.means(Some(&subject)) && !pattern.means(None));
        assert!(!ResourcePattern { namespace: Some("shop".into()), ..pattern }.means(Some(&subject)));
    }
}
