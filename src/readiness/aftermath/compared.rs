//! The repair list of one machine: what a comparison of its guest, before and after, found, each with
//! the commands that set it right again, filled with what was recorded.

mod commands;
mod keeper;
#[cfg(test)]
mod tests;
mod words;

use self::keeper::Keeper;
use super::{Command, Does, Errand, Family, Shell, table};
use crate::domain::Text;
use crate::domain::guest::{Compared, Guest, Lease, Lost, Outcome, Route, System};

/// What came of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    pub code: &'static str,
    pub title: &'static str,
    pub found: Found,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    AsItWas,
    /// It could not be compared: why, and how to look by hand.
    Unknown(Text, Vec<Command>),
    /// What is not as it was, one errand each.
    Lost(Vec<Errand>),
}

/// The repair list, for a machine that runs `system` and is as `now`.
#[must_use]
pub fn repairs(compared: &[Compared], system: System, now: &Guest) -> Vec<Repair> {
    let repair = |own: &Compared| Repair {
        code: own.code,
        title: own.title,
        found: match &own.outcome {
            Outcome::Same => Found::AsItWas,
            Outcome::Unknown(why) => Found::Unknown(why.clone(), by_hand(own.code, system)),
            Outcome::Lost(all) => {
                let errand = |at| {
                    let alone = is_alone(&all[at], &all[..at], now);
                    errand(own, &all[at], system, Keeper::of(&now.keeper), alone)
                };
                Found::Lost((0..all.len()).map(errand).collect())
            }
        },
    };
    compared.iter().map(repair).collect()
}

/// Whether an address is to be set without gateway and name servers: an errand before this one sets those
/// of its adapter, or the adapter has that gateway by a fixed address of its own.
fn is_alone(lost: &Lost, earlier: &[Lost], now: &Guest) -> bool {
    let wanted = |lost: &Lost| match lost {
        Lost::Address(own) | Lost::Fixed(own) => Some(own.adapter.clone()),
        _ => None,
    };
    let Some(adapter) = wanted(lost) else {
        return false;
    };
    let set = earlier.iter().any(|e| wanted(e).as_ref() == Some(&adapter));
    let Lost::Address(own) = lost else {
        return set;
    };
    let mut adapters = now.adapters.iter().flatten();
    let fixed = adapters.any(|a| a.name == adapter && a.lease == Lease::Fixed);
    let mut routes = now.routes.iter().flatten();
    let over =
        |r: &Route| r.to.as_str() == "default" && r.adapter == adapter && r.gateway == own.gateway;
    set || fixed && routes.any(over)
}

fn errand(
    own: &Compared,
    lost: &Lost,
    system: System,
    keeper: Option<Keeper>,
    alone: bool,
) -> Errand {
    let shells = match system {
        System::Windows => &[Shell::PowerShell][..],
        System::Linux => &[Shell::Posix],
        System::Unknown => &[Shell::PowerShell, Shell::Posix],
    };
    Errand {
        code: own.code,
        title: own.title,
        sources: sources(own.code),
        known: words::known(lost).into(),
        look: words::look(lost),
        commands: shells
            .iter()
            .flat_map(|shell| commands::of(lost, *shell, keeper, alone))
            .collect(),
    }
}

/// The general row of the same code, if there is one.
fn row(code: &str, system: System) -> Option<&'static table::Row> {
    let fits = |row: &&table::Row| {
        let other = matches!(
            (row.family, system),
            (Some(Family::Windows), System::Linux) | (Some(Family::Linux), System::Windows)
        );
        row.code == code && !other
    };
    table::rows().find(fits)
}

fn sources(code: &str) -> &'static [&'static str] {
    row(code, System::Unknown).map_or(&[], |row| row.sources)
}

/// How to look where nothing could be compared.
fn by_hand(code: &str, system: System) -> Vec<Command> {
    let Some(row) = row(code, system) else {
        return Vec::new();
    };
    let looks = row
        .commands
        .iter()
        .filter(|(_, _, does, _)| *does == Does::Look);
    looks
        .map(|&(shell, at, does, line)| Command {
            shell,
            at,
            does,
            line: line.into(),
        })
        .collect()
}
