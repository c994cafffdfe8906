//! The modernised generation: the appliance, the services in the Azure VM, what does not come home.

use super::azure::REGISTERS_WITHIN;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::plan::Target;
use crate::domain::{Health, Level};
use crate::readiness::ask::{Doubt, Machine, Verdict, chosen, doubt, failed, passed};
use crate::readiness::catalogue::Purpose;

/// A report of the agent since the VM came up in Azure proves that its services run; nothing else
/// that is read does. Before it is protected home the failover is the moment; after it, when the
/// failover's time is blank (asr-rest.md 12), the VM's start.
pub fn services_run(m: &Machine<'_>) -> Verdict {
    let (up, seen) = match m.whole.purpose() {
        Purpose::Protect => match m.item()?.last_failover {
            Some(failed_over) => (failed_over, m.seen()?),
            None => return doubt("when it came up in Azure is not told"),
        },
        _ => {
            let (instance, seen) = m.instance()?;
            match instance.started {
                Some(started) => (started, seen),
                None => return doubt("when the Azure VM started is not told"),
            }
        }
    };
    if m.deep()?.agent_heartbeat.is_some_and(|beat| beat >= up) {
        return passed("the agent has reported since the machine came up in Azure");
    }
    if seen.as_second() - up.as_second() < REGISTERS_WITHIN {
        return failed(
            "it came up in Azure less than 15 minutes ago, and its agent has not reported since",
        );
    }
    doubt(
        "Site Recovery shows no report of the agent since the machine came up in Azure: only a look \
         into the VM tells whether its services run",
    )
}

pub fn healthy(m: &Machine<'_>) -> Verdict {
    let health = &m.item()?.health;
    match health {
        Health::Normal | Health::Warning => {
            passed(format!("replication health is {}", health.word()))
        }
        Health::Critical => failed("replication health is critical"),
        Health::Unknown => doubt("replication health is not stated"),
        Health::Other(word) => doubt(format!("the health {word} is not known")),
    }
}

/// The appliance that the plan chose, else the one that the machine replicates through. All parts of
/// an appliance have one id (asr-rest.md 2).
fn appliance<'a>(m: &Machine<'a>) -> Result<&'a str, Doubt> {
    if m.whole.protection().is_some() {
        return match &m.protected()?.target {
            Target::Modernised(target) => chosen(&target.reprotect_agent, "reprotect agent"),
            Target::Classic(_) => doubt("the plan has no modernised target for it (ELIG-13)"),
        };
    }
    if let Some(own) = m.whole.returning().and_then(|r| r.machine(m.id)) {
        return chosen(&own.target.process_server, "process server");
    }
    let told = &m.deep()?.more.reprotect_agent;
    match told.is_empty() {
        true => doubt("which appliance it replicates through is not told"),
        false => Ok(told.as_str()),
    }
}

/// By the service's own judgement; how old a heartbeat is decides nothing (asr-rest.md 13). Another
/// appliance of the fabric does not matter.
pub fn appliance_healthy(m: &Machine<'_>) -> Verdict {
    let id = appliance(m)?;
    let all = m.servers(|role| !matches!(role, Role::VCenter { .. }))?;
    let parts: Vec<&Component> = all
        .filter(|part| part.id.as_str().eq_ignore_ascii_case(id))
        .collect();
    let Some(first) = parts.first() else {
        return failed("its appliance is not listed");
    };
    let bad = |part: &&&Component| {
        part.health == Health::Critical || part.problems.iter().any(|p| p.level == Level::Error)
    };
    if let Some(part) = parts.iter().find(bad) {
        return failed(format!(
            "{}: its {} is critical",
            part.name,
            part.role.words()
        ));
    }
    let unclear = |part: &&&Component| !matches!(part.health, Health::Normal | Health::Warning);
    match parts.iter().find(unclear) {
        Some(part) => doubt(format!(
            "{}: the health of its {} is not stated",
            part.name,
            part.role.words()
        )),
        None => passed(format!("{} and all its parts are healthy", first.name)),
    }
}

/// Before the machine is protected home its disks in Azure are told by their ids; afterwards only how
/// many replicate.
pub fn every_disk_comes_home(m: &Machine<'_>) -> Verdict {
    let Some(disks) = &m.instance()?.0.disks else {
        return doubt("the disks of the Azure VM were not read");
    };
    let deep = m.deep()?;
    let added = match m.whole.purpose() {
        Purpose::Protect if deep.more.azure_disks.is_empty() => {
            return doubt("which disks of the Azure VM are the machine's is not told");
        }
        Purpose::Protect => {
            let own = &deep.more.azure_disks;
            let others = disks.managed.iter().filter(|disk| !own.contains(disk));
            others.count() + disks.count.saturating_sub(disks.managed.len())
        }
        _ => match &deep.disks {
            Some(own) => disks.count.saturating_sub(own.len()),
            None => return doubt("which disks replicate home is not told"),
        },
    };
    match added {
        0 => passed("every disk of the Azure VM replicates home"),
        1 => failed("1 disk of the Azure VM does not replicate home"),
        n => failed(format!("{n} disks of the Azure VM do not replicate home")),
    }
}

/// Told only before it is protected home.
pub fn no_fixed_address(m: &Machine<'_>) -> Verdict {
    match m.deep()?.more.fixed_address {
        Some(false) => passed("its address at home comes from DHCP"),
        Some(true) => {
            failed("its address at home is fixed, and a modernised failback does not keep it")
        }
        None => doubt(
            "whether its address at home is fixed is not told; a fixed one is not kept by a \
             modernised failback",
        ),
    }
}
