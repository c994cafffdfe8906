//! The facts of a plan: what readiness judges it by, read all at once.
//!
//! Read is what the plan's machines need and nothing more (`needs`): the lists of the vaults in which
//! they lie, each machine by itself, its recovery points where one is to be chosen, its Azure VM, the
//! registrations of the containers that hold classic machines, and who speaks for Hyper-V. Each fact
//! stands for itself: what could not be read is unknown, and says why; the others are as good as they
//! are.

mod azure_vm;
mod lists;
mod machine;
mod needs;
mod programs;
mod reason;
mod records;
mod registered;

use std::future::Future;

use futures::future::join_all;

use super::open::Site;
use crate::azure::Vault;
use crate::domain::plan::Intent;
use crate::domain::{Machine, Plan, Provider};
use crate::readiness::facts::Source;
use crate::readiness::{self, Fact, Facts, Findings, Purpose};
use crate::site::Evidence;
use needs::Needs;
pub(super) use reason::{incomplete, of as reason_of};

/// What a plan needs, read; what it does not, left alone.
async fn wanted<T>(needed: bool, reading: impl Future<Output = Fact<T>>) -> Fact<T> {
    match needed {
        true => reading.await,
        false => Fact::unknown(reason::NOT_NEEDED),
    }
}

impl Site {
    /// What is known about a plan now. Changes nothing.
    pub async fn facts(&self, plan: &Plan) -> Facts {
        self.facts_with(plan, &Evidence::default()).await
    }

    /// The same, with what the agents' own files said beside what is kept of them.
    pub async fn facts_with(&self, plan: &Plan, evidence: &Evidence) -> Facts {
        let vaults = self.vaults_of(plan);
        // Who is who is judged of what is to be protected alone.
        let evidence = match plan.intent() {
            Intent::Protect(_) => self.kept_evidence().await.and(evidence),
            _ => Evidence::default(),
        };
        let needs = Needs::of(Purpose::of(plan.intent()));
        let ids = plan.machines();
        let machines = join_all(ids.iter().map(|id| self.machine_facts(plan, needs, id)));
        let (items, fabrics, vcenters, policies, jobs, machines) = tokio::join!(
            wanted(needs.items, self.items(&vaults)),
            wanted(needs.fabrics, self.fabric_facts(&vaults)),
            wanted(needs.classic, self.vcenter_facts(&vaults)),
            wanted(needs.classic, self.policy_facts(&vaults)),
            wanted(needs.jobs, self.job_facts(&vaults)),
            machines
        );
        let mut facts = Facts {
            machines: ids.into_iter().cloned().zip(machines).collect(),
            items: lists::siblings(&items),
            fabrics,
            vcenters,
            policies,
            jobs,
            programs: self.told(programs::programs(plan), Source::Here),
            registrars: Fact::unknown(reason::NOT_NEEDED),
        };
        machine::settle_absence(self, &mut facts);
        let hyper_v = facts.machines.values().filter_map(machine::protected);
        if needs.registrars
            && hyper_v
                .map(Machine::provider)
                .any(|p| p == Provider::HyperV)
        {
            facts.registrars = self.registrar_facts(&vaults).await;
        }
        self.add_registrations(plan, &items, &evidence, &mut facts)
            .await;
        facts
    }

    /// Whether a plan can be carried out now: its facts, judged.
    pub async fn check(&self, plan: &Plan) -> Findings {
        readiness::evaluate(plan, &self.facts(plan).await)
    }

    /// The vaults of this site in which the plan's machines lie.
    fn vaults_of(&self, plan: &Plan) -> Vec<&Vault> {
        let ids = plan.machines();
        let holds = |vault: &&Vault| ids.iter().any(|id| self.vault_of(id) == Some(*vault));
        self.vaults.iter().filter(holds).collect()
    }
}
