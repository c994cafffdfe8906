//! Moving machines between waves. Waves are counted from 1 without a gap, and what is done around a
//! wave goes with it.

use std::collections::BTreeMap;

use super::accept::{accept, forget};
use super::field::Field;
use super::question::Key;
use super::walk::Walk;
use crate::domain::{Answer, ArmId, Draft, Offers};

/// What belongs to a wave.
const OF_WAVES: [Field; 2] = [Field::WaveBefore, Field::WaveAfter];

/// Moves a machine to the wave after its own, or before it; a machine alone in the last one goes no
/// further. Whether it could be.
pub fn move_wave(draft: &mut Draft, offers: &Offers, id: &ArmId, later: bool) -> bool {
    let key = Key::of(Field::Wave, id);
    let now = Walk::new(draft, offers).number(&key).unwrap_or(1);
    let to = match later {
        true => now + 1,
        false => now.saturating_sub(1),
    };
    let taken = accept(draft, offers, &key, &Answer::Number(to)).is_ok();
    if taken {
        close_gaps(draft, offers);
    }
    taken
}

/// Commands around a wave that no longer holds a machine are forgotten: another wave has its number.
fn close_gaps(draft: &mut Draft, offers: &Offers) {
    let walk = Walk::new(draft, offers);
    let said = walk.waves_said();
    let numbers: BTreeMap<u64, u64> = said.into_iter().zip(1..).collect();
    let moves: Vec<(Key, u64)> = walk
        .machines()
        .iter()
        .filter_map(|m| {
            let key = Key::of(Field::Wave, m.id());
            let now = walk.number(&key).unwrap_or(1);
            let to = *numbers.get(&now)?;
            (to != now).then_some((key, to))
        })
        .collect();
    let kept: Vec<(Key, Answer)> = OF_WAVES
        .into_iter()
        .flat_map(|field| numbers.iter().map(move |(from, to)| (field, *from, *to)))
        .filter_map(|(field, from, to)| {
            let answer = walk.given(&Key::wave(field, from))?;
            Some((Key::wave(field, to), answer.clone()))
        })
        .collect();
    let waves = |name: &str| {
        let key = Key::parse(name);
        key.is_some_and(|(field, _)| OF_WAVES.contains(&field))
    };
    draft.answers.retain(|name, _| !waves(name.as_str()));
    for (key, to) in moves {
        // A number that counts machines is one that can be answered.
        let _ = accept(draft, offers, &key, &Answer::Number(to));
    }
    for (key, answer) in kept {
        if accept(draft, offers, &key, &answer).is_err() {
            forget(draft, &key);
        }
    }
}
