//! The other generations and the other kinds of plan, judged by a living site.

use std::collections::BTreeSet;

use failback::domain::plan::{
    AzurePoint, FailedOver, Failover, HyperVReturn, Location, MachineSettings, ModernisedTarget,
    Nat, PlanName, Protected, Protection, Recovered, Recovery, Replication, Repointed, Repointing,
    Selected, Selection, Target, Testing, Wave,
};
use failback::domain::{ArmId, Intent, Plan};
use failback::readiness::{Findings, Outcome};

use super::lab::Lab;
use super::run::{commit, item, vm};

fn plan(intent: Intent) -> Plan {
    Plan::new(PlanName::parse("judged").unwrap(), intent).unwrap()
}

async fn selection(lab: &Lab, machine: &str) -> Selection {
    let own = Selected {
        id: item(lab, machine).await,
        name: machine.into(),
    };
    Selection {
        machines: vec![own],
    }
}

/// Home, to where it came from, unless a host is named.
async fn home(lab: &Lab, machine: &str, host: Option<ArmId>) -> Plan {
    let own = Recovered {
        hyper_v: host.map(|host| HyperVReturn {
            host: Some(host),
            create_vm: true,
            ..HyperVReturn::usual()
        }),
        ..Recovered::new(item(lab, machine).await, machine.into())
    };
    plan(Intent::FailBack(Recovery::new(vec![Wave::of(vec![own])])))
}

async fn to_azure(lab: &Lab, machine: &str, point: AzurePoint) -> Plan {
    let own = FailedOver {
        point: Some(point),
        ..FailedOver::new(item(lab, machine).await, machine.into())
    };
    plan(Intent::FailOver(Failover::new(vec![Wave::of(vec![own])])))
}

async fn repointed(lab: &Lab, machine: &str) -> Vec<Repointed> {
    vec![Repointed {
        id: item(lab, machine).await,
        name: machine.into(),
        point: AzurePoint::LatestApplication,
    }]
}

/// Where a list of the vault is read.
fn vault(lab: &Lab, list: &str) -> String {
    let v = &lab.announce().vaults[0];
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}/{list}\
         ?api-version=2025-08-01",
        v.subscription, v.resource_group, v.name
    )
}

/// The appliance of that name, by its id.
async fn appliance(lab: &Lab, name: &str) -> String {
    let all = lab.raw(&vault(lab, "replicationFabrics")).await;
    let fabrics = all["value"].as_array().unwrap().iter();
    let agents =
        fabrics.filter_map(|f| f["properties"]["customDetails"]["reprotectAgents"].as_array());
    let mut agents = agents.flatten();
    let agent = agents.find(|a| a["name"] == name).unwrap();
    agent["id"].as_str().unwrap().to_owned()
}

async fn protect(lab: &Lab, machine: &str, agent: &str, told: bool) -> Plan {
    let own = Protected {
        id: item(lab, machine).await,
        name: machine.into(),
        azure_vm: told.then(|| vm(lab, machine)),
        target: Target::Modernised(ModernisedTarget {
            location: Location::Original,
            reprotect_agent: Some(appliance(lab, agent).await.as_str().into()),
            datastore: Some("DS-VMFS-01".into()),
            log_storage: ArmId::parse("/subscriptions/s/storageAccounts/logs"),
        }),
        offline_temporary: false,
        settings: MachineSettings::default(),
    };
    plan(Intent::Protect(Protection {
        replication: Replication::default(),
        nat: Nat::default(),
        machines: vec![own],
    }))
}

async fn check(lab: &Lab, plan: &Plan) -> Findings {
    lab.site().await.unwrap().check(plan).await
}

/// What holds the plan back: outcome and check.
async fn held(lab: &Lab, plan: &Plan) -> BTreeSet<String> {
    let found = check(lab, plan).await;
    let blocking = found.0.iter().filter(|f| f.blocks());
    let told = blocking.map(|f| match f.outcome {
        Outcome::Unknown => format!("? {}", f.row.id),
        _ => format!("x {}", f.row.id),
    });
    told.collect()
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(ToString::to_string).collect()
}

