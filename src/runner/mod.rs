//! Carries out a change: shows the exact call, wants it confirmed by name, sends it once, follows
//! the job to its end.

mod prepared;
mod progress;

pub use prepared::{Confirmed, Prepared, prepare};
pub use progress::Progress;
