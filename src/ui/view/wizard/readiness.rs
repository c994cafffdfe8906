//! Readiness of the plan as it stands: what stops it, what wants a word, and how many checks passed.
//!
//! ```text
//!  √ 55 passed   x 2 stop it   ! 3 want consent   ? 1 unknown
//!  x MT-11   mt-win-01 would hold 63 disks; the limit is 60        mt-win-01
//!  ! RP-04   ...                                                   web-01, web-02
//! ```

use super::spread::Spread;
use crate::domain::Plan;
use crate::domain::plan::StatementKind;
use crate::domain::text::{column, columns, fit};
use crate::readiness::{Finding, Findings, Outcome};
use crate::ui::look::Tone;
use crate::ui::model::wizard::{Readiness, Spot, Wizard, pressing};

/// Most groups of findings that the page shows; the command line tells all.
const MOST: usize = 200;

pub(super) fn draw(wizard: &Wizard, spread: &mut Spread) {
    match &wizard.readiness {
        Readiness::NotAsked => {
            spread.toned(0, Tone::Unknown, "There is no plan to be judged yet.");
        }
        Readiness::Checking { .. } => {
            spread.toned(0, Tone::Busy, "Checking whether everything is ready...");
        }
        Readiness::Unknown { failure, .. } => {
            spread.toned(0, Tone::Bad, "Readiness could not be found out.");
            let style = spread.look().theme.text;
            for line in failure.lines() {
                spread.words(2, &line, style);
            }
        }
        Readiness::Known { plan, readied } => {
            counts(&readied.findings, spread);
            groups(wizard, plan, &readied.findings, spread);
        }
    }
}

/// How the checks came out; what was answered is never counted as passed.
pub(super) fn counts(findings: &Findings, spread: &mut Spread) {
    let stop = findings.blocked().count();
    let want = findings.waiting(StatementKind::Consent).count();
    let of_one = |count: usize, one, many| if count == 1 { one } else { many };
    let parts = [
        (Tone::Good, findings.count(Outcome::Passed), "passed"),
        (Tone::Bad, stop, of_one(stop, "stops it", "stop it")),
        (
            Tone::Amber,
            want,
            of_one(want, "wants consent", "want consent"),
        ),
        (
            Tone::Unknown,
            findings.waiting(StatementKind::Attestation).count(),
            "unknown",
        ),
        (Tone::Plain, findings.answered().count(), "answered"),
    ];
    let look = spread.look().clone();
    let mut spans = Vec::new();
    for (tone, count, what) in parts {
        if count > 0 {
            let words = format!("{} {count} {what}   ", tone.glyph(&look.glyphs));
            spans.push(ratatui::text::Span::styled(words, tone.style(&look.theme)));
        }
    }
    spread.lines.push(ratatui::text::Line::from(spans));
    if findings.ready() {
        spread.toned(0, Tone::Good, "Ready.");
    }
    spread.blank();
}

fn groups(wizard: &Wizard, plan: &Plan, findings: &Findings, spread: &mut Spread) {
    let all = pressing(findings);
    for (number, group) in all.iter().enumerate().take(MOST) {
        let Some(first) = group.first() else {
            continue;
        };
        let here = wizard.at == Spot::Finding(number);
        finding(plan, first, group, here, spread);
    }
}

fn finding(plan: &Plan, first: &Finding, group: &[&Finding], here: bool, spread: &mut Spread) {
    let look = spread.look().clone();
    let tone = tone(first);
    let names: Vec<String> = group
        .iter()
        .map(|f| plan.subject_names(&f.subject).to_string())
        .collect();
    let about = match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one}, {two}"),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        [] => String::new(),
    };
    let glyph = tone.glyph(&look.glyphs);
    let head = format!("{glyph} {} ", column(first.row.id, 8, look.glyphs.cut));
    let room = spread.width().saturating_sub(columns(&head) + 3);
    let about = fit(&about, room / 3, look.glyphs.cut).into_owned();
    let said = room.saturating_sub(columns(&about) + 1);
    let is_whole = about == names.join(", ") && columns(first.words.as_str()) <= said;
    let said = column(first.words.as_str(), said, look.glyphs.cut);
    spread.spot(
        here,
        &format!("{head}{said} {about}"),
        tone.style(&look.theme),
    );
    if here {
        if !is_whole {
            let words = format!("{}: {}", names.join(", "), first.words);
            spread.words(4, &words, look.theme.text);
        }
        let what = match (&first.answer, first.wants().filter(|_| first.blocks())) {
            (Some(answer), _) => format!("{} said: {}", answer.who, answer.why),
            (None, Some(StatementKind::Consent)) => {
                format!("{} Enter: consent to it.", first.what_to_do())
            }
            (None, Some(StatementKind::Attestation)) => {
                format!("{} Enter: attest to it, if you know.", first.what_to_do())
            }
            (None, None) => first.what_to_do().to_owned(),
        };
        spread.words(4, &what, look.theme.text);
        spread.on_until_here();
    }
}

pub(super) fn tone(finding: &Finding) -> Tone {
    match (finding.blocks(), finding.outcome) {
        (true, Outcome::Failed) if finding.wants().is_none() => Tone::Bad,
        (true, Outcome::Failed) => Tone::Amber,
        (_, Outcome::Unknown) => Tone::Unknown,
        (false, Outcome::Failed) if finding.answer.is_some() => Tone::Amber,
        _ => Tone::Plain,
    }
}
