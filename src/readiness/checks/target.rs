//! The master target, its retention drive and its datastores.

use crate::domain::infrastructure::{Component, Datastore, Role, Volume};
use crate::domain::plan::Target;
use crate::readiness::ask::{
    Doubt, Machine, Server, Verdict, chosen, doubt, failed, judge, known, passed,
};

/// Most disks attached to a master target at a time \[002\].
const SLOTS: usize = 60;

/// What Azure tells of one master target.
struct MasterTarget<'a> {
    os: &'a str,
    retention: &'a [Volume],
    datastores: &'a [Datastore],
}

fn view(component: &Component) -> Option<MasterTarget<'_>> {
    match &component.role {
        Role::MasterTarget {
            os,
            retention,
            datastores,
            ..
        } => Some(MasterTarget {
            os: os.as_str(),
            retention,
            datastores,
        }),
        _ => None,
    }
}

fn listed<'a>(m: &Machine<'a>) -> Result<Option<MasterTarget<'a>>, Doubt> {
    let own = chosen(&m.classic()?.master_target, "master target")?;
    let mut all = m.servers(|role| matches!(role, Role::MasterTarget { .. }))?;
    Ok(all
        .find(|mt| mt.id.as_str().eq_ignore_ascii_case(own))
        .and_then(view))
}

fn own<'a>(m: &Machine<'a>) -> Result<MasterTarget<'a>, Doubt> {
    listed(m)?.map_or_else(|| doubt("the master target is not listed (MT-18)"), Ok)
}

pub fn registered(m: &Machine<'_>) -> Verdict {
    judge(
        listed(m)?.is_some(),
        "it is listed",
        "the configuration server does not list it",
    )
}

/// `WINDOWS`, `Linux`, or a full name of either.
fn family(os: &str) -> Option<&'static str> {
    let os = os.to_ascii_lowercase();
    let known = ["windows", "linux"];
    known.into_iter().find(|family| os.contains(family))
}

pub fn same_os(m: &Machine<'_>) -> Verdict {
    match (family(m.item()?.os.as_str()), family(own(m)?.os)) {
        (Some(machine), Some(target)) => judge(
            machine == target,
            format!("both run {machine}"),
            format!("the machine runs {machine}, the master target {target}"),
        ),
        _ => doubt("the system of the machine or of the master target is not known"),
    }
}

/// Disks already attached and those of every machine of the plan that goes there.
pub fn disk_slots(s: &Server<'_>) -> Verdict {
    let Some(protection) = s.whole.protection() else {
        return doubt("the plan protects nothing");
    };
    let (mut attached, mut unclear, mut wanted) = (None, None, 0);
    for machine in s.whole.machines() {
        let user = protection.machine(machine.id);
        if !protection.users(s.id).any(|u| Some(u) == user) {
            continue;
        }
        if user.is_some_and(|u| matches!(u.target, Target::Modernised(_))) {
            return crate::readiness::ask::not_for("it is no master target");
        }
        match machine.deep().map(|deep| deep.disks.as_ref()) {
            Ok(Some(disks)) => wanted += disks.len(),
            Ok(None) => unclear = Some(Doubt("how many disks a machine has is not told".into())),
            Err(doubt) => unclear = Some(doubt),
        }
    }
    for component in known(&s.whole.facts.fabrics)?
        .iter()
        .flat_map(|f| &f.components)
    {
        if let Role::MasterTarget { disks, .. } = &component.role
            && component.id.as_str().eq_ignore_ascii_case(s.id)
        {
            attached = disks.map(|disks| disks as usize);
        }
    }
    let total = wanted + attached.unwrap_or(0);
    match (total > SLOTS, unclear, attached) {
        (true, ..) => failed(format!("it would hold {total} disks; the limit is {SLOTS}")),
        (_, Some(doubt), _) => Err(doubt),
        (_, _, None) => doubt("how many disks the master target holds is not told"),
        _ => passed(format!("it would hold {total} disks of {SLOTS}")),
    }
}

