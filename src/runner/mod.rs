//! Carries out a change: shows the exact call, wants it confirmed by name, sends it once, follows
//! the job to its end.

mod carry_out;
mod follow;
mod prepared;
mod progress;
mod search;

pub use carry_out::carry_out;
pub use prepared::{Confirmed, Prepared, prepare};
pub use progress::{End, Progress};
