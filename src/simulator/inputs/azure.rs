//! The way to Azure, of all three generations: failover, test, its end, another recovery point.

use super::super::asked::{Asked, Point, Test};
use super::super::call::Answer;
use super::super::lists::{point_id, point_time, points};
use super::{NOT_TAKEN, Request, text};

/// An unplanned failover. Whether the machine is shut down first is asked in `performShutdown` of modernised ones,
/// in `sourceSiteOperations` of the others (recorded).
pub(super) fn failover(request: &Request) -> Result<Asked, Answer> {
    request.direction("PrimaryToRecovery", true)?;
    let mut required = request.source()?;
    if request.field("instanceType") == "InMageRcm" {
        required = match request.field("performShutdown") {
            "true" => true,
            "false" => false,
            other => return Err(request.wrong("performShutdown", other, NOT_TAKEN)),
        };
    }
    key(request)?;
    Ok(Asked {
        required,
        point: Some(point(request, request.field("recoveryPointId"))?),
        ..Asked::default()
    })
}

/// A planned failover of Hyper-V: the machine is shut down, whatever is said.
pub(super) fn planned(request: &Request) -> Result<Asked, Answer> {
    request.direction("PrimaryToRecovery", true)?;
    key(request)?;
    Ok(Asked {
        required: true,
        point: Some(point(request, request.field("recoveryPointId"))?),
        ..Asked::default()
    })
}

/// Of a cloud that is encrypted, only its certificate gets a machine started in Azure \[003\].
fn key(request: &Request) -> Result<(), Answer> {
    let world = request.world;
    let machine = &world.site.machines[request.machine];
    let encrypted = world.site.fabric_of(machine).spec.encryption;
    if encrypted && request.field("primaryKekCertificatePfx").is_empty() {
        let why = "The data of the cloud is encrypted: the certificate of its key is needed.";
        return Err(request.wrong("primaryKekCertificatePfx", "", why));
    }
    Ok(())
}

pub(super) fn test(request: &Request) -> Result<Asked, Answer> {
    request.direction("PrimaryToRecovery", true)?;
    key(request)?;
    let network = match request.field("networkId") {
        "" => text(&request.properties["networkId"]),
        own => own,
    };
    let known = |id: &str| {
        let mut all = request.world.site.network_ids();
        all.any(|own| own.eq_ignore_ascii_case(id))
    };
    if !network.is_empty() && !known(network) {
        let why = "There is no virtual network of this id in the subscription.";
        return Err(request.wrong("networkId", network, why));
    }
    let kind = text(&request.properties["networkType"]);
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Asked {
        point: Some(point(request, request.field("recoveryPointId"))?),
        test: Some(Test {
            network: some(network),
            network_type: some(kind),
            comments: None,
        }),
        ..Asked::default()
    })
}

pub(super) fn cleanup(request: &Request) -> Asked {
    Asked {
        test: Some(Test {
            comments: Some(text(&request.properties["comments"]).to_owned()),
            ..Test::default()
        }),
        ..Asked::default()
    }
}

pub(super) fn change_point(request: &Request) -> Result<Asked, Answer> {
    let wanted = match text(&request.properties["recoveryPointId"]) {
        "" => request.field("recoveryPointId"),
        own => own,
    };
    if wanted.is_empty() {
        return Err(request.wrong("recoveryPointId", "", NOT_TAKEN));
    }
    Ok(Asked {
        point: Some(point(request, wanted)?),
        ..Asked::default()
    })
}

/// One of the item's recovery points by its id; unnamed, the newest, with everything that was sent since (asr-rest.md
/// 13).
fn point(request: &Request, wanted: &str) -> Result<Point, Answer> {
    let (world, now) = (request.world, request.call.now);
    let all = points(request.view, now);
    if wanted.is_empty() {
        let newest = all.first();
        return Ok(Point {
            id: newest.map_or_else(String::new, |slot| point_id(world, request.machine, *slot)),
            time: None,
        });
    }
    let found = all
        .iter()
        .find(|slot| point_id(world, request.machine, **slot).eq_ignore_ascii_case(wanted));
    let why = "The item has no recovery point of this id.";
    let slot = found.ok_or_else(|| request.wrong("recoveryPointId", wanted, why))?;
    Ok(Point {
        id: point_id(world, request.machine, *slot),
        time: Some(point_time(*slot)),
    })
}
