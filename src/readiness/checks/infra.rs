//! Configuration server, vCenter, process servers.

use crate::domain::Health;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::plan::Location;
use crate::readiness::ask::{
    Doubt, Machine, Verdict, chosen, doubt, failed, judge, not_for, passed,
};
use crate::readiness::facts::VCenter;

fn is_cs(role: &Role) -> bool {
    matches!(role, Role::ConfigurationServer)
}

fn is_ps(role: &Role) -> bool {
    matches!(role, Role::ProcessServer { .. })
}

fn is_seeing_mt(role: &Role) -> bool {
    matches!(role, Role::MasterTarget { datastores, .. } if !datastores.is_empty())
}

/// Health decides; how old the last heartbeat is does not (asr-rest.md 13).
fn alive(health: &Health, what: &str) -> Verdict {
    match health {
        Health::Normal | Health::Warning => passed(format!("{what}: {}", health.word())),
        Health::Critical => failed(format!("{what}: critical")),
        Health::Unknown => doubt(format!("{what}: its health is not stated")),
        Health::Other(word) => doubt(format!("{what}: the health {word} is not known")),
    }
}

pub fn configuration_server(m: &Machine<'_>) -> Verdict {
    let fabric = m.fabric()?;
    if fabric.health == Health::Critical {
        return failed(format!("{}: critical", fabric.name));
    }
    match m.servers(is_cs)?.next() {
        Some(server) => alive(&server.health, server.name.as_str()),
        None => alive(&fabric.health, fabric.name.as_str()),
    }
}

pub fn registered(m: &Machine<'_>) -> Verdict {
    judge(
        m.registrations()? > 0,
        "it is registered",
        "no registration has its name",
    )
}

/// Two are normal for a failed-over machine; the service chooses (asr-rest.md 13).
pub fn two_registrations(m: &Machine<'_>) -> Verdict {
    let count = m.registrations()?;
    judge(
        count <= 2,
        format!("{count} registrations"),
        format!("{count} registrations, where two are usual"),
    )
}

fn discovered(vcenter: &VCenter) -> Verdict {
    let (name, status) = (&vcenter.name, &vcenter.discovery);
    let word = status.as_str().to_ascii_lowercase();
    match word.as_str() {
        "completed" | "connected" | "discovered" | "inprogress" => {
            passed(format!("{name}: {status}"))
        }
        "" => doubt(format!("{name}: its discovery is not stated")),
        _ if ["fail", "error", "disconnect", "notconnect"]
            .iter()
            .any(|w| word.contains(w)) =>
        {
            failed(format!("{name}: discovery {status}"))
        }
        _ => doubt(format!("{name}: the discovery state {status} is not known")),
    }
}

pub fn alternate_vcenter(m: &Machine<'_>) -> Verdict {
    let Location::Alternate { vcenter } = &m.classic()?.location else {
        return not_for("it goes to its original location");
    };
    if vcenter.is_empty() {
        return not_for("it goes to a host without a vCenter (INF-14)");
    }
    let all = m.vcenters()?;
    let same = |v: &&VCenter| v.name.as_str().eq_ignore_ascii_case(vcenter.as_str());
    let Some(own) = all.into_iter().find(same) else {
        return failed(format!("{vcenter} is not discovered"));
    };
    if m.servers(is_seeing_mt)?.next().is_none() {
        return failed("no master target sees a datastore");
    }
    discovered(own)
}

/// Each of the fabric's vCenters, as nobody says which is the machine's. One that failed beside
/// another that is connected leaves that open.
pub fn vcenter_connected(m: &Machine<'_>) -> Verdict {
    let all = m.vcenters()?;
    let Some(first) = all.first() else {
        return not_for("there is no vCenter (INF-14)");
    };
    let bad = all
        .iter()
        .find(|v| !matches!(discovered(v), Ok(crate::readiness::ask::Said::Passed(_))));
    match bad {
        None => discovered(first),
        Some(bad) if all.len() == 1 => discovered(bad),
        Some(bad) => doubt(format!(
            "{}: discovery {}; it may be another",
            bad.name, bad.discovery
        )),
    }
}

pub fn master_target_discovered(m: &Machine<'_>) -> Verdict {
    let any = m.servers(is_seeing_mt)?.next().is_some();
    judge(
        any,
        "a master target sees datastores",
        "no master target sees a datastore",
    )
}

pub fn lone_host_discovered(m: &Machine<'_>) -> Verdict {
    if !m.vcenters()?.is_empty() {
        return not_for("there is a vCenter (INF-09)");
    }
    let own = chosen(&m.classic()?.master_target, "master target")?;
    let mut seeing = m.servers(is_seeing_mt)?;
    judge(
        seeing.any(|mt| mt.id.as_str().eq_ignore_ascii_case(own)),
        "the master target's host is discovered",
        "the master target's host is not discovered",
    )
}

fn chosen_server<'a>(m: &Machine<'a>) -> Result<Option<&'a Component>, Doubt> {
    let own = chosen(&m.classic()?.process_server, "process server")?;
    let mut all = m.servers(is_ps)?;
    Ok(all.find(|ps| ps.id.as_str().eq_ignore_ascii_case(own)))
}

pub fn process_server(m: &Machine<'_>) -> Verdict {
    let any = m.servers(is_ps)?.next().is_some();
    judge(
        any,
        "there is a process server",
        "there is no process server",
    )
}

pub fn process_server_at_home(m: &Machine<'_>) -> Verdict {
    let found = chosen_server(m)?;
    judge(
        found.is_some(),
        "it is listed",
        "this configuration server does not list it",
    )
}

/// The chosen one in a protection plan. A recovery plan's machine does not say which it uses: one
/// lost among several leaves it open.
pub fn process_server_alive(m: &Machine<'_>) -> Verdict {
    let servers: Vec<&Component> = if m.whole.protection().is_some() {
        chosen_server(m)?.into_iter().collect()
    } else {
        m.servers(is_ps)?.collect()
    };
    let Some(first) = servers.first() else {
        return doubt("there is no such process server (PS-01, PS-02)");
    };
    // 806: no heartbeat for 15 minutes, in the service's own judgement (error-codes.md).
    let lost = |ps: &&&Component| {
        ps.health == Health::Critical || ps.problems.iter().any(|p| p.code.as_str() == "806")
    };
    match servers.iter().find(lost) {
        Some(ps) if servers.len() == 1 => failed(format!("{} sends no heartbeat", ps.name)),
        Some(ps) => doubt(format!("{} sends no heartbeat; it may be another", ps.name)),
        None if servers.iter().any(|ps| ps.heartbeat.is_none()) => {
            doubt("a process server's heartbeat is not told")
        }
        None => alive(&first.health, first.name.as_str()),
    }
}
