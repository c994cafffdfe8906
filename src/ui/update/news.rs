//! What effects answer. A late answer to something already left is dropped.

use super::{Commands, global, identities, monitor, moving, picking, recording, wizard};
use crate::domain::{Failure, Retry};
use crate::site::{Part, PartName, Update};
use crate::ui::effect::Message;
use crate::ui::model::{Identities, Model, Notice, Overlay, Screen};

/// Takes an answer.
pub fn reply(model: &mut Model, message: Message) -> Commands {
    let mut out = Commands::new();
    match message {
        Message::Estate(generation, update) if generation == model.reading => {
            estate(model, update, &mut out);
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
        Message::Watched(generation, news) if generation == model.monitor.watching => {
            monitor::watched(model, news, &mut out);
        }
        Message::RunRead(generation, read) => monitor::run_read(model, generation, *read),
        Message::History(generation, told) => monitor::history_told(model, generation, told),
        Message::Readied(generation, read) if wizard::waits_for(model, generation) => {
            wizard::readied(model, *read, &mut out);
        }
        Message::Readied(generation, read) => monitor::readied(model, generation, *read),
        Message::Choices(generation, read) if wizard::is_of(model, generation) => {
            wizard::choices(model, generation, *read);
        }
        Message::Choices(generation, read) => {
            picking::choices(model, generation, *read, &mut out);
        }
        Message::Offered(generation, read) if wizard::is_of(model, generation) => {
            wizard::offered(model, generation, read);
        }
        Message::Offered(generation, read) => {
            picking::offered(model, generation, read, &mut out);
        }
        Message::Identities(generation, read) => identities::renewed(model, generation, *read),
        Message::Agent(generation, read) => identities::told(model, generation, *read),
        Message::Recorded(generation, read) => recording::told(model, generation, *read),
        Message::Drafts(listing) => wizard::drafts(model, *listing),
        Message::DraftSaved(id, kept) => wizard::saved(model, id, kept),
        Message::PlanKept(kept, now) => wizard::kept(model, kept, now, &mut out),
        Message::StatementsKept(slug, kept) => monitor::said(model, &slug, kept),
        Message::Launched(slug, launched) => monitor::launched(model, &slug, launched),
        Message::Resumed(run, resumed) => monitor::resumed(model, &run, resumed),
        Message::Past(generation, past) => monitor::learnt(model, generation, past),
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
    model.overlays.push(Overlay::Failure {
        title: "A fault in failback".into(),
        failure: Box::new(failure),
        top: 0,
    });
}

fn estate(model: &mut Model, update: Update, out: &mut Commands) {
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
    let is_over = matches!(update, Update::Ended);
    if is_over {
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
    if is_over {
        identities::read(model, out);
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
            model.identities = Identities::default();
            wizard::list_drafts(model, out);
            global::gather(model, out);
            monitor::watch(model, out);
        }
        Err(failure) => model.form.save_failure = Some(*failure),
    }
}
