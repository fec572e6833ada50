//! A name with characters that App Mesh does not take.

use crate::dialect::appmesh::model::{Field, VirtualRouter};
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-name", include_str!("../../../rules/malformed-name.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource) in mesh.resources().filter(|(_, resource)| resource.kind.role.is_of_mesh()) {
        let name = resource.deployed_name.as_ref().map(|(name, _)| name);
        let bad = name.and_then(|name| Some((name, misfit(name, resource.kind.role == Role::Service)?)));
        out.extend(bad.map(|(name, bad)| malformed(resource, name, bad)));
    }
    for (_, router, model) in mesh.models::<VirtualRouter>().filter(|(_, one, _)| one.kind.role == Role::Router) {
        for route in model.routes.items().filter_map(Field::known) {
            let bad = route.name.known().and_then(|name| misfit(name, false));
            out.extend(bad.map(|bad| malformed_route(router, &route.name, bad)));
        }
    }
}

/// The first character outside placeholders that does not belong.
fn misfit(name: &Name, is_host: bool) -> Option<char> {
    let belongs =
        |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_') || (is_host && matches!(one, '.' | '*'));
    // Other tools have placeholders of their own, as `$(NAME)`, `#{NAME}#` or `@NAME@`.
    let is_filled_in = ["$(", "#{", "[["].iter().any(|mark| name.as_str().contains(mark));
    if is_filled_in || name.as_str().matches('@').count() > 1 {
        return None;
    }
    name.literals().flat_map(str::chars).find(|one| !belongs(*one))
}

fn malformed(resource: &Resource, name: &Name, bad: char) -> Draft {
    let (title, bad) = (resource.title(), words(bad));
    let place = resource.at(resource.deployed_name.as_ref().map_or(resource.name_span, |(_, span)| *span));
    let help = match resource.kind.role {
        Role::Service => "the name of a virtual service is the host that clients call",
        _ => HELP,
    };
    let draft = if place == resource.place() && *name != resource.name {
        Draft::new(CASE, format!("the name of {title} in App Mesh has {bad} in it"))
            .at(place, format!("becomes `{name}` in App Mesh"))
            .help("set an `awsName` of letters, digits, `-` and `_`")
    } else {
        Draft::new(CASE, format!("the name of {title} has {bad} in it")).at(place, "not a name").help(help)
    };
    let why = if resource.kind.surface.is_cluster() { WHY } else { "App Mesh refuses a resource of this name" };
    draft.why(why).on(resource.subject())
}

fn malformed_route(router: &Resource, name: &Field<Name>, bad: char) -> Draft {
    Draft::new(CASE, format!("the name of a route of {} has {} in it", router.title(), words(bad)))
        .at(router.at(name.place()), "not a name")
        .why(WHY)
        .help(HELP)
        .on(router.subject())
}

const CASE: &str = "aws-name-charset";
const WHY: &str = "App Mesh refuses the object, so the controller never creates it";
const HELP: &str = "App Mesh takes letters, digits, `-` and `_`";

fn words(bad: char) -> String {
    if bad == ' ' { "a blank".to_owned() } else { format!("`{}`", bad.escape_debug()) }
}
