//! Process servers.

use crate::domain::infrastructure::{Component, Role};
use crate::domain::{Health, Text};
use crate::readiness::ask::{Doubt, Machine, Verdict, chosen, doubt, failed, judge, passed};

/// "No heartbeat for 15 minutes", in the service's own judgement (error-codes.md).
const LOST: &str = "806";

fn is_ps(role: &Role) -> bool {
    matches!(role, Role::ProcessServer { .. })
}

/// The one that the plan chose; in a recovery plan the one that the machine replicates through.
fn wanted<'a>(m: &Machine<'a>) -> Result<&'a str, Doubt> {
    let what = "process server";
    if m.whole.protection().is_some() {
        return chosen(&m.classic()?.process_server, what);
    }
    if let Some(own) = m.whole.returning().and_then(|r| r.machine(m.id)) {
        return chosen(&own.target.process_server, what);
    }
    let told: &Text = &m.deep()?.ties.process_server;
    if told.is_empty() {
        return doubt("which process server it replicates through is not told");
    }
    Ok(told.as_str())
}

fn listed<'a>(m: &Machine<'a>) -> Result<Option<&'a Component>, Doubt> {
    let own = wanted(m)?;
    let mut all = m.servers(is_ps)?;
    Ok(all.find(|ps| ps.id.as_str().eq_ignore_ascii_case(own)))
}

pub fn there_is_one(m: &Machine<'_>) -> Verdict {
    judge(
        m.servers(is_ps)?.next().is_some(),
        "there is a process server",
        "there is no process server",
    )
}

pub fn at_home(m: &Machine<'_>) -> Verdict {
    judge(
        listed(m)?.is_some(),
        "it is listed",
        "this configuration server does not list it",
    )
}

/// The service's own judgement; how old a heartbeat is decides nothing (asr-rest.md 13).
pub fn alive(m: &Machine<'_>) -> Verdict {
    let Some(ps) = listed(m)? else {
        return doubt("the process server is not listed (PS-02)");
    };
    let name = &ps.name;
    if ps.problems.iter().any(|p| p.code.as_str() == LOST) {
        return failed(format!("{name} sends no heartbeat"));
    }
    match &ps.health {
        _ if ps.heartbeat.is_none() => doubt(format!("{name}: its heartbeat is not told")),
        Health::Normal | Health::Warning => passed(format!("{name}: {}", ps.health.word())),
        Health::Critical => doubt(format!(
            "{name} is critical, and not for want of a heartbeat"
        )),
        Health::Unknown => doubt(format!("{name}: its health is not stated")),
        Health::Other(word) => doubt(format!("{name}: the health {word} is not known")),
    }
}
