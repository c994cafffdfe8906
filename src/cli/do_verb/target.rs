//! Where `do protect` and `do protect-to-azure` send a machine.

use super::pick::Wanted;
use crate::cli::arguments::{HomeOptions, Os, ReturnOptions};
use crate::cli::output::Complaint;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::offers::{Offered, System};
use crate::domain::plan::{
    ClassicTarget, Location, MachineSettings, ModernisedTarget, Protected, ReturnTarget, Target,
};
use crate::domain::{Generation, Machine, Offers, Policy, Text};

/// A machine of the protection plan behind `do protect`.
pub fn protected(
    offers: &Offers,
    offered: &Offered,
    said: &HomeOptions,
) -> Result<Protected, Complaint> {
    let machine = &*offered.machine;
    let target = match machine.provider().generation() {
        Some(Generation::Modernised) => Target::Modernised(modernised(offers, offered, said)?),
        _ => Target::Classic(classic(offers, machine, said)?),
    };
    Ok(Protected {
        id: machine.id.clone(),
        name: machine.name.clone(),
        azure_vm: machine.azure_vm.clone(),
        target,
        offline_temporary: said.offline_temporary_disk,
        settings: MachineSettings::default(),
    })
}

fn classic(
    offers: &Offers,
    machine: &Machine,
    said: &HomeOptions,
) -> Result<ClassicTarget, Complaint> {
    let wanted = |flag, what| Wanted::of(offers, machine, flag, what);
    let process_server = process_server(offers, machine, said.process_server.as_deref())?;
    let master_target = master_target(offers, machine, said.master_target.as_deref())?;
    let Role::MasterTarget {
        retention,
        datastores,
        ..
    } = &master_target.role
    else {
        return Err(wanted("--master-target", "master target").none());
    };
    let named = |name: &Text| (name.clone(), name.clone());
    let volumes = retention.iter().map(|volume| named(&volume.name));
    let stores = datastores.iter().map(|datastore| named(&datastore.name));
    let retention =
        wanted("--retention", "retention drive").pick(said.retention.as_deref(), volumes)?;
    let datastore = wanted("--datastore", "datastore").pick(said.datastore.as_deref(), stores)?;
    let policy = match (&said.policy, offers.preferred_policy(machine)) {
        (None, Some(preferred)) => preferred.id.clone(),
        (said, _) => wanted("--policy", "failback policy").pick_id(
            said.as_deref(),
            named_policies(offers.failback_policies(&machine.id)),
        )?,
    };
    Ok(ClassicTarget {
        location: Location::Original,
        process_server: Some(process_server),
        master_target: Some(master_target.id.clone()),
        retention: Some(retention),
        datastore: Some(datastore),
        account: account(offers, machine, said.account.as_deref())?,
        policy: Some(policy),
    })
}

fn modernised(
    offers: &Offers,
    offered: &Offered,
    said: &HomeOptions,
) -> Result<ModernisedTarget, Complaint> {
    let machine = &*offered.machine;
    let wanted = |flag, what| Wanted::of(offers, machine, flag, what);
    let agents = offers.reprotect_agents(&machine.id);
    let named = |a: &crate::domain::offers::Agent<'_>| (a.server.id.clone(), a.server.name.clone());
    let agent = wanted("--reprotect-agent", "reprotect agent")
        .pick(said.reprotect_agent.as_deref(), agents.iter().map(named))?;
    let chosen = agents.iter().find(|a| a.server.id == agent);
    let stores = chosen.map_or(&[][..], |a| a.datastores);
    let stores = stores.iter().map(|name| (name.clone(), name.clone()));
    let datastore = wanted("--datastore", "datastore").pick(said.datastore.as_deref(), stores)?;
    // As it was on the way to Azure, where nobody says otherwise.
    let before = offered.detail().and_then(|d| d.stores.log.clone());
    let log_storage = match (&said.log_storage, before) {
        (None, Some(before)) => before,
        (said, _) => {
            let all = offers.log_storage();
            let all = all.iter().map(|s| (s.id.clone(), s.id.name().into()));
            wanted("--log-storage", "log storage account").pick_id(said.as_deref(), all)?
        }
    };
    Ok(ModernisedTarget {
        location: Location::Original,
        reprotect_agent: Some(agent),
        datastore: Some(datastore),
        log_storage: Some(log_storage),
    })
}

