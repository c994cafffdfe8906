//! Runs: what was asked, sent, answered and decided, record by record, and what it comes to.
//!
//! A run's journal holds [`Line`]s; it is the only truth. [`Run::fold`] makes of them what monitors
//! and reports show, and nothing else does. What people ask of a run that is under way arrives as
//! [`Letter`]s in its inbox.

mod fold;
mod mark;
mod progress;
mod question;
mod record;
mod request;
mod tally;

pub use fold::{Heard, HookRun, Run, RunState};
pub use mark::Mark;
pub use progress::{MachineRun, Outcome, Sent, StepRun, StepState};
pub use question::{Answer, Choice, Question, QuestionId, Topic, made};
pub use record::{
    Attempt, Closing, End, Held, HookAt, Launch, Line, Memory, Planned, Record, RunId, Suspension,
    Synchronisation,
};
pub use request::{Letter, Request};

#[cfg(test)]
mod tests;
