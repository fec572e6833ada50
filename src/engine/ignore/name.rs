//! The names that an ignore lists.

use crate::finding::Category;
use crate::rules::{self, Rule};

use super::super::selection::nearest;

/// What a name means.
#[derive(Clone, Copy)]
pub(super) struct Meaning {
    pub(super) rule: &'static Rule,
    pub(super) case: Option<&'static str>,
}

/// A name that no rule answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// What it is, in a few words.
    pub(super) what: String,
    /// The name that was meant, and whether that is certain.
    pub(super) meant: Option<(String, bool)>,
}

/// The rule or case of a name: an id, a former id, or one of these with a case behind a `/`.
pub(super) fn resolve(name: &str) -> Result<Meaning, Unknown> {
    let (id, slug) = name.split_once('/').map_or((name, None), |(id, slug)| (id, Some(slug)));
    let Some(rule) = rules::find(id) else { return Err(unknown(name, id)) };
    let Some(slug) = slug else { return Ok(Meaning { rule, case: None }) };
    match rule.page().case(slug) {
        Some(case) => Ok(Meaning { rule, case: Some(&case.slug) }),
        None => {
            let near = nearest(slug, rule.page().cases.iter().map(|case| case.slug.as_str()));
            let meant = near.map(|near| (format!("{}/{near}", rule.id), false));
            Err(Unknown { what: format!("rule `{}` has no case `{slug}`", rule.id), meant })
        }
    }
}

fn unknown(name: &str, id: &str) -> Unknown {
    let owner = |slug: &str| rules::ALL.iter().find(|rule| rule.page().case(slug).is_some());
    if let Some(rule) = owner(name) {
        let what = format!("`{name}` is a case, and names no rule");
        return Unknown { what, meant: Some((format!("{}/{name}", rule.id), true)) };
    }
    let is_category = rules::ALL.iter().map(|rule| rule.page().category).any(|one: Category| one.word() == name);
    if is_category {
        return Unknown { what: format!("`{name}` is a category, and an ignore names rules"), meant: None };
    }
    let near = nearest(id, rules::ALL.iter().map(|rule| rule.id));
    let meant = near.map(|near| (format!("{near}{}", &name[id.len()..]), false));
    Unknown { what: format!("there is no rule `{name}`"), meant }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn names_are_rules_and_their_cases() {
        let meaning = |name: &str| resolve(name).map(|one| (one.rule.id, one.case)).map_err(|one| one.meant);
        assert_eq!(meaning("shadowed-route"), Ok(("shadowed-route", None)));
        assert_eq!(meaning("syntax/not-json"), Ok(("syntax", Some("not-json"))));
        assert_eq!(meaning("syntax/not-jsn"), Err(Some(("syntax/not-json".to_owned(), false))));
        assert_eq!(meaning("not-json"), Err(Some(("syntax/not-json".to_owned(), true))));
        assert_eq!(meaning("shadowd-route"), Err(Some(("shadowed-route".to_owned(), false))));
        assert_eq!(meaning("routing"), Err(None));
        assert_eq!(meaning("zzz"), Err(None));
    }
}
