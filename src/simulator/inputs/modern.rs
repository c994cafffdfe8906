//! Modernised machines: reprotect in either direction, and the planned failover home.

use super::super::asked::{Asked, Choice};
use super::super::call::Answer;
use super::super::estate::{DatastoreSpec, ServerSpec};
use super::super::fabrics::{run_as_id, server_id};
use super::{NOT_TAKEN, Request};

/// The fields of a reprotect: to the site an appliance's reprotect agent with a datastore that it reaches, a storage
/// account for the log and perhaps a policy; to Azure an appliance's process server, a policy and perhaps an account.
pub(super) fn reprotect(request: &Request) -> Result<Asked, Answer> {
    let home = request.field("instanceType") == "InMageRcm";
    request.direction("RecoveryToPrimary", home)?;
    let choice = if home {
        homeward(request)?
    } else {
        forward(request)?
    };
    Ok(Asked {
        choice: Some(choice),
        ..Asked::default()
    })
}

fn homeward(request: &Request) -> Result<Choice, Answer> {
    let (agent, id) = appliance(request, "reprotectAgentId", "reprotect agent")?;
    let wanted = request.field("datastoreName");
    let mut reached = agent.datastores.iter().map(DatastoreSpec::name);
    if wanted.is_empty() || !reached.any(|name| name == wanted) {
        let why = "The reprotect agent of the appliance does not reach a datastore of this name.";
        return Err(request.wrong("datastoreName", wanted, why));
    }
    let policy = match request.field("policyId") {
        "" => None,
        _ => Some(request.policy("policyId", "InMageRcmFailback", true)?),
    };
    Ok(Choice {
        reprotect_agent: Some((id, agent.name.clone())),
        datastore: Some(wanted.to_owned()),
        log_storage: Some(request.storage("logStorageAccountId")?),
        policy,
        ..Choice::default()
    })
}

fn forward(request: &Request) -> Result<Choice, Answer> {
    let (server, id) = appliance(request, "processServerId", "process server")?;
    let world = request.world;
    let fabric = world.site.fabric_of(&world.site.machines[request.machine]);
    let account = request.field("runAsAccountId");
    let known = fabric
        .spec
        .run_as
        .iter()
        .any(|name| run_as_id(world, fabric, name).eq_ignore_ascii_case(account));
    if !account.is_empty() && !known {
        let why = "There is no run-as account of this id on the site.";
        return Err(request.wrong("runAsAccountId", account, why));
    }
    Ok(Choice {
        process_server: Some((id, server.name.clone())),
        policy: Some(request.policy("policyId", "InMageRcm", false)?),
        run_as: (!account.is_empty()).then(|| account.to_owned()),
        ..Choice::default()
    })
}

/// The appliance of that id, all parts of which share one (asr-rest.md 2).
fn appliance<'a>(
    request: &'a Request,
    field: &str,
    part: &str,
) -> Result<(&'a ServerSpec, String), Answer> {
    let world = request.world;
    let fabric = world.site.fabric_of(&world.site.machines[request.machine]);
    let id = request.field(field);
    let mut all = fabric.spec.appliances.iter();
    let found = all.find(|a| server_id(world, fabric, a).eq_ignore_ascii_case(id));
    let why = format!("There is no {part} of this id on the fabric of the machine.");
    found
        .map(|a| (a, server_id(world, fabric, a)))
        .ok_or_else(|| request.wrong(field, id, &why))
}

/// The fields of the planned failover: the kind of recovery point that is made when it begins. The direction is
/// left out (recorded), or right.
pub(super) fn planned(request: &Request) -> Result<Asked, Answer> {
    request.direction(request.away_from_active(), false)?;
    match request.field("recoveryPointType") {
        "CrashConsistent" | "ApplicationConsistent" => Ok(Asked {
            required: true,
            ..Asked::default()
        }),
        other => Err(request.wrong("recoveryPointType", other, NOT_TAKEN)),
    }
}
