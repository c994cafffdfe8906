//! `head`: the number and hash of a journal's last line, so that a lost end is noticed.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::store::folders::read_bounded;

/// Most bytes of a head.
const MOST_BYTES: u64 = 1024;

/// The last line of a journal, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    /// 0 before the first line.
    pub number: u64,
    /// SHA-256 of the line without its line break, in hexadecimal.
    pub hash: Box<str>,
}

impl Head {
    /// Of a journal without a line.
    pub(super) fn start() -> Self {
        Self {
            number: 0,
            hash: "0".repeat(64).into(),
        }
    }

    /// Of a journal whose last line is `text`.
    pub(super) fn of(number: u64, text: &[u8]) -> Self {
        let digest = Sha256::digest(text);
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            number,
            hash: hash.into(),
        }
    }

    pub(super) fn read(run: &Path) -> io::Result<Self> {
        let text = read_bounded(&run.join("head"), MOST_BYTES)?;
        if text.is_empty() {
            // What some file systems make of a replaced file at a loss of power.
            return Ok(Self::start());
        }
        serde_json::from_str(&text).map_err(Into::into)
    }

    /// Replaces the head, without waiting for the disk: one that is behind the journal after a loss
    /// of power harms nothing, and the wait would cost as much as that for the journal.
    pub(super) fn write(&self, run: &Path) -> io::Result<()> {
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(run)?;
        serde_json::to_writer(&mut new, self)?;
        new.flush()?;
        new.persist(run.join("head")).map_err(|error| error.error)?;
        Ok(())
    }
}
