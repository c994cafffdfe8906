//! What must be known before it is launched, machine by machine: what goes, what cannot be taken
//! back, who stays behind of a replication group.

use std::sync::Arc;

use crate::domain::caution::cautions_of;
use crate::domain::{Intent, Machine, Plan};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::Readied;

/// Most names in one sentence.
const MOST_NAMES: usize = 8;

/// Machines about which the same is to be known stand together.
pub(super) fn before(model: &Model, plan: &Plan, readied: &Readied, doc: &mut Document<'_>) {
    let mut groups: Vec<(Vec<&'static str>, Vec<String>)> = Vec::new();
    for machine in &readied.machines {
        let said = cautions_of(plan.intent(), machine);
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, names)) => names.push(machine.name.to_string()),
            None => groups.push((said, vec![machine.name.to_string()])),
        }
    }
    groups.retain(|(said, _)| !said.is_empty());
    if groups.is_empty() {
        return;
    }
    doc.section("KNOW THIS FIRST");
    let several = readied.machines.len() > 1;
    for (said, names) in &groups {
        if several {
            let more = names.len().saturating_sub(MOST_NAMES);
            let mut all = names[..names.len() - more].join(", ");
            if more > 0 {
                all.push_str(&format!(" and {more} more"));
            }
            doc.words(0, &all, doc.look().theme.title);
        }
        for words in said {
            doc.toned(0, Tone::Amber, words);
        }
    }
    mates(model, plan, &readied.machines, doc);
}

/// Those of a replication group that do not go along, and that per-item calls give each its own
/// point.
fn mates(model: &Model, plan: &Plan, machines: &[Arc<Machine>], doc: &mut Document<'_>) {
    let going = plan.machines();
    let mut told: Vec<&str> = Vec::new();
    for machine in machines {
        let group = machine.group_id.as_str();
        if group.is_empty() || told.iter().any(|known| known.eq_ignore_ascii_case(group)) {
            continue;
        }
        told.push(group);
        let same = |m: &&Arc<Machine>| {
            m.group_id.as_str().eq_ignore_ascii_case(group)
                && m.id.up_to("vaults") == machine.id.up_to("vaults")
        };
        let all: Vec<_> = model.estate.machines.iter().filter(same).collect();
        if all.len() < 2 {
            continue;
        }
        let behind = all.iter().filter(|m| !going.contains(&&m.id));
        let behind: Vec<String> = behind
            .map(|m| m.name.to_string())
            .take(MOST_NAMES)
            .collect();
        if !behind.is_empty() {
            let does = if behind.len() == 1 { "does" } else { "do" };
            let words = format!(
                "{} shares a replication group with {}, which {does} not go along.",
                machine.name,
                behind.join(", ")
            );
            doc.toned(0, Tone::Amber, &words);
        }
        if takes_points(plan.intent()) {
            doc.toned(0, Tone::Amber, OWN_POINT);
        }
    }
}

const OWN_POINT: &str = "Each machine of the group goes to a point of its own: a common one exists only through a \
     recovery plan's own failover in Azure. [001]";

fn takes_points(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::FailBack(_)
            | Intent::FailOver(_)
            | Intent::ChangePoint(_)
            | Intent::TestFailover(_)
    )
}
