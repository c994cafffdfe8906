//! A record and a comparison, for people and as JSON.

use serde_json::{Value, json};

use crate::domain::Text;
use crate::domain::guest::{Guest, Lease, Record};
use crate::readiness::aftermath::{Command, Does, Found, Repair};

/// A record in some lines.
pub fn record(name: &Text, record: &Record) -> Vec<String> {
    let source = record.source.words();
    let mut lines = vec![format!(
        "{name}  {} {}, by {source}",
        record.at,
        record.spot.words()
    )];
    if let Some(azure) = &record.azure {
        let disks = azure.disks.len();
        lines.push(format!("    Azure: size {}, {disks} disks", azure.size));
        for adapter in &azure.adapters {
            lines.push(format!(
                "    Azure: {} ({}) {}",
                adapter.address,
                lease(adapter.lease),
                adapter.mac
            ));
        }
        lines.extend(
            azure
                .unread
                .iter()
                .map(|why| format!("    Azure: not read: {why}")),
        );
    }
    if !record.home.addresses.is_empty() {
        let all: Vec<&str> = record.home.addresses.iter().map(Text::as_str).collect();
        lines.push(format!("    at home it was known as {}", all.join(", ")));
    }
    if let Some(own) = &record.guest {
        lines.extend(guest(own).into_iter().map(|line| format!("    {line}")));
    }
    lines.extend(
        record
            .not_read
            .iter()
            .map(|why| format!("    not read: {why}")),
    );
    lines
}

fn guest(own: &Guest) -> Vec<String> {
    let cpus = own.cpus.map_or("?".into(), |n| n.to_string());
    let memory = own.memory.map_or("?".into(), |m| m.to_string());
    let mut lines = vec![format!(
        "{} ({}), {cpus} processors, {memory}",
        own.host, own.version
    )];
    for adapter in own.adapters.iter().flatten() {
        let all: Vec<&str> = adapter.addresses.iter().map(Text::as_str).collect();
        lines.push(format!(
            "{}: {} ({})",
            adapter.name,
            all.join(", "),
            lease(adapter.lease)
        ));
    }
    let counts = [
        ("name servers", own.name_servers.as_ref().map(Vec::len)),
        ("routes", own.routes.as_ref().map(Vec::len)),
        ("disks", own.disks.as_ref().map(Vec::len)),
        ("file systems", own.mounts.as_ref().map(Vec::len)),
        (
            "services that start by themselves",
            own.services.as_ref().map(Vec::len),
        ),
    ];
    let counts = counts.map(|(what, count)| match count {
        Some(count) => format!("{count} {what}"),
        None => format!("{what} not read"),
    });
    lines.push(counts.join(", "));
    match own.temporary.as_deref() {
        None => lines.push("temporary disk: not known".into()),
        Some(all) => lines.extend(all.iter().map(|t| {
            let state = match t.online {
                Some(true) => "online",
                Some(false) => "offline",
                None => "whether it is online is not told",
            };
            format!("temporary disk: {} {} ({state})", t.disk, t.at)
        })),
    }
    lines.extend(
        own.unread
            .iter()
            .map(|what| format!("not read inside: {what}")),
    );
    lines
}

fn lease(lease: Lease) -> &'static str {
    match lease {
        Lease::Fixed => "fixed",
        Lease::Dhcp => "DHCP",
        Lease::Unknown => "fixed or DHCP: not known",
    }
}

/// A comparison: what is lost first, then what is not known, then what is as it was.
pub fn comparison(name: &Text, before: &Record, now: &Record, repairs: &[Repair]) -> Vec<String> {
    let mut lines = vec![format!(
        "{name}: {} ({}, {}) against {} ({}, {})",
        now.at,
        now.spot.words(),
        now.source.words(),
        before.at,
        before.spot.words(),
        before.source.words()
    )];
    for repair in repairs {
        let Found::Lost(errands) = &repair.found else {
            continue;
        };
        for errand in errands {
            lines.push(format!("  x {:<8} {}", repair.code, errand.known));
            lines.push(format!("      {}", errand.look));
            lines.extend(errand.commands.iter().flat_map(command));
        }
    }
    for repair in repairs {
        if let Found::Unknown(why, commands) = &repair.found {
            lines.push(format!("  ? {:<8} {}: {why}", repair.code, repair.title));
            lines.extend(commands.iter().flat_map(command));
        }
    }
    for repair in repairs {
        if repair.found == Found::AsItWas {
            lines.push(format!("  + {:<8} {}", repair.code, repair.title));
        }
    }
    lines
}

fn command(own: &Command) -> Vec<String> {
    let (shell, at) = (own.shell.word(), own.at);
    let mut lines = vec![format!("      to {}, {at} ({shell}):", does(own.does))];
    lines.extend(own.line.lines().map(|line| format!("        {line}")));
    lines
}

pub fn repair_json(repair: &Repair) -> Value {
    let commands = |all: &[Command]| {
        let one = |own: &Command| {
            json!({
                "shell": own.shell.word(),
                "at": own.at,
                "does": does(own.does),
                "line": own.line,
            })
        };
        all.iter().map(one).collect::<Vec<Value>>()
    };
    let (outcome, why, lost) = match &repair.found {
        Found::AsItWas => ("same", None, Vec::new()),
        Found::Unknown(why, all) => (
            "unknown",
            Some(why),
            vec![json!({ "commands": commands(all) })],
        ),
        Found::Lost(errands) => {
            let one = |errand: &crate::readiness::aftermath::Errand| {
                json!({
                    "known": errand.known,
                    "look": errand.look,
                    "commands": commands(&errand.commands),
                })
            };
            ("lost", None, errands.iter().map(one).collect())
        }
    };
    json!({
        "code": repair.code,
        "title": repair.title,
        "outcome": outcome,
        "why": why,
        "errands": lost,
    })
}

fn does(what: Does) -> &'static str {
    match what {
        Does::Look => "look",
        Does::Repair => "repair",
    }
}
