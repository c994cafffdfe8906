//! What a machine is from the inside: the scripts that tell it, for Windows and Linux, and the reading of
//! what they print.
//!
//! A script changes nothing, and leaves out what may hold a secret: command lines and environments of
//! services, options of mounts that are not known to be harmless. It prints one line a thing, fields
//! apart by tabs; a line `done` ends each part, so that one that could not be read is not taken for
//! one that is empty.

mod read;
mod scripts;
#[cfg(test)]
mod tests;

pub use read::{MOST_BYTES, read};
pub use scripts::{POWERSHELL, SH};

use thiserror::Error;

use super::wrapped::{self, NotWhole, Said};
use crate::domain::Text;
use crate::domain::guest::Guest;

/// Begins each of the lines around what is told.
const MARK: &str = "failback-guest/1";

/// Why an output tells nothing of a guest.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoGuest {
    #[error(transparent)]
    NotWhole(#[from] NotWhole),
    #[error("it does not even tell whether the machine runs Windows or Linux")]
    Nothing,
    #[error("the machine has no {0}, without which the script tells nothing")]
    Missing(Text),
}

/// The guest out of what a script printed.
///
/// # Errors
/// Why there is none.
pub fn unwrap(printed: &str) -> Result<Guest, NoGuest> {
    match wrapped::unwrap(MARK, printed, MOST_BYTES)? {
        Said::Whole(bytes) => read(&bytes).ok_or(NoGuest::Nothing),
        Said::Word(word) => Err(match word.strip_prefix("missing ") {
            Some(tool) => NoGuest::Missing(tool.chars().take(40).collect::<String>().into()),
            None => NotWhole::Garbled.into(),
        }),
    }
}
