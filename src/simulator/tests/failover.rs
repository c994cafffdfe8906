use super::*;

const ITEM: &str = "V2A-W2K16-201";

async fn vm_power(site: &Site) -> String {
    let group = site.vault();
    let group = group.split("/providers/").next().expect("a group");
    let vm = format!("{group}/providers/Microsoft.Compute/virtualMachines/{ITEM}/instanceView");
    text(&site.get(&vm).await["statuses"][1]["code"])
}

fn states(job: &Value) -> Vec<String> {
    let tasks = job["properties"]["tasks"].as_array().expect("tasks");
    tasks.iter().map(|t| text(&t["state"])).collect()
}

#[tokio::test]
async fn a_reprotected_classic_machine_fails_back_and_waits_for_its_commit() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    let before = site.get(&id).await;
    assert_eq!(vm_power(&site).await, "PowerState/running");
    let accepted = site.fail_back(&id, "Required").await;
    assert_eq!(accepted.status(), 202);
    let headers = accepted.headers().clone();
    let correlation = headers["x-ms-correlation-request-id"]
        .to_str()
        .expect("text")
        .to_owned();
    assert_eq!(headers.get_all("x-ms-request-id").iter().count(), 2);
    assert_eq!(headers["retry-after"], "30");
    let follow = |name: &str| headers[name].to_str().expect("text").to_owned();
    let (status, location) = (follow("azure-asyncoperation"), follow("location"));
    assert!(
        status.len() > 2000 && status.contains("&h="),
        "signed parts of some KB"
    );
    let job = job_of(&accepted);

    site.advance(100).await;
    let running = site.job(&job).await;
    assert_eq!(
        states(&running),
        [
            "Succeeded",
            "InProgress",
            "NotStarted",
            "NotStarted",
            "NotStarted"
        ]
    );
    assert_eq!(
        running["properties"]["activityId"],
        format!("11111111-2222-3333-4444-555555555555 ActivityId: {correlation}")
    );
    assert_eq!(running["properties"]["allowedActions"], json!(["Cancel"]));
    assert_eq!(running["properties"]["endTime"], Value::Null);
    assert_eq!(site.get(&status).await["status"], "InProgress");
    assert_eq!(
        site.ask(Method::GET, &location)
            .send()
            .await
            .expect("an answer")
            .status(),
        202
    );
    let busy = &site.get(&id).await["properties"];
    assert_eq!(busy["protectionState"], "Protected");
    assert_eq!(busy["currentScenario"]["scenarioName"], "UnplannedFailover");
    assert_eq!(busy["allowedOperations"], json!([]));
    assert_eq!(site.fail_back(&id, "Required").await.status(), 409);

    site.advance(520).await;
    let done = site.job(&job).await;
    assert_eq!(
        (
            &done["properties"]["state"],
            &done["properties"]["stateDescription"]
        ),
        (&json!("Succeeded"), &json!("Completed"))
    );
    assert_eq!(site.get(&status).await["status"], "Succeeded");
    assert_eq!(site.get(&location).await["id"], id.as_str());
    let after = &site.get(&id).await["properties"];
    assert_eq!(
        after["protectionState"],
        "UnplannedFailoverCommitPendingStatesBegin"
    );
    assert_eq!(after["activeLocation"], "Recovery");
    assert_eq!(after["providerSpecificDetails"]["activeSiteType"], "OnPrem");
    assert!(after["allowedOperations"].to_string().contains("Commit"));
    assert_eq!(
        after["lastSuccessfulFailoverTime"],
        done["properties"]["startTime"]
    );
    assert_eq!(
        after["eventCorrelationId"],
        before["properties"]["eventCorrelationId"]
    );
    assert_eq!(vm_power(&site).await, "PowerState/deallocated");

    let commit = site
        .ask(Method::POST, &format!("{id}/failoverCommit"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(commit.status(), 202);
    site.advance(115).await;
    let home = &site.get(&id).await["properties"];
    assert_eq!(home["protectionState"], "UnplannedFailoverCommitted");
    assert_eq!(
        home["allowedOperations"],
        json!(["CompleteMigration", "DisableProtection", "SwitchProtection"])
    );
}

#[tokio::test]
async fn without_source_site_operations_shutdown_and_synchronisation_are_skipped() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    let job = job_of(&site.fail_back(&id, "NotRequired").await);
    site.advance(700).await;
    let done = site.job(&job).await;
    assert_eq!(
        states(&done),
        ["Succeeded", "Other", "Other", "Succeeded", "Succeeded"]
    );
    assert_eq!(
        done["properties"]["tasks"][1]["stateDescription"],
        "Skipped"
    );
    assert_eq!(vm_power(&site).await, "PowerState/running");
}

