//! The site as its estate describes it: everything that does not change while it runs.

use std::collections::HashMap;

use super::estate::{EstateFile, FabricKind, FabricSpec, PlanSpec, PolicySpec};
pub(super) use super::machine::Machine;

/// The fabric and the container that stand for Azure in every vault.
pub(super) const AZURE_FABRIC: &str =
    "d49858f157601230a6ac5862fbbc6e63bf38d23ecd96cf953767945d457fe9d5";
pub(super) const AZURE_CONTAINER: &str = "d38048d4-b460-4791-8ece-108395ee8478";
/// A machine that is known to the fabric and not protected.
pub(super) const UNPROTECTED: &str = "unprotected";

pub(super) struct Site {
    pub about: String,
    pub subscription: String,
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
    pub resource_group: String,
    pub vault: String,
    pub location: String,
    pub storage_accounts: Vec<String>,
    pub networks: Vec<String>,
    /// `/Subscriptions/.../vaults/{vault}`: ids in answers begin with a capital S (asr-rest.md 0).
    pub vault_id: String,
    pub group_id: String,
    pub policies: Vec<PolicySpec>,
    pub fabrics: Vec<Fabric>,
    pub machines: Vec<Machine>,
    pub plans: Vec<PlanSpec>,
    /// Indexes of the protected machines, in order.
    pub protected: Vec<usize>,
    by_item: HashMap<(usize, String), usize>,
    by_vm: HashMap<String, usize>,
    pub seed: u64,
}

pub(super) struct Fabric {
    pub spec: FabricSpec,
    pub name: String,
    pub id: String,
    pub internal: String,
    pub container: String,
    pub container_name: String,
    pub container_id: String,
    /// Machines of this fabric: protected, and not.
    pub protected: Vec<usize>,
    pub members: Vec<usize>,
}

/// What connects a fabric with the vault.
pub(super) struct Provider {
    pub id: String,
    pub name: String,
    /// It is not connected.
    pub silent: bool,
}

/// A GUID that follows from the seed and a text.
pub(super) fn guid(seed: u64, text: &str) -> String {
    let space = uuid::Uuid::from_u64_pair(0xfa11_bac0_0000_4000, 0x8000_0000_0000_0000 | seed);
    uuid::Uuid::new_v5(&space, text.as_bytes()).to_string()
}

/// The odd form of ids of the classic servers: `30AE6187-5869-8E44-B8AF6AA66E3ECC8F`.
pub(super) fn host_id(seed: u64, text: &str) -> String {
    let id = guid(seed, text).to_uppercase();
    format!("{}{}", &id[..23], &id[24..])
}

impl Fabric {
    fn new(spec: FabricSpec, vault_id: &str, seed: u64) -> Self {
        let internal = spec
            .internal_id
            .clone()
            .unwrap_or_else(|| guid(seed, &format!("fabric {}", spec.name)));
        let (name, container, container_name) = match spec.kind {
            FabricKind::Vmware | FabricKind::Vmm => {
                let long = format!("{}{}", guid(seed, &internal), guid(seed, &spec.name));
                let name = long.replace('-', "");
                if spec.kind == FabricKind::Vmm {
                    // A cloud goes by an identifier alone (recorded).
                    let cloud = spec.cloud.clone().unwrap_or_else(|| spec.name.clone());
                    (name, guid(seed, &format!("cloud {internal}")), cloud)
                } else {
                    (name, format!("cloud_{internal}"), spec.name.clone())
                }
            }
            FabricKind::Appliance => {
                let container = format!("{}replicationcontainer", spec.name);
                (spec.name.clone(), container.clone(), container)
            }
            FabricKind::Hyperv => (
                spec.name.clone(),
                format!("cloud_{internal}"),
                spec.name.clone(),
            ),
        };
        let name = spec.id.clone().unwrap_or(name);
        let id = format!("{vault_id}/replicationFabrics/{name}");
        let container_id = format!("{id}/replicationProtectionContainers/{container}");
        let (protected, members) = (Vec::new(), Vec::new());
        Self {
            spec,
            name,
            id,
            internal,
            container,
            container_name,
            container_id,
            protected,
            members,
        }
    }

    /// Its providers: of a Hyper-V site one for each host; of the others one that goes by the fabric's own identifier
    /// (recorded).
    pub fn providers(&self, seed: u64) -> Vec<Provider> {
        let one = |name: &str, host| Provider {
            id: if host {
                guid(seed, &format!("provider {} {name}", self.internal))
            } else {
                self.internal.clone()
            },
            name: name.to_owned(),
            silent: self.spec.silent.iter().any(|s| s == name),
        };
        match self.spec.kind {
            FabricKind::Hyperv if !self.spec.hosts.is_empty() => {
                let hosts = self.spec.hosts.iter();
                hosts.map(|host| one(host, true)).collect()
            }
            _ => vec![one(&self.spec.name, false)],
        }
    }

    /// The name of its site in Azure Migrate.
    pub fn vmware_site(&self) -> String {
        format!("{}site", self.name)
    }

    pub fn provider_path(&self, provider: &Provider) -> String {
        let id = &provider.id;
        format!("{}/replicationRecoveryServicesProviders/{id}", self.id)
    }

