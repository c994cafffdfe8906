//! What a line of text must look like.

use std::net::{IpAddr, Ipv4Addr};

use crate::domain::plan::{PlanName, Ready, Slug};
use crate::domain::text::columns;
use crate::domain::{ArmId, Text};

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
    /// A program and its arguments, and before them what is not as usual; or nothing.
    Hook,
    /// As [`Self::Hook`], for what calls a person.
    Caller,
    /// What to look at before a commit, with ; between them; or nothing.
    Checks,
    /// What is waited for after a cut-over, or nothing.
    Ready,
    /// Any of these machines, by name or id, with commas between them.
    Machines(Vec<(ArmId, Text)>),
    /// The name of a VM in Azure; what it is called now is taken as it is.
    VmName(Text),
    /// A size of VM, as Compute names it.
    VmSize,
    /// The whole id of a virtual network.
    Network,
    /// The name of a subnet, or nothing.
    Subnet,
    /// An address in a subnet, or nothing; the subnet's prefix, where it is known.
    InSubnet(Text),
}

/// Most characters of a VM's name in Azure.
const MOST_VM_NAME: usize = 63;

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
            Self::VmName(now) if line != now.as_str() && !is_vm_name(line) => Some(format!(
                "\"{text}\" is no name for a VM: use 1 to {MOST_VM_NAME} letters, digits and -, a \
                 letter or digit first and last"
            )),
            Self::VmSize if line.is_empty() || !line.chars().all(is_word) => Some(format!(
                "\"{text}\" is no size of VM, such as Standard_D4s_v5"
            )),
            Self::Network if !is_network(line) => Some(format!(
                "\"{text}\" is no network's id: \
                 /subscriptions/.../providers/Microsoft.Network/virtualNetworks/NAME"
            )),
            Self::Subnet if !line.chars().all(|c| is_word(c) || matches!(c, '-' | '.')) => {
                Some(format!("\"{text}\" is no subnet's name"))
            }
            Self::Ready => Ready::parse_all(line).err(),
            Self::Machines(all) => machines(all, line).err(),
            Self::InSubnet(prefix) if !line.is_empty() => in_subnet(line, prefix.as_str()).err(),
            _ => None,
        };
        wrong.map_or(Ok(text), Err)
    }
}

/// Whether every machine that is named is one of these, and one alone.
fn machines(all: &[(ArmId, Text)], line: &str) -> Result<(), String> {
    let words = line.split(',').map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        let shown = Text::from(word);
        let by_id = |(id, _): &&(ArmId, Text)| id.as_str().eq_ignore_ascii_case(word);
        let by_name = |(_, name): &&(ArmId, Text)| name.as_str().eq_ignore_ascii_case(word);
        match (all.iter().find(by_id), all.iter().filter(by_name).count()) {
            (Some(_), _) | (None, 1) => {}
            (None, 0) => {
                return Err(format!(
                    "\"{shown}\" is not among the other machines of the plan"
                ));
            }
            (None, many) => {
                return Err(format!(
                    "{many} machines are called \"{shown}\": name it by its id"
                ));
            }
        }
    }
    Ok(())
}

fn is_host(line: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    line.is_empty()
        || line.parse::<IpAddr>().is_ok()
        || (line.len() <= 253 && line.chars().all(letter) && !line.starts_with(['-', '.']))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_vm_name(line: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=MOST_VM_NAME).contains(&line.len())
        && line.chars().all(plain)
        && !line.starts_with('-')
        && !line.ends_with('-')
}

fn is_network(line: &str) -> bool {
    ArmId::parse(line).is_some_and(|id| id.segment("virtualNetworks").is_some())
}

/// Whether an address can be given to a VM of a subnet: Azure keeps the first four and the last one.
/// A prefix that cannot be read, or is of IPv6, judges nothing.
fn in_subnet(line: &str, prefix: &str) -> Result<(), String> {
    let text = Text::from(line);
    let Ok(address) = line.parse::<IpAddr>() else {
        return Err(format!("\"{text}\" is no IP address, such as 10.8.2.46"));
    };
    let (IpAddr::V4(address), Some((base, size))) = (address, range(prefix)) else {
        return Ok(());
    };
    let place = u64::from(u32::from(address)).checked_sub(base);
    match place.filter(|place| *place < size) {
        None => Err(format!("{address} does not lie in the subnet, {prefix}")),
        Some(place) if place < 4 || place + 1 == size => Err(format!(
            "Azure keeps {address} for itself: the first four and the last one of {prefix}"
        )),
        Some(_) => Ok(()),
    }
}

/// The first address of an IPv4 prefix, and how many it has.
fn range(prefix: &str) -> Option<(u64, u64)> {
    let (base, bits) = prefix.split_once('/')?;
    let base: Ipv4Addr = base.parse().ok()?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    let size = 1_u64 << (32 - bits);
    let base = u64::from(u32::from(base));
    Some((base - base % size, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_in_its_subnet_and_is_none_that_azure_keeps() {
        let take = |line| Form::InSubnet("10.8.2.0/24".into()).take(line);
        assert!(take("10.8.2.46").is_ok() && take("").is_ok());
        for (wrong, why) in [
            ("10.8.3.46", "does not lie in the subnet"),
            ("10.8.2.3", "Azure keeps"),
            ("10.8.2.255", "Azure keeps"),
            ("10.8.2.460", "no IP address"),
        ] {
            let said = take(wrong).unwrap_err();
            assert!(said.contains(why), "{wrong}: {said}");
        }
        for unknown in ["", "10.8.2.0", "10.8.2.0/99", "fd00::/8", "x/24"] {
            assert!(Form::InSubnet(unknown.into()).take("10.9.9.9").is_ok());
        }
    }

    #[test]
    fn a_vm_is_named_as_azure_wants_it_unless_it_has_that_name_already() {
        let form = Form::VmName("büro".into());
        for good in ["web-01", "1", "büro"] {
            assert!(form.take(good).is_ok(), "{good}");
        }
        for bad in ["", "-x", "x-", "no spaces", "büro2", &"x".repeat(64)] {
            assert!(form.take(bad).is_err(), "{bad}");
        }
    }
}
