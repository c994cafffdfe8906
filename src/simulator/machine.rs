//! A machine as the estate describes it, with everything that follows from that.

use super::estate::MachineSpec;
use super::site::{UNPROTECTED, guid};
use super::stage::{Stage, stage};

pub(super) struct Machine {
    pub spec: MachineSpec,
    pub name: String,
    pub item: String,
    pub fabric: usize,
    /// `None`: not protected.
    pub stage: Option<&'static Stage>,
    pub windows: bool,
    pub site_ip: String,
    pub azure_ip: String,
    /// The registration of the machine on the site and of the one in Azure.
    pub site_id: String,
    pub azure_id: String,
    pub azure_name: String,
    pub group_id: String,
    pub group_name: String,
    pub salt: String,
}

impl Machine {
    pub fn new(
        mut spec: MachineSpec,
        index: usize,
        fabric: usize,
        seed: u64,
    ) -> Result<Self, String> {
        let found = stage(&spec.stage);
        if found.is_none() && spec.stage != UNPROTECTED {
            return Err(format!(
                "machines[{index}].stage: there is no stage '{}'",
                spec.stage
            ));
        }
        let cannot = |c: char| "/?#%\\".contains(c) || c.is_control();
        if spec
            .item
            .as_deref()
            .is_some_and(|i| i.is_empty() || i.contains(cannot))
        {
            return Err(format!("machines[{index}].item cannot stand in a path"));
        }
        if spec.disks.is_empty() {
            spec.disks.push(40);
        }
        let mut name = spec.name.clone();
        if let Some(bytes) = spec.name_bytes.filter(|_| !name.is_empty()) {
            name = name.repeat(bytes.min(16 << 20) / name.len() + 1);
            let end = (0..=bytes.min(name.len()))
                .rev()
                .find(|i| name.is_char_boundary(*i));
            name.truncate(end.unwrap_or(0));
        }
        let salt = format!("machine {index}");
        let id = |what: &str| guid(seed, &format!("{salt} {what}"));
        let back = found.is_some_and(|s| s.homeward && s.provider != "HyperVReplicaAzure");
        let (vm, replica) = (spec.vm_id.clone(), spec.replica_id.clone());
        let (site_id, azure_id) = if back { (replica, vm) } else { (vm, replica) };
        let safe: String = spec
            .name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
            .take(60)
            .collect();
        let azure_name = spec.azure_name.clone().unwrap_or_else(|| {
            if safe == spec.name {
                safe
            } else {
                format!("{safe}-{}", &id("vm")[..8])
            }
        });
        let (high, low) = (index / 200 % 250, index % 200 + 20);
        let group_id = match &spec.group {
            Some(group) => guid(seed, &format!("group {group}")),
            None => id("group"),
        };
        Ok(Self {
            name,
            item: spec.item.clone().unwrap_or_else(|| id("item")),
            fabric,
            stage: found,
            windows: spec.os.as_deref() != Some("Linux"),
            site_ip: spec
                .ip
                .clone()
                .unwrap_or_else(|| format!("192.168.{}.{low}", high + 5)),
            azure_ip: spec
                .azure_ip
                .clone()
                .unwrap_or_else(|| format!("10.8.{high}.{low}")),
            site_id: site_id.unwrap_or_else(|| id("site")),
            azure_id: azure_id.unwrap_or_else(|| id("azure")),
            azure_name,
            // A group of one carries its own id as its name (asr-rest.md 13).
            group_name: spec.group.clone().unwrap_or_else(|| group_id.clone()),
            group_id,
            salt,
            spec,
        })
    }

    pub fn os(&self) -> &'static str {
        if self.windows { "Windows" } else { "Linux" }
    }

    pub fn os_name(&self) -> &str {
        let usual = if self.windows {
            "Microsoft Windows Server 2019 Datacenter"
        } else {
            "Red Hat Enterprise Linux 8.6"
        };
        self.spec.os_name.as_deref().unwrap_or(usual)
    }

    pub fn agent_version(&self) -> &str {
        self.spec.agent_version.as_deref().unwrap_or("9.55.6765.1")
    }
}
