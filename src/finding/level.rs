//! How grave a finding is, and what it is about.

use serde::{Deserialize, Serialize};

/// How grave a finding is. The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is broken.
    Info,
    /// Accepted, and probably not what was meant.
    Warning,
    /// Refused by the control plane, or traffic is certainly broken.
    Error,
}

impl Severity {
    /// The word that stands in reports and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// What a rule is about; rules can be chosen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The text cannot be read.
    Syntax,
    /// A field is unknown, missing, or has a value that it cannot have.
    Schema,
    /// A name leads nowhere, or to the wrong thing.
    References,
    /// Which resource belongs to which mesh, gateway or pod.
    Membership,
    /// Which request goes where.
    Routing,
    /// Ports, protocols, discovery, weights.
    Traffic,
    /// TLS and what may talk to what.
    Security,
    /// Timeouts, retries, pools, health checks.
    Resilience,
    /// What has ended or will not carry over.
    Migration,
    /// Cosmetic.
    Style,
}

impl Category {
    /// The word that stands in reports and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Schema => "schema",
            Self::References => "references",
            Self::Membership => "membership",
            Self::Routing => "routing",
            Self::Traffic => "traffic",
            Self::Security => "security",
            Self::Resilience => "resilience",
            Self::Migration => "migration",
            Self::Style => "style",
        }
    }
}
