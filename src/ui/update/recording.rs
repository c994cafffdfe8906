//! Guests recorded before they are protected: asked for, agreed to, stopped, and what came of it.

use super::{Commands, Handled};
use crate::domain::text::counted;
use crate::domain::{Failure, Text};
use crate::site::Kept;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Generation};
use crate::ui::model::recording::{Agreeing, Came, able, is_shown, meant};
use crate::ui::model::wizard::Readiness;
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;

/// The keys of the step; whether it is shown at all.
pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> bool {
    if !is_shown(model) {
        return false;
    }
    match action {
        Action::RecordGuests => ask(model),
        Action::StopReading => stop(model, out),
        _ => return false,
    }
    true
}

/// Asks whether a script may be run in the machines that are meant.
fn ask(model: &mut Model) {
    if model.settings.is_read_only() {
        let words = "Read-only: Run Command executes a script in the VM.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    let Some(wizard) = &model.wizard else {
        return;
    };
    let (all, mut machines) = (able(wizard).count(), meant(wizard));
    machines.retain(|(id, _)| model.recordings.since(id).is_none());
    if machines.is_empty() {
        let words = match (all, model.recordings.under_way()) {
            (0, _) => "No machine of this plan is recorded: they are of Hyper-V, or at home.",
            (_, 0) => "All of them were looked into within a week.",
            (_, _) => "They are being looked into.",
        };
        model.notice = Some(Notice::Said(words.into()));
        return;
    }
    model
        .overlays
        .push(Overlay::Record(Box::new(Agreeing { machines })));
}

/// The keys of the window that asks.
pub(super) fn in_agreeing(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    match action {
        Action::Close => {
            model.overlays.pop();
            model.notice = Some(Notice::Said("No script was run.".into()));
        }
        Action::Press => agree(model, out),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn agree(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Record(agreed)) = model.overlays.pop() else {
        return;
    };
    let count = agreed.machines.len();
    for (machine, _) in agreed.machines {
        let generation = model.asked.advance();
        let now = model.now;
        model.recordings.begin(machine.clone(), generation, now);
        out.push(Command::Read(Effect::RecordGuest {
            machine,
            generation,
        }));
    }
    let words = format!("Looking into {}.", counted(count, "machine"));
    model.notice = Some(Notice::Said(words));
}

/// Stops waiting for all of them.
fn stop(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &model.wizard else {
        return;
    };
    let all: Vec<_> = able(wizard).map(|(id, _)| id).collect();
    let mut stopped = 0;
    for machine in all {
        if let Some(generation) = model.recordings.stop(&machine) {
            stopped += 1;
            out.push(Command::Read(Effect::StopRecording { generation }));
        }
    }
    let words = match stopped {
        0 => "No machine is being looked into.",
        _ => "Stopped waiting; a script that runs in a VM ends by itself and only reads.",
    };
    model.notice = Some(Notice::Said(words.into()));
    if stopped > 0 {
        settled(model);
    }
}

/// A machine was looked into, or could not be.
pub(super) fn told(model: &mut Model, generation: Generation, read: Result<Kept, Failure>) {
    let came = match read {
        Ok(kept) => Came::of(kept),
        Err(failure) => Came::Not(failure.what),
    };
    let Some(machine) = model.recordings.over(generation, || came.clone()) else {
        return;
    };
    let name = model.estate.machine(&machine);
    let name = name.map_or_else(|| Text::from(machine.name()), |own| own.name.clone());
    let words = format!("{name}: {}", came.words());
    model.notice = Some(match came {
        Came::Inside(_) => Notice::Said(words),
        Came::Outside(_) | Came::Not(_) | Came::Stopped => Notice::Warned(words),
    });
    settled(model);
}

/// Once nothing is waited for any more, readiness is found out anew.
fn settled(model: &mut Model) {
    if model.recordings.under_way() > 0 {
        return;
    }
    if let Some(wizard) = model
        .wizard
        .as_mut()
        .filter(|own| own.draft.wizard == crate::domain::WizardKind::Protect)
    {
        wizard.readiness = Readiness::NotAsked;
    }
}

pub(super) fn elsewhere(model: &mut Model) {
    let words = "This works in the step Readiness of a new protection.";
    model.notice = Some(Notice::Said(words.into()));
}
