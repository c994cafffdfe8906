//! What has to be looked at on a machine once it is where it was brought: services and addresses that
//! a failover leaves otherwise than they were, disks that stand there twice, what is still to be
//! committed. Each errand says what is known, what to look at, and the commands to look and to
//! repair. Nothing here is done by this program; a person does it, in the machine or beside it.
//!
//! The table is data. An errand for a system that is told to be another is left out; where the
//! system is not told, both are given.

mod compared;
mod table;
#[cfg(test)]
mod tests;

pub use compared::{Found, Repair, repairs};

use super::checks::target::family;
use crate::domain::plan::Intent;
use crate::domain::{Generation, Machine, Place, Stage, Text};

/// One thing to look at on one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// As in `requirements.tsv`: `POST-01`.
    pub code: &'static str,
    pub title: &'static str,
    /// The source documents 000 to 004, or a reference page.
    pub sources: &'static [&'static str],
    /// What Azure tells of it now, a sentence.
    pub known: Text,
    /// What must be looked at, and what to do when it is not as it should be.
    pub look: &'static str,
    pub commands: Vec<Command>,
}

/// A command that a person runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub shell: Shell,
    /// Where it is run: `in the machine, as administrator`.
    pub at: &'static str,
    pub does: Does,
    /// Capitals (`ADDRESS`) stand for what only the person knows. Names from outside stand in it only
    /// when they are letters, digits, `.`, `-`, `_` alone, so that a name is never a command.
    pub line: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    PowerShell,
    /// A POSIX shell.
    Posix,
}

impl Shell {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PowerShell => "PowerShell",
            Self::Posix => "shell",
        }
    }
}

/// Whether a command only looks, or changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Look,
    Repair,
}

/// Where a plan leaves a machine: what is to be looked at depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It came home, and is not committed, or just was.
    Home,
    /// It came up in Azure.
    Azure,
    /// A VM for a test came up in Azure.
    Test,
    /// It runs in Azure and replicates home.
    ReplicatingHome,
    /// It runs at home and replicates to Azure.
    ReplicatingToAzure,
    /// Its failback was taken back: it runs in Azure.
    TakenBack,
}

/// Of a machine's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Windows,
    Linux,
}

/// What has to be looked at on a machine after a plan was carried out on it, the most pressing first.
#[must_use]
pub fn aftermath(intent: &Intent, machine: &Machine) -> Vec<Errand> {
    let (Some(left), Some(generation)) = (left(intent, machine), machine.provider().generation())
    else {
        return Vec::new();
    };
    let family = match family(machine.os.as_str()) {
        Some("windows") => Some(Family::Windows),
        Some("linux") => Some(Family::Linux),
        _ => None,
    };
    let elsewhere = is_elsewhere(intent, machine);
    let fits = |row: &&table::Row| {
        row.left.contains(&left)
            && row.generations.contains(&generation)
            && (row.family.is_none() || family.is_none() || row.family == family)
            && (!row.elsewhere || elsewhere)
    };
    let committed = left == Left::Home && machine.stage == Stage::Committed;
    // What the plan itself saw to, or a person decided when it was asked, is no errand any more.
    let settled = |row: &&table::Row| match intent {
        Intent::Protect(protection) if matches!(row.code, "AZVM-06" | "AZVM-07") => protection
            .machine(&machine.id)
            .is_some_and(|own| own.offline_temporary),
        // They are what is looked at before the commit.
        _ if committed => matches!(row.code, "COM-03" | "HV-19"),
        _ => false,
    };
    table::rows()
        .filter(fits)
        .filter(|row| !settled(row))
        .map(|row| {
            let mut errand = row.errand(machine);
            // The commit took the VM in Azure away: there is nothing to switch off.
            if committed && row.code == "FB-08" {
                errand.commands.retain(|command| command.does == Does::Look);
            }
            errand
        })
        .collect()
}

fn left(intent: &Intent, machine: &Machine) -> Option<Left> {
    Some(match intent {
        Intent::Protect(_) => Left::ReplicatingHome,
        Intent::FailBack(_) | Intent::Complete(_) => Left::Home,
        Intent::Commit(_) => match machine.place {
            Place::OnPremises => Left::Home,
            Place::Azure => Left::Azure,
            Place::Unknown(_) => return None,
        },
        Intent::ProtectToAzure(_) => Left::ReplicatingToAzure,
        Intent::Cancel(_) => Left::TakenBack,
        Intent::FailOver(_) | Intent::ChangePoint(_) => Left::Azure,
        Intent::TestFailover(_) => Left::Test,
        Intent::CleanUpTest(_) => return None,
    })
}

/// A Hyper-V machine that went to another host, or was created there.
fn is_elsewhere(intent: &Intent, machine: &Machine) -> bool {
    let Intent::FailBack(recovery) = intent else {
        return false;
    };
    let own = recovery
        .machine(&machine.id)
        .and_then(|m| m.hyper_v.as_ref());
    own.is_some_and(|way| way.host.is_some() || way.create_vm)
}

impl table::Row {
    fn errand(&self, machine: &Machine) -> Errand {
        let command = |&(shell, at, does, line): &table::Line| Command {
            shell,
            at,
            does,
            line: fill(line, machine),
        };
        Errand {
            code: self.code,
            title: self.title,
            sources: self.sources,
            known: (self.known)(machine).into(),
            look: self.look,
            commands: self.commands.iter().map(command).collect(),
        }
    }
}

/// Puts the machine's names into a command, where they are harmless there.
fn fill(line: &str, machine: &Machine) -> String {
    let vm = machine.azure_vm.as_ref().map_or("", |vm| vm.as_str());
    line.replace("{name}", &harmless(machine.name.as_str(), "NAME"))
        .replace("{vm}", &harmless(vm, "ID-OF-THE-AZURE-VM"))
}

/// `name`, or a word that stands for it when a shell would read more than a name in it.
fn harmless(name: &str, otherwise: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let ok = !name.is_empty() && !name.starts_with('-') && name.chars().all(plain);
    if ok { name } else { otherwise }.to_owned()
}

/// Every generation, for rows that are for all.
const ALL: &[Generation] = &[
    Generation::Classic,
    Generation::Modernised,
    Generation::HyperV,
];
