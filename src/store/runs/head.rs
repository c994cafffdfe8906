//! `head`: the number and hash of a journal's last line, so that a lost end is noticed.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::store::access::Access;
use crate::store::folders::{read_bounded, sync_folder};

/// Most bytes of a head.
const MOST_BYTES: u64 = 1024;

/// The last line of a journal, or of a part of it. Printed as `NUMBER:HASH`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    /// 0 before the first line.
    pub number: u64,
    /// SHA-256 of the line without its line break, in hexadecimal.
    pub hash: Box<str>,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a head is a number, a colon and 64 hexadecimal digits";
        let (number, hash) = text.trim().split_once(':').ok_or(wrong)?;
        let number = number.parse().map_err(|_| wrong)?;
        let digits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = hash.to_ascii_lowercase().into();
        digits.then_some(Self { number, hash }).ok_or(wrong)
    }
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
        if text.bytes().all(|byte| byte == 0) {
            // What some file systems make of a replaced file at a loss of power.
            return Ok(Self::start());
        }
        serde_json::from_str(&text).map_err(Into::into)
    }

    /// Replaces the head, without waiting for the disk: one that is behind the journal after a loss
    /// of power harms nothing, and the wait would cost as much as that for the journal.
    pub(super) fn write(&self, run: &Path) -> io::Result<()> {
        self.replace(run, false)
    }

    /// Replaces the head for good: the last one of a run.
    pub(super) fn write_durably(&self, run: &Path) -> io::Result<()> {
        self.replace(run, true)
    }

    fn replace(&self, run: &Path, durably: bool) -> io::Result<()> {
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(run)?;
        Access::within(run).give(new.as_file())?;
        serde_json::to_writer(&mut new, self)?;
        new.flush()?;
        if durably {
            new.as_file().sync_all()?;
        }
        new.persist(run.join("head")).map_err(|error| error.error)?;
        match durably {
            true => sync_folder(run),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_head_is_read_back_and_nothing_else_is_one() {
        let head = Head::of(412, b"a line");
        assert_eq!(head.to_string().parse::<Head>(), Ok(head.clone()));
        let shouted = format!(" {}\n", head.to_string().to_uppercase());
        assert_eq!(shouted.parse::<Head>(), Ok(head.clone()));
        for wrong in ["", "412", ":", "x:00", &format!("412:{}", &head.hash[1..])] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
