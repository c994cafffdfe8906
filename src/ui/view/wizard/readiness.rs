//! Readiness of the plan as it stands: what stops it, what wants a word, and how many checks passed.
//!
//! ```text
//!  √ 55 passed   x 1 stops it   ! 1 wants consent   ? 1 unknown   i 1 good to know
//!  x MT-11   mt-win-01 would hold 63 disks; the limit is 60        mt-win-01
//!  ! RP-04   ...                                                   web-01, web-02
//!  ? ELIG-05 The Azure VM was not deleted                          web-01
//!  i DUP-03  ...                                                   web-01
//! ```

use ratatui::text::{Line, Span};

use super::spread::Spread;
use crate::domain::Plan;
use crate::domain::plan::StatementKind;
use crate::domain::text::{column, columns, fit};
use crate::readiness::{Finding, Findings, Outcome};
use crate::ui::look::{Glyphs, Tone};
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

/// How the checks came out, counted as the rows below stand; what was answered is never counted as
/// passed.
pub(super) fn counts(findings: &Findings, spread: &mut Spread) {
    let rows = pressing(findings);
    let rows: Vec<Row> = rows
        .iter()
        .filter_map(|own| Row::of(own.first()?))
        .collect();
    let of = |wanted: Row| rows.iter().filter(|row| **row == wanted).count();
    let look = spread.look().clone();
    let mut parts = vec![(
        Tone::Good,
        look.glyphs.done,
        format!("{} passed", findings.count(Outcome::Passed)),
    )];
    for row in Row::ALL {
        let count = of(row);
        let words = row.words(count);
        parts.push((
            row.tone(),
            row.mark(&look.glyphs),
            format!("{count} {words}"),
        ));
    }
    parts.retain(|(_, _, words)| !words.starts_with("0 "));
    let mut spans = Vec::new();
    let mut used = 0;
    for (tone, mark, words) in parts {
        let words = format!("{mark} {words}   ");
        if used > 0 && used + columns(words.trim_end()) > spread.width() {
            spread.lines.push(Line::from(std::mem::take(&mut spans)));
            used = 0;
        }
        used += columns(&words);
        spans.push(Span::styled(words, tone.style(&look.theme)));
    }
    spread.lines.push(Line::from(spans));
    if findings.ready() {
        spread.toned(0, Tone::Good, "Ready.");
    }
    spread.blank();
}

/// What a row of the page is to the plan. The mark that counts for it stands on no other row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Stops,
    WantsConsent,
    Unknown,
    Answered,
    GoodToKnow,
}

impl Row {
    const ALL: [Self; 5] = [
        Self::Stops,
        Self::WantsConsent,
        Self::Unknown,
        Self::Answered,
        Self::GoodToKnow,
    ];

    /// `None`: it passed, or is for others.
    fn of(finding: &Finding) -> Option<Self> {
        if !matches!(finding.outcome, Outcome::Failed | Outcome::Unknown) {
            return None;
        }
        Some(match finding.wants() {
            _ if finding.answer.is_some() => Self::Answered,
            Some(StatementKind::Consent) => Self::WantsConsent,
            Some(StatementKind::Attestation) => Self::Unknown,
            None if finding.blocks() => Self::Stops,
            None => Self::GoodToKnow,
        })
    }

    fn mark(self, glyphs: &Glyphs) -> &'static str {
        match self {
            Self::Stops => glyphs.failed,
            Self::WantsConsent => glyphs.amber,
            Self::Unknown => glyphs.unknown,
            Self::Answered => "a",
            Self::GoodToKnow => "i",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Stops => Tone::Bad,
            Self::WantsConsent | Self::Answered => Tone::Amber,
            Self::Unknown => Tone::Unknown,
            Self::GoodToKnow => Tone::Plain,
        }
    }

    fn words(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Stops, 1) => "stops it",
            (Self::Stops, _) => "stop it",
            (Self::WantsConsent, 1) => "wants consent",
            (Self::WantsConsent, _) => "want consent",
            (Self::Unknown, _) => "unknown",
            (Self::Answered, _) => "answered",
            (Self::GoodToKnow, _) => "good to know",
        }
    }
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
    let Some(row) = Row::of(first) else {
        return;
    };
    let tone = row.tone();
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
    let mark = row.mark(&look.glyphs);
    let head = format!("{mark} {} ", column(first.row.id, 8, look.glyphs.cut));
    let room = spread.width().saturating_sub(columns(&head) + 3);
    let about = fit(&about, room / 3, look.glyphs.cut).into_owned();
    let said = room.saturating_sub(columns(&about) + 1);
    // Of what nobody knows the row says what is wanted: why it is not known is often the same for
    // many checks, and is said of the one under the keys.
    let words = match row {
        Row::Unknown => first.row.title,
        _ => first.words.as_str(),
    };
    let is_whole =
        about == names.join(", ") && words == first.words.as_str() && columns(words) <= said;
    let said = column(words, said, look.glyphs.cut);
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
    Row::of(finding).map_or(Tone::Plain, Row::tone)
}
