//! Why a plan or a draft could not be read or kept.

use std::io;

use thiserror::Error;

/// Each says what to do. `what` is the trade's word: a plan, a draft.
#[derive(Debug, Error)]
pub enum KeptTrouble {
    #[error("there is no {what} {name} here; {}", known_ones(.what, .known))]
    Unknown {
        what: &'static str,
        name: String,
        known: Vec<String>,
    },
    #[error("there is a {what} {name} already; delete it first, or give the new one another name")]
    Exists { what: &'static str, name: String },
    #[error(
        "{file} was written by a newer failback ({schema}); it was left alone. Use that program, \
         or a newer one than this"
    )]
    Newer { file: String, schema: String },
    #[error(
        "{file} cannot be read as a {what}: {why}. It was set aside as {aside}; mend it there and \
         put it back, or make the {what} anew"
    )]
    Damaged {
        what: &'static str,
        file: String,
        why: String,
        aside: String,
    },
    #[error("{file} cannot be read as a {what}: {why}. Nothing was changed; mend the file")]
    Unreadable {
        what: &'static str,
        file: String,
        why: String,
    },
    #[error("{file} holds the {what} {name}; rename it to {name}.json, or change its slug")]
    Misnamed {
        what: &'static str,
        file: String,
        name: String,
    },
    #[error("{file} is no name for the file of a {what} and was left alone; {how}")]
    Nameless {
        what: &'static str,
        file: String,
        how: &'static str,
    },
    #[error(
        "the {what} {name} was changed meanwhile, and nothing was kept; look at it and try again"
    )]
    Changed { what: &'static str, name: String },
    #[error("another failback is at work in {0}; wait a moment and try again")]
    Busy(String),
    #[error("{file}: {error}")]
    Disk { file: String, error: io::Error },
}

impl KeptTrouble {
    /// The file that it is about.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Newer { file, .. }
            | Self::Damaged { file, .. }
            | Self::Unreadable { file, .. }
            | Self::Misnamed { file, .. }
            | Self::Nameless { file, .. }
            | Self::Disk { file, .. } => Some(file),
            Self::Unknown { .. } | Self::Exists { .. } | Self::Changed { .. } | Self::Busy(_) => {
                None
            }
        }
    }
}

fn known_ones(what: &str, known: &[String]) -> String {
    match known {
        [] => format!("no {what} was saved yet"),
        known => format!("known are: {}", known.join(", ")),
    }
}
