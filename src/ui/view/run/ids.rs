//! What support asks for: vault, item, job, request, correlation and activity ids.

use super::afterwards;
use crate::domain::Text;
use crate::domain::run::{MachineRun, StepRun};
use crate::ui::document::Document;
use crate::ui::model::Model;
use crate::ui::model::monitor::RunView;

/// Most machines whose ids go to the clipboard at once: it takes some tens of kilobytes.
const MOST: usize = 60;

/// The ids of one machine, labelled.
fn of_machine(machine: &MachineRun) -> Vec<(String, String)> {
    let safe = |raw: &str| Text::from(raw).to_string();
    let vault = machine.id.segment("vaults").unwrap_or("not told");
    let mut facts = vec![
        ("Vault".to_owned(), safe(vault)),
        ("Protected item".to_owned(), safe(machine.id.as_str())),
    ];
    for step in &machine.steps {
        let ids = of_step(step);
        let label = step.kind.words();
        facts.extend(
            ids.into_iter()
                .map(|(what, id)| (format!("{label}: {what}"), id)),
        );
    }
    facts
}

fn of_step(step: &StepRun) -> Vec<(&'static str, String)> {
    let mut ids = Vec::new();
    ids.extend(step.request().map(|id| ("request id", id.to_string())));
    ids.extend(step.job_id.as_ref().map(|id| ("job", id.to_string())));
    let activity = step.job.as_ref().map(|job| &job.activity_id);
    let told = [
        ("correlation id", Some(&step.correlation)),
        ("activity id", activity),
        ("activity id", step.failure.as_ref().map(|f| &f.activity_id)),
    ];
    let told = told
        .into_iter()
        .filter_map(|(what, id)| Some((what, id?)))
        .filter(|(_, id)| !id.is_empty());
    ids.extend(told.map(|(what, id)| (what, id.to_string())));
    ids.dedup();
    ids
}

/// The ids as a page shows them.
pub(super) fn facts(run: &RunView, machine: &MachineRun, doc: &mut Document<'_>) {
    doc.section("IDS, FOR SUPPORT");
    doc.fact("Run", run.id.as_str());
    let style = doc.look().theme.text;
    for (label, value) in of_machine(machine) {
        doc.words(0, &format!("{label}: {value}"), style);
    }
}

/// The ids of the machine under the cursor, or on top; else those of the whole run.
#[must_use]
pub fn run_ids(model: &Model) -> Option<String> {
    use crate::ui::model::Overlay;
    let run = match model.overlays.last() {
        Some(Overlay::RunMachine { run, .. }) => model.monitor.run(run)?,
        _ => model.monitor.subject()?,
    };
    let story = model.monitor.story(&run.id)?;
    let crew = story.crew.as_ref();
    let one = match (model.overlays.last(), &model.monitor.page) {
        (Some(Overlay::RunMachine { machine, .. }), _) => crew?.find(machine),
        (_, Some(page)) => page.spot(crew).machine(crew).map(AsRef::as_ref),
        _ => None,
    };
    let mut lines = vec![
        format!("Run: {}", run.id),
        format!("Plan: {}", story.name),
        format!("Launched: {} by {}", story.begun, story.by),
    ];
    let mut tell = |machine: &MachineRun| {
        lines.push(format!("Machine: {}", machine.name));
        let facts = of_machine(machine).into_iter();
        lines.extend(facts.map(|(label, value)| format!("{label}: {value}")));
    };
    match (one, crew) {
        (Some(machine), _) => {
            tell(machine);
            lines.extend(
                crew.into_iter()
                    .flat_map(|crew| afterwards::commands(model, crew, machine)),
            );
        }
        (None, Some(crew)) => crew.machines.iter().take(MOST).for_each(|m| tell(m)),
        (None, None) => {}
    }
    let count = crew.map_or(0, |crew| crew.machines.len());
    if one.is_none() && count > MOST {
        lines.push(format!("... and {} more machines", count - MOST));
    }
    Some(lines.join("\n"))
}
