//! How the site's discovery, or its configuration server's database, knows a machine.

use serde::{Serialize, Serializer};

use super::identity::host::Called;
use super::ids::ArmId;
use super::text::Text;

/// One registration: a protectable item (asr-rest.md 3). A failed-over classic machine has two, the
/// one on the ground and the one in Azure (asr-rest.md 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The protectable item's name.
    pub id: Text,
    /// What people call it: the guest's host name, not the VM's \[000\].
    pub name: Text,
    /// The protected item that is bound to it.
    pub item: Option<ArmId>,
    /// `agentGeneratedId`: what the agent calls itself, `HostId` in its configuration.
    pub agent: AgentId,
    pub address: Text,
    pub discovery: Discovery,
}

/// What a list tells of an agent's id: the words, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentId {
    raw: Text,
    called: Called,
}

impl AgentId {
    #[must_use]
    pub fn called(&self) -> &Called {
        &self.called
    }
}

impl From<Text> for AgentId {
    fn from(raw: Text) -> Self {
        Self {
            called: Called::of(raw.as_str().trim()),
            raw,
        }
    }
}

impl From<&str> for AgentId {
    fn from(raw: &str) -> Self {
        Text::from(raw).into()
    }
}

impl Serialize for AgentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

/// How a machine came to be known. The Azure side of every failed-over machine is "Physical", too:
/// it says nothing about what the machine was (asr-rest.md 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Discovery {
    VCenter,
    Physical,
    /// Not stated, or a word this program does not know.
    Other(Text),
}

impl Discovery {
    /// Reads `discoveryType`, which the service spells in several ways.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "vcenter" => Self::VCenter,
            "physical" => Self::Physical,
            _ => Self::Other(word.into()),
        }
    }
}
