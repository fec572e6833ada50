//! TLS, on both sides.

use crate::dialect::shape::{List, On, Text, choice, shape};
use crate::mesh::Name;

use super::certificate;

shape! {
    /// What a client does with its backends.
    pub struct BackendDefaults = "backend defaults" {
        client_policy: Box<ClientPolicy> = "clientPolicy";
    }
}

shape! {
    /// What a client does with a backend.
    pub struct ClientPolicy = "a client policy" {
        tls: Box<ClientTls> = "tls";
    }
}

shape! {
    /// How a client speaks TLS.
    pub struct ClientTls = "a client policy's `tls`" {
        enforce: bool = "enforce";
        ports: List<i64> = "ports", range(1, 65535);
        certificate: Box<ClientCertificate> = "certificate";
        validation: Box<ClientValidation> = "validation", required;
    }
    hint { "mode", "unknown-field", "only a listener has a TLS mode: a client policy has `enforce`" }
}

shape! {
    /// The certificate that a client shows.
    pub struct ClientCertificate = "a client certificate" {
        file: Box<FileCertificate> = "file";
        sds: Box<SdsSecret> = "sds";
    }
    one_of { ["file", "sds"], none "tls-certificate-union", several "tls-certificate-union" }
    hint { "acm", "tls-client-cert-acm", "write the certificate as `file` or `sds`" }
}

shape! {
    /// How a client knows its servers.
    pub struct ClientValidation = "a TLS validation context" {
        trust: Box<ClientTrust> = "trust", required;
        subject_alternative_names: Box<SubjectAlternativeNames> = "subjectAlternativeNames";
    }
}

shape! {
    /// Whom a client trusts.
    pub struct ClientTrust = "a client's trust" {
        acm: Box<AcmTrust> = "acm";
        file: Box<FileTrust> = "file";
        sds: Box<SdsSecret> = "sds";
    }
    one_of { ["acm", "file", "sds"], none "tls-trust-union", several "tls-trust-union" }
}

shape! {
    /// Certificate authorities of AWS Private CA.
    pub struct AcmTrust = "ACM trust" {
        certificate_authority_arns: List<Name> = "certificateAuthorityARNs", required, items(1, 3);
    }
    check certificate::authorities
}

shape! {
    /// A file of certificate authorities.
    pub struct FileTrust = "file trust" {
        certificate_chain: Text = "certificateChain", required, length(1, 255);
    }
}

shape! {
    /// A secret that a local agent hands out.
    pub struct SdsSecret = "an SDS secret" {
        secret_name: Text = "secretName", required;
    }
}

shape! {
    /// A certificate in files.
    pub struct FileCertificate = "a file certificate" {
        certificate_chain: Text = "certificateChain", required, length(1, 255);
        private_key: Text = "privateKey", required, length(1, 255);
    }
}

shape! {
    /// A certificate of AWS Certificate Manager.
    pub struct AcmCertificate = "an ACM certificate" {
        certificate_arn: Name = "certificateARN", required;
    }
    check certificate::certificate
}

shape! {
    /// The names that a peer's certificate may carry.
    pub struct SubjectAlternativeNames = "subject alternative names" {
        matching: Box<SubjectAlternativeNameMatch> = "match", required;
    }
}

shape! {
    /// The names, each whole.
    pub struct SubjectAlternativeNameMatch = "a match of subject alternative names" {
        exact: List<Text> = "exact", required_on(On::Kubernetes), length(1, 254);
    }
}

choice! {
    /// Whether a listener takes TLS.
    pub enum TlsMode { Strict = "STRICT", Permissive = "PERMISSIVE", Disabled = "DISABLED" }
}

shape! {
    /// How a listener speaks TLS, of a node or a gateway.
    pub struct ListenerTls = "a listener's `tls`" {
        mode: TlsMode = "mode", required;
        certificate: Box<ListenerCertificate> = "certificate", required;
        validation: Box<ListenerValidation> = "validation";
    }
    hint { "enforce", "unknown-field", "only a client policy has `enforce`: a listener has `mode`" }
}

shape! {
    /// The certificate that a listener shows.
    pub struct ListenerCertificate = "a listener's certificate" {
        acm: Box<AcmCertificate> = "acm";
        file: Box<FileCertificate> = "file";
        sds: Box<SdsSecret> = "sds";
    }
    one_of { ["acm", "file", "sds"], none "tls-certificate-union", several "tls-certificate-union" }
}

shape! {
    /// How a listener knows its clients.
    pub struct ListenerValidation = "a listener's TLS validation context" {
        trust: Box<ListenerTrust> = "trust", required;
        subject_alternative_names: Box<SubjectAlternativeNames> = "subjectAlternativeNames";
    }
}

shape! {
    /// Whom a listener trusts. The custom resource of a gateway offers `acm`, which the API does not have.
    pub struct ListenerTrust = "a listener's trust" {
        file: Box<FileTrust> = "file";
        sds: Box<SdsSecret> = "sds";
    }
    one_of { ["file", "sds"], none "tls-trust-union", several "tls-trust-union" }
    hint { "acm", "tls-listener-trust-acm", "write the authorities as `file` or `sds`" }
}
