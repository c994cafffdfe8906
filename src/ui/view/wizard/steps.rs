//! The list of a wizard's steps, or the one line that stands for it where there is no room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::identity::Standing;
use crate::domain::text::column;
use crate::domain::{ArmId, Generation, WizardKind};
use crate::readiness::identity_doubts;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::identities;
use crate::ui::model::wizard::Wizard;
use crate::ui::paint;
use crate::wizard::{Step, StepId};

/// Whether a step is answered, as the list of steps shows it.
fn standing(wizard: &Wizard, row: &Step, at: usize, here: usize) -> (Tone, String) {
    let walk = wizard.walk();
    let count = match row.id {
        StepId::Machines => walk.machines().len(),
        _ => 0,
    };
    let count = match count {
        0 => String::new(),
        count => count.to_string(),
    };
    if at > here {
        return (Tone::Waiting, String::new());
    }
    let open = walk.faults(row).len();
    match open {
        0 if at == here => (Tone::Plain, count),
        0 if row.id == StepId::Identities => (identified(wizard, row), String::new()),
        0 if row.id == StepId::Readiness => match wizard.readied() {
            Some(readied) if readied.findings.ready() => (Tone::Good, String::new()),
            Some(_) => (Tone::Amber, String::new()),
            None => (Tone::Unknown, String::new()),
        },
        0 => (Tone::Good, count),
        _ if at == here => (Tone::Plain, count),
        open => (Tone::Bad, open.to_string()),
    }
}

/// As its worst machine: what blocks, what nobody can tell, what somebody's word is for.
fn identified(wizard: &Wizard, row: &Step) -> Tone {
    let walk = wizard.walk();
    let tones: Vec<Tone> = match wizard.draft.wizard {
        WizardKind::Protect => {
            let own = walk.of_generation(Generation::Classic);
            own.map(|machine| told(wizard, machine.id())).collect()
        }
        // A machine that is on its way home no longer tells which VM it is.
        _ => {
            let own = walk.questions(row).into_iter();
            own.map(|question| match walk.value(&question.key) {
                Some(answer) if !answer.to_string().is_empty() => Tone::Good,
                _ => Tone::Unknown,
            })
            .collect()
        }
    };
    let worst = [Tone::Bad, Tone::Unknown, Tone::Amber];
    let worst = worst.into_iter().find(|tone| tones.contains(tone));
    worst.unwrap_or(Tone::Good)
}

fn told(wizard: &Wizard, machine: &ArmId) -> Tone {
    let Some(own) = wizard.who.of_machine(machine) else {
        return Tone::Unknown;
    };
    match identities::standing(own) {
        Standing::Passes | Standing::NotApplicable => Tone::Good,
        Standing::Blocks => Tone::Bad,
        Standing::Unknown => {
            let said = |fact| {
                let mut early = wizard.draft.early.iter();
                early.any(|early| early.machine == *machine && early.fact == fact)
            };
            let all = identity_doubts(&own.judged);
            match all.into_iter().all(|(_, _, fact)| said(fact)) {
                true => Tone::Amber,
                false => Tone::Unknown,
            }
        }
    }
}

pub(super) fn list(model: &Model, wizard: &Wizard, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let rows = wizard.walk().steps();
    let here = rows
        .iter()
        .position(|row| row.id == wizard.step)
        .unwrap_or(0);
    for y in area.y..area.bottom() {
        let x = area.right().saturating_sub(1);
        paint::put(buf, area, x, y, 1, look.glyphs.vertical, look.theme.border);
    }
    for ((at, row), y) in rows.iter().enumerate().zip(area.y..area.bottom()) {
        let (tone, count) = standing(wizard, row, at, here);
        let (glyph, style): (&str, Style) = match at == here {
            true => (look.glyphs.cursor, look.theme.title),
            false => (tone.glyph(&look.glyphs), tone.style(&look.theme)),
        };
        let name = column(row.short, 11, look.glyphs.cut);
        let words = format!(" {glyph} {name}{count:>2}");
        paint::put(buf, area, area.x, y, super::STEPS - 1, &words, style);
    }
}

pub(super) fn line(model: &Model, wizard: &Wizard, area: Rect, buf: &mut Buffer) {
    let (at, of) = wizard.place();
    let words = format!(" Step {at} of {of}: {}", wizard.row().short);
    let style = model.settings.look.theme.heading;
    paint::put(buf, area, area.x, area.y, area.width, &words, style);
}
