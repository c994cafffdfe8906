//! Carries out a change: shows the exact call, wants it confirmed by name, sends it once, follows
//! the job to its end.

mod carrier;
mod carry_out;
mod desk;
mod execute;
mod follow;
mod ledger;
mod prepared;
mod preview;
mod progress;
mod search;
mod step;
mod warnings;

pub use carry_out::carry_out;
pub use execute::{Order, execute};
pub use ledger::{FolderLedger, Ledger};
pub use prepared::{Confirmed, Prepared, prepare};
pub use preview::{Deed, Previewed, preview, recipes};
pub use progress::{End, Progress};
pub use warnings::warnings;
