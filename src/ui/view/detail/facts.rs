//! What the list knows of the machine: names, state, what comes next, problems, jobs, ids.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::ways;
use crate::domain::text::column;
use crate::domain::{Job, Machine, Place, Text, Verb};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::{self, Tone};
use crate::ui::model::{Model, Opened};
use crate::ui::view::identities::{self, Told};
use crate::ui::view::machines::rpo;

/// A label, what it says, and how it looks.
type Fact = (&'static str, String, Style);

pub(super) fn draw(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    let look = doc.look();
    let theme = &look.theme;
    let stamp = |at| clock::moment(at, &model.settings.zone);
    doc.line(Line::styled(machine.name.to_string(), theme.title));

    let state = look::machine(machine);
    let is_stopped = model.stopped(Verb::Protect, &machine.id).is_some();
    let (health, health_words) = match is_stopped {
        true => (Tone::Bad, "who is who?".to_owned()),
        false => {
            let tone = look::health_with(&machine.health, &machine.problems);
            (tone, machine.health.word().to_owned())
        }
    };
    let toned = |tone: Tone, words: &str| match tone {
        Tone::Plain => words.to_owned(),
        _ => format!("{} {words}", tone.glyph(&look.glyphs)),
    };
    let azure = match (&machine.azure_vm, machine.azure_name()) {
        (_, Some(name)) => name.to_string(),
        (Some(_), None) => machine.name.to_string(),
        (None, None) => "not told by Azure".into(),
    };
    let (place, place_style) = match &machine.place {
        Place::Unknown(why) => (
            toned(Tone::Unknown, &format!("unknown: {why}")),
            theme.unknown,
        ),
        known => (known.word().to_owned(), theme.text),
    };
    let or = |text: &Text, otherwise: &str| {
        if text.is_empty() {
            otherwise.to_owned()
        } else {
            text.to_string()
        }
    };
    let group = group(model, machine);
    let facts: Vec<Fact> = vec![
        ("On-premises", machine.name.to_string(), theme.text),
        ("In Azure", azure, theme.text),
        (
            "State",
            toned(state, &machine.state_words()),
            state.style(theme),
        ),
        ("Runs", place, place_style),
        ("Health", toned(health, &health_words), health.style(theme)),
        ("Data at risk", at_risk(machine), theme.text),
        ("Provider", machine.provider().word().to_owned(), theme.text),
        ("System", or(&machine.os, "not told"), theme.text),
        ("Address", or(&machine.address, "not told"), theme.text),
        ("Policy", or(&machine.policy, "none"), theme.text),
        (
            "Last failover",
            machine.last_failover.map_or("none known".into(), stamp),
            theme.text,
        ),
        ("Group", group, theme.text),
    ];
    pairs(&facts, doc);
    ways::draw(model, machine, doc);
}

fn at_risk(machine: &Machine) -> String {
    match machine.rpo_seconds {
        Some(_) => format!("{} (RPO)", rpo(machine.rpo_seconds)),
        None => "not told by this provider".into(),
    }
}

/// Two facts a line where there is room: the two names stand side by side.
fn pairs(facts: &[Fact], doc: &mut Document<'_>) {
    let width = doc.width();
    if width < 70 || doc.is_plain() {
        for (label, value, style) in facts {
            doc.fact_styled(label, value, *style);
        }
        return;
    }
    let cut = doc.look().glyphs.cut;
    let text = doc.look().theme.text;
    let half = width / 2;
    let cell = |(label, value, style): &Fact| {
        [
            Span::styled(column(label, 14, cut), text),
            Span::styled(column(value, half - 15, cut), *style),
            Span::raw(" "),
        ]
    };
    for pair in facts.chunks(2) {
        doc.line(Line::from_iter(pair.iter().flat_map(cell)));
    }
}

pub(super) fn problems(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    if machine.problems.is_empty() {
        return;
    }
    doc.section(&format!("PROBLEMS {}", machine.problems.len()));
    let mut problems: Vec<_> = machine.problems.iter().collect();
    problems.sort_by_key(|problem| problem.level);
    for problem in problems {
        doc.problem(0, problem);
        if let Some(since) = problem.since {
            let words = format!("Since: {}", clock::moment(since, &model.settings.zone));
            let style = doc.look().theme.text;
            doc.words(2, &words, style);
        }
    }
}

/// Who is who, of a classic machine in Azure.
pub(super) fn identity(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    let Some(own) = model.identities.known().of_machine(&machine.id) else {
        return;
    };
    if own.judged.verdict == crate::domain::identity::Verdict::NotApplicable {
        return;
    }
    doc.section("REGISTRATIONS");
    let words = format!(
        "{}: host {}, VM {}",
        identities::word(own),
        own.group.subject.name,
        identities::vm(own)
    );
    doc.toned(0, identities::tone(own), &words);
    let style = doc.look().theme.text;
    let width = doc.width();
    let put = |told: Told, doc: &mut Document<'_>| match told {
        Told::Words(indent, Tone::Plain, words) => doc.words(indent, &words, style),
        Told::Words(indent, tone, words) => doc.toned(indent, tone, &words),
        Told::Row(indent, cells) => doc.line(Told::line(indent, cells, doc.look())),
    };
    for told in identities::why(model, own) {
        put(told, doc);
    }
    match model.identities.under_way(&machine.id) {
        Some(under_way) => {
            let words = identities::under_way(model, under_way);
            doc.toned(2, Tone::Busy, &format!("{words}."));
            doc.words(4, "X stops waiting.", style);
        }
        None => doc.words(2, identities::READ_IT, doc.look().theme.key),
    }
    for told in identities::grounds(model, own, width) {
        put(told, doc);
    }
}

