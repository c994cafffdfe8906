//! Fabrics with their servers, containers, mappings, policies, providers, vCenters, appliances (asr-rest.md 2, 3).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks, whole};
use super::estate::{DatastoreSpec, FabricKind, ServerSpec};
use super::health::health;
use super::site::{Fabric, guid, host_id};
use super::template::Vars;
use super::world::World;

const APPLIANCE_PARTS: &[(&str, &str, &str)] = &[
    (
        "processServers",
        "appliance-processservers",
        "processServer",
    ),
    ("rcmProxies", "appliance-rcmproxies", "rcmProxy"),
    (
        "pushInstallers",
        "appliance-pushinstallers",
        "pushInstaller",
    ),
    (
        "replicationAgents",
        "appliance-replicationagents",
        "replicationAgent",
    ),
    (
        "reprotectAgents",
        "appliance-reprotectagents",
        "reprotectAgent",
    ),
    ("marsAgents", "appliance-marsagents", "marsAgent"),
    ("dras", "appliance-dras", "dra"),
];

/// The id of an account that an appliance keeps; classic servers number theirs.
pub(super) fn run_as_id(world: &World, fabric: &Fabric, name: &str) -> String {
    let id = guid(world.site.seed, &format!("run as {name}"));
    let (group, site) = (&world.site.group_id, fabric.vmware_site());
    format!("{group}/providers/Microsoft.OffAzure/VMwareSites/{site}/runasaccounts/{id}")
}

/// The id of a process server, a master target or an appliance (whose parts share one).
pub(super) fn server_id(world: &World, fabric: &Fabric, server: &ServerSpec) -> String {
    let text = format!("server {} {}", fabric.internal, server.name);
    server.id.clone().unwrap_or_else(|| match fabric.spec.kind {
        FabricKind::Vmware => host_id(world.site.seed, &text),
        _ => guid(world.site.seed, &text),
    })
}

pub(super) fn fabric(world: &World, fabric: &Fabric, now: Timestamp) -> Value {
    let site = &world.site;
    let mut v = base(world, fabric, now);
    let own = health(&fabric.spec.problems, &v, world);
    let mut worst = own.fabric;
    let all = fabric
        .spec
        .process_servers
        .iter()
        .chain(&fabric.spec.master_targets);
    for server in all.chain(&fabric.spec.appliances) {
        let level = health(
            &server.problems,
            v.clone().set("name", server.name.as_str()),
            world,
        )
        .fabric;
        if level == "Critical" || worst == "Normal" {
            worst = level;
        }
    }
    v.set("health", worst).set("healthErrors", own.errors);
    v.set("name", fabric.name.as_str())
        .set("friendlyName", fabric.spec.name.as_str());
    v.set("internalId", fabric.internal.as_str());
    let details = match fabric.spec.kind {
        FabricKind::Vmware => {
            let each =
                |list: &[ServerSpec], f: fn(&World, &Fabric, &ServerSpec, &Vars) -> Value| {
                    list.iter()
                        .map(|s| f(world, fabric, s, &v))
                        .collect::<Vec<_>>()
                };
            let ps = each(&fabric.spec.process_servers, process_server);
            let mt = each(&fabric.spec.master_targets, master_target);
            v.set("processServers", ps).set("masterTargets", mt);
            let accounts = fabric.spec.run_as.iter().enumerate();
            v.set(
                "runAs",
                accounts
                    .map(|(i, n)| json!({"accountId": (i + 1).to_string(), "accountName": n}))
                    .collect::<Vec<_>>(),
            );
            v.set(
                "processServerCount",
                fabric.spec.process_servers.len().to_string(),
            );
            v.set("agentCount", (fabric.members.len() + 2).to_string());
            v.set("protectedServers", fabric.protected.len().to_string());
            v.set(
                "address",
                fabric.spec.address.as_deref().unwrap_or("192.168.4.10"),
            );
            v.set("heartbeat", ticks(after(now, -40.0)));
            v.fill("fabric-vmware")
        }
        FabricKind::Appliance => {
            for (list, template, _) in APPLIANCE_PARTS {
                let parts = fabric.spec.appliances.iter();
                let made: Vec<Value> = parts
                    .map(|a| appliance_part(world, fabric, a, &v, template))
                    .collect();
                v.set(list, made);
            }
            v.set("tenant", site.tenant.as_str())
                .set("applicationId", site.guid("application"));
            v.set("objectId", site.guid("object"));
            v.fill("fabric-inmagercm")
        }
        FabricKind::Hyperv => {
            let hosts = fabric.spec.hosts.iter();
            v.set("hosts", hosts.map(|h| json!({"id": h.to_lowercase(), "name": h, "marsAgentVersion": "2.0.9259.0"})).collect::<Vec<_>>());
            v.fill("fabric-hypervsite")
        }
        FabricKind::Vmm => json!({"instanceType": "VMM"}),
    };
    v.set("details", details);
    v.fill("fabric")
}

