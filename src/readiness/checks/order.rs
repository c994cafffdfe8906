//! What is done and waited for around the cut-overs. That the order itself can be carried out - no
//! circle, nobody unknown - is what makes it a plan; it needs no check.

use std::net::IpAddr;

use crate::domain::Text;
use crate::domain::plan::{Placed, Ready, Sequence};
use crate::readiness::ask::{Machine, Verdict, Whole, failed, judge, known, not_for, passed};
use crate::readiness::facts::Program;

/// A command that cannot be started is found out tonight otherwise, between two waves.
pub fn commands_can_be_run(w: &Whole<'_>) -> Verdict {
    let commands = w.plan.commands();
    if commands.is_empty() {
        return not_for("the plan runs no command");
    }
    let programs = known(&w.facts.programs)?;
    let mut troubles = Vec::new();
    for command in &commands {
        let own = programs.iter().find(|(name, _)| name == command.program);
        let trouble = match own.map(|(_, found)| *found) {
            Some(Program::Runs) => continue,
            Some(Program::Missing) if command.program.contains('/') => "is not there",
            Some(Program::Missing) => "is in no folder of PATH",
            Some(Program::NotExecutable) => "is there and may not be executed",
            Some(Program::Relative) => "is no whole path",
            None => "was not looked for",
        };
        let program = Text::from(command.program);
        troubles.push(format!(
            "{program}, the command {}, {trouble}",
            command.when
        ));
    }
    let well = match commands.len() {
        1 => "the command can be started here".to_owned(),
        many => format!("all {many} commands can be started here"),
    };
    judge(troubles.is_empty(), well, troubles.join("; "))
}

/// Who probes this computer learns nothing about the machine - unless a tunnel begins here.
pub fn probes_look_at_machines(w: &Whole<'_>) -> Verdict {
    let sequence = w.plan.intent().sequence();
    let placed = sequence.iter().flat_map(|sequence| &sequence.machines);
    let (mut all, mut here) = (0, Vec::new());
    for machine in placed {
        for ready in &machine.order.ready {
            let Some(host) = host(ready) else { continue };
            all += 1;
            if is_here(&host) {
                here.push(format!("{} is waited for at {host}", machine.name));
            }
        }
    }
    match (all, here.is_empty()) {
        (0, _) => not_for("nothing is probed"),
        (_, true) => passed("no probe looks at this computer itself"),
        (_, false) => failed(format!("{}, which is this computer", here.join("; "))),
    }
}

/// Hyper-V replicates without an agent, and its synchronisation is part of its failback.
pub fn hyper_v_is_not_waited_for_in_vain(m: &Machine<'_>) -> Verdict {
    let sequence = m.whole.plan.intent().sequence();
    let order = sequence
        .as_ref()
        .and_then(|s: &Sequence<'_>| s.machine(m.id));
    let order = order.map(|placed: &Placed<'_>| placed.order);
    let heartbeat = |ready: &Ready| matches!(ready, Ready::Heartbeat { .. });
    let beats = order.is_some_and(|order| order.ready.iter().any(heartbeat));
    let health = order.is_some_and(|order| order.replication.is_some());
    match (beats, health) {
        (false, false) => not_for("neither is waited for"),
        (true, false) => failed("a heartbeat of its agent is waited for, and it has none"),
        (false, true) => failed(
            "a healthy replication is to be waited for, and is not: its synchronisation is that wait",
        ),
        (true, true) => failed(
            "a heartbeat of its agent is waited for, and it has none; a healthy replication is not \
             waited for: its synchronisation is that wait",
        ),
    }
}

/// The host that a probe asks.
fn host(ready: &Ready) -> Option<String> {
    match ready {
        Ready::Tcp { host, .. } => Some(host.to_string()),
        Ready::Http { url, .. } => {
            let (_, rest) = url.as_str().split_once("://")?;
            let authority = rest.split(['/', '?', '#']).next()?;
            let host = match authority.strip_prefix('[') {
                Some(v6) => v6.split(']').next()?,
                None => authority.split(':').next()?,
            };
            Some(host.to_owned())
        }
        Ready::Heartbeat { .. } | Ready::Delay(_) | Ready::Confirm(_) => None,
    }
}

fn is_here(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    match lower.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => lower == "localhost" || lower.ends_with(".localhost"),
    }
}
