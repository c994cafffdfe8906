//! A change of this session and what is known about it.

use crate::domain::{ArmId, Failure, Job, JobId, Machine, RequestId, Text, Verb};
use crate::runner::Progress;
use crate::ui::effect::ChangeId;

/// One change, from the moment it was confirmed.
#[derive(Debug)]
pub struct Change {
    pub id: ChangeId,
    pub machine: ArmId,
    pub name: Text,
    pub verb: Verb,
    pub way_back: Text,
    pub request: Option<RequestId>,
    pub job_name: Option<JobId>,
    pub job: Option<Job>,
    pub phase: Phase,
    /// The answer to the call was lost on the way; stays true when the job was found.
    pub answer_lost: Option<Failure>,
    /// Why the job could not be read the last time.
    pub unreadable: Option<Failure>,
    /// The machine as it was when the job had ended.
    pub after: Option<Machine>,
}

/// How far a change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Handed over; not sent yet.
    Confirmed,
    Sending,
    /// Nothing was changed.
    NotDone(Failure),
    /// It may have been made; its job is looked for.
    Looking,
    /// It may have been made; its job was not found. A person looks.
    NotFound(Failure),
    /// Azure works on it.
    Working,
    /// Its job could not be read for so long that it is no longer followed.
    LostSight(Failure),
    Ended,
}

impl Change {
    /// Whether anything is still expected of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(
            self.phase,
            Phase::NotDone(_) | Phase::NotFound(_) | Phase::LostSight(_) | Phase::Ended
        )
    }

    /// Whether leaving now would leave a call that nobody knows the fate of.
    #[must_use]
    pub fn is_being_sent(&self) -> bool {
        matches!(
            self.phase,
            Phase::Confirmed | Phase::Sending | Phase::Looking
        )
    }

    /// Takes one piece of news. The machine as it is after the job is handed back, for the list.
    pub fn apply(&mut self, news: Progress) -> Option<Box<Machine>> {
        match news {
            Progress::Sending(request) => {
                self.request = Some(request);
                self.phase = Phase::Sending;
            }
            Progress::NotDone(failure) => self.phase = Phase::NotDone(*failure),
            Progress::Accepted(job) | Progress::Found(job) => {
                self.job_name = Some(job);
                self.phase = Phase::Working;
            }
            Progress::AnswerLost(failure) => {
                self.answer_lost = Some(*failure);
                self.phase = Phase::Looking;
            }
            Progress::NotFound(failure) => self.phase = Phase::NotFound(*failure),
            Progress::Job(job) => {
                self.job_name = Some(job.name.clone());
                self.job = Some(*job);
                self.unreadable = None;
                self.phase = Phase::Working;
            }
            Progress::Unreadable(failure) => self.unreadable = Some(*failure),
            Progress::LostSight(failure) => self.phase = Phase::LostSight(*failure),
            Progress::Ended { job, machine } => {
                self.job_name = Some(job.name.clone());
                self.job = Some(*job);
                self.unreadable = None;
                self.phase = Phase::Ended;
                self.after = machine.as_deref().cloned();
                return machine;
            }
        }
        None
    }
}
