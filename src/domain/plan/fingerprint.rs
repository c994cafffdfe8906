//! A short stand-in for what somebody looked at, to notice when it is no longer the same.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Stands for a list of words. Notices change; it is no proof against a forger, who could write the
/// statement itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Uuid);

impl Fingerprint {
    /// Made once at random for this purpose; another one would make every statement fall.
    const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_42a7_90c3_4e6b_8a55_1e0c_77d2_b941);

    /// Every word counts, and where one ends and the next begins.
    #[must_use]
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut bytes = Vec::new();
        for word in words {
            bytes.extend((word.len() as u64).to_be_bytes());
            bytes.extend(word.as_bytes());
        }
        Self(Uuid::new_v5(&Self::NAMESPACE, &bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}
