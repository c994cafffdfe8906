use super::clients::{number, planned_home, task_names};
use super::*;

#[tokio::test]
async fn a_modernised_machine_is_reprotected_synchronises_and_is_then_ready_to_come_home() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-04").await;
    let before = site.properties(&id).await;
    let body = site.modern_home().await;
    let job = site.ask_for(&id, "reProtect", &body).await;
    site.advance(100).await;
    let busy = site.properties(&id).await;
    assert_eq!(busy["allowedOperations"], json!([]));
    let reprotects = "SwitchReplicationGroupProtection";
    assert_eq!(busy["currentScenario"]["scenarioName"], reprotects);
    site.advance(640).await;
    let (state, _, tasks) = site.outcome(&job).await;
    assert_eq!(
        (state.as_str(), tasks[1].as_str()),
        ("Succeeded", "Skipped")
    );
    let item = site.properties(&id).await;
    let details = &item["providerSpecificDetails"];
    assert_eq!(item["protectionState"], "InitialReplicationInProgress");
    assert_eq!(details["instanceType"], "InMageRcmFailback");
    assert_eq!(item["activeLocation"], "Primary");
    assert_eq!(
        item["policyFriendlyName"],
        "crashconsistency-policy-failback"
    );
    assert_ne!(item["eventCorrelationId"], before["eventCorrelationId"]);
    let old = &before["providerSpecificDetails"];
    assert_ne!(details["internalIdentifier"], old["internalIdentifier"]);
    assert!(before["lastSuccessfulFailoverTime"].is_string());
    assert_eq!(item["lastSuccessfulFailoverTime"], Value::Null);
    let asked = &body["properties"]["providerSpecificDetails"];
    assert_eq!(details["reprotectAgentId"], asked["reprotectAgentId"]);
    assert_eq!(details["targetDataStoreName"], asked["datastoreName"]);
    assert_eq!(details["logStorageAccountId"], asked["logStorageAccountId"]);
    assert_eq!(
        details["discoveredVmDetails"],
        Value::Null,
        "not discovered yet"
    );

    site.advance(600).await;
    let half = site.details(&id).await;
    let percent = number(&half["initialReplicationProgressPercentage"]);
    assert!((40.0..70.0).contains(&percent), "{percent}");
    let of = |field: &str| number(&half[field]);
    let (processed, moved) = (
        of("initialReplicationProcessedBytes"),
        of("initialReplicationTransferredBytes"),
    );
    assert!(moved > 0.0 && moved < processed, "{moved} of {processed}");
    assert_eq!(half["initialReplicationProgressHealth"], "InProgress");
    let disk = &half["protectedDisks"][0];
    assert_eq!(disk["isInitialReplicationComplete"], "false");
    assert_eq!(number(&disk["irDetails"]["progressPercentage"]), percent);

    site.advance(700).await;
    let ready = site.properties(&id).await;
    assert_eq!(ready["protectionState"], "Protected");
    assert_eq!(
        ready["allowedOperations"],
        json!(["PlannedFailover", "DisableProtection"])
    );
    let disk = &ready["providerSpecificDetails"]["protectedDisks"][0];
    assert_eq!(disk["isInitialReplicationComplete"], "true");
    assert_eq!(disk["irDetails"], Value::Null);
    let points = site.rows(&format!("{id}/recoveryPoints")).await;
    assert!(
        points.is_empty(),
        "its point is made when it is failed over"
    );
}

#[tokio::test]
async fn a_reprotect_of_what_is_not_committed_commits_it_and_says_so() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-03").await;
    let body = site.modern_home().await;
    let job = site.ask_for(&id, "reProtect", &body).await;
    site.advance(2000).await;
    let (_, _, tasks) = site.outcome(&job).await;
    assert_eq!(tasks[1], "Completed");
    let home = site.item_id("app-02").await;
    let body = site.modern_azure().await;
    let job = site.ask_for(&home, "reProtect", &body).await;
    site.advance(800).await;
    let (_, _, tasks) = site.outcome(&job).await;
    assert_eq!(tasks[1], "Completed");
    assert_eq!(site.vm_status("app-02").await, 404, "its Azure VM is gone");
}

