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
    /// What to do when it could not be decided: what helps against a failure may harm here.
    pub when_unknown: &'static str,
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
    Modernised,
    HyperV,
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
    const COMPLETE: Self = Self(&[Purpose::Complete]);
    const CANCEL: Self = Self(&[Purpose::Cancel]);
    const FAIL_OVER: Self = Self(&[Purpose::FailOver]);
    /// Whoever speaks for the site at home has to be there.
    const SITE: Self = Self(&[Purpose::FailBack, Purpose::Complete, Purpose::ToAzure]);
    /// A VM comes up in Azure.
    const OVER: Self = Self(&[Purpose::FailOver, Purpose::Test]);
    /// As [`Self::OVER`], and the way home.
    const MOVE: Self = Self(&[Purpose::FailBack, Purpose::FailOver, Purpose::Test]);
    /// One of the points that are there is chosen.
    const POINT: Self = Self(&[Purpose::FailOver, Purpose::ChangePoint, Purpose::Test]);
    /// A machine goes to a point, and stays there.
    const LOSS: Self = Self(&[Purpose::FailBack, Purpose::FailOver, Purpose::ChangePoint]);
    /// Several machines go somewhere together.
    const TOGETHER: Self = Self(&[Purpose::FailBack, Purpose::FailOver]);
    /// What Azure names an operation for, but those that have a rule of their own.
    const OPERATION: Self = Self(&[
        Purpose::FailBack,
        Purpose::Cancel,
        Purpose::FailOver,
        Purpose::ChangePoint,
        Purpose::Test,
        Purpose::CleanUp,
    ]);
    const ANY: Self = Self(&[
        Purpose::Protect,
        Purpose::FailBack,
        Purpose::Commit,
        Purpose::ToAzure,
        Purpose::Complete,
        Purpose::Cancel,
        Purpose::FailOver,
        Purpose::ChangePoint,
        Purpose::Test,
        Purpose::CleanUp,
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
    rows::all()
}

/// The row of an id.
#[must_use]
pub fn row(id: &str) -> Option<&'static Row> {
    rows().find(|row| row.id.eq_ignore_ascii_case(id))
}