#[tokio::test]
async fn a_job_that_fails_tells_code_causes_and_remedy_and_leaves_the_machine_where_it_was() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    for (code, task) in [("78093", 1), ("8061", 3), ("95226", 0), ("78052", 3)] {
        site.fault(&format!("POST unplannedFailover 1 job:{code}"))
            .await;
        let accepted = site.fail_back(&id, "Required").await;
        let status = accepted.headers()["azure-asyncoperation"]
            .to_str()
            .expect("text")
            .to_owned();
        let job = job_of(&accepted);
        site.advance(700).await;
        let failed = &site.job(&job).await["properties"];
        assert_eq!(failed["state"], "Failed", "{code}");
        let error = &failed["errors"][0]["serviceErrorDetails"];
        assert_eq!(error["code"], code);
        for field in [
            "message",
            "possibleCauses",
            "recommendedAction",
            "activityId",
        ] {
            assert!(
                error[field].as_str().is_some_and(|t| t.len() > 20),
                "{code} {field}"
            );
        }
        assert!(error["message"].as_str().is_some_and(|t| t.contains(ITEM)));
        assert_eq!(failed["tasks"][task]["errors"], failed["errors"]);
        assert_eq!(site.get(&status).await["status"], "Failed");
        assert_eq!(
            site.get(&id).await["properties"]["protectionState"],
            "Protected"
        );
        site.control(Method::DELETE, "faults", Value::Null).await;
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_a_job_that_can_be_found_by_its_activity() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    site.fault("POST unplannedFailover 1 lost").await;
    let body = json!({"properties": {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
        "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTag"}}});
    let sent = site
        .ask(Method::POST, &format!("{id}/unplannedFailover"))
        .header("x-ms-client-request-id", "mine-1")
        .json(&body)
        .send()
        .await;
    assert!(sent.is_err());
    let jobs = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let ours = site.job(&text(&jobs[0]["name"])).await;
    assert!(text(&ours["properties"]["activityId"]).starts_with("mine-1 ActivityId: "));
    let log = site.control(Method::GET, "requests", Value::Null).await;
    let post = log["value"]
        .as_array()
        .expect("a log")
        .iter()
        .find(|r| r["method"] == "POST")
        .expect("the POST")
        .clone();
    assert_eq!(
        (&post["status"], &post["client_request_id"], &post["body"]),
        (&json!(202), &json!("mine-1"), &body),
        "what was carried out is told as that, also where nobody heard of it"
    );
}

#[tokio::test]
async fn what_an_item_does_not_allow_or_the_input_does_not_say_is_refused() {
    let site = site(Estate::Contoso).await;
    let committed = site.item_id("web-03").await;
    assert_eq!(site.fail_back(&committed, "Required").await.status(), 400);
    let ready = site.item_id("web-01").await;
    assert_eq!(site.fail_back(&ready, "Perhaps").await.status(), 400);
    let wrong = json!({"properties": {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
        "providerSpecificDetails": {"instanceType": "InMageAzureV2"}}});
    let answer = site
        .ask(Method::POST, &format!("{ready}/unplannedFailover"))
        .json(&wrong)
        .send()
        .await
        .expect("an answer");
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error"]["details"][0]["code"], "506");
    let later = site
        .ask(Method::POST, &format!("{committed}/reProtect"))
        .json(&json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(later.status(), 400);
}

#[tokio::test]
async fn the_signed_parts_of_an_operation_have_to_come_back_unchanged() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    let accepted = site.fail_back(&id, "Required").await;
    let status = accepted.headers()["azure-asyncoperation"]
        .to_str()
        .expect("text")
        .to_owned();
    let cut = status.split("&h=").next().expect("a part").to_owned();
    assert_eq!(
        site.ask(Method::GET, &cut)
            .send()
            .await
            .expect("an answer")
            .status(),
        403
    );
}

#[tokio::test]
async fn a_commit_settles_what_waits_for_one_whatever_the_provider() {
    let site = site(Estate::Contoso).await;
    for (name, state) in [
        ("dc-01", "UnplannedFailoverCommitted"),
        ("büro-druck", "UnplannedFailoverCommitted"),
        ("app-02", "PlannedFailoverCommitted"),
        ("hv-pos-02", "PlannedFailoverStatesBegin"),
        ("hv-pos-03", "RestoreFinalized"),
    ] {
        let id = site.item_id(name).await;
        let commit = site
            .ask(Method::POST, &format!("{id}/failoverCommit"))
            .send()
            .await;
        assert_eq!(commit.expect("an answer").status(), 202, "{name}");
        site.advance(120).await;
        assert_eq!(
            site.get(&id).await["properties"]["protectionState"],
            state,
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_commit_at_home_deletes_the_azure_vm_and_leaves_its_registration_switched_off() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    let bound = text(&site.get(&id).await["properties"]["protectableItemId"]);
    site.fail_back(&id, "NotRequired").await;
    site.advance(700).await;
    assert_eq!(site.power(ITEM).await, "running");
    site.post(&format!("{id}/failoverCommit"), &Value::Null)
        .await;
    site.advance(60).await;
    assert_eq!(site.vm_status(ITEM).await, 200);
    site.advance(60).await;
    assert_eq!(site.vm_status(ITEM).await, 404);
    let group = site.vm("");
    let vms = site.rows(group.trim_end_matches('/')).await;
    assert!(vms.iter().all(|vm| vm["name"] != ITEM));
    let home = site.get(&id).await;
    assert_eq!(home["properties"]["protectableItemId"], bound.as_str());
    let registration = site.get(&bound).await;
    let details = &registration["properties"]["customDetails"];
    assert_eq!(registration["properties"]["protectionStatus"], "Protected");
    assert_eq!(details["poweredOn"], "Off");
    assert_eq!(details["discoveryType"], "Physical");
}