/// The target of `do protect-to-azure`.
pub fn returning(
    offers: &Offers,
    offered: &Offered,
    said: &ReturnOptions,
) -> Result<ReturnTarget, Complaint> {
    let machine = &*offered.machine;
    if machine.provider().generation() == Some(Generation::HyperV) {
        return hyper_v(offers, offered, said);
    }
    let policy = match (&said.policy, offers.preferred_forward(offered)) {
        (None, Some(preferred)) => preferred.id.clone(),
        (said, _) => Wanted::of(offers, machine, "--policy", "replication policy").pick_id(
            said.as_deref(),
            named_policies(offers.forward_policies(machine)),
        )?,
    };
    let server = process_server(offers, machine, said.process_server.as_deref())?;
    Ok(ReturnTarget {
        process_server: Some(server),
        account: account(offers, machine, said.account.as_deref())?,
        policy: Some(policy),
        ..ReturnTarget::default()
    })
}

fn hyper_v(
    offers: &Offers,
    offered: &Offered,
    said: &ReturnOptions,
) -> Result<ReturnTarget, Complaint> {
    let machine = &*offered.machine;
    let Some(host_vm) = &offered.host_vm else {
        return Err(Complaint::usage(
            format!(
                "Which machine {} is on its Hyper-V host is not known.",
                machine.name
            ),
            "Wait until its host has reported it to Azure, then try again.",
        ));
    };
    let os = match (said.os, offered.system()) {
        (Some(Os::Windows), _) | (None, System::Windows) => "Windows",
        (Some(Os::Linux), _) | (None, System::Linux) => "Linux",
        (None, System::Unknown) => {
            return Err(Complaint::usage(
                format!(
                    "Azure does not tell the operating system of {}.",
                    machine.name
                ),
                "Say it: --os windows or --os linux.",
            ));
        }
    };
    let before = offered.detail().and_then(|d| d.stores.replica.clone());
    let storage = match &said.storage {
        Some(said) => {
            let all = offers.log_storage();
            let all = all.iter().map(|s| (s.id.clone(), s.id.name().into()));
            let wanted = Wanted::of(offers, machine, "--storage", "storage account");
            Some(wanted.pick_id(Some(said), all)?)
        }
        None => before,
    };
    Ok(ReturnTarget {
        host_vm: Some(host_vm.id.clone()),
        os: Some(os.into()),
        storage,
        ..ReturnTarget::default()
    })
}

fn named_policies(
    all: Vec<&Policy>,
) -> impl Iterator<Item = (crate::domain::ArmId, Text)> + use<'_> {
    all.into_iter()
        .map(|policy| (policy.id.clone(), policy.name.clone()))
}

/// The account by name or id; where Azure lists none, what was said is its id.
fn account(
    offers: &Offers,
    machine: &Machine,
    said: Option<&str>,
) -> Result<Option<Text>, Complaint> {
    let Some(said) = said else { return Ok(None) };
    let all = offers.accounts(&machine.id);
    if all.is_empty() {
        return Ok(Some(said.into()));
    }
    let all = all.iter().map(|a| (a.id.clone(), a.name.clone()));
    let wanted = Wanted::of(offers, machine, "--account", "account");
    wanted.pick(Some(said), all).map(Some)
}

fn process_server(
    offers: &Offers,
    machine: &Machine,
    said: Option<&str>,
) -> Result<Text, Complaint> {
    let all = offers.process_servers(&machine.id);
    let all = all.into_iter().map(|s| (s.id.clone(), s.name.clone()));
    let wanted = Wanted::of(offers, machine, "--process-server", "process server");
    wanted.pick(said, all)
}

fn master_target<'a>(
    offers: &'a Offers,
    machine: &Machine,
    said: Option<&str>,
) -> Result<&'a Component, Complaint> {
    let wanted = Wanted::of(offers, machine, "--master-target", "master target");
    let fabric = machine.id.up_to("replicationFabrics");
    let role = |role: &Role| matches!(role, Role::MasterTarget { .. });
    let all: Vec<&Component> =
        fabric.map_or_else(Vec::new, |fabric| offers.servers(&fabric, role).collect());
    // One of the other system, or without a datastore, is taken only when it is named: readiness
    // says then what is wrong with it.
    let system = System::of(&machine.os);
    let fits = |server: &&&Component| match &server.role {
        Role::MasterTarget { os, datastores, .. } => {
            let takes = System::of(os);
            let same = takes == system || takes == System::Unknown || system == System::Unknown;
            said.is_some() || (same && !datastores.is_empty())
        }
        _ => false,
    };
    let candidates = all.iter().filter(fits);
    let id = wanted.pick(said, candidates.map(|s| (s.id.clone(), s.name.clone())))?;
    let chosen = all.into_iter().find(|server| server.id == id);
    chosen.ok_or_else(|| wanted.none())
}
