//! What the effects of the Monitor answer.

use std::sync::Arc;

use super::super::{Commands, global, wizard};
use super::{launching, learn, look, open_page, question};
use crate::domain::estimate::History;
use crate::domain::plan::Slug;
use crate::domain::run::{Letter, Request, RunId};
use crate::domain::{Failure, Plan};
use crate::ui::effect::Generation;
use crate::ui::model::monitor::{Fate, Readied, ReadyState, Story, Watched};
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::view;

pub fn watched(model: &mut Model, news: Watched, out: &mut Commands) {
    let (before, was_read) = (model.monitor.questions().count(), model.monitor.is_read);
    let open = |model: &Model| {
        let runs = model.monitor.runs().iter();
        runs.filter(|run| run.live && run.is_open()).count()
    };
    let were_open = open(model);
    model.monitor.apply(news);
    // What a run did to its machines is shown, and what can be asked of them now.
    if was_read && open(model) < were_open {
        // It teaches, too.
        model.monitor.foresight.asked = None;
        if !model.is_reading {
            global::gather(model, out);
        }
    }
    if was_read {
        question::ring_for_new(before, model, out);
    }
    if model.screen == Screen::Monitor {
        look(model, out);
        learn(model, out);
    }
}

/// What past runs teach.
pub fn learnt(model: &mut Model, generation: Generation, past: Arc<History>) {
    let foresight = &mut model.monitor.foresight;
    if foresight.asked == Some(generation) {
        foresight.learn(past);
    }
}

pub fn run_read(model: &mut Model, generation: Generation, read: Result<Story, Failure>) {
    let looked = model.monitor.looked.as_mut();
    if let Some(looked) = looked.filter(|looked| looked.generation == generation) {
        looked.read = Some(read);
    }
}

pub fn readied(model: &mut Model, generation: Generation, read: Result<Readied, Failure>) {
    if let Ok(readied) = &read {
        model.monitor.outlives = Some(readied.outlives.clone());
    }
    let Some(launching) = launching(model).filter(|of| of.generation == generation) else {
        return;
    };
    if !matches!(launching.ready, ReadyState::Checking) {
        return;
    }
    launching.ready = match read {
        Ok(readied) => ReadyState::Known(Box::new(readied)),
        Err(failure) => ReadyState::Unknown(Box::new(failure)),
    };
    launching.settle();
}

/// What was said to the findings of a kept plan is on disk with it, or is not: then nothing of it
/// counts, and nothing is launched with it.
pub fn said(model: &mut Model, slug: &Slug, kept: Result<Box<Plan>, Box<Failure>>) {
    let own = |overlay: &Overlay| {
        matches!(overlay, Overlay::Launch(launching)
            if launching.is_keeping && launching.plan.slug() == slug)
    };
    let at = model.overlays.iter().position(own);
    match kept {
        Ok(plan) => {
            let plan = Arc::new(*plan);
            if let Some(Overlay::Launch(launching)) = at.map(|at| &mut model.overlays[at]) {
                launching.plan = plan.clone();
                launching.is_keeping = false;
                launching.error = None;
            }
            model.notice = Some(Notice::Said("Kept in the plan.".into()));
            wizard::show(model, &plan);
        }
        Err(failure) => {
            if let Some(at) = at {
                model.overlays.truncate(at);
            }
            model.overlays.push(Overlay::Failure {
                title: "What you said was not kept; nothing was launched".into(),
                failure,
                top: 0,
            });
        }
    }
}

/// The process was started, or was not. Whoever still waits for it follows the run at once.
pub fn launched(model: &mut Model, slug: &Slug, launched: Result<RunId, Box<Failure>>) {
    let own = |overlay: &Overlay| {
        matches!(overlay, Overlay::Launch(launching)
            if launching.plan.slug() == slug && matches!(launching.ready, ReadyState::Launching))
    };
    let waited = model.overlays.iter().position(own);
    let waited = waited.map(|at| model.overlays.remove(at));
    let kept = model.monitor.plan(slug).map(|plan| plan.name.to_string());
    let (name, is_action) = match &waited {
        Some(Overlay::Launch(launching)) => (launching.plan.name.to_string(), !launching.named),
        _ => (kept.unwrap_or_else(|| slug.to_string()), false),
    };
    match launched {
        Ok(run) => {
            let waits = waited.is_some() && model.overlays.is_empty();
            // An action is asked for among the machines: its run is seen in the Monitor.
            if waits && is_action {
                model.opened = None;
                model.screen = Screen::Monitor;
            }
            if waits && model.screen == Screen::Monitor {
                open_page(model, run);
            }
            let words = format!("{name} was launched. {}", view::outlives_in_words(model));
            model.notice = Some(Notice::Said(words));
        }
        Err(failure) => model.overlays.push(Overlay::Failure {
            title: format!("{name} was not launched"),
            failure,
            top: 0,
        }),
    }
}

/// A letter lies in the inbox, or could not be put there: then the person is told in full.
pub fn put(model: &mut Model, run: &RunId, request: &Request, put: Result<Letter, Box<Failure>>) {
    let mut sent = model.monitor.sent.iter_mut();
    let own = sent.find(|sent| {
        sent.run == *run && sent.request == *request && matches!(sent.fate, Fate::BeingPut)
    });
    let fate = match put {
        Ok(letter) => Fate::Put(letter),
        Err(failure) => {
            let title = "The request was not put to the run".to_owned();
            let fate = Fate::NotPut(failure.as_ref().clone());
            model.overlays.push(Overlay::Failure {
                title,
                failure,
                top: 0,
            });
            fate
        }
    };
    if let Some(sent) = own {
        sent.fate = fate;
    }
    model
        .monitor
        .sent
        .retain(|sent| !matches!(sent.fate, Fate::NotPut(_)));
    model.monitor.changed();
}
