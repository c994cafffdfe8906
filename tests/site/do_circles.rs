//! The whole circle of every generation by commands alone: what is sent, in which order, and with which
//! bodies.

use failback::domain::run::{Closing, RunState};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::runs::*;

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

/// What is offered for it, in order.
async fn offered(lab: &Lab, name: &str) -> Vec<String> {
    let own = machine(lab, name).await;
    let all = own["offered"].as_array().unwrap().iter();
    all.map(|verb| verb.as_str().unwrap().to_owned()).collect()
}

/// Carries one action out on one machine to its end, leaving commits to whoever says so.
async fn act(lab: &Lab, verb: &str, name: &str, flags: &[&str]) -> Closing {
    let words = [&["do", verb, name, "--confirm", name][..], flags].concat();
    let run = lab.launched(&words).await;
    let came = lab.agree_to_all_but_commit(&run).await;
    match came.state {
        RunState::Closed(closing) => closing,
        other => panic!("{verb} {name}: {other:?}"),
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
    assert_eq!(offered(&lab, NAME).await, ["protect"]);
    let target = [
        "--reprotect-agent",
        "asr-appl-01",
        "--datastore",
        "DS-VMFS-01",
    ];
    assert_eq!(act(&lab, "protect", NAME, &target).await, Closing::Done);
    assert_eq!(offered(&lab, NAME).await, ["failBack"]);

    let quiet = ["--attest", "quiesce=stopped by hand"];
    act(&lab, "failback", NAME, &quiet).await;
    assert_eq!(offered(&lab, NAME).await, ["commit", "cancel"]);
    act(&lab, "cancel", NAME, &[]).await;
    assert_eq!(machine(&lab, NAME).await["runsIn"], "Azure");
    assert_eq!(offered(&lab, NAME).await, ["failBack"]);

    let application = [&quiet[..], &["--point", "latest-application"]].concat();
    act(&lab, "failback", NAME, &application).await;
    commit(&lab, NAME).await;
    assert_eq!(offered(&lab, NAME).await, ["protectToAzure"]);

    act(
        &lab,
        "protect-to-azure",
        NAME,
        &["--process-server", "asr-appl-01"],
    )
    .await;
    assert_eq!(
        offered(&lab, NAME).await,
        ["failOverToAzure", "testFailover"]
    );
    act(
        &lab,
        "failover-to-azure",
        NAME,
        &["--size", "Standard_D4s_v5"],
    )
    .await;
    assert_eq!(
        offered(&lab, NAME).await,
        ["commit", "protect", "changeRecoveryPoint"]
    );
    act(
        &lab,
        "change-recovery-point",
        NAME,
        &["--point", "latest-processed"],
    )
    .await;
    commit(&lab, NAME).await;
    assert_eq!(offered(&lab, NAME).await, ["protect"]);

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
    assert_eq!(offered(&lab, name).await, ["failBack"]);
    act(&lab, "failback", name, &[]).await;
    assert_eq!(machine(&lab, name).await["runsIn"], "on-prem");
    assert_eq!(offered(&lab, name).await, ["commit"]);
    commit(&lab, name).await;
    assert_eq!(offered(&lab, name).await, ["protectToAzure"]);
    act(&lab, "protect-to-azure", name, &[]).await;
    assert_eq!(
        offered(&lab, name).await,
        ["failOverToAzure", "testFailover"]
    );
    act(&lab, "failover-to-azure", name, &[]).await;
    assert_eq!(offered(&lab, name).await, ["commit", "changeRecoveryPoint"]);
    commit(&lab, name).await;
    assert_eq!(offered(&lab, name).await, ["failBack"]);
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
    assert_eq!(offered(&lab, "hv-print").await, ["complete"]);
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
        assert_eq!(offered(&lab, name).await, ["testFailoverCleanup"], "{name}");
        act(&lab, "clean-up-test", name, &[]).await;
        assert_eq!(
            offered(&lab, name).await,
            ["failOverToAzure", "testFailover"],
            "{name}"
        );
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
async fn a_classic_machine_comes_home_and_goes_to_azure_again() {
    const NAME: &str = "web-01";
    let lab = contoso().await;
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
        unconfirmed.out.contains("Protect commits it"),
        "{unconfirmed:?}"
    );
    assert!(lab.changes().await.is_empty());
    act(&lab, "protect", NAME, &target).await;
    assert_eq!(sent(&lab).await, ["reProtect"]);
}
