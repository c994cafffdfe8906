//! Plans of the other generations, and of the way to Azure.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use failback::domain::plan::{
    AzurePoint, AzureTarget, FailedOver, Failover, HyperVReturn, Location, MachineSettings,
    ModernisedTarget, Nat, PlanName, Protected, Protection, Recovered, Recovery, Replication,
    Repointed, Repointing, ReturnTarget, Returned, Returning, Selected, Selection, Synchronisation,
    Target, Testing, Wave,
};
use failback::domain::{ArmId, Intent, Plan, Text};
use serde_json::Value;

use crate::lab::Lab;
use crate::run::{Came, item, vm};

pub fn plan(name: &str, intent: Intent) -> Plan {
    Plan::new(PlanName::parse(name).unwrap(), intent).unwrap()
}

fn vault(lab: &Lab) -> String {
    let v = &lab.announce().vaults[0];
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}",
        v.subscription, v.resource_group, v.name
    )
}

/// Something of the vault, as it is on the wire.
pub async fn wire(lab: &Lab, path: &str) -> Value {
    lab.raw(&format!("{path}?api-version=2025-08-01")).await
}

/// The properties of a machine's item, as they are on the wire.
pub async fn properties(lab: &Lab, machine: &str) -> Value {
    let item = item(lab, machine).await;
    wire(lab, item.as_str()).await["properties"].clone()
}

/// The first of a list of the resource group: `Microsoft.Storage/storageAccounts`.
pub async fn first(lab: &Lab, kind: &str) -> ArmId {
    let v = &lab.announce().vaults[0];
    let list = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/{kind}",
        v.subscription, v.resource_group
    );
    let all = wire(lab, &list).await;
    ArmId::parse(all["value"][0]["id"].as_str().unwrap()).unwrap()
}

async fn appliances(lab: &Lab) -> Value {
    let fabrics = wire(lab, &format!("{}/replicationFabrics", vault(lab))).await;
    let mut all = fabrics["value"].as_array().unwrap().iter();
    let modern = all.find(|f| f["properties"]["customDetails"]["instanceType"] == "InMageRcm");
    modern.unwrap()["properties"]["customDetails"].clone()
}

fn text(value: &Value) -> Option<Text> {
    value.as_str().map(Text::from)
}

/// The machine with the VM that it is in Azure, as the built-in site has it.
pub async fn recovered(lab: &Lab, machine: &str) -> Recovered {
    let own = Recovered::new(item(lab, machine).await, machine.into());
    let modern = machine.starts_with("app-");
    Recovered {
        // A modernised machine tells it itself.
        azure_vm: (!modern).then(|| vm(lab, machine)),
        ..own
    }
}

pub async fn fail_back(lab: &Lab, waves: &[&[&str]]) -> Plan {
    plan("home", Intent::FailBack(recovery(lab, waves).await))
}

pub async fn recovery(lab: &Lab, waves: &[&[&str]]) -> Recovery {
    let mut all = Vec::new();
    for names in waves {
        let mut machines = Vec::new();
        for name in *names {
            machines.push(recovered(lab, name).await);
        }
        all.push(Wave::of(machines));
    }
    Recovery::new(all)
}

/// A Hyper-V failback of one machine, in this way.
pub async fn hyper_v(lab: &Lab, machine: &str, way: HyperVReturn) -> Plan {
    let mut recovery = recovery(lab, &[&[machine]]).await;
    recovery.waves[0].machines[0].hyper_v = Some(way);
    plan("home", Intent::FailBack(recovery))
}

pub fn full_download() -> HyperVReturn {
    HyperVReturn {
        synchronisation: Synchronisation::FullDownload,
        ..HyperVReturn::usual()
    }
}

/// The provider of a Hyper-V host.
pub async fn host(lab: &Lab, name: &str) -> ArmId {
    let list = format!("{}/replicationRecoveryServicesProviders", vault(lab));
    let all = wire(lab, &list).await;
    let named = |p: &&Value| p["properties"]["friendlyName"] == name;
    let found = all["value"].as_array().unwrap().iter().find(named).unwrap();
    ArmId::parse(found["id"].as_str().unwrap()).unwrap()
}

async fn select(lab: &Lab, machines: &[&str]) -> Selection {
    let mut all = Vec::new();
    for machine in machines {
        all.push(Selected {
            id: item(lab, machine).await,
            name: (*machine).into(),
        });
    }
    Selection { machines: all }
}

pub async fn cancel(lab: &Lab, machine: &str) -> Plan {
    plan("cancel", Intent::Cancel(select(lab, &[machine]).await))
}

pub async fn complete(lab: &Lab, machine: &str) -> Plan {
    plan("complete", Intent::Complete(select(lab, &[machine]).await))
}

pub async fn commit(lab: &Lab, machine: &str) -> Plan {
    plan("commit", Intent::Commit(select(lab, &[machine]).await))
}

pub async fn clean_up(lab: &Lab, machine: &str) -> Plan {
    plan("clean", Intent::CleanUpTest(select(lab, &[machine]).await))
}

