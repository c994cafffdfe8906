//! What the tests of the generations ask of the site: the bodies of their verbs, as a client makes them from what the
//! vault says.

use super::*;

impl Site {
    /// The fabric of that kind, as a list shows it.
    pub(super) async fn fabric(&self, kind: &str) -> Value {
        let list = format!("{}/replicationFabrics", self.vault());
        let fabrics = self.rows(&list).await;
        let found = fabrics
            .into_iter()
            .find(|f| f["properties"]["customDetails"]["instanceType"] == kind);
        found.expect("a fabric")
    }

    pub(super) async fn details(&self, id: &str) -> Value {
        self.get(id).await["properties"]["providerSpecificDetails"].clone()
    }

    pub(super) async fn properties(&self, id: &str) -> Value {
        self.get(id).await["properties"].clone()
    }

    pub(super) fn policy(&self, name: &str) -> String {
        format!("{}/replicationPolicies/{name}", self.vault())
    }

    pub(super) async fn first(&self, list: &str) -> String {
        let group = self.vault();
        let group = group
            .split("/providers/")
            .next()
            .expect("a group")
            .to_owned();
        text(&self.rows(&format!("{group}/providers/{list}")).await[0]["id"])
    }

    /// A reprotect of a modernised machine to the site, as recorded.
    pub(super) async fn modern_home(&self) -> Value {
        let fabric = self.fabric("InMageRcm").await;
        let agents = &fabric["properties"]["customDetails"]["reprotectAgents"];
        let agents = agents.as_array().expect("a list");
        let reaches = |a: &&Value| !a["accessibleDatastores"][0].is_null();
        let agent = agents.iter().find(reaches).expect("an agent");
        json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
            "instanceType": "InMageRcm", "reprotectAgentId": agent["id"],
            "datastoreName": agent["accessibleDatastores"][0],
            "logStorageAccountId": self.first("Microsoft.Storage/storageAccounts").await,
        }}})
    }

    /// The same to Azure.
    pub(super) async fn modern_azure(&self) -> Value {
        let fabric = self.fabric("InMageRcm").await;
        let details = &fabric["properties"]["customDetails"];
        let site = text(&details["vmwareSiteId"]);
        let accounts = self.rows(&format!("{site}/runAsAccounts")).await;
        json!({"properties": {"providerSpecificDetails": {
            "instanceType": "InMageRcmFailback", "processServerId": details["processServers"][0]["id"],
            "runAsAccountId": accounts[0]["id"], "policyId": self.policy("24-hour-replication-policy"),
        }}})
    }

    pub(super) async fn hyperv_azure(&self, id: &str) -> Value {
        let item = self.properties(id).await;
        let registered = self.properties(&text(&item["protectableItemId"])).await;
        json!({"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": {
            "instanceType": "HyperVReplicaAzure", "hvHostVmId": registered["customDetails"]["sourceItemId"],
            "vmName": item["friendlyName"], "osType": item["providerSpecificDetails"]["oSDetails"]["osType"],
            "storageAccountId": self.first("Microsoft.Storage/storageAccounts").await,
        }}})
    }

    /// Asks, and says which job it is.
    pub(super) async fn ask_for(&self, id: &str, verb: &str, body: &Value) -> String {
        let answer = self.post(&format!("{id}/{verb}"), body).await;
        let accepted = (answer.status() == 202).then(|| job_of(&answer));
        match accepted {
            Some(job) => job,
            None => panic!("{verb}: {}", answer.text().await.expect("text")),
        }
    }

    /// Asks, and says why that was refused: the inner code and the message.
    pub(super) async fn refused(&self, id: &str, verb: &str, body: &Value) -> (String, String) {
        let answer = self.post(&format!("{id}/{verb}"), body).await;
        assert_eq!(answer.status(), 400, "{verb} {body}");
        let said: Value = answer.json().await.expect("JSON");
        let inner = &said["error"]["details"][0];
        (text(&inner["code"]), text(&inner["message"]))
    }

    pub(super) async fn patch(&self, id: &str, body: &Value) -> Response {
        let ask = self.ask(Method::PATCH, id).json(body);
        ask.send().await.expect("an answer")
    }

    pub(super) async fn guest(&self, name: &str) -> Value {
        self.control(Method::GET, &format!("guest/{name}"), Value::Null)
            .await
    }

    pub(super) async fn writes(&self, name: &str, per_minute: f64) {
        let body = json!({"machine": name, "writes_mb_per_minute": per_minute});
        self.control(Method::POST, "guest", body).await;
    }

    pub(super) async fn jobs(&self) -> Vec<Value> {
        self.rows(&format!("{}/replicationJobs", self.vault()))
            .await
    }

    /// The state, its description and the tasks' descriptions of a job.
    pub(super) async fn outcome(&self, job: &str) -> (String, String, Vec<String>) {
        let job = self.job(job).await["properties"].clone();
        let tasks = job["tasks"].as_array().expect("tasks");
        let words = tasks.iter().map(|t| text(&t["stateDescription"]));
        (
            text(&job["state"]),
            text(&job["stateDescription"]),
            words.collect(),
        )
    }

    pub(super) async fn resume(&self, job: &str) -> u16 {
        let target = format!("{}/replicationJobs/{job}/resume", self.vault());
        let body = json!({"properties": {"comments": "go on"}});
        self.post(&target, &body).await.status().as_u16()
    }

    pub(super) async fn act(&self, job: &str, verb: &str) -> u16 {
        let target = format!("{}/replicationJobs/{job}/{verb}", self.vault());
        self.post(&target, &Value::Null).await.status().as_u16()
    }
}

pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// The names of a job's tasks.
pub(super) fn task_names(job: &Value) -> Vec<String> {
    let tasks = job["properties"]["tasks"].as_array().expect("tasks");
    tasks.iter().map(|t| text(&t["name"])).collect()
}

/// The planned failover of a modernised machine, as recorded.
pub(super) fn planned_home(kind: &str) -> Value {
    json!({"properties": {"providerSpecificDetails": {"instanceType": "InMageRcmFailback", "recoveryPointType": kind}}})
}

/// The failback of a Hyper-V machine, as recorded.
pub(super) fn hyperv_home(option: &str, creation: &str) -> Value {
    json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
        "instanceType": "HyperVReplicaAzureFailback", "dataSyncOption": option, "recoveryVmCreationOption": creation,
    }}})
}

/// A failover to Azure, as recorded; the modernised say in a field of their own whether to shut down first.
pub(super) fn to_azure(provider: &str, shut_down: bool, point: Option<&str>) -> Value {
    let mut details = json!({"instanceType": provider});
    let modern = provider == "InMageRcm";
    if modern {
        details["performShutdown"] = shut_down.to_string().into();
    }
    if let Some(point) = point {
        details["recoveryPointId"] = point.into();
    }
    let source = if shut_down && !modern {
        "Required"
    } else {
        "NotRequired"
    };
    json!({"properties": {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": source,
        "providerSpecificDetails": details}})
}
