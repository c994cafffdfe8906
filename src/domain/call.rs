//! A change to be made, and the exact call that makes it.

use std::fmt;

use super::ids::ArmId;

/// One change, as data. The room that carries it out turns it into a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Classic VMware, Azure to on-premises: an unplanned failover with `sourceSiteOperations`
    /// `Required`, so that the service shuts the Azure VM down and synchronises the latest changes
    /// first (asr-rest.md 4.2).
    FailBackClassic { item: ArmId },
}

impl Step {
    /// The `scenarioName` of the job that carries the step out: a child job may have the same request
    /// id, but not the same scenario (asr-rest.md 12).
    #[must_use]
    pub fn scenario(&self) -> &'static str {
        match self {
            Self::FailBackClassic { .. } => "UnplannedFailover",
        }
    }
}

/// How a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
        })
    }
}

/// A request as it will be sent: what is shown is what goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub method: Method,
    /// Path on the ARM endpoint, `api-version` included.
    pub path: String,
    /// The JSON body.
    pub body: Option<String>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.body {
            Some(body) => write!(f, "\n{body}"),
            None => Ok(()),
        }
    }
}
