//! What effects answer. A late answer to something already left is dropped.

use super::{Commands, global, monitor, moving, wizard};
use crate::domain::{Failure, Outcome, Retry};
use crate::runner::Progress;
use crate::site::{Part, PartName, Update};
use crate::ui::effect::{ChangeId, Message};
use crate::ui::model::{Model, Notice, Overlay, Screen};

/// Takes an answer.
pub fn reply(model: &mut Model, message: Message) -> Commands {
    let mut out = Commands::new();
    match message {
        Message::Estate(generation, update) if generation == model.reading => {
            estate(model, update);
        }
        Message::Detail(generation, read) => detail(model, generation, *read),
        Message::Job(generation, read) => job(model, generation, *read),
        Message::Tested(generation, finding) if model.form.testing == Some(generation) => {
            model.form.findings.push(finding);
        }
        Message::TestEnded(generation) if model.form.testing == Some(generation) => {
            model.form.testing = None;
        }
        Message::Saved(result) => saved(model, result, &mut out),
        Message::Progress(id, news) => progress(model, id, news, &mut out),
        Message::Watched(generation, news) if generation == model.monitor.watching => {
            monitor::watched(model, news, &mut out);
        }
        Message::RunRead(generation, read) => monitor::run_read(model, generation, *read),
        Message::Readied(generation, read) if wizard::waits_for(model, generation) => {
            wizard::readied(model, *read);
        }
        Message::Readied(generation, read) => monitor::readied(model, generation, *read),
        Message::Choices(generation, read) => wizard::choices(model, generation, *read),
        Message::Offered(generation, read) => wizard::offered(model, generation, read),
        Message::Drafts(listing) => wizard::drafts(model, *listing),
        Message::DraftSaved(id, kept) => wizard::saved(model, id, kept),
        Message::PlanKept(kept, now) => wizard::kept(model, kept, now, &mut out),
        Message::Launched(slug, launched) => monitor::launched(model, &slug, launched),
        Message::Put { run, request, put } => monitor::put(model, &run, &request, put),
        Message::Estate(..)
        | Message::Tested(..)
        | Message::TestEnded(_)
        | Message::Watched(..) => {}
    }
    wizard::settle(model, &mut out);
    moving::settle(model);
    out
}

/// A task panicked. Nothing else stops; the person is told.
pub fn failed(model: &mut Model, what: &str) {
    let failure = Failure::new(
        format!("failback itself failed: {what}"),
        "What was asked for may be incomplete; r reads everything again. Please report this.",
        Retry::MayHelp,
    );
    model.is_reading = false;
    model.form.testing = None;
    model.form.saving = false;
    if let Some(wizard) = &mut model.wizard {
        wizard.is_keeping = false;
    }
    // Which task it was is not told: a change that is under way may be followed no longer.
    for change in model.changes.iter_mut().filter(|change| !change.is_over()) {
        change.unreadable = Some(failure.clone());
    }
    model.overlays.push(Overlay::Failure {
        title: "A fault in failback".into(),
        failure: Box::new(failure),
        top: 0,
    });
}

fn estate(model: &mut Model, update: Update) {
    // A page of a reading that is shown only once it is complete changes nothing yet, and an index
    // of ten thousand machines is not made anew for each of a hundred pages.
    let is_page = matches!(update, Update::Machines(_));
    let touches_lists = matches!(
        update,
        Update::Machine(_)
            | Update::Fabrics(_)
            | Update::Ended
            | Update::Part(Part {
                name: PartName::Machines,
                ..
            })
    );
    if matches!(update, Update::Ended) {
        model.is_reading = false;
    }
    let extent = |model: &Model| {
        let machines = &model.estate.machines;
        (machines.as_ptr(), machines.len())
    };
    let before = extent(model);
    model.estate.apply(update);
    if touches_lists || (is_page && extent(model) != before) {
        model.estate_changed();
        wizard::renew(model);
    }
}

fn detail(
    model: &mut Model,
    generation: crate::ui::effect::Generation,
    read: Result<(crate::domain::Machine, crate::domain::machine::Detail), Failure>,
) {
    let Some(opened) = model
        .opened
        .as_mut()
        .filter(|opened| opened.generation == generation)
    else {
        return;
    };
    match read {
        Ok((machine, detail)) => {
            opened.read = Some(Ok(detail));
            model.estate.apply(Update::Machine(Box::new(machine)));
            model.estate_changed();
        }
        Err(failure) => opened.read = Some(Err(failure)),
    }
}

fn job(
    model: &mut Model,
    generation: crate::ui::effect::Generation,
    read: Result<crate::domain::Job, Failure>,
) {
    for overlay in &mut model.overlays {
        if let Overlay::Job(view) = overlay
            && view.generation == generation
        {
            view.read = Some(match read {
                Ok(job) => {
                    view.job = job;
                    Ok(())
                }
                Err(failure) => Err(failure),
            });
            return;
        }
    }
}

fn saved(model: &mut Model, result: Result<String, Box<Failure>>, out: &mut Commands) {
    model.form.saving = false;
    match result {
        Ok(name) => {
            model.notice = Some(Notice::Said(format!("Saved {name}; reading it now.")));
            model.site = Some(name);
            model.screen = Screen::Machines;
            model.estate = crate::site::Estate::default();
            model.opened = None;
            model.estate_changed();
            model.monitor.forget();
            model.drafts.clear();
            out.push(crate::ui::terminal::Command::Read(
                crate::ui::Effect::ListDrafts,
            ));
            global::gather(model, out);
            monitor::watch(model, out);
        }
        Err(failure) => model.form.save_failure = Some(*failure),
    }
}

/// News of a change. When it is over the list learns how the machine is now, and the whole site is
/// read again: a fail back moves more than one thing.
fn progress(model: &mut Model, id: ChangeId, news: Progress, out: &mut Commands) {
    let Some(change) = model.changes.iter_mut().find(|change| change.id == id) else {
        return;
    };
    let after = change.apply(news);
    let is_over = change.is_over();
    let name = change.name.clone();
    let verb = change.verb.words();
    let ending = change.job.as_ref().and_then(|job| match job.outcome() {
        Outcome::Succeeded => Some("succeeded; its commit is pending"),
        Outcome::SucceededBut(_) => Some("succeeded with reservations: 4 Activity tells which"),
        Outcome::Failed => Some("FAILED: 4 Activity shows Azure's words"),
        Outcome::Cancelled => Some("was cancelled"),
        _ => None,
    });
    if let Some(machine) = after {
        model.estate.apply(Update::Machine(machine));
        model.estate_changed();
    }
    let watched = model
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Follow { change, .. } if *change == id));
    if is_over {
        if !watched {
            let how = ending.unwrap_or("its fate is not known here: 4 Activity tells");
            model.notice = Some(Notice::Warned(format!("{verb} of {name}: {how}.")));
        }
        // A reading that is under way may have seen the machine as it was: it is begun anew.
        global::gather(model, out);
    }
}
