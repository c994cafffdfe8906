//! One field of a step. Only the field that the keys are on shows all that can be chosen.

use ratatui::text::{Line, Span};

use super::spread::{LABEL, Spread};
use crate::domain::offers::Reading;
use crate::domain::text::{column, columns, fit};
use crate::domain::{Answer, ArmId, Text};
use crate::ui::look::Tone;
use crate::ui::model::wizard::{Spot, Wizard, is_of_machines_alone};
use crate::wizard::{Candidate, Carrier, Key, Kind, Question, Scope};

/// Columns of a candidate's name at most.
const NAME: usize = 30;

/// What of this step Azure cannot carry out, and what would.
pub(super) fn carriers(wizard: &Wizard, spread: &mut Spread) {
    let fields = wizard.row().fields;
    for carrier in [Carrier::ConfigurationServer, Carrier::VCenter] {
        let own = fields.iter().map(|field| field.row());
        let own = own.filter(|row| row.carrier == Some(carrier));
        let labels: Vec<&str> = own.map(|row| row.label).collect();
        if labels.is_empty() {
            continue;
        }
        let (what, them) = match labels.as_slice() {
            all if all.len() == fields.len() => ("these".to_owned(), "them"),
            [one] => ((*one).to_owned(), "it"),
            some => (some.join(" and "), "them"),
        };
        let words = format!(
            "Azure has no field for {what}: {} would carry {them} out, and this site has none. \
             What is chosen is kept in the plan, and readiness says so.",
            carrier.words()
        );
        spread.toned(0, Tone::Amber, &words);
        spread.blank();
    }
}

/// What the step has to say before it asks.
pub(super) fn remarks(wizard: &Wizard, spread: &mut Spread) {
    let style = spread.look().theme.text;
    let all = wizard.walk().remarks(wizard.row());
    for remark in &all {
        match remark.warns {
            true => spread.toned(0, Tone::Amber, remark.words.as_str()),
            false => spread.words(0, remark.words.as_str(), style),
        }
    }
    if !all.is_empty() {
        spread.blank();
    }
}

/// The line of a machine that may have settings of its own.
pub(super) fn machine(
    wizard: &Wizard,
    id: &ArmId,
    name: &Text,
    open: bool,
    own: usize,
    spread: &mut Spread,
) {
    let many = wizard.walk().machines().len() > 1;
    let reading = wizard.offers.machine(id).map(|m| &m.detail);
    let note = match (own, reading) {
        (_, Some(Reading::NotYet)) => "being read...".to_owned(),
        (_, Some(Reading::Failed(why))) => format!("could not be read: {why}"),
        (0, _) if many => "as for all".to_owned(),
        (0, _) => String::new(),
        (own, _) if many => format!("{own} of its own"),
        _ => String::new(),
    };
    if !many {
        let style = spread.look().theme.heading;
        spread.words(2, name.as_str(), style);
        if !note.is_empty() {
            let style = spread.look().theme.text;
            spread.words(2, &note, style);
        }
        return;
    }
    let sign = if open { "-" } else { "+" };
    let cut = spread.look().glyphs.cut;
    let words = format!("{sign} {} {note}", column(name.as_str(), NAME, cut));
    let here = wizard.at == Spot::Machine(id.clone());
    let style = spread.look().theme.text;
    spread.spot(here, &words, style);
}

pub(super) fn apply(wizard: &Wizard, id: &ArmId, spread: &mut Spread) {
    let here = wizard.at == Spot::ApplyToAll(id.clone());
    let style = spread.look().theme.key;
    spread.spot(here, "  [ apply to all machines ]", style);
}

pub(super) fn draw(wizard: &Wizard, question: &Question, spread: &mut Spread) {
    let here = wizard.at.key() == Some(&question.key);
    match &question.kind {
        Kind::Choice(all) => match here {
            true => open(wizard, question, all, spread),
            false => folded(wizard, question, spread),
        },
        Kind::Machines(all) => machines(wizard, question, all, spread),
        Kind::Line(_) | Kind::Number { .. } => line(wizard, question, here, spread),
        Kind::YesNo => yes_no(wizard, question, here, spread),
    }
    if let Some(why) = wizard.fault(&question.key) {
        spread.toned(4, Tone::Bad, &why);
        if here {
            spread.on_until_here();
        }
    }
}

