//! Pages on top of a wizard: help of the field that the keys are on, and one finding with all that
//! is known of it.

use crate::domain::citation;
use crate::ui::document::Document;
use crate::ui::model::Model;
use crate::ui::model::wizard::{Spot, pressing};
use crate::wizard::{Carrier, Kind};

/// Help of the field under the keys, then of the keys.
pub(in crate::ui::view) fn field(model: &Model, doc: &mut Document<'_>) -> String {
    let Some(wizard) = &model.wizard else {
        return String::new();
    };
    let style = doc.look().theme.text;
    let page = wizard.page();
    let question = wizard.at.key().and_then(|key| page.question(key));
    let title = match question {
        Some(question) => question.row().label.to_owned(),
        None => wizard.row().title.to_owned(),
    };
    match question {
        Some(question) => {
            let row = question.row();
            doc.words(0, row.help, style);
            if let Some(carrier) = row.carrier {
                let words = match carrier {
                    Carrier::ConfigurationServer | Carrier::VCenter => format!(
                        "Azure has no field for it: {} would carry it out, and this site has none. \
                         It is kept in the plan.",
                        carrier.words()
                    ),
                };
                doc.toned(0, crate::ui::look::Tone::Amber, &words);
            }
            doc.fact("Source", &format!("[{}]", row.source));
            doc.fact("Answers file", question.key.name().as_str());
            if let (Kind::Choice(all) | Kind::Machines(all), Spot::Candidate(_, value)) =
                (&question.kind, &wizard.at)
                && let Some(candidate) = all.iter().find(|c| c.value == *value)
            {
                doc.section(candidate.label.as_str());
                doc.words(0, candidate.detail.as_str(), style);
                if let Some(why) = &candidate.refused {
                    doc.words(0, &format!("It cannot be chosen: {why}"), style);
                }
                doc.fact("Id", candidate.value.as_str());
            }
        }
        None => doc.words(0, wizard.row().help, style),
    }
    super::super::help::draw(model, doc);
    title
}

/// One group of findings.
pub(in crate::ui::view) fn finding(model: &Model, group: usize, doc: &mut Document<'_>) -> String {
    let readied = model.wizard.as_ref().and_then(|wizard| wizard.readied());
    let Some(readied) = readied else {
        return String::new();
    };
    let groups = pressing(&readied.findings);
    let Some(findings) = groups.get(group) else {
        return String::new();
    };
    let plan = model.wizard.as_ref().and_then(|wizard| wizard.plan());
    let Some(first) = findings.first() else {
        return String::new();
    };
    let style = doc.look().theme.text;
    doc.toned(0, super::readiness::tone(first), first.words.as_str());
    for finding in findings {
        if let Some(plan) = &plan {
            doc.fact("About", plan.subject_names(&finding.subject).as_str());
        }
    }
    doc.fact("Wanted", first.row.title);
    doc.fact("What to do", first.what_to_do());
    doc.fact("Source", &citation::told(first.row.sources));
    if let Some(answer) = &first.answer {
        doc.section("ANSWERED");
        let at = crate::ui::clock::moment(answer.when, &model.settings.zone);
        doc.words(
            0,
            &format!("{} said {at}: {}", answer.who, answer.why),
            style,
        );
    }
    format!("{}: {}", first.row.id, first.row.title)
}
