//! Different definitions of one object in several files: its states over time, or alternatives.

use super::Rule;
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Resource};

/// The rule.
pub(super) static RULE: Rule = Rule::new("several-states", include_str!("../../rules/several-states.md")).mesh(check);

/// As many other states get a place of their own in a finding; the message has their number.
const SHOWN: usize = 8;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let states = mesh.states().iter().map(|ids| ids.iter().map(|id| mesh.resource(*id)).collect::<Vec<_>>());
    // A repository may have many workloads of one name that never meet; only a mesh is judged as a whole.
    for states in states.filter(|states| states.iter().all(|one| one.kind.role.is_of_mesh() && !is_left_open(one))) {
        out.extend(several(&states));
    }
}

/// Whether a template leaves the name open: another may mean something else by the same words.
fn is_left_open(resource: &Resource) -> bool {
    let is_open = |name: Option<&Name>| name.is_some_and(Name::is_open);
    !resource.kind.surface.is_cluster()
        && (resource.condition.is_some() || is_open(Some(&resource.name)) || is_open(resource.parent()))
}

fn several(states: &[&Resource]) -> Option<Draft> {
    let (last, others) = states.split_last()?;
    let space = last.space();
    let message = format!("{}{space} is defined in {} files, each time differently", last.title(), states.len());
    let draft = Draft::new("several-states", message).at(last.place(), "its last definition");
    let others = others.iter().take(SHOWN);
    let draft = others.fold(draft, |draft, other| draft.at(other.place(), "defined differently here"));
    let draft = draft
        .why("nothing says which of them is deployed, so each is judged on its own, and a reference may lead to any")
        .help("name the manifests that are deployed together on the command line, if these are not");
    Some(draft.on(last.subject()))
}