/// What stands before a field: in a step that asks one thing of each machine, the machine's name.
fn label(wizard: &Wizard, question: &Question) -> String {
    let alone = is_of_machines_alone(wizard.row());
    let machine = question.key.machine.as_ref().filter(|_| alone);
    match machine.and_then(|id| wizard.offers.machine(id)) {
        Some(offered) => offered.machine.name.to_string(),
        None => format!("{}{}", nested(wizard, &question.key), question.row().label),
    }
}

/// The fields under a machine's line stand further in than it.
fn nested(wizard: &Wizard, key: &Key) -> &'static str {
    let is_under = key.machine.is_some()
        && wizard.walk().machines().len() > 1
        && !is_of_machines_alone(wizard.row());
    if is_under { "  " } else { "" }
}

/// What of a machine's own field counts, when it has none: that of all.
fn is_shared(wizard: &Wizard, key: &Key) -> bool {
    key.machine.is_some()
        && key.field.row().scope == Scope::Each
        && wizard.walk().given(key).is_none()
}

/// A field that the keys are not on: what counts, in one line.
fn folded(wizard: &Wizard, question: &Question, spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    let glyphs = spread.look().glyphs;
    let walk = wizard.walk();
    let label = label(wizard, question);
    let given = walk.given(&question.key).is_some();
    let note = match (given, is_shared(wizard, &question.key)) {
        (false, true) => "as for all".to_owned(),
        (false, false) => question.note.to_string(),
        (true, _) => String::new(),
    };
    match walk.value(&question.key) {
        Some(answer) => {
            let words = question.words(&answer);
            spread.fact(&label, &words, theme.text, &note);
        }
        None if question.note.is_empty() => {
            let words = format!("{} choose one", glyphs.unknown);
            spread.fact(&label, &words, theme.unknown, "");
        }
        None => {
            let words = format!("{} {}", glyphs.unknown, question.note);
            spread.fact(&label, &words, theme.unknown, "");
        }
    }
}

/// A choice that the keys are on: everything that can be chosen.
fn open(wizard: &Wizard, question: &Question, all: &[Candidate], spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    let key = &question.key;
    let label = match question.note.is_empty() {
        true => label(wizard, question),
        false => format!("{}  {}", label(wizard, question), question.note),
    };
    spread.words(2, &label, theme.heading);
    let walk = wizard.walk();
    let shared = is_shared(wizard, key);
    if key.machine.is_some() && key.field.row().scope == Scope::Each {
        let mark = if shared { "(o)" } else { "( )" };
        let here = wizard.at == Spot::AsAll(key.clone());
        let words = format!("{mark} as for all machines");
        spread.spot(here, &words, theme.text);
    }
    let value = walk.value(key).filter(|_| !shared);
    if all.is_empty() {
        let words = match question.note.is_empty() {
            true => "Azure shows none here.".to_owned(),
            false => question.note.to_string(),
        };
        spread.toned(2, Tone::Unknown, &words);
    }
    let wide = all.iter().map(|c| columns(c.label.as_str())).max();
    let wide = wide.unwrap_or(0).min(NAME);
    for candidate in all {
        let chosen = matches!(&value, Some(Answer::Words(v)) if *v == candidate.value);
        let mark = match (&candidate.refused, chosen) {
            (Some(_), _) => "(-)",
            (None, true) => "(o)",
            (None, false) => "( )",
        };
        let here = wizard.at == Spot::Candidate(key.clone(), candidate.value.clone());
        candidate_line(here, mark, candidate, wide, spread);
    }
}

