//! Carries out changes: shows the exact calls, launches a run as a process of its own, sends each
//! call once, follows its job to its end, asks people where it cannot decide.

mod carrier;
mod carry;
mod carry_out;
mod desk;
mod errand;
mod execute;
mod follow;
mod launch;
mod ledger;
mod prepared;
mod preview;
mod progress;
mod request;
mod search;
mod step;
mod warnings;

pub use carry::{NotCarried, carry};
pub use carry_out::carry_out;
pub use errand::{Errand, MOST_ERRAND, Standing};
pub use execute::{Order, execute};
pub use launch::{IN_THE_WAY, NotLaunched, launch};
pub use ledger::{FolderLedger, Ledger};
pub use prepared::{Confirmed, Prepared, prepare};
pub use preview::{Deed, Previewed, preview, recipes};
pub use progress::{End, Progress};
pub use request::{NotAsked, request};
pub use warnings::warnings;