    pub fn kind_name(&self) -> &'static str {
        match self.spec.kind {
            FabricKind::Vmware => "VMware",
            FabricKind::Appliance => "InMageRcm",
            FabricKind::Hyperv => "HyperVSite",
            FabricKind::Vmm => "VMM",
        }
    }

    /// `primaryFabricProvider` of its items.
    pub fn provider_name(&self) -> &'static str {
        match self.spec.kind {
            FabricKind::Vmware => "InMageFabric",
            FabricKind::Appliance => "InMageRcmFabric",
            FabricKind::Hyperv => "SingleHostHyperVFabric",
            FabricKind::Vmm => "VmmFabric",
        }
    }
}

impl Site {
    pub fn build(estate: EstateFile, seed: u64) -> Result<Self, String> {
        let or = |text: Option<String>, what: &str| text.unwrap_or_else(|| guid(seed, what));
        let subscription = or(estate.subscription, "subscription");
        let resource_group = estate
            .resource_group
            .unwrap_or_else(|| "rg-contoso-dr".into());
        let vault = estate.vault.unwrap_or_else(|| "rsv-contoso-weu".into());
        let vault_id = format!(
            "/Subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.RecoveryServices/vaults/{vault}"
        );
        let or_one = |names: Vec<String>, usual: &str| {
            if names.is_empty() {
                vec![usual.to_owned()]
            } else {
                names
            }
        };
        let mut fabrics: Vec<Fabric> = estate
            .fabrics
            .into_iter()
            .map(|f| Fabric::new(f, &vault_id, seed))
            .collect();
        let names: HashMap<String, usize> = fabrics
            .iter()
            .enumerate()
            .map(|(i, f)| (f.spec.name.clone(), i))
            .collect();
        let mut machines = Vec::with_capacity(estate.machines.len());
        let (mut by_item, mut by_vm, mut protected) = (HashMap::new(), HashMap::new(), Vec::new());
        for (index, spec) in estate.machines.into_iter().enumerate() {
            let fabric = *names.get(&spec.fabric).ok_or_else(|| {
                format!(
                    "machines[{index}].fabric: there is no fabric '{}'",
                    spec.fabric
                )
            })?;
            let machine = Machine::new(spec, index, fabric, seed)?;
            fabrics[fabric].members.push(index);
            if machine.stage.is_some() {
                protected.push(index);
                fabrics[fabric].protected.push(index);
                if by_item
                    .insert((fabric, machine.item.to_lowercase()), index)
                    .is_some()
                {
                    return Err(format!(
                        "machines[{index}].item: '{}' is taken",
                        machine.item
                    ));
                }
            }
            by_vm.insert(machine.azure_name.to_lowercase(), index);
            machines.push(machine);
        }
        Ok(Self {
            about: estate.about,
            tenant: or(estate.tenant, "tenant"),
            client_id: guid(seed, "client"),
            client_secret: format!("sim~{}", guid(seed, "secret").replace('-', "")),
            location: estate.location.unwrap_or_else(|| "westeurope".into()),
            group_id: format!("/subscriptions/{subscription}/resourceGroups/{resource_group}"),
            storage_accounts: or_one(estate.storage_accounts, "stcontosodr"),
            networks: or_one(estate.networks, "vnet-contoso-dr"),
            policies: estate.policies,
            plans: estate.plans,
            subscription,
            resource_group,
            vault,
            vault_id,
            fabrics,
            machines,
            protected,
            by_item,
            by_vm,
            seed,
        })
    }

    pub fn fabric(&self, name: &str) -> Option<&Fabric> {
        self.fabrics
            .iter()
            .find(|f| f.name.eq_ignore_ascii_case(name))
    }

    /// The provider of the host that a machine stands on.
    pub fn provider_of(&self, machine: &Machine, host: Option<&str>) -> (&Fabric, Provider) {
        let wanted = host.or(machine.spec.host.as_deref());
        let all = self.fabrics.iter().flat_map(|fabric| {
            let providers = fabric.providers(self.seed).into_iter();
            providers.map(move |provider| (fabric, provider))
        });
        let own = self.fabric_of(machine);
        let named = { all }.find(|(_, p)| Some(p.name.as_str()) == wanted);
        named.unwrap_or_else(|| (own, own.providers(self.seed).swap_remove(0)))
    }

    /// The machine behind an item's path.
    pub fn machine_at(&self, fabric: &str, container: &str, item: &str) -> Option<usize> {
        let at = self.fabrics.iter().position(|f| {
            f.name.eq_ignore_ascii_case(fabric) && f.container.eq_ignore_ascii_case(container)
        })?;
        self.by_item.get(&(at, item.to_lowercase())).copied()
    }

    pub fn machine_of_vm(&self, vm: &str) -> Option<usize> {
        self.by_vm.get(&vm.to_lowercase()).copied()
    }

    pub fn fabric_of(&self, machine: &Machine) -> &Fabric {
        &self.fabrics[machine.fabric]
    }

    pub fn item_id(&self, machine: &Machine) -> String {
        let container = &self.fabric_of(machine).container_id;
        format!("{container}/replicationProtectedItems/{}", machine.item)
    }

    /// The id of the VM of that name.
    pub fn vm_id(&self, name: &str) -> String {
        let group = &self.group_id;
        format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}")
    }

    /// The container that stands for Azure.
    pub fn azure_container_id(&self) -> String {
        let container = format!("replicationProtectionContainers/{AZURE_CONTAINER}");
        format!(
            "{}/replicationFabrics/{AZURE_FABRIC}/{container}",
            self.vault_id
        )
    }

    pub fn guid(&self, text: &str) -> String {
        guid(self.seed, text)
    }
}
