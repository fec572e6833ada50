//! An ignore that silences nothing.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("unused-ignore", include_str!("../../rules/unused-ignore.md")).facts(say);

/// Arguments of `unused-ignore`: the names that silence nothing, and what the list comes to without them; the other
/// place is what goes. Argument of `misplaced-ignore`: `file` for one about a file that does not stand at its beginning,
/// `annotation` for one that nobody reads, `nothing` for a comment behind everything.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let place = spot.at(fact.span);
    if fact.case == "misplaced-ignore" {
        let (message, text, help) = match fact.text(0) {
            "file" => (
                "an `ignore-file` that does not stand at the beginning of its file",
                "behind the first content",
                "write it on a line of its own before the first document, or write `ignore` above what is meant",
            ),
            "annotation" => (
                "an annotation that ignores rules where nobody reads it",
                "read in `metadata.annotations` of the object alone",
                "move it to the annotations of the object itself",
            ),
            _ => (
                "an ignore with nothing behind it",
                "nothing follows",
                "write it above what it is about, or at the end of its line",
            ),
        };
        return Draft::new("misplaced-ignore", message)
            .at(place, text)
            .why("it silences nothing, and what it was written for is reported")
            .help(help);
    }
    let (names, kept) = (fact.text(0), fact.text(1));
    let verb = if names.contains(", ") { "silence" } else { "silences" };
    let is_whole = kept.is_empty();
    let what = if is_whole { "remove the ignore" } else { "remove the name from the list" };
    let draft = Draft::new(fact.case, format!("{names} {verb} nothing here"))
        .at(place, "nothing of this is found")
        .why("an ignore that nobody needs hides the next mistake of its kind")
        .help(what);
    match fact.other {
        Some(edit) => draft.remedy(what, Applicability::Safe, [(edit, Change::Text(kept.to_owned()))]),
        None => draft,
    }
}
