//! `failback machines`

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::{table, target};
use crate::domain::identity::{Chooser, Standing, Verdict};
use crate::domain::{ArmId, Health, Job, Machine, Refusal, Situation, Verb};
use crate::site::{Estate, Identity, PartName, PartState, Site};

pub fn run(arguments: &Arguments) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let (estate, who) = runtime.block_on(async {
        let estate = gather(&target.site).await;
        let who = who_is_who(&target.site, &estate).await;
        (estate, who)
    });
    let part = estate.part(PartName::Machines);
    let failure = part.and_then(|part| match &part.state {
        PartState::Failed(failure) => Some(failure.clone()),
        _ => None,
    });
    if arguments.json {
        print_json(&whole(&target.name, &estate, &who));
    } else {
        lines(&estate, &who)
            .iter()
            .for_each(|line| output::print(line));
    }
    match failure {
        None => Ok(Exit::Done),
        Some(failure) => {
            // In JSON the part tells it already: one document is all that a reader gets.
            Complaint::failed(*failure).print(false);
            Ok(Exit::Failed)
        }
    }
}

/// Reads the whole estate.
pub async fn gather(site: &Site) -> Estate {
    let estate = Mutex::new(Estate::default());
    site.gather(|update| {
        if let Ok(mut estate) = estate.lock() {
            estate.apply(update);
        }
    })
    .await;
    estate.into_inner().unwrap_or_default()
}

/// What is concluded about the registrations of each machine where that matters.
type WhoIsWho = HashMap<ArmId, Identity>;

async fn who_is_who(site: &Site, estate: &Estate) -> WhoIsWho {
    let machines = estate.machines.clone();
    let read = site.registry_of(machines, &estate.fabrics, site.at_home().clone());
    let all = read.await.identities(site.arm().service_now());
    all.into_iter()
        .filter(|own| own.judged.verdict != Verdict::NotApplicable)
        .map(|own| (own.group.subject.id.clone(), own))
        .collect()
}

/// What keeps a machine from being protected, where its registrations do.
fn contradiction<'a>(machine: &Machine, who: &'a WhoIsWho) -> Option<&'a Identity> {
    let own = who.get(&machine.id)?;
    (own.judged.verdict.standing(Chooser::Arm) == Standing::Blocks).then_some(own)
}

/// `failback/machines/1`. Fields are only ever added.
fn whole(site: &str, estate: &Estate, who: &WhoIsWho) -> Value {
    let mut machines: Vec<&Machine> = estate.machines.iter().map(AsRef::as_ref).collect();
    machines.sort_by(|a, b| {
        let key = |m: &Machine| {
            (
                m.name.to_string().to_lowercase(),
                m.id.as_str().to_lowercase(),
            )
        };
        key(a).cmp(&key(b))
    });
    let jobs = under_way(estate);
    json!({
        "schema": "failback/machines/1",
        "site": site,
        "vaults": estate.vaults,
        "parts": estate.parts,
        "vaultProblems": estate.vault_problems,
        "machines": machines.into_iter().map(|m| with_verdicts(m, &jobs, who)).collect::<Vec<_>>(),
    })
}

/// The jobs that are not over: few, so that each machine can look through them.
fn under_way(estate: &Estate) -> Vec<Job> {
    let jobs = estate.jobs.iter().filter(|job| !job.state.is_over());
    jobs.cloned().collect()
}

/// One machine, with what is offered for it, and why not what is not. `next` is what Azure lists, as
/// far as this program knows it; `offered` is what this program would carry out.
fn with_verdicts(machine: &Machine, jobs: &[Job], who: &WhoIsWho) -> Value {
    let situation = Situation::of(machine, jobs);
    let refused = |(verb, refusal): (Verb, Refusal)| {
        json!({
            "verb": verb,
            "why": refusal.why,
            "instead": refusal.instead,
            "source": refusal.source,
        })
    };
    let mut all = one(machine);
    all["offered"] = json!(situation.offered());
    let refused: Vec<Value> = situation.refused().into_iter().map(refused).collect();
    all["refused"] = json!(refused);
    all["whoIsWho"] = json!(who.get(&machine.id).map(|own| {
        json!({
            "verdict": own.judged.verdict.word(),
            "standing": own.judged.verdict.standing(Chooser::Arm),
            "why": own.judged.why,
        })
    }));
    all["job"] = json!(situation.job.map(|job| {
        json!({
            "job": job.name,
            "title": job.title,
            "state": job.state,
            "allowedActions": job.allowed_actions,
        })
    }));
    all
}

/// One machine, as every command writes it.
pub fn one(machine: &Machine) -> Value {
    json!({
        "name": machine.name,
        "item": machine.id.name(),
        "vault": machine.id.segment("vaults"),
        "id": machine.id,
        "provider": machine.provider().word(),
        "runsIn": machine.place.word(),
        "stage": machine.stage,
        "state": machine.state_words(),
        "running": machine.running,
        "syncPercent": machine.sync_percent,
        "rpoSeconds": machine.rpo_seconds,
        "next": machine.next.verbs,
        "unknownOperations": machine.next.unknown,
        "health": machine.health.word(),
        "problems": machine.problems,
        "groupId": machine.group_id,
        "policy": machine.policy,
        "azureVm": machine.azure_vm,
        "lastFailover": machine.last_failover,
    })
}

/// For people: a line a machine, and what could not be read.
fn lines(estate: &Estate, who: &WhoIsWho) -> Vec<String> {
    const HEAD: [&str; 7] = [
        "MACHINE", "PROVIDER", "WHERE", "STATE", "RPO", "NEXT", "HEALTH",
    ];
    let jobs = under_way(estate);
    let rows: Vec<[String; 7]> = estate
        .machines
        .iter()
        .map(|machine| row(machine, &jobs, who))
        .collect();
    let mut lines = table::table(HEAD, &rows, 32);
    for machine in &estate.machines {
        if let Some(own) = contradiction(machine, who) {
            let (name, word) = (&machine.name, own.judged.verdict.word());
            let why = own.judged.why.first().map_or("", |why| why.as_str());
            lines.push(format!("! {name} cannot be protected: {word}: {why}"));
            let name = output::quoted(name.as_str());
            lines.push(format!("  See: failback identities {name}"));
        }
    }
    for part in &estate.parts {
        let words = match &part.state {
            PartState::Partial(why) => why.as_str(),
            PartState::NotRecorded => "not recorded",
            PartState::Composed => "put together from single recorded answers",
            _ => continue,
        };
        lines.push(format!("({}: {words})", part.name.words()));
    }
    lines
}

fn row(machine: &Machine, jobs: &[Job], who: &WhoIsWho) -> [String; 7] {
    // What waits to be completed stands in no list of operations.
    let offered = Situation::of(machine, jobs).offered();
    let next = offered.first().or(machine.next.verbs.first());
    let next = match next {
        Some(Verb::Protect) if contradiction(machine, who).is_some() => "who is who?",
        Some(verb) => verb.words(),
        None => "-",
    };
    let seconds = |rpo: u64| crate::domain::size::clock(i64::try_from(rpo).unwrap_or(i64::MAX));
    let health = match (&machine.health, machine.problems.len()) {
        (Health::Normal, 0) => "ok".to_owned(),
        (health, 0) => health.word().to_owned(),
        (health, n) => format!("{} ({n})", health.word()),
    };
    [
        machine.name.to_string(),
        machine.provider().word().to_owned(),
        machine.place.word().to_owned(),
        machine.state_words(),
        machine.rpo_seconds.map_or_else(|| "-".into(), seconds),
        next.to_owned(),
        health,
    ]
}
