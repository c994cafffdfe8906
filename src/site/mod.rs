//! One configured site: its connections, and the estate gathered from them.

mod estate;
mod facts;
mod gather;
mod guests;
mod handed;
mod identities;
mod offers;
mod open;
mod test;

pub use estate::{Estate, Part, PartName, PartState, Update};
pub use guests::Inside;
pub use handed::{Handed, Whence};
pub use identities::{
    AgentTold, Asked, Evidence, Identity, MOST_AT_ONCE, Registry, USUAL_DEADLINE,
};
pub use open::Site;
pub use test::{Finding, Verdict, test};
