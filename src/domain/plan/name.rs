//! What a plan is called, and what its file is called.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Fault, Fingerprint};
use crate::domain::text::Text;

/// What people call a plan: 1 to 60 characters that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct PlanName(Text);

impl PlanName {
    const MOST: usize = 60;

    /// # Errors
    /// A name that is empty or too long.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        Text::from(raw.trim()).try_into()
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<Text> for PlanName {
    type Error = Fault;

    fn try_from(name: Text) -> Result<Self, Fault> {
        let fits = name.as_str().chars().count() <= Self::MOST && !name.as_str().trim().is_empty();
        if fits {
            Ok(Self(name))
        } else {
            Err(Fault::BadName(name))
        }
    }
}

impl From<PlanName> for Text {
    fn from(name: PlanName) -> Self {
        name.0
    }
}

impl fmt::Display for PlanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a plan's file, without `.json`: 1 to 64 of `a-z`, `0-9` and `-`. The same on every
/// file system, whatever it thinks of case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(Box<str>);

impl Slug {
    const MOST: usize = 64;

    /// Takes a file's name.
    ///
    /// # Errors
    /// Anything but `a-z`, `0-9` and single dashes between them.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let good = (1..=Self::MOST).contains(&raw.len())
            && raw.chars().all(letters)
            && raw.split('-').all(|word| !word.is_empty());
        if good {
            Ok(Self(raw.into()))
        } else {
            Err(Fault::BadSlug(raw.into()))
        }
    }

    /// The file name of a new plan: `ERP home` becomes `erp-home`. A name without a single Latin
    /// letter or digit gets one made of its fingerprint.
    #[must_use]
    pub fn of(name: &PlanName) -> Self {
        let spaced = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        };
        let spread: String = name.as_str().chars().map(spaced).collect();
        let slug = spread.split_whitespace().collect::<Vec<_>>().join("-");
        if slug.is_empty() {
            let mark = Fingerprint::of([name.as_str()]).to_string();
            return Self(format!("plan-{}", mark.get(..8).unwrap_or_default()).into());
        }
        Self(slug.into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = Fault;

    fn try_from(raw: String) -> Result<Self, Fault> {
        Self::parse(&raw)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0.into()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
