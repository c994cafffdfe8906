//! From a saved plan to a run: readiness again, every call, the plan's name; only then a process is
//! started.

use std::sync::Arc;

use super::super::moving::scrolled;
use super::super::{Commands, Handled};
use super::{close_top, is_refused, open_page};
use crate::domain::Plan;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::field::Field;
use crate::ui::model::monitor::{Launching, LaunchingFocus, ReadyState};
use crate::ui::model::wizard::{Stating, StatingFocus};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Gets the plan under the cursor ready, or says why it cannot be.
pub(super) fn ask(model: &mut Model, out: &mut Commands) {
    match model.monitor.plan_at_cursor().cloned() {
        Some(plan) => ask_for(model, plan, out),
        None => model.notice = Some(Notice::Warned("There is no plan here to launch.".into())),
    }
}

/// Gets a plan ready, or says why it cannot be.
pub(in super::super) fn ask_for(model: &mut Model, plan: Arc<Plan>, out: &mut Commands) {
    if is_refused(model, "launching", "Nothing was launched.") {
        return;
    }
    let slug = plan.slug();
    let mut runs = model.monitor.runs().iter();
    let under_way = runs.find(|run| run.slug() == Some(slug) && run.live && run.is_open());
    if let Some(run) = under_way.map(|run| run.id.clone()) {
        let words = format!("{} is being run already: this is it.", plan.name);
        open_page(model, run);
        model.notice = Some(Notice::Warned(words));
        return;
    }
    let generation = model.asked.advance();
    out.push(Command::Read(Effect::Ready {
        plan: plan.clone(),
        evidence: model.identities.evidence(),
        generation,
    }));
    let launching = Launching::new(plan, generation);
    model.overlays.push(Overlay::Launch(Box::new(launching)));
}

/// Gets the plan behind a single action ready.
pub(in super::super) fn action(model: &mut Model, plan: Arc<Plan>, out: &mut Commands) {
    let generation = model.asked.advance();
    out.push(Command::Read(Effect::Ready {
        plan: plan.clone(),
        evidence: model.identities.evidence(),
        generation,
    }));
    let launching = Launching::action(plan, generation);
    model.overlays.push(Overlay::Launch(Box::new(launching)));
}

pub(in super::super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(Overlay::Launch(launching)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    match action {
        Action::NextField => launching.focus = launching.stop(true),
        Action::PreviousField => launching.focus = launching.stop(false),
        Action::Press => press(model, out),
        Action::Close => close(model),
        _ => match scrolled(action, launching.top, extent) {
            Some(top) => launching.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

fn close(model: &mut Model) {
    let Some(Overlay::Launch(launching)) = model.overlays.last() else {
        return;
    };
    match launching.ready {
        ReadyState::Launching => close_top(model, "It is being launched; this list tells."),
        _ => close_top(model, "Nothing was launched."),
    }
}

/// Whether what is shown is no longer what is kept. A plan that was kept a moment ago may not be in
/// the list yet.
fn is_changed(model: &Model) -> bool {
    let Some(Overlay::Launch(launching)) = model.overlays.last() else {
        return false;
    };
    let kept = model.monitor.plan(launching.plan.slug());
    let kept = kept.filter(|_| launching.named);
    kept.is_some_and(|kept| **kept != *launching.plan)
}

/// Presses the default: Cancel, until the name stands in the field of a plan that is ready.
fn press(model: &mut Model, out: &mut Commands) {
    let is_changed = is_changed(model);
    let Some(Overlay::Launch(launching)) = model.overlays.last_mut() else {
        return;
    };
    if matches!(launching.ready, ReadyState::Launching) {
        return;
    }
    if launching.focus == LaunchingFocus::Say {
        return say(model);
    }
    let is_empty = launching.field.text().trim().is_empty();
    let is_cancel = match launching.focus {
        LaunchingFocus::Cancel => true,
        LaunchingFocus::Name => is_empty,
        LaunchingFocus::Launch | LaunchingFocus::Say => false,
    };
    if is_cancel {
        return close(model);
    }
    let refused = match &launching.ready {
        ReadyState::Checking => Some("Readiness is still being checked. Nothing was launched."),
        ReadyState::Unknown(_) => Some("Readiness is not known. Nothing was launched."),
        ReadyState::Known(readied) if !readied.may_launch() => {
            Some("It is not ready: read above what holds it back. Nothing was launched.")
        }
        ReadyState::Launching => None,
        ReadyState::Known(_) if launching.is_keeping => Some(KEEPING),
        ReadyState::Known(_) if is_empty => Some("The name is not typed yet."),
        ReadyState::Known(_) if !launching.is_named() => {
            Some("That is not the name, letter for letter. Nothing was launched.")
        }
        ReadyState::Known(_) if is_changed => {
            Some("The plan was changed meanwhile. Close this, and look at it again.")
        }
        ReadyState::Known(_) => None,
    };
    if let Some(words) = refused {
        launching.error = Some(words.into());
        if !launching.is_named() && launching.asks_name() {
            launching.focus = LaunchingFocus::Name;
        }
        return;
    }
    launching.ready = ReadyState::Launching;
    launching.error = None;
    let plan = launching.plan.clone();
    let (named, standing) = (launching.named, launching.standing());
    out.push(Command::Write(Effect::Launch {
        plan,
        named,
        standing,
        evidence: model.identities.evidence(),
    }));
}

/// What was said a moment ago goes to disk before anything else is done with the plan.
const KEEPING: &str = "What you said is being kept in the plan; wait a moment.";

/// Opens what can be said to the findings that wait for a word.
fn say(model: &mut Model) {
    let Some(Overlay::Launch(launching)) = model.overlays.last_mut() else {
        return;
    };
    if launching.is_keeping {
        launching.error = Some(KEEPING.into());
        return;
    }
    let Some((kind, findings)) = launching.waits() else {
        return;
    };
    let check = findings.first().map_or("", |finding| finding.row.id);
    let subjects = findings.iter().map(|finding| finding.subject.clone());
    let stating = Stating {
        about: crate::ui::model::wizard::About::Launch,
        kind,
        check,
        subjects: subjects.collect(),
        field: Field::default(),
        focus: StatingFocus::Why,
        error: None,
        top: 0,
    };
    model.overlays.push(Overlay::State(Box::new(stating)));
}
