//! The time line over a run's bars: what moment stands in which column.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ui::model::Model;
use crate::ui::model::monitor::{RunView, Story};

/// Spans between two labels, in seconds.
const STEPS: [i64; 14] = [
    60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
];
/// Columns that a label wants, with a blank behind it.
const LABEL: u16 = 7;
/// The shortest time that is shown, in seconds.
const LEAST: i64 = 120;

/// A span of time over so many columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub from: Timestamp,
    pub to: Timestamp,
    /// Where what was ends, and what is expected begins: now, or the last that is known.
    pub now: Timestamp,
    pub width: u16,
}

impl Axis {
    /// From the begin of the run to its end, or to where that is expected.
    pub fn of(model: &Model, run: &RunView, story: &Story, width: u16) -> Self {
        let goes_on = run.live && run.is_open();
        let now = match goes_on {
            true => model.now.max(story.last),
            false => story.last,
        };
        let foreseen = model.monitor.foreseen(&run.id).filter(|_| goes_on);
        let end = foreseen.map(|foreseen| {
            let total = foreseen.forecast.total;
            // Not the worst of it: that would press together what is likely.
            let end = total.likely().saturating_add(total.likely() / 4);
            foreseen.moment(end.min(total.high().max(total.likely())))
        });
        Self::between(story.begun, now.max(end.unwrap_or(now)), now, width)
    }

    pub fn between(from: Timestamp, to: Timestamp, now: Timestamp, width: u16) -> Self {
        let least = from
            .checked_add(SignedDuration::from_secs(LEAST))
            .unwrap_or(Timestamp::MAX);
        Self {
            from,
            to: to.max(least),
            now,
            width: width.max(1),
        }
    }

    fn seconds(&self) -> i64 {
        (self.to.as_second() - self.from.as_second()).max(1)
    }

    /// The column in which a moment stands.
    pub fn column(&self, at: Timestamp) -> u16 {
        let since = (at.as_second() - self.from.as_second()).clamp(0, self.seconds());
        let column = i128::from(since) * i128::from(self.width) / i128::from(self.seconds());
        u16::try_from(column)
            .unwrap_or(u16::MAX)
            .min(self.width - 1)
    }

    /// The labels with their columns: whole times, so far apart that they can be read.
    pub fn labels(&self, zone: &TimeZone) -> Vec<(u16, String)> {
        let wanted = self.seconds() * i64::from(LABEL + 3) / i64::from(self.width);
        let last = STEPS.last().copied().unwrap_or(1);
        let step = STEPS.iter().copied().find(|step| *step >= wanted);
        let step = step.unwrap_or((wanted / last + 1) * last);
        let format = if step < 43_200 { "%H:%M" } else { "%d %b" };
        // Whole hours and days of the zone, not of UTC.
        let offset = i64::from(zone.to_offset(self.from).seconds());
        let first = (self.from.as_second() + offset).div_euclid(step) * step - offset;
        let moments = (0..200).map(|number| first + number * step);
        let moments = moments.filter_map(|second| Timestamp::from_second(second).ok());
        let shown = moments
            .skip_while(|at| *at < self.from)
            .take_while(|at| *at <= self.to);
        let mut free = 0;
        let mut labels = Vec::new();
        for at in shown {
            let column = self.column(at);
            if column >= free && column + LABEL - 2 <= self.width {
                labels.push((
                    column,
                    at.to_zoned(zone.clone()).strftime(format).to_string(),
                ));
                free = column + LABEL;
            }
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-03-02T{time}Z").parse().unwrap()
    }

    #[test]
    fn labels_are_whole_times_and_never_touch() {
        for (to, width, wanted) in [
            ("08:01:00", 40, "08:00 08:01"),
            ("09:07:00", 40, "08:00 08:30 09:00"),
            ("12:00:00", 60, "08:00 09:00 10:00 11:00"),
            ("09:00:00", 6, "08:00"),
        ] {
            let axis = Axis::between(at("08:00:00"), at(to), at(to), width);
            let labels = axis.labels(&TimeZone::UTC);
            let words: Vec<&str> = labels.iter().map(|(_, words)| words.as_str()).collect();
            assert_eq!(words.join(" "), wanted, "{to} in {width}");
            for pair in labels.windows(2) {
                assert!(pair[1].0 >= pair[0].0 + LABEL, "{labels:?}");
            }
        }
    }

    #[test]
    fn every_moment_has_a_column_also_one_from_beyond_the_ends() {
        let axis = Axis::between(at("08:00:00"), at("09:00:00"), at("08:30:00"), 20);
        for (time, column) in [
            ("07:00:00", 0),
            ("08:00:00", 0),
            ("08:30:00", 10),
            ("09:00:00", 19),
            ("23:00:00", 19),
        ] {
            assert_eq!(axis.column(at(time)), column, "{time}");
        }
    }
}
