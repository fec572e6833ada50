//! A mesh without faults, and faults whose remedy is certain.

use meshlint::finding::Applicability;

use super::random::Random;

/// Data to be written down, with the number of each value, which stays when others come and go.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Text(usize, String),
    Number(usize, i64),
    Map(usize, Vec<(String, Node)>),
    List(usize, Vec<Node>),
}

impl Node {
    pub(crate) fn id(&self) -> usize {
        match self {
            Self::Text(id, _) | Self::Number(id, _) | Self::Map(id, _) | Self::List(id, _) => *id,
        }
    }
}

const GOOD: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: bakery}
spec:
  namespaceSelector: {matchLabels: {mesh: bakery}}
  egressFilter: {type: DROP_ALL}
---
apiVersion: v1
kind: Namespace
metadata: {name: bakery, labels: {mesh: bakery, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: oven, namespace: bakery}
spec:
  podSelector: {matchLabels: {app: oven}}
  listeners:
    - portMapping: {port: 8080, protocol: http}
      healthCheck:
        healthyThreshold: 2
        intervalMillis: 5000
        path: /healthy
        protocol: http
        timeoutMillis: 2000
        unhealthyThreshold: 2
      timeout: {http: {perRequest: {unit: s, value: 15}, idle: {unit: s, value: 60}}}
  serviceDiscovery: {dns: {hostname: oven.bakery.svc.cluster.local}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: shelf, namespace: bakery}
spec:
  podSelector: {matchLabels: {app: shelf}}
  listeners:
    - portMapping: {port: 8080, protocol: http}
      healthCheck:
        healthyThreshold: 2
        intervalMillis: 5000
        path: /healthy
        protocol: http
        timeoutMillis: 2000
        unhealthyThreshold: 2
  serviceDiscovery: {dns: {hostname: shelf.bakery.svc.cluster.local}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: bread, namespace: bakery}
spec:
  awsName: bread.bakery.svc.cluster.local
  provider: {virtualRouter: {virtualRouterRef: {name: bread}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: {name: bread, namespace: bakery}
spec:
  listeners:
    - portMapping: {port: 8080, protocol: http}
  routes:
    - name: loaves
      priority: 1
      httpRoute:
        match: {prefix: /loaves}
        action: {weightedTargets: [{virtualNodeRef: {name: oven}, weight: 1}]}
        timeout: {perRequest: {unit: s, value: 15}}
    - name: rest
      priority: 2
      httpRoute:
        match: {prefix: /}
        action:
          weightedTargets:
            - virtualNodeRef: {name: oven}
              weight: 9
            - virtualNodeRef: {name: shelf}
              weight: 1
        retryPolicy: {maxRetries: 2, perRetryTimeout: {unit: ms, value: 900}, httpRetryEvents: [gateway-error, stream-error]}
        timeout: {perRequest: {unit: s, value: 15}}
";

/// The documents of the mesh.
pub(crate) fn good() -> Vec<Node> {
    let mut id = 0;
    GOOD.split("---\n").map(|text| node(serde_yaml::from_str(text).unwrap(), &mut id)).collect()
}

fn node(value: serde_yaml::Value, next: &mut usize) -> Node {
    *next += 1;
    let id = *next;
    match value {
        serde_yaml::Value::Number(number) => Node::Number(id, number.as_i64().unwrap()),
        serde_yaml::Value::Sequence(items) => Node::List(id, items.into_iter().map(|item| node(item, next)).collect()),
        serde_yaml::Value::Mapping(entries) => {
            let entry = |(key, value): (serde_yaml::Value, _)| (key.as_str().unwrap().to_owned(), node(value, next));
            Node::Map(id, entries.into_iter().map(entry).collect())
        }
        other => Node::Text(id, other.as_str().unwrap().to_owned()),
    }
}

/// Every fault there is.
pub(crate) const FAULTS: [&str; 8] =
    ["key-case", "word-case", "no-slash", "twice", "quoted-number", "label-case", "status", "read-only"];

/// What was done to a mesh.
#[derive(Debug)]
pub(crate) struct Faults {
    /// The faults, and at what.
    pub(crate) words: Vec<(&'static str, String)>,
    /// Which fixes it takes.
    pub(crate) kind: Applicability,
}

/// Puts one to five faults into a mesh, no two of them at one place.
pub(crate) fn damage(mesh: &mut [Node], random: &mut Random) -> Faults {
    let mut faults = Faults { words: Vec::new(), kind: Applicability::Safe };
    let mut taken = Vec::new();
    let wanted = 1 + random.below(5);
    for _ in 0..40 {
        if faults.words.len() == wanted {
            break;
        }
        let fault = *random.pick(&FAULTS);
        let document = random.below(mesh.len());
        let mut steps = Vec::new();
        let done = hurt(&mut mesh[document], fault, random, &mut steps, &mut taken, document);
        if let Some(what) = done {
            if fault == "read-only" {
                faults.kind = Applicability::Unsafe;
            }
            faults.words.push((fault, format!("{document}: {what}")));
        }
    }
    faults
}

/// Walks down to a random value and puts the fault there, if it suits.
fn hurt(
    node: &mut Node,
    fault: &'static str,
    random: &mut Random,
    steps: &mut Vec<String>,
    taken: &mut Vec<String>,
    document: usize,
) -> Option<String> {
    let count = match node {
        Node::Map(_, entries) => entries.len(),
        Node::List(_, items) => items.len(),
        _ => return None,
    };
    let at = random.below(count);
    let is_mesh = document != 1;
    let Node::Map(_, entries) = node else {
        let Node::List(_, items) = node else { return None };
        steps.push(at.to_string());
        return hurt(items.get_mut(at)?, fault, random, steps, taken, document);
    };
    let depth = steps.len();
    if depth == 0 && is_mesh && matches!(fault, "status" | "read-only") {
        let key = format!("{document}:{fault}");
        if taken.contains(&key) {
            return None;
        }
        taken.push(key);
        let kind = entries.iter().find(|(key, _)| key == "kind").map(|(_, kind)| kind.clone());
        let is_member = !matches!(kind, Some(Node::Text(_, kind)) if kind == "Mesh");
        return match fault {
            "status" => {
                entries.push((
                    "status".to_owned(),
                    Node::Map(9000, vec![("phase".to_owned(), Node::Text(9001, "new".to_owned()))]),
                ));
                Some("status".to_owned())
            }
            _ if is_member => {
                let spec = entries.iter_mut().find(|(key, _)| key == "spec")?;
                let Node::Map(_, fields) = &mut spec.1 else { return None };
                let name = Node::Map(9002, vec![("name".to_owned(), Node::Text(9003, "bakery".to_owned()))]);
                fields.insert(1 + random.below(fields.len()), ("meshRef".to_owned(), name));
                Some("meshRef".to_owned())
            }
            _ => None,
        };
    }
    let (key, value) = entries.get_mut(at)?;
    steps.push(key.clone());
    let path = steps.join(".");
    let place = path.to_ascii_lowercase();
    let is_free = !taken.iter().any(|one| {
        let other = format!("{document}:{place}");
        // A fault above or below hides this one, which is not what is asked here.
        one.starts_with(&other) || other.starts_with(one.as_str())
    });
    let is_own = path.contains("Labels") || path.contains("labels") || path.starts_with("metadata");
    let is_field = is_mesh && path.starts_with("spec") && depth > 0 && !is_own;
    let what = match (fault, &mut *value) {
        ("key-case", _) if is_field && is_free => {
            let upper = key[..1].to_ascii_uppercase() + &key[1..];
            *key = if key.chars().any(|one| one.is_ascii_uppercase()) && random.below(2) == 0 {
                key.to_ascii_lowercase()
            } else {
                upper
            };
            Some(key.clone())
        }
        ("word-case", Node::Text(_, word)) if is_field && is_free && matches!(&**key, "protocol" | "type" | "unit") => {
            *word = if key == "type" { word.to_ascii_lowercase() } else { word.to_ascii_uppercase() };
            Some(word.clone())
        }
        ("no-slash", Node::Text(_, path)) if is_field && is_free && path.starts_with('/') && path.len() > 1 => {
            *path = path[1..].to_owned();
            Some(path.clone())
        }
        ("quoted-number", Node::Number(id, number)) if is_field && is_free => {
            let text = format!("{number}");
            *value = Node::Text(*id + 100_000, text.clone());
            Some(text)
        }
        ("label-case", Node::Text(_, word)) if !is_mesh && is_free && key.contains('/') => {
            *word = "Enabled".to_owned();
            Some(word.clone())
        }
        ("twice", _) if is_free && is_mesh && path.starts_with("spec") && depth > 0 => {
            let copy = (key.clone(), renumbered(value));
            let name = key.clone();
            entries.insert(at + 1, copy);
            Some(name)
        }
        (_, Node::Map(..) | Node::List(..)) => return hurt(value, fault, random, steps, taken, document),
        _ => None,
    };
    if what.is_some() {
        taken.push(format!("{document}:{place}"));
    }
    what
}

/// A copy with numbers of its own.
fn renumbered(node: &Node) -> Node {
    match node {
        Node::Text(id, text) => Node::Text(id + 10_000, text.clone()),
        Node::Number(id, number) => Node::Number(id + 10_000, *number),
        Node::Map(id, entries) => {
            Node::Map(id + 10_000, entries.iter().map(|(key, value)| (key.clone(), renumbered(value))).collect())
        }
        Node::List(id, items) => Node::List(id + 10_000, items.iter().map(renumbered).collect()),
    }
}
