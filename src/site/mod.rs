//! One configured site: its connections, and the estate gathered from them.

mod estate;
mod test;

pub use estate::{Estate, Part, PartName, PartState, Update};
pub use test::{Finding, Verdict};
