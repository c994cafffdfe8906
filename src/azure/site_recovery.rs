//! The calls of Site Recovery that read.

use crate::domain::infrastructure::{self, Component};
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{self, ArmId, Detail, JobId, Machine, Problem};

use super::error::{Error, Kind, Sent};
use super::pages::{Coverage, one, read_page};
use super::send::Arm;
use super::vault::Vault;
use super::wire;

/// Most jobs that are kept of a vault's history.
const MOST_JOBS: usize = 2_000;

impl Arm {
    /// Looks whether the vault is there and may be read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn vault(&self, vault: &Vault) -> Result<Coverage, Error> {
        let doing = format!("read vault {}", vault.name());
        // Vaults have an api version of their own (asr-rest.md 1).
        let answer = self
            .read_versioned(&doing, vault.id().as_str(), "2024-04-01")
            .await?;
        let _: wire::Resource = one(&doing, &answer.body)?;
        Ok(Coverage {
            read_at: answer.date(),
            ..Coverage::default()
        })
    }

    /// Every protected item of a vault, shallow, in pages.
    ///
    /// # Errors
    /// The first failure; pages before it were delivered.
    pub async fn machines(
        &self,
        vault: &Vault,
        deliver: impl FnMut(Vec<Machine>) + Send,
    ) -> Result<Coverage, Error> {
        let doing = format!("read the machines of vault {}", vault.name());
        let path = vault.child("replicationProtectedItems");
        self.pages(&doing, &path, wire::Item::machine, deliver)
            .await
    }

    /// One machine, with everything that only a deep read tells.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn machine(&self, id: &ArmId) -> Result<(Machine, Detail), Error> {
        let doing = format!("read machine {}", id.name());
        let answer = self.read(&doing, id.as_str()).await?;
        let item: wire::Item = one(&doing, &answer.body)?;
        item.detailed().ok_or_else(|| unnamed(&doing, "machine"))
    }

    /// The recovery points of a machine that have addresses of their own, newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn recovery_points(&self, id: &ArmId) -> Result<Vec<RecoveryPoint>, Error> {
        let doing = format!("read the recovery points of {}", id.name());
        let mut points = Vec::new();
        let path = format!("{id}/recoveryPoints");
        let door = |point: wire::RecoveryPoint| Some(point.point());
        self.pages(&doing, &path, door, |page| points.extend(page))
            .await?;
        points.sort_by_key(|point| std::cmp::Reverse(point.time));
        Ok(points)
    }

    /// The fabrics of a vault with everything that stands in them.
    ///
    /// # Errors
    /// The first failure.
    pub async fn fabrics(
        &self,
        vault: &Vault,
    ) -> Result<(Vec<infrastructure::Fabric>, Coverage), Error> {
        let doing = format!("read the infrastructure of vault {}", vault.name());
        let mut all = Vec::new();
        let path = vault.child("replicationFabrics");
        let coverage = self
            .pages(&doing, &path, wire::Fabric::fabric, |page| all.extend(page))
            .await?;
        Ok((all, coverage))
    }

    /// The vCenters of a vault, each with the name of its fabric.
    ///
    /// # Errors
    /// The first failure.
    pub async fn vcenters(
        &self,
        vault: &Vault,
    ) -> Result<(Vec<(String, Component)>, Coverage), Error> {
        let doing = format!("read the vCenters of vault {}", vault.name());
        let mut all = Vec::new();
        let path = vault.child("replicationvCenters");
        let door = |vcenter: wire::VCenter| Some(vcenter.component());
        let coverage = self
            .pages(&doing, &path, door, |page| all.extend(page))
            .await?;
        Ok((all, coverage))
    }

    /// What a vault itself complains about.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn vault_problems(&self, vault: &Vault) -> Result<(Vec<Problem>, Coverage), Error> {
        let doing = format!("read the health of vault {}", vault.name());
        let answer = self
            .read(&doing, &vault.child("replicationVaultHealth"))
            .await?;
        let health: wire::VaultHealth = one(&doing, &answer.body)?;
        let coverage = Coverage {
            read_at: answer.date(),
            ..Coverage::default()
        };
        let problems = health.problems().ok_or_else(|| {
            let why = Kind::Garbage("it does not say how the vault is".into());
            Error::new(&doing, why, Sent::Answered)
        })?;
        Ok((problems, coverage))
    }

    /// The jobs of a vault, shallow, newest first.
    ///
    /// # Errors
    /// The first failure.
    pub async fn jobs(&self, vault: &Vault) -> Result<(Vec<domain::Job>, Coverage), Error> {
        let doing = format!("read the jobs of vault {}", vault.name());
        let mut all: Vec<domain::Job> = Vec::new();
        let path = vault.child("replicationJobs");
        let keep = |page: Vec<domain::Job>| {
            all.extend(page);
            if all.len() > 2 * MOST_JOBS {
                all.sort_by_key(|job| std::cmp::Reverse(job.start));
                all.truncate(MOST_JOBS);
            }
        };
        let coverage = self.pages(&doing, &path, wire::Job::job, keep).await?;
        all.sort_by_key(|job| std::cmp::Reverse(job.start));
        all.truncate(MOST_JOBS);
        Ok((all, coverage))
    }

    /// One job with its tasks and errors.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn job(&self, vault: &Vault, job: &JobId) -> Result<domain::Job, Error> {
        let doing = format!("read job {job}");
        let answer = self
            .read(&doing, &vault.child(&format!("replicationJobs/{job}")))
            .await?;
        let job: wire::Job = one(&doing, &answer.body)?;
        job.job().ok_or_else(|| unnamed(&doing, "job"))
    }
}

/// How many machines a page of protected items holds: what a reading does with a page that is there
/// already, for the benchmark.
///
/// # Errors
/// When it is no such page.
pub fn machines_on(page: &[u8]) -> Result<usize, String> {
    read_page(page, wire::Item::machine).map(|machines| machines.len())
}

fn unnamed(doing: &str, what: &str) -> Error {
    let why = Kind::Garbage(format!("it does not say which {what} it is"));
    Error::new(doing, why, Sent::Answered)
}
