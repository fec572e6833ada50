//! Outlier detection that ejects nothing, or ejects at odds with its purpose.

use crate::dialect::appmesh::model::{Field, Listener, OutlierDetection, ResponseType, VirtualNode};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;
use crate::rules::group::label_some;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("useless-outlier-detection", include_str!("../../../rules/useless-outlier-detection.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, node, model) in mesh.models::<VirtualNode>() {
        let listeners = model.listeners.items().filter_map(Field::known).map(AsRef::as_ref);
        let watched: Vec<&Listener> = listeners.filter(|one: &&Listener| !one.outlier_detection.is_absent()).collect();
        out.extend(one_address(node, model, &watched));
        for detection in watched.iter().filter_map(|listener| listener.outlier_detection.known()) {
            no_time(node, detection, out);
            out.extend(extreme(node, detection));
        }
    }
}

/// By DNS without `ENDPOINTS` a client knows one address alone, and does not eject its only endpoint.
fn one_address(node: &Resource, model: &VirtualNode, watched: &[&Listener]) -> Option<Draft> {
    let (first, others) = watched.split_first()?;
    let discovery = model.service_discovery.known()?;
    let dns = discovery.dns.known().filter(|_| discovery.aws_cloud_map.is_absent())?;
    let written = dns.response_type.known();
    let is_default = dns.response_type.is_absent() && !node.is_patchy;
    if !is_default && written != Some(&ResponseType::LoadBalancer) {
        return None;
    }
    let message = format!("the outlier detection of {} watches a single address", node.title());
    let draft = Draft::new("outlier-needs-endpoints", message)
        .at(node.at(first.outlier_detection.key), "needs several endpoints to choose from");
    let draft = match written {
        Some(_) => draft.at(node.at(dns.response_type.span), "one address for all endpoints"),
        None => draft.at(node.at(discovery.dns.key), "without `responseType: ENDPOINTS` one address for all endpoints"),
    };
    let others = others.iter().map(|one| (node.at(one.outlier_detection.key), "the same here".to_owned()));
    let draft = label_some(draft, others)
        .why("by DNS a client takes the host name for one load balancer: there is no endpoint that it could leave out")
        .help("write `responseType: ENDPOINTS` for a name that stands for all endpoints, as that of a headless Service, or use AWS Cloud Map");
    Some(draft.on(node.subject()))
}

fn no_time(node: &Resource, detection: &OutlierDetection, out: &mut Vec<Draft>) {
    let fields = [("interval", &detection.interval), ("baseEjectionDuration", &detection.base_ejection_duration)];
    for (name, field) in fields {
        let Some(duration) = field.known().filter(|duration| duration.value.known() == Some(&0)) else { continue };
        let why = match name {
            "interval" => "errors are counted from one look to the next, and there is no time between them",
            _ => "an endpoint that is ejected comes back at once",
        };
        out.push(
            Draft::new("outlier-zero-duration", format!("`{name}` of the outlier detection of {} is 0", node.title()))
                .at(node.at(duration.value.span), "no time at all")
                .why(why)
                .help("write some seconds, as 10 or 30")
                .on(node.subject()),
        );
    }
}

fn extreme(node: &Resource, detection: &OutlierDetection) -> Option<Draft> {
    let place = node.at(detection.max_ejection_percent.span);
    let draft = match detection.max_ejection_percent.known()? {
        100 => Draft::new("outlier-eject-all", format!("every endpoint of {} may be ejected at once", node.title()))
            .at(place, "all of them")
            .why("errors with a common cause, as a database that is down, leave no endpoint at all")
            .help("write a share that leaves enough endpoints, as 50"),
        0 => Draft::new(
            "outlier-eject-all",
            format!("an endpoint of {} is ejected although the share is 0", node.title()),
        )
        .at(place, "still one endpoint")
        .why("App Mesh ejects at least one endpoint, whatever the share")
        .help("leave `outlierDetection` out to eject none"),
        _ => return None,
    };
    Some(draft.on(node.subject()))
}
