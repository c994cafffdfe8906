//! The machines' step: system, plan, machines, and which of them cannot be chosen.

use std::collections::HashMap;

use super::Asked;
use crate::domain::offers::{Offered, System};
use crate::domain::plan::Intent;
use crate::domain::{
    Answer, ArmId, Class, Machine, Place, Provider, Stage, Text, Verb, WizardKind,
};
use crate::wizard::field::Field;
use crate::wizard::question::{Candidate, Key, Kind};
use crate::wizard::walk::Walk;

/// A master target takes machines of its own kind of system; the other generations take any.
fn is_classic(offered: &Offered) -> bool {
    offered.machine.provider() == Provider::Classic
}

/// Asked only where classic machines of both kinds could go home.
pub(super) fn system(walk: &Walk<'_>) -> Option<Asked> {
    let free =
        |offered: &&Offered| is_classic(offered) && refused(walk.wizard(), offered).is_none();
    let mut systems: Vec<System> = walk
        .offers
        .machines
        .iter()
        .filter(free)
        .map(Offered::system)
        .filter(|system| *system != System::Unknown)
        .collect();
    systems.sort();
    systems.dedup();
    if systems.len() < 2 {
        return None;
    }
    let candidate = |system: System| Candidate {
        value: system.word().into(),
        label: system.word().into(),
        ..Candidate::default()
    };
    let kind = Kind::Choice(systems.into_iter().map(candidate).collect());
    let chosen = walk.given(&Key::plan(Field::Machines));
    let of_chosen = chosen_ids(chosen);
    let of_chosen = of_chosen.iter().filter_map(|id| walk.offers.machine(id));
    let mut of_chosen = of_chosen.filter(|o| is_classic(o)).map(Offered::system);
    let default = of_chosen.next().unwrap_or(System::Windows);
    Some(Asked::new(kind).default(Text::from(default.word())))
}

