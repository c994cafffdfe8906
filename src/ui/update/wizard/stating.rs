//! Consents and attestations: asked for with a reason, kept in the plan.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::moving::scrolled;
use super::super::{Commands, Handled};
use super::taking::save;
use crate::domain::draft::Early;
use crate::domain::plan::{Statement, StatementKind, Subject};
use crate::domain::{ArmId, Person, Plan, Text};
use crate::readiness::{Findings, Wish, identity_doubts};
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::field::Field;
use crate::ui::model::monitor::ReadyState;
use crate::ui::model::wizard::{About, Readiness, Stating, StatingFocus, Wizard, pressing};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Opens what can be said to a group of findings; where nothing can, what is to be done.
pub(super) fn open(model: &mut Model, group: usize) {
    let Some(readied) = model.wizard.as_ref().and_then(|wizard| wizard.readied()) else {
        return;
    };
    let groups = pressing(&readied.findings);
    let Some(first) = groups.get(group).and_then(|group| group.first()) else {
        return;
    };
    let waits = first.blocks();
    let Some(kind) = first.wants().filter(|_| waits) else {
        model.overlays.push(Overlay::Finding { group, top: 0 });
        return;
    };
    let subjects = groups.get(group).into_iter().flatten();
    let stating = Stating {
        about: About::Plan,
        kind,
        check: first.row.id,
        subjects: subjects.map(|finding| finding.subject.clone()).collect(),
        field: Field::default(),
        focus: StatingFocus::Why,
        error: None,
        top: 0,
    };
    model.overlays.push(Overlay::State(Box::new(stating)));
}

