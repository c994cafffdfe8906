//! A plan's file as a text: read, written, and what is wrong with one that is no plan.

use std::io;
use std::path::Path;

use serde::Deserialize;

use super::PlanTrouble;
use crate::domain::Plan;
use crate::domain::plan::Statement;
use crate::store::folders::{read_bounded, write_private};

/// Most bytes of a plan: some thousand machines.
pub(in crate::store) const MOST_BYTES: u64 = 8 << 20;
/// What stands before the number in a plan's `schema`.
const SCHEMA: &str = "failback/plan/";
/// The newest number that this program reads, and the one it writes.
const NEWEST: u32 = 1;

/// Why a text is no plan for this program.
pub(super) enum Unreadable {
    Newer(String),
    Damaged(String),
}

impl Unreadable {
    pub(super) fn in_file(self, file: &Path) -> PlanTrouble {
        let file = file.display().to_string();
        match self {
            Self::Newer(schema) => PlanTrouble::Newer { file, schema },
            Self::Damaged(why) => PlanTrouble::NoPlan { file, why },
        }
    }
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

pub(super) fn parse(text: &str) -> Result<Plan, Unreadable> {
    let damaged = |error: serde_json::Error| Unreadable::Damaged(error.to_string());
    let head: Head = serde_json::from_str(text).map_err(damaged)?;
    let number = head.schema.strip_prefix(SCHEMA).map(str::parse::<u32>);
    match number {
        Some(Ok(number)) if number > NEWEST => Err(Unreadable::Newer(head.schema)),
        _ => serde_json::from_str(text).map_err(damaged),
    }
}

/// Reads a plan's file from its text; in words what is wrong with it.
pub(in crate::store) fn read_text(text: &str) -> Result<Plan, String> {
    parse(text).map_err(|unreadable| match unreadable {
        Unreadable::Newer(schema) => format!("it was written by a newer failback ({schema})"),
        Unreadable::Damaged(why) => why,
    })
}

/// Reads a plan from a file elsewhere, which stays as it is whatever it holds.
///
/// # Errors
/// What cannot be read as a plan.
pub fn read(from: &Path) -> Result<Plan, PlanTrouble> {
    let text = read_bounded(from, MOST_BYTES).map_err(|e| disk(from, e))?;
    parse(&text).map_err(|why| why.in_file(from))
}

/// As [`super::Plans::add_statements`], for a plan in a file elsewhere.
///
/// # Errors
/// As there.
pub fn add_statements(file: &Path, seen: &Plan, said: Vec<Statement>) -> Result<Plan, PlanTrouble> {
    append(file, read(file)?, seen, said)
}

pub(super) fn append(
    file: &Path,
    mut plan: Plan,
    seen: &Plan,
    said: Vec<Statement>,
) -> Result<Plan, PlanTrouble> {
    if plan.intent() != seen.intent() {
        return Err(PlanTrouble::Changed(seen.slug().clone()));
    }
    plan.statements.extend(said);
    write_private(file, written(&plan)?.as_bytes()).map_err(|e| disk(file, e))?;
    Ok(plan)
}

/// A plan as its file holds it: fields in their order, one a line, a line break at the end.
///
/// # Errors
/// None that a plan could cause.
pub fn written(plan: &Plan) -> Result<String, PlanTrouble> {
    let text = serde_json::to_string_pretty(plan).map_err(|error| PlanTrouble::NoPlan {
        file: plan.slug().to_string(),
        why: error.to_string(),
    })?;
    Ok(text + "\n")
}

pub(super) fn disk(file: &Path, error: io::Error) -> PlanTrouble {
    PlanTrouble::Disk {
        file: file.display().to_string(),
        error,
    }
}
