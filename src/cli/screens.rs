//! The screens: without a command, or as a demo.

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::Complaint;
use crate::domain::Failure;
use crate::store::Profile;

/// Finds the site's profile; may take its time, so the first frame does not wait for it.
pub type FindProfile = Box<dyn Fn() -> Result<Profile, Failure> + Send + Sync>;

pub fn run(arguments: &Arguments) -> Result<Exit, Complaint> {
    let _ = arguments;
    Err(Complaint::usage("no screens yet", ""))
}

pub fn show(arguments: &Arguments, name: &str, find: FindProfile) -> Result<Exit, Complaint> {
    let _ = (arguments, name, find);
    Err(Complaint::usage("no screens yet", ""))
}
