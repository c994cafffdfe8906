//! The master target, its retention drive and its datastores.

use crate::domain::infrastructure::{Component, Datastore, Role, Volume};
use crate::domain::plan::{Location, Target};
use crate::readiness::ask::{
    Doubt, Machine, Server, Verdict, chosen, doubt, failed, judge, known, passed,
};

/// Most disks attached to a master target at a time \[002\].
const SLOTS: usize = 60;

/// "No heartbeat from the master target", in the service's own judgement (error-codes.md).
const LOST: &str = "78022";

fn is_mt(role: &Role) -> bool {
    matches!(role, Role::MasterTarget { .. })
}

/// A master target whose host's datastores are discovered.
pub fn sees_datastores(role: &Role) -> bool {
    matches!(role, Role::MasterTarget { datastores, .. } if !datastores.is_empty())
}

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

/// The one that the plan chose; in a recovery plan the one that the machine replicates to.
fn wanted<'a>(m: &Machine<'a>) -> Result<&'a str, Doubt> {
    if m.whole.protection().is_some() {
        return chosen(&m.classic()?.master_target, "master target");
    }
    let told = &m.deep()?.ties.master_target;
    if told.is_empty() {
        return doubt("which master target it replicates to is not told");
    }
    Ok(told.as_str())
}

fn listed<'a>(m: &Machine<'a>) -> Result<Option<&'a Component>, Doubt> {
    let own = wanted(m)?;
    let mut all = m.servers(is_mt)?;
    Ok(all.find(|mt| mt.id.as_str().eq_ignore_ascii_case(own)))
}

fn own<'a>(m: &Machine<'a>) -> Result<MasterTarget<'a>, Doubt> {
    let component = listed(m)?.and_then(view);
    component.map_or_else(|| doubt("the master target is not listed (MT-18)"), Ok)
}

pub fn registered(m: &Machine<'_>) -> Verdict {
    let Some(component) = listed(m)? else {
        return failed("the configuration server does not list it");
    };
    judge(
        component.problems.iter().all(|p| p.code.as_str() != LOST),
        "it is listed",
        format!("{} is listed and sends no heartbeat", component.name),
    )
}

/// `WINDOWS`, `Linux`, or a full name of either.
pub fn family(os: &str) -> Option<&'static str> {
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
    let mut name = "it";
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
            name = component.name.as_str();
        }
    }
    let total = wanted + attached.unwrap_or(0);
    match (total > SLOTS, unclear, attached) {
        (true, ..) => failed(format!(
            "{name} would hold {total} disks; the limit is {SLOTS}"
        )),
        (_, Some(doubt), _) => Err(doubt),
        (_, _, None) => doubt(format!("how many disks {name} holds is not told")),
        _ => passed(format!("{name} would hold {total} disks of {SLOTS}")),
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

/// The disks of every machine of the plan that goes to a datastore of this name. A machine that
/// goes home to the VM it came from needs room only if its disks are not there any more, which
/// Azure does not see \[001\].
pub fn datastore_room(m: &Machine<'_>) -> Verdict {
    let Some(datastore) = datastore(m)? else {
        return failed("the master target's host does not see the datastore");
    };
    let (mut surely, mut perhaps, mut unclear) = (0_u64, 0_u64, false);
    for other in m.whole.machines() {
        let Ok(target) = other.protected().map(|own| &own.target) else {
            continue;
        };
        let here =
            matches!(target, Target::Classic(t) if t.datastore.as_ref() == Some(&datastore.name));
        if !here {
            continue;
        }
        let disks = other.deep().ok().and_then(|deep| deep.disks.as_ref());
        unclear |= disks.is_none_or(|disks| disks.contains(&None));
        let told = disks.into_iter().flatten().flatten();
        let need = told.fold(0_u64, |sum, disk| sum.saturating_add(*disk));
        match target.location() {
            Location::Original => perhaps = perhaps.saturating_add(need),
            Location::Alternate { .. } => surely = surely.saturating_add(need),
        }
    }
    match datastore.free {
        None => doubt("its free space is not told"),
        Some(free) if free.0 < surely => failed("it has less room than the plan's disks need"),
        Some(_) if unclear => doubt("the size of a disk is not told"),
        Some(free) if free.0 < surely.saturating_add(perhaps) => doubt(
            "it has room only if the disks of the machines that go to their original location are \
             still there",
        ),
        Some(free) => passed(format!("{free} free")),
    }
}

/// Azure refuses a policy of the other direction.
pub fn right_policy(m: &Machine<'_>) -> Verdict {
    let returned = m.whole.returning().and_then(|r| r.machine(m.id));
    let (choice, wanted) = match returned {
        Some(own) => (&own.target.policy, "InMageAzureV2"),
        None => (&m.classic()?.policy, "InMage"),
    };
    let Some(id) = choice else {
        return doubt("no policy was chosen");
    };
    match m.whole.policy(id)? {
        None => failed("the vault has no such policy"),
        Some(policy) => judge(
            policy.kind.as_str().eq_ignore_ascii_case(wanted),
            format!("{} is one", policy.name),
            format!("{} is a policy of the kind {}", policy.name, policy.kind),
        ),
    }
}
