//! What `failback demo` shows: a newcomer can go round with it, in a demo's time.

use std::path::PathBuf;

use failback::simulator::Announce;
use reqwest::Method;
use serde_json::{Value, json};

use crate::lab::Lab;

/// How much faster than real the demo's time passes.
const SPEED: i64 = 20;

/// The demo's site, in the process that the program started.
struct Demo {
    announce: Announce,
    client: reqwest::Client,
}

impl Drop for Demo {
    /// The demo's site is not our child, and would stay for ten minutes.
    fn drop(&mut self) {
        use std::io::{Read, Write};
        let address = self.announce.base_url.trim_start_matches("http://");
        if let Ok(mut stream) = std::net::TcpStream::connect(address) {
            let head =
                "POST /_simulator/shutdown HTTP/1.1\r\nhost: demo\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.read(&mut [0]);
        }
    }
}

impl Demo {
    async fn start(lab: &Lab) -> Self {
        lab.run(&["--site", "demo", "machines"]).await.ok_text();
        let folder: PathBuf = lab.home().join("state/failback/demo");
        let folder = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
        let announce = std::fs::read(folder.path().join("announce.json")).unwrap();
        Self {
            announce: serde_json::from_slice(&announce).unwrap(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    fn vault(&self) -> String {
        let v = &self.announce.vaults[0];
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}",
            v.subscription, v.resource_group, v.name
        )
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}{path}?api-version=2025-08-01", self.announce.base_url);
        let request = self.client.request(method, url).bearer_auth("anything");
        let answer = request.json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap_or_default()
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) {
        self.ask(Method::POST, path, body).await;
    }

    /// Lets so many seconds pass as a person at the demo has them.
    async fn wait(&self, seconds: i64) {
        let body = json!({"advance_seconds": seconds * SPEED});
        self.post("/_simulator/clock", body).await;
    }

    async fn item(&self, name: &str) -> Value {
        let list = format!("{}/replicationProtectedItems", self.vault());
        let items = self.get(&list).await["value"].take();
        let mut items = items.as_array().unwrap().iter();
        let item = items.find(|i| i["properties"]["friendlyName"] == name);
        self.get(item.unwrap()["id"].as_str().unwrap()).await
    }

    async fn state(&self, name: &str) -> String {
        let item = self.item(name).await;
        let state = &item["properties"]["protectionState"];
        state.as_str().unwrap().to_owned()
    }

    async fn change(&self, name: &str, verb: &str, body: Value) {
        let item = self.item(name).await;
        let id = item["id"].as_str().unwrap();
        self.post(&format!("{id}/{verb}"), body).await;
    }

    /// The first servers of the configuration server, as a plan would name them.
    async fn homeward(&self) -> Value {
        let fabrics = self
            .get(&format!("{}/replicationFabrics", self.vault()))
            .await;
        let details = &fabrics["value"][0]["properties"]["customDetails"];
        let target = &details["masterTargetServers"][0];
        json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
            "instanceType": "InMage", "masterTargetId": target["id"],
            "processServerId": details["processServers"][0]["id"],
            "retentionDrive": target["retentionVolumes"][0]["volumeName"],
            "datastoreName": target["dataStores"][0]["symbolicName"],
            "profileId": format!("{}/replicationPolicies/contoso-24h-failback", self.vault()),
        }}})
    }
}

#[tokio::test]
async fn a_newcomer_goes_round_with_two_machines_in_a_demos_time() {
    let lab = Lab::without_site();
    let demo = Demo::start(&lab).await;
    let body = demo.homeward().await;
    for name in ["web-03", "web-04"] {
        assert_eq!(demo.state(name).await, "UnplannedFailoverCommitted");
        demo.change(name, "reProtect", body.clone()).await;
    }
    demo.wait(90).await;
    let back = json!({"properties": {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
        "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTime"}}});
    // Those that are ready from the start, and those that have just become it.
    for name in ["web-01", "web-02", "web-03", "web-04"] {
        let item = demo.item(name).await;
        assert_eq!(item["properties"]["protectionState"], "Protected", "{name}");
        assert_eq!(item["properties"]["replicationHealth"], "Normal", "{name}");
        demo.change(name, "unplannedFailover", back.clone()).await;
    }
    demo.wait(60).await;
    for name in ["web-01", "web-02", "web-03", "web-04"] {
        demo.change(name, "failoverCommit", Value::Null).await;
    }
    demo.wait(10).await;
    assert_eq!(demo.state("web-04").await, "UnplannedFailoverCommitted");
    // What goes wrong in life goes wrong here: a job that fails once, a machine that does not run.
    for (name, code) in [("crm-01", "95226"), ("legacy-2008", "78093")] {
        demo.change(name, "reProtect", body.clone()).await;
        demo.wait(90).await;
        let jobs = format!("{}/replicationJobs", demo.vault());
        let newest = demo.get(&jobs).await["value"][0].clone();
        let mut failed = demo.get(newest["id"].as_str().unwrap()).await;
        if failed["properties"]["friendlyName"] != "Reprotect" {
            failed = demo.get(&jobs).await["value"][1].clone();
        }
        let error = &failed["properties"]["errors"][0]["serviceErrorDetails"];
        assert_eq!(error["code"], code, "{name}: {failed}");
    }
}
