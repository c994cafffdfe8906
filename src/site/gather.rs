//! Reading a whole site, everything at once within the limits of the sending place.

use futures::future::join_all;

use super::estate::{Part, PartName, PartState, Update};
use super::open::Site;
use crate::azure::{Coverage, Error};
use crate::domain::{Failure, Text};

impl Site {
    /// Reads everything that the screens show, telling each piece as it comes. Each part says for
    /// itself how well it is known; one that fails leaves the others alone.
    pub async fn gather(&self, tell: impl Fn(Update) + Send + Sync) {
        let tell = &tell;
        tell(Update::Begun);
        tell(Update::Vaults(
            self.vaults
                .iter()
                .map(|vault| vault.name().into())
                .collect(),
        ));
        tokio::join!(
            self.machines(tell),
            self.infrastructure(tell),
            self.jobs(tell)
        );
        tell(Update::Ended);
    }

    async fn machines(&self, tell: &(impl Fn(Update) + Sync)) {
        let reading = self.vaults.iter().map(|vault| {
            self.arm
                .machines(vault, |page| tell(Update::Machines(page)))
        });
        let read = join_all(reading).await;
        tell(Update::Part(
            self.part(PartName::Machines, read.iter().map(Result::as_ref)),
        ));
    }

    async fn infrastructure(&self, tell: &(impl Fn(Update) + Sync)) {
        let fabrics = join_all(self.vaults.iter().map(|vault| self.arm.fabrics(vault)));
        let vcenters = join_all(self.vaults.iter().map(|vault| self.arm.vcenters(vault)));
        let health = join_all(
            self.vaults
                .iter()
                .map(|vault| self.arm.vault_problems(vault)),
        );
        let (fabrics, vcenters, health) = tokio::join!(fabrics, vcenters, health);
        let parts = [
            self.part(PartName::Infrastructure, coverages(&fabrics)),
            self.part(PartName::VCenters, coverages(&vcenters)),
            self.part(PartName::VaultHealth, coverages(&health)),
        ];
        let mut all: Vec<_> = fabrics
            .into_iter()
            .flatten()
            .flat_map(|(page, _)| page)
            .collect();
        for (fabric, vcenter) in vcenters.into_iter().flatten().flat_map(|(page, _)| page) {
            let home = all
                .iter_mut()
                .find(|f| f.id.name().eq_ignore_ascii_case(&fabric));
            if let Some(home) = home {
                home.components.push(vcenter);
            }
        }
        // Of a part that failed in some vault only what was read replaces what was known.
        let failed = |part: &Part| matches!(part.state, PartState::Failed(_));
        tell(if parts[..2].iter().any(failed) {
            Update::SomeFabrics(all)
        } else {
            Update::Fabrics(all)
        });
        if !failed(&parts[2]) {
            let problems = health.into_iter().flatten().flat_map(|(p, _)| p).collect();
            tell(Update::VaultProblems(problems));
        }
        parts.into_iter().for_each(|part| tell(Update::Part(part)));
    }

    async fn jobs(&self, tell: &(impl Fn(Update) + Sync)) {
        let read = join_all(self.vaults.iter().map(|vault| self.arm.jobs(vault))).await;
        let part = self.part(PartName::Jobs, coverages(&read));
        let mut all: Vec<_> = read
            .into_iter()
            .flatten()
            .flat_map(|(page, _)| page)
            .collect();
        all.sort_by_key(|job| std::cmp::Reverse(job.start));
        tell(match part.state {
            PartState::Failed(_) => Update::SomeJobs(all),
            _ => Update::Jobs(all),
        });
        tell(Update::Part(part));
    }

    /// How well a part is known over all vaults: as well as in the worst of them. In a recording,
    /// what some vault never recorded does not hide what others did.
    fn part<'a>(
        &self,
        name: PartName,
        read: impl Iterator<Item = Result<&'a Coverage, &'a Error>>,
    ) -> Part {
        let mut state = PartState::Read;
        let mut dropped = 0;
        let mut read_at = None;
        let (mut recorded, mut missing) = (0, 0);
        for one in read {
            match one {
                Ok(coverage) => {
                    recorded += 1;
                    dropped += coverage.dropped;
                    let at = coverage.read_at.unwrap_or_else(|| self.arm.service_now());
                    read_at = Some(read_at.map_or(at, |oldest| at.min(oldest)));
                    if coverage.composed && state == PartState::Read {
                        state = PartState::Composed;
                    }
                }
                Err(error) if error.is_not_recorded() => missing += 1,
                Err(error) => state = PartState::Failed(Box::new(Failure::from(error))),
            }
        }
        if self.recorded {
            read_at = None;
        }
        match (state, recorded, missing) {
            // What is missing for certain is told before what may be.
            (PartState::Read | PartState::Composed, 1.., _) if dropped > 0 => Part {
                name,
                state: PartState::Partial(left_out(dropped)),
                read_at,
            },
            // What is shown is then as old as it was: the estate keeps that time.
            (PartState::Failed(why), ..) => Part {
                name,
                state: PartState::Failed(why),
                read_at: None,
            },
            (_, 0, 1..) => Part {
                name,
                state: PartState::NotRecorded,
                read_at,
            },
            (_, _, 1..) => Part {
                name,
                state: PartState::Composed,
                read_at,
            },
            (state, ..) => Part {
                name,
                state,
                read_at,
            },
        }
    }
}

fn left_out(entries: usize) -> Text {
    match entries {
        1 => "1 entry has an id that cannot be used".into(),
        n => format!("{n} entries have an id that cannot be used").into(),
    }
}

fn coverages<T>(
    read: &[Result<(T, Coverage), Error>],
) -> impl Iterator<Item = Result<&Coverage, &Error>> {
    read.iter()
        .map(|one| one.as_ref().map(|(_, coverage)| coverage))
}
