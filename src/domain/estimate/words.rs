//! A forecast in words.

use super::range::Range;
use super::{Basis, Course, Forecast, Gap, Guess};

/// Most kinds of steps that are named as unknown.
const NAMED: usize = 3;

impl Range {
    /// `about 37 min (25-60)`; `5 min` for what is certain, a delay of the plan.
    #[must_use]
    pub fn words(self) -> String {
        let (unit, ends) = self.ends();
        match self.low() == self.high() {
            true => ends,
            false => format!("about {} {} ({ends})", unit.up(self.likely()), unit.word()),
        }
    }

    /// Both ends, as a narrow column holds them: `25-60 min`.
    #[must_use]
    pub fn short(self) -> String {
        let (unit, ends) = self.ends();
        match self.low() == self.high() {
            true => ends,
            false => format!("{ends} {}", unit.word()),
        }
    }

    /// `25-60`, outwards to whole ones; with its unit for what is certain.
    fn ends(self) -> (Unit, String) {
        let unit = Unit::of(self.likely());
        let ends = match self.low() == self.high() {
            true => format!("{} {}", unit.up(self.high()), unit.word()),
            false => format!("{}-{}", unit.down(self.low()), unit.up(self.high())),
        };
        (unit, ends)
    }

    /// What it takes at the least, as a narrow column holds it: `25 min`.
    fn least(self) -> String {
        let unit = Unit::of(self.low());
        format!("{} {}", unit.down(self.low()), unit.word())
    }
}

impl Guess {
    /// `about 5 min (3-8)`, `time not known`; `None` for what is not counted.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        match self {
            Self::About { range, .. } => Some(range.words()),
            Self::Unknown => Some("time not known".into()),
            Self::Person | Self::Turn => None,
        }
    }

    /// The same with what it stands on: `about 5 min (3-8), done 3 times before`.
    #[must_use]
    pub fn reasoned(&self) -> Option<String> {
        match self {
            Self::About { range, from } => Some(format!("{}, {}", range.words(), from.words())),
            other => other.words(),
        }
    }
}

impl Basis {
    /// As it stands after a time.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Data => "by its data and the measured rate".into(),
            Self::Past(1) => "done once before".into(),
            Self::Past(times) => format!("done {times} times before"),
            Self::Recorded(_) => "recorded elsewhere".into(),
            Self::Progress => "by how far it has come".into(),
            Self::Planned => "as the plan says".into(),
        }
    }
}

impl Course {
    /// When it arrives, as a narrow column holds it: `25-60 min`, `> 6 min` when something before is
    /// not known, `?` when all of it is, `-` when nothing is left that takes a time of its own.
    #[must_use]
    pub fn short(&self) -> String {
        told(self.arrives, self.at_least)
    }
}

fn told(range: Range, at_least: bool) -> String {
    match (range == Range::default(), at_least) {
        (true, false) => "-".into(),
        (true, true) => "?".into(),
        (false, false) => range.short(),
        (false, true) => format!("> {}", range.least()),
    }
}

/// In what a time is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
    Hours,
}

impl Unit {
    fn of(seconds: u64) -> Self {
        match seconds {
            0..=119 => Self::Seconds,
            120..=7199 => Self::Minutes,
            _ => Self::Hours,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
        }
    }

    /// A minute that has begun is one.
    fn up(self, seconds: u64) -> String {
        self.number(seconds, seconds.div_ceil(60))
    }

    /// A minute that is not over is none.
    fn down(self, seconds: u64) -> String {
        self.number(seconds, seconds / 60)
    }

    fn number(self, seconds: u64, minutes: u64) -> String {
        match self {
            Self::Seconds => seconds.to_string(),
            Self::Minutes => minutes.to_string(),
            Self::Hours => format!("{}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

impl Forecast {
    /// Whether nothing is left that takes a time that could be told.
    #[must_use]
    pub fn is_through(&self) -> bool {
        self.total == Range::default() && self.gaps.is_empty()
    }

    /// Whether nothing at all is known of its time.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.total == Range::default() && !self.gaps.is_empty()
    }

    /// As a narrow column holds it: `25-60 min`, `> 11 min` when something is not known, `?` when
    /// nothing is, `-` when nothing is left.
    #[must_use]
    pub fn short(&self) -> String {
        told(self.total, !self.gaps.is_empty())
    }

    /// One sentence without an end: `about 37 min (25-60), from 3 past runs`,
    /// `at least about 21 min (11-42), from what was recorded elsewhere; not known: ...`.
    #[must_use]
    pub fn words(&self) -> String {
        if self.is_through() {
            return "nothing that takes a time of its own, beside what people do".into();
        }
        let not_known = || {
            let named: Vec<String> = self.gaps.iter().take(NAMED).map(Gap::words).collect();
            let more = self.gaps.len().saturating_sub(NAMED);
            let more = match more {
                0 => String::new(),
                n => format!(" and {n} other steps"),
            };
            format!("not known: {}{more}", named.join(", "))
        };
        if self.is_unknown() {
            return format!("{}; it was not done here before", not_known());
        }
        let time = self.total.words();
        let from = self.from();
        match self.gaps.is_empty() {
            true => format!("{time}, {from}"),
            false => format!("at least {time}, {from}; {}", not_known()),
        }
    }

    /// What is not in it and nobody can tell; `None` where there is nothing.
    #[must_use]
    pub fn beside(&self) -> Option<String> {
        let people = (self.people > 0).then_some("the time that people take");
        let commands =
            (self.commands > 0).then_some("the local commands of the plan and its waves");
        let parts: Vec<&str> = people.into_iter().chain(commands).collect();
        (!parts.is_empty()).then(|| format!("not counted: {}", parts.join(" and ")))
    }

    /// What it stands on: `from 3 past runs and measured rates`.
    #[must_use]
    pub fn from(&self) -> String {
        let guesses = || self.machines.iter().flat_map(|m| &m.steps).map(|s| s.guess);
        let any = |is: fn(Basis) -> bool| {
            guesses().any(|guess| matches!(guess, Guess::About { from, .. } if is(from)))
        };
        let mut parts = Vec::new();
        match self.past_runs {
            0 if any(|from| matches!(from, Basis::Past(_))) => {
                parts.push("what was done in this run".to_owned());
            }
            0 => {}
            1 => parts.push("1 past run".to_owned()),
            n => parts.push(format!("{n} past runs")),
        }
        if any(|from| from == Basis::Data) {
            parts.push("what is on the way at the measured rate".into());
        }
        if any(|from| from == Basis::Progress) {
            parts.push("how far it has come".into());
        }
        if any(|from| matches!(from, Basis::Recorded(_))) {
            parts.push("durations recorded elsewhere".into());
        }
        if any(|from| from == Basis::Planned) {
            parts.push("what the plan says".into());
        }
        match parts.split_last() {
            None => "from nothing".into(),
            Some((last, [])) => format!("from {last}"),
            Some((last, others)) => format!("from {} and {last}", others.join(", ")),
        }
    }
}

impl Gap {
    /// `see that the Azure VM is off (3)`.
    #[must_use]
    pub fn words(&self) -> String {
        match self.machines {
            1 => self.step.words().into(),
            n => format!("{} ({n})", self.step.words()),
        }
    }
}
