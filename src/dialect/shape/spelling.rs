//! Spellings: the ways in which one vocabulary is written down, and what its fields are called in each.

use std::borrow::Cow;

/// A way of writing a vocabulary down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// As custom resources of Kubernetes.
    #[default]
    Kubernetes,
    /// As resources of a CloudFormation template.
    CloudFormation,
    /// As JSON for the API of the cloud, and from it.
    Api,
}

/// The names that CloudFormation writes in capitals where they stand alone (CloudFormation resource schemas of
/// App Mesh).
const ACRONYMS: &[(&str, &str)] = &[
    ("acm", "ACM"),
    ("awsCloudMap", "AWSCloudMap"),
    ("dns", "DNS"),
    ("grpc", "GRPC"),
    ("http", "HTTP"),
    ("http2", "HTTP2"),
    ("sds", "SDS"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
];

/// The names of fields that sentences speak of.
const SPOKEN_OF: &[&str] = &[
    "accessLog",
    "acm",
    "action",
    "awsCloudMap",
    "backendDefaults",
    "backends",
    "certificate",
    "clientPolicy",
    "connectionPool",
    "defaultPrefix",
    "dns",
    "enforce",
    "exact",
    "file",
    "grpcRoute",
    "headers",
    "healthCheck",
    "hostname",
    "http2Route",
    "httpRoute",
    "listeners",
    "match",
    "maxRetries",
    "meshOwner",
    "metadata",
    "methodName",
    "mode",
    "outlierDetection",
    "path",
    "perRequest",
    "perRetryTimeout",
    "port",
    "portMapping",
    "prefix",
    "priority",
    "protocol",
    "provider",
    "queryParameters",
    "regex",
    "responseType",
    "retryPolicy",
    "rewrite",
    "scheme",
    "sds",
    "serviceDiscovery",
    "serviceName",
    "subjectAlternativeNames",
    "suffix",
    "target",
    "tcpRetryEvents",
    "tcpRoute",
    "timeout",
    "tls",
    "trust",
    "validation",
    "value",
    "virtualNode",
    "virtualRouter",
    "virtualService",
    "weight",
    "weightedTargets",
];

impl Spelling {
    /// What a field is called that has this name on Kubernetes. The API writes `Arn` where custom resources write
    /// `ARN`, and CloudFormation begins every name with a capital.
    #[must_use]
    pub fn name_of(self, kubernetes: &'static str) -> Cow<'static, str> {
        if self == Self::Kubernetes {
            return kubernetes.into();
        }
        if let Some((_, capitals)) = ACRONYMS.iter().find(|(name, _)| *name == kubernetes)
            && self == Self::CloudFormation
        {
            return (*capitals).into();
        }
        let name =
            arn(kubernetes).map_or(Cow::Borrowed(kubernetes), |(before, after)| format!("{before}Arn{after}").into());
        match (self, name.chars().next()) {
            (Self::CloudFormation, Some(first)) => {
                format!("{}{}", first.to_ascii_uppercase(), &name[first.len_utf8()..]).into()
            }
            _ => name,
        }
    }

    /// The case of a field that only the control plane sets.
    pub(super) const fn read_only_case(self) -> &'static str {
        match self {
            Self::CloudFormation => "cfn-readonly-property",
            Self::Kubernetes | Self::Api => "readonly-field-set",
        }
    }

    /// A text in which the names of fields stand in backticks, as they are on Kubernetes.
    #[must_use]
    pub fn in_words(self, text: &'static str) -> Cow<'static, str> {
        if self == Self::Kubernetes {
            return text.into();
        }
        if !text.contains(' ') {
            return self.name_of(text);
        }
        let parts = text.split('`').enumerate();
        let write = |part: &'static str| part.split('.').map(|name| self.name_of(name)).collect::<Vec<_>>().join(".");
        let parts = parts.map(|(at, part)| if at % 2 == 1 { write(part) } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("`").into()
    }

    /// A sentence in which the names of fields stand in backticks, among other things, as they are on Kubernetes. What
    /// is `except` is no field. `None` where nothing changes.
    #[must_use]
    pub fn respelt(self, text: &str, except: &str) -> Option<String> {
        if self == Self::Kubernetes || !text.contains('`') {
            return None;
        }
        let mut is_changed = false;
        let parts = text.split('`').enumerate().map(|(at, part)| {
            let end = part.find(|one: char| !one.is_ascii_alphanumeric() && one != '.').unwrap_or(part.len());
            let (path, rest) = part.split_at(end);
            if at % 2 == 0 || part == except || !(rest.is_empty() || rest.starts_with(':')) {
                return Cow::Borrowed(part);
            }
            let field = |name: &str| SPOKEN_OF.binary_search(&name).ok().map(|at| self.name_of(SPOKEN_OF[at]));
            let Some(names) = path.split('.').map(field).collect::<Option<Vec<_>>>() else {
                return Cow::Borrowed(part);
            };
            is_changed = true;
            Cow::Owned(format!("{}{rest}", names.join(".")))
        });
        let respelt = parts.collect::<Vec<_>>().join("`");
        is_changed.then_some(respelt)
    }

    /// Whether a field that has this name on Kubernetes is called so.
    #[must_use]
    pub fn calls(self, kubernetes: &'static str, key: &str) -> bool {
        match self {
            Self::Kubernetes => kubernetes == key,
            // Most keys that differ do so in more than their case, which costs nothing to see.
            _ => kubernetes.eq_ignore_ascii_case(key) && self.name_of(kubernetes) == key,
        }
    }
}

/// What stands before and behind `ARN` in a name that ends in it, or in its plural.
fn arn(name: &str) -> Option<(&str, &str)> {
    let plural = name.strip_suffix("ARNs").map(|before| (before, "s"));
    plural.or_else(|| name.strip_suffix("ARN").map(|before| (before, "")))
}

/// The spellings that have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// All of them.
    All,
    /// Kubernetes alone.
    Kubernetes,
    /// All but Kubernetes.
    Cloud,
    /// CloudFormation alone.
    CloudFormation,
    /// The API alone.
    Api,
    /// All but the API, which fills in more than the others.
    Declared,
}

impl On {
    /// Whether a spelling is one of them.
    #[must_use]
    pub const fn has(self, spelling: Spelling) -> bool {
        match self {
            Self::All => true,
            Self::Kubernetes => matches!(spelling, Spelling::Kubernetes),
            Self::Cloud => !matches!(spelling, Spelling::Kubernetes),
            Self::CloudFormation => matches!(spelling, Spelling::CloudFormation),
            Self::Api => matches!(spelling, Spelling::Api),
            Self::Declared => !matches!(spelling, Spelling::Api),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_has_its_names() {
        for (kubernetes, cloud_formation, api) in [
            ("tls", "TLS", "tls"),
            ("httpRoute", "HttpRoute", "httpRoute"),
            ("awsCloudMap", "AWSCloudMap", "awsCloudMap"),
            ("certificateARN", "CertificateArn", "certificateArn"),
            ("certificateAuthorityARNs", "CertificateAuthorityArns", "certificateAuthorityArns"),
        ] {
            let all = [Spelling::Kubernetes, Spelling::CloudFormation, Spelling::Api];
            assert_eq!(all.map(|spelling| spelling.name_of(kubernetes)), [kubernetes, cloud_formation, api]);
            for spelling in all {
                assert!(spelling.calls(kubernetes, &spelling.name_of(kubernetes)));
            }
        }
        assert!(SPOKEN_OF.is_sorted());
        let respelt = |text: &str| Spelling::CloudFormation.respelt(text, "match");
        let expected = "write `Rewrite.Path` or `Prefix: /`, not `cart`, `match` or `/path`";
        assert_eq!(
            respelt("write `rewrite.path` or `prefix: /`, not `cart`, `match` or `/path`").as_deref(),
            Some(expected)
        );
        assert_eq!(respelt("the port of `cart`"), None);
        assert!(!Spelling::Api.calls("certificateARN", "certificateARN"));
        assert!(!Spelling::CloudFormation.calls("tls", "Tls"));
    }
}
