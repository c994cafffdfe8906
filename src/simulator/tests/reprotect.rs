use super::*;

fn tasks(job: &Value) -> Vec<(String, String)> {
    let tasks = job["properties"]["tasks"].as_array().expect("tasks");
    let pair = |t: &Value| (text(&t["name"]), text(&t["stateDescription"]));
    tasks.iter().map(pair).collect()
}

#[tokio::test]
async fn a_committed_classic_machine_is_reprotected_and_synchronises_after_the_job() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-03").await;
    let before = site.get(&id).await["properties"].clone();
    let body = site.homeward("Windows").await;
    let accepted = site.post(&format!("{id}/reProtect"), &body).await;
    assert_eq!(accepted.status(), 202);
    let job = job_of(&accepted);
    site.advance(100).await;
    assert_eq!(
        site.get(&id).await["properties"]["allowedOperations"],
        json!([])
    );
    let running = site.job(&job).await;
    let group = &running["properties"]["tasks"][4]["groupTaskCustomDetails"]["childTasks"][0];
    assert_eq!(group["taskType"], "JobTaskDetails");
    let child = text(&group["customDetails"]["jobTask"]["jobId"]);
    let child = site.get(&child).await["properties"].clone();
    assert_eq!(child["scenarioName"], "EnableDr");
    assert_eq!(child["state"], "InProgress");
    let listed = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let news = listed
        .iter()
        .take(2)
        .map(|j| &j["properties"]["friendlyName"]);
    assert_eq!(
        news.collect::<Vec<_>>(),
        [&json!("Enable replication"), &json!("Reprotect")]
    );

    site.advance(700).await;
    let done = site.job(&job).await;
    assert_eq!(
        done["properties"]["scenarioName"],
        "SwitchReplicationGroupProtection"
    );
    assert_eq!(done["properties"]["state"], "Succeeded");
    assert_eq!(
        tasks(&done)[1],
        ("VmCommitFailover".into(), "Skipped".into())
    );
    assert_eq!(
        text(&done["properties"]["customDetails"]["newReplicationProtectedItemId"]).to_lowercase(),
        id.to_lowercase()
    );
    let item = site.get(&id).await["properties"].clone();
    let details = &item["providerSpecificDetails"];
    assert_eq!(item["protectionState"], "InitialReplicationInProgress");
    assert_eq!(details["instanceType"], "InMage");
    assert_eq!(item["allowedOperations"], json!(["DisableProtection"]));
    assert_ne!(item["eventCorrelationId"], before["eventCorrelationId"]);
    assert_ne!(details["vmId"], before["providerSpecificDetails"]["vmId"]);
    assert!(before["lastSuccessfulFailoverTime"].is_string());
    assert_eq!(item["lastSuccessfulFailoverTime"], Value::Null);
    let asked = &body["properties"]["providerSpecificDetails"];
    assert_eq!(details["masterTargetId"], asked["masterTargetId"]);
    assert_eq!(details["processServerId"], asked["processServerId"]);
    assert_eq!(details["datastores"], json!([asked["datastoreName"]]));
    assert_eq!(item["policyId"], asked["profileId"]);

    site.advance(600).await;
    let half = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    let percent = &half["resyncDetails"]["initialReplicationProgressPercentage"];
    let percent: u64 = text(percent).parse().expect("a number");
    assert!((40..70).contains(&percent), "{percent}");
    site.advance(700).await;
    let ready = site.get(&id).await["properties"].clone();
    assert_eq!(ready["protectionState"], "Protected");
    assert_eq!(
        ready["allowedOperations"],
        json!(["UnplannedFailover", "DisableProtection"])
    );
    assert_eq!(site.fail_back(&id, "Required").await.status(), 202);
}

#[tokio::test]
async fn a_reprotect_commits_also_when_it_fails_afterwards() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("büro-druck").await;
    site.fault("POST reProtect 1 job:95226").await;
    let body = site.homeward("Windows").await;
    let job = job_of(&site.post(&format!("{id}/reProtect"), &body).await);
    site.advance(1000).await;
    let failed = site.job(&job).await;
    assert_eq!(failed["properties"]["state"], "Failed");
    assert_eq!(
        tasks(&failed)[1],
        ("VmCommitFailover".into(), "Completed".into())
    );
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["protectionState"], "UnplannedFailoverCommitted");
}

