//! Hyper-V to another host than the machine came from \[003\].

use super::hyper_v::{connected, listed, way};
use crate::domain::infrastructure::FabricKind;
use crate::domain::{ArmId, Text};
use crate::readiness::ask::{Doubt, Machine, Said, Verdict, doubt, failed, judge, not_for, passed};

const AT_HOME: &str = "it goes to the host that it came from";

/// The other host, with what people call it.
fn other(m: &Machine<'_>) -> Result<Option<(ArmId, String)>, Doubt> {
    let Some(id) = way(m).host else {
        return Ok(None);
    };
    let name = listed(m, &id)?.map(|registrar| registrar.name.to_string());
    let name = name.unwrap_or_else(|| id.name().to_owned());
    Ok(Some((id, name)))
}

/// Its Windows and its roles are nothing that Azure tells; that it is not even connected is.
pub fn host_can(m: &Machine<'_>) -> Verdict {
    let Some((id, name)) = other(m)? else {
        return not_for(AT_HOME);
    };
    let Some(registrar) = listed(m, &id)? else {
        return failed(format!("the vault knows no host {name}"));
    };
    match connected(m, registrar)? {
        Said::Failed(why) => failed(why),
        _ => doubt(format!(
            "Azure does not tell the version of Windows and the roles of {name}"
        )),
    }
}

pub fn same_switch(m: &Machine<'_>) -> Verdict {
    let Some((_, name)) = other(m)? else {
        return not_for(AT_HOME);
    };
    let switches: Vec<&str> = m.deep()?.more.switches.iter().map(Text::as_str).collect();
    let called = match switches.as_slice() {
        [] => "its switch, whose name is not told".to_owned(),
        all => all.join(", "),
    };
    doubt(format!(
        "Azure does not see the virtual switches of {name}; it needs {called}"
    ))
}

/// Whatever the plan ticks: on another host there is no machine to go back to.
pub fn is_created(m: &Machine<'_>) -> Verdict {
    let way = way(m);
    match way.host {
        None => not_for(AT_HOME),
        Some(_) => judge(
            way.create_vm,
            "it is created there",
            "the plan does not say so, and it is created there nevertheless",
        ),
    }
}

pub fn is_another_host(m: &Machine<'_>) -> Verdict {
    let Some((id, name)) = other(m)? else {
        return not_for(AT_HOME);
    };
    let Some(registrar) = listed(m, &id)? else {
        return failed(format!("the vault knows no host {name}"));
    };
    if !matches!(registrar.kind, FabricKind::HyperVSite | FabricKind::Vmm) {
        return failed(format!("{name} is no Hyper-V host"));
    }
    if id.up_to("vaults") != m.id.up_to("vaults") {
        return failed(format!("{name} belongs to another vault"));
    }
    let Some(own) = &m.deep()?.more.registrar else {
        return doubt("which host it came from is not told");
    };
    match *own == id {
        true => failed(format!("{name} is the host that it came from")),
        false => passed(format!("{name} is another host")),
    }
}
