//! How far the replication of a machine has come: lag, progress, recovery tags, disks (asr-rest.md 4).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::clock::{after, seconds, ticks, whole};
use super::guest::LEAST_LAG;
use super::lists::{point_id, point_time, points};
use super::quirks::Quirk;
use super::site::Machine;
use super::template::Vars;
use super::world::{View, World};

/// How old the newest application-consistent point of a classic machine is.
pub(super) const APP_POINT_AGE: f64 = 2400.0;

/// How far behind it is, how far a synchronisation has come.
pub(super) fn replication(world: &World, index: usize, view: &View, now: Timestamp, v: &mut Vars) {
    let machine = &world.site.machines[index];
    let (spec, stage) = (&machine.spec, view.stage);
    let initial = stage.initial();
    let progress = view
        .initial
        .unwrap_or(u64::from(spec.progress.unwrap_or(10)));
    let shown = if initial || spec.resync { progress } else { 0 };
    v.set(
        "stage",
        if spec.resync {
            "ResyncStep1"
        } else if initial {
            "InitialReplication"
        } else {
            "DifferentialSync"
        },
    );
    v.set("progress", shown)
        .set("progressText", shown.to_string());
    initial_progress(world, machine, view, shown, v);
    v.set("resyncProgress", spec.resync.then_some(shown));
    v.set(
        "resyncHealth",
        if spec.resync { "InProgress" } else { "None" },
    );
    v.set("resyncFlag", spec.resync.to_string());
    v.set(
        "resyncState",
        if spec.resync {
            "StartedResynchronization"
        } else {
            "None"
        },
    );
    v.set(
        "resyncRequired",
        if spec.resync {
            "Required"
        } else {
            "NotRequired"
        },
    );
    v.set("initialDone", (!initial).to_string());
    v.set(
        "progressHealth",
        if initial || spec.resync {
            "InProgress"
        } else {
            "Completed"
        },
    );
    let moving = initial || spec.resync;
    v.set("resyncStart", moving.then(|| whole(after(now, -5400.0))));
    v.set("resyncTransfer", moving.then(|| whole(after(now, -80.0))));
    on_its_way(world, machine, view, now, v);
    v.set("lastReplicated", whole(after(now, -70.0)));
    let newest = points(view, now).first().copied();
    v.set(
        "lastPoint",
        ticks(newest.map_or_else(|| after(now, -240.0), point_time)),
    );
    v.set(
        "lastPointId",
        newest.map(|slot| point_id(world, index, slot)),
    );
    v.set(
        "agentUpdate",
        if spec.agent_version.as_deref().is_some_and(|a| a < "9.41") {
            "Required"
        } else {
            "NotRequired"
        },
    );
    // The agent of a machine that is off is not heard any more.
    let usual = || after(now, -60.0 * spec.heartbeat_minutes.unwrap_or(1.3));
    v.set("heartbeat", whole(view.heard.unwrap_or_else(usual)));
    // InMage keeps a window and two tags, whose times lie about the zone; the truth is the hexadecimal epoch in
    // the tag (asr-rest.md 13).
    let (newest, app) = (
        after(now, -300.0).as_second(),
        after(now, -APP_POINT_AGE).as_second(),
    );
    let off = if world.has(Quirk::RecoveryPointsHoursOff) {
        -25_200.0
    } else {
        18_000.0
    };
    let wrong = whole(after(now, off));
    let mut tags = Map::new();
    let idle =
        stage.state == "Protected" || stage.state.starts_with("UnplannedFailoverCommitPending");
    if idle {
        tags.insert(format!("fileSystem{newest:x}"), wrong.as_str().into());
        if spec.app_points != Some(false) {
            tags.insert(format!("systemLevelTag{app:x}"), wrong.as_str().into());
        }
    }
    v.set("consistencyPoints", Value::Object(tags));
    v.set("retentionStart", whole(after(now, -86_400.0)))
        .set("retentionEnd", wrong);
}

/// What has not arrived yet, at the source, at the process server and at the target, and how far behind that is.
fn on_its_way(world: &World, machine: &Machine, view: &View, now: Timestamp, v: &mut Vars) {
    let spec = &machine.spec;
    v.set("pendingMB", spec.pending_mb.unwrap_or(0.0))
        .set("psPendingMB", 0.0)
        .set("targetPendingMB", 0.0);
    let computed = view.off_since.unwrap_or(now).min(now);
    let silent = seconds(computed, now).max(0.0) as u64;
    let mut behind = spec.rpo_seconds.unwrap_or(120) + silent;
    let mut synchronised = 45.0;
    if let Some(data) = view.data.as_ref().filter(|d| d.begun) {
        let disks = (0..spec.disks.len()).filter(|lun| view.replicates(*lun));
        let each = (data.pending + data.stuck) / disks.count().max(1) as f64;
        let part = |share: f64| (each * share * 100.0).round() / 100.0;
        v.set("pendingMB", part(0.6))
            .set("psPendingMB", part(0.3))
            .set("targetPendingMB", part(0.1));
        let told = spec.rpo_seconds.filter(|_| data.as_told);
        let least = told.unwrap_or(LEAST_LAG) + silent;
        behind = least.max(data.lag_seconds());
        synchronised = behind as f64;
    }
    // Modernised machines have no lag homewards: it is how long ago their disks were synchronised (asr-rest.md 4).
    let never = view.stage.initial();
    v.set(
        "lastSync",
        (!never).then(|| ticks(after(now, -synchronised))),
    );
    let late = if world.has(Quirk::RpoComputedLate) {
        -660.0
    } else {
        -65.0
    };
    v.set("rpo", behind)
        .set("rpoTime", whole(after(computed, late)));
}

