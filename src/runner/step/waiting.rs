//! A job that waits for a person: known by what it allows, not by the word of its state
//! (asr-rest.md 6, 13).

use jiff::{SignedDuration, Timestamp};

use super::deed::{self, Deed, Telling};
use crate::domain::call::JobAction;
use crate::domain::run::{QuestionId, Topic};
use crate::domain::{Change, Failure, Job, Outcome, StepKind, Text};
use crate::runner::carrier::Carrier;
use crate::runner::desk::{Asking, Reply, Way, choice};

/// After how long a person who let it wait is asked again.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// How a job that is followed stands with the person it may wait for.
#[derive(Default)]
pub(super) struct Waiting {
    asked: Option<QuestionId>,
    /// Not to be asked again before.
    not_before: Option<Timestamp>,
    /// Why it could not be resumed.
    trouble: Vec<Text>,
}

impl Waiting {
    /// It was let go on at `moment`.
    pub fn resumed(moment: Timestamp) -> Self {
        Self {
            not_before: moment.checked_add(AGAIN).ok(),
            ..Self::default()
        }
    }

    /// Rests until the next look at `job`; asks and does what was answered if it waits for a person.
    pub async fn see_to(&mut self, c: &Carrier<'_>, step: StepKind, job: &Job) -> Way<()> {
        let waits = job.outcome() == Outcome::Waiting;
        let soon = self.not_before.is_some_and(|moment| c.now() < moment);
        if waits && self.asked.is_none() && !soon {
            self.asked = Some(c.desk.put(self.asking(c, step, job)).await?);
        }
        let Some(asked) = self.asked else {
            return c.desk.rest(c.poll()).await;
        };
        // It is looked on meanwhile: somebody may see to it in the portal.
        let reply: Option<Reply> = tokio::select! {
            biased;
            reply = c.desk.answer(asked) => Some(reply?),
            rested = c.desk.rest(c.poll()) => rested.map(|()| None)?,
        };
        let Some(reply) = reply else {
            return Ok(());
        };
        self.asked = None;
        self.trouble.clear();
        if waits && reply.is("resume") {
            c.desk.gate().await?;
            if let Err(failure) = resume(c, step, job).await? {
                self.trouble = failure.lines().into_iter().map(Text::from).collect();
                return Ok(());
            }
        }
        self.not_before = c.now().checked_add(AGAIN).ok();
        Ok(())
    }

    fn asking(&self, c: &Carrier<'_>, step: StepKind, job: &Job) -> Asking {
        let mut evidence = self.trouble.clone();
        evidence.push(format!("Job {} ({}): {}", job.title, job.name, job.description).into());
        let mut choices = vec![choice(
            "wait",
            "leave it waiting; ask again in a quarter of an hour",
        )];
        if job.allows("Resume") {
            choices.push(choice("resume", "let the job go on"));
        }
        Asking {
            topic: Topic::Waiting,
            machine: Some(c.id().clone()),
            step: Some(step),
            words: format!(
                "The job that does \"{}\" of {} waits for a person. Shall it go on?",
                step.words(),
                c.name()
            )
            .into(),
            evidence,
            choices,
            checks: Vec::new(),
            until: None,
        }
    }
}

/// Lets a job go on. Whether it does is told by its state alone, also where the answer is lost.
pub(super) async fn resume(c: &Carrier<'_>, step: StepKind, job: &Job) -> Way<Result<(), Failure>> {
    let change = Change::JobAction {
        job: job.id.clone(),
        action: JobAction::Resume,
    };
    let telling = Telling {
        doing: &format!("let job {} go on", job.name),
        lost: "The job's own state tells whether it goes on.",
        job: Some(&job.name),
    };
    Ok(match deed::send(c, step, &change, telling).await? {
        Deed::Accepted(_) | Deed::Lost => Ok(()),
        Deed::NotMade(failure) => Err(failure),
    })
}
