//! How a script wraps what it read: Azure keeps the last 4,096 bytes of what a script prints, less than a
//! file has. It comes compressed, in base64, between two marks with its length, so that an output that
//! was cut is never taken for a whole one.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use thiserror::Error;

/// Why an output holds nothing whole.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NotWhole {
    #[error("the script printed nothing that it should have")]
    NothingOfOurs,
    #[error("its output was cut off")]
    Cut,
    #[error("its output is not what the script prints")]
    Garbled,
    #[error("what it read is larger than it may be")]
    TooLarge,
}

/// What an output says.
pub(super) enum Said<'a> {
    Whole(Vec<u8>),
    /// Another word after the mark than the three of a wrapping.
    Word(&'a str),
}

/// What stands between the lines that begin with `mark`, of at most `most` bytes.
pub(super) fn unwrap<'a>(mark: &str, printed: &'a str, most: usize) -> Result<Said<'a>, NotWhole> {
    let mut lines = printed.lines().map(str::trim);
    let size = loop {
        let line = lines.next().ok_or(NotWhole::NothingOfOurs)?;
        match line.strip_prefix(mark).map(str::trim) {
            // The beginning is what Azure cuts away.
            Some("end") => return Err(NotWhole::Cut),
            Some(word) => match word.strip_prefix("begin") {
                None => return Ok(Said::Word(word)),
                Some(size) => {
                    break size
                        .trim()
                        .parse::<usize>()
                        .map_err(|_| NotWhole::Garbled)?;
                }
            },
            None => {}
        }
    };
    if size > most {
        return Err(NotWhole::TooLarge);
    }
    let mut text = String::new();
    loop {
        let line = lines.next().ok_or(NotWhole::Cut)?;
        match line.strip_prefix(mark).map(str::trim) {
            Some("end") => break,
            Some(_) => return Err(NotWhole::Garbled),
            None => text.push_str(line),
        }
    }
    let packed = STANDARD.decode(text).map_err(|_| NotWhole::Garbled)?;
    let mut file = Vec::new();
    // A kilobyte may unpack to gigabytes: no more is unpacked than was announced, and one byte.
    let limit = u64::try_from(size).unwrap_or(0) + 1;
    let unpacked = GzDecoder::new(packed.as_slice())
        .take(limit)
        .read_to_end(&mut file);
    match unpacked {
        Ok(length) if length == size => Ok(Said::Whole(file)),
        _ => Err(NotWhole::Garbled),
    }
}
