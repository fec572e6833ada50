//! ARNs of certificates and of their authorities.

use crate::dialect::shape::{Cx, Field};
use crate::finding::Fact;
use crate::mesh::Name;

use super::arn::{self, stands_for_an_arn};
use super::{AcmCertificate, AcmTrust};

/// Whom an ARN may be of: the service, what its path begins with, and what it is in a sentence.
type Kind = (&'static str, &'static str, &'static str);

/// Service Authorization Reference, resource types of AWS Certificate Manager.
const CERTIFICATE: Kind = ("acm", "certificate", "certificate of ACM");
/// Service Authorization Reference, resource types of AWS Private CA.
const AUTHORITY: Kind = ("acm-pca", "certificate-authority", "certificate authority of AWS Private CA");

/// The place of a certificate, or of an authority: `arn:partition:SERVICE:region:account:KIND/ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateArn<'a> {
    /// The Region.
    pub region: &'a str,
    /// The account.
    pub account: &'a str,
}

impl<'a> CertificateArn<'a> {
    /// The parts of the ARN of a certificate or of an authority; `None` for a text of another form, and for one
    /// with placeholders.
    #[must_use]
    pub fn parse(text: &'a Name) -> Option<Self> {
        let text = text.as_known()?;
        [CERTIFICATE, AUTHORITY].into_iter().find_map(|kind| of(text, kind))
    }
}

fn of<'a>(text: &'a str, (wanted, begins, _): Kind) -> Option<CertificateArn<'a>> {
    let [arn, partition, service, region, account, path] = arn::split(text)?;
    let id = path.strip_prefix(begins)?.strip_prefix('/')?;
    let is_whole = [partition, region, account, id].iter().all(|part| !part.is_empty()) && !id.contains('/');
    (arn == "arn" && service == wanted && is_whole).then_some(CertificateArn { region, account })
}

pub(super) fn certificate(certificate: &AcmCertificate, cx: &mut Cx<'_>) {
    judge(cx, &certificate.certificate_arn, CERTIFICATE);
}

pub(super) fn authorities(trust: &AcmTrust, cx: &mut Cx<'_>) {
    for arn in trust.certificate_authority_arns.items() {
        judge(cx, arn, AUTHORITY);
    }
}

fn judge(cx: &mut Cx<'_>, arn: &Field<Name>, kind: Kind) {
    let Some(text) = arn.known().and_then(Name::as_known) else { return };
    if of(text, kind).is_none() && !stands_for_an_arn(text) {
        let (service, begins, words) = kind;
        let form = format!("arn:aws:{service}:REGION:ACCOUNT:{begins}/ID");
        let other = if kind == CERTIFICATE { AUTHORITY } else { CERTIFICATE };
        let found = if of(text, other).is_some() { other.2 } else { "" };
        let fact = Fact::new("malformed-arn", "tls-certificate-arn-format", arn.span);
        cx.facts.push(fact.arg(text).arg(words).arg(found).arg(form));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_those_of_certificates_and_authorities() {
        for (text, region) in [
            ("arn:aws:acm:eu-west-1:111122223333:certificate/0a1b", Some("eu-west-1")),
            ("arn:aws-cn:acm:cn-north-1:111122223333:certificate/0a1b", Some("cn-north-1")),
            ("arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0a1b", Some("eu-west-1")),
            ("arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0a1b/certificate/2c", None),
            ("arn:aws:iam::111122223333:server-certificate/0a1b", None),
            ("arn:aws:acm:eu-west-1:111122223333:certificate/", None),
            ("arn:aws:acm-pca:eu-west-1:111122223333:certificate/0a1b", None),
            ("0a1b", None),
        ] {
            let name = Name::known(text);
            assert_eq!(CertificateArn::parse(&name).map(|arn| arn.region), region, "{text}");
        }
    }
}
