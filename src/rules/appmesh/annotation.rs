//! The annotations that the App Mesh controller reads on pods (App Mesh controller, `pkg/inject/constants.go`).

use crate::mesh::Label;

/// What every key of App Mesh begins with.
pub(super) const PREFIX: &str = "appmesh.k8s.aws/";

/// The label of namespaces, and the annotation of pods, that decides on injection.
pub(super) const INJECT: &str = "appmesh.k8s.aws/sidecarInjectorWebhook";

/// The annotations of pods, without their prefix.
pub(super) const KNOWN: &[&str] = &[
    "appmeshCNI",
    "cpuLimit",
    "cpuRequest",
    "egressIgnoredIPs",
    "egressIgnoredPorts",
    "ignoredGID",
    "ignoredUID",
    "ipv6",
    "memoryLimit",
    "memoryRequest",
    "ports",
    "preview",
    "proxyEgressPort",
    "proxyIngressPort",
    "sds",
    "secretMounts",
    "sidecarEnv",
    "sidecarEnvJson",
    "sidecarInjectorWebhook",
    "virtualGatewaySkipImageOverride",
    "volumeMounts",
    "xrayAgentConfigMount",
];

/// The key of a label or annotation of App Mesh without its prefix; `None` for any other, and for a key that
/// holds a placeholder.
pub(super) fn short(label: &Label) -> Option<&str> {
    label.key.as_known()?.strip_prefix(PREFIX)
}

/// Whether a label or annotation is one that the controller reads on pods.
pub(super) fn is_known(label: &Label) -> bool {
    short(label).is_some_and(|key| KNOWN.contains(&key))
}

/// The annotation that was probably meant by a key (without its prefix) that does not exist, and whether it
/// differs in nothing but case.
pub(super) fn meant(key: &str) -> Option<(&'static str, bool)> {
    if let Some(same) = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(key)) {
        return Some((same, true));
    }
    let limit = 1 + key.len() / 5;
    let distance = |known: &&'static str| (strsim::damerau_levenshtein(key, known), *known);
    // A key can be as long as its author likes, a slip of the finger cannot.
    let near = KNOWN.iter().filter(|known| known.len().abs_diff(key.len()) <= limit).map(distance).min()?;
    (near.0 <= limit && near.0 < near.1.len()).then_some((near.1, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_keys_are_recognised() {
        assert_eq!(meant("SidecarInjectorWebHook"), Some(("sidecarInjectorWebhook", true)));
        assert_eq!(meant("sidecarInjectionWebhook"), Some(("sidecarInjectorWebhook", false)));
        assert_eq!(meant("port"), Some(("ports", false)));
        assert_eq!(meant("mesh"), None);
        assert_eq!(meant(""), None);
    }
}
