//! Name, size, tools, services.

use super::{Lost, both, unknown};
use crate::domain::guest::compare::Outcome;
use crate::domain::guest::model::{Guest, Presence, StartMode};
use crate::domain::guest::record::{Record, Spot};

/// Services that belong to Azure, or to Site Recovery, and are not missed at home. Lower case.
const OF_AZURE: &[&str] = &[
    "windowsazureguestagent",
    "rdagent",
    "windowsazuretelemetryservice",
    "windowsazurenetagentsvc",
    "walinuxagent",
    "waagent",
    "walinuxagent-network-setup",
    "azure-vm-utils",
    "hv-kvp-daemon",
    "hv_kvp_daemon",
    "hypervkvpd",
    "hypervvssd",
    "hv-vss-daemon",
    "svagents",
    "inmage scout application service",
    "frsvc",
    "vxagent",
    "obengine",
];

pub(super) fn host(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let first = |name: &str| {
        name.split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let (was, is) = (first(before.host.as_str()), first(now.host.as_str()));
    match (was.is_empty(), is.is_empty()) {
        (false, false) if was == is => Outcome::Same,
        (false, false) => Outcome::of(vec![Lost::Name {
            was: before.host.clone(),
            now: now.host.clone(),
        }]),
        _ => unknown("what it calls itself was not read on both sides"),
    }
}

/// The failover to Azure removes the package \[002\]: that it was not there in Azure tells nothing of home.
pub(super) fn network_manager(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both(
        "the packages",
        &before.network_manager,
        &now.network_manager,
    ) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    match (was.installed, is.installed) {
        (true, false) => Outcome::of(vec![Lost::NetworkManager { installed: false }]),
        (true, true) if was.running == Some(true) && is.running == Some(false) => {
            Outcome::of(vec![Lost::NetworkManager { installed: true }])
        }
        (true, true) if is.running.is_none() => unknown("whether it runs is not told"),
        (true, true) if was.running.is_none() && is.running == Some(false) => {
            unknown("it does not run; whether it did when it was recorded is not told")
        }
        (false, false) if record.spot != Spot::Home => unknown(
            "it was not there in Azure either, where the failover removes it; whether it was there at home was not recorded",
        ),
        _ => Outcome::Same,
    }
}

/// At home they are to run, whatever they did in Azure \[001\].
pub(super) fn tools(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    let Some(is) = now.tools else {
        return unknown("whether they are installed was not read now");
    };
    let never = record.spot == Spot::Home && before.tools.is_some_and(|t: Presence| !t.installed);
    match (is.installed, is.running) {
        _ if never => Outcome::Same,
        (true, Some(true)) => Outcome::Same,
        (true, None) => unknown("whether they run is not told"),
        (installed, _) => Outcome::of(vec![Lost::Tools { installed }]),
    }
}

/// Those that started by themselves and ran.
pub(super) fn services(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("services", &before.services, &now.services) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let own = was.iter().filter(|s| {
        let name = s
            .name
            .as_str()
            .trim_end_matches(".service")
            .to_ascii_lowercase();
        s.start == StartMode::Automatic
            && s.running != Some(false)
            && !OF_AZURE.contains(&name.as_str())
    });
    let mut lost = Vec::new();
    let mut open = 0;
    for service in own {
        let found = is
            .iter()
            .find(|s| s.name.as_str().eq_ignore_ascii_case(service.name.as_str()));
        match found {
            Some(s) if s.running == Some(true) => {}
            Some(s) if s.running.is_none() => open += 1,
            // Nothing says that it ran before.
            _ if service.running.is_none() => open += 1,
            other => lost.push(Lost::Service {
                name: service.name.clone(),
                listed: other.is_some(),
            }),
        }
    }
    match (lost.is_empty(), open) {
        (true, 1..) => unknown("of some the system does not say whether they run"),
        _ => Outcome::of(lost),
    }
}

/// Recorded in Azure it is the size of the VM there, which is another one.
pub(super) fn size(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    if record.spot != Spot::Home {
        return unknown("what it had at home was not recorded");
    }
    let mut lost = Vec::new();
    match (before.cpus, now.cpus) {
        (Some(was), Some(now)) if was != now => lost.push(Lost::Cpus { was, now }),
        (Some(_), Some(_)) => {}
        _ => return unknown("processors were not read on both sides"),
    }
    match (before.memory, now.memory) {
        // Firmware and kernel keep some, not always as much.
        (Some(was), Some(now)) if was.0.abs_diff(now.0) > was.0 / 16 => {
            lost.push(Lost::Memory { was, now });
        }
        (Some(_), Some(_)) => {}
        _ if lost.is_empty() => return unknown("memory was not read on both sides"),
        _ => {}
    }
    Outcome::of(lost)
}
