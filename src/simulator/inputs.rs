//! What the bodies of the verbs must hold (asr-rest.md 4.1, 4.2). How the service words a refusal is not recorded;
//! that it names the field and the value is asked of it here.

use serde_json::Value;

use super::call::{Answer, Call};
use super::estate::{DatastoreSpec, ServerSpec};
use super::fabrics::server_id;
use super::replication::disk_id;
use super::site::Machine;
use super::world::{View, World};

/// The servers, the datastore and the policy of a reprotect; what was not said stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub master_target: Option<String>,
    /// Its id and its name.
    pub process_server: Option<(String, String)>,
    pub datastore: Option<String>,
    pub policy: Option<String>,
    /// Which disks replicate, by their places; none: all of them.
    pub disks: Option<Vec<usize>>,
}

fn wrong(call: &Call, field: &str, value: &str, why: &str) -> Answer {
    let message = format!("The value '{value}' of '{field}' is not valid.");
    let texts = (message.as_str(), why, "Correct the value and retry.");
    Answer::asr(400, "BadRequest", "InvalidParameter", texts, call)
}

const NOT_TAKEN: &str = "The request holds a value that this operation does not take.";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The fields of an unplanned failover: direction, what happens to the source, the recovery point.
pub(super) fn failover(
    call: &Call,
    view: &View,
    properties: &Value,
) -> Result<Option<String>, Answer> {
    let direction = text(&properties["failoverDirection"]);
    let expected = if view.stage.active == "Primary" {
        "PrimaryToRecovery"
    } else {
        "RecoveryToPrimary"
    };
    if direction != expected {
        return Err(wrong(call, "failoverDirection", direction, NOT_TAKEN));
    }
    let source = text(&properties["sourceSiteOperations"]);
    if !["Required", "NotRequired"].contains(&source) {
        return Err(wrong(call, "sourceSiteOperations", source, NOT_TAKEN));
    }
    let details = &properties["providerSpecificDetails"];
    match text(&details["recoveryPointType"]) {
        "LatestTime" | "LatestTag" => Ok(None),
        "Custom" => match details["recoveryPointId"].as_str() {
            Some(point) if !point.is_empty() => Ok(Some(point.to_owned())),
            _ => Err(wrong(call, "recoveryPointId", "", NOT_TAKEN)),
        },
        other => Err(wrong(call, "recoveryPointType", other, NOT_TAKEN)),
    }
}

