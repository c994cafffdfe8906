//! The repair list of one machine: what a comparison of its guest, before and after, found, each with
//! the commands that set it right again, filled with what was recorded.

mod commands;
#[cfg(test)]
mod tests;
mod words;

use super::{Command, Does, Errand, Family, Shell, table};
use crate::domain::Text;
use crate::domain::guest::{Compared, Lost, Outcome, System};

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

/// The repair list, for a machine that runs `system` now.
#[must_use]
pub fn repairs(compared: &[Compared], system: System) -> Vec<Repair> {
    let repair = |own: &Compared| Repair {
        code: own.code,
        title: own.title,
        found: match &own.outcome {
            Outcome::Same => Found::AsItWas,
            Outcome::Unknown(why) => Found::Unknown(why.clone(), by_hand(own.code, system)),
            Outcome::Lost(all) => {
                Found::Lost(all.iter().map(|lost| errand(own, lost, system)).collect())
            }
        },
    };
    compared.iter().map(repair).collect()
}

fn errand(own: &Compared, lost: &Lost, system: System) -> Errand {
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
            .flat_map(|shell| commands::of(lost, *shell))
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
