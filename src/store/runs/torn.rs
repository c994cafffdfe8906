//! The end of a journal that was not whole: kept beside it as `torn-N`, and told of in a record.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};

use super::folder::RunFolder;
use crate::domain::run::{Line, Record};

/// Most ends that are kept.
const MOST: u32 = 1000;

/// Copies what stands after `length` to the first free `torn-N`.
pub(super) fn keep(folder: &RunFolder, length: u64) -> io::Result<()> {
    let mut journal = File::open(folder.path().join("journal.jsonl"))?;
    journal.seek(SeekFrom::Start(length))?;
    for n in 1..MOST {
        match folder.access().create_new(&folder.path().join(name(n))) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut aside) => {
                io::copy(&mut journal, &mut aside)?;
                return aside.sync_all();
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The records of the ends that are kept, and that no line tells of.
pub(super) fn untold(folder: &RunFolder, lines: &[Line]) -> Vec<Record> {
    let told: HashSet<&str> = lines
        .iter()
        .filter_map(|line| match &line.record {
            Record::Mended { kept, .. } => Some(kept.as_str()),
            _ => None,
        })
        .collect();
    let kept = (1..MOST).map(name);
    kept.map_while(|kept| Some((fs::metadata(folder.path().join(&kept)).ok()?, kept)))
        .filter(|(_, kept)| !told.contains(kept.as_str()))
        .map(|(file, kept)| Record::Mended {
            bytes: file.len(),
            kept: kept.into(),
        })
        .collect()
}

fn name(n: u32) -> String {
    format!("torn-{n}")
}
