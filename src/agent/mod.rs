//! The mobility agent's configuration, drscout.conf: which id the agent in a machine has, told by the
//! agent itself.
//!
//! [`Conf`] reads a file's bytes as the agent would and says, line by line, what is wrong with it.
//! [`script`] and [`ssh`] fetch one. What it leaves is evidence for [`crate::domain::identity`]; the file itself is never kept.

pub mod conf;
pub mod script;
pub mod ssh;

pub use conf::{Conf, Finding, Weight, What};
pub use ssh::{Remote, Ssh};
