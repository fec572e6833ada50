//! Kustomizations: what they say about the files beside them (`kustomize.config.k8s.io`, the kustomization file's
//! reference: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>).

use crate::yaml::{Document, NodeId};

/// Fields that bring things from elsewhere, or give things other names.
const OTHERS: [&str; 9] = [
    "namespace",
    "namePrefix",
    "nameSuffix",
    "helmCharts",
    "helmChartInflationGenerator",
    "generators",
    "transformers",
    "replacements",
    "vars",
];

/// What a kustomization, or a component of some, says about other files. Paths are relative to its own folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kustomization {
    /// Files that hold patches and no whole objects.
    pub patches: Vec<String>,
    /// Files and folders that it is made of.
    pub parts: Vec<String>,
    /// Whether it is made of more than files of this tree, or gives what it is made of other names.
    pub is_open: bool,
    /// Whether it is built by itself, and not only as a part of others.
    pub is_built: bool,
}

impl Kustomization {
    /// Reads a kustomization; `None` for what is none. In a file of its name it need not say that it is one.
    pub(super) fn read(doc: &Document<'_>, node: NodeId, kind: &str, is_named_so: bool) -> Option<Self> {
        let is_one = matches!(kind, "Kustomization" | "Component") || is_named_so && kind.is_empty();
        if !is_one {
            return None;
        }
        let list = |key: &str| doc.get(node, key).into_iter().flat_map(|list| doc.items(list));
        let texts = |key: &str| list(key).map(|item| doc.text(item)).collect::<Vec<_>>();
        let paths = list("patches").chain(list("patchesJson6902"));
        let paths = paths.filter_map(|item| doc.get(item, "path")).map(|path| doc.text(path));
        // What has several lines is a patch itself, and no path.
        let patches = texts("patchesStrategicMerge").into_iter().chain(paths);
        let patches = patches.filter(|path| !path.is_empty() && !path.contains('\n')).map(str::to_owned);
        let parts = ["resources", "bases", "components"].into_iter().flat_map(texts);
        let (remote, parts): (Vec<_>, Vec<_>) = parts.partition(|part| is_remote(part));
        Some(Self {
            patches: patches.collect(),
            parts: parts.into_iter().map(str::to_owned).collect(),
            is_open: !remote.is_empty() || OTHERS.iter().any(|key| doc.get(node, key).is_some()),
            is_built: kind != "Component",
        })
    }
}

/// Whether a resource lies in another repository, as kustomize tells (`api/internal/git/repospec.go`).
fn is_remote(part: &str) -> bool {
    part.contains("://") || part.contains("?ref=") || part.starts_with("git@") || part.starts_with("github.com")
}

/// Whether a document is a list of operations that change another one (RFC 6902).
pub(in crate::dialect) fn is_json_patch(doc: &Document<'_>, node: NodeId) -> bool {
    let mut items = doc.items(node).peekable();
    items.peek().is_some() && items.all(|item| doc.get(item, "op").is_some() && doc.get(item, "path").is_some())
}