#[tokio::test]
async fn a_machine_that_came_home_is_protected_to_azure_and_its_vm_is_gone() {
    let site = site(Estate::Contoso).await;
    for (name, commits, vm) in [("file-01", "Skipped", 404), ("dc-01", "Completed", 200)] {
        let id = site.item_id(name).await;
        assert_eq!(site.vm_status(name).await, vm, "{name}");
        let before = site.get(&id).await["properties"].clone();
        let home = site.homeward("Windows").await;
        let ps = &home["properties"]["providerSpecificDetails"]["processServerId"];
        let body = json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
            "instanceType": "InMageAzureV2", "processServerId": ps, "masterTargetId": ps, "runAsAccountId": "2",
            "policyId": format!("{}/replicationPolicies/contoso-24h", site.vault()),
        }}});
        let accepted = site.post(&format!("{id}/reprotect"), &body).await;
        assert_eq!(accepted.status(), 202, "{name}");
        site.advance(900).await;
        assert_eq!(tasks(&site.job(&job_of(&accepted)).await)[1].1, commits);
        let item = &site.get(&id).await["properties"];
        assert_eq!(
            item["providerSpecificDetails"]["instanceType"],
            "InMageAzureV2"
        );
        assert_eq!(item["protectionState"], "InitialReplicationInProgress");
        assert_ne!(item["eventCorrelationId"], before["eventCorrelationId"]);
        assert_eq!(site.vm_status(name).await, 404);
        site.advance(1300).await;
        let item = &site.get(&id).await["properties"];
        assert_eq!(item["protectionState"], "Protected");
        assert_eq!(item["activeLocation"], "Primary");
    }
}

#[tokio::test]
async fn what_does_not_exist_or_does_not_fit_is_refused_by_its_name() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-03").await;
    let good = site.homeward("Windows").await;
    let linux = site.homeward("Linux").await;
    let linux = &linux["properties"]["providerSpecificDetails"]["masterTargetId"];
    let forward = json!(format!("{}/replicationPolicies/contoso-24h", site.vault()));
    for (field, value) in [
        ("masterTargetId", json!("nowhere")),
        ("masterTargetId", linux.clone()),
        ("processServerId", Value::Null),
        ("retentionDrive", json!("Q")),
        ("retentionDrive", json!("")),
        ("profileId", forward),
        ("datastoreName", json!("vsanDatastore")),
        ("runAsAccountId", json!("9")),
    ] {
        let mut body = good.clone();
        body["properties"]["providerSpecificDetails"][field] = value;
        let answer = site.post(&format!("{id}/reProtect"), &body).await;
        assert_eq!(answer.status(), 400, "{field}");
        let said: Value = answer.json().await.expect("JSON");
        let message = text(&said["error"]["details"][0]["message"]);
        assert!(message.contains(field), "{field}: {message}");
    }
    let mut turned = good.clone();
    turned["properties"]["failoverDirection"] = "PrimaryToRecovery".into();
    let answer = site.post(&format!("{id}/reProtect"), &turned).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn only_the_disks_that_were_asked_for_replicate() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-04").await;
    let before = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    let second = before["protectedDisks"][1]["diskId"].clone();
    let mut body = site.homeward("Windows").await;
    for (field, value, status) in [
        ("disksToInclude", json!(["nothing"]), 400),
        ("disksToInclude", json!([second, "{2021871174}"]), 400),
        ("diskExclusionInput", json!({"volumeOptions": []}), 400),
        ("diskExclusionInput", Value::Null, 0),
        (
            "disksToInclude",
            json!([text(&second).trim_matches(['{', '}'])]),
            202,
        ),
    ] {
        body["properties"]["providerSpecificDetails"][field] = value;
        if status == 0 {
            continue;
        }
        let answer = site.post(&format!("{id}/reProtect"), &body).await;
        assert_eq!(answer.status(), status, "{field}");
        let said: Value = answer.json().await.unwrap_or_default();
        assert!(status == 202 || said.to_string().contains(field), "{said}");
    }
    site.advance(2100).await;
    let after = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    let disks = after["protectedDisks"].as_array().expect("disks");
    assert_eq!(disks.len(), 1);
    assert_eq!(disks[0]["diskId"], second);
}

#[tokio::test]
async fn windows_has_a_temporary_disk_in_azure_that_does_not_replicate() {
    let site = site(Estate::Recorded).await;
    let item = site.get(&site.item_id("V2A-W2K16-201").await).await;
    let details = &item["properties"]["providerSpecificDetails"];
    let names: Vec<_> = details["protectedDisks"]
        .as_array()
        .expect("disks")
        .iter()
        .map(|d| text(&d["diskName"]))
        .collect();
    assert_eq!(names, ["Disk0", "Disk2"]);
    let bound = site
        .get(&text(&item["properties"]["protectableItemId"]))
        .await;
    let disks = &bound["properties"]["customDetails"]["diskDetails"];
    assert_eq!(disks.as_array().map(Vec::len), Some(3));
    assert_eq!(disks[0]["diskName"], "\\\\.\\PHYSICALDRIVE1");
    assert_eq!(disks[0]["diskSizeInMB"], "16384");
    assert_eq!(disks[2]["diskName"], "\\\\.\\PHYSICALDRIVE2");
    assert_eq!(disks[2]["diskId"], details["protectedDisks"][1]["diskId"]);
}
