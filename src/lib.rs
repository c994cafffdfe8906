//! The map of the crate: one room a concern, arrows down only (`tests/rooms.rs` checks them).

pub mod simulator;
