//! Hyper-V machines: the failback, to the original host or another one, and the reverse replication after it.

use super::super::asked::{Asked, Choice};
use super::super::call::Answer;
use super::super::items::current_id;
use super::{NOT_TAKEN, Request};

/// `dataSyncOption` has chosen the kind already; what remains is where to, and whether a machine may be made there.
pub(super) fn failback(request: &Request) -> Result<Asked, Answer> {
    request.direction("RecoveryToPrimary", true)?;
    let creates = match request.field("recoveryVmCreationOption") {
        "CreateVmIfNotFound" => true,
        "NoAction" => false,
        other => return Err(request.wrong("recoveryVmCreationOption", other, NOT_TAKEN)),
    };
    let world = request.world;
    let wanted = request.field("providerIdForAlternateRecovery");
    let fabrics = world.site.fabrics.iter();
    let host = fabrics.filter(|f| f.spec.kind.hyperv()).find_map(|f| {
        let mut all = f.providers(world.site.seed).into_iter();
        all.find(|p| f.provider_path(p).eq_ignore_ascii_case(wanted))
    });
    match (wanted, &host) {
        ("", _) => {}
        (_, None) => {
            let why = "There is no Hyper-V host or VMM server whose provider has this id.";
            return Err(request.wrong("providerIdForAlternateRecovery", wanted, why));
        }
        (_, Some(_)) if !creates => {
            let why = "On another host the machine has to be created: CreateVmIfNotFound.";
            return Err(request.wrong("recoveryVmCreationOption", "NoAction", why));
        }
        _ => {}
    }
    // One that is there is not made anew, unless it is to be somewhere else.
    let missing = request.view.site_made.is_none()
        && world.site.machines[request.machine].spec.site_vm.as_deref() == Some("deleted");
    let host = host.map(|provider| provider.name);
    let create = creates && (missing || host.is_some());
    Ok(Asked {
        required: true,
        create: create.then_some(host),
        ..Asked::default()
    })
}

/// `hvHostVmId` is the machine on the host that is to be replicated (recorded).
pub(super) fn reverse(request: &Request) -> Result<Asked, Answer> {
    request.direction(request.away_from_active(), true)?;
    let world = request.world;
    let machine = &world.site.machines[request.machine];
    let wanted = request.field("hvHostVmId");
    let own = current_id(world, machine, request.view);
    if !wanted.is_empty() && !wanted.eq_ignore_ascii_case(&own) {
        let why = "There is no virtual machine of this id on the host.";
        return Err(request.wrong("hvHostVmId", wanted, why));
    }
    let os = request.field("osType");
    if !os.is_empty() && os != machine.os() {
        return Err(request.wrong("osType", os, NOT_TAKEN));
    }
    let log = request.field("logStorageAccountId");
    let log = (!log.is_empty()).then(|| request.storage("logStorageAccountId"));
    log.transpose()?;
    let storage = request.field("storageAccountId");
    let storage = (!storage.is_empty()).then(|| request.storage("storageAccountId"));
    Ok(Asked {
        choice: Some(Choice {
            log_storage: storage.transpose()?,
            ..Choice::default()
        }),
        ..Asked::default()
    })
}