/// How many machines share the replication group.
pub(super) fn mates(model: &Model, machine: &Machine) -> usize {
    if machine.group_id.is_empty() {
        return 0;
    }
    let same = |other: &&std::sync::Arc<Machine>| {
        let ids = (machine.group_id.as_str(), other.group_id.as_str());
        other.id != machine.id && ids.0.eq_ignore_ascii_case(ids.1)
    };
    model.estate.machines.iter().filter(same).count()
}

/// The replication group: a group id counts only where a second machine has it (asr-rest.md 13).
fn group(model: &Model, machine: &Machine) -> String {
    if machine.group_id.is_empty() {
        return "none".into();
    }
    let mates = mates(model, machine);
    let name = if machine.group_name.is_empty() {
        &machine.group_id
    } else {
        &machine.group_name
    };
    match mates {
        0 => "none: its group id is its own alone".into(),
        n => format!("{name}, with {n} more"),
    }
}

pub(super) fn jobs(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    let jobs: Vec<&Job> = model
        .estate
        .jobs
        .iter()
        .filter(|job| machine.is_target_of(job))
        .collect();
    doc.section(&format!("JOBS {}", jobs.len()));
    if jobs.is_empty() {
        let known = matches!(
            model
                .estate
                .part(crate::site::PartName::Jobs)
                .map(|part| &part.state),
            Some(crate::site::PartState::Read)
        );
        let words = if known {
            "none among the recent jobs"
        } else {
            "the jobs are not known; e says why"
        };
        let style = doc.look().theme.text;
        doc.words(0, words, style);
        return;
    }
    for job in jobs {
        let tone = look::outcome(&job.outcome());
        let when = job.start.map(|at| clock::moment(at, &model.settings.zone));
        let words = format!(
            "{}  {}  {}",
            job.title,
            super::super::job::state_words(job),
            when.unwrap_or_default()
        );
        doc.toned(0, tone, &words);
    }
}

pub(super) fn ids(machine: &Machine, opened: &Opened, doc: &mut Document<'_>) {
    doc.section("IDS");
    for (label, value) in crate::ui::view::pages::id_facts(machine, opened) {
        doc.fact(label, &value);
    }
}
