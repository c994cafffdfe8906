//! What a machine is from the inside - adapters, addresses, name servers, routes, disks, mounts - and
//! what of it is lost on the way home.
//!
//! A [`Record`] is kept before the machine is protected; after the failback a second look at the guest
//! is [`compare`]d with it, rule by rule. What was not read on one of the two sides is unknown, never
//! equal.

mod compare;
mod harmless;
mod model;
mod record;
mod rules;
#[cfg(test)]
mod tests;

pub use super::source::Source;
pub use compare::{Compared, Outcome, compare};
pub use harmless::{option_is_harmless, without_account};
pub use model::{
    Adapter, Disk, FstabLine, Guest, Lease, Mount, NameServer, Presence, Route, Service, StartMode,
    System, Temporary,
};
pub use record::{
    AtHome, AzureAdapter, AzureDisk, Before, InAzure, MOST_RECORDS, Moved, Record, Records, Spot,
};
pub use rules::{Address, Lost, RULES, Rule};
