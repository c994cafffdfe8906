use super::*;
use crate::simulator::Quirk;

const ITEM: &str = "V2A-W2K16-201";

async fn quirky(estate: Estate, quirk: Quirk) -> Site {
    with(Options {
        estate,
        quirks: vec![quirk],
        ..Options::default()
    })
    .await
}

async fn scenario(site: &Site, id: &str) -> String {
    text(&site.get(id).await["properties"]["currentScenario"]["scenarioName"])
}

#[test]
fn a_quirk_is_known_by_its_name_and_others_are_named_in_the_error() {
    for quirk in Quirk::ALL {
        assert_eq!(quirk.to_string().parse(), Ok(*quirk));
    }
    let error = "nonsense".parse::<Quirk>().expect_err("no quirk");
    assert!(error.to_string().contains("scenario-late"), "{error}");
}

#[tokio::test]
async fn the_scenario_of_a_busy_item_may_show_late_or_never() {
    for (quirk, soon, later) in [
        (Quirk::ScenarioLate, "None", "UnplannedFailover"),
        (Quirk::ScenarioNever, "None", "None"),
    ] {
        let site = quirky(Estate::Recorded, quirk).await;
        let id = site.item_id(ITEM).await;
        site.fail_back(&id, "Required").await;
        assert_eq!(scenario(&site, &id).await, soon, "{quirk}");
        site.advance(60).await;
        assert_eq!(scenario(&site, &id).await, later, "{quirk}");
    }
}

#[tokio::test]
async fn a_job_may_be_listed_late_and_always_without_its_activity() {
    let site = quirky(Estate::Recorded, Quirk::JobsListedLate).await;
    let id = site.item_id(ITEM).await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    let list = format!("{}/replicationJobs", site.vault());
    assert_eq!(site.job(&job).await["name"], job.as_str());
    assert_eq!(site.rows(&list).await.len(), 1);
    site.advance(100).await;
    assert_eq!(site.rows(&list).await.len(), 2);

    let site = quirky(Estate::Recorded, Quirk::ActivityNullInLists).await;
    let list = format!("{}/replicationJobs", site.vault());
    let rows = site.rows(&list).await;
    assert_eq!(rows[0]["properties"]["activityId"], Value::Null);
}

#[tokio::test]
async fn the_inner_job_of_a_reprotect_may_carry_its_parents_request_id() {
    for (quirk, same) in [
        (Quirk::ChildJobSameId, true),
        (Quirk::CancelOnEveryJob, false),
    ] {
        let site = quirky(Estate::Contoso, quirk).await;
        let id = site.item_id("web-03").await;
        let body = site.homeward("Windows").await;
        let ask = site.ask(Method::POST, &format!("{id}/reProtect"));
        let ask = ask.header("x-ms-client-request-id", "mine-7").json(&body);
        let job = job_of(&ask.send().await.expect("an answer"));
        site.advance(100).await;
        let parent = site.job(&job).await["properties"].clone();
        assert_eq!(parent["allowedActions"], json!(["Cancel"]));
        let inner = &parent["tasks"][4]["groupTaskCustomDetails"]["childTasks"][0];
        let inner = text(&inner["customDetails"]["jobTask"]["jobId"]);
        let inner = site.get(&inner).await["properties"].clone();
        let starts = text(&inner["activityId"]).starts_with("mine-7 ");
        assert_eq!(starts, same, "{quirk}");
    }
}

#[tokio::test]
async fn a_reprotected_item_may_be_gone_and_then_old_for_a_moment() {
    let site = quirky(Estate::Contoso, Quirk::IdsNew404Briefly).await;
    let id = site.item_id("web-03").await;
    let body = site.homeward("Windows").await;
    let job = job_of(&site.post(&format!("{id}/reProtect"), &body).await);
    site.advance(721).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");
    let gone = site.ask(Method::GET, &id).send().await.expect("an answer");
    assert_eq!(gone.status(), 404);
    let listed = site.items().await;
    assert!(listed.iter().all(|i| i["id"] != id.as_str()), "nor listed");
    let points = site.ask(Method::GET, &format!("{id}/recoveryPoints"));
    assert_eq!(points.send().await.expect("an answer").status(), 404);
    site.advance(22).await;
    let old = &site.get(&id).await["properties"];
    assert_eq!(old["protectionState"], "UnplannedFailoverCommitted");
    assert_eq!(old["allowedOperations"], json!([]));
    site.advance(30).await;
    let new = &site.get(&id).await["properties"];
    assert_eq!(new["protectionState"], "InitialReplicationInProgress");
}

