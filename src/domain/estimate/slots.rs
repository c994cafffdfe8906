//! Room for so many machines in cut-over at a time.

use super::range::Range;

/// Who has room, until when; for the low, the likely and the high times by themselves.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    low: Vec<Slot>,
    likely: Vec<Slot>,
    high: Vec<Slot>,
}

/// The room of one machine: until when it is taken, and by which.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    until: u64,
    by: Option<usize>,
}

impl Slots {
    /// `most` of at least one; there is no use in more than `machines`.
    pub(super) fn new(most: usize, machines: usize) -> Self {
        let all = vec![Slot::default(); most.clamp(1, machines.max(1))];
        Self {
            low: all.clone(),
            likely: all.clone(),
            high: all,
        }
    }

    /// When there is room next, and which machine makes it.
    pub(super) fn next(&self) -> (Range, Option<usize>) {
        let first = |slots: &[Slot]| slots.iter().min_by_key(|slot| slot.until).copied();
        let at = |slots: &[Slot]| first(slots).map_or(0, |slot| slot.until);
        let range = Range::new(at(&self.low), at(&self.likely), at(&self.high));
        (range, first(&self.likely).and_then(|slot| slot.by))
    }

    /// A machine takes the room that is there first, until it arrives.
    pub(super) fn take(&mut self, by: usize, until: Range) {
        let own = [
            (&mut self.low, until.low()),
            (&mut self.likely, until.likely()),
            (&mut self.high, until.high()),
        ];
        for (slots, until) in own {
            if let Some(slot) = slots.iter_mut().min_by_key(|slot| slot.until) {
                *slot = Slot {
                    until,
                    by: Some(by),
                };
            }
        }
    }
}
