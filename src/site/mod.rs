//! One configured site: its connections, and the estate gathered from them.

mod estate;
mod evidence;
mod facts;
mod gather;
mod guests;
mod handed;
mod identities;
mod offers;
mod open;
mod registry;
mod test;

pub use estate::{Estate, Part, PartName, PartState, Update};
pub use evidence::Evidence;
pub use guests::{Inside, Kept, keep};
pub use handed::{Handed, Whence, look};
pub use identities::{AgentTold, MOST_AT_ONCE, USUAL_DEADLINE};
pub use open::Site;
pub use registry::{Asked, Identity, Registry};
pub use test::{Finding, Verdict, test};
