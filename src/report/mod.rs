//! A run on paper: what was planned, who did what and when, what Azure said, how it ended.
//!
//! [`Report::of`] makes one model of a run's plan and journal lines; it is pure. Three writers show
//! it: JSON ([`Report`] itself, `failback/report/1`), [`markdown`] and [`html`], which both write the
//! same document. Everything in it may come from outside - names, errors, what people typed - and
//! is escaped by the writer. Amber stays amber, unknown stays unknown, and a run that is not over, or
//! whose journal is not sound, says so before anything else.

mod build;
mod document;
pub mod html;
pub mod markdown;
mod model;
mod order;
mod people;
mod steps;
#[cfg(test)]
mod tests;
mod write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::run::Line;
use crate::domain::{Plan, Text};
use crate::readiness::aftermath::Errand;

pub use model::{Head, Report};

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The journal's lines as far as they are sound.
    pub lines: &'a [Line],
    /// The plan as it was launched; else why it cannot be read.
    pub plan: Result<&'a Plan, String>,
    /// Number and hash of the last line.
    pub head: Option<Head>,
    /// What is wrong with the journal; `None` when it is sound.
    pub damage: Option<String>,
    /// Whether a process carries the run out now.
    pub live: bool,
    /// What has to be looked at, by the machine's name.
    pub errands: &'a [(Text, Vec<Errand>)],
    /// Why some of it could not be listed.
    pub unread: &'a [String],
    /// When the report is made, and by which program.
    pub made: Timestamp,
    pub program: &'a str,
}

/// In what a report is written for people.
#[derive(Clone, Debug)]
pub struct Look {
    /// In which its times are told; its name stands beside each.
    pub zone: TimeZone,
}
