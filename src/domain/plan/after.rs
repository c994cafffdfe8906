//! Plans for what comes after a failover: commit, cancel, completion, and protection to Azure again.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// Machines of which no more is to be said than which they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Selection {
    pub machines: Vec<Selected>,
}

/// One machine of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Selected {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
}

/// Machines that are protected to Azure again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Returning {
    pub machines: Vec<Returned>,
}

/// One machine of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Returned {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    pub target: ReturnTarget,
}

/// What a reprotect to Azure wants; each generation has its part. `None` is a choice nobody made yet,
/// or one that the generation does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnTarget {
    /// The id of the process server on the ground, or of the appliance's. Not for Hyper-V.
    #[serde(default)]
    pub process_server: Option<Text>,
    /// The account that installs the agent. Not for Hyper-V.
    #[serde(default)]
    pub account: Option<Text>,
    /// The forward policy. Not for Hyper-V.
    #[serde(default)]
    pub policy: Option<ArmId>,
    /// Hyper-V: the machine on the host, by its protectable item's `sourceItemId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_vm: Option<Text>,
    /// Hyper-V: `Windows` or `Linux`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<Text>,
    /// Hyper-V: where the replica's disks go; none is as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<ArmId>,
}

impl Selection {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Selected> {
        self.machines.iter().find(|machine| machine.id == *id)
    }
}

impl Selected {
    pub(super) fn words(&self) -> Vec<String> {
        vec![self.id.as_str().to_ascii_lowercase()]
    }
}

impl Returning {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Returned> {
        self.machines.iter().find(|machine| machine.id == *id)
    }
}

impl Returned {
    pub(super) fn words(&self) -> Vec<String> {
        let text = |t: &Option<Text>| t.as_ref().map_or("-".into(), |t| format!("={t}"));
        let id = |id: &Option<ArmId>| {
            let id = id.as_ref();
            id.map_or("-".into(), |id| id.as_str().to_ascii_lowercase())
        };
        vec![
            self.id.as_str().to_ascii_lowercase(),
            text(&self.target.process_server),
            text(&self.target.account),
            id(&self.target.policy),
            text(&self.target.host_vm),
            text(&self.target.os),
            id(&self.target.storage),
        ]
    }
}
