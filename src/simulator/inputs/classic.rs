//! Classic machines: reprotect in either direction, and the way home.

use jiff::Timestamp;

use super::super::asked::{Asked, Choice, Point};
use super::super::call::Answer;
use super::super::clock::after;
use super::super::estate::{DatastoreSpec, ServerSpec};
use super::super::fabrics::server_id;
use super::super::replication::{APP_POINT_AGE, disk_id};
use super::{NOT_TAKEN, Request, text};

/// The fields of an unplanned failover: direction, what happens to the source, the recovery point.
pub(super) fn failover(request: &Request) -> Result<Asked, Answer> {
    request.direction(request.away_from_active(), true)?;
    let required = request.source()?;
    let point = match request.field("recoveryPointType") {
        "LatestTime" => None,
        "LatestTag" => Some(Point {
            id: String::new(),
            time: Some(after(request.call.now, -APP_POINT_AGE)),
        }),
        "Custom" => match request.field("recoveryPointId") {
            "" => return Err(request.wrong("recoveryPointId", "", NOT_TAKEN)),
            point => Some(Point {
                id: point.to_owned(),
                time: epoch(point),
            }),
        },
        other => return Err(request.wrong("recoveryPointType", other, NOT_TAKEN)),
    };
    Ok(Asked {
        required,
        point,
        ..Asked::default()
    })
}

/// The time in a tag: its last eight hexadecimal digits (asr-rest.md 13).
fn epoch(tag: &str) -> Option<Timestamp> {
    let digits = tag.get(tag.len().checked_sub(8)?..)?;
    let seconds = i64::from_str_radix(digits, 16).ok()?;
    Timestamp::from_second(seconds).ok()
}

/// The fields of a classic reprotect, in either direction.
pub(super) fn reprotect(request: &Request) -> Result<Asked, Answer> {
    request.direction("RecoveryToPrimary", true)?;
    let world = request.world;
    let machine = &world.site.machines[request.machine];
    let fabric = world.site.fabric_of(machine);
    let home = request.field("instanceType") == "InMage";
    let field = |name: &'static str| {
        let value = request.field(name);
        (name, value, !value.is_empty() || home)
    };
    let no = |(name, value, _): (&str, &str, bool), why: &str| Err(request.wrong(name, value, why));
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
        let mut volumes = target.retention.iter();
        let fits = volumes.any(|v| bare(&v.volume) == bare(wanted.1));
        if wanted.1.is_empty() || !fits {
            return no(
                wanted,
                "The master target server has no retention volume of this name.",
            );
        }
        choice.datastore = datastore(request, target)?;
    }
    let account = request.field("runAsAccountId");
    let accounts = fabric.spec.run_as.len();
    let known = account
        .parse::<usize>()
        .is_ok_and(|n| (1..=accounts).contains(&n));
    if !account.is_empty() && accounts > 0 && !known {
        let why = "There is no run-as account of this id on the configuration server.";
        return Err(request.wrong("runAsAccountId", account, why));
    }
    if home {
        choice.policy = Some(request.policy("profileId", "InMage", true)?);
    } else if !request.field("policyId").is_empty() {
        choice.policy = Some(request.policy("policyId", "InMageAzureV2", false)?);
    }
    if request.details()["diskExclusionInput"].is_object() {
        let why = "The built-in site takes the disks to include, not those to exclude.";
        return Err(request.wrong("diskExclusionInput", "", why));
    }
    choice.disks = disks(request)?;
    Ok(Asked {
        choice: Some(choice),
        ..Asked::default()
    })
}

/// `disksToInclude`: ids of the machine's disks, with or without their braces. Without any, all of them replicate.
fn disks(request: &Request) -> Result<Option<Vec<usize>>, Answer> {
    let machine = &request.world.site.machines[request.machine];
    let wanted = request.details()["disksToInclude"].as_array();
    let wanted = wanted.map(Vec::as_slice).unwrap_or_default();
    if wanted.is_empty() {
        return Ok(None);
    }
    let bare = |id: &str| id.trim_matches(['{', '}']).to_lowercase();
    let mut places = Vec::new();
    for id in wanted {
        let named = bare(text(id));
        let mut all = 0..machine.spec.disks.len();
        let Some(place) = all.find(|lun| disk_id(request.world, machine, *lun) == named) else {
            let why = "There is no disk of this id in the machine.";
            return Err(request.wrong("disksToInclude", text(id), why));
        };
        places.push(place);
    }
    Ok(Some(places))
}

/// The datastore has to be one that this master target was found to reach; unnamed, it needs one at least.
fn datastore(request: &Request, target: &ServerSpec) -> Result<Option<String>, Answer> {
    let wanted = request.field("datastoreName");
    let mut names = target.datastores.iter().map(DatastoreSpec::name);
    let why = "The datastore has not been discovered for the master target server.";
    match (wanted, names.find(|n| wanted.is_empty() || *n == wanted)) {
        ("", Some(_)) => Ok(None),
        (_, Some(found)) => Ok(Some(found.to_owned())),
        (_, None) => Err(request.wrong("datastoreName", wanted, why)),
    }
}
