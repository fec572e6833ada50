//! A hand-made container `envoy`, or the proxy of a task, of a former age.

use super::annotation::PREFIX;
use super::injection::{asks, injection, takers};
use super::pod_with_envoy_container::is_envoy;
use super::task::title;
use crate::dialect::appmesh::model::TaskDefinition;
use crate::finding::{Draft, Span};
use crate::mesh::{Container, Mesh, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("outdated-envoy", include_str!("../../../rules/outdated-envoy.md")).mesh(check);

/// The versions of the Envoy image of App Mesh, `v1.25.4.0-prod`: the first with `APPMESH_RESOURCE_ARN`, and the
/// oldest that is supported (App Mesh user guide, Envoy image).
const WITH_ARN: [u32; 4] = [1, 15, 0, 0];
const SUPPORTED: [u32; 4] = [1, 17, 2, 0];
const DEPRECATED: [&str; 2] = ["APPMESH_VIRTUAL_NODE_NAME", "APPMESH_RESOURCE_NAME"];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, pods) in mesh.of_role(Role::Workload) {
        let containers = pods.workload().and_then(|workload| workload.containers.as_deref()).unwrap_or(&[]);
        for container in containers.iter().filter(|container| is_envoy(container)) {
            if !is_overridden(mesh, id) {
                out.extend(old(pods, container, &format!("in the pods of {}", pods.title())));
            }
            out.extend(former(pods, container));
        }
    }
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        let Some(envoy) = task.envoy() else { continue };
        out.extend(old(resource, &envoy.container, &format!("of {}", title(resource))));
        out.extend(former(resource, &envoy.container));
    }
}

/// The version of an image of App Mesh's Envoy, as far as its tag tells, with the tag and the place of the image.
fn image(container: &Container) -> Option<([u32; 4], &str, Span)> {
    let (name, span) = container.image.known()?;
    let (repository, tag) = name.as_known()?.rsplit_once(':')?;
    if !repository.ends_with("aws-appmesh-envoy") {
        return None;
    }
    let numbers = tag.strip_prefix('v')?.split('-').next()?;
    let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some((version, tag, span))
}

/// Whether the controller puts an image of its own in the place of the one that is written, as it does for gateways.
fn is_overridden(mesh: &Mesh, id: ResourceId) -> bool {
    let pods = mesh.resource(id);
    let taken = takers(mesh, id);
    let is_gateway = |id: &ResourceId| mesh.resource(*id).kind.role == Role::Gateway;
    let may_be_gateway = taken.perhaps_more || taken.certain.iter().any(is_gateway);
    let skip = format!("{PREFIX}virtualGatewaySkipImageOverride");
    let label = pods.workload().and_then(|workload| workload.annotations.get(&skip));
    may_be_gateway && injection(mesh, pods).is_on() && !label.is_some_and(|label| asks(label, "enabled"))
}

fn old(pods: &Resource, container: &Container, place: &str) -> Option<Draft> {
    let (_, tag, span) = image(container).filter(|(version, ..)| *version < SUPPORTED)?;
    let draft = Draft::new("envoy-image-old", format!("the proxy {place} has the version `{tag}`"))
        .at(pods.at(span), "older than `v1.17.2.0`")
        .why("App Mesh supports `v1.17.2.0` and later: older proxies lack what newer configuration asks for, and mends of security holes")
        .help("use a newer image");
    Some(draft.on(pods.subject()))
}

fn former(pods: &Resource, container: &Container) -> Option<Draft> {
    let is_older = image(container).is_some_and(|(version, ..)| version < WITH_ARN);
    if is_older || container.variable("APPMESH_RESOURCE_ARN").is_some() {
        return None;
    }
    let (name, span) = DEPRECATED.iter().find_map(|name| Some((*name, container.variable(name)?.0)))?;
    let draft = Draft::new("envoy-env-deprecated", format!("`{name}` is the former name of `APPMESH_RESOURCE_ARN`"))
        .at(pods.at(span), "deprecated since version 1.15 of the image")
        .why("newer images read `APPMESH_RESOURCE_ARN`; the former variables will go, and a proxy that does not know what it serves does not start")
        .help("write `APPMESH_RESOURCE_ARN` with the ARN of the virtual node or gateway");
    Some(draft.on(pods.subject()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::{Name, Setting};

    #[test]
    fn versions_are_read_from_tags() {
        let read = |text: &str| {
            let container = Container {
                name: None,
                span: Span::default(),
                image: Setting::Known(Name::known(text), Span::default()),
                words: Vec::new(),
                env: Vec::new(),
                env_from_elsewhere: Vec::new(),
                has_open_env: false,
                ports: None,
                probes: Vec::new(),
                mounts: None,
            };
            image(&container).map(|(version, ..)| version)
        };
        let of_app_mesh = "840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy";
        for (tag, expected) in [
            ("v1.25.4.0-prod", Some([1, 25, 4, 0])),
            ("v1.15.0.0-prod-fips", Some([1, 15, 0, 0])),
            ("v1.9.1.0", Some([1, 9, 1, 0])),
            ("v1.15.0-prod", None),
            ("latest", None),
        ] {
            assert_eq!(read(&format!("{of_app_mesh}:{tag}")), expected, "{tag}");
        }
        assert_eq!(read("envoyproxy/envoy:v1.9.1.0"), None);
        assert_eq!(read(of_app_mesh), None);
    }
}
