//! `ProtectableItem` and `Policy`: what stands beside a protected item.

use serde::Deserialize;

use crate::domain::identity::{Candidate, Power};
use crate::domain::offers::HostVm;
use crate::domain::{self, Discovery, Registration};

use super::leaf::{Many, Part, Word};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Protectable {
    name: Word,
    properties: Part<ProtectableProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProtectableProperties {
    friendly_name: Word,
    replication_protected_item_id: Word,
    custom_details: Part<Custom>,
    supported_replication_providers: Many<Word>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Custom {
    agent_generated_id: Word,
    ip_address: Word,
    powered_on: Word,
    discovery_type: Word,
    source_item_id: Word,
    #[serde(rename = "hyperVHostId")]
    hyper_v_host_id: Word,
}

impl Protectable {
    /// `None` for an entry without a name: nothing can be joined to it.
    #[must_use]
    pub fn registration(self) -> Option<Registration> {
        let p = self.properties.or_empty();
        let custom = p.custom_details.or_empty();
        (!self.name.is_empty()).then(|| Registration {
            id: self.name.text(),
            name: p.friendly_name.text(),
            item: p.replication_protected_item_id.id(),
            agent: custom.agent_generated_id.text().into(),
            address: custom.ip_address.text(),
            discovery: Discovery::of(custom.discovery_type.as_str()),
        })
    }
}

impl Protectable {
    /// As [`Self::registration`], with what else tells whose it is.
    #[must_use]
    pub fn candidate(self) -> Option<Candidate> {
        let (mut power, mut providers) = (Power::NotTold, Vec::new());
        if let Some(p) = &self.properties.0 {
            providers = p
                .supported_replication_providers
                .0
                .iter()
                .map(Word::text)
                .collect();
            if let Some(custom) = &p.custom_details.0 {
                power = Power::of(custom.powered_on.as_str());
            }
        }
        Some(Candidate {
            registration: self.registration()?,
            power,
            providers,
            heartbeat: None,
        })
    }

    /// The machine on its Hyper-V host; `None` where the answer does not say which it is.
    #[must_use]
    pub fn host_vm(self) -> Option<HostVm> {
        let custom = self.properties.or_empty().custom_details.or_empty();
        (!custom.source_item_id.is_empty()).then(|| HostVm {
            id: custom.source_item_id.text(),
            host: custom.hyper_v_host_id.text(),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Policy {
    id: Word,
    name: Word,
    properties: Part<PolicyProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PolicyProperties {
    friendly_name: Word,
    provider_specific_details: Part<PolicyDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PolicyDetails {
    instance_type: Word,
    multi_vm_sync_status: Word,
    recovery_point_threshold_in_minutes: Word,
    recovery_point_history: Word,
    app_consistent_frequency_in_minutes: Word,
}

impl Policy {
    /// `None` when the answer does not even say which one it is.
    #[must_use]
    pub fn policy(self) -> Option<domain::Policy> {
        let id = self.id.id()?;
        let p = self.properties.or_empty();
        let details = p.provider_specific_details.or_empty();
        let name = if p.friendly_name.is_empty() {
            &self.name
        } else {
            &p.friendly_name
        };
        Some(domain::Policy {
            id,
            name: name.text(),
            kind: details.instance_type.text(),
            multi_vm: details.multi_vm_sync_status.text(),
            threshold: details.recovery_point_threshold_in_minutes.number(),
            history: details.recovery_point_history.number(),
            application: details.app_consistent_frequency_in_minutes.number(),
        })
    }
}
