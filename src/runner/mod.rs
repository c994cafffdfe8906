//! Carries out changes: shows the exact calls, launches a run as a process of its own, sends each
//! call once, follows its job to its end, asks people where it cannot decide.

mod carrier;
mod carry;
mod command;
mod conductor;
mod desk;
mod errand;
mod execute;
mod launch;
mod ledger;
mod outlives;
mod preview;
mod probe;
mod request;
mod step;
mod turns;
mod warnings;

pub use carry::{NotCarried, carry};
pub use errand::{Errand, MOST_ERRAND, Standing, Task};
pub use execute::{Ended, Order, execute};
pub use launch::{IN_THE_WAY, NotLaunched, is_free, launch, resume};
pub use ledger::{FolderLedger, Ledger};
pub use outlives::{Outlives, outlives};
pub use preview::{Deed, Previewed, preview, preview_with, recipes};
pub use request::{NotAsked, request};
pub use warnings::warnings;
