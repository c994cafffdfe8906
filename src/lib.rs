//! The map of the crate: one room a concern, arrows down only (`rooms.rs` checks them).
//!
//! - [`domain`]: the trade's words as values; uses nothing.
//! - [`readiness`]: whether a plan can be carried out; pure.
//! - [`wizard`]: what is asked to make a plan, and what may be answered; pure.
//! - [`store`]: what is kept on disk. [`azure`]: the service, through one sending place.
//! - [`agent`]: the mobility agent's own configuration, read as the agent reads it.
//! - [`site`]: one configured site and the estate gathered from it.
//! - [`report`]: a run as JSON, Markdown and HTML; pure.
//! - [`runner`]: carries out runs: each change once.
//! - [`simulator`]: the built-in site, a server that shares nothing with the rest.
//! - [`ui`]: the screens. [`cli`]: one file a command.

pub mod agent;
pub mod azure;
pub mod cli;
pub mod domain;
pub mod readiness;
pub mod report;
pub mod runner;
pub mod simulator;
pub mod site;
pub mod store;
pub mod ui;
pub mod wizard;

#[cfg(test)]
mod rooms;
