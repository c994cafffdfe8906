//! The map of the crate: one room a concern, arrows down only (`tests/rooms` checks them).

pub mod domain;
pub mod runner;
pub mod simulator;
pub mod site;
pub mod store;
pub mod ui;
