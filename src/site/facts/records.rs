//! What this computer keeps of a machine from before.

use crate::domain::ArmId;
use crate::domain::guest::{Guest, Records};
use crate::readiness::facts::{Fact, Recorded, Source, Temporary};
use crate::site::Site;

impl Site {
    /// One small file: read at once.
    pub(super) fn record_of(&self, id: &ArmId) -> Fact<Option<Recorded>> {
        let Some(remembered) = &self.remembered else {
            return Fact::unknown("what this computer keeps of machines was not looked at");
        };
        match remembered.guests.load(id) {
            Ok(records) => self.told(records.as_ref().and_then(newest), Source::Here),
            Err(trouble) => Fact::unknown(format!("its record: {trouble}")),
        }
    }
}

fn newest(records: &Records) -> Option<Recorded> {
    let at = records.records.last()?.at;
    let inside = records.records.iter().rev();
    let mut inside = inside.filter_map(|r| Some((r.at, r.guest.as_ref()?)));
    let (inside, guest) = inside.next().unzip();
    Some(Recorded {
        at,
        inside,
        temporary: guest.map_or(Temporary::NotTold, temporary),
    })
}

fn temporary(guest: &Guest) -> Temporary {
    let Some(all) = &guest.temporary else {
        return Temporary::NotTold;
    };
    let mut used = all
        .iter()
        .filter(|t| t.online == Some(true) && !t.at.is_empty());
    match (used.next(), all.is_empty()) {
        (Some(own), _) => Temporary::InUse(own.at.clone()),
        (None, true) => Temporary::None,
        (None, false) if all.iter().any(|t| t.online.is_none()) => Temporary::NotTold,
        (None, false) => Temporary::OutOfUse,
    }
}
