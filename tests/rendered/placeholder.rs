//! Placeholders of many tools in many places: nothing is wrong with what nobody has filled in yet.

use super::{check, concise, data};

/// A mesh without a fault. `«place=text»` is a place with the text that stands there when nothing else does.
const MESH: &str = "\
apiVersion: v1
kind: Namespace
metadata:
  name: ferry
  labels: {mesh: ferry, gateway: harbour, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata:
  name: «mesh=ferry»
spec:
  namespaceSelector:
    matchLabels:
      mesh: «label=ferry»
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualGateway
metadata:
  name: harbour
  namespace: ferry
spec:
  namespaceSelector:
    matchLabels: «map={gateway: harbour}»
  podSelector:
    matchLabels: {app: harbour}
  listeners:
    - portMapping:
        port: «gateway port=8088»
        protocol: http
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: GatewayRoute
metadata:
  name: «route=tickets»
  namespace: «namespace=ferry»
spec:
  httpRoute:
    match:
      prefix: /
    action:
      target:
        virtualService:
          virtualServiceRef:
            name: «target=ticket»
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata:
  name: «service=ticket»
  namespace: ferry
spec:
  provider:
    virtualRouter:
      virtualRouterRef:
        name: «provider=ticket»
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata:
  name: «router=ticket»
  namespace: ferry
spec:
  listeners:
    - portMapping:
        port: «router port=8080»
        protocol: «protocol=http»
  routes:
    - name: all
      priority: «priority=1»
      httpRoute:
        match:
          prefix: /
        action:
          weightedTargets:
            - virtualNodeRef:
                name: «weighted=ticket»
              weight: «weight=1»
        timeout:
          perRequest:
            unit: «unit=s»
            value: «value=10»
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata:
  name: «node=ticket»
  namespace: ferry
spec:
  podSelector:
    matchLabels:
      app: «pods=ticket»
  listeners: «listeners=[{portMapping: {port: 8080, protocol: http}, timeout: {http: {perRequest: {unit: s, value: 10}}}}]»
  backends:
    - virtualService:
        virtualServiceRef:
          name: «backend=ticket»
  backendDefaults:
    clientPolicy:
      tls:
        enforce: «bool=false»
        validation:
          trust:
            acm:
              certificateAuthorityARNs:
                - «arn=arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0c2f7a2e-9c4e-4f8e-a1a2-8a4b0e1d2c31»
  serviceDiscovery:
    dns:
      hostname: «host=ticket.ferry.svc.cluster.local»
";

/// Places that hold names, in which a placeholder may have text around it.
const NAMES: [&str; 12] = [
    "mesh",
    "label",
    "route",
    "namespace",
    "target",
    "service",
    "provider",
    "router",
    "weighted",
    "node",
    "pods",
    "backend",
];

/// As tools write them, with and without quotes around them.
const PLACEHOLDERS: [&str; 24] = [
    "${NAME}",
    "${NAME:-80}",
    "${var.name}",
    "\"${ #toInt(parameters.name) }\"",
    "\"${ #toInt( parameters['name'] ) }\"",
    "$NAME",
    "\"$CI_NAME\"",
    "<NAME>",
    "<your name>",
    "{{NAME}}",
    "\"{{NAME}}\"",
    "'{{ .Values.name | default \"x\" }}'",
    "\"{{ lookup('env', 'NAME') }}\"",
    "{{{NAME}}}",
    "\"${{ parameters.name }}\"",
    "\"{% if x %}a{% else %}b{% endif %}\"",
    "%NAME%",
    "@NAME@",
    "$(NAME)",
    "#{NAME}#",
    "\"#{NAME}\"",
    "<%= name %>",
    "__NAME__",
    "((name))",
];

/// The mesh with a text at one place.
fn filled(place: &str, text: &str) -> String {
    let mut parts = MESH.split('«');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (slot, rest) = part.split_once('»').unwrap();
        let (name, default) = slot.split_once('=').unwrap();
        out.push_str(if name == place { text } else { default });
        out.push_str(rest);
    }
    out
}

fn places() -> Vec<&'static str> {
    MESH.split('«').skip(1).map(|part| part.split_once('=').unwrap().0).collect()
}

fn default(place: &str) -> &'static str {
    let slot = MESH.split('«').skip(1).find_map(|part| part.strip_prefix(place)?.strip_prefix('='));
    slot.unwrap().split_once('»').unwrap().0
}

fn complaints(text: &str) -> Vec<String> {
    let outcome = check(text, "<stdin>", &data("."));
    concise(&outcome, &data(".")).into_iter().filter(|line| line.contains(": error[")).collect()
}

#[test]
fn nothing_is_wrong_with_what_is_not_filled_in_yet() {
    assert_eq!(complaints(&filled("", "")), [""; 0]);
    let places = places();
    assert!(places.len() >= 20, "{places:?}");
    let mut wrong = Vec::new();
    for text in PLACEHOLDERS {
        for place in &places {
            let found = complaints(&filled(place, text));
            wrong.extend(found.into_iter().map(|line| format!("{place} is {text}: {line}")));
        }
        if text.starts_with(['"', '\'', '#']) || text.contains(' ') {
            continue;
        }
        for place in NAMES {
            // With the beginning that the place has without it: it may still come to the same.
            let name = format!("{}{text}", &default(place)[..1]);
            let found = complaints(&filled(place, &name));
            wrong.extend(found.into_iter().map(|line| format!("{place} is {name}: {line}")));
        }
    }
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_told_beside_a_placeholder() {
    // Without this the test above could not fail.
    for (place, text) in
        [("weight", "many"), ("target", "berth"), ("backend", "${NAME}\n          nmae: x"), ("bool", "80")]
    {
        assert_ne!(complaints(&filled(place, text)), [""; 0], "{place}: {text}");
    }
    // Names that cannot be one are two.
    let named = |service: &str, target: &str| {
        let text = filled("service", service)
            .replace("\n            name: ticket\n", &format!("\n            name: {target}\n"));
        complaints(&text.replace("\n          name: ticket\n", "\n          name: other\n"))
            .iter()
            .any(|line| line.contains("target"))
    };
    for (service, target, dangles) in [
        ("ticket-${A}", "ticket-${A}", false),
        ("ticket-${A}", "ticket-${B}", false),
        ("ticket-${A}", "ticket-1", false),
        ("ticket-${A}", "berth-${A}", true),
        ("ticket-__A__", "berth-1", true),
        ("${A}-ticket", "${B}-berth", true),
    ] {
        assert_eq!(named(service, target), dangles, "{service} and {target}");
    }
}

#[test]
fn keys_and_whole_objects_may_be_placeholders() {
    for (place, text) in [
        ("map", "\n      ${KEY}: ${VALUE}"),
        ("map", "\n      <key>: <value>"),
        ("listeners", "\n    - ${LISTENER}"),
        ("listeners", "\n    {{ LISTENERS }}"),
        ("listeners", "[${LISTENERS}]"),
        ("unit", "s\n            ${MORE}: 1"),
    ] {
        assert_eq!(complaints(&filled(place, text)), [""; 0], "{place}: {text}");
    }
    for object in ["${SPEC}", "{{ SPEC }}", "@SPEC@", "#{SPEC}#", "<spec>", "$(SPEC)"] {
        let text =
            format!("apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata: {{name: a}}\nspec: {object}\n");
        assert_eq!(complaints(&text), [""; 0], "{object}");
    }
}
