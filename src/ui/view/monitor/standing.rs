//! How a run stands, in a few words and a tone. Green is only what is wholly done.

use jiff::Timestamp;

use crate::domain::run::{Closing, RunState};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{RunView, Story};

/// A few words that fit a column.
pub fn standing(model: &Model, run: &RunView) -> (Tone, String) {
    if run.damage.is_some() {
        return (Tone::Bad, "damaged: see below".into());
    }
    let Some(story) = &run.story else {
        return match run.live {
            true => (Tone::Busy, "starting".into()),
            false => (Tone::Unknown, "never began".into()),
        };
    };
    let at = when(model, story.last);
    if let RunState::Closed(closing) = story.state {
        return match closing {
            Closing::Done if story.amber == 0 && story.failed == 0 => {
                (Tone::Good, format!("done {at}"))
            }
            Closing::Done | Closing::DoneBut => (Tone::Amber, format!("done {at}, but...")),
            Closing::Failed => (Tone::Bad, format!("failed {at}")),
            Closing::Stopped => (Tone::Amber, format!("stopped {at}")),
        };
    }
    if !run.live {
        if model.monitor.resuming.contains(&run.id) {
            return (Tone::Busy, "being resumed".into());
        }
        return match story.state {
            RunState::Suspended(_) => (Tone::Amber, format!("suspended {at}")),
            _ => (Tone::Bad, format!("interrupted {at}")),
        };
    }
    under_way(model, run, story)
}

fn under_way(model: &Model, run: &RunView, story: &Story) -> (Tone, String) {
    let open = story.questions.len();
    let answered = |id| model.monitor.answer_to(run, id).is_some();
    let questions = story.questions.iter();
    let waiting = questions.filter(|question| !answered(question.id)).count();
    let count = match waiting {
        1 => "1 question".to_owned(),
        n => format!("{n} questions"),
    };
    match &story.state {
        RunState::Paused(_) if waiting > 0 => (Tone::Amber, format!("paused, {count}")),
        RunState::Paused(_) => (Tone::Amber, "paused".into()),
        // Its new runner has not written yet.
        RunState::Suspended(_) => (Tone::Busy, "being resumed".into()),
        RunState::Arrived => match story.intent.as_str() {
            "fail back" => (Tone::Amber, "home, commit waits".into()),
            "commit" => (Tone::Amber, "commit waits".into()),
            _ => (Tone::Busy, "ending".into()),
        },
        RunState::Waiting if waiting > 0 => (Tone::Amber, "waits for you".into()),
        _ => {
            let wave = match story.wave {
                (Some(at), all) if all > 1 => format!("wave {at} of {all}"),
                _ => "running".into(),
            };
            match (story.failed, waiting) {
                (0, 0) if open > 0 => (Tone::Busy, format!("{wave}, answered")),
                (0, 0) => (Tone::Busy, wave),
                (0, _) => (Tone::Amber, format!("{wave}, {count}")),
                (failed, _) => (Tone::Bad, format!("{wave}, {failed} failed")),
            }
        }
    }
}

/// The time of today, the day of another one.
fn when(model: &Model, at: Timestamp) -> String {
    let zone = &model.settings.zone;
    let (then, now) = (at.to_zoned(zone.clone()), model.now.to_zoned(zone.clone()));
    if then.date() == now.date() {
        return clock::minutes(at, zone);
    }
    let format = if then.year() == now.year() {
        "%d %b"
    } else {
        "%Y-%m-%d"
    };
    then.strftime(format).to_string()
}
