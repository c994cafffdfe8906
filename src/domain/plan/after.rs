//! Plans for what comes after the failback: commit, and protection to Azure again.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// Machines whose failover is to be ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Committing {
    pub machines: Vec<Committed>,
}

/// One machine of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Committed {
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

/// What the `InMageAzureV2` reprotect input wants. `None` is a choice nobody made yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnTarget {
    /// The id of the process server on the ground.
    pub process_server: Option<Text>,
    /// The account that installs the agent.
    pub account: Option<Text>,
    /// The forward policy.
    pub policy: Option<ArmId>,
}

impl Committing {
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Committed> {
        self.machines.iter().find(|machine| machine.id == *id)
    }
}

impl Committed {
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
        let policy = self.target.policy.as_ref();
        vec![
            self.id.as_str().to_ascii_lowercase(),
            text(&self.target.process_server),
            text(&self.target.account),
            policy.map_or("-".into(), |id| id.as_str().to_ascii_lowercase()),
        ]
    }
}
