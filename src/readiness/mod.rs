//! Whether a plan can be carried out: computed over the whole plan before anything is sent.
//!
//! [`Facts`] say what is known, from where and since when, or why not. The [`catalogue`] is a table:
//! a row a rule of the source documents, each with one pure function. [`evaluate`] asks every row
//! about every machine, server or the plan and gives [`Findings`]. What cannot be decided is
//! *unknown*; unknown never counts as passed. A person may consent to a warning or attest to what
//! nobody could find out; both fall when the fact or the plan changes. [`aftermath`] lists what has to
//! be looked at once a plan was carried out.

pub mod aftermath;
mod ask;
pub mod catalogue;
mod checks;
pub mod codes;
mod evaluate;
pub mod facts;
mod finding;
mod statements;
#[cfg(test)]
mod tests;

pub use catalogue::{Purpose, Row, Severity};
pub use checks::identity::doubts as identity_doubts;
pub use evaluate::evaluate;
pub use facts::{Fact, Facts, MachineFacts, Source};
pub use finding::{Finding, Findings, Outcome};
pub use statements::{NotStated, Wish};
