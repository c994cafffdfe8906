//! Where machines are protected to: what a reprotect needs beside the machine.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ArmId;
use crate::domain::text::Text;

use super::settings::{MachineSettings, Nat, Replication};

/// A protection plan's machines, in the order in which they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Protection {
    #[serde(default)]
    pub replication: Replication,
    #[serde(default)]
    pub nat: Nat,
    pub machines: Vec<Protected>,
}

/// One machine of a protection plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Protected {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    /// The VM that it is in Azure. After a reprotect a classic machine no longer tells it
    /// (asr-rest.md 8): a recovery takes it from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure_vm: Option<ArmId>,
    pub target: Target,
    /// Take the temporary disk that Azure lends out of use before, so that it is not protected \[000\].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline_temporary: bool,
    #[serde(default)]
    pub settings: MachineSettings,
}

/// The target, by generation. `None` is a choice nobody made yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Target {
    Classic(ClassicTarget),
    Modernised(ModernisedTarget),
}

/// What the `InMage` reprotect input wants (asr-rest.md 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClassicTarget {
    pub location: Location,
    /// The process server's id.
    pub process_server: Option<Text>,
    /// The master target's id.
    pub master_target: Option<Text>,
    /// The retention volume on the master target: `R:\`, `/mnt/retention`.
    pub retention: Option<Text>,
    pub datastore: Option<Text>,
    /// The account that installs the agent.
    pub account: Option<Text>,
    /// The failback policy; there may be several candidates (asr-rest.md 13).
    pub policy: Option<ArmId>,
}

/// What the `InMageRcm` reprotect input wants; no policy: the service chooses (asr-rest.md 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModernisedTarget {
    pub location: Location,
    pub reprotect_agent: Option<Text>,
    pub datastore: Option<Text>,
    pub log_storage: Option<ArmId>,
}

/// Whether the machine goes home to the VM it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Location {
    Original,
    /// A new VM, on the vCenter of that name; empty where there is none.
    Alternate {
        vcenter: Text,
    },
}

impl Protection {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Protected> {
        self.machines.iter().find(|machine| machine.id == *id)
    }

    /// The machines whose target is the master target or reprotect agent `server`.
    pub fn users<'a>(&'a self, server: &'a str) -> impl Iterator<Item = &'a Protected> {
        let same = move |chosen: &&str| chosen.eq_ignore_ascii_case(server);
        self.machines
            .iter()
            .filter(move |m| m.target.server().filter(same).is_some())
    }

    pub(super) fn words(&self, id: &ArmId) -> Option<Vec<String>> {
        let own = self.machine(id)?;
        let mut words = vec![own.id.as_str().to_ascii_lowercase()];
        words.extend(own.target.words());
        if own.offline_temporary {
            words.push("without-temporary-disk".into());
        }
        words.extend(own.settings.words());
        words.extend(self.replication.words());
        words.extend(self.nat.words());
        Some(words)
    }
}

impl Target {
    #[must_use]
    pub fn location(&self) -> &Location {
        match self {
            Self::Classic(t) => &t.location,
            Self::Modernised(t) => &t.location,
        }
    }

    /// The master target or the reprotect agent.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        match self {
            Self::Classic(t) => t.master_target.as_ref(),
            Self::Modernised(t) => t.reprotect_agent.as_ref(),
        }
        .map(Text::as_str)
    }

    /// The choices that are needed and were not made, as the trade calls them.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let wanted: Vec<(&'static str, bool)> = match self {
            Self::Classic(t) => vec![
                ("process server", t.process_server.is_some()),
                ("master target", t.master_target.is_some()),
                ("retention drive", t.retention.is_some()),
                ("datastore", t.datastore.is_some()),
                ("failback policy", t.policy.is_some()),
            ],
            Self::Modernised(t) => vec![
                ("reprotect agent", t.reprotect_agent.is_some()),
                ("datastore", t.datastore.is_some()),
                ("log storage account", t.log_storage.is_some()),
            ],
        };
        let missing = wanted.into_iter().filter(|(_, chosen)| !chosen);
        missing.map(|(name, _)| name).collect()
    }

    fn words(&self) -> Vec<String> {
        let text = |t: &Option<Text>| t.as_ref().map_or("-".into(), |t| format!("={t}"));
        let id = |i: &Option<ArmId>| i.as_ref().map_or("-".into(), |i| format!("={i}"));
        let location = match self.location() {
            Location::Original => "original".into(),
            Location::Alternate { vcenter } => format!("alternate={vcenter}"),
        };
        let chosen = match self {
            Self::Classic(t) => vec![
                "classic".into(),
                text(&t.process_server),
                text(&t.master_target),
                text(&t.retention),
                text(&t.datastore),
                text(&t.account),
                id(&t.policy).to_ascii_lowercase(),
            ],
            Self::Modernised(t) => vec![
                "modernised".into(),
                text(&t.reprotect_agent),
                text(&t.datastore),
                id(&t.log_storage).to_ascii_lowercase(),
            ],
        };
        std::iter::once(location).chain(chosen).collect()
    }
}
