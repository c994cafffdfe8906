//! A run as plain lines, to be selected with the mouse: no frame, nothing side by side.

use super::{afterwards, ids, machine, whole};
use crate::ui::document::Document;
use crate::ui::model::Model;
use crate::ui::model::monitor::RunPage;

/// Most machines on the page; the rest is told by the command line.
const MOST: usize = 50;

/// The machine under the cursor, or the whole run, with every id.
pub(in crate::ui::view) fn plain(model: &Model, page: &RunPage, doc: &mut Document<'_>) {
    let Some(run) = model.monitor.run(&page.run) else {
        return;
    };
    doc.words(0, run.name(), doc.look().theme.title);
    let story = model.monitor.story(&page.run);
    let crew = story.and_then(|story| story.crew.as_ref());
    let one = page.spot(crew).machine(crew);
    if one.is_none() {
        whole::draw(model, run, doc);
    }
    let all = crew.map_or(&[][..], |crew| crew.machines.as_slice());
    let shown = match one {
        Some(one) => std::slice::from_ref(one),
        None => &all[..all.len().min(MOST)],
    };
    for of in shown {
        doc.section(of.name.as_str());
        doc.words(
            0,
            &format!("Way back: {}", of.way_back()),
            doc.look().theme.text,
        );
        if let Some(crew) = crew {
            afterwards::draw(model, crew, of, doc);
        }
        machine::draw(model, run, of, machine::Extent::Whole, doc);
        ids::facts(run, of, doc);
    }
    if one.is_none() && all.len() > MOST {
        let words = format!(
            "... and {} more machines: failback runs show {}",
            all.len() - MOST,
            run.id
        );
        doc.blank();
        doc.words(0, &words, doc.look().theme.text);
    }
}