fn chosen_ids(answer: Option<&Answer>) -> Vec<ArmId> {
    match answer {
        Some(Answer::List(list)) => {
            let ids = list.iter().map(|id| ArmId::parse(id.as_str()));
            ids.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Asked where a plan that protects is kept.
pub(super) fn plan(walk: &Walk<'_>) -> Option<Asked> {
    let protecting = walk.offers.plans.iter().filter_map(|plan| {
        let Intent::Protect(protection) = plan.intent() else {
            return None;
        };
        let names: Vec<_> = protection
            .machines
            .iter()
            .map(|m| m.name.as_str())
            .collect();
        Some(Candidate {
            value: plan.slug().to_string().into(),
            label: plan.name.as_str().into(),
            detail: names.join(", ").into(),
            refused: None,
        })
    });
    let plans: Vec<Candidate> = protecting.collect();
    if plans.is_empty() {
        return None;
    }
    let none = Candidate {
        label: "none: I choose machines".into(),
        ..Candidate::default()
    };
    let kind = Kind::Choice(std::iter::once(none).chain(plans).collect());
    Some(Asked::new(kind).default(Text::default()))
}

pub(super) fn machines(walk: &Walk<'_>) -> Asked {
    let system = match walk.wizard() {
        WizardKind::Protect => system_chosen(walk),
        WizardKind::Recover | WizardKind::FailOver => None,
    };
    let fits = |offered: &&Offered| {
        let same = |system| matches!(offered.system(), s if s == system || s == System::Unknown);
        !is_classic(offered) || system.is_none_or(same)
    };
    let mut sizes: HashMap<&Text, usize> = HashMap::new();
    for offered in &walk.offers.machines {
        *sizes.entry(&offered.machine.group_id).or_default() += 1;
    }
    // A group id on a single machine is its own name (asr-rest.md 13).
    let grouped = |offered: &Offered| {
        let id = &offered.machine.group_id;
        sizes
            .get(id)
            .copied()
            .filter(|size| *size > 1 && !id.is_empty())
    };
    let fitting = walk.offers.machines.iter().filter(fits);
    let mut rows: Vec<(&Offered, Candidate)> = fitting
        .map(|offered| (offered, candidate(walk.wizard(), offered, grouped(offered))))
        .collect();
    // Groups stand together, and what can be chosen comes first.
    rows.sort_by_cached_key(|(offered, candidate)| {
        let name = offered.machine.name.as_str().to_lowercase();
        let group = match grouped(offered) {
            None => name.clone(),
            Some(_) => offered.machine.group_name.as_str().to_lowercase(),
        };
        (candidate.refused.is_some(), group, name)
    });
    let asked = Asked::new(Kind::Machines(rows.into_iter().map(|(_, c)| c).collect()));
    match of_plan(walk) {
        Some(machines) => asked.default(Answer::List(machines)),
        None => asked,
    }
}

/// The system that the plan is for, where it is known.
fn system_chosen(walk: &Walk<'_>) -> Option<System> {
    match walk.words(Field::System, None).as_str() {
        "Windows" => Some(System::Windows),
        "Linux" => Some(System::Linux),
        _ => None,
    }
}

/// The machines of the plan that was chosen.
pub fn of_plan(walk: &Walk<'_>) -> Option<Vec<Text>> {
    let chosen = walk.given(&Key::plan(Field::Plan))?.to_string();
    let plan = walk
        .offers
        .plans
        .iter()
        .find(|plan| plan.slug().to_string() == chosen)?;
    let ids = plan.machines().into_iter();
    Some(ids.map(|id| id.as_str().into()).collect())
}

fn candidate(wizard: WizardKind, offered: &Offered, group: Option<usize>) -> Candidate {
    let machine = &offered.machine;
    let group = group.map_or_else(String::new, |many| {
        format!("group {} of {many}", machine.group_name)
    });
    let parts = [machine.address.to_string(), machine.state_words(), group];
    let detail: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Candidate {
        value: machine.id.as_str().into(),
        label: machine.name.clone(),
        detail: detail.join(", ").into(),
        refused: refused(wizard, offered),
    }
}

/// Why a machine cannot be chosen in a wizard; `None` when it can. What readiness can still say
/// later is left to readiness.
#[must_use]
pub fn refused(wizard: WizardKind, offered: &Offered) -> Option<Text> {
    let machine = &offered.machine;
    if let Provider::Other(name) = machine.provider() {
        return Some(format!("it is protected by {name}, which failback does not know").into());
    }
    if let Place::Unknown(why) = &machine.place {
        return Some(format!("nobody knows where it runs: {why}").into());
    }
    match wizard {
        WizardKind::Protect => not_protected(offered),
        WizardKind::Recover => match machine.place {
            Place::OnPremises => Some("it runs on-premises".into()),
            // Its recovery can be prepared long before it can be done.
            Place::Azure | Place::Unknown(_) => None,
        },
        WizardKind::FailOver => not_failed_over(machine),
    }
}

fn not_protected(offered: &Offered) -> Option<Text> {
    let machine = &offered.machine;
    if machine.provider() == Provider::HyperV {
        return Some("it is Hyper-V: there is nothing to protect before the fail back".into());
    }
    if machine.place == Place::OnPremises {
        return Some("it runs on-premises".into());
    }
    let homeward = matches!(machine.class, Class::ClassicHome | Class::ModernisedHome);
    let classic = machine.provider() == Provider::Classic;
    let why = match &machine.running {
        _ if homeward && machine.stage == Stage::Protected => {
            "it replicates home already: Recover brings it home".into()
        }
        _ if homeward => "it is on its way home already".into(),
        Some(running) => format!("Azure is at work on it: {}", running.words()),
        None if !machine.next.offers(Verb::Protect) => {
            let state = machine.state_words();
            format!("Azure does not offer Protect for it: {state}")
        }
        None if classic && offered.system() == System::Unknown => {
            "Azure does not say which system it runs, and so which master target takes it".into()
        }
        None => return None,
    };
    Some(why.into())
}

fn not_failed_over(machine: &Machine) -> Option<Text> {
    let why = match (&machine.place, &machine.running) {
        (Place::Azure, _) => "it runs in Azure already".into(),
        (_, Some(running)) => format!("Azure is at work on it: {}", running.words()),
        _ if !machine.next.offers(Verb::FailOverToAzure) => {
            let state = machine.state_words();
            format!("Azure does not offer Fail over to Azure for it: {state}")
        }
        _ => return None,
    };
    Some(why.into())
}

/// Whether machines can go in one plan: classic ones behind one configuration server and of one
/// kind of system, modernised ones behind the appliances of one site.
pub fn together(walk: &Walk<'_>, ids: &[Text]) -> Result<(), String> {
    if walk.wizard() != WizardKind::Protect {
        return Ok(());
    }
    let known = ids.iter().filter_map(|id| ArmId::parse(id.as_str()));
    let known: Vec<&Offered> = known.filter_map(|id| walk.offers.machine(&id)).collect();
    let (classic, others): (Vec<&Offered>, Vec<&Offered>) =
        known.into_iter().partition(|offered| is_classic(offered));
    for (all, what) in [
        (&classic, "configuration server"),
        (&others, "appliance site"),
    ] {
        let Some((first, rest)) = all.split_first() else {
            continue;
        };
        let apart = rest.iter().find(|other| other.fabric() != first.fabric());
        if let Some(other) = apart {
            let (one, two) = (&first.machine.name, &other.machine.name);
            return Err(format!(
                "{two} is behind another {what} than {one}: make a plan of its own"
            ));
        }
    }
    let Some((first, rest)) = classic.split_first() else {
        return Ok(());
    };
    match rest.iter().find(|other| other.system() != first.system()) {
        Some(other) => Err(format!(
            "{} runs {}, {} runs {}: a master target takes one kind, make two plans",
            first.machine.name,
            first.system().word(),
            other.machine.name,
            other.system().word()
        )),
        None => Ok(()),
    }
}
