//! The built-in site, asked over HTTP as a client would ask it. Times are turned, never waited for.

mod actions;
mod drain;
mod estates;
mod failing;
mod failover;
mod faulty;
mod power;
mod quirks;
mod reads;
mod replaying;
mod reprotect;
mod secure;

use std::sync::Once;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Estate, Options, Running, start};

const VERSION: &str = "api-version=2025-08-01";

/// A running site and a client for it.
struct Site {
    running: Running,
    client: reqwest::Client,
}

fn provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

async fn site(estate: Estate) -> Site {
    with(Options {
        estate,
        ..Options::default()
    })
    .await
}

async fn with(options: Options) -> Site {
    provider();
    let running = start(options).await.expect("the site starts");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    Site { running, client }
}

impl Site {
    fn vault(&self) -> String {
        let v = &self.running.announce.vaults[0];
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}",
            v.subscription, v.resource_group, v.name
        )
    }

    /// A request with a token and, unless it is there, a version.
    fn ask(&self, method: Method, target: &str) -> RequestBuilder {
        let base = &self.running.announce.base_url;
        let url = if target.starts_with("http") {
            target.to_owned()
        } else {
            format!("{base}{target}")
        };
        let join = if url.contains('?') { '&' } else { '?' };
        let url = if url.contains("api-version") {
            url
        } else {
            format!("{url}{join}{VERSION}")
        };
        self.client.request(method, url).bearer_auth("anything")
    }

    async fn get(&self, target: &str) -> Value {
        let answer = self
            .ask(Method::GET, target)
            .send()
            .await
            .expect("an answer");
        assert!(
            answer.status().is_success(),
            "{target}: {}",
            answer.status()
        );
        answer.json().await.expect("JSON")
    }

    /// All rows of a list, page by page.
    async fn rows(&self, target: &str) -> Vec<Value> {
        let (mut rows, mut next) = (Vec::new(), Some(target.to_owned()));
        while let Some(target) = next {
            let page = self.get(&target).await;
            rows.extend(page["value"].as_array().expect("a list").iter().cloned());
            next = page["nextLink"].as_str().map(str::to_owned);
        }
        rows
    }

    async fn items(&self) -> Vec<Value> {
        self.rows(&format!("{}/replicationProtectedItems", self.vault()))
            .await
    }

    /// The id of the item with this friendly name.
    async fn item_id(&self, name: &str) -> String {
        let items = self.items().await;
        let item = items
            .iter()
            .find(|i| i["properties"]["friendlyName"] == name);
        text(&item.expect("the item")["id"])
    }

    async fn job(&self, name: &str) -> Value {
        self.get(&format!("{}/replicationJobs/{name}", self.vault()))
            .await
    }

    async fn fail_back(&self, item: &str, source: &str) -> Response {
        let body = json!({"properties": {
            "failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": source,
            "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTime"},
        }});
        let ask = self.ask(Method::POST, &format!("{item}/unplannedFailover"));
        let ask = ask.header(
            "x-ms-client-request-id",
            "11111111-2222-3333-4444-555555555555",
        );
        ask.json(&body).send().await.expect("an answer")
    }

    async fn post(&self, target: &str, body: &Value) -> Response {
        let ask = self.ask(Method::POST, target).json(body);
        ask.send().await.expect("an answer")
    }

    fn vm(&self, name: &str) -> String {
        let vault = self.vault();
        let group = vault.split("/providers/").next().expect("a group");
        format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}")
    }

    async fn vm_status(&self, name: &str) -> u16 {
        let ask = self.ask(Method::GET, &self.vm(name));
        ask.send().await.expect("an answer").status().as_u16()
    }

    async fn power(&self, name: &str) -> String {
        let view = self.get(&format!("{}/instanceView", self.vm(name))).await;
        let code = text(&view["statuses"][1]["code"]);
        code.replace("PowerState/", "")
    }

    /// What a reprotect to the site says that names the first servers that fit.
    async fn homeward(&self, os: &str) -> Value {
        let fabrics = self
            .rows(&format!("{}/replicationFabrics", self.vault()))
            .await;
        let details = fabrics
            .iter()
            .map(|f| &f["properties"]["customDetails"])
            .find(|d| d["instanceType"] == "VMware")
            .expect("a classic fabric");
        let targets = details["masterTargetServers"].as_array().expect("a list");
        let fits = |t: &&Value| {
            t["osType"] == os && t["dataStores"].as_array().is_some_and(|d| !d.is_empty())
        };
        let target = targets.iter().find(fits).expect("a master target");
        let policies = self
            .rows(&format!("{}/replicationPolicies", self.vault()))
            .await;
        let policy = policies
            .iter()
            .find(|p| p["properties"]["providerSpecificDetails"]["instanceType"] == "InMage");
        json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
            "instanceType": "InMage", "masterTargetId": target["id"],
            "processServerId": details["processServers"][0]["id"],
            "retentionDrive": target["retentionVolumes"][0]["volumeName"], "runAsAccountId": "2",
            "datastoreName": target["dataStores"][0]["symbolicName"],
            "profileId": policy.expect("a failback policy")["id"],
        }}})
    }

    async fn control(&self, method: Method, what: &str, body: Value) -> Value {
        let ask = self.ask(method, &format!("/_simulator/{what}")).json(&body);
        let answer = ask.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{what}: {}", answer.status());
        answer.json().await.unwrap_or_default()
    }

    async fn advance(&self, seconds: i64) {
        self.control(Method::POST, "clock", json!({"advance_seconds": seconds}))
            .await;
    }

    async fn fault(&self, rule: &str) {
        self.control(Method::POST, "faults", json!({"rule": rule}))
            .await;
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The job that a 202 names.
fn job_of(answer: &Response) -> String {
    let id = answer.headers()["x-ms-request-id"].to_str().expect("text");
    id.rsplit('/').next().expect("a name").to_owned()
}