#[tokio::test]
async fn a_planned_failover_makes_its_point_shuts_the_azure_vm_down_and_brings_everything_home() {
    for kind in ["CrashConsistent", "ApplicationConsistent"] {
        let site = site(Estate::Contoso).await;
        let id = site.item_id("app-01").await;
        let vm = "app-01-e9369372-f40f-41eb-b64f-38bb79445508";
        site.writes("app-01", 60.0).await;
        site.advance(1800).await;
        let pending = number(&site.guest("app-01").await["pending_mb"]);
        let shown = site.details(&id).await;
        let disk = &shown["protectedDisks"][0];
        let told = number(&disk["dataPendingAtSourceAgentInMB"])
            + number(&disk["dataPendingInLogDataStoreInMB"]);
        assert!(
            told > pending / 2.0 && told <= pending,
            "{told} of {pending}"
        );
        let started = site.running.now();
        let job = site
            .ask_for(&id, "plannedFailover", &planned_home(kind))
            .await;
        site.advance(400).await;
        assert_eq!(
            site.power(vm).await,
            "running",
            "it serves until it is synchronised"
        );
        site.advance(1000).await;
        let done = site.job(&job).await;
        assert_eq!(
            task_names(&done),
            [
                "VmPfoPrerequisitesCheck",
                "VmPrepareForFailover",
                "VmFailover",
                "VmPrepareProtectedEntitiesTask",
                "VmFoStartVmOnSecondary"
            ]
        );
        let item = site.properties(&id).await;
        let details = &item["providerSpecificDetails"];
        assert_eq!(item["protectionState"], "CommitPendingStatesBegin");
        assert_eq!(item["activeLocation"], "Recovery");
        let start = &done["properties"]["startTime"];
        assert_eq!(&item["lastSuccessfulFailoverTime"], start);
        assert_eq!(&details["lastPlannedFailoverStartTime"], start);
        assert_eq!(details["lastPlannedFailoverStatus"], "Succeeded");
        let start: jiff::Timestamp = text(start).parse().expect("a time");
        assert!(start.duration_since(started).as_secs().abs() < 5);
        assert_eq!(details["isAgentRegistrationSuccessfulAfterFailover"], false);
        assert_eq!(details["discoveredVmDetails"]["powerStatus"], "ON");
        assert_eq!(site.power(vm).await, "deallocated");
        let account = site.guest("app-01").await;
        assert_eq!(number(&account["lost_mb"]), 0.0, "{account}");
        assert_eq!(number(&account["pending_mb"]), 0.0);
        assert_eq!(account["site_vm"], "running");
    }
}

#[tokio::test]
async fn on_the_way_to_azure_it_waits_for_its_first_point_before_it_is_protected() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-09").await;
    let body = site.modern_azure().await;
    site.ask_for(&id, "reProtect", &body).await;
    let mut states = Vec::new();
    for _ in 0..12 {
        let item = site.properties(&id).await;
        let state = text(&item["protectionState"]);
        if states.last() != Some(&state) {
            states.push(state);
        }
        site.advance(300).await;
    }
    assert_eq!(
        states,
        [
            "PlannedFailoverCommitted",
            "InitialReplicationInProgress",
            "InitialReplicationRecoveryCompletionPending",
            "Protected"
        ]
    );
    let details = site.details(&id).await;
    let asked = &body["properties"]["providerSpecificDetails"];
    assert_eq!(details["instanceType"], "InMageRcm");
    assert_eq!(details["processServerId"], asked["processServerId"]);
    assert_eq!(details["runAsAccountId"], asked["runAsAccountId"]);
    let points = site.rows(&format!("{id}/recoveryPoints")).await;
    assert_eq!(points[0]["id"], details["lastRecoveryPointId"]);
}

