//! What the machines of a site were before they were protected: one JSON file a machine, private.

use std::path::{Path, PathBuf};

use super::kept::{Kept, Shelf};
use super::kept_trouble::KeptTrouble;
use super::machine_file::file_name;
use crate::domain::guest::{Record, Records};
use crate::domain::{ArmId, Text};

impl Kept for Records {
    const WHAT: &'static str = "record of a machine";
    const FOLDER: &'static str = "guests";
    const SCHEMA: &'static str = Self::SCHEMA;
    const NEWEST: u32 = 1;
    /// Some dozen looks into a machine with everything that is kept of one.
    const MOST_BYTES: u64 = 16 << 20;

    fn file_name(&self) -> Option<String> {
        Some(file_name(&self.machine))
    }
}

/// The folder with a site's records: `<data>/failback/<site>/guests`.
#[derive(Clone, Debug)]
pub struct Guests(Shelf<Records>);

impl Guests {
    /// As [`super::Plans::of_site`].
    #[must_use]
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        Shelf::of_site(data, site).map(Self)
    }

    /// What is kept of a machine; `None` where nothing is.
    ///
    /// # Errors
    /// A file of a newer program; a damaged one, which is then set aside.
    pub fn load(&self, machine: &ArmId) -> Result<Option<Records>, KeptTrouble> {
        let name = file_name(machine);
        match self.0.file(&name).exists() {
            true => self.0.read(&name).map(Some),
            false => Ok(None),
        }
    }

    /// Keeps one more look at a machine beside the earlier ones.
    ///
    /// # Errors
    /// A file that this program cannot read; a full disk; another program that is writing.
    pub fn add(
        &self,
        machine: &ArmId,
        name: &Text,
        record: Record,
    ) -> Result<PathBuf, KeptTrouble> {
        self.0.change(&file_name(machine), |known| {
            let new = || Records::of(machine.clone(), name.clone());
            let mut all = known?.unwrap_or_else(new);
            all.name = name.clone();
            all.add(record);
            Ok(all)
        })
    }

    /// As [`super::KeptReadings::forget`].
    ///
    /// # Errors
    /// When a file cannot be removed; another program that is writing.
    pub fn forget(&self) -> Result<(), KeptTrouble> {
        self.0.forget()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::guest::{AtHome, Guest, MOST_RECORDS, Source, Spot};

    fn id(name: &str) -> ArmId {
        ArmId::parse(&format!(
            "/subscriptions/s/replicationProtectedItems/{name}"
        ))
        .unwrap()
    }

    fn record(second: i64) -> Record {
        Record {
            at: jiff::Timestamp::from_second(second).unwrap(),
            source: Source::Paste,
            spot: Spot::Azure,
            azure: None,
            home: AtHome::default(),
            guest: Some(Guest::default()),
            not_read: Vec::new(),
        }
    }

    #[test]
    fn what_was_recorded_is_kept_for_its_owner_alone_and_the_first_look_stays() {
        let folder = tempfile::tempdir().unwrap();
        let guests = Guests::of_site(folder.path(), "lab").unwrap();
        assert!(guests.load(&id("web-01")).unwrap().is_none());
        let mut path = PathBuf::new();
        for second in 0..MOST_RECORDS as i64 + 5 {
            path = guests
                .add(&id("web-01"), &"web-01".into(), record(second))
                .unwrap();
        }
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let all = guests.load(&id("WEB-01")).unwrap().unwrap();
        assert_eq!(all.records.len(), MOST_RECORDS);
        assert_eq!(all.records[0], record(0));
        assert_eq!(all.records.last(), Some(&record(MOST_RECORDS as i64 + 4)));
        assert_eq!(all.schema.as_str(), "failback/guest/1");
        assert!(guests.load(&id("web-02")).unwrap().is_none());
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_nothing_is_written_over_it() {
        let folder = tempfile::tempdir().unwrap();
        let guests = Guests::of_site(folder.path(), "lab").unwrap();
        let path = guests.add(&id("a"), &"a".into(), record(1)).unwrap();
        std::fs::write(&path, "{").unwrap();
        assert!(guests.add(&id("a"), &"a".into(), record(2)).is_err());
        assert!(!path.exists());
    }
}
