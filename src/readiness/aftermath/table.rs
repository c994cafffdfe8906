//! The errands, as data: the most pressing first within a place where a machine is left.

mod away;
mod guest;
mod home;

use super::{Does, Family, Left, Shell};
use crate::domain::{Generation, Machine, Stage};

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    let home = home::BEFORE.iter().chain(guest::ROWS).chain(home::AFTER);
    home.chain(away::ROWS)
}

/// One row of the table.
pub(super) struct Row {
    pub code: &'static str,
    pub title: &'static str,
    pub sources: &'static [&'static str],
    pub left: &'static [Left],
    pub generations: &'static [Generation],
    /// `None`: for every system.
    pub family: Option<Family>,
    /// Only where the machine went to another host than it came from.
    pub elsewhere: bool,
    pub known: fn(&Machine) -> String,
    pub look: &'static str,
    pub commands: &'static [Line],
}

/// Shell, where, what for, and the line itself: `{name}` and `{vm}` are filled in.
pub(super) type Line = (Shell, &'static str, Does, &'static str);

pub(super) const IN_WINDOWS: &str = "in the machine, as administrator";
pub(super) const IN_LINUX: &str = "in the machine, as root";
const ON_HOST: &str = "on the Hyper-V host, as administrator";
const ANYWHERE: &str = "anywhere with the Azure CLI";
const HERE: &str = "here";
const BESIDE: &str = "on a machine that has to reach it";

fn address(m: &Machine) -> String {
    match m.address.is_empty() {
        true => "Azure tells no address of it".into(),
        false => format!("The address that Azure tells of it is {}", m.address),
    }
}

fn system(m: &Machine) -> String {
    match m.os.is_empty() {
        true => "Azure does not tell its system".into(),
        false => format!("Azure says that it runs {}", m.os),
    }
}

fn azure_vm(m: &Machine) -> String {
    match &m.azure_vm {
        Some(vm) => format!("Its Azure VM is {}", vm.name()),
        None => "Azure does not tell which VM it is, or was, there".into(),
    }
}

fn state(m: &Machine) -> String {
    format!("Its state is {}", m.state_words())
}

fn commit(m: &Machine) -> String {
    match m.stage {
        Stage::CommitPending => "Its failover is not committed".into(),
        Stage::Committed => "Its failover is committed".into(),
        _ => state(m),
    }
}

fn nothing(_: &Machine) -> String {
    "Azure does not see into the machine".into()
}
