//! A certificate in a file that the proxy does not have.

use super::annotation::PREFIX;
use super::injection::{injection, only_taker};
use super::pod_with_envoy_container::is_envoy;
use super::tls::{files, point};
use crate::dialect::appmesh::model::{Field, Text};
use crate::finding::{Draft, Place};
use crate::mesh::{Labels, Mesh, Resource, ResourceId, Role, Truth};
use crate::rules::Rule;
use crate::rules::group::and_more;
use crate::rules::wording::short;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unmounted-certificate", include_str!("../../../rules/unmounted-certificate.md")).mesh(check);

/// What the proxy's image brings along: the authorities that its distribution trusts.
const IN_IMAGE: [&str; 2] = ["/etc/pki/", "/etc/ssl/"];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, node) in mesh.of_role(Role::Node) {
        let files: Vec<_> = files(node).into_iter().filter(is_judged).collect();
        if files.is_empty() {
            continue;
        }
        let picks = mesh.picks(id).iter().filter(|pick| pick.truth.is_yes());
        let pods = picks.filter_map(|pick| Some((pick.id, mounts(mesh, pick.id, node)?)));
        let lacking: Vec<_> = pods
            .filter_map(|(pod, mounts)| {
                let files: Vec<_> = files.iter().copied().filter(|file| !is_in(file, &mounts)).collect();
                (!files.is_empty()).then_some(Lacking { pod, mounts, files })
            })
            .collect();
        out.extend(unmounted(mesh, node, &lacking));
    }
}

fn is_judged(file: &&Field<Text>) -> bool {
    let path = file.known();
    path.is_some_and(|path| path.starts_with('/') && !IN_IMAGE.iter().any(|folder| path.starts_with(folder)))
}

fn is_in(file: &Field<Text>, mounts: &[String]) -> bool {
    let holds = |mount: &String, path: &str| {
        let rest = path.strip_prefix(mount.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    file.known().is_none_or(|path| mounts.iter().any(|mount| holds(mount, path)))
}

/// Where the sidecar of the pods of a workload that this node takes has files; `None` where that is not known.
fn mounts(mesh: &Mesh, id: ResourceId, node: &Resource) -> Option<Vec<String>> {
    let resource = mesh.resource(id);
    let workload = resource.workload()?;
    let is_taken = only_taker(mesh, id, Role::Node).is_some_and(|taker| std::ptr::eq(taker, node));
    // A proxy that somebody brings along has whatever it has.
    let has_own = workload.containers.as_ref().is_none_or(|all| all.iter().any(is_envoy));
    // A patch may add annotations.
    let is_patched = mesh.may_be_unread(resource, &resource.kind_name, &resource.name);
    if !is_taken || has_own || is_patched || !injection(mesh, resource).is_on() {
        return None;
    }
    let mut all = listed(&workload.annotations, "secretMounts")?;
    all.extend(listed(&workload.annotations, "volumeMounts")?);
    Some(all)
}

/// The paths of an annotation, `name:path[,name:path]`; none where it is not there, `None` where it cannot be read.
fn listed(annotations: &Labels, key: &str) -> Option<Vec<String>> {
    let key = format!("{PREFIX}{key}");
    let Some(label) = annotations.get(&key) else {
        return (annotations.has(&key) == Truth::No).then(Vec::new);
    };
    let path = |item: &str| {
        let (_, path) = item.split_once(':')?;
        let is_literal = !path.contains([':', '$', '{', '}', '<', '%']);
        is_literal.then(|| path.trim().to_owned())
    };
    label.value.as_str().split(',').map(path).collect()
}

/// A workload whose proxies lack files.
struct Lacking<'m> {
    pod: ResourceId,
    mounts: Vec<String>,
    files: Vec<&'m Field<Text>>,
}

/// One finding for a node: the files that the first of its workloads lacks.
fn unmounted(mesh: &Mesh, node: &Resource, lacking: &[Lacking<'_>]) -> Option<Draft> {
    let missing = &lacking.first()?.files;
    let file = missing.first()?;
    let path = short(file.known()?);
    let places: Vec<_> = lacking.iter().map(|one| label(mesh, one.pod, &one.mounts)).collect();
    let message = format!("the proxies of {} do not have the file `{path}`{}", node.title(), and_more(missing.len()));
    let draft = Draft::new("tls-file-not-mounted", message).at(node.at(file.span), "not among the files of the proxy");
    let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let draft = point(draft, &places)
        .why("the proxy refuses the configuration that names the file, and keeps the one it had, or has none at all")
        .help(format!("add the annotation `{PREFIX}secretMounts: SECRET:{folder}` to the pods"));
    Some(draft.on(node.subject()))
}

fn label(mesh: &Mesh, pod: ResourceId, mounts: &[String]) -> (Place, String) {
    let resource = mesh.resource(pod);
    let annotations = resource.workload().map(|workload| (&workload.annotations, workload.span));
    let written = annotations.and_then(|(all, _)| {
        ["secretMounts", "volumeMounts"].iter().find_map(|key| all.get(&format!("{PREFIX}{key}")))
    });
    match (written, mounts.first()) {
        (Some(label), Some(first)) => {
            let text = format!("{} has `{}`{}", resource.title(), short(first), and_more(mounts.len()));
            (resource.at(label.span), text)
        }
        _ => {
            let span = annotations.map_or(resource.name_span, |(_, span)| span);
            (resource.at(span), format!("{} mounts nothing into the proxy", resource.title()))
        }
    }
}
