//! What is read by the vault: items, fabrics, vCenters, policies. A list is known when it was read to
//! its end in every vault that the plan touches.

use std::future::Future;

use futures::future::join_all;

use super::reason;
use crate::azure::{Coverage, Error, Vault};
use crate::domain::infrastructure::{Component, Fabric, Role};
use crate::domain::particulars::Registrar;
use crate::domain::{Job, Level, Machine, Policy};
use crate::readiness::facts::{Fact, Sibling, Source, VCenter};
use crate::site::Site;

impl Site {
    pub(super) async fn items(&self, vaults: &[&Vault]) -> Fact<Vec<Machine>> {
        self.of_all(Source::Items, vaults, async |vault| {
            let mut all = Vec::new();
            let keep = |page: Vec<Machine>| all.extend(page);
            let coverage = self.arm.machines(vault, keep).await?;
            Ok((all, coverage))
        })
        .await
    }

    pub(super) async fn fabric_facts(&self, vaults: &[&Vault]) -> Fact<Vec<Fabric>> {
        self.of_all(Source::Fabrics, vaults, |vault| self.arm.fabrics(vault))
            .await
    }

    pub(super) async fn policy_facts(&self, vaults: &[&Vault]) -> Fact<Vec<Policy>> {
        self.of_all(Source::Policies, vaults, |vault| self.arm.policies(vault))
            .await
    }

    pub(super) async fn vcenter_facts(&self, vaults: &[&Vault]) -> Fact<Vec<VCenter>> {
        self.of_all(Source::VCenters, vaults, async |vault| {
            let (all, coverage) = self.arm.vcenters(vault).await?;
            Ok((all.into_iter().map(vcenter).collect(), coverage))
        })
        .await
    }

    pub(super) async fn registrar_facts(&self, vaults: &[&Vault]) -> Fact<Vec<Registrar>> {
        self.of_all(Source::Registrars, vaults, |vault| {
            self.arm.registrars(vault)
        })
        .await
    }

    pub(super) async fn job_facts(&self, vaults: &[&Vault]) -> Fact<Vec<Job>> {
        self.of_all(Source::Jobs, vaults, |vault| self.arm.jobs(vault))
            .await
    }

    /// One list over all vaults, as old as its oldest part.
    async fn of_all<'a, T, R>(
        &self,
        source: Source,
        vaults: &[&'a Vault],
        read: impl Fn(&'a Vault) -> R,
    ) -> Fact<Vec<T>>
    where
        R: Future<Output = Result<(Vec<T>, Coverage), Error>>,
    {
        if vaults.is_empty() {
            return Fact::unknown(reason::NO_VAULT);
        }
        let mut value = Vec::new();
        let mut oldest = None;
        for answer in join_all(vaults.iter().copied().map(read)).await {
            let (page, coverage) = match answer {
                Ok(read) => read,
                Err(error) => return Fact::unknown(reason::of(&error)),
            };
            if let Some(why) = reason::incomplete(&coverage) {
                return Fact::unknown(why);
            }
            let at = coverage.read_at.unwrap_or_else(|| self.arm.service_now());
            oldest = Some(oldest.map_or(at, |oldest| at.min(oldest)));
            value.extend(page);
        }
        Fact::Known {
            value,
            source,
            read_at: oldest.unwrap_or_else(|| self.arm.service_now()),
        }
    }
}

/// As far as groups care.
pub(super) fn siblings(items: &Fact<Vec<Machine>>) -> Fact<Vec<Sibling>> {
    let sibling = |machine: &Machine| Sibling {
        id: machine.id.clone(),
        name: machine.name.clone(),
        group_id: machine.group_id.clone(),
        os: machine.os.clone(),
    };
    match items {
        Fact::Known {
            value,
            source,
            read_at,
        } => Fact::Known {
            value: value.iter().map(sibling).collect(),
            source: *source,
            read_at: *read_at,
        },
        Fact::Unknown { reason } => Fact::unknown(reason.clone()),
    }
}

fn vcenter((fabric, component): (String, Component)) -> VCenter {
    let errors = component.problems.into_iter();
    let errors = errors.filter(|problem| problem.level == Level::Error);
    VCenter {
        fabric: fabric.into(),
        name: component.name,
        discovery: match component.role {
            Role::VCenter { discovery } => discovery,
            _ => "".into(),
        },
        heartbeat: component.heartbeat,
        errors: errors.map(|problem| problem.message).collect(),
    }
}
