use super::*;
use crate::simulator::Quirk;

const NAME: &str = "V2A-W2K16-201";

async fn writes(site: &Site, rate: f64) {
    let body = json!({"machine": NAME, "writes_mb_per_minute": rate});
    site.control(Method::POST, "guest", body).await;
}

async fn guest(site: &Site) -> Value {
    let target = format!("guest/{NAME}");
    site.control(Method::GET, &target, Value::Null).await
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// What the item says is on its way, over all disks.
async fn shown(site: &Site, id: &str) -> f64 {
    let item = site.get(id).await;
    let disks = &item["properties"]["providerSpecificDetails"]["protectedDisks"];
    let disks = disks.as_array().expect("disks");
    let fields = ["sourceDataInMB", "psDataInMB", "targetDataInMB"];
    let of = |d: &Value| fields.iter().map(|f| number(&d[f])).sum::<f64>();
    disks.iter().map(of).sum()
}

fn adds_up(account: &Value) {
    let n = |name: &str| number(&account[name]);
    let sum = n("replicated_mb") + n("pending_mb") + n("lost_mb");
    assert!((n("written_mb") - sum).abs() < 0.01, "{account}");
}

async fn switch_off(site: &Site) {
    site.post(&format!("{}/deallocate", site.vm(NAME)), &Value::Null)
        .await;
    site.advance(90).await;
}

#[tokio::test]
async fn who_drains_first_loses_nothing() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(NAME).await;
    writes(&site, 60.0).await;
    site.advance(600).await;
    let early = shown(&site, &id).await;
    assert!((250.0..400.0).contains(&early), "{early}");
    site.advance(1200).await;
    let late = shown(&site, &id).await;
    assert!((590.0..=600.5).contains(&late), "{late}");
    let details = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    let behind = number(&details["rpoInSeconds"]);
    writes(&site, 0.0).await;
    site.advance(600).await;
    assert!(shown(&site, &id).await < 0.01);
    let details = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    let drained = number(&details["rpoInSeconds"]);
    assert!(drained < behind, "{drained} {behind}");
    switch_off(&site).await;
    let job = job_of(&site.fail_back(&id, "NotRequired").await);
    site.advance(700).await;
    assert_eq!(site.job(&job).await["properties"]["state"], "Succeeded");
    let account = guest(&site).await;
    assert_eq!(number(&account["lost_mb"]), 0.0);
    assert!(number(&account["written_mb"]) > 1700.0);
    adds_up(&account);
}

#[tokio::test]
async fn who_switches_off_before_draining_loses_what_was_on_its_way() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(NAME).await;
    writes(&site, 60.0).await;
    site.advance(1800).await;
    switch_off(&site).await;
    let account = guest(&site).await;
    assert!(number(&account["lost_mb"]) > 500.0, "{account}");
    adds_up(&account);
    assert!(shown(&site, &id).await > 500.0, "it stays in sight");
}

#[tokio::test]
async fn required_brings_everything_and_not_required_leaves_it_behind() {
    for (quirks, source, lost) in [
        (vec![], "Required", false),
        (vec![], "NotRequired", true),
        (vec![Quirk::TasksSkipped], "Required", true),
    ] {
        let site = with(Options {
            estate: Estate::Recorded,
            quirks,
            ..Options::default()
        })
        .await;
        let id = site.item_id(NAME).await;
        writes(&site, 60.0).await;
        site.advance(1800).await;
        let job = job_of(&site.fail_back(&id, source).await);
        site.advance(700).await;
        let done = site.job(&job).await;
        let tasks = &done["properties"]["tasks"];
        let skipped = tasks[2]["stateDescription"] == "Skipped";
        assert_eq!(skipped, lost, "{source}");
        let account = guest(&site).await;
        assert_eq!(number(&account["lost_mb"]) > 500.0, lost, "{account}");
        adds_up(&account);
    }
}

