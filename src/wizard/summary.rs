//! A plan in words: what review shows and `plan show` prints.

mod failover;
mod order;
mod recovery;

use crate::domain::infrastructure::Role;
use crate::domain::plan::{
    ClassicTarget, Intent, Location, MachineSettings, ModernisedTarget, Plan, Protected,
    Protection, RetentionUnit, StatementKind, Target,
};
use crate::domain::{ArmId, Offers, Text};

/// A line: how far in, what it is about, what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub indent: usize,
    pub label: Text,
    pub words: Text,
}

/// Lines being gathered; names come from the offers where they know them.
struct Lines<'a> {
    offers: &'a Offers,
    lines: Vec<Line>,
}

/// What a plan says.
#[must_use]
pub fn summary(plan: &Plan, offers: &Offers) -> Vec<Line> {
    let mut lines = Lines {
        offers,
        lines: Vec::new(),
    };
    match plan.intent() {
        Intent::Protect(protection) => lines.protection(protection),
        Intent::FailBack(recovery) => lines.recovery(recovery, plan.intent().sequence().as_ref()),
        Intent::FailOver(failover) => lines.failover(failover, plan.intent().sequence().as_ref()),
        _ => {
            for id in plan.machines() {
                lines.say(0, plan.machine_name(id), plan.intent().word());
            }
        }
    }
    for said in &plan.statements {
        let verb = match said.kind {
            StatementKind::Consent => "consented to by",
            StatementKind::Attestation => "attested to by",
        };
        let words = format!("{verb} {}: {}", said.who, said.why);
        lines.say(0, said.check.clone(), words);
    }
    lines.lines
}

impl Lines<'_> {
    fn say(&mut self, indent: usize, label: impl Into<Text>, words: impl Into<Text>) {
        self.lines.push(Line {
            indent,
            label: label.into(),
            words: words.into(),
        });
    }

    /// A choice, or that nobody made it.
    fn choice(&mut self, label: &str, chosen: Option<Text>) {
        let words = chosen.unwrap_or_else(|| "not chosen yet".into());
        self.say(1, label, words);
    }

    fn setting(&mut self, label: &str, chosen: Option<String>) {
        if let Some(words) = chosen {
            self.say(1, label, words);
        }
    }

    /// A server by its name, where it is known.
    fn server(&self, id: &Text) -> Text {
        let all = self.offers.fabrics.iter().flat_map(|f| &f.components);
        let is = |role: &Role| !matches!(role, Role::VCenter { .. } | Role::ConfigurationServer);
        let mut known = all.filter(|c| is(&c.role));
        let same = |id: &Text, other: &Text| id.as_str().eq_ignore_ascii_case(other.as_str());
        match known.find(|component| same(&component.id, id)) {
            Some(component) => component.name.clone(),
            None => id.clone(),
        }
    }

    fn policy(&self, id: &ArmId) -> Text {
        let known = self.offers.choices.as_ref().map(|c| c.policies.as_slice());
        let known = known.unwrap_or_default().iter().find(|p| p.id == *id);
        known.map_or_else(|| id.name().into(), |policy| policy.name.clone())
    }

    fn account(&self, id: &Text) -> Text {
        let known = self.offers.choices.as_ref().map(|c| c.accounts.as_slice());
        let known = known.unwrap_or_default().iter().find(|a| a.id == *id);
        known.map_or_else(|| id.clone(), |account| account.name.clone())
    }

    fn protection(&mut self, protection: &Protection) {
        for machine in &protection.machines {
            self.protected(machine);
        }
        let kept = &protection.replication;
        if !kept.is_usual() {
            let unit = match kept.retention_unit {
                RetentionUnit::Days => "days",
                RetentionUnit::Hours => "hours",
            };
            let size = kept
                .retention_size
                .map(|size| format!(", at most {size} MB"));
            let words = format!(
                "kept for {} {unit}{}; a consistent point every {} h",
                kept.retention_value,
                size.unwrap_or_default(),
                kept.consistency_interval
            );
            self.say(0, "Replication", words);
        }
        let nat = &protection.nat;
        for (label, address) in [
            ("NAT: process server", &nat.process_server),
            ("NAT: master target", &nat.master_target),
        ] {
            if let Some(address) = address {
                self.say(0, label, address.clone());
            }
        }
    }

    fn protected(&mut self, machine: &Protected) {
        let location = match machine.target.location() {
            Location::Original if matches!(machine.target, Target::Modernised(_)) => {
                "to the VM it came from, or a new one where that is gone".to_owned()
            }
            Location::Original => "to the VM it came from".to_owned(),
            Location::Alternate { vcenter } if vcenter.is_empty() => "to a new VM".to_owned(),
            Location::Alternate { vcenter } => format!("to a new VM on {vcenter}"),
        };
        let location = match &machine.azure_vm {
            Some(vm) => format!("{location}; Azure VM {}", vm.name()),
            None => location,
        };
        self.say(0, machine.name.clone(), location);
        match &machine.target {
            Target::Classic(target) => self.classic(target),
            Target::Modernised(target) => self.modernised(target),
        }
        if machine.offline_temporary {
            self.say(
                1,
                "Temporary disk",
                "taken offline first, by a script in it",
            );
        }
        self.settings(&machine.settings);
    }

    fn classic(&mut self, target: &ClassicTarget) {
        let server = |lines: &Self, id: &Option<Text>| id.as_ref().map(|id| lines.server(id));
        let process_server = server(self, &target.process_server);
        let master_target = server(self, &target.master_target);
        let policy = target.policy.as_ref().map(|id| self.policy(id));
        self.choice("Process server", process_server);
        self.choice("Master target", master_target);
        self.choice("Retention drive", target.retention.clone());
        self.choice("Datastore", target.datastore.clone());
        self.choice("Failback policy", policy);
        let account = target.account.as_ref().map(|id| self.account(id));
        self.setting("Account", account.map(|name| name.to_string()));
    }

    fn modernised(&mut self, target: &ModernisedTarget) {
        let agent = target.reprotect_agent.as_ref().map(|id| self.server(id));
        self.choice("Reprotect agent", agent);
        self.choice("Datastore", target.datastore.clone());
        let storage = target.log_storage.as_ref().map(|id| id.name().into());
        self.choice("Log storage", storage);
    }

    fn settings(&mut self, settings: &MachineSettings) {
        let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        self.setting("CPUs", settings.cpus.map(|n| n.to_string()));
        self.setting("Memory", settings.memory.map(|n| format!("{n} MB")));
        self.setting("Display name", text(&settings.display_name));
        self.setting("Folder", text(&settings.folder));
        for adapter in &settings.adapters {
            let network = adapter.network.as_ref().map(|n| format!("network {n}"));
            let address = adapter.address.as_ref().map(|a| format!("address {a}"));
            let both: Vec<String> = network.into_iter().chain(address).collect();
            self.say(1, format!("Adapter {}", adapter.adapter), both.join(", "));
        }
    }
}