#[tokio::test]
async fn what_does_not_exist_or_does_not_fit_is_refused_by_its_name() {
    let site = site(Estate::Contoso).await;
    let (committed, home, ready) = (
        site.item_id("app-04").await,
        site.item_id("app-09").await,
        site.item_id("app-01").await,
    );
    let (back, forth) = (site.modern_home().await, site.modern_azure().await);
    let elsewhere = json!("/subscriptions/x/providers/Microsoft.Storage/storageAccounts/none");
    let classic = json!(site.policy("contoso-24h-failback"));
    let wrong_way = json!(site.policy("24-hour-replication-policy"));
    for (id, good, field, value) in [
        (&committed, &back, "reprotectAgentId", json!("nowhere")),
        (&committed, &back, "reprotectAgentId", Value::Null),
        (&committed, &back, "datastoreName", json!("DS-VMFS-99")),
        (&committed, &back, "datastoreName", json!("")),
        (&committed, &back, "logStorageAccountId", elsewhere.clone()),
        (&committed, &back, "logStorageAccountId", Value::Null),
        (&committed, &back, "policyId", wrong_way),
        (&home, &forth, "processServerId", json!("nowhere")),
        (&home, &forth, "policyId", classic),
        (&home, &forth, "policyId", Value::Null),
        (&home, &forth, "runAsAccountId", elsewhere),
    ] {
        let mut body = good.clone();
        body["properties"]["providerSpecificDetails"][field] = value;
        let (code, message) = site.refused(id, "reProtect", &body).await;
        assert_eq!(code, "InvalidParameter");
        assert!(message.contains(field), "{field}: {message}");
    }
    let mut turned = back.clone();
    turned["properties"]["failoverDirection"] = "PrimaryToRecovery".into();
    let (_, message) = site.refused(&committed, "reProtect", &turned).await;
    assert!(message.contains("failoverDirection"), "{message}");
    let never = planned_home("LatestTime");
    let (_, message) = site.refused(&ready, "plannedFailover", &never).await;
    assert!(message.contains("recoveryPointType"), "{message}");
    let (code, _) = site.refused(&committed, "reProtect", &forth).await;
    assert_eq!(code, "506", "another provider's input");
    let body = planned_home("CrashConsistent");
    let (code, _) = site.refused(&committed, "plannedFailover", &body).await;
    assert_eq!(code, "OperationNotAllowed");
}

#[tokio::test]
async fn a_policy_for_the_way_home_can_be_chosen() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-04").await;
    let mut body = site.modern_home().await;
    let chosen = site.policy("appconsistency-policy-failback");
    body["properties"]["providerSpecificDetails"]["policyId"] = chosen.into();
    site.ask_for(&id, "reProtect", &body).await;
    site.advance(800).await;
    let item = site.properties(&id).await;
    assert_eq!(item["policyFriendlyName"], "appconsistency-policy-failback");
}

#[tokio::test]
async fn the_azure_vm_has_to_run() {
    let site = site(Estate::Contoso).await;
    for (name, verb, body) in [
        ("app-04", "reProtect", site.modern_home().await),
        (
            "shiryo-db-01",
            "plannedFailover",
            planned_home("CrashConsistent"),
        ),
    ] {
        let vm = format!("{}/deallocate", site.vm(name));
        site.post(&vm, &Value::Null).await;
        site.advance(90).await;
        let friendly = if name == "app-04" {
            name
        } else {
            "資料庫伺服器"
        };
        let id = site.item_id(friendly).await;
        let job = site.ask_for(&id, verb, &body).await;
        site.advance(1500).await;
        let failed = site.job(&job).await;
        let error = &failed["properties"]["errors"][0]["serviceErrorDetails"];
        assert_eq!(error["code"], "78093", "{name}");
    }
}
