//! The table of rules. Adding a check is adding a row and a pure function.

mod rows;

use super::ask::{Machine, Server, Verdict, Whole};
use crate::domain::plan::Intent;

/// How bad it is when a check fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The plan is not started; nobody can consent.
    Blocker,
    /// The plan is started when a person consents.
    Warning,
    /// Shown, never in the way.
    Information,
}

/// One rule.
#[derive(Debug)]
pub struct Row {
    /// As in `requirements.tsv`; never changed, statements are tied to it.
    pub id: &'static str,
    pub title: &'static str,
    pub severity: Severity,
    /// The source documents 000 to 004, or a reference page.
    pub sources: &'static [&'static str],
    /// What to do when it fails.
    pub what_to_do: &'static str,
    /// The generations it is for.
    pub on: On,
    /// The kinds of plan it is for.
    pub when: When,
    pub check: Check,
}

/// The generations that a rule is for; process servers and master targets are classic alone
/// (STALE-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Classic,
    /// Classic and modernised.
    Vmware,
    All,
}

/// What plans are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Protect,
    FailBack,
    Commit,
    /// Protect to Azure.
    ToAzure,
    Complete,
    Cancel,
    FailOver,
    ChangePoint,
    Test,
    CleanUp,
}

impl Purpose {
    #[must_use]
    pub fn of(intent: &Intent) -> Self {
        match intent {
            Intent::Protect(_) => Self::Protect,
            Intent::FailBack(_) => Self::FailBack,
            Intent::Commit(_) => Self::Commit,
            Intent::ProtectToAzure(_) => Self::ToAzure,
            Intent::Complete(_) => Self::Complete,
            Intent::Cancel(_) => Self::Cancel,
            Intent::FailOver(_) => Self::FailOver,
            Intent::ChangePoint(_) => Self::ChangePoint,
            Intent::TestFailover(_) => Self::Test,
            Intent::CleanUpTest(_) => Self::CleanUp,
        }
    }
}

/// The kinds of plan that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When(&'static [Purpose]);

impl When {
    const PROTECT: Self = Self(&[Purpose::Protect]);
    const FAIL_BACK: Self = Self(&[Purpose::FailBack]);
    const COMMIT: Self = Self(&[Purpose::Commit]);
    const TO_AZURE: Self = Self(&[Purpose::ToAzure]);
    /// On the way home.
    const HOME: Self = Self(&[Purpose::Protect, Purpose::FailBack]);
    /// A direction is turned round, and its target chosen.
    const TURN: Self = Self(&[Purpose::Protect, Purpose::ToAzure]);
    /// Data moves.
    const DATA: Self = Self(&[Purpose::Protect, Purpose::FailBack, Purpose::ToAzure]);
    const ANY: Self = Self(&[
        Purpose::Protect,
        Purpose::FailBack,
        Purpose::Commit,
        Purpose::ToAzure,
    ]);

    #[must_use]
    pub fn fits(self, intent: &Intent) -> bool {
        self.0.contains(&Purpose::of(intent))
    }
}

/// What is asked, and of whom.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    Machine(fn(&Machine<'_>) -> Verdict),
    Server(fn(&Server<'_>) -> Verdict),
    Plan(fn(&Whole<'_>) -> Verdict),
}

/// Every row, in the order of evaluation that rules-with-judgement.md proposes.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    rows::ROWS.iter()
}

/// The row of an id.
#[must_use]
pub fn row(id: &str) -> Option<&'static Row> {
    rows().find(|row| row.id.eq_ignore_ascii_case(id))
}
