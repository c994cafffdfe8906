//! Carries out a change: shows the exact call, wants it confirmed by name, sends it once, follows
//! the job to its end.

mod carrier;
mod carry_out;
mod desk;
mod execute;
mod follow;
mod ledger;
mod prepared;
mod progress;
mod search;
mod step;

pub use carry_out::carry_out;
pub use execute::{Order, execute};
pub use ledger::Ledger;
pub use prepared::{Confirmed, Prepared, prepare};
pub use progress::{End, Progress};
