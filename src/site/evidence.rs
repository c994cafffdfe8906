//! What the agents of a site's machines said, by machine: read in this session, and kept from others.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::identity::{Reading, keep_newest};
use crate::domain::{ArmId, Text};
use crate::store::{AllReadings, KeptReadings};

/// Cheap to hand on.
#[derive(Clone, Debug, Default)]
pub struct Evidence(Arc<Inner>);

#[derive(Clone, Debug, Default)]
struct Inner {
    readings: HashMap<ArmId, Vec<Reading>>,
    kept: Arc<AllReadings>,
    /// Nothing of what was kept can be read.
    unread: Option<Text>,
}

impl Evidence {
    /// What is kept of a site. Blocks for as long as reading some small files takes.
    #[must_use]
    pub fn kept(store: &KeptReadings) -> Self {
        let (mut all, unread) = match store.all() {
            Ok(all) => (all, None),
            Err(trouble) => (AllReadings::default(), Some(trouble.to_string().into())),
        };
        Self(Arc::new(Inner {
            readings: std::mem::take(&mut all.readings),
            kept: Arc::new(all),
            unread,
        }))
    }

    #[must_use]
    pub fn of(&self, machine: &ArmId) -> &[Reading] {
        self.0.readings.get(machine).map_or(&[], Vec::as_slice)
    }

    /// Why what was kept of a machine is not known; nothing once its agent was read anew.
    #[must_use]
    pub fn lost(&self, machine: &ArmId) -> Option<Text> {
        let one = || Some(self.0.kept.lost(machine)?.to_string().into());
        self.0.unread.clone().or_else(one)
    }

    /// What of it all cannot be read, in sentences.
    #[must_use]
    pub fn troubles(&self) -> Vec<Text> {
        let files = self.0.kept.troubles();
        let files = files.map(|trouble| trouble.to_string().into());
        let mut all: Vec<Text> = self.0.unread.iter().cloned().chain(files).collect();
        all.sort();
        all
    }

    pub fn add(&mut self, machine: &ArmId, reading: Reading) {
        let inner = Arc::make_mut(&mut self.0);
        let own = inner.readings.entry(machine.clone()).or_default();
        if !own.contains(&reading) {
            own.push(reading);
            keep_newest(own, |reading| reading);
        }
    }

    /// This, and what another knows beside it. What is lost is this one's, or where nothing is known
    /// here the other's: what a session read is never lost.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let has_lost = self.0.unread.is_some() || self.0.kept.troubles().next().is_some();
        if self.0.readings.is_empty() && !has_lost {
            return other.clone();
        }
        for (machine, readings) in &other.0.readings {
            for reading in readings {
                self.add(machine, reading.clone());
            }
        }
        self
    }

    pub fn machines(&self) -> impl Iterator<Item = &ArmId> {
        self.0.readings.keys()
    }

    /// Of these machines alone.
    pub(super) fn among<'a>(
        &self,
        machines: impl Iterator<Item = &'a ArmId>,
    ) -> HashMap<ArmId, Vec<Reading>> {
        let own = machines.filter_map(|id| Some((id.clone(), self.0.readings.get(id)?.clone())));
        own.collect()
    }
}