#[tokio::test]
async fn the_item_may_follow_its_job_after_a_minute() {
    let site = quirky(Estate::Recorded, Quirk::StateBehindJob).await;
    let id = site.item_id(ITEM).await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    site.advance(605).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["protectionState"], "Protected");
    assert_eq!(item["allowedOperations"], json!([]));
    site.advance(60).await;
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["activeLocation"], "Recovery");
}

#[tokio::test]
async fn a_second_verb_on_a_busy_item_meets_one_of_three_fates() {
    for (quirk, status) in [
        (Quirk::Busy409, 409),
        (Quirk::Busy400, 400),
        (Quirk::BusyFails, 202),
    ] {
        let site = quirky(Estate::Recorded, quirk).await;
        let id = site.item_id(ITEM).await;
        let first = job_of(&site.fail_back(&id, "Required").await);
        site.advance(60).await;
        let second = site.fail_back(&id, "Required").await;
        assert_eq!(second.status(), status, "{quirk}");
        if status == 202 {
            let second = job_of(&second);
            site.advance(30).await;
            let failed = &site.job(&second).await["properties"];
            assert_eq!(failed["state"], "Failed");
        }
        site.advance(600).await;
        let first = &site.job(&first).await["properties"];
        assert_eq!(first["state"], "Succeeded", "{quirk}");
    }
}

#[tokio::test]
async fn what_stands_in_the_vault_may_be_awkward() {
    let site = quirky(Estate::Recorded, Quirk::TwoPolicies).await;
    let rows = site
        .rows(&format!("{}/replicationPolicies", site.vault()))
        .await;
    let back = rows
        .iter()
        .filter(|p| p["properties"]["providerSpecificDetails"]["instanceType"] == "InMage");
    assert_eq!(back.count(), 2);

    let fabric = |site: &Site| format!("{}/replicationFabrics", site.vault());
    let site = quirky(Estate::Contoso, Quirk::MtWithoutDatastores).await;
    let rows = site.rows(&fabric(&site)).await;
    let targets = &rows[0]["properties"]["customDetails"]["masterTargetServers"];
    assert_eq!(targets[0]["dataStores"], json!([]));
    assert_ne!(targets[1]["dataStores"], json!([]));
    let id = site.item_id("web-03").await;
    let mut body = site.homeward("Windows").await;
    let details = &mut body["properties"]["providerSpecificDetails"];
    details["masterTargetId"] = targets[0]["id"].clone();
    let answer = site.post(&format!("{id}/reProtect"), &body).await;
    assert_eq!(answer.status(), 400);

    let site = quirky(Estate::Contoso, Quirk::OldHeartbeats).await;
    let rows = site.rows(&fabric(&site)).await;
    let target = &rows[0]["properties"]["customDetails"]["masterTargetServers"][0];
    let heard: jiff::Timestamp = text(&target["lastHeartbeat"]).parse().expect("a time");
    let ago = site.running.now().duration_since(heard).as_secs();
    assert!((600..720).contains(&ago), "{ago}");
}

#[tokio::test]
async fn the_times_of_recovery_points_may_be_hours_off() {
    let site = quirky(Estate::Contoso, Quirk::RecoveryPointsHoursOff).await;
    let id = site.item_id("mail-01").await;
    let points = site.rows(&format!("{id}/recoveryPoints")).await;
    let time = text(&points[0]["properties"]["recoveryPointTime"]);
    let time: jiff::Timestamp = time.parse().expect("a time");
    assert!(time.duration_since(site.running.now()).as_secs() > 18_000);
}

