//! Who is who: after a failover a machine is registered twice, and which registration is the machine
//! that runs in Azure is told by evidence, never guessed.
//!
//! [`HostId`] is what an agent calls itself, a [`Reading`] what its own configuration said.
//! [`group()`] finds the registrations that may be one machine, [`weigh`] says what speaks for each, and
//! [`judge`] concludes. Over ARM the service chooses between them by itself, and nothing is ever
//! removed: a contradiction blocks, what cannot be told is unknown.

pub mod candidate;
pub mod evidence;
pub mod group;
pub mod grouping;
pub mod host;
pub mod ranges;
pub mod reading;
pub mod records;
#[cfg(test)]
pub(crate) mod tests;
pub mod verdict;
pub mod web;

pub use super::source::Source;
pub use candidate::{Candidate, Power, Subject};
pub use evidence::{Evidence, Side, Strength, weigh};
pub use group::{Group, Member, Tie, Twin};
pub use grouping::group;
pub use host::{Called, HostId, PLACEHOLDER};
pub use ranges::Ranges;
pub use reading::{
    AgentFile, MOST_REMARKS, NotRead, Platform, Reading, Remark, Role, SETTLES_FOR, Server, Stack,
    Weight,
};
pub use records::{Readings, Record, keep_newest};
pub use verdict::{Chooser, Judged, READ_FILE, Standing, Stays, Verdict, judge, may_remove};
pub use web::{Around, Web};
