//! `failback machines`

use std::sync::Mutex;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::{table, target};
use crate::domain::{Health, Job, Machine, Refusal, Situation, Verb};
use crate::site::{Estate, PartName, PartState, Site};

pub fn run(arguments: &Arguments) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let estate = runtime.block_on(gather(&target.site));
    let part = estate.part(PartName::Machines);
    let failure = part.and_then(|part| match &part.state {
        PartState::Failed(failure) => Some(failure.clone()),
        _ => None,
    });
    if arguments.json {
        print_json(&whole(&target.name, &estate));
    } else {
        lines(&estate).iter().for_each(|line| output::print(line));
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

/// `failback/machines/1`. Fields are only ever added.
fn whole(site: &str, estate: &Estate) -> Value {
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
        "machines": machines.into_iter().map(|m| with_verdicts(m, &jobs)).collect::<Vec<_>>(),
    })
}

/// The jobs that are not over: few, so that each machine can look through them.
fn under_way(estate: &Estate) -> Vec<Job> {
    let jobs = estate.jobs.iter().filter(|job| !job.state.is_over());
    jobs.cloned().collect()
}

/// One machine, with what is offered for it, and why not what is not. `next` is what Azure lists, as
/// far as this program knows it; `offered` is what this program would carry out.
fn with_verdicts(machine: &Machine, jobs: &[Job]) -> Value {
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
fn lines(estate: &Estate) -> Vec<String> {
    const HEAD: [&str; 7] = [
        "MACHINE", "PROVIDER", "WHERE", "STATE", "RPO", "NEXT", "HEALTH",
    ];
    let jobs = under_way(estate);
    let rows: Vec<[String; 7]> = estate
        .machines
        .iter()
        .map(|machine| row(machine, &jobs))
        .collect();
    let mut lines = table::table(HEAD, &rows, 32);
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

fn row(machine: &Machine, jobs: &[Job]) -> [String; 7] {
    // What waits to be completed stands in no list of operations.
    let offered = Situation::of(machine, jobs).offered();
    let next = offered.first().or(machine.next.verbs.first());
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
        next.map_or("-", |verb| verb.words()).to_owned(),
        health,
    ]
}
