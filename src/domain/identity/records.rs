//! What is kept of the readings of one machine's agent, in one file of its own.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// Most readings that are kept of one machine.
pub const MOST_READINGS: usize = 8;

/// Everything that is kept of one machine's agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Readings {
    pub schema: Text,
    pub machine: ArmId,
    pub name: Text,
    /// Oldest first.
    pub readings: Vec<Record>,
}

/// One reading, and which registration it pointed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The id of the registration that had the agent's id then; `None`: none had it, or several.
    #[serde(default)]
    pub registration: Option<Text>,
    #[serde(flatten)]
    pub reading: Reading,
}

impl Readings {
    /// What stands before the number of [`Self::schema`].
    pub const SCHEMA: &'static str = "failback/identity/";

    #[must_use]
    pub fn of(machine: ArmId, name: Text) -> Self {
        Self {
            schema: format!("{}1", Self::SCHEMA).into(),
            machine,
            name,
            readings: Vec::new(),
        }
    }

    /// Keeps one more.
    pub fn add(&mut self, record: Record) {
        self.readings.push(record);
        keep_newest(&mut self.readings, |record| &record.reading);
    }
}

/// Leaves the readings that may still count, oldest first. Tries that failed go before files, and of
/// the files those that a newer one of the same kind of source replaced.
pub fn keep_newest<T>(all: &mut Vec<T>, reading: impl Fn(&T) -> &Reading) {
    all.sort_by_key(|one| reading(one).at);
    while all.len() > MOST_READINGS {
        let failed = all.iter().position(|one| !reading(one).tells());
        let replaced = || {
            all.iter().enumerate().position(|(at, one)| {
                let kind = std::mem::discriminant(&reading(one).source);
                let is_newer = |newer: &T| {
                    let newer = reading(newer);
                    newer.tells() && std::mem::discriminant(&newer.source) == kind
                };
                all[at + 1..].iter().any(is_newer)
            })
        };
        let goes = failed.or_else(replaced).unwrap_or_default();
        all.remove(goes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::tests::scene;
    use crate::domain::identity::{NotRead, Source};

    fn record(source: Source, minute: u8, id: Option<&str>) -> Record {
        let mut reading = scene::reading(source, minute, scene::file(id.unwrap_or_default()));
        if id.is_none() {
            reading.file = Err(NotRead::Failed("no answer".into()));
        }
        Record {
            registration: None,
            reading,
        }
    }

    #[test]
    fn a_files_reading_outlives_every_try_that_failed_and_every_older_one_of_its_kind() {
        let mut all = Readings::of(scene::item("web-01"), "web-01".into());
        all.add(record(Source::Paste, 0, Some(scene::HOME_ID)));
        for minute in 1..30 {
            let file = (minute % 2 == 0).then_some(scene::AZURE_ID);
            all.add(record(Source::Ssh("web-01".into()), minute, file));
        }
        assert_eq!(all.readings.len(), MOST_READINGS);
        assert_eq!(all.readings[0].reading.source, Source::Paste);
        let last = &all.readings[MOST_READINGS - 1].reading;
        assert_eq!(
            last,
            &record(Source::Ssh("web-01".into()), 28, Some(scene::AZURE_ID)).reading
        );
    }

    #[test]
    fn that_no_agent_was_found_is_kept_as_long_as_a_file() {
        let mut all = Readings::of(scene::item("web-01"), "web-01".into());
        all.add(record(Source::Paste, 0, Some(scene::AZURE_ID)));
        let mut none = record(Source::RunCommand(scene::vm("web-01")), 1, None);
        none.reading.file = Err(NotRead::NoAgent("there is no drscout.conf".into()));
        all.add(none.clone());
        for minute in 2..30 {
            all.add(record(Source::Ssh("web-01".into()), minute, None));
        }
        assert_eq!(all.readings[1], none);
    }

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let mut all = Readings::of(scene::item("web-01"), "web-01".into());
        all.add(record(
            Source::RunCommand(scene::vm("web-01")),
            0,
            Some(scene::AZURE_ID),
        ));
        all.add(record(Source::Paste, 1, Some("1234_45466_67689")));
        all.add(record(Source::File("d.conf".into()), 2, None));
        let mut none = record(Source::Ssh("web-01".into()), 3, None);
        none.reading.file = Err(NotRead::NoAgent("there is no drscout.conf".into()));
        all.add(none);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Readings>(&text).unwrap(), all);
    }
}
