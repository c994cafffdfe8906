//! The whole circle of every generation by commands alone: what is sent, in which order, and with which
//! bodies.

use std::time::{Duration, Instant};

use failback::domain::run::{Closing, Run, RunId, RunState};
use serde_json::{Value, json};

use crate::lab::Lab;

/// The usual machines, hours in seconds.
async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

/// What a machine shows.
async fn machine(lab: &Lab, name: &str) -> Value {
    let machines = lab.run(&["machines", "--json"]).await.ok_json();
    let all = machines["machines"].as_array().unwrap();
    let own = all.iter().find(|m| m["name"] == name);
    own.unwrap_or_else(|| panic!("no {name}")).clone()
}

/// Waits until this is offered for it, in this order: nothing is while a job of Azure is under way.
async fn offers(lab: &Lab, name: &str, wanted: &[&str]) {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let own = machine(lab, name).await;
        let offered = own["offered"].as_array().unwrap();
        if !offered.is_empty() || Instant::now() > end {
            assert_eq!(own["offered"], json!(wanted), "{name}: {own}");
            return;
        }
    }
}

/// Carries one action out on one machine to its end. What its flags did not answer is agreed to, but
/// that nothing is committed by the way.
async fn act(lab: &Lab, verb: &str, name: &str, flags: &[&str]) -> Closing {
    let words = [&["do", verb, name, "--confirm", name][..], flags].concat();
    // Where a name was typed nothing is asked any more.
    let asks = !matches!(verb, "commit" | "cancel" | "protect");
    let detached = [&words[..], &["--detach"]].concat();
    let said = lab.vouched(if asks { &detached } else { &words }).await;
    assert_eq!(said.code, 0, "{said:?}");
    let id = said.out.split("Launched: run ").nth(1).unwrap();
    let id = RunId::parse(id.split(". ").next().unwrap()).unwrap();
    let run = lab.runs().open(&id).unwrap();
    if asks {
        lab.agree_to_all_but_commit(&run).await;
    }
    let came = Run::fold(&run.read().unwrap().lines).unwrap();
    assert!(
        came.questions.is_empty(),
        "{verb} {name}: {:?}",
        came.questions
    );
    let ends = came.machines.iter().flat_map(|m| &m.steps);
    let ends: Vec<String> = ends
        .map(|s| format!("{:?}: {:?}", s.kind, s.state))
        .collect();
    match came.state {
        RunState::Closed(closing @ (Closing::Done | Closing::DoneBut)) => closing,
        other => panic!("{verb} {name}: {other:?}\n{}", ends.join("\n")),
    }
}

const LOOKED: [&str; 2] = ["--attest", "survivor=logged in, looks good"];

/// Commits it; nothing is left open.
async fn commit(lab: &Lab, name: &str) {
    let closing = act(lab, "commit", name, &LOOKED).await;
    assert_eq!(closing, Closing::Done, "commit {name}");
}