async fn host(lab: &Lab, name: &str) -> ArmId {
    let path = vault(lab, "replicationRecoveryServicesProviders");
    let all = lab.raw(&path).await;
    let mut all = all["value"].as_array().unwrap().iter();
    let own = all.find(|p| p["properties"]["friendlyName"] == name);
    ArmId::parse(own.unwrap()["id"].as_str().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_of_the_other_generations_are_held_back_by_their_own_trouble_and_nothing_else() {
    let lab = Lab::contoso().await;
    let other = host(&lab, "HV-BRANCH-02").await;
    let table: Vec<(&str, Plan, &[&str])> = vec![
        ("app-01", home(&lab, "app-01", None).await, &[]),
        (
            "app-05",
            home(&lab, "app-05", None).await,
            &["x FB-01", "x FB-02", "x FB-05", "? ELIG-03"],
        ),
        ("hv-dc-02", home(&lab, "hv-dc-02", None).await, &[]),
        (
            "hv-files",
            home(&lab, "hv-files", None).await,
            &["? ELIG-12"],
        ),
        // Its host is not heard of.
        ("hv-far", home(&lab, "hv-far", None).await, &["x HV-04"]),
        (
            "hv-far elsewhere",
            home(&lab, "hv-far", Some(other)).await,
            &["? HV-22", "? HV-23"],
        ),
        (
            "hv-pos-01",
            home(&lab, "hv-pos-01", None).await,
            &["x HV-05", "x FB-05", "? ELIG-03"],
        ),
        ("app-02", commit(&lab, "app-02").await, &["? COM-03"]),
        // When it was failed over to Azure is not told: no VM there is proven to be it.
        (
            "hv-pos-03",
            commit(&lab, "hv-pos-03").await,
            &["? COM-03", "? FB-08"],
        ),
        ("hv-pos-01", commit(&lab, "hv-pos-01").await, &[]),
        (
            "app-04",
            protect(&lab, "app-04", "asr-appl-01", true).await,
            &[],
        ),
        // Whose VM is found by its disk.
        (
            "app-04",
            protect(&lab, "app-04", "asr-appl-01", false).await,
            &[],
        ),
        (
            "app-04",
            protect(&lab, "app-04", "asr-appl-02", true).await,
            &["x MOD-02"],
        ),
    ];
    for (name, plan, expected) in table {
        assert_eq!(
            held(&lab, &plan).await,
            set(expected),
            "{name}: {}",
            plan.intent().word()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_azure_wants_a_point_and_a_drill_and_asks_azure_for_nothing_else() {
    let lab = Lab::contoso().await;
    let network = ArmId::parse("/subscriptions/s/virtualNetworks/test").unwrap();
    let test = |machines| {
        plan(Intent::TestFailover(Testing {
            network: network.clone(),
            machines,
        }))
    };
    let point = |machines| plan(Intent::ChangePoint(Repointing { machines }));
    let table: Vec<(&str, Plan, &[&str])> = vec![
        (
            "mail-01",
            to_azure(&lab, "mail-01", AzurePoint::Latest).await,
            &["x FWD-01"],
        ),
        (
            "app-06",
            to_azure(&lab, "app-06", AzurePoint::LatestProcessed).await,
            &["x RP-04"],
        ),
        (
            "hv-web",
            to_azure(&lab, "hv-web", AzurePoint::Latest).await,
            &["x FWD-01"],
        ),
        (
            "web-03",
            to_azure(&lab, "web-03", AzurePoint::Latest).await,
            &["x FB-05", "x FWD-01", "x RP-10"],
        ),
        ("app-06", test(repointed(&lab, "app-06").await), &[]),
        (
            "app-03",
            point(repointed(&lab, "app-03").await),
            &["x RP-04"],
        ),
        (
            "app-04",
            point(repointed(&lab, "app-04").await),
            &["x FB-05", "x RP-04", "x RP-10"],
        ),
        (
            "mail-02",
            plan(Intent::CleanUpTest(selection(&lab, "mail-02").await)),
            &[],
        ),
        (
            "mail-01",
            plan(Intent::CleanUpTest(selection(&lab, "mail-01").await)),
            &["x FB-05"],
        ),
    ];
    for (name, plan, expected) in table {
        assert_eq!(
            held(&lab, &plan).await,
            set(expected),
            "{name}: {}",
            plan.intent().word()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_or_back_is_asked_of_its_job_and_of_what_is_offered() {
    let lab = Lab::contoso().await;
    let complete = async |name| plan(Intent::Complete(selection(&lab, name).await));
    let cancel = async |name| plan(Intent::Cancel(selection(&lab, name).await));
    let table: Vec<(&str, Plan, &[&str])> = vec![
        ("hv-print", complete("hv-print").await, &[]),
        ("hv-dc-02", complete("hv-dc-02").await, &["x HV-17"]),
        ("app-01", complete("app-01").await, &["x ELIG-13"]),
        ("app-02", cancel("app-02").await, &["x MOD-12"]),
        ("app-11", cancel("app-11").await, &["x MOD-12"]),
        ("app-01", cancel("app-01").await, &["x MOD-12", "x FB-05"]),
        ("dc-01", cancel("dc-01").await, &["x ELIG-13", "x FB-05"]),
    ];
    for (name, plan, expected) in table {
        assert_eq!(
            held(&lab, &plan).await,
            set(expected),
            "{name}: {}",
            plan.intent().word()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_reads_what_it_is_judged_by_and_nothing_more() {
    let lab = Lab::contoso().await;
    let clean = plan(Intent::CleanUpTest(selection(&lab, "mail-02").await));
    let complete = plan(Intent::Complete(selection(&lab, "hv-print").await));
    let home = home(&lab, "hv-dc-02", None).await;
    let asked = async |plan: &Plan| {
        let site = lab.site().await.unwrap();
        let before = lab.requests().await.len();
        site.facts(plan).await;
        let all = lab.requests().await.split_off(before);
        let last = |path: &str| {
            let path = path.split('?').next().unwrap_or_default();
            path.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let mut all: Vec<String> = all
            .iter()
            .filter(|seen| seen.method == "GET")
            .map(|seen| last(&seen.path))
            .collect();
        all.sort();
        all.dedup();
        all
    };
    let own = async |name: &str| item(&lab, name).await.name().to_owned();
    assert_eq!(asked(&clean).await, [own("mail-02").await]);
    let mut expected = vec![
        own("hv-print").await,
        "replicationJobs".into(),
        "replicationRecoveryServicesProviders".into(),
    ];
    expected.sort();
    assert_eq!(asked(&complete).await, expected);
    let asked = asked(&home).await;
    assert!(!asked.contains(&"recoveryPoints".to_owned()), "{asked:?}");
    assert!(!asked.contains(&"replicationProtectableItems".to_owned()));
}
