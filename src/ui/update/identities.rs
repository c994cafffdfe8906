//! Who is who: registrations read anew with the estate, and agents' files fetched, handed over,
//! stopped.

use super::{Commands, Handled, wizard};
use crate::domain::identity::{Source, Standing};
use crate::domain::{ArmId, Failure, Provider, Text, WizardKind};
use crate::site::{AgentTold, Identity, Registry, Whence};
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Fetch, Generation};
use crate::ui::field::Field;
use crate::ui::model::identities::{Handing, UnderWay, Way, standing};
use crate::ui::model::wizard::{Readiness, Spot};
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::terminal::Command;
use crate::wizard::StepId;

/// Reads the registrations of the machines that were just read.
pub(super) fn read(model: &mut Model, out: &mut Commands) {
    let classic = |m: &&std::sync::Arc<crate::domain::Machine>| m.provider() == Provider::Classic;
    let machines: Vec<_> = model
        .estate
        .machines
        .iter()
        .filter(classic)
        .cloned()
        .collect();
    if machines.is_empty() {
        return;
    }
    let generation = model.asked.advance();
    model.identities.reading = generation;
    model.identities.is_reading = true;
    out.push(Command::Read(Effect::ReadIdentities {
        machines,
        fabrics: model.estate.fabrics.clone(),
        generation,
    }));
}

pub(super) fn renewed(
    model: &mut Model,
    generation: Generation,
    read: Result<(Registry, Vec<Identity>), Failure>,
) {
    if model.identities.reading != generation {
        return;
    }
    model.identities.is_reading = false;
    match read {
        Ok((registry, judged)) => model.identities.renew(registry, judged),
        Err(failure) => model.identities.failure = Some(failure),
    }
    changed(model, false);
    let troubles = model.identities.troubles();
    if let Some(first) = troubles.first() {
        model.notice = Some(Notice::Warned(first.to_string()));
    }
}

/// What is known changed: the open wizard sees it, and where an agent's file told something,
/// readiness is found out anew.
fn changed(model: &mut Model, told: bool) {
    if let Some(wizard) = &mut model.wizard {
        wizard.who = model.identities.known().clone();
        if told {
            wizard.readiness = Readiness::NotAsked;
        }
        wizard.to_first_finding();
        wizard.settle();
    }
}

/// An agent's file was read, or could not be.
pub(super) fn told(model: &mut Model, generation: Generation, read: Result<AgentTold, Failure>) {
    let Some(machine) = model.identities.over(generation) else {
        return;
    };
    match read {
        Ok(told) => {
            let failed = told.reading.file.as_ref().err();
            let failed = failed.map(|none| match &told.reading.source {
                Source::File(path) => Text::from(format!("{path}: {}", none.why())),
                _ => none.why().clone(),
            });
            let not_kept = told.not_kept.clone();
            model.identities.learn(told);
            say(model, &machine, failed.as_ref());
            if let Some(why) = not_kept {
                let name = name_of(model, &machine);
                let words = format!("{name}: what was read counts until you leave: {why}");
                model.notice = Some(Notice::Warned(words));
            }
        }
        Err(failure) => say(model, &machine, Some(&failure.what)),
    }
    if let Some(wizard) = model
        .wizard
        .as_mut()
        .filter(|wizard| wizard.at == Spot::Identity(machine))
    {
        // What is under the keys is another thing now, and is read from its beginning.
        wizard.top = 0;
    }
    changed(model, true);
}

fn say(model: &mut Model, machine: &ArmId, failed: Option<&Text>) {
    let name = name_of(model, machine);
    let own = model.identities.known().of_machine(machine);
    model.notice = Some(match (failed, own) {
        (Some(why), _) => Notice::Warned(format!("{name}: not read: {why}")),
        (None, Some(own)) => {
            let words = format!("{name}: {}", own.judged.verdict.word());
            match standing(own) {
                Standing::Passes => Notice::Said(words),
                _ => Notice::Warned(words),
            }
        }
        (None, None) => return,
    });
}

fn name_of(model: &Model, machine: &ArmId) -> Text {
    let own = model.estate.machine(machine);
    own.map_or_else(|| machine.name().into(), |own| own.name.clone())
}

/// Whether the keys are on the step that shows who is who.
fn is_shown(model: &Model) -> bool {
    let shown = |wizard: &crate::ui::model::Wizard| {
        wizard.step == StepId::Identities && wizard.draft.wizard == WizardKind::Protect
    };
    model.wizard.as_deref().is_some_and(shown)
}

/// The keys of the step; whether it is shown at all.
pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> bool {
    if !is_shown(model) {
        return false;
    }
    match action {
        Action::Recheck => ask(model, out),
        Action::Attest => attest(model),
        Action::PasteFile => hand(model, Way::Paste),
        Action::OpenFile => hand(model, Way::File),
        Action::ReadBySsh => hand(model, Way::Ssh),
        Action::StopReading => stop(model, out),
        _ => return false,
    }
    true
}

/// The same on the page of one machine.
pub(super) fn on_page(model: &mut Model, action: Action, out: &mut Commands) {
    match action {
        Action::ReadAgent => ask(model, out),
        Action::PasteFile => hand(model, Way::Paste),
        Action::OpenFile => hand(model, Way::File),
        Action::ReadBySsh => hand(model, Way::Ssh),
        Action::StopReading => stop(model, out),
        _ => {}
    }
}

fn attest(model: &mut Model) {
    match one(model) {
        Some(machine) => wizard::open_early(model, &machine),
        None => {
            let words = "Go to the machine that you know something of.";
            model.notice = Some(Notice::Warned(words.into()));
        }
    }
}

