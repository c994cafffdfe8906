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
