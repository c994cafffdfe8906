//! Why a plan could not be read or kept.

use std::io;

use thiserror::Error;

use crate::domain::plan::Slug;

/// Each says what to do.
#[derive(Debug, Error)]
pub enum PlanTrouble {
    #[error("there is no plan {slug} here; {}", known_ones(.known))]
    Unknown { slug: Slug, known: Vec<String> },
    #[error("there is a plan {0} already; delete it first, or give the new one another name")]
    Exists(Slug),
    #[error(
        "{file} was written by a newer failback ({schema}); it was left alone. Use that program, \
         or a newer one than this"
    )]
    Newer { file: String, schema: String },
    #[error(
        "{file} cannot be read as a plan: {why}. It was set aside as {aside}; mend it there and \
         import it, or make the plan anew"
    )]
    Damaged {
        file: String,
        why: String,
        aside: String,
    },
    #[error("{file} cannot be read as a plan: {why}. Nothing was changed; mend the file")]
    NoPlan { file: String, why: String },
    #[error("{file} holds the plan {slug}; rename it to {slug}.json, or change its slug")]
    Misnamed { file: String, slug: Slug },
    #[error("the plan {0} was changed meanwhile, and nothing was kept; look at it and try again")]
    Changed(Slug),
    #[error("another failback is at work in {0}; wait a moment and try again")]
    Busy(String),
    #[error("{file}: {error}")]
    Disk { file: String, error: io::Error },
}

impl PlanTrouble {
    /// The file that it is about.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Newer { file, .. }
            | Self::Damaged { file, .. }
            | Self::NoPlan { file, .. }
            | Self::Misnamed { file, .. }
            | Self::Disk { file, .. } => Some(file),
            Self::Unknown { .. } | Self::Exists(_) | Self::Changed(_) | Self::Busy(_) => None,
        }
    }
}

fn known_ones(known: &[String]) -> String {
    match known {
        [] => "no plan was saved yet".into(),
        known => format!("known are: {}", known.join(", ")),
    }
}
