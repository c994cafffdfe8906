//! The pages that lie on top of a screen, as titles and lines.

use super::frame::Page;
use super::{banner, detail, help, identities, infrastructure, job, run, wizard};
use crate::domain::{Machine, Text};
use crate::site::PartState;
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::{Look, Theme};
use crate::ui::model::{JobView, Model, Opened, Overlay, Screen};
use ratatui::text::Line;

/// The page that `overlay` is, `width` columns wide.
pub(super) fn page(model: &Model, overlay: &Overlay, width: u16) -> Page {
    let mut doc = Document::new(&model.settings.look, width);
    let title = match overlay {
        Overlay::Help { .. } => {
            help::draw(model, &mut doc);
            "Help".to_owned()
        }
        Overlay::FieldHelp { .. } => wizard::field_help(model, &mut doc),
        Overlay::Finding { group, .. } => wizard::finding_page(model, *group, &mut doc),
        Overlay::Sources { .. } => {
            sources(model, &mut doc);
            "What was read".to_owned()
        }
        Overlay::Job(view) => {
            looked_at(model, view, &mut doc);
            format!("{}: {}", view.job.title, view.job.target_name)
        }
        Overlay::Server {
            fabric, component, ..
        } => infrastructure::server(model, fabric, component.as_ref(), &mut doc),
        Overlay::Failure { title, failure, .. } => {
            doc.failure(0, failure);
            title.clone()
        }
        Overlay::RunMachine { run, machine, .. } => {
            run::machine_page(model, run, machine, &mut doc)
        }
        Overlay::Plain { .. }
        | Overlay::Menu(_)
        | Overlay::Pick(_)
        | Overlay::Palette(_)
        | Overlay::State(_)
        | Overlay::Hand(_)
        | Overlay::Record(_)
        | Overlay::Drafts(_)
        | Overlay::Question(_)
        | Overlay::History(_)
        | Overlay::Launch(_)
        | Overlay::Stop(_) => String::new(),
    };
    (title, doc.lines)
}

fn looked_at(model: &Model, view: &JobView, doc: &mut Document<'_>) {
    use crate::ui::look::{Tone, outcome};
    let stamp = |at| clock::moment(at, &model.settings.zone);
    let job = &view.job;
    doc.toned(0, outcome(&job.outcome()), &job::state_words(job));
    doc.fact("Job", job.name.as_str());
    doc.fact("Started", &job.start.map_or("not told".into(), stamp));
    doc.fact("Ended", &job.end.map_or("not yet".into(), stamp));
    if !job.activity_id.is_empty() {
        doc.fact("Activity id", job.activity_id.as_str());
    }
    doc.section("TASKS");
    match &view.read {
        None => doc.toned(0, Tone::Busy, "Reading the job..."),
        Some(Err(failure)) => doc.failure(0, failure),
        Some(Ok(())) => job::draw(model, job, doc),
    }
    job::allowed(model, job, doc);
}

/// Each part of the estate: how it stands, the service's time of it, and why it is not known.
fn sources(model: &Model, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    if model.estate.parts.is_empty() {
        doc.words(0, "Nothing was read yet.", style);
    }
    for part in &model.estate.parts {
        let (words, tone) = banner::sentence(&part.state);
        let as_of = part
            .read_at
            .map(|at| format!(", as of {}", clock::moment(at, &model.settings.zone)));
        let as_of = as_of.unwrap_or_default();
        match &part.state {
            PartState::Failed(failure) => {
                let shown = if as_of.is_empty() {
                    "; nothing of it is shown".into()
                } else {
                    format!("; what is shown is older{as_of}")
                };
                doc.toned(
                    0,
                    tone,
                    &format!("{}: could not be read{shown}", part.name.words()),
                );
                doc.failure(2, failure);
            }
            _ => doc.toned(0, tone, &format!("{}: {words}{as_of}", part.name.words())),
        }
    }
    if !model.estate.vault_problems.is_empty() {
        doc.section("THE VAULT COMPLAINS");
        model
            .estate
            .vault_problems
            .iter()
            .for_each(|problem| doc.problem(0, problem));
    }
    let known = model.identities.known();
    let lost = model.identities.troubles();
    if known.blocked().len() > 0 || model.identities.failure.is_some() || !lost.is_empty() {
        doc.section("WHO IS WHO");
        for why in &lost {
            doc.toned(0, crate::ui::look::Tone::Amber, why.as_str());
        }
        if let Some(failure) = &model.identities.failure {
            doc.failure(0, failure);
        }
        for own in known.blocked() {
            let (name, vm) = (&own.group.subject.name, identities::vm(own));
            let words = format!("{name}, VM {vm}: {}", own.judged.verdict.word());
            doc.toned(0, identities::tone(own), &words);
            for why in &own.judged.why {
                doc.words(2, why.as_str(), style);
            }
        }
    }
    if !model.monitor.troubles.is_empty() {
        doc.section("PLANS AND RUNS ON DISK");
        model
            .monitor
            .troubles
            .iter()
            .for_each(|trouble| doc.failure(0, trouble));
    }
    doc.blank();
    doc.words(0, "Times are the service's own, shown in this zone.", style);
}

/// Names and ids of a machine, labelled.
pub(super) fn id_facts(machine: &Machine, opened: &Opened) -> Vec<(&'static str, String)> {
    let safe = |raw: &str| Text::from(raw).to_string();
    let mut facts = vec![("Protected item", safe(machine.id.as_str()))];
    if let Some(vm) = &machine.azure_vm {
        facts.push(("Azure VM", safe(vm.as_str())));
    }
    let known = [
        ("Group id", &machine.group_id),
        ("Event correlation", &machine.event_correlation_id),
    ];
    let told = known.iter().filter(|(_, text)| !text.is_empty());
    facts.extend(told.map(|(label, text)| (*label, text.to_string())));
    if let Some(Ok(detail)) = &opened.read {
        facts.extend(
            detail
                .facts
                .iter()
                .map(|(label, text)| (*label, text.to_string())),
        );
        if !detail.agent_version.is_empty() {
            facts.push(("Agent version", detail.agent_version.to_string()));
        }
    }
    facts
}

/// The open machine's names and ids, for the clipboard.
#[must_use]
pub fn detail_ids(model: &Model) -> Option<String> {
    let opened = model.opened.as_ref()?;
    let machine = model.estate.machine(&opened.id)?;
    let mut lines = vec![format!("Machine: {}", machine.name)];
    let facts = id_facts(machine, opened);
    lines.extend(
        facts
            .iter()
            .map(|(label, value)| format!("{label}: {value}")),
    );
    Some(lines.join("\n"))
}

/// The open machine, or the open run, as plain lines: no frame, no colour, nothing side by side.
pub(super) fn plain(model: &Model, width: u16) -> Vec<Line<'static>> {
    let look = Look::new(Theme::mono(), model.settings.look.glyphs);
    let mut doc = Document::plain(&look, width);
    if model.screen == Screen::Monitor {
        if let Some(page) = &model.monitor.page {
            run::plain(model, page, &mut doc);
        }
    } else if let Some(opened) = &model.opened
        && let Some(machine) = model.estate.machine(&opened.id)
    {
        detail::whole(model, opened, machine, &mut doc);
    }
    doc.blank();
    doc.words(0, "(q or Esc closes this page)", look.theme.text);
    doc.lines
}