pub(super) fn disks(
    world: &World,
    machine: &Machine,
    view: &View,
    v: &Vars,
    template: &str,
) -> Vec<Value> {
    let moving = view.stage.initial() || machine.spec.resync;
    let silent = view.stage.initial() && world.has(Quirk::ProgressSilent);
    let one = |(lun, gigabytes): (usize, &u64)| {
        let mut v = v.clone();
        let id = disk_id(world, machine, lun);
        let bytes = gigabytes << 30;
        let progress = v.get("progress").and_then(Value::as_u64).unwrap_or(0);
        v.set("diskId", format!("{{{}}}", id.to_uppercase()))
            .set("diskUuid", id)
            .set("lun", lun.to_string());
        let classic = view.stage.provider == "InMage";
        v.set(
            "diskName",
            match (classic, machine.windows, template.contains("hyperv")) {
                (true, ..) => format!("Disk{}", place_in_azure(machine, lun)),
                (_, _, true) => format!("{}-{lun}.vhdx", machine.azure_name),
                (_, true, _) => format!("\\\\.\\PHYSICALDRIVE{lun}"),
                _ => format!("/dev/sd{}", char::from(b'a' + (lun % 26) as u8)),
            },
        );
        v.set("osDisk", (lun == 0).to_string());
        v.set(
            "diskRole",
            if lun == 0 { "OperatingSystem" } else { "Data" },
        );
        v.set("bytes", bytes)
            .set("megabytes", (gigabytes << 10).to_string())
            .set("processed", bytes / 100 * progress);
        // The same disk that the VM names.
        let made = || {
            let (group, vm) = (&world.site.group_id, view.vm_name(machine));
            let disk = match lun {
                0 => format!("{vm}-os"),
                _ => format!("{vm}-data-{}", lun - 1),
            };
            format!("{group}/providers/Microsoft.Compute/disks/{disk}")
        };
        v.set("targetDisk", view.azure_vm.then(made));
        if moving {
            let details = sync_details(bytes, progress, v.now);
            v.set("progressDetails", if silent { queued() } else { details });
        }
        v.fill(template)
    };
    let all = machine.spec.disks.iter().enumerate();
    all.filter(|(lun, _)| view.replicates(*lun))
        .map(one)
        .collect()
}

/// Numbers are null until there are any. What is transferred is less than what is processed: blocks that are the same
/// on both sides stay where they are (recorded).
fn initial_progress(world: &World, machine: &Machine, view: &View, percent: u64, v: &mut Vars) {
    let initial = view.stage.initial();
    let silent = world.has(Quirk::ProgressSilent);
    let bytes: u64 = machine.spec.disks.iter().map(|gb| gb << 30).sum();
    let processed = bytes / 100 * percent;
    let told = |number: u64| (initial && !silent).then_some(number);
    v.set("initialProgress", told(percent))
        .set("initialProcessed", told(processed))
        .set("initialTransferred", told(processed / 8 * 7));
    v.set("initialHealth", if initial { "InProgress" } else { "None" });
}

/// How far the synchronisation of a disk has come, in the service's three forms of a time.
fn sync_details(bytes: u64, percent: u64, now: Timestamp) -> Value {
    let processed = bytes / 100 * percent;
    let (begun, moved) = (after(now, -5400.0), after(now, -80.0));
    json!({
        "progressHealth": "InProgress", "transferredBytes": processed / 8 * 7,
        "last15MinutesTransferredBytes": bytes / 90, "processedBytes": processed,
        "lastDataTransferTimeUtc": format!("{}.151668", moved.strftime("%Y-%b-%d %H:%M:%S")),
        "startTime": begun.strftime("%Y-%b-%d %H:%M:%S").to_string(),
        "lastRefreshTime": now.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string(),
        "progressPercentage": percent,
    })
}

/// A disk of which nothing is told yet, or ever (recorded).
fn queued() -> Value {
    json!({
        "progressHealth": "Queued", "transferredBytes": 0, "last15MinutesTransferredBytes": 0, "processedBytes": 0,
        "lastDataTransferTimeUtc": null, "startTime": null, "lastRefreshTime": null, "progressPercentage": null,
    })
}

/// What a disk is called wherever it is.
pub(super) fn disk_id(world: &World, machine: &Machine, lun: usize) -> String {
    world.site.guid(&format!("{} disk {lun}", machine.salt))
}

/// Where a disk stands in the VM in Azure: Windows has a temporary disk of Azure's there behind the first, which
/// does not replicate (recorded: disks 0 and 2 of three).
pub(super) fn place_in_azure(machine: &Machine, lun: usize) -> usize {
    lun + usize::from(machine.windows && lun > 0)
}
