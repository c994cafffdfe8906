//! `failback check`: a plan judged on a living site.

use serde_json::{Value, json};

use super::lab::{Lab, SITE};

fn item(lab: &Value, name: &str) -> Value {
    let all = lab["machines"].as_array().unwrap();
    all.iter().find(|m| m["name"] == name).unwrap().clone()
}

/// A recovery plan of these machines, each in the wave of its place.
pub async fn recovery(lab: &Lab, names: &[&str]) -> Value {
    let estate = lab
        .run(&["machines", "--json", "--site", SITE])
        .await
        .ok_json();
    let waves: Vec<Value> = names
        .iter()
        .map(|name| json!({"machines": [{"id": item(&estate, name)["id"], "name": name}]}))
        .collect();
    json!({
        "schema": "failback/plan/1", "name": "home", "slug": "home",
        "intent": {"failBack": {"point": "latest", "waves": waves}},
    })
}

fn of<'a>(checked: &'a Value, check: &str, subject: &str) -> &'a Value {
    let all = checked["findings"].as_array().unwrap();
    let meant = |f: &&Value| f["check"] == check && f["subject"]["name"] == subject;
    all.iter()
        .find(meant)
        .unwrap_or_else(|| panic!("{check} {subject}: {checked:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_lags_stops_the_plan_and_one_that_does_not_passes() {
    let lab = Lab::contoso().await;
    let plan = recovery(&lab, &["web-01", "web-02", "sql-01"]).await;
    let file = lab.file("home.json", &plan.to_string());
    let said = lab.run(&["check", file.to_str().unwrap(), "--json"]).await;
    assert_eq!(said.code, 3, "{said:?}");
    let checked = said.json();
    assert_eq!(of(&checked, "FB-02", "sql-01")["outcome"], "failed");
    assert_eq!(of(&checked, "FB-02", "web-01")["outcome"], "passed");
    assert_eq!(of(&checked, "GRP-03", "web-01")["outcome"], "passed");
    assert_eq!(checked["ready"], false);
}
