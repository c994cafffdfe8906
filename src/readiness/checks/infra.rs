//! The configuration server, its vCenters, and whom it knows.

use jiff::Timestamp;

use crate::domain::infrastructure::{Component, Role};
use crate::domain::plan::Location;
use crate::domain::{Health, Level};
use crate::readiness::ask::{
    Machine, Said, Verdict, chosen, doubt, failed, judge, not_for, passed,
};
use crate::readiness::facts::VCenter;

use super::target::sees_datastores;

/// So old may a discovery be, and a heartbeat that is to prove something (rules-with-judgement.md,
/// Being older proves nothing: eleven minutes are everyday (asr-rest.md 13).
const RECENT: i64 = 30 * 60;

/// Whether a heartbeat proves that somebody was there at `now`, by the service's clock.
fn recent(heartbeat: Option<Timestamp>, now: Timestamp) -> bool {
    heartbeat.is_some_and(|beat| now.as_second() - beat.as_second() <= RECENT)
}

/// A fabric is as bad as the worst of its servers: one that is lost beside a good one says nothing
/// about the configuration server.
pub fn configuration_server(m: &Machine<'_>) -> Verdict {
    let (fabric, at) = m.fabric_at()?;
    let name = &fabric.name;
    let is_cs = |c: &&Component| c.role == Role::ConfigurationServer;
    let Some(server) = fabric.components.iter().find(is_cs) else {
        return doubt(format!("{name}: the configuration server is not told"));
    };
    if let Health::Other(status) = &server.health {
        return failed(format!("{name}: its service is {status}"));
    }
    match &fabric.health {
        Health::Normal | Health::Warning => passed(format!("{name}: {}", fabric.health.word())),
        Health::Unknown => doubt(format!("{name}: its health is not stated")),
        Health::Other(word) => doubt(format!("{name}: the health {word} is not known")),
        Health::Critical if recent(server.heartbeat, at) => {
            passed(format!("{name}: it reports, though the site is critical"))
        }
        Health::Critical => {
            let bad = |c: &&Component| {
                c.role != Role::ConfigurationServer
                    && (c.health == Health::Critical
                        || c.problems.iter().any(|p| p.level == Level::Error))
            };
            match fabric.components.iter().find(bad) {
                Some(other) => doubt(format!(
                    "{name} is critical; it may be {} {} alone",
                    other.role.words(),
                    other.name
                )),
                None => failed(format!("{name} is critical and is not heard of")),
            }
        }
    }
}

pub fn registered(m: &Machine<'_>) -> Verdict {
    let all = m.registrations()?;
    if all.iter().any(|r| r.by_id) {
        return passed("it is registered");
    }
    match all.first() {
        Some(_) => doubt("only a registration of its name is there, none of its ids"),
        None => failed("no registration has one of its ids, nor its name"),
    }
}

/// Two are normal for a failed-over machine; the service chooses (asr-rest.md 13).
pub fn two_registrations(m: &Machine<'_>) -> Verdict {
    let count = m.registrations()?.len();
    judge(
        count <= 2,
        format!("registrations: {count}"),
        format!("{count} registrations, where two are usual"),
    )
}

/// Azure names no state that says "connected" (only `Pending`, for a new one, is documented): a
/// vCenter counts as connected when no error is reported of it and the service heard of it lately,
/// measured against what else the same site reported (asr-rest.md 13).
fn connected(m: &Machine<'_>, vcenter: &VCenter) -> Verdict {
    let (name, status) = (&vcenter.name, &vcenter.discovery);
    if let Some(error) = vcenter.errors.first() {
        return failed(format!("{name}: {error}"));
    }
    let word = status.as_str().to_ascii_lowercase();
    let bad = ["fail", "error", "disconnect", "notconnect", "invalid"];
    if bad.iter().any(|bad| word.contains(bad)) {
        return failed(format!("{name}: its discovery is {status}"));
    }
    if word.contains("pending") || word.contains("notstarted") {
        return doubt(format!("{name}: its discovery is {status}"));
    }
    let fabric = m.fabric()?;
    match fabric.newest {
        Some(newest) if recent(vcenter.heartbeat, newest) => {
            passed(format!("{name}: heard of, and without errors"))
        }
        _ => doubt(format!("{name}: whether it is connected is not told")),
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
    if m.servers(sees_datastores)?.next().is_none() {
        return failed("no master target sees a datastore");
    }
    connected(m, own)
}

/// Each of the fabric's vCenters, as nobody says which is the machine's. One that is not connected
/// beside another leaves that open.
pub fn vcenter_connected(m: &Machine<'_>) -> Verdict {
    let all = m.vcenters()?;
    if let [only] = all.as_slice() {
        return connected(m, only);
    }
    if all.is_empty() {
        return not_for("there is no vCenter (INF-14)");
    }
    for vcenter in all {
        if !matches!(connected(m, vcenter)?, Said::Passed(_)) {
            let name = &vcenter.name;
            return doubt(format!(
                "{name} is not connected; the machine's may be another"
            ));
        }
    }
    passed("every vCenter of the site is connected")
}

pub fn master_target_discovered(m: &Machine<'_>) -> Verdict {
    let any = m.servers(sees_datastores)?.next().is_some();
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
    let mut seeing = m.servers(sees_datastores)?;
    judge(
        seeing.any(|mt| mt.id.as_str().eq_ignore_ascii_case(own)),
        "the master target's host is discovered",
        "the master target's host is not discovered",
    )
}
