use super::*;

const ITEM: &str = "V2A-W2K16-201";

async fn act(site: &Site, job: &str, verb: &str, body: Value) -> Response {
    let target = format!("{}/replicationJobs/{job}/{verb}", site.vault());
    site.post(&target, &body).await
}

fn comments() -> Value {
    json!({"properties": {"comments": "seen"}})
}

#[tokio::test]
async fn a_running_failback_can_be_cancelled_and_leaves_the_machine_where_it_was() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    let job = job_of(&site.fail_back(&id, "NotRequired").await);
    site.advance(60).await;
    assert_eq!(act(&site, &job, "resume", comments()).await.status(), 400);
    let accepted = act(&site, &job, "cancel", Value::Null).await;
    assert_eq!(accepted.status(), 202);
    let status = accepted.headers()["azure-asyncoperation"].to_str();
    let status = status.expect("text").to_owned();
    site.advance(10).await;
    assert_eq!(site.get(&status).await["status"], "Succeeded");
    let done = &site.job(&job).await["properties"];
    assert_eq!(done["state"], "Cancelled");
    assert_eq!(done["allowedActions"], json!([]));
    assert_eq!(done["tasks"][3]["state"], "Cancelled");
    assert_eq!(done["tasks"][4]["state"], "NotStarted");
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["protectionState"], "Protected");
    assert!(item["allowedOperations"].to_string().contains("Unplanned"));
    assert_eq!(act(&site, &job, "cancel", Value::Null).await.status(), 400);
}

#[tokio::test]
async fn a_job_that_failed_can_be_run_again() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(ITEM).await;
    site.fault("POST unplannedFailover 1 job:78093").await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    site.advance(700).await;
    let failed = &site.job(&job).await["properties"];
    assert_eq!(failed["allowedActions"], json!(["Restart"]));
    assert_eq!(act(&site, &job, "restart", Value::Null).await.status(), 202);
    assert_eq!(site.job(&job).await["properties"]["state"], "InProgress");
    site.advance(700).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");
    let item = &site.get(&id).await["properties"];
    assert_eq!(item["activeLocation"], "Recovery");
}

#[tokio::test]
async fn a_job_that_waits_for_a_person_goes_on_when_it_is_resumed() {
    let site = site(Estate::Contoso).await;
    let jobs = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let waits = jobs
        .iter()
        .find(|j| j["properties"]["state"] == "Suspended")
        .expect("a suspended job");
    let job = text(&waits["name"]);
    assert_eq!(act(&site, &job, "resume", Value::Null).await.status(), 400);
    assert_eq!(act(&site, &job, "resume", comments()).await.status(), 202);
    assert_eq!(site.job(&job).await["properties"]["state"], "InProgress");
    site.advance(400).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");
    let id = site.item_id("hv-print").await;
    let item = &site.get(&id).await["properties"];
    assert!(item["allowedOperations"].to_string().contains("Commit"));
}
