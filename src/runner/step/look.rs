//! Looking at Azure with patience: what fails for a while is looked at again, and where Azure does
//! not let us look, the run pauses until it does.

use std::future::Future;
use std::time::Duration;

use crate::azure::Error;
use crate::domain::run::Suspension;
use crate::domain::{Detail, Failure, Job, JobId, Machine, StepKind};
use crate::runner::carrier::Carrier;
use crate::runner::desk::{Halt, Way};

/// Failed looks in a row after which the person is told.
const TOLD_AFTER: u32 = 3;

/// Failed looks in a row after which a look is given up: most of an hour at the usual pace.
pub(super) const PATIENCE: u32 = 30;

impl Carrier<'_> {
    /// Reads until it succeeds, at most `tries` times. Being denied is no try: the run pauses, and it
    /// is read again until it is allowed.
    pub(super) async fn read<T, F, Fut>(
        &self,
        step: StepKind,
        tries: u32,
        read: F,
    ) -> Way<Result<T, Error>>
    where
        F: Fn() -> Fut + Send,
        Fut: Future<Output = Result<T, Error>> + Send,
    {
        let (mut failed, mut denied) = (0, 0);
        loop {
            let error = match read().await {
                Ok(read) => {
                    self.desk.admit(self.id()).await?;
                    if failed >= TOLD_AFTER {
                        self.remark(step, "It can be read again.").await?;
                    }
                    return Ok(Ok(read));
                }
                Err(error) => error,
            };
            if error.is_sign_in() && denied >= TOLD_AFTER {
                return Err(self.sign_in_again(&error));
            }
            if error.is_denied() {
                let failure = Failure::from(&error);
                let why = format!("{} {}", failure.what, failure.advice);
                self.desk.deny(self.id(), why).await?;
                denied += 1;
                self.desk.rest(pause(self.poll(), denied)).await?;
                continue;
            }
            self.desk.admit(self.id()).await?;
            failed += 1;
            if failed >= tries {
                return Ok(Err(error));
            }
            if failed == TOLD_AFTER {
                self.remark(step, Failure::from(&error).what).await?;
            }
            self.desk.rest(pause(self.poll(), failed)).await?;
        }
    }

    /// Nobody here can renew credentials: the runner ends, and who resumes the run signs in anew.
    pub(super) fn sign_in_again(&self, error: &Error) -> Halt {
        let failure = Failure::from(error);
        let why = format!("{} {}", failure.what, failure.said);
        self.desk
            .suspend(Suspension::Credentials, why.trim().to_owned());
        Halt::Suspended
    }

    pub(super) async fn machine(
        &self,
        step: StepKind,
        tries: u32,
    ) -> Way<Result<(Machine, Detail), Error>> {
        self.read(step, tries, || self.site.arm().machine(self.id()))
            .await
    }

    /// The jobs of the vault, shallow, newest first.
    pub(super) async fn jobs(&self, step: StepKind, tries: u32) -> Way<Result<Vec<Job>, Error>> {
        let read = || async { Ok(self.site.arm().jobs(self.vault).await?.0) };
        self.read(step, tries, read).await
    }

    pub(super) async fn job(
        &self,
        step: StepKind,
        tries: u32,
        job: &JobId,
    ) -> Way<Result<Job, Error>> {
        self.read(step, tries, || self.site.arm().job(self.vault, job))
            .await
    }
}

/// The longer it cannot be read, the less often it is tried: roles come back after minutes.
fn pause(poll: Duration, failed: u32) -> Duration {
    poll.saturating_mul(1 << (failed / 5).min(6))
}
