//! A reference whose target would have to be in the scope, and is not.

use super::Rule;
use crate::finding::{Applicability, Change, Draft, Severity};
use crate::mesh::{Mesh, Miss, Name, Reference, Resource, ResourceId, Target};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("dangling-reference", include_str!("../../rules/dangling-reference.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, from) in mesh.resources() {
        for reference in &from.references {
            match &reference.target {
                // What is in another mesh is told as that.
                Target::Dangling(Miss::OtherNamespace(_)) if !from.kind.surface.is_cluster() => {}
                Target::Dangling(miss) => out.push(dangling(mesh, from, reference, *miss)),
                Target::OtherScope(id) => out.push(other_scope(mesh, from, reference, *id)),
                Target::Resolved(_) | Target::External | Target::Unknown => {}
            }
        }
    }
}

fn dangling(mesh: &Mesh, from: &Resource, reference: &Reference, miss: Miss) -> Draft {
    let (name, wants) = (&reference.name, reference.wants.words);
    let is_cluster = from.kind.surface.is_cluster();
    let here = match is_cluster {
        true => in_namespace(reference.namespace.as_ref().or(from.namespace.as_ref())),
        false => from.namespace.as_ref().map(|name| format!(" in mesh `{name}`")).unwrap_or_default(),
    };
    let what = format!("{} `{name}` names no {wants}{here}", reference.words);
    let place = from.at(reference.span);
    let draft = |case| Draft::new(case, what.clone());
    let (draft, id) = match miss {
        Miss::Nothing => (draft(reference.case).at(place, format!("there is no {wants} `{name}`{here}")), None),
        Miss::NearName(id) => {
            let near = mesh.resource(id).name.to_string();
            let text = format!("there is no {wants} `{name}`{here}; did you mean `{near}`?");
            let title = format!("write `{near}`");
            (draft(reference.case).at(place, text).fix(title, Applicability::Unsafe, reference.span, near), Some(id))
        }
        Miss::DeployedName(id) => {
            let target = mesh.resource(id);
            let text = format!("this is the name of `{}` in AWS, not in Kubernetes", target.name);
            let draft = draft("ref-uses-aws-name").at(place, text);
            let title = format!("write `{}`", target.name);
            let draft = draft.fix(title, Applicability::Unsafe, reference.span, target.name.to_string());
            (draft.help(format!("refer to it by `metadata.name`: `{}`", target.name)), Some(id))
        }
        Miss::OtherNamespace(id) => {
            let space = in_namespace(mesh.resource(id).namespace.as_ref());
            let draft = draft("ref-wrong-namespace").at(place, format!("`{name}` lives{space}"));
            let namespace = mesh.resource(id).namespace.as_ref().map(ToString::to_string).unwrap_or_default();
            let title = format!("add `namespace: {namespace}`");
            let change = Change::Insert { keys: vec!["namespace".to_owned()], value: namespace.clone() };
            let draft = draft.remedy(title, Applicability::Unsafe, [(reference.span, change)]);
            (draft.help(format!("add `namespace: {namespace}` to the reference")), Some(id))
        }
        Miss::OtherKind(id) => {
            let kind = mesh.resource(id).kind.words;
            let draft = draft("ref-wrong-kind").at(place, format!("`{name}` is a {kind}"));
            (draft.help(format!("refer to a {wants}, or use the field for a {kind}")), Some(id))
        }
    };
    let draft = match id.map(|id| mesh.resource(id)) {
        Some(target) => draft.at(target.place(), format!("{} is here", target.title())),
        None => draft,
    };
    // The API takes a backend that is not there.
    let is_taken = !is_cluster && reference.case == "dangling-backend";
    let draft = if is_taken { draft.severity(Severity::Warning) } else { draft };
    let why = if is_cluster { consequence(reference.case) } else { refusal(reference.case) };
    draft.why(why).on(from.subject())
}

fn other_scope(mesh: &Mesh, from: &Resource, reference: &Reference, id: ResourceId) -> Draft {
    let target = mesh.resource(id);
    let message = format!("{} `{}` is defined only in another scope", reference.words, reference.name);
    let directory = &mesh.scopes().get(target.scope).directory;
    Draft::new("other-scope", message)
        .severity(Severity::Warning)
        .at(from.at(reference.span), "not in the manifests that are deployed together with this one")
        .at(target.place(), format!("{} belongs to `{directory}`", target.title()))
        .why("the directories define the same resources differently, so they are not deployed together")
        .help("define it here, too, or name the manifests that belong together on the command line")
        .on(from.subject())
}

fn in_namespace(namespace: Option<&Name>) -> String {
    namespace.map(|name| format!(" in namespace `{name}`")).unwrap_or_default()
}

/// What comes of a name that leads nowhere where there is no controller that waits for it.
fn refusal(case: &str) -> &'static str {
    match case {
        "dangling-backend" => "calls of the backend fail as long as the mesh has nothing of this name",
        _ => "App Mesh refuses the resource while the mesh has nothing of this name",
    }
}

/// What a control plane does with the resource that a dangling reference stands in.
fn consequence(case: &str) -> &'static str {
    match case {
        "dangling-backend" | "dangling-backend-group" => {
            "the controller does not create the virtual node at all while one of its backends is missing, nor anything that routes to it"
        }
        "dangling-gatewayroute-target" => {
            "the controller does not create the gateway route while its target is missing: its requests get 404"
        }
        _ => "the controller does not create the resource while what it refers to is missing",
    }
}
