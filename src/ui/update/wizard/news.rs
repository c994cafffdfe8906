//! What was read, kept and found out for the open wizard.

use std::sync::Arc;

use super::super::{Commands, monitor};
use super::{stating, taking};
use crate::domain::draft::DraftId;
use crate::domain::offers::{Choices, Offered, Reading};
use crate::domain::{Failure, Machine, Plan};
use crate::store::DraftListing;
use crate::ui::effect::{Effect, Generation};
use crate::ui::model::monitor::{Readied, Watched};
use crate::ui::model::wizard::{Readiness, Saved};
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::terminal::Command;

/// The estate changed: machines and servers are offered as they are now.
pub(in super::super) fn renew(model: &mut Model) {
    let plans = model
        .monitor
        .plans()
        .iter()
        .map(|plan| (**plan).clone())
        .collect();
    if let Some(wizard) = &mut model.wizard {
        let estate = &model.estate;
        wizard
            .offers
            .renew(estate.machines.clone(), estate.fabrics.clone());
        wizard.offers.now = estate.parts.iter().filter_map(|part| part.read_at).max();
        wizard.offers.plans = plans;
        wizard.settle();
    }
}

/// Asks for what only a deep read of the chosen machines tells, once each.
pub(super) fn learn(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let walk = wizard.walk();
    let unread = walk.machines().iter().filter(|offered| {
        matches!(offered.detail, Reading::NotYet) && !wizard.asked.contains(offered.id())
    });
    let machines: Vec<Arc<Machine>> = unread.map(|m| Arc::clone(&m.machine)).collect();
    if machines.is_empty() {
        return;
    }
    wizard.asked.extend(machines.iter().map(|m| m.id.clone()));
    out.push(Command::Read(Effect::ReadOffered {
        machines,
        generation: wizard.reading,
    }));
}

/// Whether the open wizard asked for it.
pub(in super::super) fn is_of(model: &Model, generation: Generation) -> bool {
    let wizard = model.wizard.as_ref();
    wizard.is_some_and(|wizard| wizard.reading == generation)
}

pub(in super::super) fn choices(model: &mut Model, generation: Generation, read: Choices) {
    if let Some(wizard) = &mut model.wizard
        && wizard.reading == generation
    {
        wizard.offers.choices = Some(read);
        wizard.settle();
    }
}

pub(in super::super) fn offered(model: &mut Model, generation: Generation, read: Vec<Offered>) {
    if let Some(wizard) = &mut model.wizard
        && wizard.reading == generation
    {
        wizard.offers.learn(read);
        wizard.catch_up();
        wizard.settle();
    }
}

pub(in super::super) fn saved(model: &mut Model, id: DraftId, kept: Result<(), Box<Failure>>) {
    if let Err(failure) = &kept {
        let words = format!("The draft is not kept: {}", failure.what);
        model.notice = Some(Notice::Warned(words));
    }
    let Some(wizard) = model.wizard.as_mut().filter(|wizard| wizard.id == id) else {
        return;
    };
    wizard.saved = match (kept, wizard.draft.saved) {
        (Err(failure), _) => Saved::Failed(failure),
        (Ok(()), Some(at)) => Saved::At(at),
        (Ok(()), None) => Saved::Never,
    };
}

/// The drafts that were there when the program started.
pub(in super::super) fn drafts(model: &mut Model, listing: DraftListing) {
    let open = model.wizard.as_ref().map(|wizard| wizard.id);
    model.drafts = listing.drafts;
    model.drafts.retain(|(id, _)| Some(*id) != open);
    if let Some(trouble) = listing.troubles.first() {
        model.notice = Some(Notice::Warned(trouble.to_string()));
    }
}

/// Whether this answer is what the open wizard asked for.
pub(in super::super) fn waits_for(model: &Model, generation: Generation) -> bool {
    let readiness = model.wizard.as_ref().map(|wizard| &wizard.readiness);
    matches!(readiness, Some(Readiness::Checking { generation: own, .. }) if *own == generation)
}

pub(in super::super) fn readied(
    model: &mut Model,
    read: Result<Readied, Failure>,
    out: &mut Commands,
) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let asked = std::mem::replace(&mut wizard.readiness, Readiness::NotAsked);
    wizard.readiness = match (asked, read) {
        (Readiness::Checking { plan, .. }, Ok(readied)) => Readiness::Known {
            plan,
            readied: Box::new(readied),
        },
        (Readiness::Checking { plan, .. }, Err(failure)) => Readiness::Unknown {
            plan,
            failure: Box::new(failure),
        },
        (other, _) => other,
    };
    let answered = stating::answer_early(wizard);
    wizard.to_first_finding();
    wizard.settle();
    if answered {
        taking::save(model, out);
    }
}

/// The plan is kept, and where it is to be started now, it is about to be.
pub(in super::super) fn kept(
    model: &mut Model,
    result: Result<Box<Plan>, Box<Failure>>,
    now: bool,
    out: &mut Commands,
) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    wizard.is_keeping = false;
    match result {
        Ok(plan) => {
            model.wizard = None;
            model.listing.marks.clear();
            model.screen = Screen::Monitor;
            model.monitor.page = None;
            let words = format!("Kept {}: l launches it.", plan.name);
            model.notice = Some(Notice::Said(words));
            let plan = Arc::new(*plan);
            show(model, &plan);
            if now {
                monitor::launch_plan(model, plan, out);
            }
        }
        Err(failure) => model.overlays.push(Overlay::Failure {
            title: "The plan is not kept".into(),
            failure,
            top: 0,
        }),
    }
}

/// Lists a plan that was just kept, under the cursor: its file is noticed a moment later.
pub(in super::super) fn show(model: &mut Model, plan: &Arc<Plan>) {
    let mut plans = model.monitor.plans().to_vec();
    plans.retain(|other| other.slug() != plan.slug());
    let at = plans.partition_point(|other| other.slug() < plan.slug());
    plans.insert(at, plan.clone());
    let damaged = model.monitor.damaged().to_vec();
    model.monitor.apply(Watched::Plans { plans, damaged });
    model.monitor.go_to_plan(plan.slug());
}
