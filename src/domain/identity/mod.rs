//! Who is who: after a failover a machine is registered twice, and which registration is the machine
//! that runs in Azure is told by evidence, never guessed.
//!
//! [`HostId`] is what an agent calls itself, a [`Reading`] what its own configuration said.

pub mod host;
pub mod reading;

pub use host::{Called, HostId, PLACEHOLDER};
pub use reading::{AgentFile, Platform, Reading, Role, Server, Source, Stack};
