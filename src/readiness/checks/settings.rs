//! What somebody chose and Azure's interface cannot carry out: no field of any request holds it
//! (asr-rest.md 11). It is kept in the plan; nothing is silently ignored.

use crate::domain::plan::{MachineSettings, Replication, RetentionUnit};
use crate::readiness::ask::{Machine, Verdict, Whole, failed, not_for};

const CS: &str = "a connection to the configuration server would carry it out; this site has none";
const VCENTER: &str = "a connection to the vCenter would carry it out; this site has none";

/// What was chosen beyond what Azure can do, and who would carry it out.
fn carried_by(who: &str, chosen: Option<String>) -> Verdict {
    match chosen {
        None => not_for("nothing was chosen that Azure cannot do"),
        Some(what) => failed(format!("{what}: {who}")),
    }
}

fn replication(w: &Whole<'_>, pick: fn(&Replication) -> Option<String>) -> Verdict {
    let chosen = w.protection().and_then(|p| pick(&p.replication));
    carried_by(CS, chosen)
}

pub fn retention_size(w: &Whole<'_>) -> Verdict {
    replication(w, |r| {
        Some(format!("retention of {} MiB", r.retention_size?))
    })
}

pub fn retention_value(w: &Whole<'_>) -> Verdict {
    replication(w, |r| {
        let usual = Replication::default();
        let same =
            (r.retention_value, r.retention_unit) == (usual.retention_value, usual.retention_unit);
        let unit = match r.retention_unit {
            RetentionUnit::Days => "days",
            RetentionUnit::Hours => "hours",
        };
        (!same).then(|| format!("retention of {} {unit}", r.retention_value))
    })
}

pub fn consistency_interval(w: &Whole<'_>) -> Verdict {
    replication(w, |r| {
        let same = r.consistency_interval == Replication::default().consistency_interval;
        (!same).then(|| format!("a consistent point every {} hours", r.consistency_interval))
    })
}

pub fn nat_to_process_server(w: &Whole<'_>) -> Verdict {
    let address = w.protection().and_then(|p| p.nat.process_server.as_ref());
    let what = address.map(|a| format!("the process server behind {a}"));
    carried_by(CS, what)
}

pub fn nat_to_master_target(w: &Whole<'_>) -> Verdict {
    let address = w.protection().and_then(|p| p.nat.master_target.as_ref());
    let what = address.map(|a| format!("the master target behind {a}"));
    carried_by(CS, what)
}

fn machine(m: &Machine<'_>, pick: fn(&MachineSettings) -> Option<String>) -> Verdict {
    let chosen = m.protected().ok().and_then(|own| pick(&own.settings));
    carried_by(VCENTER, chosen)
}

pub fn network(m: &Machine<'_>) -> Verdict {
    machine(m, |s| {
        let n = s.adapters.len();
        let are = if n == 1 {
            "1 adapter"
        } else {
            "several adapters"
        };
        (n > 0).then(|| format!("network and address of {are}"))
    })
}

pub fn hardware(m: &Machine<'_>) -> Verdict {
    machine(m, |s| {
        let cpus = s.cpus.map(|n| format!("{n} processors"));
        let memory = s.memory.map(|n| format!("{n} MiB of memory"));
        let both: Vec<_> = cpus.into_iter().chain(memory).collect();
        (!both.is_empty()).then(|| both.join(" and "))
    })
}

pub fn display_name(m: &Machine<'_>) -> Verdict {
    machine(m, |s| {
        Some(format!("the name {}", s.display_name.as_ref()?))
    })
}

pub fn folder(m: &Machine<'_>) -> Verdict {
    machine(m, |s| Some(format!("the folder {}", s.folder.as_ref()?)))
}
