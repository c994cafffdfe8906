//! A run as a whole: who launched it, what was asked of it, what it remarked.

use super::words;
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::RunView;

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
    doc.fact("Launched", &clock::moment(story.begun, zone));
    doc.fact("By", &story.by.to_string());
    doc.fact("Last record", &clock::moment(story.last, zone));
    doc.fact("Run", run.id.as_str());
    doc.fact("Carried out by", story.program.as_str());
    let cancel = "none for classic VMware: a fail back that was sent goes on to its end. P pauses \
                  the run, X stops it; neither cancels anything in Azure.";
    if run.closing().is_none() {
        doc.fact("Cancel", cancel);
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
