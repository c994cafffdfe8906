//! From a draft to a plan, with every default filled in.

use std::collections::BTreeMap;

use super::ask::words::{
    ALTERNATE, FULL_DOWNLOAD, HOOK, HOURS, LATEST, LATEST_APPLICATION, NOW, OFFLINE,
};
use super::field::Field;
use super::question::Key;
use super::walk::Walk;
use crate::domain::offers::Offered;
use crate::domain::plan::{
    AdapterSetting, ClassicTarget, Drain, Fault, HyperVReturn, Intent, Location, MachineSettings,
    Minutes, ModernisedTarget, Nat, Plan, PlanName, PointChoice, Protected, Protection, Quiesce,
    Recovered, Recovery, Replication, RetentionUnit, Synchronisation, Target, Wave,
};
use crate::domain::{Answer, ArmId, Provider, Text, WizardKind};

/// What the wizard made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub plan: Plan,
    /// Whether it is to be started once it is kept.
    pub now: bool,
}

impl Walk<'_> {
    /// The plan as it stands, for readiness and review: what nobody chose yet is missing in it.
    ///
    /// # Errors
    /// What no plan can be made of, such as no machines.
    pub fn plan(&self) -> Result<Plan, Fault> {
        let name = PlanName::parse(self.words(Field::Name, None).as_str())?;
        let intent = match self.wizard() {
            WizardKind::Protect => Intent::Protect(self.protection()),
            WizardKind::Recover => Intent::FailBack(self.recovery()),
            WizardKind::FailOver => Intent::FailOver(self.failover()),
        };
        let mut plan = Plan::new(name, intent)?;
        plan.statements.clone_from(&self.draft.statements);
        Ok(plan)
    }

    /// The finished plan.
    ///
    /// # Errors
    /// Everything that is still wrong or missing, a sentence each.
    pub fn finish(&self) -> Result<Finished, Vec<String>> {
        let faults = self.all_faults();
        if !faults.is_empty() {
            let words = |(_, key, why): (_, Key, String)| self.fault_words(&key, &why);
            return Err(faults.into_iter().map(words).collect());
        }
        let plan = self.plan().map_err(|fault| vec![fault.to_string()])?;
        let now = self.words(Field::Start, None).as_str() == NOW;
        Ok(Finished { plan, now })
    }

    /// A fault with the name of its field, as answers files write it.
    #[must_use]
    pub fn fault_words(&self, key: &Key, why: &str) -> String {
        let machine = key.machine.as_ref().and_then(|id| self.offers.machine(id));
        match machine {
            Some(offered) => format!("{} of {}: {why}", key.name(), offered.machine.name),
            None => format!("{}: {why}", key.name()),
        }
    }

    pub(super) fn number(&self, key: &Key) -> Option<u64> {
        self.value(key)?.number()
    }

    /// A chosen value; `None` for nothing.
    pub(super) fn chosen(&self, field: Field, machine: &ArmId) -> Option<Text> {
        let words = self.words(field, Some(machine));
        (!words.is_empty()).then_some(words)
    }

    fn protection(&self) -> Protection {
        let nat = |field| Some(self.words(field, None)).filter(|words| !words.is_empty());
        let machines = self.machines();
        let machines = machines.iter().map(|offered| Protected {
            id: offered.id().clone(),
            name: offered.machine.name.clone(),
            azure_vm: offered.machine.azure_vm.clone(),
            target: match offered.machine.provider() {
                Provider::Modernised => Target::Modernised(self.modernised(offered.id())),
                _ => Target::Classic(self.target(offered.id())),
            },
            offline_temporary: offered.machine.provider() == Provider::Classic
                && self
                    .words(Field::OfflineTemporary, Some(offered.id()))
                    .as_str()
                    == OFFLINE,
            settings: self.settings(offered),
        });
        Protection {
            replication: self.replication(),
            nat: Nat {
                process_server: nat(Field::NatProcessServer),
                master_target: nat(Field::NatMasterTarget),
            },
            machines: machines.collect(),
        }
    }

    fn target(&self, id: &ArmId) -> ClassicTarget {
        let location = match self.words(Field::Location, Some(id)).as_str() {
            ALTERNATE => Location::Alternate {
                vcenter: self.words(Field::VCenter, Some(id)),
            },
            _ => Location::Original,
        };
        ClassicTarget {
            location,
            process_server: self.chosen(Field::ProcessServer, id),
            master_target: self.chosen(Field::MasterTarget, id),
            retention: self.chosen(Field::Retention, id),
            datastore: self.chosen(Field::Datastore, id),
            account: self.chosen(Field::Account, id),
            policy: ArmId::parse(self.words(Field::Policy, Some(id)).as_str()),
        }
    }

    fn modernised(&self, id: &ArmId) -> ModernisedTarget {
        ModernisedTarget {
            location: Location::Original,
            reprotect_agent: self.chosen(Field::ReprotectAgent, id),
            datastore: self.chosen(Field::AgentDatastore, id),
            log_storage: ArmId::parse(self.words(Field::LogStorage, Some(id)).as_str()),
        }
    }

    fn replication(&self) -> Replication {
        let usual = Replication::default();
        let number = |field, usual: u32| {
            let number = self.number(&Key::plan(field));
            number.and_then(|n| u32::try_from(n).ok()).unwrap_or(usual)
        };
        Replication {
            retention_size: self.number(&Key::plan(Field::RetentionSize)),
            retention_value: number(Field::RetentionValue, usual.retention_value),
            retention_unit: match self.words(Field::RetentionUnit, None).as_str() {
                HOURS => RetentionUnit::Hours,
                _ => RetentionUnit::Days,
            },
            consistency_interval: number(Field::ConsistencyInterval, usual.consistency_interval),
        }
    }

    fn settings(&self, offered: &Offered) -> MachineSettings {
        let id = offered.id();
        let adapters = offered.detail().map(|d| d.adapters.as_slice());
        let own = |field, adapter: &Text| {
            let key = Key {
                part: Some(adapter.clone()),
                ..Key::of(field, id)
            };
            match self.value(&key) {
                Some(Answer::Words(words)) if !words.is_empty() => Some(words),
                _ => None,
            }
        };
        let adapters = adapters.unwrap_or_default().iter().map(|a| AdapterSetting {
            adapter: a.id.clone(),
            network: own(Field::Network, &a.id),
            address: own(Field::Address, &a.id),
        });
        let changed = |a: &AdapterSetting| a.network.is_some() || a.address.is_some();
        MachineSettings {
            adapters: adapters.filter(changed).collect(),
            cpus: self
                .number(&Key::of(Field::Cpus, id))
                .and_then(|n| u32::try_from(n).ok()),
            memory: self.number(&Key::of(Field::Memory, id)),
            display_name: self.chosen(Field::DisplayName, id),
            folder: self.chosen(Field::Folder, id),
        }
    }

    fn recovery(&self) -> Recovery {
        let minutes = |key: &Key| {
            let number = self.number(key).and_then(|n| u32::try_from(n).ok());
            number.map_or_else(Minutes::default, Minutes)
        };
        let common = |field| Key::plan(field);
        Recovery {
            point: self.point(&common(Field::Point)),
            quiesce: self.quiesce(&common(Field::Quiesce)),
            drain: Drain {
                limit: minutes(&common(Field::DrainLimit)),
            },
            stop_azure_vm_first: self
                .value(&common(Field::StopAzureVmFirst))
                .and_then(|answer| answer.yes())
                .unwrap_or(false),
            order: self.plan_order(),
            commit_window: self.commit_window(),
            waves: self.waves(|offered| self.recovered(offered)),
        }
    }

    /// The machines by their waves, in order.
    pub(super) fn waves<M>(&self, machine: impl Fn(&Offered) -> M) -> Vec<Wave<M>> {
        let mut waves: BTreeMap<u64, Vec<M>> = BTreeMap::new();
        for offered in self.machines() {
            let number = self.number(&Key::of(Field::Wave, offered.id()));
            let wave = waves.entry(number.unwrap_or(1)).or_default();
            wave.push(machine(offered));
        }
        let waves = waves.into_iter().map(|(number, machines)| Wave {
            machines,
            hooks: self.around_wave(number),
        });
        waves.collect()
    }

    fn recovered(&self, offered: &Offered) -> Recovered {
        let id = offered.id();
        let has_own = |field| self.given(&Key::of(field, id)).is_some();
        let hooked = [Field::Quiesce, Field::Command, Field::CommandLimit];
        let chosen = ArmId::parse(self.words(Field::AzureVm, Some(id)).as_str());
        Recovered {
            id: id.clone(),
            name: offered.machine.name.clone(),
            point: has_own(Field::Point).then(|| self.point(&Key::of(Field::Point, id))),
            quiesce: hooked
                .iter()
                .any(|field| has_own(*field))
                .then(|| self.quiesce(&Key::of(Field::Quiesce, id))),
            azure_vm: offered.machine.azure_vm.clone().or(chosen),
            hyper_v: (offered.machine.provider() == Provider::HyperV).then(|| self.hyper_v(id)),
            order: self.machine_order(offered),
        }
    }

    fn hyper_v(&self, id: &ArmId) -> HyperVReturn {
        let create = self.value(&Key::of(Field::CreateVm, id));
        HyperVReturn {
            synchronisation: match self.words(Field::DataSync, Some(id)).as_str() {
                FULL_DOWNLOAD => Synchronisation::FullDownload,
                _ => Synchronisation::BeforeFailover,
            },
            create_vm: create.and_then(|answer| answer.yes()).unwrap_or(false),
            host: ArmId::parse(self.words(Field::Host, Some(id)).as_str()),
        }
    }

    fn point(&self, key: &Key) -> PointChoice {
        let name = match self.value(key) {
            Some(Answer::Words(name)) => name,
            _ => return PointChoice::Latest,
        };
        let machine = key.machine.as_ref().and_then(|id| self.offers.machine(id));
        let points = machine
            .and_then(Offered::detail)
            .map(|d| d.points.as_slice());
        let known = points.unwrap_or_default().iter().find(|p| p.name == name);
        match (known, name.as_str()) {
            (Some(point), _) => PointChoice::Custom {
                name: point.name.clone(),
                time: point.time,
            },
            (None, LATEST) => PointChoice::Latest,
            (None, LATEST_APPLICATION) => PointChoice::LatestApplication,
            // Never another one than was chosen: that it is gone is a fault, and readiness says so.
            (None, _) => PointChoice::Custom { name, time: None },
        }
    }

    fn quiesce(&self, key: &Key) -> Quiesce {
        let at = |field| Key {
            field,
            ..key.clone()
        };
        let hooked = matches!(self.value(key), Some(Answer::Words(w)) if w.as_str() == HOOK);
        let command = match self.value(&at(Field::Command)) {
            Some(Answer::List(words)) => words,
            _ => Vec::new(),
        };
        if !hooked || command.is_empty() {
            return Quiesce::Person;
        }
        let limit = self.number(&at(Field::CommandLimit)).unwrap_or(10);
        Quiesce::Hook {
            command: command.iter().map(ToString::to_string).collect(),
            limit: Minutes(u32::try_from(limit).unwrap_or(10)),
        }
    }
}
