//! An ignore whose words mean nothing: a rule that there is not, no rule at all, or no list.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("unknown-rule-in-ignore", include_str!("../../rules/unknown-rule-in-ignore.md")).facts(say);

const LISTED: &str = "`meshlint rules` lists what there is";

/// Arguments: of `unknown-rule-in-ignore` what is wrong, the name that was meant, and `certain` where it is sure; the
/// other place is where that name would be written. Of `blanket-ignore` the rules that would have to be named. Of
/// `malformed-ignore` the word, what was meant, and `word` or `brackets`.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let place = spot.at(fact.span);
    let meant = fact.text(1);
    match fact.case {
        "blanket-ignore" => {
            let rules = fact.text(0);
            let help = if rules.is_empty() {
                "name the rules that are meant; nothing is found here now".to_owned()
            } else {
                format!("name what is found here: `ignore[{rules}]`")
            };
            Draft::new("blanket-ignore", "an ignore that names no rule")
                .at(place, "every rule would be meant")
                .why("it would hide every mistake that is still to come, so it silences nothing")
                .help(help)
        }
        "malformed-ignore" => {
            let is_word = fact.text(2) == "word";
            let message = match is_word {
                true => format!("`{}` is no word that is understood behind `meshlint:`", fact.text(0)),
                false => "an ignore without its list in brackets".to_owned(),
            };
            let help =
                if meant.is_empty() { "write `ignore[rule] reason`".to_owned() } else { format!("write `{meant}`") };
            let draft = Draft::new("malformed-ignore", message)
                .at(place, "")
                .why("it silences nothing")
                .help(if is_word { format!("{help}, with the rules in brackets") } else { help });
            // What other words do elsewhere is not for sure what `ignore` does here.
            let kind = if is_word { Applicability::Unsafe } else { Applicability::Safe };
            if meant.is_empty() {
                return draft;
            }
            draft.remedy(format!("write `{meant}`"), kind, [(fact.span, Change::Text(meant.to_owned()))])
        }
        _ => {
            let draft = Draft::new(fact.case, fact.text(0)).at(place, "").why("it silences nothing");
            if meant.is_empty() {
                return draft.help(LISTED);
            }
            let draft = draft.help(format!("did you mean `{meant}`?"));
            let kind = if fact.text(2) == "certain" { Applicability::Safe } else { Applicability::Unsafe };
            match fact.other {
                Some(edit) => draft.remedy(format!("write `{meant}`"), kind, [(edit, Change::Text(meant.to_owned()))]),
                None => draft,
            }
        }
    }
}
