//! The calls that read what only some generations tell: an item with its particulars, the providers
//! of a vault, an Azure VM with its disks.

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::particulars::{Particulars, Registrar};
use crate::domain::{ArmId, Detail, Machine};

use super::compute::API_VERSION;
use super::error::{Error, Kind, Sent};
use super::pages::{Coverage, one};
use super::readings::{InstanceView, WireView};
use super::send::Arm;
use super::vault::Vault;
use super::wire::{self, Many, Part, Word};

/// An Azure VM with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeVm {
    pub view: InstanceView,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Its managed disks, the system's first.
    pub disks: Vec<ArmId>,
    /// How many disks it has, managed or not.
    pub count: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireVm {
    properties: Part<VmProperties>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VmProperties {
    time_created: Word,
    storage_profile: Part<Storage>,
    instance_view: Part<WireView>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Storage {
    os_disk: Part<VmDisk>,
    data_disks: Many<Part<VmDisk>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VmDisk {
    managed_disk: Part<wire::Resource>,
}

impl WireVm {
    /// `None` when the answer does not tell the disks.
    fn whole(self) -> Option<WholeVm> {
        let p = self.properties.0?;
        let storage = p.storage_profile.0?;
        let data = storage.data_disks.0.into_iter().map(Part::or_empty);
        let all: Vec<VmDisk> = storage
            .os_disk
            .0
            .map(|os| *os)
            .into_iter()
            .chain(data)
            .collect();
        let count = all.len();
        let managed = all.into_iter().filter_map(|d| d.managed_disk.0?.id.id());
        Some(WholeVm {
            view: p.instance_view.or_empty().view(),
            created: p.time_created.time(),
            disks: managed.collect(),
            count,
        })
    }
}

impl Arm {
    /// One machine, with everything that any generation tells of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn machine_to_judge(
        &self,
        id: &ArmId,
    ) -> Result<(Machine, Detail, Particulars), Error> {
        let doing = format!("read machine {}", id.name());
        let answer = self.read(&doing, id.as_str()).await?;
        let item: wire::Item = one(&doing, &answer.body)?;
        let more: wire::ItemParticulars = one(&doing, &answer.body)?;
        let Some((machine, detail)) = item.detailed() else {
            let why = Kind::Garbage("it does not say which machine it is".into());
            return Err(Error::new(&doing, why, Sent::Answered));
        };
        Ok((machine, detail, more.particulars()))
    }

    /// Who speaks for the sites of a vault.
    ///
    /// # Errors
    /// The first failure.
    pub async fn registrars(&self, vault: &Vault) -> Result<(Vec<Registrar>, Coverage), Error> {
        let doing = format!("read the providers of vault {}", vault.name());
        let path = vault.child("replicationRecoveryServicesProviders");
        let mut all = Vec::new();
        let door = wire::WireRegistrar::registrar;
        let coverage = self
            .pages(&doing, &path, door, |page| all.extend(page))
            .await?;
        Ok((all, coverage))
    }

    /// An Azure VM as it runs, with its disks.
    ///
    /// # Errors
    /// When it cannot be read; 404 when nothing is there.
    pub async fn whole_vm(&self, vm: &ArmId) -> Result<WholeVm, Error> {
        let doing = format!("read Azure VM {}", vm.name());
        let path = format!("{vm}?$expand=instanceView");
        let answer = self.read_versioned(&doing, &path, API_VERSION).await?;
        let wire: WireVm = one(&doing, &answer.body)?;
        wire.whole().ok_or_else(|| {
            let why = Kind::Garbage("it does not tell the disks".into());
            Error::new(&doing, why, Sent::Answered)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vm_tells_its_disks_and_how_it_runs_in_one_answer() {
        let text = r#"{"properties":{"timeCreated":"2026-03-02T08:00:00Z","storageProfile":{
            "osDisk":{"managedDisk":{"id":"/subscriptions/s/disks/os"}},
            "dataDisks":[{"managedDisk":{"id":"/subscriptions/s/disks/d"}},{"vhd":{"uri":"x"}}]},
            "instanceView":{"statuses":[{"code":"PowerState/running"}]}}}"#;
        let vm = serde_json::from_str::<WireVm>(text)
            .unwrap()
            .whole()
            .unwrap();
        assert_eq!((vm.count, vm.disks.len()), (3, 2));
        assert_eq!(vm.view.power.as_str(), "running");
        assert!(vm.created.is_some());
    }

    #[test]
    fn an_answer_without_disks_is_no_vm_without_disks() {
        let text = r#"{"properties":{}}"#;
        assert!(
            serde_json::from_str::<WireVm>(text)
                .unwrap()
                .whole()
                .is_none()
        );
    }
}
