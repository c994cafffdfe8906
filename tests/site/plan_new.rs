//! Plans by command: made from answers, listed, shown, removed, taken in and given out.

use serde_json::{Value, json};

use crate::lab::{Lab, Said};

fn answers(wizard: &str, answers: &Value, own: &Value) -> String {
    json!({ "schema": "failback/draft/1", "wizard": wizard, "answers": answers, "own": own })
        .to_string()
}

async fn new(lab: &Lab, file: &str) -> Said {
    let file = lab.file("answers.json", file);
    lab.run(&["plan", "new", "--answers", file.to_str().unwrap(), "--json"])
        .await
}

/// The plan's machine of a name.
fn machine<'a>(plan: &'a Value, name: &str) -> &'a Value {
    let all = plan["intent"]["protect"]["machines"].as_array().unwrap();
    all.iter().find(|m| m["name"] == name).unwrap()
}

/// The usual choices of the contoso site.
fn choices() -> Value {
    json!({
        "machines": ["web-03"],
        "processServer": "ps-azure-01",
        "masterTarget": "mt-win-01",
        "datastore": "DS-VMFS-01",
        "name": "Web home",
    })
}

#[tokio::test]
async fn answers_make_a_plan_with_the_servers_ids_and_the_failback_policy_of_the_machines_policy() {
    let lab = Lab::contoso().await;
    let plan = new(&lab, &answers("protect", &choices(), &json!({})))
        .await
        .ok_json();
    assert_eq!(plan["schema"], "failback/plan/1");
    assert_eq!(plan["slug"], "web-home");
    let web = machine(&plan, "web-03");
    let target = &web["target"]["classic"];
    assert_eq!(target["retention"], "R", "the only one of mt-win-01");
    assert_eq!(target["datastore"], "DS-VMFS-01");
    // Two are mapped with the container; the machine is protected by contoso-24h.
    let policy = target["policy"].as_str().unwrap();
    assert!(policy.ends_with("/contoso-24h-failback"), "{policy}");
    assert!(
        web["azureVm"].as_str().unwrap().ends_with("/web-03"),
        "{web}"
    );
    let estate = lab.gather().await;
    let servers = estate.fabrics.iter().flat_map(|f| &f.components);
    let target_id = |name: &str| {
        let mut known = servers.clone().filter(|c| c.name.as_str() == name);
        known.next().unwrap().id.to_string()
    };
    assert_eq!(target["masterTarget"], target_id("mt-win-01").as_str());
    assert_eq!(target["processServer"], target_id("ps-azure-01").as_str());
    assert!(lab.changes().await.is_empty(), "nothing is sent");
}

#[tokio::test]
async fn what_is_left_open_is_refused_with_the_field_and_its_candidates() {
    let lab = Lab::contoso().await;
    let said = new(
        &lab,
        &answers("protect", &json!({ "machines": ["web-03"] }), &json!({})),
    )
    .await;
    assert_eq!(said.code, 2, "{said:?}");
    let refusals = said.json();
    assert_eq!(refusals["schema"], "failback/refusals/1");
    let of = |field: &str| {
        let all = refusals["refusals"].as_array().unwrap();
        let found = all.iter().find(|r| r["field"] == field);
        found.map(|r| r["why"].as_str().unwrap().to_owned())
    };
    let why = of("processServer").unwrap();
    assert!(
        why.contains("ps-home-01") && why.contains("ps-azure-01"),
        "{why}"
    );
    let why = of("masterTarget").unwrap();
    assert!(
        why.contains("mt-win-01") && !why.contains("mt-lin-01"),
        "{why}"
    );
    let listed = lab.run(&["plan", "list", "--json"]).await.ok_json();
    assert_eq!(listed["plans"], json!([]), "nothing is kept");
}

#[tokio::test]
async fn a_wrong_answer_names_itself_and_what_a_generation_does_not_need_is_refused() {
    let lab = Lab::contoso().await;
    let mut wrong = choices();
    wrong["machines"] = json!(["app-04"]);
    let said = new(&lab, &answers("protect", &wrong, &json!({}))).await;
    assert_eq!(said.code, 2);
    let words =
        "masterTarget: master target is for classic machines, and there is none in the plan";
    assert!(said.err.contains(words), "{said:?}");
    let mut wrong = choices();
    wrong["masterTarget"] = json!("mt-lin-01");
    wrong["colour"] = json!("blue");
    let said = new(&lab, &answers("protect", &wrong, &json!({}))).await;
    for words in [
        "masterTarget: mt-lin-01 cannot be chosen: it takes Linux, the machine runs Windows",
        "colour: there is no such field; there are: ",
    ] {
        assert!(said.err.contains(words), "{words}: {said:?}");
    }
    let said = new(&lab, "{}").await;
    assert_eq!(said.code, 2);
    assert!(said.err.contains("cannot be read as a draft"), "{said:?}");
}

