use super::*;
use crate::simulator::Fault;

fn error(job: &Value) -> Value {
    job["properties"]["errors"][0].clone()
}

async fn protect(site: &Site, name: &str) -> String {
    let id = site.item_id(name).await;
    let body = site.homeward("Windows").await;
    let answer = site.post(&format!("{id}/reProtect"), &body).await;
    assert_eq!(answer.status(), 202, "{name}");
    job_of(&answer)
}

async fn restart(site: &Site, job: &str) {
    let target = format!("{}/replicationJobs/{job}/restart", site.vault());
    let answer = site.post(&target, &Value::Null).await;
    assert_eq!(answer.status(), 202);
}

async fn ended(site: &Site, job: &str) -> String {
    site.advance(1000).await;
    text(&site.job(job).await["properties"]["state"])
}

#[test]
fn a_rule_about_jobs_names_machine_verb_times_and_code() {
    for good in [
        "JOB web-01/reProtect 95226",
        "job büro%20druck/UNPLANNEDFAILOVER always 8061",
        "JOB */* 2- 78007/95226",
        "JOB web-01/failoverCommit once ScopeLocked",
    ] {
        assert!(good.parse::<Fault>().is_ok(), "{good}");
    }
    for (bad, why) in [
        ("JOB web-01 95226", "MACHINE/VERB"),
        ("JOB /reProtect 95226", "names no machine"),
        ("JOB web-01/explode 95226", "there are unplannedFailover"),
        ("JOB web-01/reProtect never 95226", "once, always"),
        ("JOB web-01/reProtect 78007/", "no action"),
        ("JOB web-01/reProtect 78007/abc", "no action"),
        ("JOB web-01/reProtect 1/2/3", "no action"),
    ] {
        let error = bad.parse::<Fault>().expect_err(bad).to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn the_next_job_of_that_verb_on_that_machine_fails_and_a_retry_succeeds() {
    let site = site(Estate::Contoso).await;
    site.fault("JOB WEB-03/reProtect 95226").await;
    let failed = protect(&site, "web-03").await;
    assert_eq!(ended(&site, &failed).await, "Failed");
    let job = site.job(&failed).await;
    assert_eq!(error(&job)["serviceErrorDetails"]["code"], "95226");
    assert_eq!(error(&job)["providerErrorDetails"], Value::Null);
    assert_eq!(
        job["properties"]["tasks"][4]["errors"],
        job["properties"]["errors"]
    );
    assert_eq!(
        error(&job)["taskId"],
        job["properties"]["tasks"][4]["taskId"]
    );
    let status = format!("{}/replicationOperationStatus/{failed}", site.vault());
    let said = site.get(&status).await["error"].clone();
    assert_eq!(said["code"], "95226");
    assert!(text(&said["message"]).contains("'web-03'"), "{said}");
    let retry = protect(&site, "web-03").await;
    assert_eq!(ended(&site, &retry).await, "Succeeded");
}

#[tokio::test]
async fn other_machines_other_verbs_and_refused_calls_are_not_struck() {
    let site = site(Estate::Contoso).await;
    site.fault("JOB web-01/unplannedFailover once 78093").await;
    let (one, two) = (site.item_id("web-01").await, site.item_id("web-02").await);
    assert_eq!(site.fail_back(&one, "Perhaps").await.status(), 400);
    let other = job_of(&site.fail_back(&two, "Required").await);
    let struck = job_of(&site.fail_back(&one, "Required").await);
    assert_eq!(ended(&site, &struck).await, "Failed");
    assert_eq!(ended(&site, &other).await, "Succeeded");
}

#[tokio::test]
async fn always_fails_restarts_too_and_once_lets_them_through() {
    for (times, state) in [("once", "Succeeded"), ("always", "Failed")] {
        let site = site(Estate::Contoso).await;
        site.fault(&format!("JOB web-03/reProtect {times} 78052"))
            .await;
        let job = protect(&site, "web-03").await;
        assert_eq!(ended(&site, &job).await, "Failed");
        restart(&site, &job).await;
        assert_eq!(ended(&site, &job).await, state, "{times}");
        let list = site
            .rows(&format!("{}/replicationJobs", site.vault()))
            .await;
        let named = list.iter().filter(|j| j["name"] == job.as_str());
        assert_eq!(named.count(), 1, "one job, however often it was tried");
    }
}

#[tokio::test]
async fn what_a_failed_attempt_did_stays_done_when_it_is_restarted() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-01").await;
    site.fault("JOB web-01/unplannedFailover 8061").await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    assert_eq!(ended(&site, &job).await, "Failed");
    assert_eq!(site.power("web-01").await, "deallocated");
    restart(&site, &job).await;
    site.advance(1).await;
    assert_eq!(site.power("web-01").await, "deallocated");

    let id = site.item_id("büro-druck").await;
    site.fault("JOB büro-druck/reProtect 78052").await;
    let job = protect(&site, "büro-druck").await;
    assert_eq!(ended(&site, &job).await, "Failed");
    restart(&site, &job).await;
    site.advance(1).await;
    let item = site.get(&id).await;
    assert_eq!(
        item["properties"]["protectionState"],
        "UnplannedFailoverCommitted"
    );
    site.advance(100).await;
    let commit = &site.job(&job).await["properties"]["tasks"][1];
    assert_eq!(commit["stateDescription"], "Skipped");
}

#[tokio::test]
async fn a_providers_error_stands_behind_the_services_own() {
    let site = site(Estate::Contoso).await;
    site.fault("JOB web-03/* 78007/95226").await;
    let job = protect(&site, "web-03").await;
    assert_eq!(ended(&site, &job).await, "Failed");
    let error = error(&site.job(&job).await);
    assert_eq!(error["serviceErrorDetails"]["code"], "78007");
    let provider = &error["providerErrorDetails"];
    assert_eq!(provider["errorCode"], 95226);
    for field in ["errorMessage", "possibleCauses", "recommendedAction"] {
        assert!(text(&provider[field]).len() > 20, "{field}");
    }
}

#[tokio::test]
async fn every_code_that_is_known_has_words_of_its_own_and_an_unknown_one_stays_whole() {
    let rows = super::super::template::raw("failures").as_object();
    for (code, row) in rows.expect("rows") {
        for field in ["message", "causes", "action"] {
            assert!(text(&row[field]).len() > 15, "{code} {field}");
        }
        assert!(text(&row["message"]).contains("${name}"), "{code}");
        let tasks = row["tasks"].as_array().expect("tasks").iter();
        let known = |t: &Value| {
            let kinds = super::super::scenario::kinds().iter();
            kinds.flat_map(|k| &k.tasks).any(|k| k.name == *t)
        };
        assert!(tasks.clone().all(known), "{code}: a task that no job has");
    }
    let site = site(Estate::Contoso).await;
    site.fault("JOB web-03/reProtect 150097").await;
    let job = protect(&site, "web-03").await;
    assert_eq!(ended(&site, &job).await, "Failed");
    let error = error(&site.job(&job).await);
    assert_eq!(error["serviceErrorDetails"]["code"], "150097");
}

#[tokio::test]
async fn a_commit_can_fail_and_a_warning_leaves_a_job_partly_succeeded() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("dc-01").await;
    site.fault("JOB dc-01/failoverCommit ScopeLocked").await;
    let commit = format!("{id}/failoverCommit");
    let job = job_of(&site.post(&commit, &Value::Null).await);
    assert_eq!(ended(&site, &job).await, "Failed");
    let item = site.get(&id).await;
    assert!(
        item["properties"]["allowedOperations"]
            .to_string()
            .contains("Commit")
    );
    site.fault("JOB web-01/unplannedFailover 310024").await;
    let id = site.item_id("web-01").await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    assert_eq!(ended(&site, &job).await, "Succeeded");
    let job = site.job(&job).await;
    assert_eq!(job["properties"]["stateDescription"], "PartiallySucceeded");
    assert_eq!(error(&job)["errorLevel"], "Warning");
}

