//! Replication groups. A group is the same id on two items or more (asr-rest.md 13).

use super::target::family;
use crate::readiness::ask::{
    Doubt, Machine, Verdict, Whole, doubt, failed, judge, not_for, passed,
};
use crate::readiness::facts::Sibling;

/// The machine's group with itself; none where it is alone with its id.
pub fn group<'a>(m: &Machine<'a>) -> Result<Option<Vec<&'a Sibling>>, Doubt> {
    let own = m.item()?.group_id.as_str();
    if own.is_empty() {
        return Ok(None);
    }
    let same = |s: &&Sibling| s.group_id.as_str().eq_ignore_ascii_case(own);
    let all: Vec<_> = m.whole.siblings()?.iter().filter(same).collect();
    Ok((all.len() > 1).then_some(all))
}

/// By the family: the same system is spelt in several ways. Lists leave the system out for some
/// classes; the machines of the plan were read by themselves.
pub fn one_os(m: &Machine<'_>) -> Verdict {
    let Some(group) = group(m)? else {
        return not_for("it is in no replication group");
    };
    let read = m.whole.machines();
    let system = |s: &&Sibling| {
        let own = read.iter().find(|machine| *machine.id == s.id);
        let own = own.and_then(|machine| machine.item().ok());
        own.and_then(|item| family(item.os.as_str()))
            .or_else(|| family(s.os.as_str()))
    };
    let systems: Vec<Option<&str>> = group.iter().map(system).collect();
    let mixed = systems.contains(&Some("windows")) && systems.contains(&Some("linux"));
    match systems.first() {
        _ if mixed => failed("the replication group mixes Windows and Linux"),
        Some(Some(first)) if systems.iter().all(Option::is_some) => {
            passed(format!("all run {first}"))
        }
        _ => doubt("the system of a machine in the group is not told"),
    }
}

pub fn one_master_target(m: &Machine<'_>) -> Verdict {
    let Some(group) = group(m)? else {
        return not_for("it is in no replication group");
    };
    let Some(own) = m.classic()?.master_target.as_ref() else {
        return doubt("no master target was chosen (GRP-04)");
    };
    let plan = m.whole.protection();
    let mut others = group.iter().filter_map(|s| plan?.machine(&s.id));
    let other = others.find(|o| {
        let server = o.target.server();
        server.is_some_and(|s| !s.eq_ignore_ascii_case(own.as_str()))
    });
    match other {
        Some(other) => failed(format!("{} goes to another master target", other.name)),
        None => passed("the group goes to one master target"),
    }
}

pub fn whole(m: &Machine<'_>) -> Verdict {
    let Some(group) = group(m)? else {
        return not_for("it is in no replication group");
    };
    let planned = m.whole.plan.machines();
    let missing: Vec<&str> = group
        .iter()
        .filter(|s| !planned.contains(&&s.id))
        .map(|s| s.name.as_str())
        .collect();
    judge(
        missing.is_empty(),
        "the whole group is in the plan",
        format!("of its group the plan lacks {}", missing.join(", ")),
    )
}

pub fn values_for_all(w: &Whole<'_>) -> Verdict {
    let machines = w.protection().map(|p| p.machines.as_slice());
    let lacking: Vec<String> = machines
        .unwrap_or_default()
        .iter()
        .filter(|m| !m.target.missing().is_empty())
        .map(|m| format!("{} lacks {}", m.name, m.target.missing().join(", ")))
        .collect();
    judge(
        lacking.is_empty(),
        "every value is chosen",
        lacking.join("; "),
    )
}

/// Each machine of a group goes to its own point; a common one exists only through a recovery plan of
/// the vault (asr-rest.md 13).
pub fn one_moment(m: &Machine<'_>) -> Verdict {
    let Some(group) = group(m)? else {
        return not_for("it is in no replication group");
    };
    let planned = m.whole.plan.machines();
    let missing = group.iter().filter(|s| !planned.contains(&&s.id));
    let missing: Vec<&str> = missing.map(|s| s.name.as_str()).collect();
    match missing.is_empty() {
        true => failed("each machine of the group goes to a moment of its own"),
        false => failed(format!(
            "each machine of the group goes to a moment of its own, and the plan lacks {}",
            missing.join(", ")
        )),
    }
}