#[tokio::test]
async fn what_was_on_its_way_when_the_vm_went_off_is_not_lost_if_it_is_started_again() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(NAME).await;
    writes(&site, 60.0).await;
    site.advance(1800).await;
    writes(&site, 0.0).await;
    switch_off(&site).await;
    let off = guest(&site).await;
    assert!(number(&off["lost_mb"]) > 300.0, "{off}");
    site.post(&format!("{}/start", site.vm(NAME)), &Value::Null)
        .await;
    site.advance(600).await;
    let on = guest(&site).await;
    assert_eq!(number(&on["lost_mb"]), 0.0, "{on}");
    assert!(shown(&site, &id).await < 0.01);
    adds_up(&on);
}

/// The recovery point that would be used: when it was computed, less how far behind it was.
async fn recovery_point(site: &Site, id: &str) -> i64 {
    let item = site.get(id).await;
    let details = &item["properties"]["providerSpecificDetails"];
    let at: jiff::Timestamp = text(&details["lastRpoCalculatedTime"])
        .parse()
        .expect("a time");
    let disk = &details["protectedDisks"][0];
    assert_eq!(disk["rpoInSeconds"], details["rpoInSeconds"]);
    assert_eq!(
        disk["lastRpoCalculatedTime"],
        details["lastRpoCalculatedTime"]
    );
    at.as_second() - details["rpoInSeconds"].as_i64().expect("a number")
}

#[tokio::test]
async fn the_recovery_point_passes_the_quiesce_once_everything_has_arrived_and_not_before() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(NAME).await;
    writes(&site, 60.0).await;
    site.advance(1800).await;
    // As a hook would say it: no body.
    let target = format!("/_simulator/guest/{NAME}/quiesce");
    let answer = site.ask(Method::POST, &target).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    let quiesced = site.running.now().as_second();
    let mut drained = 0;
    for _ in 0..12 {
        let (pending, point) = (shown(&site, &id).await, recovery_point(&site, &id).await);
        if pending > 0.0 {
            assert!(point < quiesced, "{pending} MB under way, and yet passed");
        } else {
            drained += 1;
        }
        site.advance(60).await;
    }
    assert!((4..9).contains(&drained), "{drained}");
    assert!(recovery_point(&site, &id).await > quiesced);
}

#[tokio::test]
async fn a_backlog_that_the_estate_tells_of_stays_until_the_guest_is_quiesced() {
    let machine = json!({"name": NAME, "fabric": "cs", "stage": "classic-ready", "disks": [40, 80],
        "pending_mb": 300, "rpo_seconds": 2880});
    let estate = json!({"fabrics": [{"kind": "vmware", "name": "cs"}], "machines": [machine]});
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("estate.json");
    std::fs::write(&file, estate.to_string()).expect("written");
    let site = site(Estate::File(file)).await;
    let id = site.item_id(NAME).await;
    site.advance(3600).await;
    assert!((599.0..601.0).contains(&shown(&site, &id).await));
    let details = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    assert_eq!(details["rpoInSeconds"], 2880);
    writes(&site, 0.0).await;
    site.advance(360).await;
    assert!(shown(&site, &id).await < 0.01);
    let details = site.get(&id).await["properties"]["providerSpecificDetails"].clone();
    assert_eq!(details["rpoInSeconds"], 30);
}

#[tokio::test]
async fn a_guest_that_is_not_there_or_a_rate_that_is_none_is_refused() {
    let site = site(Estate::Recorded).await;
    for (target, body, status) in [
        ("guest/nobody", json!({"writes_mb_per_minute": 1}), 404),
        ("guest", json!({"machine": NAME}), 400),
        (
            "guest",
            json!({"machine": NAME, "writes_mb_per_minute": -1}),
            400,
        ),
    ] {
        let answer = site.post(&format!("/_simulator/{target}"), &body).await;
        assert_eq!(answer.status(), status, "{target} {body}");
    }
}
