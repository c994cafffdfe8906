//! How what is inside a machine was come by: its agent's file, or what it looks like.

use serde::{Deserialize, Serialize};

use super::ids::ArmId;
use super::text::Text;

/// How it was come by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "of")]
pub enum Source {
    /// Azure ran a script in this VM: Azure vouches that it is the VM.
    RunCommand(ArmId),
    /// A person named the host.
    Ssh(Text),
    /// A person handed over a file, under this name.
    File(Text),
    /// A person pasted it.
    Paste,
}

impl Source {
    /// Whether it is certain that it is of the machine, and not of another one.
    #[must_use]
    pub fn is_vouched_for(&self) -> bool {
        matches!(self, Self::RunCommand(_))
    }

    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::RunCommand(vm) => format!("Run Command on {}", Text::from(vm.name())),
            Self::Ssh(host) => format!("ssh to {host}"),
            Self::File(name) => format!("file {name}"),
            Self::Paste => "paste".into(),
        }
    }
}
