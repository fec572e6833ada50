//! An annotation of pods that the injector cannot take apart: it refuses the pods.

use std::collections::BTreeMap;

use super::annotation::short;
use super::injection::{injection, only_taker};
use crate::finding::Draft;
use crate::mesh::{Label, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-annotation", include_str!("../../../rules/malformed-annotation.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, resource) in mesh.of_role(Role::Workload) {
        let Some(workload) = resource.workload() else { continue };
        let mut faults = workload.annotations.iter().filter_map(|label| Some((label, fault(label)?))).peekable();
        // Nobody reads these annotations where nothing is injected, nor on the pods of a gateway.
        if faults.peek().is_some() && injection(mesh, resource).is_on() && only_taker(mesh, id, Role::Gateway).is_none()
        {
            out.extend(faults.map(|(label, fault)| malformed(resource, label, &fault)));
        }
    }
}

/// What is wrong with an annotation: the item, and the form that it should have.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    item: String,
    form: &'static str,
}

fn fault(label: &Label) -> Option<Fault> {
    let value = label.value.as_known()?;
    let items = |form: &'static str, is_right: fn(&str) -> bool| {
        let wrong = value.split(',').find(|item| !is_right(item))?;
        Some(Fault { item: wrong.trim().to_owned(), form })
    };
    match short(label)? {
        "secretMounts" => items("secret:path[,secret:path]", |item| item.split(':').count() == 2),
        "volumeMounts" => items("volume:path[,volume:path]", |item| item.split(':').count() == 2),
        "sidecarEnv" => items("NAME=value[,NAME=value]", |item| item.split('=').count() == 2),
        "ports" => items("port[,port]", is_port),
        "sidecarEnvJson" => {
            // As Go reads a list of string maps: null is an empty value anywhere.
            type List = Option<Vec<Option<BTreeMap<String, Option<String>>>>>;
            let error = serde_json::from_str::<List>(value).is_err();
            error.then(|| Fault { item: value.to_owned(), form: r#"[{"NAME":"value"}]"# })
        }
        _ => None,
    }
}

/// A port, or a range of ports as `iptables` takes them.
fn is_port(item: &str) -> bool {
    let is_one = |text: &str| text.trim().parse::<u16>().is_ok_and(|port| port > 0);
    item.split_once(':').map_or_else(|| is_one(item), |(from, to)| is_one(from) && is_one(to))
}

fn malformed(resource: &Resource, label: &Label, fault: &Fault) -> Draft {
    let Fault { item, form } = fault;
    let is_of_ports = short(label) == Some("ports");
    let message = format!("annotation `{}` on pods of {} does not have the form `{form}`", label.key, resource.title());
    let text = match item.as_str() {
        "" => "has an empty item".to_owned(),
        item if item.chars().count() > 40 => "does not parse".to_owned(),
        item => format!("`{item}` does not fit"),
    };
    let why = if is_of_ports {
        "the init container hands the list to `iptables`, which refuses it: the pods never start"
    } else {
        "the injector refuses the pods: the workload stays without any"
    };
    let help = match short(label) {
        Some("sidecarEnv") if item.matches('=').count() != 1 => {
            "write each item with exactly one `=`; a value that holds `=` or `,` fits only in `appmesh.k8s.aws/sidecarEnvJson`".to_owned()
        }
        Some("sidecarEnvJson") => "write a JSON list of flat objects, all of whose values are strings".to_owned(),
        _ => format!("write it as `{form}`"),
    };
    Draft::new("annotation-format", message)
        .at(resource.at(label.span), text)
        .why(why)
        .help(help)
        .on(resource.subject())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::Name;

    #[test]
    fn annotations_are_taken_apart_as_the_injector_does() {
        for (key, value, item) in [
            ("secretMounts", "tls:/certs", None),
            ("secretMounts", "tls:/certs, ca:/ca/", None),
            ("secretMounts", "tls:/certs:ro", Some("tls:/certs:ro")),
            ("secretMounts", "tls:/certs,", Some("")),
            ("volumeMounts", "data", Some("data")),
            ("sidecarEnv", "A=1, B=", None),
            ("sidecarEnv", "A=b=c", Some("A=b=c")),
            ("sidecarEnv", "A=1,2", Some("2")),
            ("sidecarEnvJson", r#"[{"A":"b=c,d","E":null}]"#, None),
            ("sidecarEnvJson", r#"{"A":"b"}"#, Some(r#"{"A":"b"}"#)),
            ("sidecarEnvJson", r#"[{"A":1}]"#, Some(r#"[{"A":1}]"#)),
            ("ports", "8080, 9090", None),
            ("ports", "8080:8090", None),
            ("ports", "http", Some("http")),
            ("ports", "70000", Some("70000")),
            ("preview", "anything", None),
        ] {
            let key = Name::known(format!("appmesh.k8s.aws/{key}"));
            let label =
                Label { key, value: Name::known(value), key_span: Default::default(), span: Default::default() };
            let found = fault(&label).map(|fault| fault.item);
            assert_eq!(found.as_deref(), item, "{} {value}", label.key);
        }
    }
}
