//! Taking answers. Each one that is accepted is kept in the draft on disk at once.

use super::super::Commands;
use crate::domain::{Answer, ArmId, Text};
use crate::ui::effect::Effect;
use crate::ui::model::wizard::{Saved, Spot};
use crate::ui::model::{Model, Notice};
use crate::ui::terminal::Command;
use crate::wizard::{Key, accept, forget, move_wave, toggle};

/// Keeps the draft as it stands.
pub(super) fn save(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    if wizard.draft.answers.is_empty() {
        return;
    }
    wizard.draft.saved = Some(model.now);
    wizard.saved = Saved::Saving;
    out.push(Command::Write(Effect::SaveDraft {
        id: wizard.id,
        draft: Box::new(wizard.draft.clone()),
    }));
}

/// Accepts an answer, or keeps why it cannot be; whether it was accepted.
fn take(model: &mut Model, key: &Key, answer: &Answer, out: &mut Commands) -> bool {
    let Some(wizard) = &mut model.wizard else {
        return false;
    };
    wizard.refused.retain(|(of, ..)| of != key);
    match accept(&mut wizard.draft, &wizard.offers, key, answer) {
        Ok(()) => {
            save(model, out);
            true
        }
        Err(why) => {
            wizard.refused.push((key.clone(), answer.to_string(), why));
            false
        }
    }
}

/// Chooses the candidate under the keys.
pub(super) fn choose(model: &mut Model, spot: &Spot, out: &mut Commands) -> bool {
    match spot {
        Spot::Candidate(key, value) => {
            let taken = take(model, key, &Answer::Words(value.clone()), out);
            if !taken {
                tell_refusal(model, key);
            }
            taken
        }
        Spot::AsAll(key) => {
            if let Some(wizard) = &mut model.wizard {
                forget(&mut wizard.draft, key);
                wizard.refused.retain(|(of, ..)| of != key);
            }
            save(model, out);
            true
        }
        _ => false,
    }
}

/// A choice that was refused leaves the answer as it was: it is said once, and does not stand in
/// the way.
fn tell_refusal(model: &mut Model, key: &Key) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let at = wizard.refused.iter().position(|(of, ..)| of == key);
    if let Some((_, _, why)) = at.map(|at| wizard.refused.remove(at)) {
        model.notice = Some(Notice::Warned(why));
    }
}

/// Marks the machine under the keys, with its replication group; whether it could be.
pub(super) fn mark(model: &mut Model, value: &Text, out: &mut Commands) -> bool {
    let Some(wizard) = &mut model.wizard else {
        return false;
    };
    let Some(id) = ArmId::parse(value.as_str()) else {
        return false;
    };
    match toggle(&mut wizard.draft, &wizard.offers, &id) {
        Ok(others) => {
            if others > 0 {
                let with = match others {
                    1 => "1 other machine".to_owned(),
                    many => format!("{many} other machines"),
                };
                let words = format!("Its replication group goes with it: {with}.");
                model.notice = Some(Notice::Said(words));
            }
            save(model, out);
            true
        }
        Err(why) => {
            model.notice = Some(Notice::Warned(why));
            false
        }
    }
}

pub(super) fn flip(model: &mut Model, key: &Key, out: &mut Commands) {
    let Some(wizard) = &model.wizard else {
        return;
    };
    let now = wizard.walk().value(key).and_then(|answer| answer.yes());
    take(model, key, &Answer::Yes(!now.unwrap_or(false)), out);
}

/// Moves a machine to the wave before or after.
pub(super) fn moved(model: &mut Model, id: &ArmId, later: bool, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    if move_wave(&mut wizard.draft, &wizard.offers, id, later) {
        save(model, out);
    }
}

/// Takes what was typed into the line that is left. What cannot be taken stays, with what is wrong.
pub(super) fn leave_line(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let Some(typing) = wizard.typing.take() else {
        return;
    };
    let (key, text) = (typing.key, typing.field.text().trim().to_owned());
    let was_refused = wizard.refused.iter().any(|(of, ..)| *of == key);
    if text == typing.before.trim() && !was_refused {
        return;
    }
    let given = wizard.walk().given(&key).is_some();
    if text.is_empty() && given {
        // Nothing: what counts is the one for all again, or the default.
        forget(&mut wizard.draft, &key);
        wizard.refused.retain(|(of, ..)| *of != key);
        return save(model, out);
    }
    take(model, &key, &Answer::from(text.as_str()), out);
}
