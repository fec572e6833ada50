//! Folders to try things in, and a mesh with a fault.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder below `target/tmp` that is empty when it is made.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ways").join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

/// Writes a file, and the folders that it lies in.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository whose node lists a backend: `stock` is there, anything else is missing.
pub(crate) fn repository(name: &str, backend: &str) -> PathBuf {
    let root = folder(name);
    fs::create_dir(root.join(".git")).unwrap();
    write(&root, "deploy/mesh.yaml", MESH);
    write(&root, "deploy/großes lager/stock.yaml", STOCK);
    write(&root, "deploy/cart.yaml", &CART.replace("BACKEND", backend));
    root
}

/// Runs the program in a folder.
pub(crate) fn meshlint(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meshlint"))
        .args(args)
        .current_dir(folder)
        .env_remove("GITHUB_STEP_SUMMARY")
        .env_remove("MESHLINT_FORMAT")
        .output()
        .unwrap()
}

/// What a program has written to standard output.
pub(crate) fn stdout(done: &Output) -> String {
    String::from_utf8(done.stdout.clone()).unwrap()
}

const MESH: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: shop, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}}
";

const STOCK: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: stock, namespace: shop}
spec:
  awsName: stock.shop.svc.cluster.local
  provider: {virtualNode: {virtualNodeRef: {name: stock}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: stock, namespace: shop}
spec:
  podSelector: {matchLabels: {app: stock}}
  listeners: [{portMapping: {port: 8080, protocol: http}}]
  serviceDiscovery: {dns: {hostname: stock.shop.svc.cluster.local}}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec: {selector: {app: stock}, ports: [{port: 8080}]}
";

const CART: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: cart, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  backends:
    - virtualService: {virtualServiceRef: {name: BACKEND}}
";