pub(in super::super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(Overlay::State(stating)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    use StatingFocus::{Cancel, State, Why};
    match action {
        Action::NextField => {
            stating.focus = match stating.focus {
                Why => Cancel,
                Cancel => State,
                State => Why,
            };
        }
        Action::PreviousField => {
            stating.focus = match stating.focus {
                Why => State,
                Cancel => Why,
                State => Cancel,
            };
        }
        Action::Press => press(model, out),
        Action::Close => close(model),
        _ => match scrolled(action, stating.top, extent) {
            Some(top) => stating.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

fn close(model: &mut Model) {
    model.overlays.pop();
    model.notice = Some(Notice::Said("Nothing was stated.".into()));
}

/// Enter in the field presses the button, once there are words in it.
fn press(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::State(stating)) = model.overlays.last_mut() else {
        return;
    };
    let is_empty = stating.field.text().trim().is_empty();
    match stating.focus {
        StatingFocus::Cancel => return close(model),
        StatingFocus::Why if is_empty => return close(model),
        StatingFocus::State if is_empty => {
            stating.error = Some(match stating.kind {
                StatementKind::Consent => "Say why you want it nevertheless.".into(),
                StatementKind::Attestation => "Say what you looked at.".into(),
            });
            stating.focus = StatingFocus::Why;
            return;
        }
        StatingFocus::Why | StatingFocus::State => {}
    }
    if let Err(why) = state(model, out) {
        if let Some(Overlay::State(stating)) = model.overlays.last_mut() {
            stating.error = Some(why);
        }
        return;
    }
    let said = model.overlays.pop();
    if !matches!(said, Some(Overlay::State(stating)) if stating.about == About::Launch) {
        save(model, out);
    }
    let is_on_its_way = matches!(model.overlays.last(), Some(Overlay::Launch(launching))
        if launching.is_keeping);
    if !is_on_its_way {
        model.notice = Some(Notice::Said("Kept in the plan.".into()));
    }
}

/// Makes the statements and keeps them in the draft. What was found stays as it was read: nothing
/// is read again for it.
fn state(model: &mut Model, out: &mut Commands) -> Result<(), String> {
    let who = model.settings.by.clone();
    let when = model.now;
    let Some(Overlay::State(stating)) = model.overlays.last() else {
        return Ok(());
    };
    let why = Text::from(stating.field.text().trim());
    match stating.about {
        About::Launch => return state_of_launch(model, &who, when, &why, out),
        About::Identity => return state_early(model, &who, when, &why),
        About::Plan => {}
    }
    let Some(wizard) = &mut model.wizard else {
        return Ok(());
    };
    let Some(now) = wizard.plan() else {
        return Err("the plan is no longer what was judged; check again".into());
    };
    let Readiness::Known { plan, readied } = &mut wizard.readiness else {
        return Err("readiness is being found out again; wait a moment".into());
    };
    if plan.intent() != now.intent() {
        return Err("the plan is no longer what was judged; check again".into());
    }
    let findings = &mut readied.findings;
    let said = say(stating, plan, findings, &who, when, &why)?;
    wizard.draft.statements.extend(said.iter().cloned());
    plan.statements.extend(said);
    Ok(())
}

/// Opens the attestation of what nobody can tell about a machine's registrations.
pub(in super::super) fn open_early(model: &mut Model, machine: &ArmId) {
    let known = model.identities.known().of_machine(machine);
    let doubts = known.map(|own| identity_doubts(&own.judged));
    let Some((check, ..)) = doubts.as_ref().and_then(|all| all.first()) else {
        let words = "Only what cannot be told is attested to; here there is nothing of the kind.";
        model.notice = Some(Notice::Said(words.into()));
        return;
    };
    model.overlays.push(Overlay::State(Box::new(Stating {
        about: About::Identity,
        kind: StatementKind::Attestation,
        check,
        subjects: vec![Subject::Machine(machine.clone())],
        field: Field::default(),
        focus: StatingFocus::Why,
        error: None,
        top: 0,
    })));
}

/// Keeps the word in the draft, until there is a plan that waits for it.
fn state_early(model: &mut Model, who: &Person, when: Timestamp, why: &Text) -> Result<(), String> {
    let (Some(Overlay::State(stating)), Some(wizard)) = (model.overlays.last(), &mut model.wizard)
    else {
        return Ok(());
    };
    let machines = stating.subjects.iter().filter_map(|subject| match subject {
        Subject::Machine(id) => Some(id),
        _ => None,
    });
    for machine in machines {
        let known = model.identities.known().of_machine(machine);
        let doubts = known.map(|own| identity_doubts(&own.judged));
        let doubts = doubts.filter(|all| !all.is_empty());
        let doubts = doubts.ok_or("what was in doubt is known meanwhile; look at it again")?;
        wizard.draft.early.retain(|early| early.machine != *machine);
        let early = doubts.into_iter().map(|(check, _, fact)| Early {
            check: check.into(),
            machine: machine.clone(),
            who: who.to_string().into(),
            when,
            why: why.clone(),
            fact,
        });
        wizard.draft.early.extend(early);
    }
    Ok(())
}

/// Lets what was attested to early answer what the plan waits for; whether anything was.
pub(super) fn answer_early(wizard: &mut Wizard) -> bool {
    let Readiness::Known { plan, readied } = &mut wizard.readiness else {
        return false;
    };
    let mut said = Vec::new();
    for finding in &mut readied.findings.0 {
        let waits = finding.wants() == Some(StatementKind::Attestation) && finding.answer.is_none();
        let fits = |early: &&Early| {
            early.check.as_str() == finding.row.id
                && finding.subject == Subject::Machine(early.machine.clone())
                && early.fact == finding.fact
        };
        let Some(early) = wizard.draft.early.iter().find(fits).filter(|_| waits) else {
            continue;
        };
        let statement = Statement {
            kind: StatementKind::Attestation,
            check: early.check.clone(),
            subject: finding.subject.clone(),
            who: early.who.clone(),
            when: early.when,
            why: early.why.clone(),
            fact: finding.fact,
            part: plan.part(&finding.subject),
        };
        finding.answer = Some(statement.clone());
        said.push(statement);
    }
    wizard.draft.statements.extend(said.iter().cloned());
    plan.statements.extend(said.iter().cloned());
    !said.is_empty()
}

/// The same for what is being launched: the statements go with its plan, and into the plan's file
/// where it is kept under a name.
fn state_of_launch(
    model: &mut Model,
    who: &Person,
    when: Timestamp,
    why: &Text,
    out: &mut Commands,
) -> Result<(), String> {
    let [.., Overlay::Launch(launching), Overlay::State(stating)] = model.overlays.as_mut_slice()
    else {
        return Err("the launch was closed meanwhile".into());
    };
    let ReadyState::Known(readied) = &mut launching.ready else {
        return Err("readiness is being found out again; wait a moment".into());
    };
    let findings = &mut readied.findings;
    let said = say(stating, &launching.plan, findings, who, when, why)?;
    if launching.named {
        launching.is_keeping = true;
        out.push(Command::Write(Effect::KeepStatements {
            plan: launching.plan.clone(),
            said: said.clone(),
        }));
    }
    Arc::make_mut(&mut launching.plan).statements.extend(said);
    launching.error = None;
    launching.settle();
    Ok(())
}

/// Makes the statements, and lets them answer what was found.
fn say(
    stating: &Stating,
    plan: &Plan,
    findings: &mut Findings,
    who: &Person,
    when: Timestamp,
    why: &Text,
) -> Result<Vec<Statement>, String> {
    let mut said = Vec::new();
    for subject in &stating.subjects {
        let wish = Wish {
            kind: stating.kind,
            check: stating.check,
            subject: Some(subject),
            who,
            when,
            why: why.clone(),
        };
        let made = findings.state(plan, &wish);
        said.extend(made.map_err(|not| format!("{not}."))?);
    }
    for statement in &said {
        let answered = findings.0.iter_mut().filter(|finding| {
            finding.row.id == statement.check.as_str()
                && finding.subject == statement.subject
                && finding.fact == statement.fact
        });
        answered.for_each(|finding| finding.answer = Some(statement.clone()));
    }
    Ok(said)
}
