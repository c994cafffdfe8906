//! The wizards, *New protection*, *Recover* and *Fail over to Azure*, as data that screens and answers files walk
//! through alike.
//!
//! A [`Draft`](crate::domain::Draft) is what was answered, [`Offers`](crate::domain::Offers) what
//! the site has to choose from; [`Walk`] holds one against the other and says which steps apply,
//! what each asks now and what is wrong. [`accept`] takes an answer or refuses it in words; going
//! back is never blocked, and what one step changes the later ones follow. [`replay`] walks an
//! answers file, and [`Walk::finish`] makes the plan. Nothing here reads or sends anything.

mod accept;
mod ask;
mod failover;
mod field;
mod finish;
mod form;
mod moving;
mod ordering;
mod question;
mod remark;
mod replay;
mod step;
mod summary;
mod template;
mod walk;

#[cfg(test)]
mod tests;

pub use accept::{accept, apply_to_all, forget, toggle};
pub use ask::refused;
pub use field::{Carrier, Field, ROWS as FIELDS, Row as FieldRow, Scope};
pub use finish::Finished;
pub use form::Form;
pub use moving::move_wave;
pub use question::{Candidate, Key, Kind, Question};
pub use remark::Remark;
pub use replay::{Refusal, machines as machines_of, replay};
pub use step::{Row as Step, StepId, steps};
pub use summary::{Line as SummaryLine, summary};
pub use template::template;
pub use walk::Walk;
