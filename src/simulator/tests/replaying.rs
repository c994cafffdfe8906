use super::*;
use std::io::Write;

const VAULT: &str =
    "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.RecoveryServices/vaults/v1";

fn line(method: &str, path: &str, status: u16, body: Value) -> String {
    let uri = format!("https://management.azure.com{path}?api-version=2022-08-01");
    let mut line = json!({"method": method, "uri": uri, "reqHeaders": {}, "status": status});
    line["respBody"] = body;
    line.to_string()
}

fn recording() -> tempfile::NamedTempFile {
    let item = format!(
        "{VAULT}/replicationFabrics/f1/replicationProtectionContainers/c1/replicationProtectedItems/i1"
    );
    let body =
        |state: &str| json!({"id": item, "name": "i1", "properties": {"protectionState": state}});
    let fabrics = json!({"value": [{"name": "f1", "id": format!("{VAULT}/replicationFabrics/f1")}], "nextLink": "https://management.azure.com/next?x=1"});
    let other = "/subscriptions/s2/resourceGroups/g2/providers/Microsoft.RecoveryServices/vaults/v2/replicationJobs/j1";
    let lines = [
        line("GET", &format!("{VAULT}/replicationFabrics"), 200, fabrics),
        line("GET", &item, 200, body("Protected")),
        line(
            "POST",
            &format!("{item}/unplannedFailover"),
            202,
            Value::Null,
        ),
        line("GET", &item, 200, body("CommitPending")),
        line("GET", other, 200, json!({"id": other, "name": "j1"})),
        line("GET", &item, 404, json!({"error": {"code": "NotFound"}})),
    ];
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(lines.join("\n").as_bytes())
        .expect("written");
    file
}

async fn replay(at: Option<usize>) -> (Site, tempfile::NamedTempFile) {
    let file = recording();
    (
        site(Estate::Replay {
            file: file.path().into(),
            at,
        })
        .await,
        file,
    )
}

#[tokio::test]
async fn a_recording_is_served_as_of_an_exchange() {
    let item = format!(
        "{VAULT}/replicationFabrics/F1/replicationProtectionContainers/c1/replicationProtectedItems/i1"
    );
    for (at, state) in [(2, "Protected"), (3, "Protected"), (4, "CommitPending")] {
        let (site, _file) = replay(Some(at)).await;
        assert_eq!(
            site.get(&item).await["properties"]["protectionState"],
            state
        );
    }
    let (site, _file) = replay(None).await;
    let gone = site
        .ask(Method::GET, &item)
        .send()
        .await
        .expect("an answer");
    assert_eq!(gone.status(), 404);
    assert_eq!(gone.headers()["x-failback-exchange"], "6");
}

#[tokio::test]
async fn lists_that_were_not_recorded_are_composed_and_marked() {
    let (site, _file) = replay(Some(5)).await;
    assert_eq!(site.running.announce.vaults.len(), 2);
    assert_eq!(site.running.announce.items, 1);
    let list = format!("{VAULT}/replicationProtectedItems");
    let answer = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.headers()["x-failback-composed"], "true");
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(
        body["value"][0]["properties"]["protectionState"],
        "CommitPending"
    );
    let fabrics = site
        .ask(Method::GET, &format!("{VAULT}/replicationFabrics"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(fabrics.headers()["x-failback-exchange"], "1");
    let body: Value = fabrics.json().await.expect("JSON");
    assert_eq!(
        body["nextLink"],
        format!("{}/next?x=1", site.running.announce.base_url)
    );
    let vaults = site
        .rows("/subscriptions/S2/providers/Microsoft.RecoveryServices/vaults")
        .await;
    assert_eq!(vaults[0]["name"], "v2");
    let (ended, _file) = replay(None).await;
    assert_eq!(ended.get(&list).await["value"], json!([]));
}

#[tokio::test]
async fn what_was_never_recorded_says_so_and_nothing_can_be_changed() {
    let (site, _file) = replay(None).await;
    let never = site
        .ask(Method::GET, &format!("{VAULT}/replicationPolicies"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(never.status(), 404);
    let body: Value = never.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], "NotRecorded");
    let post = site
        .ask(Method::POST, &format!("{VAULT}/replicationJobs/j/cancel"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(post.status(), 405);
}

#[tokio::test]
async fn a_bad_line_is_named() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(
        file,
        "{}\n\n{{\"method\": 1}}",
        line("GET", "/x", 200, Value::Null)
    )
    .expect("written");
    let options = Options {
        estate: Estate::Replay {
            file: file.path().into(),
            at: None,
        },
        ..Options::default()
    };
    let error = start(options).await.err().expect("an error").to_string();
    assert!(error.contains("line 3"), "{error}");
}
