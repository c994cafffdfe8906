//! A change of this session: what is known about it, to the end.
//!
//! ```text
//! ┌ Fail back: sql-01 ─────────────────────────────────────────────┐
//! │ » Azure works on it.                                            │
//! │ Request id   6f0c...                                            │
//! │ Job          f3040a4d-...                                       │
//! │ TASKS                                                           │
//! │ √ Prerequisites check                      09:14:02      0:21   │
//! │ » Synchronizing the latest changes         09:15:40      runs   │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use crate::domain::{Machine, Outcome, Place, Stage};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::{Change, Model, Phase};

pub(super) fn draw(model: &Model, change: &Change, doc: &mut Document<'_>) {
    let (tone, sentence) = sentence(change);
    doc.toned(0, tone, &sentence);
    told(change, doc);
    doc.blank();
    doc.fact("Machine", change.name.as_str());
    doc.fact("Way back", change.way_back.as_str());
    if let Some(request) = &change.request {
        doc.fact("Request id", &request.to_string());
    }
    if let Some(job) = &change.job_name {
        doc.fact("Job", job.as_str());
    }
    let Some(job) = &change.job else {
        return;
    };
    if !job.activity_id.is_empty() {
        doc.fact("Activity id", job.activity_id.as_str());
    }
    if let Some(start) = job.start {
        doc.fact("Started", &clock::moment(start, &model.settings.zone));
    }
    doc.section("TASKS");
    super::job::draw(model, job, doc);
    if !change.is_over() {
        doc.blank();
        let style = doc.look().theme.text;
        doc.words(
            0,
            "Closing this page stops nothing: the job goes on in Azure.",
            style,
        );
    }
}

/// Failures on the way, in full.
fn told(change: &Change, doc: &mut Document<'_>) {
    match &change.phase {
        Phase::NotDone(failure) | Phase::NotFound(failure) | Phase::LostSight(failure) => {
            doc.failure(2, failure);
        }
        _ => {}
    }
    if let (Some(lost), false) = (&change.answer_lost, matches!(change.phase, Phase::Ended)) {
        doc.failure(2, lost);
    }
    if let Some(failure) = &change.unreadable {
        doc.toned(
            0,
            Tone::Amber,
            "How it stands could not be read just now. What Azure does with it goes on.",
        );
        doc.failure(2, failure);
    }
}

/// What is known about the change, in one sentence.
pub(super) fn sentence(change: &Change) -> (Tone, String) {
    let name = &change.name;
    match &change.phase {
        Phase::Confirmed => (Tone::Busy, "Confirmed; about to be sent.".into()),
        Phase::Sending => (Tone::Busy, "The call is being sent; Azure has not answered yet.".into()),
        Phase::NotDone(_) => (Tone::Bad, format!("Nothing was changed on {name}.")),
        Phase::Looking => (
            Tone::Amber,
            "The answer was lost. The change may have been made. It is NOT sent again: its job is looked for by the request id.".into(),
        ),
        Phase::NotFound(_) => (
            Tone::Amber,
            "The answer was lost, and no job with our request id was found so far. The change may still have been made. It is NOT sent again: look at the machine and at its jobs before anything else is done with it.".into(),
        ),
        Phase::Working if change.answer_lost.is_some() => (
            Tone::Busy,
            "The answer was lost, but the call had arrived: its job was found, and Azure works on it.".into(),
        ),
        Phase::Working => (Tone::Busy, "Azure accepted it and works on it.".into()),
        Phase::LostSight(_) => (
            Tone::Amber,
            "The job goes on in Azure; it could not be read for so long that it is no longer followed.".into(),
        ),
        Phase::Ended => ended(change),
    }
}

fn ended(change: &Change) -> (Tone, String) {
    let verb = change.verb.words();
    let after = match &change.after {
        Some(machine) => format!(" {}", now_words(machine)),
        None => " How the machine stands now could not be read; r reads it again.".into(),
    };
    match change.job.as_ref().map(crate::domain::Job::outcome) {
        Some(Outcome::Succeeded) => (Tone::Good, format!("{verb} succeeded.{after}")),
        Some(Outcome::SucceededBut(_)) => (
            Tone::Amber,
            format!("{verb} ended as succeeded, with reservations: read them below.{after}"),
        ),
        Some(Outcome::Failed) => (
            Tone::Bad,
            format!("{verb} failed. What Azure says stands below.{after}"),
        ),
        Some(Outcome::Cancelled) => (Tone::Amber, format!("{verb} was cancelled.{after}")),
        Some(Outcome::Unknown(word)) => (
            Tone::Unknown,
            format!("{verb} ended in a state this program does not know: {word}.{after}"),
        ),
        Some(Outcome::Running | Outcome::Waiting) | None => (
            Tone::Unknown,
            format!("{verb} is no longer followed.{after}"),
        ),
    }
}

/// Where the machine is now and how.
fn now_words(machine: &Machine) -> String {
    let place = match &machine.place {
        Place::OnPremises => "is on-premises now".to_owned(),
        Place::Azure => "is in Azure".to_owned(),
        Place::Unknown(why) => format!("is in an unknown place ({why})"),
    };
    let stage = match machine.stage {
        Stage::CommitPending => "commit pending".to_owned(),
        _ => machine.state_words(),
    };
    format!("{} {place}, {stage}.", machine.name)
}
