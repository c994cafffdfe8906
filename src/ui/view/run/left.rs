//! How long a run still takes, in words: a range, what it rests on, and what nobody knows.

use crate::domain::estimate::{Course, Forecast, Gap, Guess, Range};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Foreseen, RunView, Story};

/// Most steps of the longest way that are named.
const MOST_LEGS: usize = 6;

/// A span of time in minutes and hours: `12 min`, `1 h`, `1 h 10 min`; a minute that has begun counts.
pub(in crate::ui::view) fn span(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60).max(1);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// `about 40 min to 1 h 10 min`, `about 5 to 8 min`, `about 2 min`, `under 1 min`.
pub(in crate::ui::view) fn about(range: Range) -> String {
    if range.high() < 60 {
        return "under 1 min".into();
    }
    let (low, high) = (span(range.low()), span(range.high()));
    let both_short = range.high().div_ceil(60) < 60;
    match low == high {
        true => format!("about {low}"),
        false if both_short => {
            format!("about {} to {high}", low.trim_end_matches(" min"))
        }
        false => format!("about {low} to {high}"),
    }
}

/// What is foreseen of a run that somebody carries out.
fn of<'a>(model: &'a Model, run: &RunView) -> Option<&'a Foreseen> {
    let goes_on = run.live && run.is_open();
    model.monitor.foreseen(&run.id).filter(|_| goes_on)
}

/// How long it still takes, for one line; `None` where nothing but people is waited for.
pub(in crate::ui::view) fn line(model: &Model, run: &RunView) -> Option<String> {
    let forecast = &of(model, run)?.forecast;
    if forecast.is_through() {
        return None;
    }
    let left = match run.story.as_ref().is_some_and(Story::is_paused) {
        true => "once it goes on",
        false => "left",
    };
    // A known part that is over at once tells nothing of the rest.
    let moment = forecast.total.high() < 60 && !forecast.gaps.is_empty();
    Some(
        match (forecast.is_unknown() || moment, forecast.gaps.is_empty()) {
            (true, _) => "not known how long".into(),
            (false, true) => format!("{} {left}", about(forecast.total)),
            (false, false) => {
                let about = about(forecast.total);
                format!("at least {} {left}", about.trim_start_matches("about "))
            }
        },
    )
}

/// As a narrow column holds it; see [`Forecast::short`].
pub(in crate::ui::view) fn short(model: &Model, run: &RunView) -> String {
    match of(model, run) {
        Some(foreseen) => foreseen.forecast.short(),
        // It stands still, and nobody knows when it goes on.
        None if run.is_open() => "?".into(),
        None => "-".into(),
    }
}

/// All about it: the range, what it rests on, what is not in it, the longest way.
pub(super) fn draw(model: &Model, run: &RunView, doc: &mut Document<'_>) {
    let Some(foreseen) = of(model, run) else {
        return;
    };
    let forecast = &foreseen.forecast;
    match line(model, run) {
        None => {
            if forecast.people > 0 {
                doc.fact("Left", "what people do: nobody can say how long that takes");
            }
            return;
        }
        Some(words) => {
            let words = words.trim_end_matches(" left");
            doc.fact("Left", &likely(words, forecast));
        }
    }
    if !forecast.is_unknown() {
        doc.fact("Estimated", &forecast.from());
    }
    if !forecast.gaps.is_empty() {
        let gaps: Vec<String> = forecast.gaps.iter().map(Gap::words).collect();
        let words = format!("{}; this site has not done it before", gaps.join(", "));
        doc.fact("Not known", &words);
    }
    if let Some(words) = forecast.beside() {
        doc.fact("Not counted", words.trim_start_matches("not counted: "));
    }
    longest(forecast, doc);
}

fn likely(words: &str, forecast: &Forecast) -> String {
    let total = forecast.total;
    match forecast.is_unknown() || total.high() < 60 || span(total.low()) == span(total.high()) {
        true => words.to_owned(),
        false => format!("{words}, most likely {}", span(total.likely())),
    }
}

/// The steps that determine it.
fn longest(forecast: &Forecast, doc: &mut Document<'_>) {
    let known = forecast.path.iter();
    let legs: Vec<_> = known.filter(|leg| leg.guess.range().is_some()).collect();
    if legs.len() < 2 {
        return;
    }
    let words: Vec<String> = legs
        .iter()
        .take(MOST_LEGS)
        .map(|leg| {
            let range = leg.guess.range().unwrap_or_default();
            format!("{} {} {}", leg.name, leg.step.words(), span(range.likely()))
        })
        .collect();
    let more = legs.len().saturating_sub(MOST_LEGS);
    let more = match more {
        0 => String::new(),
        n => format!(", and {n} more steps"),
    };
    doc.fact("The longest way", &format!("{}{more}", words.join(", ")));
}

/// When one machine is where it should be, for the end of a rule; nothing where it is, or will not be.
pub(super) fn of_machine(course: &Course) -> Option<String> {
    match (course.arrives == Range::default(), course.at_least) {
        (true, false) => None,
        (_, true) if course.arrives.high() < 60 => Some("arrives: not known".into()),
        (false, false) => Some(format!("arrives in {}", about(course.arrives))),
        (_, true) => {
            let about = about(course.arrives);
            let about = about.trim_start_matches("about ");
            Some(format!("arrives in at least {about}"))
        }
    }
}

/// How long a step that has not begun will take, for a narrow column.
pub(super) fn of_step(guess: Guess) -> String {
    match guess {
        Guess::About { range, .. } if range.high() < 60 => "<1 min".into(),
        Guess::About { range, .. } => format!("~{}", span(range.likely()).replace(" min", "m")),
        Guess::Unknown => "?".into(),
        Guess::Person | Guess::Turn => String::new(),
    }
}

/// How long the step that is under way still takes, and why that is thought.
pub(super) fn of_current(guess: Guess, doc: &mut Document<'_>) {
    match guess {
        Guess::About { range, from } => {
            doc.toned(
                2,
                Tone::Busy,
                &format!("{} left: {}", about(range), from.words()),
            );
        }
        Guess::Unknown => {
            let words = "how long it takes is not known: it was not done here before";
            doc.toned(2, Tone::Unknown, words);
        }
        Guess::Person | Guess::Turn => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_told_in_minutes_and_hours() {
        for ((low, high), words) in [
            ((2400, 4200), "about 40 min to 1 h 10 min"),
            ((300, 480), "about 5 to 8 min"),
            ((61, 120), "about 2 min"),
            ((10, 119), "about 1 to 2 min"),
            ((1, 59), "under 1 min"),
            ((3600, 7200), "about 1 h to 2 h"),
            ((5400, 36_000), "about 1 h 30 min to 10 h"),
        ] {
            assert_eq!(about(Range::new(low, low, high)), words, "{low} {high}");
        }
    }
}
