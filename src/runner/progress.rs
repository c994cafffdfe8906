//! What a change that is being carried out tells.

use crate::domain::{Failure, Job, JobId, Machine, Outcome, RequestId};

/// News of one change, in the order in which it happens.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The call goes out now, with this request id.
    Sending(RequestId),
    /// Nothing was changed: the call never left, or Azure refused it. The end.
    NotDone(Box<Failure>),
    /// Azure took it; this job carries it out.
    Accepted(JobId),
    /// The answer was lost. The change may have been made: it is not sent again, its job is
    /// looked for.
    AnswerLost(Box<Failure>),
    /// A job that carries our request id was found: the call had arrived.
    Found(JobId),
    /// No job carries our request id so far. The end: a person looks.
    NotFound(Box<Failure>),
    /// The job as it stands.
    Job(Box<Job>),
    /// Reading the job failed for now; it goes on in Azure.
    Unreadable(Box<Failure>),
    /// The job could not be read for so long that it is no longer followed. The end; it goes on in
    /// Azure.
    LostSight(Box<Failure>),
    /// The job is over. The machine as it is now, if it could be read. The end.
    Ended {
        job: Box<Job>,
        machine: Option<Box<Machine>>,
    },
}

/// How a change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing was changed.
    NotDone,
    /// The job ended so.
    Done(Outcome),
    /// Nobody here knows: a person looks.
    Unknown,
}
