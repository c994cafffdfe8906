//! The facts of a plan: what readiness judges it by, read all at once.
//!
//! Read is what the plan's machines need and nothing more: the lists of the vaults in which they
//! lie, each machine by itself, its recovery points where it is to be failed back, its Azure VM, and
//! the registrations of the containers that hold classic machines. Each fact stands for itself: what
//! could not be read is unknown, and says why; the others are as good as they are.

mod lists;
mod machine;
mod reason;
mod registered;

use futures::future::join_all;

use super::open::Site;
use crate::azure::Vault;
use crate::domain::Plan;
use crate::readiness::{self, Facts, Findings};

impl Site {
    /// What is known about a plan now. Changes nothing.
    pub async fn facts(&self, plan: &Plan) -> Facts {
        let vaults = self.vaults_of(plan);
        let ids = plan.machines();
        let machines = join_all(ids.iter().map(|id| self.machine_facts(plan, id)));
        let (items, fabrics, vcenters, policies, machines) = tokio::join!(
            self.siblings(&vaults),
            self.fabric_facts(&vaults),
            self.vcenter_facts(&vaults),
            self.policy_facts(&vaults),
            machines
        );
        let mut facts = Facts {
            machines: ids.into_iter().cloned().zip(machines).collect(),
            items,
            fabrics,
            vcenters,
            policies,
        };
        machine::settle_absence(self, &mut facts);
        self.add_registrations(plan, &mut facts).await;
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
