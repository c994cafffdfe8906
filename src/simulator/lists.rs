//! Recovery points, recovery plans and events.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks, whole};
use super::health::health;
use super::quirks::Quirk;
use super::template::Vars;
use super::view::View;
use super::world::World;

/// Recovery points stand on a grid of time, so that they keep their names while the clock runs.
const STEP: i64 = 300;

/// How many points an item keeps.
const KEPT: i64 = 24;

/// The places of an item's points on the grid, newest first. None is made after a failover, and its commit deletes
/// them \[004\].
pub(super) fn points(view: &View, now: Timestamp) -> Vec<i64> {
    if !view.stage.has_points() {
        return Vec::new();
    }
    let until = view.points_until.unwrap_or(now).as_second() - 60;
    let newest = until / STEP;
    (0..KEPT).map(|place| newest - place).collect()
}

/// Of so many points one is application-consistent.
const APP_EVERY: i64 = 12;

pub(super) fn point_time(slot: i64) -> Timestamp {
    Timestamp::from_second(slot * STEP).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn point_name(world: &World, index: usize, slot: i64) -> String {
    let salt = &world.site.machines[index].salt;
    world.site.guid(&format!("{salt} point {slot}"))
}

pub(super) fn point_id(world: &World, index: usize, slot: i64) -> String {
    let item = world.site.item_id(&world.site.machines[index]);
    format!("{item}/recoveryPoints/{}", point_name(world, index, slot))
}

pub(super) fn point(world: &World, index: usize, view: &View, slot: i64) -> Value {
    let site = &world.site;
    let machine = &site.machines[index];
    let (now, time) = (world.clock.now(), point_time(slot));
    // The zone of the site taken for that of the service, for instance.
    let off = if world.has(Quirk::RecoveryPointsHoursOff) {
        19_800.0
    } else {
        0.0
    };
    let mut v = Vars::new(now);
    v.set("item", site.item_id(machine))
        .set("time", ticks(after(time, off)));
    let app = slot % APP_EVERY == 0 && machine.spec.app_points != Some(false);
    v.set(
        "type",
        if app {
            "ApplicationConsistent"
        } else {
            "CrashConsistent"
        },
    );
    v.set("name", point_name(world, index, slot));
    let multi = if machine.spec.group.is_some() {
        "true"
    } else {
        "false"
    };
    v.set(
        "details",
        match view.stage.provider {
            provider @ ("InMageAzureV2" | "InMageRcm") => {
                json!({"instanceType": provider, "isMultiVmSyncPoint": multi})
            }
            _ => Value::Null,
        },
    );
    v.fill("recovery-point")
}

/// A recovery plan; lists leave its groups out.
pub(super) fn plan(world: &World, index: usize, now: Timestamp, deep: bool) -> Value {
    let site = &world.site;
    let spec = &site.plans[index];
    let mut v = Vars::new(now);
    v.set("vault", site.vault_id.as_str())
        .set("name", spec.name.as_str());
    let fabric = site.fabrics.iter().find(|f| f.spec.name == spec.fabric);
    v.set("fabric", fabric.map_or("", |f| f.id.as_str()))
        .set("fabricName", spec.fabric.as_str());
    let empty =
        json!({"replicationProtectedItems": [], "startGroupActions": [], "endGroupActions": []});
    // The service puts Shutdown and Failover before the groups that were asked for (asr-rest.md 5).
    let typed = |kind: &str| {
        let mut group = empty.clone();
        group["groupType"] = kind.into();
        group
    };
    let mut groups = vec![typed("Shutdown"), typed("Failover")];
    let mut providers: Vec<&str> = Vec::new();
    for names in &spec.groups {
        let mut group = typed("Boot");
        let members = names.iter().filter_map(|n| {
            site.protected
                .iter()
                .find(|i| site.machines[**i].spec.name == *n)
        });
        let rows: Vec<Value> = members
            .map(|i| {
                let machine = &site.machines[*i];
                let view = world.view(*i, now);
                let provider = view.as_ref().map_or("", |v| v.stage.provider);
                if !providers.contains(&provider) {
                    providers.push(provider);
                }
                let current = view.map(|v| super::items::current_id(world, machine, &v));
                json!({"id": site.item_id(machine), "virtualMachineId": current})
            })
            .collect();
        group["replicationProtectedItems"] = rows.into();
        groups.push(group);
    }
    v.set("providers", providers)
        .set("operations", json!(["UnplannedFailover"]));
    v.set("groups", if deep { groups } else { Vec::new() });
    v.fill("plan")
}

/// Events: how jobs ended, and the problems of machines.
pub(super) fn events(world: &World, now: Timestamp) -> Vec<Value> {
    let site = &world.site;
    let mut list = Vec::new();
    let mut v = Vars::new(now);
    v.set("vault", site.vault_id.as_str());
    for scenario in world.jobs(now) {
        let progress = scenario.progress(now);
        let (Some(end), machine) = (progress.end, &site.machines[scenario.machine]) else {
            continue;
        };
        let mut v = v.clone();
        v.set(
            "name",
            format!(
                "JobStatusMonitoringEvent;{}_{}",
                end.as_second(),
                scenario.job
            ),
        );
        v.set("code", site.guid("job event"))
            .set("type", "JobStatus");
        v.set(
            "description",
            format!("{} - {}", scenario.kind.name, progress.state),
        );
        v.set(
            "severity",
            if progress.state == "Failed" {
                "Critical"
            } else {
                "OK"
            },
        );
        v.set("object", machine.name.as_str())
            .set("time", ticks(end));
        v.set("fabric", site.fabric_of(machine).id.as_str());
        v.set(
            "provider",
            machine.stage.map_or("", |s| event_provider(s.provider)),
        )
        .set("healthErrors", json!([]));
        list.push(v.fill("event"));
    }
    for (index, machine) in site
        .machines
        .iter()
        .enumerate()
        .filter(|(_, m)| !m.spec.problems.is_empty())
    {
        let mut v = v.clone();
        let time = after(world.started, -26_000.0);
        v.set("name", machine.name.as_str())
            .set("entity", machine.site_id.as_str())
            .set("agentVersion", machine.agent_version());
        let found = health(&machine.spec.problems, &v, world);
        v.set(
            "name",
            format!("VmMonitoringEvent;{}_{index}", time.as_second()),
        );
        v.set("code", site.guid("health event"))
            .set("type", "VmHealth");
        v.set(
            "description",
            format!("Virtual machine health is {}", found.replication),
        );
        v.set(
            "severity",
            if found.replication == "Critical" {
                "Critical"
            } else {
                "Warning"
            },
        );
        v.set("object", machine.name.as_str())
            .set("time", whole(time));
        v.set("fabric", site.fabric_of(machine).id.as_str());
        v.set(
            "provider",
            machine.stage.map_or("", |s| event_provider(s.provider)),
        );
        v.set("healthErrors", found.errors);
        list.push(v.fill("event"));
    }
    list
}

/// Events of the failback direction go by the name of the forward provider's events.
fn event_provider(provider: &'static str) -> &'static str {
    match provider {
        "InMage" => "InMageAzureV2",
        other => other,
    }
}
