//! Long-running operations: 202, and where to look what became of them (asr-rest.md 0.1).

use std::fmt;

use super::answer::Answer;
use super::error::{Error, Kind, Sent};
use super::pages::one;
use super::retry::Intent;
use super::send::Arm;
use super::wire::Operation;
use crate::domain::{JobId, Text};

/// A change that Site Recovery took.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub job: JobId,
    /// Where to look how the operation stands; `None` when the answer did not say.
    pub watch: Option<Watch>,
    /// The key of the Azure Activity Log; empty when the answer did not say.
    pub correlation: Text,
}

/// Where an operation tells how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// `Azure-AsyncOperation`: a body that tells the state.
    Status(Signed),
    /// `Location`, where there is nothing better: 202 until it is over.
    Result(Signed),
}

/// An address with a signature in its query: passed on unchanged, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed(String);

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.split('?').next().unwrap_or_default())
    }
}

/// How an operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationStatus {
    pub status: Status,
    /// Filled while it runs and even when it succeeded: a warning then.
    pub remark: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Running,
    Succeeded,
    Failed,
    Canceled,
    Other(Text),
}

impl Accepted {
    /// Reads a 202.
    ///
    /// # Errors
    /// When the answer names no job: the change may have been made all the same.
    pub fn read(doing: &str, answer: &Answer) -> Result<Self, Error> {
        let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok());
        let job = ["azure-asyncoperation", "location"]
            .into_iter()
            .filter_map(header)
            .chain(
                answer
                    .headers
                    .get_all("x-ms-request-id")
                    .iter()
                    .filter_map(|v| v.to_str().ok()),
            )
            .find_map(job_in);
        let Some(job) = job else {
            let why = Kind::Garbage("it names no job".into());
            return Err(Error::new(doing, why, Sent::Unknown).of(Intent::Change));
        };
        let watch = Watch::of(answer);
        let correlation = answer.correlation().unwrap_or_default().into();
        Ok(Self {
            job,
            watch,
            correlation,
        })
    }
}

impl Watch {
    /// Where an answer says that its operation can be looked at.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok());
        let signed = |name| header(name).map(|link| Signed(link.into()));
        let status = signed("azure-asyncoperation").map(Self::Status);
        status.or_else(|| signed("location").map(Self::Result))
    }
}

/// The job's name stands behind one of these segments in every one of the addresses.
fn job_in(link: &str) -> Option<JobId> {
    let path = link.split('?').next()?;
    let mut parts = path.split('/');
    parts.find(|part| {
        [
            "replicationOperationStatus",
            "operationresults",
            "replicationJobs",
        ]
        .iter()
        .any(|kind| part.eq_ignore_ascii_case(kind))
    })?;
    JobId::parse(parts.next()?)
}

impl Arm {
    /// Looks how an operation stands, at the address that it gave, exactly as given.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn operation(&self, watch: &Watch) -> Result<OperationStatus, Error> {
        let doing = "read the state of the operation";
        let answer = match watch {
            Watch::Status(link) => self.follow(doing, &link.0).await?,
            Watch::Result(link) => {
                let over = self.follow(doing, &link.0).await?.status != 202;
                let status = if over {
                    Status::Succeeded
                } else {
                    Status::Running
                };
                return Ok(OperationStatus {
                    status,
                    remark: None,
                });
            }
        };
        let wire: Operation = one(doing, &answer.body)?;
        let remark = wire.error.0.map(|error| match error.code.is_empty() {
            true => error.message.text(),
            false => format!("{} ({})", error.message.as_str(), error.code.as_str()).into(),
        });
        let status = match wire.status.as_str().to_ascii_lowercase().as_str() {
            "notstarted" | "inprogress" | "running" | "accepted" => Status::Running,
            "succeeded" => Status::Succeeded,
            "failed" => Status::Failed,
            "canceled" | "cancelled" => Status::Canceled,
            _ => Status::Other(wire.status.text()),
        };
        Ok(OperationStatus {
            status,
            remark: remark.filter(|words| !words.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_is_found_in_every_form() {
        for link in [
            "https://h/Subscriptions/s/vaults/v/replicationOperationStatus/f3040a4d-d652?api-version=1&s=SIG",
            "https://h/a/replicationProtectedItems/i/operationresults/F3040A4D-d652",
            "/Subscriptions/s/vaults/v/replicationJobs/f3040a4d-d652",
        ] {
            assert_eq!(job_in(link).unwrap().as_str(), "f3040a4d-d652");
        }
        assert_eq!(job_in("https://h/replicationJobs/None"), None);
        assert_eq!(job_in("0f0f"), None);
    }

    #[test]
    fn a_signature_is_never_shown() {
        let signed = Signed("https://h/x?s=SIGNATURE".into());
        assert_eq!(format!("{signed:?}"), "https://h/x");
    }
}
