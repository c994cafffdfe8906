//! How the site's discovery, or its configuration server's database, knows a machine.

use serde::Serialize;

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
    pub agent: Text,
    pub address: Text,
    pub discovery: Discovery,
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