#[tokio::test]
async fn a_recovery_in_waves_is_made_listed_shown_given_out_removed_and_taken_in_again() {
    let lab = Lab::contoso().await;
    let own = json!({ "web-02": { "wave": 2 }, "sql-01": { "quiesce": "command", "command": "/bin/true" } });
    let file = json!({ "machines": ["sql-01", "web-02"], "name": "ERP home", "drainLimit": 90 });
    let plan = new(&lab, &answers("recover", &file, &own)).await.ok_json();
    let recovery = &plan["intent"]["failBack"];
    assert_eq!(recovery["drain"]["limit"], 90);
    assert_eq!(recovery["waves"].as_array().unwrap().len(), 2);
    assert_eq!(recovery["waves"][1]["machines"][0]["name"], "web-02");
    let hook = &recovery["waves"][0]["machines"][0]["quiesce"]["hook"];
    assert_eq!(hook["command"], json!(["/bin/true"]));

    let listed = lab.run(&["plan", "list", "--json"]).await.ok_json();
    assert_eq!(listed["plans"][0]["slug"], "erp-home");
    assert_eq!(listed["plans"][0]["kind"], "fail back");
    let text = lab.run(&["plan", "show", "erp-home"]).await.ok_text();
    for words in [
        "ERP home: fail back",
        "Wave 2             web-02",
        "at most 90 minutes",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let shown = lab
        .run(&["plan", "show", "erp-home", "--json"])
        .await
        .ok_json();
    assert_eq!(shown, plan);

    let out = lab.home().join("out.json");
    let out = out.to_str().unwrap();
    lab.run(&["plan", "export", "erp-home", out])
        .await
        .ok_text();
    let again = lab.run(&["plan", "export", "erp-home", out]).await;
    assert_eq!(again.code, 2, "a file that is there stays: {again:?}");
    let taken = lab.run(&["plan", "import", out]).await;
    assert!(taken.err.contains("plan erp-home already"), "{taken:?}");
    lab.run(&["plan", "delete", "erp-home"]).await.ok_text();
    let gone = lab.run(&["plan", "show", "erp-home"]).await;
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("no plan erp-home here"), "{gone:?}");
    let taken = lab.run(&["plan", "import", out, "--json"]).await.ok_json();
    assert_eq!(taken, plan);
}

#[tokio::test]
async fn a_template_is_an_answers_file_once_its_choices_are_made() {
    let lab = Lab::contoso().await;
    let text = lab
        .run(&["plan", "new", "--print-template", "protect", "web-03"])
        .await
        .ok_text();
    assert!(text.contains("CHOOSE: ps-"), "{text}");
    let said = new(&lab, &text).await;
    assert_eq!(said.code, 2, "what is left open is refused");
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let answers = document["answers"].as_object_mut().unwrap();
    for (field, answer) in choices().as_object().unwrap() {
        answers.insert(field.clone(), answer.clone());
    }
    answers.insert("retention".into(), json!("R"));
    let plan = new(&lab, &document.to_string()).await.ok_json();
    assert_eq!(plan["slug"], "web-home");
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_never_taken_for_nothing() {
    let lab = Lab::contoso().await;
    lab.fault("GET replicationPolicies * 403").await;
    let said = new(&lab, &answers("protect", &choices(), &json!({}))).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("read the policies"), "{said:?}");
    assert!(
        said.err
            .contains("policy: Azure shows no failback policy here"),
        "{said:?}"
    );
    lab.no_faults().await;
    lab.fault("GET replicationFabrics * 403").await;
    let said = new(&lab, &answers("protect", &choices(), &json!({}))).await;
    assert_eq!(said.code, 1, "{said:?}");
}

#[tokio::test]
async fn read_only_keeps_and_removes_nothing() {
    let mut lab = Lab::contoso().await;
    new(&lab, &answers("protect", &choices(), &json!({})))
        .await
        .ok_json();
    lab.set("FAILBACK_READ_ONLY", "1");
    for command in [
        &["plan", "delete", "web-home"][..],
        &["plan", "import", "x.json"],
        &["plan", "new", "--answers", "x.json"],
    ] {
        let said = lab.run(command).await;
        assert_eq!(said.code, 2);
        assert!(said.err.contains("read-only"), "{said:?}");
    }
    let listed = lab.run(&["plan", "list", "--json"]).await.ok_json();
    assert_eq!(listed["plans"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_plan_is_told_beside_the_others() {
    let lab = Lab::contoso().await;
    new(&lab, &answers("protect", &choices(), &json!({})))
        .await
        .ok_json();
    let plans = lab.home().join("data/failback/lab/plans");
    std::fs::write(plans.join("broken.json"), "{").unwrap();
    let said = lab.run(&["plan", "list"]).await;
    assert_eq!(said.code, 1);
    assert!(said.out.contains("web-home"), "{said:?}");
    assert!(said.err.contains("set aside as"), "{said:?}");
}

#[tokio::test]
async fn the_plan_that_answers_make_is_judged_like_any_other() {
    let lab = Lab::contoso().await;
    new(&lab, &answers("protect", &choices(), &json!({})))
        .await
        .ok_json();
    let said = lab.run(&["check", "web-home", "--json"]).await;
    let checks = said.json();
    let failed: Vec<&str> = checks["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["outcome"] == "failed" && f["severity"] == "blocker")
        .map(|f| f["check"].as_str().unwrap())
        .collect();
    assert!(failed.is_empty(), "{failed:?}: {checks:#}");
}
