//! Why a request did not give what was asked for, typed.

use std::time::Duration;

use thiserror::Error;

use super::retry::Intent;
use super::wire::ServiceError;

/// Whether the service may have acted on a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not: it never left, or it was refused at the door.
    No,
    /// It left, and no answer tells what became of it.
    Unknown,
    /// The service answered; its answer is final.
    Answered,
}

/// A request that failed.
#[derive(Clone, Debug, Error)]
#[error("{doing}: {kind}")]
pub struct Error {
    /// What was being done, on what: `read the machines of vault rsv-1`.
    pub doing: String,
    pub kind: Kind,
    pub sent: Sent,
    /// Whether the request would have changed something: a lost answer to a read leaves no doubt.
    pub intent: Intent,
    /// `x-ms-correlation-request-id` or `x-ms-request-id` of the answer, for support.
    pub correlation: Option<String>,
}

/// The kinds of failure. No kind carries a query, a token or a header.
#[derive(Clone, Debug, Error)]
pub enum Kind {
    #[error("the name {0} cannot be resolved")]
    NameUnknown(String),
    #[error("{0} cannot be reached")]
    Unreachable(String),
    #[error("the proxy does not let the connection to {0} through")]
    Proxy(String),
    #[error("the certificate of {host} is not trusted: {why}")]
    Untrusted { host: String, why: Distrust },
    #[error("{0} does not speak TLS")]
    NoTls(String),
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the connection broke before the whole answer was there")]
    Cut,
    #[error("the answer is larger than {} MiB", .0 >> 20)]
    TooLarge(usize),
    #[error("the answer is not what this service says: {0}")]
    Garbage(String),
    #[error("the service asks to go elsewhere ({0}), which is never done with a token")]
    Redirected(String),
    #[error("the service is busy; it asks to wait {} s", .0.as_secs())]
    Throttled(Duration),
    #[error("HTTP {status}: {error}")]
    Refused {
        status: u16,
        error: Box<ServiceError>,
    },
    #[error("sign-in failed: {0}")]
    SignIn(Box<SignInProblem>),
}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Distrust {
    #[error("its issuer is not known here")]
    Issuer,
    #[error("it is for another name")]
    Name,
    #[error("it has expired or is not valid yet")]
    Dates,
    #[error("{0}")]
    Other(String),
}

/// Why no token could be had.
#[derive(Clone, Debug, Error)]
pub enum SignInProblem {
    /// The secret could not be fetched; never says the secret.
    #[error("{0}")]
    Secret(String),
    #[error("{0}")]
    Refused(ServiceError),
    /// `az` or the identity endpoint failed.
    #[error("{0}")]
    Source(String),
}

impl Error {
    #[must_use]
    pub fn new(doing: &str, kind: Kind, sent: Sent) -> Self {
        Self {
            doing: doing.into(),
            kind,
            sent,
            intent: Intent::Read,
            correlation: None,
        }
    }

    /// The same, of a request with this intent.
    #[must_use]
    pub fn of(self, intent: Intent) -> Self {
        Self { intent, ..self }
    }

    /// A 404 with this code: in a replay, what was never recorded.
    #[must_use]
    pub fn is_not_recorded(&self) -> bool {
        matches!(&self.kind, Kind::Refused { error, .. } if error.code == "NotRecorded")
    }

    /// Whether who asks is what is wrong, not what is asked: it passes when a role is activated or
    /// a secret renewed.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self.kind, Kind::SignIn(_)) || matches!(self.status(), Some(401 | 403))
    }

    /// Whether nobody is let in at all: there is no token.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        matches!(self.kind, Kind::SignIn(_))
    }

    /// Whether a script was refused because another one runs in the VM: Run Command takes one at a time.
    #[must_use]
    pub fn another_script_runs(&self) -> bool {
        matches!(&self.kind, Kind::Refused { status: 409, error } if error.code == "Conflict")
    }

    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.status() == Some(404)
    }

    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            Kind::Refused { status, .. } => Some(*status),
            Kind::Throttled(_) => Some(429),
            _ => None,
        }
    }
}