/// The machine whose page is open, or that the keys are on in the wizard's step.
fn one(model: &Model) -> Option<ArmId> {
    if model.screen == Screen::Machines {
        return model.opened.as_ref().map(|opened| opened.id.clone());
    }
    match &model.wizard.as_ref()?.at {
        Spot::Identity(id) => Some(id.clone()),
        _ => None,
    }
}

/// That machine; from the buttons, all that are not settled.
fn meant(model: &Model) -> Vec<ArmId> {
    if let Some(id) = one(model) {
        return vec![id];
    }
    let Some(wizard) = &model.wizard else {
        return Vec::new();
    };
    let open = |id: &ArmId| {
        let own = model.identities.known().of_machine(id);
        own.is_some_and(|own| standing(own) == Standing::Unknown)
    };
    let walk = wizard.walk();
    let all = walk.machines().iter().map(|m| m.id().clone());
    all.filter(open).collect()
}

/// Asks the agents of machines by Run Command. A script in a VM is more than reading: not in
/// read-only mode.
fn ask(model: &mut Model, out: &mut Commands) {
    if model.settings.is_read_only() {
        let words = "Read-only: Run Command executes a script in the VM. p and o take a file.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    let machines = meant(model);
    if machines.is_empty() {
        let words = "No machine here waits for it; go to one to read its agent nevertheless.";
        model.notice = Some(Notice::Said(words.into()));
    }
    for machine in machines {
        match model.identities.ask(&machine) {
            Ok(asked) => begin(model, machine, "Run Command", Fetch::RunCommand(asked), out),
            Err(why) => {
                let name = name_of(model, &machine);
                let words =
                    format!("{name}: Run Command cannot be used: {why}. p and o take a file.");
                model.notice = Some(Notice::Warned(words));
            }
        }
    }
}

fn begin(model: &mut Model, machine: ArmId, words: &str, fetch: Fetch, out: &mut Commands) {
    if model.identities.under_way(&machine).is_some() {
        return;
    }
    let generation = model.asked.advance();
    let under_way = UnderWay {
        generation,
        words: words.into(),
        since: model.now,
    };
    model.identities.begin(machine, under_way);
    out.push(Command::Read(Effect::ReadAgent {
        fetch: Box::new(fetch),
        generation,
    }));
}

/// Stops what is fetched for the machine under the keys; from the buttons, for all.
fn stop(model: &mut Model, out: &mut Commands) {
    let all = |wizard: &crate::ui::model::Wizard| -> Vec<ArmId> {
        let walk = wizard.walk();
        walk.machines().iter().map(|m| m.id().clone()).collect()
    };
    let machines = match (one(model), &model.wizard) {
        (Some(machine), _) => vec![machine],
        (None, Some(wizard)) => all(wizard),
        (None, None) => Vec::new(),
    };
    let mut stopped = 0;
    for machine in machines {
        if let Some(under_way) = model.identities.stop(&machine) {
            stopped += 1;
            let generation = under_way.generation;
            out.push(Command::Read(Effect::StopAgent { generation }));
        }
    }
    let words = match stopped {
        0 => "Nothing is being read.",
        _ => "Stopped waiting; a script that runs in a VM ends by itself and only reads.",
    };
    model.notice = Some(Notice::Said(words.into()));
}

/// Opens the window in which a file is handed over.
fn hand(model: &mut Model, way: Way) {
    let Some(machine) = one(model) else {
        let words = "Go to the machine whose file it is.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    };
    if model.identities.known().of_machine(&machine).is_none() {
        let words = "Its registrations are not known yet.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    let name = name_of(model, &machine);
    model.overlays.push(Overlay::Hand(Box::new(Handing {
        machine,
        name,
        way,
        field: Field::default(),
        error: None,
    })));
}

/// The keys of that window.
pub(super) fn in_handing(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    match action {
        Action::Close => {
            model.overlays.pop();
            model.notice = Some(Notice::Said("No file was taken.".into()));
        }
        Action::Press => take(model, out),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn take(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Hand(handing)) = model.overlays.last_mut() else {
        return;
    };
    let given = handing.field.text().trim().to_owned();
    let (whence, words) = match handing.way {
        Way::Paste => {
            handing.error = Some(NO_PASTE.into());
            return;
        }
        _ if given.is_empty() => {
            handing.error = Some("Nothing is typed yet.".into());
            return;
        }
        Way::File => (Whence::File(given.into()), "a file"),
        Way::Ssh => (Whence::Ssh(given), "ssh"),
    };
    let machine = handing.machine.clone();
    model.overlays.pop();
    fetch(model, machine, whence, words, out);
}

/// Said of Enter before anything came. Some consoles do not tell that something is pasted.
const NO_PASTE: &str = "No paste came yet. If your terminal does not tell when something is pasted, save \
     drscout.conf as a file, press Esc, and open it with o.";

/// Said of a paste of which a part is missing.
pub(super) const NOT_WHOLE: &str = "Only a part of the paste arrived, so it was not taken. Save \
     drscout.conf as a file on this computer, press Esc, and open that file.";

/// What was pasted into that window is a machine's file.
pub(super) fn pasted(model: &mut Model, text: &str, out: &mut Commands) {
    let Some(Overlay::Hand(handing)) = model.overlays.pop() else {
        return;
    };
    let given = Whence::Given(Source::Paste, text.as_bytes().to_vec());
    fetch(model, handing.machine, given, "paste", out);
}

fn fetch(model: &mut Model, machine: ArmId, whence: Whence, words: &str, out: &mut Commands) {
    if let Some(handed) = model.identities.hand(&machine, whence) {
        begin(model, machine, words, Fetch::Handed(handed), out);
    }
}