/// The verbs that were sent, the last segment of each path; `PATCH` for what has none.
async fn sent(lab: &Lab) -> Vec<String> {
    let verb = |seen: crate::lab::Seen| {
        let path = seen.path.split('?').next().unwrap_or_default().to_owned();
        match seen.method.as_str() {
            "PATCH" => "PATCH".to_owned(),
            _ => path.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    };
    lab.changes().await.into_iter().map(verb).collect()
}

/// The `properties` of the change at this place.
async fn properties(lab: &Lab, at: usize) -> Value {
    lab.changes().await.remove(at).body.unwrap()["properties"].take()
}

#[tokio::test]
async fn a_modernised_machine_goes_the_whole_circle_with_a_cancelled_failback() {
    const NAME: &str = "app-04";
    let lab = contoso().await;
    offers(&lab, NAME, &["protect"]).await;
    let target = [
        "--reprotect-agent",
        "asr-appl-01",
        "--datastore",
        "DS-VMFS-01",
    ];
    assert_eq!(act(&lab, "protect", NAME, &target).await, Closing::Done);
    offers(&lab, NAME, &["failBack"]).await;

    let quiet = ["--attest", "quiesce=stopped by hand"];
    act(&lab, "failback", NAME, &quiet).await;
    offers(&lab, NAME, &["commit", "cancel"]).await;
    act(&lab, "cancel", NAME, &[]).await;
    assert_eq!(machine(&lab, NAME).await["runsIn"], "Azure");
    offers(&lab, NAME, &["failBack"]).await;

    let application = [&quiet[..], &["--point", "latest-application"]].concat();
    act(&lab, "failback", NAME, &application).await;
    commit(&lab, NAME).await;
    offers(&lab, NAME, &["protectToAzure"]).await;

    act(
        &lab,
        "protect-to-azure",
        NAME,
        &["--process-server", "asr-appl-01"],
    )
    .await;
    offers(&lab, NAME, &["failOverToAzure", "testFailover"]).await;
    act(
        &lab,
        "failover-to-azure",
        NAME,
        &["--size", "Standard_D4s_v5"],
    )
    .await;
    offers(&lab, NAME, &["commit", "protect", "changeRecoveryPoint"]).await;
    act(
        &lab,
        "change-recovery-point",
        NAME,
        &["--point", "latest-processed"],
    )
    .await;
    commit(&lab, NAME).await;
    offers(&lab, NAME, &["protect"]).await;

    let calls = [
        "reProtect",
        "plannedFailover",
        "failoverCancel",
        "plannedFailover",
        "failoverCommit",
        "reProtect",
        "PATCH",
        "unplannedFailover",
        "applyRecoveryPoint",
        "failoverCommit",
    ];
    assert_eq!(sent(&lab).await, calls);
    for (at, point) in [(1, "CrashConsistent"), (3, "ApplicationConsistent")] {
        let wanted = json!({
            "providerSpecificDetails": {
                "instanceType": "InMageRcmFailback",
                "recoveryPointType": point,
            },
        });
        assert_eq!(properties(&lab, at).await, wanted);
    }
    let over = properties(&lab, 7).await;
    assert_eq!(over["providerSpecificDetails"]["performShutdown"], "true");
}

/// The circle of a machine of a Hyper-V site or a VMM cloud.
async fn hyper_v(name: &str) {
    let lab = contoso().await;
    offers(&lab, name, &["failBack"]).await;
    act(&lab, "failback", name, &[]).await;
    assert_eq!(machine(&lab, name).await["runsIn"], "on-prem");
    offers(&lab, name, &["commit"]).await;
    commit(&lab, name).await;
    offers(&lab, name, &["protectToAzure"]).await;
    act(&lab, "protect-to-azure", name, &[]).await;
    offers(&lab, name, &["failOverToAzure", "testFailover"]).await;
    act(&lab, "failover-to-azure", name, &[]).await;
    offers(&lab, name, &["commit", "changeRecoveryPoint"]).await;
    commit(&lab, name).await;
    offers(&lab, name, &["failBack"]).await;
    let calls = [
        "plannedFailover",
        "resume",
        "failoverCommit",
        "reProtect",
        "plannedFailover",
        "failoverCommit",
    ];
    assert_eq!(sent(&lab).await, calls);
    let home = json!({
        "failoverDirection": "RecoveryToPrimary",
        "providerSpecificDetails": {
            "instanceType": "HyperVReplicaAzureFailback",
            "dataSyncOption": "ForDownTime",
            "recoveryVmCreationOption": "NoAction",
        },
    });
    assert_eq!(properties(&lab, 0).await, home);
}

#[tokio::test]
async fn a_machine_of_a_hyper_v_site_goes_the_whole_circle() {
    hyper_v("hv-dc-02").await;
}

#[tokio::test]
async fn a_machine_of_a_vmm_cloud_goes_the_whole_circle() {
    hyper_v("hq-sql").await;
}

#[tokio::test]
async fn a_failback_that_somebody_began_is_completed() {
    let lab = contoso().await;
    // The job that waits is the estate's own.
    offers(&lab, "hv-print", &["complete"]).await;
    let again = lab
        .run(&["do", "failback", "hv-print", "--confirm", "hv-print"])
        .await;
    assert_eq!(again.code, 3, "{again:?}");
    assert!(
        again.err.contains("failback do complete 'hv-print'"),
        "{again:?}"
    );
    act(&lab, "complete", "hv-print", &[]).await;
    assert_eq!(machine(&lab, "hv-print").await["runsIn"], "on-prem");
    assert_eq!(sent(&lab).await, ["resume"]);
}

#[tokio::test]
async fn a_lost_hyper_v_machine_is_downloaded_whole_to_another_host() {
    let lab = contoso().await;
    let flags = [
        "--sync",
        "full-download",
        "--create-vm",
        "--host",
        "HV-BRANCH-02",
    ];
    act(&lab, "failback", "hv-lost", &flags).await;
    assert_eq!(sent(&lab).await, ["plannedFailover"]);
    let details = &properties(&lab, 0).await["providerSpecificDetails"];
    assert_eq!(details["dataSyncOption"], "ForSynchronization");
    assert_eq!(details["recoveryVmCreationOption"], "CreateVmIfNotFound");
    let host = details["providerIdForAlternateRecovery"].as_str().unwrap();
    assert!(
        host.contains("/replicationRecoveryServicesProviders/"),
        "{host}"
    );
}

#[tokio::test]
async fn a_test_is_made_and_cleaned_up_for_every_generation() {
    for name in ["mail-01", "app-06", "hv-web"] {
        let lab = contoso().await;
        let networks = lab
            .run(&["do", "test-failover", name, "--network", "?", "--dry-run"])
            .await;
        assert_eq!(networks.code, 2, "{networks:?}");
        let there = networks.err.split("There are: ").nth(1).unwrap();
        let network = there.split([' ', ',', '.']).next().unwrap();
        act(&lab, "test-failover", name, &["--network", network]).await;
        offers(&lab, name, &["testFailoverCleanup"]).await;
        act(&lab, "clean-up-test", name, &[]).await;
        offers(&lab, name, &["failOverToAzure", "testFailover"]).await;
        assert_eq!(
            sent(&lab).await,
            ["testFailover", "testFailoverCleanup"],
            "{name}"
        );
        let body = properties(&lab, 0).await;
        assert_eq!(body["networkType"], "VmNetworkAsInput", "{name}");
        let id = body["networkId"].as_str().unwrap();
        assert!(id.ends_with(&format!("/{network}")), "{id}");
    }
}

#[tokio::test]
async fn a_classic_machine_goes_the_whole_circle() {
    const NAME: &str = "web-03";
    let lab = contoso().await;
    offers(&lab, NAME, &["protect"]).await;
    let target = [
        "--process-server",
        "ps-azure-01",
        "--master-target",
        "mt-win-01",
        "--datastore",
        "DS-VMFS-01",
    ];
    act(&lab, "protect", NAME, &target).await;
    act(
        &lab,
        "failback",
        NAME,
        &["--attest", "quiesce=stopped by hand"],
    )
    .await;
    commit(&lab, NAME).await;
    let home = ["--process-server", "ps-home-01"];
    act(&lab, "protect-to-azure", NAME, &home).await;
    act(&lab, "failover-to-azure", NAME, &["--no-shut-down"]).await;
    act(
        &lab,
        "change-recovery-point",
        NAME,
        &["--point", "latest-application"],
    )
    .await;
    commit(&lab, NAME).await;
    let calls = [
        "reProtect",
        "unplannedFailover",
        "failoverCommit",
        "reProtect",
        "unplannedFailover",
        "applyRecoveryPoint",
        "failoverCommit",
    ];
    let sent = sent(&lab).await;
    let without_stops: Vec<_> = sent.iter().filter(|verb| *verb != "deallocate").collect();
    assert_eq!(without_stops, calls);
    let over = properties(
        &lab,
        sent.iter().rposition(|v| v == "unplannedFailover").unwrap(),
    )
    .await;
    assert_eq!(over["sourceSiteOperations"], "NotRequired");
}

#[tokio::test]
async fn protecting_what_is_not_committed_is_confirmed_as_the_commit_that_it_is() {
    const NAME: &str = "app-03";
    let lab = contoso().await;
    let target = [
        "--reprotect-agent",
        "asr-appl-01",
        "--datastore",
        "DS-VMFS-01",
    ];
    let words = [&["do", "protect", NAME][..], &target].concat();
    let unconfirmed = lab.run(&words).await;
    assert_eq!(unconfirmed.code, 5, "{unconfirmed:?}");
    assert!(
        unconfirmed.out.contains("protecting it commits it"),
        "{unconfirmed:?}"
    );
    assert!(lab.changes().await.is_empty());
    act(&lab, "protect", NAME, &target).await;
    assert_eq!(sent(&lab).await, ["reProtect"]);
}