/// Protects a modernised machine to the first appliance that reaches a datastore.
pub async fn protect(lab: &Lab, machine: &str) -> Plan {
    let details = appliances(lab).await;
    let agents = details["reprotectAgents"].as_array().unwrap().clone();
    let reaches = |a: &&Value| !a["accessibleDatastores"][0].is_null();
    let agent = agents.iter().find(reaches).unwrap();
    let target = ModernisedTarget {
        location: Location::Original,
        reprotect_agent: text(&agent["id"]),
        datastore: text(&agent["accessibleDatastores"][0]),
        log_storage: Some(first(lab, "Microsoft.Storage/storageAccounts").await),
    };
    let machines = vec![Protected {
        id: item(lab, machine).await,
        name: machine.into(),
        target: Target::Modernised(target),
        azure_vm: None,
        offline_temporary: false,
        settings: MachineSettings::default(),
    }];
    let protection = Protection {
        replication: Replication::default(),
        nat: Nat::default(),
        machines,
    };
    plan("protect", Intent::Protect(protection))
}

/// Protects a modernised or Hyper-V machine to Azure again.
pub async fn to_azure(lab: &Lab, machine: &str) -> Plan {
    let properties = properties(lab, machine).await;
    let provider = properties["providerSpecificDetails"]["instanceType"].clone();
    let target = if provider == "HyperVReplicaAzure" {
        let registered = properties["protectableItemId"].as_str().unwrap().to_owned();
        let registered = wire(lab, &registered).await;
        let details = &properties["providerSpecificDetails"];
        ReturnTarget {
            host_vm: text(&registered["properties"]["customDetails"]["sourceItemId"]),
            os: text(&details["oSDetails"]["osType"]),
            storage: Some(first(lab, "Microsoft.Storage/storageAccounts").await),
            ..ReturnTarget::default()
        }
    } else {
        let details = appliances(lab).await;
        let accounts = format!(
            "{}/runAsAccounts",
            details["vmwareSiteId"].as_str().unwrap()
        );
        let accounts = wire(lab, &accounts).await;
        let policy = format!(
            "{}/replicationPolicies/24-hour-replication-policy",
            vault(lab)
        );
        ReturnTarget {
            process_server: text(&details["processServers"][0]["id"]),
            account: text(&accounts["value"][0]["id"]),
            policy: ArmId::parse(&policy),
            ..ReturnTarget::default()
        }
    };
    let machines = vec![Returned {
        id: item(lab, machine).await,
        name: machine.into(),
        target,
    }];
    plan("away", Intent::ProtectToAzure(Returning { machines }))
}

/// One machine that fails over to Azure.
pub async fn fail_over(lab: &Lab, machine: &str, point: AzurePoint, target: AzureTarget) -> Plan {
    let machines = vec![FailedOver {
        target,
        ..FailedOver::new(item(lab, machine).await, machine.into())
    }];
    let failover = Failover {
        point,
        ..Failover::new(vec![Wave::of(machines)])
    };
    plan("over", Intent::FailOver(failover))
}

async fn repointed(lab: &Lab, machine: &str, point: AzurePoint) -> Vec<Repointed> {
    vec![Repointed {
        id: item(lab, machine).await,
        name: machine.into(),
        point,
    }]
}

pub async fn change_point(lab: &Lab, machine: &str, point: AzurePoint) -> Plan {
    let machines = repointed(lab, machine, point).await;
    plan("point", Intent::ChangePoint(Repointing { machines }))
}

pub async fn test(lab: &Lab, machine: &str, point: AzurePoint) -> Plan {
    let machines = repointed(lab, machine, point).await;
    let network = first(lab, "Microsoft.Network/virtualNetworks").await;
    plan("test", Intent::TestFailover(Testing { network, machines }))
}

/// The bodies of the changes that were sent, with the last part of their paths.
pub async fn bodies(lab: &Lab) -> Vec<(String, Value)> {
    let one = |seen: crate::lab::Seen| {
        let path = seen.path.split('?').next().unwrap().to_owned();
        let verb = match seen.method.as_str() {
            "PATCH" => "update",
            _ => path.rsplit('/').next().unwrap(),
        };
        (verb.to_owned(), seen.body.unwrap_or(Value::Null))
    };
    lab.changes().await.into_iter().map(one).collect()
}

/// Nobody ever cancels a job: it would tear a failover or a synchronisation apart.
pub async fn no_job_was_cancelled(lab: &Lab) {
    for seen in lab.changes().await {
        let path = seen.path.to_lowercase();
        let job = path.contains("/replicationjobs/");
        assert!(!(job && path.contains("/cancel")), "{path}");
    }
}

/// The words with which a question was asked, evidence included.
pub fn words(question: &failback::domain::run::Question) -> String {
    let evidence: Vec<&str> = question.evidence.iter().map(Text::as_str).collect();
    format!("{}\n{}", question.words, evidence.join("\n"))
}

/// How often something is said among the remarks.
pub fn remarked(came: &Came, part: &str) -> usize {
    came.remarks().iter().filter(|r| r.contains(part)).count()
}
