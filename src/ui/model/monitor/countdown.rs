//! How long a question still waits before its harmless choice is taken by itself: by the service's
//! clock, as far as the journal tells how that one goes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Monitor, Story};
use crate::domain::run::Question;

/// Below so much the seconds are counted.
const SECONDS_BELOW: i64 = 120_000;

/// What is left of a window, to the millisecond; never below nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Countdown(i64);

impl Countdown {
    #[must_use]
    pub fn of(left: SignedDuration) -> Self {
        Self(i64::try_from(left.as_millis()).unwrap_or(i64::MAX).max(0))
    }

    #[must_use]
    pub fn is_over(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub fn span(self) -> SignedDuration {
        SignedDuration::from_millis(self.0)
    }

    /// `2 h 05 min`, `28 min`, `1:59`.
    #[must_use]
    pub fn words(self) -> String {
        let seconds = self.0 / 1000;
        let minutes = seconds / 60;
        match (self.0, minutes) {
            (..SECONDS_BELOW, _) => format!("{}:{:02}", minutes, seconds % 60),
            (_, ..120) => format!("{minutes} min"),
            _ => format!("{} h {:02} min", minutes / 60, minutes % 60),
        }
    }

    /// After how long [`Self::words`] says something else; `None`: never again.
    #[must_use]
    pub fn changes_in(self) -> Option<Duration> {
        if self.is_over() {
            return None;
        }
        let unit = match self.0 {
            ..SECONDS_BELOW => 1000,
            _ => 60_000,
        };
        // A millisecond later what is shown is one less; the last one leads to nothing.
        let wait = (self.0 % unit + 1).min(self.0);
        u64::try_from(wait).ok().map(Duration::from_millis)
    }
}

impl Story {
    /// What is left until the harmless choice of a question is taken.
    #[must_use]
    pub fn left(&self, question: &Question, now: Timestamp) -> Option<Countdown> {
        let until = question.until?;
        let ahead = self.ahead.unwrap_or_default();
        let left = until.duration_since(now).saturating_sub(ahead);
        Some(Countdown::of(left))
    }
}

impl Monitor {
    /// When what is counted down on the screen changes next.
    #[must_use]
    pub fn counts_in(&self, now: Timestamp) -> Option<Duration> {
        let counted = self.questions().filter_map(|(run, question)| {
            let story = run.story.as_ref()?;
            story.left(question, now)?.changes_in()
        });
        counted.min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(seconds: i64) -> Countdown {
        Countdown::of(SignedDuration::from_secs(seconds))
    }

    #[test]
    fn minutes_are_counted_until_the_last_two_and_then_seconds() {
        for (seconds, words) in [
            (7500, "2 h 05 min"),
            (1739, "28 min"),
            (120, "2 min"),
            (119, "1:59"),
            (1, "0:01"),
            (-5, "0:00"),
        ] {
            assert_eq!(of(seconds).words(), words, "{seconds}");
        }
    }

    #[test]
    fn it_is_drawn_anew_when_what_it_says_changes_and_not_before() {
        for left in [
            7_500_000, 1_739_400, 120_000, 119_999, 60_001, 1_500, 1_000, 999, 1,
        ] {
            let left = Countdown(left);
            let wait = i64::try_from(left.changes_in().unwrap().as_millis()).unwrap();
            let then = Countdown(left.0 - wait);
            let before = Countdown(left.0 - wait + 1);
            assert_eq!(before.words(), left.words(), "{left:?}");
            assert!(then.words() != left.words() || then.is_over(), "{left:?}");
        }
        assert_eq!(Countdown(0).changes_in(), None);
    }
}
