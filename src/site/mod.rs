//! One configured site: its connections, and the estate gathered from them.

mod estate;
mod facts;
mod gather;
mod offers;
mod open;
mod test;

pub use estate::{Estate, Part, PartName, PartState, Update};
pub use open::Site;
pub use test::{Finding, Verdict, test};
