//! Reading what a plan is judged by, beside the items themselves: registrations, policies, and the
//! Azure VMs.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::identity::Candidate;
use crate::domain::{ArmId, Policy, Registration, Text};

use super::compute::API_VERSION;
use super::error::Error;
use super::pages::{Coverage, one};
use super::send::Arm;
use super::vault::Vault;
use super::wire::{self, Many, Part, Resource, Word};

/// What Compute says of a VM as it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceView {
    /// The word after `PowerState/`; empty when there is none.
    pub power: Text,
    /// Whether the VM agent reports ready; `None` where no agent reports at all.
    pub responsive: Option<bool>,
    /// When Azure last started the VM, or changed it otherwise.
    pub provisioned: Option<Timestamp>,
    /// The system as the VM agent names it; empty without an agent.
    pub os: Text,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct WireView {
    statuses: Many<Status>,
    vm_agent: Part<Agent>,
    os_name: Word,
    os_version: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Agent {
    statuses: Many<Status>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    code: Word,
    display_status: Word,
    time: Word,
}

impl WireView {
    pub(super) fn view(self) -> InstanceView {
        let statuses = &self.statuses.0;
        let after = |prefix: &str| {
            let code = |s: &Status| s.code.as_str().strip_prefix(prefix).map(Text::from);
            statuses.iter().find_map(code)
        };
        let provisioned = statuses
            .iter()
            .find(|s| s.code.as_str().starts_with("ProvisioningState/"));
        let ready = |s: &Status| s.display_status.is("ready");
        let agent = self.vm_agent.0.filter(|agent| !agent.statuses.0.is_empty());
        let os = [self.os_name.as_str(), self.os_version.as_str()];
        InstanceView {
            power: after("PowerState/").unwrap_or_default(),
            responsive: agent.map(|agent| agent.statuses.0.iter().any(ready)),
            provisioned: provisioned.and_then(|s| s.time.time()),
            os: os.join(" ").trim().into(),
        }
    }
}

impl Arm {
    /// An Azure VM as it runs.
    ///
    /// # Errors
    /// When it cannot be read; 404 when nothing is there.
    pub async fn instance(&self, vm: &ArmId) -> Result<InstanceView, Error> {
        let doing = format!("read Azure VM {}", vm.name());
        let path = format!("{vm}/instanceView");
        let answer = self.read_versioned(&doing, &path, API_VERSION).await?;
        one::<WireView>(&doing, &answer.body).map(WireView::view)
    }

    /// The ids of the VMs called `name` in the whole subscription, in whatever resource group.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub async fn virtual_machines(
        &self,
        subscription: &str,
        name: &str,
    ) -> Result<(Vec<ArmId>, Coverage), Error> {
        let doing = "read the Azure VMs of the subscription";
        let path =
            format!("/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines");
        let first = self.read_versioned(doing, &path, API_VERSION).await?;
        let mut found = Vec::new();
        let door = |vm: Resource| vm.id.id();
        let keep = |page: Vec<ArmId>| {
            let same = |vm: &ArmId| vm.name().eq_ignore_ascii_case(name);
            found.extend(page.into_iter().filter(same));
        };
        let coverage = self.pages_from(doing, first, door, keep).await?;
        Ok((found, coverage))
    }

    /// The registrations of a protection container, page by page.
    ///
    /// # Errors
    /// The first failure; pages before it were delivered.
    pub async fn registrations(
        &self,
        container: &ArmId,
        deliver: impl FnMut(Vec<Registration>) + Send,
    ) -> Result<Coverage, Error> {
        let doing = "read the registered machines of the site";
        let path = format!("{container}/replicationProtectableItems");
        self.pages(doing, &path, wire::Protectable::registration, deliver)
            .await
    }

    /// As [`Self::registrations`], with what else tells whose each is.
    ///
    /// # Errors
    /// The first failure.
    pub async fn candidates(
        &self,
        container: &ArmId,
    ) -> Result<(Vec<Arc<Candidate>>, Coverage), Error> {
        let doing = "read the registered machines of the site";
        let path = format!("{container}/replicationProtectableItems");
        let mut all = Vec::new();
        let coverage = self
            .pages(doing, &path, wire::Protectable::candidate, |page| {
                all.extend(page.into_iter().map(Arc::new));
            })
            .await?;
        Ok((all, coverage))
    }

    /// The replication policies of a vault.
    ///
    /// # Errors
    /// The first failure.
    pub async fn policies(&self, vault: &Vault) -> Result<(Vec<Policy>, Coverage), Error> {
        let doing = format!("read the policies of vault {}", vault.name());
        let mut all = Vec::new();
        let path = vault.child("replicationPolicies");
        let coverage = self
            .pages(&doing, &path, wire::Policy::policy, |page| all.extend(page))
            .await?;
        Ok((all, coverage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(json: &str) -> InstanceView {
        serde_json::from_str::<WireView>(json).unwrap().view()
    }

    #[test]
    fn a_vm_without_an_agent_does_not_tell_whether_it_responds() {
        let read = view(
            r#"{"statuses":[{"code":"ProvisioningState/succeeded","time":"2026-03-02T08:00:00Z"},
                {"code":"PowerState/running"}]}"#,
        );
        assert_eq!(read.power.as_str(), "running");
        assert_eq!(read.responsive, None);
        assert!(read.provisioned.is_some());
        assert_eq!(view(r#"{"vmAgent":{"statuses":[]}}"#).responsive, None);
    }

    #[test]
    fn an_agent_that_is_not_ready_does_not_respond() {
        let agent = |word: &str| {
            view(&format!(
                r#"{{"vmAgent":{{"statuses":[{{"displayStatus":{word:?}}}]}}}}"#
            ))
        };
        assert_eq!(agent("Not Ready").responsive, Some(false));
        assert_eq!(agent("Ready").responsive, Some(true));
    }
}
