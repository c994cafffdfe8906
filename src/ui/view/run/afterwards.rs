//! What has to be looked at on a machine that is where it was brought: what is known, what to look
//! at, the commands. This program does none of it; the commands go to the clipboard with the ids.

use crate::domain::run::MachineRun;
use crate::readiness::aftermath::{Does, Errand, aftermath};
use crate::ui::document::{Document, broken};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::Crew;
use ratatui::text::Line;

/// What is to be looked at on a machine; nothing while it is under way, or did not get there.
pub(super) fn errands(model: &Model, crew: &Crew, machine: &MachineRun) -> Vec<Errand> {
    let known = model.estate.machine(&machine.id);
    match (&crew.plan, known) {
        (Some(plan), Some(known)) if machine.has_arrived() => aftermath(plan.intent(), known),
        _ => Vec::new(),
    }
}

/// That there is something to look at, below a machine's steps.
pub(super) fn hint(model: &Model, crew: &Crew, machine: &MachineRun, doc: &mut Document<'_>) {
    let count = errands(model, crew, machine).len();
    if count > 0 {
        let plural = if count == 1 { "" } else { "s" };
        let words = format!("{count} thing{plural} to look at afterwards: Enter lists them");
        doc.toned(0, Tone::Amber, &words);
    }
}

/// All of it.
pub(super) fn draw(model: &Model, crew: &Crew, machine: &MachineRun, doc: &mut Document<'_>) {
    let errands = errands(model, crew, machine);
    if errands.is_empty() {
        return;
    }
    doc.section("AFTERWARDS: TO BE LOOKED AT (c COPIES THE COMMANDS)");
    for errand in &errands {
        let title = format!("{} {}", errand.code, errand.title);
        doc.toned(0, Tone::Amber, &title);
        doc.words(
            2,
            &format!("Known: {}.", errand.known),
            doc.look().theme.text,
        );
        let source = errand.sources.join(", ");
        let words = format!("Look: {} [{source}]", errand.look);
        doc.words(2, &words, doc.look().theme.text);
        for command in &errand.commands {
            let does = match command.does {
                Does::Look => "look",
                Does::Repair => "repair",
            };
            let words = format!("To {does}, {} ({}):", command.at, command.shell.word());
            doc.words(2, &words, doc.look().theme.text);
            let quote = doc.look().theme.quote;
            for line in broken(&command.line, doc.width().saturating_sub(4)) {
                doc.line(Line::styled(format!("    {line}"), quote));
            }
        }
    }
    doc.section("STEPS");
}

/// The commands with what they are for, for the clipboard.
pub(super) fn commands(model: &Model, crew: &Crew, machine: &MachineRun) -> Vec<String> {
    let mut lines = Vec::new();
    for errand in errands(model, crew, machine) {
        lines.push(format!(
            "# {} {}: {}",
            errand.code, errand.title, errand.look
        ));
        for command in errand.commands {
            lines.push(format!("# {}, {}", command.at, command.shell.word()));
            lines.push(command.line);
        }
    }
    lines
}