#[tokio::test]
async fn two_policies_may_be_told_apart_by_a_setting_or_by_nothing_but_their_names() {
    for (quirk, alike) in [(Quirk::TwoPolicies, false), (Quirk::PoliciesAlike, true)] {
        let site = quirky(Estate::Recorded, quirk).await;
        let mappings = format!("{}/replicationProtectionContainerMappings", site.vault());
        let rows = site.rows(&mappings).await;
        let own = |m: &&Value| m["properties"]["targetProtectionContainerId"] != "Microsoft Azure";
        let mut settings = Vec::new();
        for mapping in rows.iter().filter(own) {
            let policy = site.get(&text(&mapping["properties"]["policyId"])).await;
            settings.push(policy["properties"]["providerSpecificDetails"].clone());
        }
        assert_eq!(settings.len(), 2, "{quirk}");
        assert_eq!(settings[0] == settings[1], alike, "{quirk}");
    }
    let site = quirky(Estate::Contoso, Quirk::PoliciesAlike).await;
    let id = site.item_id("web-03").await;
    let mut body = site.homeward("Windows").await;
    let chosen = format!("{}/replicationPolicies/home-b", site.vault());
    body["properties"]["providerSpecificDetails"]["profileId"] = chosen.as_str().into();
    site.post(&format!("{id}/reProtect"), &body).await;
    site.advance(800).await;
    let item = site.get(&id).await;
    assert_eq!(item["properties"]["policyFriendlyName"], "home-b");
}

#[tokio::test]
async fn the_lag_may_have_been_computed_eleven_minutes_ago() {
    let site = quirky(Estate::Recorded, Quirk::RpoComputedLate).await;
    let item = site.get(&site.item_id(ITEM).await).await;
    let details = &item["properties"]["providerSpecificDetails"];
    for computed in [details, &details["protectedDisks"][0]] {
        let time = text(&computed["lastRpoCalculatedTime"]);
        let time: jiff::Timestamp = time.parse().expect("a time");
        let ago = site.running.now().duration_since(time).as_secs();
        assert!((655..670).contains(&ago), "{ago}");
    }
}

#[tokio::test]
async fn a_failback_may_wait_in_words_that_nobody_knows_until_it_is_resumed() {
    let site = quirky(Estate::Recorded, Quirk::SuspendedUnnamed).await;
    let id = site.item_id(ITEM).await;
    let accepted = site.fail_back(&id, "Required").await;
    let status = accepted.headers()["azure-asyncoperation"].to_str();
    let status = status.expect("text").to_owned();
    let job = job_of(&accepted);
    site.advance(3600).await;
    let waits = site.job(&job).await["properties"].clone();
    assert_eq!(waits["state"], "Other");
    assert_eq!(waits["allowedActions"], json!(["Cancel", "Resume"]));
    assert_eq!(waits["tasks"][2]["state"], "Succeeded");
    assert_eq!(waits["tasks"][3]["state"], "NotStarted");
    assert_eq!(site.get(&status).await["status"], "InProgress");
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["allowedOperations"], json!([]));
    let resume = format!("{}/replicationJobs/{job}/resume", site.vault());
    let body = json!({"properties": {"comments": "go on"}});
    assert_eq!(site.post(&resume, &body).await.status(), 202);
    site.advance(330).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");

    let site = quirky(Estate::Contoso, Quirk::SuspendedUnnamed).await;
    let jobs = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let resumable = jobs.iter().filter(|j| {
        j["properties"]["allowedActions"]
            .to_string()
            .contains("Resume")
    });
    let states: Vec<_> = resumable.map(|j| &j["properties"]["state"]).collect();
    assert_eq!(states, [&json!("Other")], "Hyper-V's wait, too");
}

#[tokio::test]
async fn skipped_tasks_leave_the_vm_running_and_what_is_recorded_anyway_is_so_without_a_quirk() {
    let skipped = quirky(Estate::Recorded, Quirk::TasksSkipped).await;
    let id = skipped.item_id(ITEM).await;
    let job = job_of(&skipped.fail_back(&id, "Required").await);
    skipped.advance(700).await;
    let tasks = skipped.job(&job).await["properties"]["tasks"].clone();
    assert_eq!(tasks[1]["stateDescription"], "Skipped");
    assert_eq!(skipped.power(ITEM).await, "running");

    for quirks in [
        vec![],
        vec![Quirk::CancelOnEveryJob, Quirk::ActivityNullInLists],
    ] {
        let site = with(Options {
            quirks,
            ..Options::default()
        })
        .await;
        let id = site.item_id("dc-01").await;
        site.post(&format!("{id}/failoverCommit"), &Value::Null)
            .await;
        let list = format!("{}/replicationJobs", site.vault());
        let commit = &site.rows(&list).await[0]["properties"];
        assert_eq!(commit["allowedActions"], json!(["Cancel"]));
        assert_eq!(commit["activityId"], Value::Null);
    }
}
