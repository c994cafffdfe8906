//! What a line of text must look like.

use std::net::IpAddr;

use crate::domain::Text;
use crate::domain::plan::{PlanName, Slug};
use crate::domain::text::columns;

/// What a line of text must look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// The name of a plan; the file names that are taken.
    PlanName(Vec<Slug>),
    /// An IP address, or nothing.
    Address,
    /// An IP address or a host's name, or nothing.
    Host,
    /// What may stand in vCenter's inventory, or nothing.
    Inventory,
    /// A program and its arguments.
    Command,
}

/// Most columns of a name in vCenter's inventory.
const MOST_INVENTORY: usize = 80;

impl Form {
    /// The line as drafts keep it.
    pub(super) fn take(&self, line: &str) -> Result<Text, String> {
        let text = Text::from(line);
        let wrong = match self {
            Self::PlanName(taken) => match PlanName::parse(line) {
                Err(fault) => Some(fault.to_string()),
                Ok(name) if taken.contains(&Slug::of(&name)) => Some(format!(
                    "there is a plan in the file {}.json already; choose another name",
                    Slug::of(&name)
                )),
                Ok(_) => None,
            },
            Self::Address if !line.is_empty() && line.parse::<IpAddr>().is_err() => {
                Some(format!("\"{text}\" is no IP address, such as 192.168.4.21"))
            }
            Self::Host if !is_host(line) => Some(format!(
                "\"{text}\" is neither an IP address nor the name of a host"
            )),
            Self::Inventory if columns(line) > MOST_INVENTORY => Some(format!(
                "it is longer than the {MOST_INVENTORY} characters that vCenter takes"
            )),
            Self::Inventory if line.contains(['/', '\\', '%']) => {
                Some("/, \\ and % cannot stand in a name of vCenter".into())
            }
            Self::Address | Self::Host | Self::Inventory | Self::Command => None,
        };
        wrong.map_or(Ok(text), Err)
    }
}

fn is_host(line: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    line.is_empty()
        || line.parse::<IpAddr>().is_ok()
        || (line.len() <= 253 && line.chars().all(letter) && !line.starts_with(['-', '.']))
}
