//! What a change that is being carried out tells.

use crate::domain::{Failure, Job, JobId, Machine, RequestId};

/// News of one change, in the order in which it happens.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The call goes out now, with this request id.
    Sending(RequestId),
    /// Nothing was changed: the call never left, or Azure refused it.
    NotDone(Box<Failure>),
    /// Azure took it; this job carries it out.
    Accepted(JobId),
    /// The answer was lost. The change may have been made: it is not sent again, its job is
    /// looked for.
    AnswerLost(Box<Failure>),
    /// A job that carries our request id was found: the call had arrived.
    Found(JobId),
    /// No job carries our request id so far. Final for this program: a person looks.
    NotFound(Box<Failure>),
    /// The job as it stands.
    Job(Box<Job>),
    /// Reading the job failed for now; it goes on in Azure.
    Unreadable(Box<Failure>),
    /// The job is over. The machine as it is now, if it could be read.
    Ended {
        job: Box<Job>,
        machine: Option<Box<Machine>>,
    },
}
