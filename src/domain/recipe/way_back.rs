//! The way back of each step, which every machine shows at every moment.

use super::step::StepKind;
use crate::domain::place::Generation;

/// What a machine goes through, as far as it counts for its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course<'a> {
    /// `None` where a record of an older run does not tell it.
    pub generation: Option<Generation>,
    pub steps: &'a [StepKind],
}

impl Course<'_> {
    /// The way back while `step` is the next that changes something.
    #[must_use]
    pub fn way_back(self, step: StepKind) -> &'static str {
        let modernised = self.generation == Some(Generation::Modernised);
        match step {
            StepKind::TemporaryDisk => "bring the disk online again",
            StepKind::Protect | StepKind::AwaitProtected => "none: Protect commits the failover",
            StepKind::Quiesce | StepKind::Drain => "stop the run; the VM stays in Azure",
            // Nothing undoes a synchronisation that began: cancelled, it leaves a VM that must not be
            // booted [003].
            StepKind::Synchronise => "none once data synchronisation begins: never cancel its job",
            StepKind::Door | StepKind::HookBefore | StepKind::Complete
                if self.holds(StepKind::Synchronise) =>
            {
                "none: data synchronisation began; never cancel its job"
            }
            StepKind::Complete => "none: data synchronisation began; never cancel its job",
            StepKind::UpdateTarget => "set it again before the failover",
            StepKind::Door | StepKind::HookBefore if self.is_to_azure() => {
                "stop the run; the machine stays at home"
            }
            StepKind::Door | StepKind::HookBefore => "stop the run; the VM stays in Azure",
            StepKind::StopAzureVm => "start the Azure VM again",
            StepKind::FailBack if modernised => "Cancel failover, until commit",
            StepKind::FailBack => "none once Fail back is sent",
            StepKind::FailOver => "none once it is sent; Protect brings it home again",
            StepKind::VerifyAzureOff
            | StepKind::Ready
            | StepKind::HookAfter
            | StepKind::VerifySurvivor
            | StepKind::Commit
                if self.is_to_azure() =>
            {
                "another recovery point, until commit"
            }
            StepKind::VerifyAzureOff
            | StepKind::Ready
            | StepKind::HookAfter
            | StepKind::VerifySurvivor
                if modernised && self.holds(StepKind::FailBack) =>
            {
                "Cancel failover, until commit"
            }
            StepKind::VerifyAzureOff | StepKind::Ready | StepKind::HookAfter => "none: it is home",
            StepKind::VerifySurvivor if self.comes_home() => "none: it is home",
            StepKind::VerifySurvivor => "leave it uncommitted",
            StepKind::Commit => "none once Commit is sent",
            StepKind::CancelFailover => "none: what was written at home is lost",
            StepKind::ProtectToAzure => "none: it commits, and the Azure VM goes",
            StepKind::ChangePoint => "another recovery point, until commit",
            StepKind::TestFailover => "clean up the test",
            StepKind::CleanUpTest => "none needed: only the test goes",
        }
    }

    /// The way back once `step` was sent and something else is next; `None` where that is told by the
    /// next.
    #[must_use]
    pub fn after(self, step: StepKind) -> Option<&'static str> {
        match step {
            StepKind::Commit => Some("none: it is committed"),
            StepKind::FailBack if self.generation != Some(Generation::Modernised) => {
                Some("none: Fail back was sent")
            }
            StepKind::CancelFailover => Some("none: the cancellation was sent"),
            StepKind::Complete => Some("none: it is home"),
            StepKind::Synchronise => Some("none: data synchronisation began; never cancel its job"),
            _ => None,
        }
    }

    /// The way back when all is over, and the machine failed over and was not committed.
    #[must_use]
    pub fn uncommitted(self) -> &'static str {
        match (self.is_to_azure(), self.generation) {
            (true, _) => "another recovery point, until commit",
            (false, Some(Generation::Modernised)) => "Cancel failover, until commit",
            (false, _) => "none: it is home",
        }
    }

    fn holds(self, step: StepKind) -> bool {
        self.steps.contains(&step)
    }

    fn is_to_azure(self) -> bool {
        self.holds(StepKind::FailOver)
    }

    fn comes_home(self) -> bool {
        self.holds(StepKind::FailBack) || self.holds(StepKind::Complete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &[StepKind] = &[
        StepKind::Door,
        StepKind::FailBack,
        StepKind::VerifyAzureOff,
        StepKind::VerifySurvivor,
        StepKind::Commit,
    ];

    #[test]
    fn a_modernised_failback_can_be_cancelled_until_its_commit_and_no_other_can() {
        let modernised = Course {
            generation: Some(Generation::Modernised),
            steps: HOME,
        };
        assert!(modernised.way_back(StepKind::FailBack).contains("Cancel"));
        assert!(
            modernised
                .way_back(StepKind::VerifySurvivor)
                .contains("Cancel")
        );
        assert!(modernised.way_back(StepKind::Commit).starts_with("none"));
        for generation in [None, Some(Generation::Classic), Some(Generation::HyperV)] {
            let course = Course {
                generation,
                steps: HOME,
            };
            assert!(
                HOME[1..]
                    .iter()
                    .all(|s| course.way_back(*s).starts_with("none"))
            );
        }
    }

    #[test]
    fn once_a_synchronisation_began_waiting_for_the_wave_has_no_way_back() {
        let steps = [StepKind::Synchronise, StepKind::Door, StepKind::Complete];
        let course = Course {
            generation: Some(Generation::HyperV),
            steps: &steps,
        };
        assert!(
            steps
                .iter()
                .all(|s| course.way_back(*s).starts_with("none"))
        );
        let download = Course {
            steps: HOME,
            ..course
        };
        assert!(
            download
                .way_back(StepKind::Door)
                .starts_with("stop the run")
        );
    }
}
