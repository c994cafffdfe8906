//! A time that is not certain.

use serde::Serialize;

/// Seconds: the shortest, the likeliest and the longest that is to be expected, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Range {
    low: u64,
    likely: u64,
    high: u64,
}

impl Range {
    /// Of three times in any order.
    #[must_use]
    pub fn new(one: u64, two: u64, three: u64) -> Self {
        let mut all = [one, two, three];
        all.sort_unstable();
        let [low, likely, high] = all;
        Self { low, likely, high }
    }

    #[must_use]
    pub fn low(self) -> u64 {
        self.low
    }

    #[must_use]
    pub fn likely(self) -> u64 {
        self.likely
    }

    #[must_use]
    pub fn high(self) -> u64 {
        self.high
    }

    /// One after the other.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        self.both(next, u64::saturating_add)
    }

    /// Until both are over, begun together.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        self.both(other, u64::max)
    }

    /// `elapsed` seconds later. What takes longer than it should is not over for that: it may take
    /// as much again of what it took by a quarter, and never nothing.
    #[must_use]
    pub fn after(self, elapsed: u64) -> Self {
        let rest = |of: u64, least: u64| of.saturating_sub(elapsed).max(least).max(1);
        Self {
            low: rest(self.low, 1),
            likely: rest(self.likely, elapsed / 8),
            high: rest(self.high, elapsed / 4),
        }
    }

    fn both(self, other: Self, how: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            low: how(self.low, other.low),
            likely: how(self.likely, other.likely),
            high: how(self.high, other.high),
        }
    }
}