/// The fields of a classic reprotect, in either direction: everything named must exist and fit together.
pub(super) fn reprotect(
    world: &World,
    call: &Call,
    machine: usize,
    properties: &Value,
) -> Result<Choice, Answer> {
    let direction = text(&properties["failoverDirection"]);
    if direction != "RecoveryToPrimary" {
        return Err(wrong(call, "failoverDirection", direction, NOT_TAKEN));
    }
    let machine = &world.site.machines[machine];
    let fabric = world.site.fabric_of(machine);
    let details = &properties["providerSpecificDetails"];
    let home = text(&details["instanceType"]) == "InMage";
    let field = |name: &'static str| {
        let value = text(&details[name]);
        (name, value, !value.is_empty() || home)
    };
    let no = |(name, value, _): (&str, &str, bool), why: &str| Err(wrong(call, name, value, why));
    let server = |list: &'static str, id: &str| -> Option<&ServerSpec> {
        let all = match list {
            "ps" => &fabric.spec.process_servers,
            _ => &fabric.spec.master_targets,
        };
        all.iter()
            .find(|s| server_id(world, fabric, s).eq_ignore_ascii_case(id))
    };
    let mut choice = Choice::default();

    let wanted = field("processServerId");
    if wanted.2 {
        let Some(found) = server("ps", wanted.1) else {
            return no(
                wanted,
                "There is no process server of this id on the configuration server.",
            );
        };
        choice.process_server = Some((server_id(world, fabric, found), found.name.clone()));
    }
    let wanted = field("masterTargetId");
    let target = server("mt", wanted.1);
    // To Azure the process server's own id is sent as the master target's (recorded).
    if wanted.2 && target.is_none() && (home || server("ps", wanted.1).is_none()) {
        return no(
            wanted,
            "There is no master target server of this id on the configuration server.",
        );
    }
    if let Some(target) = target.filter(|_| home) {
        if target.os.as_deref().unwrap_or("Windows") != machine.os() {
            return no(
                wanted,
                "The operating system of the master target server is not of the machine's family.",
            );
        }
        choice.master_target = Some(server_id(world, fabric, target));
        let wanted = field("retentionDrive");
        let bare = |drive: &str| drive.trim_end_matches([':', '\\']).to_lowercase();
        let fits = |v: &&str| bare(v) == bare(wanted.1);
        if wanted.1.is_empty() || !target.retention.iter().any(|v| fits(&v.volume.as_str())) {
            return no(
                wanted,
                "The master target server has no retention volume of this name.",
            );
        }
        choice.datastore = datastore(call, target, text(&details["datastoreName"]))?;
    }
    let account = text(&details["runAsAccountId"]);
    let accounts = fabric.spec.run_as.len();
    let known = account
        .parse::<usize>()
        .is_ok_and(|n| (1..=accounts).contains(&n));
    if !account.is_empty() && accounts > 0 && !known {
        let why = "There is no run-as account of this id on the configuration server.";
        return Err(wrong(call, "runAsAccountId", account, why));
    }
    let (kind, wanted) = if home {
        ("InMage", field("profileId"))
    } else {
        ("InMageAzureV2", field("policyId"))
    };
    if wanted.2 {
        let mapped = |name: &str| {
            let fits = |m: &&super::estate::MappingSpec| m.policy == name && m.back == home;
            fabric.spec.mappings.iter().any(|m| fits(&m))
        };
        let found = world.site.policies.iter().find(|p| {
            let id = format!("{}/replicationPolicies/{}", world.site.vault_id, p.name);
            p.kind == kind && mapped(&p.name) && id.eq_ignore_ascii_case(wanted.1)
        });
        let Some(found) = found else {
            let why = "There is no policy of this id and of the right kind that the container is mapped with in this direction.";
            return no(wanted, why);
        };
        choice.policy = Some(found.name.clone());
    }
    if details["diskExclusionInput"].is_object() {
        let why = "The built-in site takes the disks to include, not those to exclude.";
        return Err(wrong(call, "diskExclusionInput", "", why));
    }
    choice.disks = disks(world, call, machine, &details["disksToInclude"])?;
    Ok(choice)
}

/// `disksToInclude`: ids of the machine's disks, with or without their braces. Without any, all of them replicate.
fn disks(
    world: &World,
    call: &Call,
    machine: &Machine,
    wanted: &Value,
) -> Result<Option<Vec<usize>>, Answer> {
    let wanted = wanted.as_array().map(Vec::as_slice).unwrap_or_default();
    if wanted.is_empty() {
        return Ok(None);
    }
    let bare = |id: &str| id.trim_matches(['{', '}']).to_lowercase();
    let mut places = Vec::new();
    for id in wanted {
        let named = bare(text(id));
        let mut all = 0..machine.spec.disks.len();
        let Some(place) = all.find(|lun| disk_id(world, machine, *lun) == named) else {
            let why = "There is no disk of this id in the machine.";
            return Err(wrong(call, "disksToInclude", text(id), why));
        };
        places.push(place);
    }
    Ok(Some(places))
}

/// The datastore has to be one that this master target was found to reach; unnamed, it needs one at least.
fn datastore(call: &Call, target: &ServerSpec, wanted: &str) -> Result<Option<String>, Answer> {
    let name = |d: &DatastoreSpec| match d {
        DatastoreSpec::Name(name) | DatastoreSpec::Full { name, .. } => name.clone(),
    };
    let mut names = target.datastores.iter().map(name);
    let why = "The datastore has not been discovered for the master target server.";
    match (wanted, names.find(|n| wanted.is_empty() || n == wanted)) {
        ("", Some(_)) => Ok(None),
        (_, Some(found)) => Ok(Some(found)),
        (_, None) => Err(wrong(call, "datastoreName", wanted, why)),
    }
}
