//! Weights of a route that do not add up to what anybody wants.

use super::{meeting, place};
use crate::dialect::appmesh::model::{Field, List, WeightedTarget};
use crate::finding::{Draft, Place, Span};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("bad-weights", include_str!("../../../rules/bad-weights.md")).mesh(check);

/// The greatest sum that the documentation of the API allows for.
const MOST: i64 = 100;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for entry in meeting::of_routers(mesh) {
        let Some(list) = place::targets(entry.holder, entry.route).and_then(Field::known) else { continue };
        let weights = weights(list);
        let draft = if is_zero(list) {
            let message = format!("no destination of {} gets a request: all weights are 0", entry.title());
            let draft = Draft::new("weights-all-zero", message);
            labelled(draft, weights.iter().map(|(_, span)| entry.holder.at(*span)), "no share")
                .why("a share is the weight divided by the sum of all weights: requests that take this route fail")
                .help("give the destinations that are to answer a weight above 0")
        } else if let Some((sum, over)) = over(&weights) {
            let message = format!("the weights of {} add up to {sum}, and {MOST} is the most", entry.title());
            Draft::new("weights-over-100", message)
                .at(entry.holder.at(over), format!("with this one the sum is above {MOST}"))
                .why("the API documents a sum of 100 at the most; the shares are not the percentages that they look like")
                .help(format!("lower the weights until they add up to {MOST} or less: only their proportions count"))
        } else {
            continue;
        };
        out.push(draft.on(entry.holder.subject()));
    }
}

/// The weights that are known, with their places.
fn weights(list: &List<Box<WeightedTarget>>) -> Vec<(i64, Span)> {
    list.known().filter_map(|target| Some((*target.weight.known()?, target.weight.span))).collect()
}

fn is_zero(list: &List<Box<WeightedTarget>>) -> bool {
    let is_zero = |item: &Field<Box<WeightedTarget>>| item.known().is_some_and(|one| one.weight.known() == Some(&0));
    !list.open && !list.items.is_empty() && list.items.iter().all(is_zero)
}

/// The sum, if it is too great, and the weight that makes it so. Weights that are not known only add to it.
fn over(weights: &[(i64, Span)]) -> Option<(i64, Span)> {
    let mut sum = 0;
    let mut place = None;
    for (weight, span) in weights {
        sum += weight;
        if sum > MOST && place.is_none() {
            place = Some(*span);
        }
    }
    place.map(|place| (sum, place))
}

fn labelled(draft: Draft, places: impl Iterator<Item = Place>, text: &str) -> Draft {
    places.fold(draft, |draft, place| draft.at(place, text))
}
