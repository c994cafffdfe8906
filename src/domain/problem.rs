//! Health, and what the service says is wrong.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::Text;

/// Health as the service states it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Health {
    Critical,
    Warning,
    /// A word this program does not know.
    Other(Text),
    /// Not stated, or stated as `None`: never shown as good.
    #[default]
    Unknown,
    Normal,
}

impl Health {
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "normal" | "healthy" => Self::Normal,
            "warning" => Self::Warning,
            "critical" => Self::Critical,
            "" | "none" => Self::Unknown,
            _ => Self::Other(word.into()),
        }
    }

    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Normal => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
            Self::Other(word) => word.as_str(),
        }
    }
}

/// How bad one problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    Error,
    Warning,
    Information,
}

impl Level {
    /// Anything that is not known to be mild counts as an error.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "warning" => Self::Warning,
            "information" | "informational" | "info" => Self::Information,
            _ => Self::Error,
        }
    }
}

/// One thing that is wrong, in the service's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub level: Level,
    pub code: Text,
    pub message: Text,
    pub causes: Text,
    pub remedy: Text,
    pub since: Option<Timestamp>,
    /// For Microsoft's support; empty when not given.
    pub activity_id: Text,
}
