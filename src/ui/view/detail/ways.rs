//! Where a machine can go from here: what is offered, its way back, and why the rest is not offered.

use crate::domain::{Class, Generation, Machine, Outcome, Place, Refusal, Situation, Text, Verb};
use crate::ui::action::{Action, Scope, TABLE};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::menu::action_of;

/// What can be done next, and what Azure lists beyond what this program knows.
pub(super) fn draw(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    let theme = &doc.look().theme;
    let situation = Situation::of(machine, &model.estate.jobs);
    if let Some((run, in_run)) = model.monitor.run_with(&machine.id) {
        let (tone, now) = crate::ui::view::run::words::now(model, run, in_run);
        let words = format!(
            "{} {}: {now} (2 Monitor)",
            tone.glyph(&doc.look().glyphs),
            run.name()
        );
        doc.fact_styled("In a run", &words, tone.style(theme));
        doc.fact("Way back", in_run.way_back());
    } else if let Some(words) = way_back(&situation) {
        doc.fact("Way back", words);
    }
    let offered = situation.offered();
    let words: Vec<String> = offered.iter().map(|verb| words(model, *verb)).collect();
    match words.as_slice() {
        [] => doc.fact(
            "Can be done next",
            "nothing: Azure offers no step that leads on",
        ),
        some => doc.fact_styled("Can be done next", &some.join(", "), theme.title),
    }
    if let Some(why) = model.stopped(Verb::Protect, &machine.id) {
        let words = format!("DUP-02 stops Protect: {why}. Put it right first: REGISTRATIONS.");
        doc.toned(0, Tone::Bad, &words);
    }
    if !machine.next.unknown.is_empty() {
        let names: Vec<&str> = machine.next.unknown.iter().map(Text::as_str).collect();
        let words = format!(
            "{} (Azure lists it; this program does not know it)",
            names.join(", ")
        );
        doc.fact_styled("Not offered here", &words, theme.unknown);
    }
    if let Some(running) = &machine.running {
        let since = running
            .since
            .map(|at| format!(" since {}", clock::moment(at, &model.settings.zone)));
        let words = format!("{}{}", running.scenario, since.unwrap_or_default());
        doc.fact_styled("Running now", &words, theme.busy);
    }
    if !machine.test_failover.is_empty() {
        doc.fact("Test failover", machine.test_failover.as_str());
    }
    hyper_v(model, &situation, doc);
}

/// A verb, with the key that runs it here; the rest runs by the menu.
fn words(model: &Model, verb: Verb) -> String {
    let key = |action: Action| {
        let mut rows = TABLE.iter().filter(|row| row.scope == Scope::Detail);
        let row = rows.find(|row| row.action == action)?;
        row.keys.first().map(ToString::to_string)
    };
    match action_of(verb).and_then(key) {
        Some(key) if !model.settings.is_read_only() => format!("{} ({key})", verb.words()),
        _ => verb.words().into(),
    }
}

/// What leads back from where a machine stands after a failover; `None` where it went nowhere.
fn way_back(situation: &Situation<'_>) -> Option<&'static str> {
    let machine = situation.machine;
    let is_pending = machine.commit_pending();
    if situation.waiting_failback().is_some() {
        return Some("none: data synchronisation began; never cancel its job [003]");
    }
    match (&machine.place, machine.provider().generation()) {
        _ if machine.next.offers(Verb::Cancel) => {
            Some("Cancel failover, until commit; what was written at home is then lost [004]")
        }
        _ if !is_pending => None,
        (Place::Azure, Some(Generation::HyperV)) => {
            Some("another recovery point, until commit; then Fail back brings it home")
        }
        (Place::Azure, Some(_)) => {
            Some("another recovery point, until commit; Protect, then Fail back bring it home")
        }
        (Place::OnPremises, Some(_)) => {
            Some("none: commit, then Protect to Azure and Fail over to Azure lead back")
        }
        _ => None,
    }
}

/// A month in seconds: after that a full download is faster \[003\].
const MONTH: i64 = 30 * 86_400;

/// What Hyper-V alone has: no protection home, two ways to synchronise, a job that waits.
fn hyper_v(model: &Model, situation: &Situation<'_>, doc: &mut Document<'_>) {
    let machine = situation.machine;
    if machine.class != Class::HyperV || machine.place != Place::Azure {
        return;
    }
    if let Some(job) = situation.waiting_failback() {
        let words = "Its data is home: Complete failover stops Azure's VM, sends what changed last, \
                     and starts the machine at home.";
        doc.toned(0, Tone::Amber, words);
        doc.fact("Waiting job", job.name.as_str());
        return;
    }
    let cancelled = |job: &&crate::domain::Job| {
        let is = job
            .scenario
            .as_str()
            .eq_ignore_ascii_case("PlannedFailover");
        is && machine.is_target_of(job) && job.outcome() == Outcome::Cancelled
    };
    let is_cancelled = model.estate.jobs.iter().find(cancelled).is_some_and(|job| {
        let later = model
            .estate
            .jobs
            .iter()
            .filter(|other| machine.is_target_of(other) && other.start > job.start);
        later.count() == 0
    });
    if is_cancelled {
        let words = "Its last failback was cancelled: do not boot the machine at home, it may be \
                     corrupt. Fail back again. [003]";
        doc.toned(0, Tone::Bad, words);
    }
    if !machine.next.offers(Verb::FailBack) {
        return;
    }
    doc.fact(
        "Way home",
        "needs no protection first: Fail back synchronises, then starts it at home [003]",
    );
    let now = model
        .estate
        .parts
        .iter()
        .filter_map(|part| part.read_at)
        .max();
    let away = now.zip(machine.last_failover);
    let away = away.map(|(now, since)| clock::between(since, now));
    let words = match away {
        Some(seconds) if seconds >= MONTH => {
            "in Azure for a month or more: a full download is advised, also where the VM at home was \
             deleted [003]"
        }
        Some(0..) => {
            "before the failover is advised: short downtime; a full download only where the VM at home \
             was deleted [003]"
        }
        _ => {
            "before the failover for short downtime; a full download after a month in Azure, or where \
             the VM at home was deleted [003]"
        }
    };
    doc.fact("Synchronisation", words);
}

/// What is not offered now, with the reason and the way on.
pub(super) fn not_now(model: &Model, machine: &Machine, doc: &mut Document<'_>) {
    let refused = Situation::of(machine, &model.estate.jobs).refused();
    // What says the same of several actions is said once.
    let mut groups: Vec<(Refusal, Vec<&str>)> = Vec::new();
    for (verb, refusal) in refused {
        match groups.iter_mut().find(|(known, _)| *known == refusal) {
            Some((_, verbs)) => verbs.push(verb.words()),
            None => groups.push((refusal, vec![verb.words()])),
        }
    }
    if groups.is_empty() {
        return;
    }
    doc.section("NOT OFFERED NOW");
    let style = doc.look().theme.text;
    for (refusal, verbs) in groups {
        let source = refusal.source.replace(['[', ']'], "");
        let words = format!(
            "{}: {} {} [{source}]",
            verbs.join(", "),
            refusal.why,
            refusal.instead
        );
        doc.words(0, &words, style);
    }
}
