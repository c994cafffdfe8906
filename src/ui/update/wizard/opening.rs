//! Opening a wizard on the marked machines, going on with a draft, putting one away.

use std::sync::Arc;

use super::super::Commands;
use super::settle;
use crate::domain::draft::{Draft, DraftId, WizardKind};
use crate::domain::{Answer, ArmId, Failure, Machine, Offers, Retry, Text};
use crate::ui::effect::Effect;
use crate::ui::model::wizard::Wizard;
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::terminal::Command;
use crate::wizard::{Field, Key, accept, refused, toggle};

/// Opens a wizard on the marked machines, or on the one that the keys are about. What cannot be
/// chosen is left out, and said.
pub(in super::super) fn open(model: &mut Model, kind: WizardKind, out: &mut Commands) {
    let meant = model.meant();
    open_on(model, kind, &meant, out);
}

/// Opens a wizard on these machines.
pub(in super::super) fn open_on(
    model: &mut Model,
    kind: WizardKind,
    machines: &[Arc<Machine>],
    out: &mut Commands,
) {
    put_away(model);
    let marked: Vec<ArmId> = machines.iter().map(|m| m.id.clone()).collect();
    let mut draft = Draft::new(kind);
    let offers = offers(model);
    let mut left_out = Vec::new();
    for id in &marked {
        let Some(offered) = offers.machine(id) else {
            continue;
        };
        let same = |known: &Text| known.as_str().eq_ignore_ascii_case(id.as_str());
        if draft.machines().iter().any(same) {
            // It came with its replication group.
            continue;
        }
        let name = &offered.machine.name;
        match refused(kind, offered) {
            Some(why) => left_out.push(format!("{name}: {why}.")),
            None => {
                if draft.machines().is_empty() {
                    let system = Answer::from(offered.system().word());
                    // Not asked where there is one alone.
                    let _ = accept(&mut draft, &offers, &Key::plan(Field::System), &system);
                }
                if let Err(why) = toggle(&mut draft, &offers, id) {
                    left_out.push(format!("{name}: {why}."));
                }
            }
        }
    }
    if draft.machines().is_empty() && marked.len() > 1 {
        let what = format!(
            "None of the {} marked machines can be chosen.",
            marked.len()
        );
        let failure = Failure::new(what, left_out.join(" "), Retry::AfterFixing);
        model.overlays.push(Overlay::Failure {
            title: kind.words().to_owned(),
            failure: Box::new(failure),
            top: 0,
        });
        return;
    }
    let known = model
        .drafts
        .iter()
        .find(|(_, known)| is_same(known, &draft));
    if let Some((id, known)) = known.cloned() {
        go_on(model, id, known, out);
        let words = "A draft of these machines waited: going on with it.";
        model.notice = Some(Notice::Said(words.into()));
    } else {
        let wizard = Wizard::new(DraftId::random(), draft, offers);
        begin(model, wizard, out);
    }
    if let Some(first) = left_out.first() {
        let words = match left_out.len() {
            1 => format!("Left out: {first}"),
            many => format!("{many} left out; {first}"),
        };
        model.notice = Some(Notice::Warned(words));
    }
}

/// Whether two drafts are of the same wizard and the same machines: one of them is enough.
fn is_same(one: &Draft, other: &Draft) -> bool {
    let machines = |draft: &Draft| {
        let all = draft.machines().iter();
        let mut all: Vec<String> = all.map(|m| m.as_str().to_lowercase()).collect();
        all.sort();
        all
    };
    one.wizard == other.wizard && machines(one) == machines(other)
}

/// What the estate offers at once; the rest is read.
fn offers(model: &Model) -> Offers {
    let mut offers = model.estate.offers();
    offers.plans = model
        .monitor
        .plans()
        .iter()
        .map(|plan| (**plan).clone())
        .collect();
    offers
}

/// Goes on with a draft.
pub(super) fn go_on(model: &mut Model, id: DraftId, draft: Draft, out: &mut Commands) {
    put_away(model);
    model.drafts.retain(|(known, _)| *known != id);
    let wizard = Wizard::new(id, draft, offers(model));
    begin(model, wizard, out);
}

fn begin(model: &mut Model, mut wizard: Wizard, out: &mut Commands) {
    let generation = model.asked.advance();
    wizard.reading = generation;
    wizard.who = model.identities.known().clone();
    model.wizard = Some(Box::new(wizard));
    model.opened = None;
    model.screen = Screen::Wizard;
    out.push(Command::Read(Effect::ReadChoices { generation }));
    settle(model, out);
}

/// Leaves the wizard; what was answered waits as a draft.
pub(in super::super) fn leave(model: &mut Model) {
    let answered = model
        .wizard
        .as_ref()
        .is_some_and(|w| !w.draft.answers.is_empty());
    put_away(model);
    model.screen = Screen::Machines;
    if answered {
        let words = "What was answered is kept as a draft; d goes on with it.";
        model.notice = Some(Notice::Said(words.into()));
    }
}

/// Puts the open wizard among the drafts.
pub(in super::super) fn put_away(model: &mut Model) {
    if let Some(wizard) = model.wizard.take()
        && !wizard.draft.answers.is_empty()
    {
        model.drafts.insert(0, (wizard.id, wizard.draft));
    }
}
