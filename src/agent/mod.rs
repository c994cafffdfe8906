//! The mobility agent's configuration, drscout.conf: which id the agent in a machine has, told by the
//! agent itself.
//!
//! [`Conf`] reads a file's bytes as the agent would and says, line by line, what is wrong with it.
//! [`script`] and [`ssh`] fetch one. [`guest`] looks at the machine around the agent, by the same ways. What it leaves is evidence for [`crate::domain::identity`]; the file itself is never kept.

pub mod conf;
pub mod guest;
pub mod script;
pub mod ssh;
mod wrapped;

pub use conf::{Conf, Finding, Weight, What};
pub use ssh::{Remote, Ssh};
pub use wrapped::NotWhole;
