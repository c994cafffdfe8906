//! A record and a comparison, for people and as JSON.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::domain::Text;
use crate::domain::guest::{Guest, Lease, Record};
use crate::domain::text::columns;
use crate::readiness::aftermath::{Command, Does, Found, Repair};

/// Columns of a line, but for commands and single words.
const WIDTH: usize = 80;

/// A moment as people here read it.
fn at(moment: Timestamp) -> String {
    let zoned = moment.to_zoned(TimeZone::system());
    zoned.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

fn count(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    }
}

/// Words under a label, in lines of at most 80 columns.
fn folded(label: &str, words: &str) -> Vec<String> {
    let margin = columns(label);
    let mut lines = Vec::new();
    let mut line = label.to_owned();
    let mut empty = true;
    for word in words.split(' ') {
        if !empty && columns(&line) + 1 + columns(word) > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(margin)));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

/// A record in some lines.
pub fn record(name: &Text, record: &Record) -> Vec<String> {
    let mut lines = vec![format!(
        "{name}  {}, {}",
        at(record.at),
        record.spot.words()
    )];
    let mut say = |label: &str, words: String| {
        lines.extend(folded(&format!("  {label:<8}"), &words));
    };
    if let Some(azure) = &record.azure {
        let disks = count(azure.disks.len(), "disk");
        say("Azure", format!("{}, {disks}", azure.size));
        for adapter in &azure.adapters {
            let lease = lease(adapter.lease);
            say("", format!("{} ({lease}) {}", adapter.address, adapter.mac));
        }
        for why in &azure.unread {
            say("", format!("not read: {why}"));
        }
    }
    if !record.home.addresses.is_empty() {
        let all: Vec<&str> = record.home.addresses.iter().map(Text::as_str).collect();
        say("at home", format!("known as {}", all.join(", ")));
    }
    if let Some(own) = &record.guest {
        say("inside", format!("by {}", record.source.words()));
        guest(own).into_iter().for_each(|line| say("", line));
    }
    for why in &record.not_read {
        say("?", why.to_string());
    }
    lines
}

fn guest(own: &Guest) -> Vec<String> {
    let cpus = own
        .cpus
        .map_or("? processors".into(), |n| count(n as usize, "processor"));
    let memory = own.memory.map_or("?".into(), |m| m.to_string());
    let mut lines = vec![
        format!("{}, {}", own.host, own.version),
        format!("{cpus}, {memory} of memory"),
    ];
    for adapter in own.adapters.iter().flatten() {
        let all: Vec<&str> = adapter.addresses.iter().map(Text::as_str).collect();
        let lease = lease(adapter.lease);
        lines.push(format!("{}: {} ({lease})", adapter.name, all.join(", ")));
    }
    let counts = [
        ("adapter", own.adapters.as_ref().map(Vec::len)),
        ("name server", own.name_servers.as_ref().map(Vec::len)),
        ("route", own.routes.as_ref().map(Vec::len)),
        ("disk", own.disks.as_ref().map(Vec::len)),
        ("file system", own.mounts.as_ref().map(Vec::len)),
        ("service", own.services.as_ref().map(Vec::len)),
    ];
    let read = counts
        .iter()
        .filter_map(|(what, n)| Some(count((*n)?, what)));
    lines.push(read.collect::<Vec<_>>().join(", "));
    let unread = counts.iter().filter(|(_, n)| n.is_none());
    let unread: Vec<String> = unread.map(|(what, _)| format!("{what}s")).collect();
    if !unread.is_empty() {
        lines.push(format!("not read: {}", unread.join(", ")));
    }
    match own.temporary.as_deref() {
        None => lines.push("temporary disk: not known".into()),
        Some([]) => lines.push("temporary disk: none".into()),
        Some(all) => lines.extend(all.iter().map(|t| {
            let state = match t.online {
                Some(true) => "online",
                Some(false) => "offline",
                None => "whether it is online is not told",
            };
            let place = match t.at.as_str() {
                "" => "at no place",
                at => at,
            };
            format!("temporary disk: {}, {place}, {state}", t.disk)
        })),
    }
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
    let is = |fits: fn(&Found) -> bool| repairs.iter().filter(|r| fits(&r.found)).count();
    let mut lines = vec![format!(
        "{name}: {} not as before, {} not known, {} as before",
        is(|found| matches!(found, Found::Lost(_))),
        is(|found| matches!(found, Found::Unknown(..))),
        is(|found| *found == Found::AsItWas),
    )];
    lines.extend(folded("  now     ", &when(now)));
    lines.extend(folded("  before  ", &when(before)));
    for repair in repairs {
        let Found::Lost(errands) = &repair.found else {
            continue;
        };
        for errand in errands {
            let label = format!("  x {:<8} ", repair.code);
            lines.extend(folded(&label, &format!("{}.", errand.known)));
            lines.extend(folded("      ", errand.look));
            lines.extend(errand.commands.iter().flat_map(command));
        }
    }
    for repair in repairs {
        if let Found::Unknown(why, commands) = &repair.found {
            let label = format!("  ? {:<8} ", repair.code);
            lines.extend(folded(&label, &format!("{}: not known.", repair.title)));
            lines.extend(folded("      ", why.as_str()));
            lines.extend(commands.iter().flat_map(command));
        }
    }
    for repair in repairs {
        if repair.found == Found::AsItWas {
            lines.push(format!("  + {:<8} {}.", repair.code, repair.title));
        }
    }
    lines
}

fn when(record: &Record) -> String {
    let (at, spot) = (at(record.at), record.spot.words());
    format!("{at}, {spot}, by {}", record.source.words())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_between_words_and_none_is_lost() {
        let words = "one two three ".repeat(20) + &"x".repeat(100);
        let lines = folded("  x CODE ", &words);
        assert!(lines.len() > 3);
        let told: Vec<String> = lines.iter().map(|line| line.trim().to_owned()).collect();
        assert_eq!(told.join(" "), format!("x CODE {words}"));
        let (last, rest) = lines.split_last().unwrap();
        assert!(rest.iter().all(|line| columns(line) <= WIDTH), "{rest:?}");
        assert!(last.starts_with("         x"));
        assert_eq!(folded("a ", ""), ["a "]);
    }
}