fn supported(kind: &str) -> Option<bool> {
    match kind.to_ascii_lowercase().as_str() {
        "" => None,
        "vmfs" | "vsan" => Some(true),
        _ => Some(false),
    }
}

pub fn sees_a_datastore(m: &Machine<'_>) -> Verdict {
    let datastores = own(m)?.datastores;
    let kinds = || datastores.iter().map(|d| supported(d.kind.as_str()));
    if kinds().any(|kind| kind == Some(true)) {
        return passed("it sees a VMFS or vSAN datastore");
    }
    if kinds().any(|kind| kind.is_none()) {
        return doubt("the kind of its datastores is not told");
    }
    failed("its host has no VMFS datastore")
}

pub fn retention_drive(m: &Machine<'_>) -> Verdict {
    let any = !own(m)?.retention.is_empty();
    judge(
        any,
        "it has one",
        "the master target has no drive for retention",
    )
}

pub fn retention_list(m: &Machine<'_>) -> Verdict {
    let any = !own(m)?.retention.is_empty();
    judge(
        any,
        "the list is not empty",
        "the list of retention drives is empty",
    )
}

fn volume<'a>(m: &Machine<'a>) -> Result<Option<&'a Volume>, Doubt> {
    let name = chosen(&m.classic()?.retention, "retention drive")?;
    let mut all = own(m)?.retention.iter();
    Ok(all.find(|v| v.name.as_str().eq_ignore_ascii_case(name)))
}

pub fn retention_appeared(m: &Machine<'_>) -> Verdict {
    judge(
        volume(m)?.is_some(),
        "it is listed",
        "the chosen drive is not listed yet",
    )
}

pub fn retention_has_room(m: &Machine<'_>) -> Verdict {
    match volume(m)?.map(|volume| volume.capacity) {
        Some(Some(capacity)) => judge(
            capacity.0 > 0,
            format!("{capacity}"),
            "its capacity is zero",
        ),
        Some(None) => doubt("its capacity is not told"),
        None => failed("the chosen drive is not listed"),
    }
}

fn datastore<'a>(m: &Machine<'a>) -> Result<Option<&'a Datastore>, Doubt> {
    let name = chosen(&m.classic()?.datastore, "datastore")?;
    let mut all = own(m)?.datastores.iter();
    Ok(all.find(|d| d.name.as_str() == name))
}

pub fn datastore_kind(m: &Machine<'_>) -> Verdict {
    let Some(datastore) = datastore(m)? else {
        return doubt("the datastore is not visible (DS-11)");
    };
    let kind = &datastore.kind;
    match supported(kind.as_str()) {
        None => doubt("its kind is not told"),
        Some(ok) => judge(ok, format!("it is {kind}"), format!("it is {kind}")),
    }
}

/// The disks of every machine of the plan that goes to a datastore of this name.
pub fn datastore_room(m: &Machine<'_>) -> Verdict {
    let Some(datastore) = datastore(m)? else {
        return failed("the master target's host does not see the datastore");
    };
    let (mut need, mut unclear) = (0_u64, false);
    for other in m.whole.machines() {
        let same = |t: &&_| matches!(t, Target::Classic(t) if t.datastore.as_ref() == Some(&datastore.name));
        if other
            .protected()
            .ok()
            .map(|p| &p.target)
            .filter(same)
            .is_none()
        {
            continue;
        }
        let disks = other.deep().ok().and_then(|deep| deep.disks.as_ref());
        unclear |= disks.is_none_or(|disks| disks.contains(&None));
        need = disks
            .into_iter()
            .flatten()
            .flatten()
            .fold(need, |sum, d| sum.saturating_add(*d));
    }
    match datastore.free {
        None => doubt("its free space is not told"),
        Some(free) if free.0 < need => failed("it has less room than the plan's disks need"),
        Some(_) if unclear => doubt("the size of a disk is not told"),
        Some(free) => passed(format!("{free} free")),
    }
}