pub(super) fn base(world: &World, fabric: &Fabric, now: Timestamp) -> Vars {
    let mut v = Vars::new(now);
    v.set("vault", world.site.vault_id.as_str())
        .set("fabric", fabric.id.as_str());
    v.set("container", fabric.container_id.as_str());
    v.set("resourceGroupId", world.site.group_id.as_str());
    v.set("fabricName", fabric.spec.name.as_str())
        .set("fabricType", fabric.kind_name());
    v.set("containerName", fabric.container_name.as_str());
    v.set("entity", fabric.internal.as_str())
        .set("name", fabric.spec.name.as_str());
    v.set(
        "version",
        fabric.spec.version.as_deref().unwrap_or("9.55.6765.1"),
    );
    v.set(
        "certificateEnd",
        whole(after(world.started, 400.0 * 86_400.0)),
    )
    .set("certificateDays", 400);
    v.set("count", fabric.protected.len());
    v.set("vmwareSite", fabric.vmware_site());
    v.set(
        "vcenter",
        fabric
            .spec
            .vcenters
            .first()
            .map_or("vcenter", |c| c.name.as_str()),
    );
    v
}

/// What every server has.
pub(super) fn server(world: &World, fabric: &Fabric, server: &ServerSpec, v: &Vars) -> Vars {
    let mut v = v.clone();
    let id = server_id(world, fabric, server);
    v.set("name", server.name.as_str())
        .set("entity", id.as_str())
        .set("id", id);
    let health = health(&server.problems, &v, world);
    v.set("health", health.fabric)
        .set("healthErrors", health.errors);
    v.set(
        "address",
        server.address.as_deref().unwrap_or("192.168.4.99"),
    );
    v.set(
        "heartbeat",
        whole(after(
            v.now,
            -60.0 * server.heartbeat_minutes.unwrap_or(0.7),
        )),
    );
    v.set("os", server.os.as_deref().unwrap_or("Windows"));
    v.set("validationErrors", json!([]));
    v.set(
        "biosId",
        guid(world.site.seed, &format!("bios {}", server.name)).to_uppercase(),
    );
    v.set("fqdn", format!("{}.contoso.local", server.name));
    v
}

fn bytes(gigabytes: f64) -> u64 {
    (gigabytes * 1_073_741_824.0) as u64
}

fn process_server(world: &World, fabric: &Fabric, spec: &ServerSpec, v: &Vars) -> Value {
    let mut v = server(world, fabric, spec, v);
    let (total, free) = (
        spec.total_gb.unwrap_or(600.0),
        spec.free_gb.unwrap_or(410.0),
    );
    v.set("spaceTotal", bytes(total))
        .set("spaceFree", bytes(free));
    let status = if free / total < 0.05 {
        "Red"
    } else if free / total < 0.2 {
        "Yellow"
    } else {
        "Green"
    };
    v.set("spaceStatus", status).set("service", "Running");
    let machines = spec.machines.unwrap_or(0);
    v.set("machineCount", machines.to_string())
        .set("pairCount", (machines * 2).to_string());
    v.fill("process-server")
}

fn master_target(world: &World, fabric: &Fabric, spec: &ServerSpec, v: &Vars) -> Value {
    let mut v = server(world, fabric, spec, v);
    let volumes = spec.retention.iter().map(|r| {
        json!({"volumeName": r.volume, "capacityInBytes": bytes(r.capacity_gb),
               "freeSpaceInBytes": bytes(r.free_gb), "thresholdPercentage": null})
    });
    v.set("retention", volumes.collect::<Vec<_>>());
    let stores = spec.datastores.iter().map(|d| match d {
        DatastoreSpec::Name(name) => store(world, name, None, 1024.0, 512.0, "VMFS"),
        DatastoreSpec::Full {
            name,
            uuid,
            capacity_gb,
            free_gb,
            r#type,
        } => store(
            world,
            name,
            uuid.as_deref(),
            *capacity_gb,
            *free_gb,
            r#type.as_deref().unwrap_or("VMFS"),
        ),
    });
    v.set("datastores", stores.collect::<Vec<_>>());
    v.set("diskCount", spec.disks.unwrap_or(0));
    v.set(
        "osName",
        if spec.os.as_deref() == Some("Linux") {
            "CentOS Linux 7.9"
        } else {
            "Microsoft Windows Server 2016 Datacenter"
        },
    );
    v.fill("master-target")
}

/// Capacities are strings, in GB (asr-rest.md 0).
fn store(
    world: &World,
    name: &str,
    uuid: Option<&str>,
    capacity: f64,
    free: f64,
    kind: &str,
) -> Value {
    let made = world.site.guid(&format!("datastore {name}"));
    json!({"symbolicName": name, "uuid": uuid.unwrap_or(&made), "capacity": capacity.to_string(),
           "freeSpace": free.to_string(), "type": kind})
}

fn appliance_part(
    world: &World,
    fabric: &Fabric,
    spec: &ServerSpec,
    v: &Vars,
    template: &str,
) -> Value {
    let mut v = server(world, fabric, spec, v);
    let names = spec.datastores.iter().map(DatastoreSpec::name);
    v.set("datastores", names.collect::<Vec<_>>());
    v.fill(template)
}

/// `~/replicationAppliances`: one row a fabric.
pub(super) fn appliances(world: &World, fabric: &Fabric, now: Timestamp) -> Value {
    let v = base(world, fabric, now);
    let one = |spec: &ServerSpec| {
        let mut row = json!({"id": server_id(world, fabric, spec), "name": spec.name,
                             "fabricArmId": fabric.id, "switchProviderBlockingErrorDetails": []});
        for (_, template, key) in APPLIANCE_PARTS {
            row[*key] = appliance_part(world, fabric, spec, &v, template);
        }
        row
    };
    let list: Vec<Value> = fabric.spec.appliances.iter().map(one).collect();
    json!({"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", "appliances": list}}})
}