/// One candidate; the one under the keys is told whole.
fn candidate_line(here: bool, mark: &str, candidate: &Candidate, wide: usize, spread: &mut Spread) {
    let cut = spread.look().glyphs.cut;
    let (detail, style) = match &candidate.refused {
        Some(why) => (why, spread.look().theme.unknown),
        None => (&candidate.detail, spread.look().theme.text),
    };
    let name = column(candidate.label.as_str(), wide, cut);
    let words = format!("{mark} {name}  {detail}");
    let is_long = columns(&words) + 2 > spread.width();
    if here && is_long {
        spread.spot(here, &format!("{mark} {}", candidate.label), style);
        spread.words(6, detail.as_str(), style);
        spread.on_until_here();
    } else {
        spread.spot(here, &words, style);
    }
}

/// The machines to be marked.
fn machines(wizard: &Wizard, question: &Question, all: &[Candidate], spread: &mut Spread) {
    let walk = wizard.walk();
    let chosen = walk.machines();
    let is_chosen = |value: &Text| {
        let same = |id: &ArmId| id.as_str().eq_ignore_ascii_case(value.as_str());
        chosen.iter().any(|m| same(m.id()))
    };
    if all.is_empty() {
        let words =
            "No machine here can be chosen: nothing is protected, or it is still being read.";
        spread.toned(2, Tone::Unknown, words);
    }
    let wide = all.iter().map(|c| columns(c.label.as_str())).max();
    let wide = wide.unwrap_or(0).min(NAME);
    for candidate in all {
        let mark = match (&candidate.refused, is_chosen(&candidate.value)) {
            (Some(_), false) => "[-]",
            (_, true) => "[x]",
            (None, false) => "[ ]",
        };
        let spot = Spot::Candidate(question.key.clone(), candidate.value.clone());
        candidate_line(wizard.at == spot, mark, candidate, wide, spread);
    }
}

/// A line of text, or a number.
fn line(wizard: &Wizard, question: &Question, here: bool, spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    let cut = spread.look().glyphs.cut;
    let label_wide = LABEL.min(spread.width() / 2);
    let words = label(wizard, question);
    let label = column(&words, label_wide.saturating_sub(3), cut);
    let room = spread.width().saturating_sub(label_wide).clamp(4, 40);
    let shared = is_shared(wizard, &question.key);
    let note = match shared {
        true => "as for all".to_owned(),
        false => question.note.to_string(),
    };
    let (shown, at) = match wizard.typing.as_ref().filter(|_| here) {
        Some(typing) => typing.field.window(room.saturating_sub(1)),
        None => {
            let refused = wizard.refused.iter().find(|(of, ..)| *of == question.key);
            let text = refused.map(|(_, typed, _)| typed.clone());
            (text.unwrap_or_else(|| wizard.shown(&question.key)), 0)
        }
    };
    let lead = match here {
        true => spread.look().glyphs.cursor,
        false => " ",
    };
    if here {
        spread.on((label_wide + at) as u16);
    }
    let style = if here { theme.selected } else { theme.text };
    let value = match (here, shown.is_empty()) {
        (true, _) => column(&shown, room, cut),
        (false, true) => "-".to_owned(),
        (false, false) => fit(&shown, room, cut).into_owned(),
    };
    let rest = spread
        .width()
        .saturating_sub(label_wide + columns(&value) + 2);
    let note = match note.is_empty() {
        true => String::new(),
        false => format!("  {}", fit(&note, rest, cut)),
    };
    spread.lines.push(Line::from(vec![
        Span::styled(format!("{lead} {label} "), theme.text),
        Span::styled(value, style),
        Span::styled(note, theme.text),
    ]));
}

fn yes_no(wizard: &Wizard, question: &Question, here: bool, spread: &mut Spread) {
    let yes = wizard.walk().value(&question.key).and_then(|a| a.yes());
    let mark = if yes == Some(true) { "[x]" } else { "[ ]" };
    let words = format!(
        "{}{mark} {}",
        nested(wizard, &question.key),
        question.row().label
    );
    let style = spread.look().theme.text;
    spread.spot(here, &words, style);
}
