//! Containers, their mappings and policies, providers and vCenters (asr-rest.md 3).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks};
use super::estate::{FabricKind, MappingSpec, PolicySpec, ServerSpec};
use super::fabrics::{base, server, server_id};
use super::site::{Fabric, Provider};
use super::template::Vars;
use super::world::World;

pub(super) fn container(world: &World, fabric: &Fabric, now: Timestamp) -> Value {
    let mut v = base(world, fabric, now);
    v.set("name", fabric.container.as_str())
        .set("friendlyName", fabric.container_name.as_str());
    v.fill("container")
}

pub(super) fn providers(world: &World, fabric: &Fabric, now: Timestamp) -> Vec<Value> {
    let one = |provider: Provider| {
        let mut v = base(world, fabric, now);
        let (age, connection) = if provider.silent {
            (-9000.0, "Disconnected")
        } else {
            (-95.0, "Connected")
        };
        v.set("friendlyName", provider.name)
            .set("name", provider.id.as_str())
            .set("draId", provider.id);
        v.set("heartbeat", ticks(after(now, age)))
            .set("connection", connection);
        v.set("biosId", world.site.guid("bios provider").to_uppercase());
        v.fill("provider")
    };
    let all = fabric.providers(world.site.seed).into_iter();
    all.map(one).collect()
}

pub(super) fn vcenter(world: &World, fabric: &Fabric, spec: &ServerSpec, now: Timestamp) -> Value {
    let mut v = server(world, fabric, spec, &base(world, fabric, now));
    v.set(
        "internalId",
        world.site.guid(&format!("vcenter {}", spec.name)),
    )
    .set("number", "9");
    let broken = v.get("health").is_some_and(|h| h != "Normal");
    v.set("discovery", if broken { "Failed" } else { "Completed" });
    let first = fabric.spec.process_servers.first();
    v.set(
        "processServerId",
        first.map_or_else(String::new, |p| server_id(world, fabric, p)),
    );
    v.set("fabricName", fabric.name.as_str());
    v.fill("vcenter")
}

/// The failback policy is the mapping from the container to itself; the forward one targets the literal
/// "Microsoft Azure" (asr-rest.md 3).
pub(super) fn mappings(world: &World, fabric: &Fabric, now: Timestamp) -> Vec<Value> {
    let one = |m: &MappingSpec| {
        let mut v = base(world, fabric, now);
        v.set(
            "name",
            m.name
                .clone()
                .unwrap_or_else(|| format!("{}-{}", fabric.spec.name, m.policy)),
        );
        v.set("policy", m.policy.as_str());
        let azure = "Microsoft Azure";
        let (target, name, of) = if m.back {
            (
                fabric.container_id.as_str(),
                fabric.container_name.as_str(),
                fabric.spec.name.as_str(),
            )
        } else {
            (azure, azure, azure)
        };
        v.set("target", target)
            .set("targetName", name)
            .set("targetFabricName", of);
        let rcm = fabric.spec.kind == FabricKind::Appliance && !m.back;
        v.set(
            "details",
            if rcm {
                json!({"instanceType": "InMageRcm", "enableAgentAutoUpgrade": "true"})
            } else {
                Value::Null
            },
        );
        v.fill("mapping")
    };
    fabric.spec.mappings.iter().map(one).collect()
}

pub(super) fn policy(world: &World, spec: &PolicySpec, now: Timestamp) -> Value {
    let mut v = Vars::new(now);
    v.set("vault", world.site.vault_id.as_str())
        .set("name", spec.name.as_str());
    let (threshold, history) = (
        spec.threshold_minutes.unwrap_or(15),
        spec.history_minutes.unwrap_or(1440),
    );
    let app = spec.app_consistent_minutes;
    let multi = if spec.multi_vm == Some(false) {
        "Disabled"
    } else {
        "Enabled"
    };
    v.set("details", match spec.kind.as_str() {
        "InMage" => json!({"instanceType": "InMage", "recoveryPointThresholdInMinutes": threshold,
            "recoveryPointHistory": history, "appConsistentFrequencyInMinutes": app.unwrap_or(60), "multiVmSyncStatus": multi}),
        "InMageAzureV2" => json!({"instanceType": "InMageAzureV2", "recoveryPointThresholdInMinutes": threshold,
            "recoveryPointHistory": history, "appConsistentFrequencyInMinutes": app.unwrap_or(60),
            "crashConsistentFrequencyInMinutes": 5, "multiVmSyncStatus": multi}),
        "InMageRcm" => json!({"instanceType": "InMageRcm", "recoveryPointHistoryInMinutes": history,
            "appConsistentFrequencyInMinutes": app.unwrap_or(0), "crashConsistentFrequencyInMinutes": 5, "enableMultiVmSync": "true"}),
        "InMageRcmFailback" => json!({"instanceType": "InMageRcmFailback",
            "appConsistentFrequencyInMinutes": app.unwrap_or(0), "crashConsistentFrequencyInMinutes": 5}),
        _ => json!({"instanceType": "HyperVReplicaAzure", "recoveryPointHistoryDurationInHours": history.div_ceil(60).min(24),
            "applicationConsistentSnapshotFrequencyInHours": app.unwrap_or(60).div_ceil(60), "replicationInterval": 300,
            "encryption": if spec.encryption { "Enabled" } else { "Disabled" }, "activeStorageAccountId": null}),
    });
    v.fill("policy")
}
