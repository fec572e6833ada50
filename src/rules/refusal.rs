//! Why no selector takes an object: the condition and the label that decide it.

use crate::finding::Draft;
use crate::mesh::{Label, Labels, Requirement, Resource, Selection};

/// A condition of somebody's selector that an object does not meet.
pub(super) struct Refusal<'m> {
    owner: &'m Resource,
    requirement: &'m Requirement,
    /// The label of the object that has the key, but not the value.
    label: Option<&'m Label>,
}

/// Of all the refusals of an object with these labels the one that most likely is a slip: about a label that
/// the object has, with a value that is nearly right. `None` where nobody certainly refuses it.
pub(super) fn nearest<'m>(
    owners: impl Iterator<Item = &'m Resource>,
    selection: fn(&Resource) -> &Selection,
    labels: &'m Labels,
) -> Option<Refusal<'m>> {
    let refusal = |owner: &'m Resource| {
        let Selection::Written(selector, _) = selection(owner) else { return None };
        let requirement = selector.refusal(labels)?;
        Some(Refusal { owner, requirement, label: labels.get(requirement.key.as_str()) })
    };
    owners.filter_map(refusal).min_by_key(Refusal::distance)
}

impl Refusal<'_> {
    fn distance(&self) -> (bool, usize) {
        let to = |label: &Label| {
            let wanted = self.requirement.values.iter();
            wanted.map(|value| strsim::damerau_levenshtein(value.as_str(), label.value.as_str())).min()
        };
        (self.label.is_none(), self.label.and_then(to).unwrap_or(0))
    }

    /// Puts the deciding label of the object, else its name, and the condition into a draft.
    pub(super) fn point(&self, object: &Resource, draft: Draft) -> Draft {
        let (owner, wanted) = (self.owner.title(), self.requirement);
        let (place, text) = match self.label {
            Some(label) => (object.at(label.span), format!("{owner} asks for `{wanted}`")),
            None => (object.place(), format!("has no label `{}`", wanted.key)),
        };
        draft.at(place, text).at(self.owner.at(wanted.span), format!("{owner} asks for `{wanted}` here"))
    }

    /// What to do about it.
    pub(super) fn help(&self, object: &Resource) -> String {
        format!(
            "label {} so that it meets `{}`, or widen the selector of {}",
            object.title(),
            self.requirement,
            self.owner.title()
        )
    }
}
