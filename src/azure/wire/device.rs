//! Disks and adapters of a protected item, of every provider laid over each other.

use serde::Deserialize;

use crate::domain::machine::{Adapter, Disk, Waiting};
use crate::domain::plan::AzureAdapter;
use crate::domain::{ArmId, Bytes};

use super::leaf::{Many, Part, Word};

/// The service counts pending data in MB of 2^20 bytes.
const MIB: u64 = 1 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WireDisk {
    disk_name: Word,
    vhd_name: Word,
    disk_capacity_in_bytes: Word,
    capacity_in_bytes: Word,
    #[serde(rename = "maxSizeMB")]
    max_size_mb: Word,
    #[serde(rename = "sourceDataInMB")]
    source_data_in_mb: Word,
    #[serde(rename = "psDataInMB")]
    ps_data_in_mb: Word,
    #[serde(rename = "targetDataInMB")]
    target_data_in_mb: Word,
    #[serde(rename = "dataPendingInLogDataStoreInMB")]
    pending_in_log: Word,
    #[serde(rename = "dataPendingAtSourceAgentInMB")]
    pending_at_source: Word,
    resync_progress_percentage: Word,
    resync_required: Word,
    protection_stage: Word,
    log_storage_account_id: Word,
    ir_details: Part<Progress>,
    resync_details: Part<Progress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Progress {
    progress_percentage: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Nic {
    nic_id: Word,
    mac_address: Word,
    #[serde(rename = "vMNetworkName")]
    vm_network_name: Word,
    network_name: Word,
    source_ip_address: Word,
    adapter_type: Word,
    ip_configs: Many<IpConfig>,
    primary_nic_static_ip_address: Word,
    target_subnet_name: Word,
    #[serde(rename = "targetIPAddress", alias = "targetIpAddress")]
    target_ip_address: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct IpConfig {
    #[serde(rename = "staticIPAddress")]
    static_ip_address: Word,
    #[serde(rename = "recoveryStaticIPAddress")]
    recovery_static_ip_address: Word,
    subnet_name: Word,
    recovery_subnet_name: Word,
    #[serde(rename = "ipAddressType")]
    ip_address_type: Word,
}

impl WireDisk {
    /// Progress of a repeated synchronisation, when one is needed.
    #[must_use]
    pub fn resync_percent(&self) -> Option<u8> {
        let percent = self.resync_progress_percentage.percent();
        percent.filter(|_| self.needs_resync())
    }

    /// The storage account that takes what was written and is not processed yet.
    #[must_use]
    pub fn log_storage(&self) -> Option<ArmId> {
        self.log_storage_account_id.id()
    }

    fn needs_resync(&self) -> bool {
        self.resync_required.is("true") || self.resync_required.is("required")
    }

    /// Progress of the synchronisation under way; a disk that merely keeps up has none.
    fn sync_percent(&self) -> Option<u8> {
        let of = |part: &Part<Progress>| {
            part.0
                .as_ref()
                .and_then(|p| p.progress_percentage.percent())
        };
        if self.protection_stage.is("DifferentialSync") {
            return None;
        }
        of(&self.ir_details)
            .or_else(|| of(&self.resync_details))
            .or_else(|| self.resync_progress_percentage.percent())
    }

    /// The disk as the domain knows it.
    #[must_use]
    pub fn disk(&self) -> Disk {
        let pending: Vec<_> = [
            &self.source_data_in_mb,
            &self.ps_data_in_mb,
            &self.target_data_in_mb,
            &self.pending_in_log,
            &self.pending_at_source,
        ]
        .into_iter()
        .filter_map(|word| word.scaled(MIB))
        .collect();
        let name = if self.disk_name.is_empty() {
            &self.vhd_name
        } else {
            &self.disk_name
        };
        Disk {
            name: name.text(),
            capacity: self
                .disk_capacity_in_bytes
                .bytes()
                .or_else(|| self.capacity_in_bytes.bytes())
                .or_else(|| self.max_size_mb.scaled(MIB)),
            pending: (!pending.is_empty())
                .then(|| Bytes(pending.iter().fold(0, |sum, b| sum.saturating_add(b.0)))),
            waiting: Waiting {
                source: self.source_data_in_mb.scaled(MIB),
                process_server: self.ps_data_in_mb.scaled(MIB),
                target: self.target_data_in_mb.scaled(MIB),
            },
            sync_percent: self.sync_percent(),
            resync: self.needs_resync(),
            stage: self.protection_stage.text(),
        }
    }
}

impl Nic {
    /// What it is to be in Azure.
    #[must_use]
    pub fn in_azure(&self) -> AzureAdapter {
        let first = self.ip_configs.0.first();
        let either = |own: &Word, pick: fn(&IpConfig) -> &Word| {
            let word = match own.is_empty() {
                true => first.map(pick).unwrap_or(own),
                false => own,
            };
            (!word.is_empty()).then(|| word.text())
        };
        AzureAdapter {
            id: self.nic_id.text(),
            subnet: either(&self.target_subnet_name, |c| &c.recovery_subnet_name),
            address: either(&self.target_ip_address, |c| &c.recovery_static_ip_address),
        }
    }

    /// The adapter as the domain knows it.
    #[must_use]
    pub fn adapter(&self) -> Adapter {
        let first = self.ip_configs.0.first();
        let config = |pick: fn(&IpConfig) -> &Word| first.map(pick).filter(|w| !w.is_empty());
        let or = |a: &Word, b: &Word| if a.is_empty() { b.text() } else { a.text() };
        let address = [&self.source_ip_address, &self.primary_nic_static_ip_address]
            .into_iter()
            .find(|word| !word.is_empty())
            .or_else(|| config(|c| &c.static_ip_address))
            .or_else(|| config(|c| &c.recovery_static_ip_address));
        let kind = config(|c| &c.ip_address_type).unwrap_or(&self.adapter_type);
        let network = or(&self.vm_network_name, &self.network_name);
        Adapter {
            id: or(&self.nic_id, &self.mac_address),
            network: if network.is_empty() {
                config(|c| &c.subnet_name)
                    .map(Word::text)
                    .unwrap_or_default()
            } else {
                network
            },
            address: address.map(Word::text).unwrap_or_default(),
            kind: kind.text(),
        }
    }
}
