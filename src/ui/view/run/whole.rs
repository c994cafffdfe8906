//! A run as a whole: who launched it, what was asked of it, what it remarked.

use super::{afterwards, left, window, words};
use crate::domain::{Generation, StepKind};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Crew, RunView};

/// What can be cancelled, of the generations that are in the run.
fn cancel(crew: Option<&Crew>) -> String {
    let has = |kind: StepKind, generation: Option<Generation>| {
        let machines = crew.map_or(&[][..], |crew| &crew.machines);
        machines
            .iter()
            .any(|of| of.generation == generation && of.step(kind).is_some())
    };
    let mut words = String::new();
    if has(StepKind::FailBack, Some(Generation::Classic)) || has(StepKind::FailBack, None) {
        words.push_str("none for classic VMware: a fail back that was sent goes on to its end. ");
    }
    if has(StepKind::FailBack, Some(Generation::Modernised)) {
        words.push_str(
            "A modernised failback is taken back by Cancel failover, until its commit; what was \
             written at home is then lost. ",
        );
    }
    if [
        StepKind::Synchronise,
        StepKind::FailBack,
        StepKind::Complete,
    ]
    .iter()
    .any(|kind| has(*kind, Some(Generation::HyperV)))
    {
        words.push_str(
            "Never cancel the job of a Hyper-V failback: the machine at home becomes corrupt. ",
        );
    }
    let forward = crew.is_some_and(|crew| {
        let mut all = crew.machines.iter();
        all.any(|of| of.step(StepKind::FailOver).is_some())
    });
    if forward {
        words.push_str("Never cancel a failover to Azure: its replication was stopped for it. ");
    }
    words.push_str("P pauses the run, X stops it; neither cancels anything in Azure.");
    words
}

pub(super) fn draw(model: &Model, run: &RunView, doc: &mut Document<'_>) {
    words::notes(model, run, doc);
    let Some(story) = &run.story else {
        return;
    };
    let zone = &model.settings.zone;
    let asked = story.questions.iter().filter(|_| run.live);
    for question in asked.filter(|question| question.machine.is_none()) {
        doc.toned(0, Tone::Amber, &format!("{} (a answers)", question.words));
    }
    window::all(model, run, doc);
    left::draw(model, run, doc);
    doc.fact("Launched", &clock::moment(story.begun, zone));
    doc.fact("By", &story.by.to_string());
    doc.fact("Last record", &clock::moment(story.last, zone));
    doc.fact("Run", run.id.as_str());
    doc.fact("Carried out by", story.program.as_str());
    let crew = story.crew.as_ref();
    if run.closing().is_none() {
        doc.fact("Cancel", &cancel(crew));
    }
    let waits = crew.map_or(0, |crew| {
        let all = crew.machines.iter();
        all.filter(|of| !afterwards::errands(model, crew, of).is_empty())
            .count()
    });
    if waits > 0 {
        let plural = if waits == 1 { "" } else { "s" };
        let words = format!(
            "{waits} machine{plural} to look at: Enter on each lists what is known, what to look at, \
             and the commands."
        );
        doc.fact("Afterwards", &words);
    }
    if !story.heard.is_empty() {
        doc.section("ASKED AND ANSWERED");
        for heard in story.heard.iter().rev() {
            let at = clock::seconds(heard.at, zone);
            let what = words::request(&heard.request);
            let (tone, became) = match &heard.refused {
                None => (Tone::Plain, String::new()),
                Some(why) => (Tone::Amber, format!("; refused: {why}")),
            };
            let words = format!("{at}  {} by {}{became}", what, heard.by);
            doc.toned(0, tone, &words);
        }
    }
    if !story.remarks.is_empty() {
        doc.section("REMARKS");
        let style = doc.look().theme.text;
        for (at, remark) in story.remarks.iter().rev() {
            doc.words(
                0,
                &format!("{}  {remark}", clock::seconds(*at, zone)),
                style,
            );
        }
    }
}
