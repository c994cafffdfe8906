//! What the agents of a site's machines said, kept from one session to the next: one JSON file a
//! machine, private, and nothing of the agents' own files in it but what counts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::kept::{Kept, Shelf, from_elsewhere};
use super::kept_trouble::KeptTrouble;
use super::machine_file::file_name;
use crate::domain::identity::{Reading, Readings, Record};
use crate::domain::{ArmId, Text};

impl Kept for Readings {
    const WHAT: &'static str = "record of an agent";
    const FOLDER: &'static str = "identities";
    const SCHEMA: &'static str = Self::SCHEMA;
    const NEWEST: u32 = 1;
    const MOST_BYTES: u64 = 1 << 20;

    fn file_name(&self) -> Option<String> {
        Some(file_name(&self.machine))
    }
}

/// The folder with what agents said: `<data>/failback/<site>/identities`.
#[derive(Clone, Debug)]
pub struct KeptReadings(Shelf<Readings>);

/// Everything that is kept of a site.
#[derive(Debug, Default)]
pub struct AllReadings {
    pub readings: HashMap<ArmId, Vec<Reading>>,
    /// By the name of its file: what cannot be read. It is left alone until something new is kept.
    damaged: HashMap<String, KeptTrouble>,
}

impl AllReadings {
    /// Why what was kept of a machine is not known.
    #[must_use]
    pub fn lost(&self, machine: &ArmId) -> Option<&KeptTrouble> {
        match self.damaged.is_empty() {
            true => None,
            false => self.damaged.get(&file_name(machine)),
        }
    }

    pub fn troubles(&self) -> impl Iterator<Item = &KeptTrouble> {
        self.damaged.values()
    }
}

impl KeptReadings {
    /// As [`super::Plans::of_site`].
    #[must_use]
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        Shelf::of_site(data, site).map(Self)
    }

    /// Reads everything, one file at a time. What is damaged is told and left where it is.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn all(&self) -> Result<AllReadings, KeptTrouble> {
        let mut all = AllReadings::default();
        for name in self.0.names()? {
            let file = self.0.file(&name);
            match from_elsewhere::<Readings>(&file) {
                Ok(own) if file_name(&own.machine) == name => {
                    let own_readings = own.readings.into_iter().map(|record| record.reading);
                    all.readings.insert(own.machine, own_readings.collect());
                }
                Ok(own) => {
                    let trouble = KeptTrouble::Misnamed {
                        what: Readings::WHAT,
                        file: file.display().to_string(),
                        name: file_name(&own.machine),
                    };
                    all.damaged.insert(name, trouble);
                }
                Err(trouble) => {
                    all.damaged.insert(name, trouble);
                }
            }
        }
        Ok(all)
    }

    /// Keeps one more reading of a machine. A damaged file is set aside once an agent's file was read
    /// anew: from now on the new one counts.
    ///
    /// # Errors
    /// A file of a newer program; a full disk; another program that writes for seconds.
    pub fn add(
        &self,
        machine: &ArmId,
        name: &Text,
        record: Record,
    ) -> Result<PathBuf, KeptTrouble> {
        let own = file_name(machine);
        let file = self.0.file(&own);
        if record.reading.file.is_err() && file.exists() {
            from_elsewhere::<Readings>(&file)?;
        }
        self.0.change(&own, |known| {
            let known = match known {
                Err(KeptTrouble::Damaged { .. }) => None,
                read => read?,
            };
            let new = || Readings::of(machine.clone(), name.clone());
            let mut all = known.unwrap_or_else(new);
            all.name = name.clone();
            all.add(record);
            Ok(all)
        })
    }

    /// Forgets everything: the site that it was about is no more.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn forget(&self) -> Result<(), KeptTrouble> {
        self.0.forget()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::identity::tests::scene::{self, AZURE_ID};
    use crate::domain::identity::{NotRead, Source};

    fn record(minute: u8) -> Record {
        Record {
            registration: Some("azure".into()),
            reading: scene::reading(Source::Paste, minute, scene::file(AZURE_ID)),
        }
    }

    fn folder() -> (tempfile::TempDir, KeptReadings) {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptReadings::of_site(folder.path(), "lab").unwrap();
        (folder, kept)
    }

    #[test]
    fn what_an_agent_said_is_kept_for_its_owner_alone_and_found_again() {
        let (_folder, kept) = folder();
        assert!(kept.all().unwrap().readings.is_empty());
        let machine = scene::item("web-01");
        let path = kept.add(&machine, &"web-01".into(), record(1)).unwrap();
        kept.add(&machine, &"web-01".into(), record(2)).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let all = kept.all().unwrap();
        assert_eq!(
            all.readings[&machine],
            [record(1).reading, record(2).reading]
        );
        assert_eq!(all.troubles().count(), 0);
    }

    #[test]
    fn a_damaged_file_is_told_each_time_counts_for_nothing_and_makes_room_for_a_new_reading() {
        let (_folder, kept) = folder();
        let (one, other) = (scene::item("web-01"), scene::item("web-02"));
        let path = kept.add(&one, &"web-01".into(), record(1)).unwrap();
        kept.add(&other, &"web-02".into(), record(1)).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        for damaged in [
            &whole[..whole.len() / 2],
            &whole.replace(AZURE_ID, "web-01"),
            "\u{0}",
        ] {
            std::fs::write(&path, damaged).unwrap();
            for _ in 0..2 {
                let all = kept.all().unwrap();
                assert!(all.lost(&one).is_some() && all.lost(&other).is_none());
                assert_eq!(all.readings.len(), 1);
            }
        }
        // A try that failed tells nothing in its place.
        let mut failed = record(2);
        failed.reading.file = Err(NotRead::Failed("no answer".into()));
        assert!(kept.add(&one, &"web-01".into(), failed).is_err());
        assert!(kept.all().unwrap().lost(&one).is_some());
        kept.add(&one, &"web-01".into(), record(2)).unwrap();
        let all = kept.all().unwrap();
        assert!(all.lost(&one).is_none());
        assert_eq!(all.readings[&one], [record(2).reading]);
    }

    #[test]
    fn a_file_that_was_copied_under_another_name_is_nobodys_evidence() {
        let (_folder, kept) = folder();
        let (one, other) = (scene::item("web-01"), scene::item("web-02"));
        let path = kept.add(&one, &"web-01".into(), record(1)).unwrap();
        let copy = path.with_file_name(format!("{}.json", file_name(&other)));
        std::fs::copy(&path, copy).unwrap();
        let all = kept.all().unwrap();
        assert!(all.lost(&other).is_some());
        assert_eq!(all.readings.keys().collect::<Vec<_>>(), [&one]);
    }

    #[test]
    fn several_that_keep_at_once_lose_nothing() {
        let (_folder, kept) = folder();
        std::thread::scope(|scope| {
            for at in 0..8 {
                let kept = &kept;
                scope.spawn(move || {
                    let machine = scene::item(&format!("web-{at}"));
                    kept.add(&machine, &"web".into(), record(1)).unwrap();
                });
            }
        });
        assert_eq!(kept.all().unwrap().readings.len(), 8);
    }
}