#[tokio::test]
async fn a_machine_that_does_not_run_cannot_be_protected_until_it_does() {
    let site = site(Estate::Contoso).await;
    let vm = site.vm("legacy-2008");
    let job = protect(&site, "legacy-2008").await;
    assert_eq!(ended(&site, &job).await, "Failed");
    let error = error(&site.job(&job).await);
    assert_eq!(error["serviceErrorDetails"]["code"], "78093");
    site.post(&format!("{vm}/start"), &Value::Null).await;
    site.advance(60).await;
    restart(&site, &job).await;
    assert_eq!(ended(&site, &job).await, "Succeeded");
}

#[tokio::test]
async fn an_estate_may_say_which_jobs_fail_and_a_rule_about_nobody_is_refused() {
    let machine = json!({"name": "old box/1", "fabric": "cs", "stage": "classic-ready",
        "fails": ["unplannedFailover once 8061"]});
    let estate = json!({"fabrics": [{"kind": "vmware", "name": "cs"}], "machines": [machine]});
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("estate.json");
    std::fs::write(&file, estate.to_string()).expect("written");
    let site = site(Estate::File(file.clone())).await;
    let id = site.item_id("old box/1").await;
    let job = job_of(&site.fail_back(&id, "Required").await);
    assert_eq!(ended(&site, &job).await, "Failed");

    let rule = json!({"rule": "JOB nobody/reProtect 95226"});
    let answer = site.post("/_simulator/faults", &rule).await;
    assert_eq!(answer.status(), 400);
    let options = Options {
        faults: vec!["JOB nobody/* 1".parse().expect("a rule")],
        ..Options::default()
    };
    let error = start(options).await.map(|_| ()).expect_err("nobody");
    assert!(error.to_string().contains("no machine 'nobody'"), "{error}");

    let bad = estate.to_string().replace("once 8061", "never 8061");
    std::fs::write(&file, bad).expect("written");
    let options = Options {
        estate: Estate::File(file),
        ..Options::default()
    };
    let error = start(options).await.map(|_| ()).expect_err("a bad rule");
    assert!(error.to_string().contains("machines[0].fails"), "{error}");
}
