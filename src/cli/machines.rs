//! `failback machines`

use std::sync::Mutex;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::target;
use crate::domain::text::{column, columns};
use crate::domain::{Health, Machine};
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
        table(&estate).iter().for_each(|line| output::print(line));
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
    json!({
        "schema": "failback/machines/1",
        "site": site,
        "vaults": estate.vaults,
        "parts": estate.parts,
        "vaultProblems": estate.vault_problems,
        "machines": machines.into_iter().map(one).collect::<Vec<_>>(),
    })
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

/// The table for people: columns as wide as what stands in them, within reason.
fn table(estate: &Estate) -> Vec<String> {
    const HEAD: [&str; 7] = [
        "MACHINE", "PROVIDER", "WHERE", "STATE", "RPO", "NEXT", "HEALTH",
    ];
    let rows: Vec<[String; 7]> = estate.machines.iter().map(|machine| row(machine)).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell).min(32));
        }
    }
    let line = |cells: [&str; 7]| {
        let cells = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| column(cell, width, "~"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(HEAD)];
    lines.extend(
        rows.iter()
            .map(|row| line(row.each_ref().map(String::as_str))),
    );
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

fn row(machine: &Machine) -> [String; 7] {
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
        machine
            .next
            .verbs
            .first()
            .map_or("-", |verb| verb.words())
            .to_owned(),
        health,
    ]
}
