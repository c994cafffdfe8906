//! Machines of every generation go round the whole circle - home, committed, to Azure again, failed over there - under
//! every way in which the service may differ from what is recorded. The client goes by what the item offers and by what
//! the job allows, and by nothing else.

use super::clients::{hyperv_home, number, planned_home, to_azure};
use super::*;
use crate::simulator::Quirk;

struct Tour {
    site: Site,
    name: &'static str,
    id: String,
    quirk: Option<Quirk>,
}

impl Tour {
    async fn begin(name: &'static str, quirk: Option<Quirk>) -> Self {
        let site = with(Options {
            quirks: quirk.into_iter().collect(),
            ..Options::default()
        })
        .await;
        let id = site.item_id(name).await;
        site.writes(name, 6.0).await;
        Self {
            site,
            name,
            id,
            quirk,
        }
    }

    fn at(&self, what: &str) -> String {
        format!("{} under {:?}: {what}", self.name, self.quirk)
    }

    /// Waits until the item offers that; it may not be found meanwhile.
    async fn offers(&self, operation: &str) -> Value {
        for _ in 0..60 {
            let answer = self.site.ask(Method::GET, &self.id).send().await;
            let answer = answer.expect("an answer");
            if answer.status().is_success() {
                let item: Value = answer.json().await.expect("JSON");
                let offered = item["properties"]["allowedOperations"].clone();
                if offered
                    .as_array()
                    .is_some_and(|o| o.iter().any(|w| w == operation))
                {
                    return item["properties"].clone();
                }
            }
            self.site.advance(120).await;
        }
        panic!("{}", self.at(&format!("{operation} is never offered")));
    }

    /// Waits for the end of a job, and answers it when it waits for a person.
    async fn follow(&self, job: &str) -> Value {
        for _ in 0..60 {
            self.site.advance(120).await;
            let now = self.site.job(job).await["properties"].clone();
            let state = text(&now["state"]);
            let allowed = now["allowedActions"].to_string();
            if allowed.contains("Resume") {
                assert_eq!(self.site.resume(job).await, 202);
            } else if ["Succeeded", "Failed", "Cancelled"].contains(&state.as_str()) {
                return now;
            }
        }
        panic!("{}", self.at(&format!("{job} never ends")));
    }

    /// Carries a verb out; an agent that has not registered yet is waited for.
    async fn carry_out(&self, verb: &str, body: &Value) {
        for _ in 0..2 {
            let job = self.site.ask_for(&self.id, verb, body).await;
            let done = self.follow(&job).await;
            if done["state"] == "Succeeded" {
                return;
            }
            let why = done["errors"].to_string();
            assert!(why.contains("agent is not installed"), "{}", self.at(&why));
            self.site.advance(900).await;
        }
        panic!("{}", self.at(&format!("{verb} fails")));
    }

    /// A second request while the first is carried out does no harm, whatever the answer.
    async fn twice(&self, verb: &str, body: &Value) {
        let job = self.site.ask_for(&self.id, verb, body).await;
        let again = self.site.post(&format!("{}/{verb}", self.id), body).await;
        let second = (again.status() == 202).then(|| job_of(&again));
        let refused = [400, 409].contains(&again.status().as_u16());
        assert!(refused || second.is_some(), "{}", self.at(verb));
        let done = self.follow(&job).await;
        assert_eq!(done["state"], "Succeeded", "{}", self.at(verb));
        if let Some(second) = second {
            let done = self.follow(&second).await;
            assert_eq!(done["state"], "Failed", "{}", self.at(verb));
        }
    }

    async fn lost(&self) -> f64 {
        number(&self.site.guest(self.name).await["lost_mb"])
    }

    /// To Azure and committed there, from where it replicates there.
    async fn to_azure(&self, provider: &str) {
        self.offers("UnplannedFailover").await;
        let network = self.site.first("Microsoft.Network/virtualNetworks").await;
        let test = json!({"properties": {"failoverDirection": "PrimaryToRecovery", "networkType": "VmNetworkAsInput",
            "networkId": network, "providerSpecificDetails": {"instanceType": provider}}});
        self.carry_out("testFailover", &test).await;
        self.offers("TestFailoverCleanup").await;
        let cleanup = json!({"properties": {"comments": ""}});
        self.carry_out("testFailoverCleanup", &cleanup).await;
        self.offers("UnplannedFailover").await;
        self.twice("unplannedFailover", &to_azure(provider, true, None))
            .await;
        let item = self.offers("Commit").await;
        assert_eq!(item["activeLocation"], "Recovery");
        self.carry_out("failoverCommit", &Value::Null).await;
    }

    /// A classic machine: the policy is one that its container is mapped to itself with.
    async fn classic(&self) {
        let mut home = self.site.homeward("Windows").await;
        let container = self.id.split("/replicationProtectedItems").next();
        let container = container.expect("a container");
        let list = format!("{container}/replicationProtectionContainerMappings");
        let mappings = self.site.rows(&list).await;
        let own = |m: &&Value| m["properties"]["targetProtectionContainerId"] == container;
        let mapping = mappings.iter().find(own).expect("a mapping");
        home["properties"]["providerSpecificDetails"]["profileId"] =
            mapping["properties"]["policyId"].clone();
        let server = home["properties"]["providerSpecificDetails"]["processServerId"].clone();
        self.carry_out("reProtect", &home).await;
        self.offers("UnplannedFailover").await;
        let back = json!({"properties": {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
            "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTime"}}});
        self.twice("unplannedFailover", &back).await;
        self.offers("Commit").await;
        self.carry_out("failoverCommit", &Value::Null).await;
        self.offers("SwitchProtection").await;
        let azure = json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
            "instanceType": "InMageAzureV2", "processServerId": server, "masterTargetId": server,
            "policyId": self.site.policy("contoso-24h")}}});
        self.carry_out("reProtect", &azure).await;
        self.to_azure("InMageAzureV2").await;
        self.offers("SwitchProtection").await;
    }

    async fn modern(&self) {
        let home = self.site.modern_home().await;
        self.carry_out("reProtect", &home).await;
        let ready = self.offers("PlannedFailover").await;
        let old = ready["providerSpecificDetails"]["internalIdentifier"].clone();
        let planned = planned_home("CrashConsistent");
        self.twice("plannedFailover", &planned).await;
        self.offers("CancelFailover").await;
        self.carry_out("failoverCancel", &Value::Null).await;
        self.offers("PlannedFailover").await;
        self.carry_out("plannedFailover", &planned).await;
        self.offers("Commit").await;
        self.carry_out("failoverCommit", &Value::Null).await;
        self.offers("SwitchProtection").await;
        let azure = self.site.modern_azure().await;
        self.carry_out("reProtect", &azure).await;
        self.to_azure("InMageRcm").await;
        self.offers("SwitchProtection").await;
        self.carry_out("reProtect", &home).await;
        let again = self.offers("PlannedFailover").await;
        let new = &again["providerSpecificDetails"]["internalIdentifier"];
        assert_ne!(*new, old, "{}", self.at("a new id at each reprotect"));
    }

    async fn hyperv(&self) {
        for option in ["ForDownTime", "ForSynchronization"] {
            self.offers("Failback").await;
            let home = hyperv_home(option, "NoAction");
            self.twice("plannedFailover", &home).await;
            let named = match self.quirk {
                Some(Quirk::FinalizeFailback) => "FinalizeFailback",
                _ => "Commit",
            };
            self.offers(named).await;
            self.carry_out("failoverCommit", &Value::Null).await;
            self.offers("ReverseReplicate").await;
            let azure = self.site.hyperv_azure(&self.id).await;
            self.carry_out("reProtect", &azure).await;
            self.to_azure("HyperVReplicaAzure").await;
        }
        self.offers("Failback").await;
    }
}

/// Without a quirk, and under each.
fn ways() -> impl Iterator<Item = Option<Quirk>> {
    std::iter::once(None).chain(Quirk::ALL.iter().copied().map(Some))
}

/// Its guest wrote all the while. Nothing of that is lost unless the service itself leaves the synchronisation out.
async fn ends_well(tour: Tour) {
    let lost = tour.lost().await > 0.01;
    let skips = tour.quirk == Some(Quirk::TasksSkipped);
    assert_eq!(lost, skips, "{}", tour.at("what is lost"));
    let guest = tour.site.guest(tour.name).await;
    assert_eq!(guest["site_disks"], "whole", "{}", tour.at("whole"));
}

#[tokio::test]
async fn classic_machines_go_round_under_every_quirk() {
    for quirk in ways() {
        let tour = Tour::begin("web-03", quirk).await;
        tour.classic().await;
        ends_well(tour).await;
    }
}

#[tokio::test]
async fn modernised_machines_go_round_under_every_quirk() {
    for quirk in ways() {
        let tour = Tour::begin("app-04", quirk).await;
        tour.modern().await;
        ends_well(tour).await;
    }
}

#[tokio::test]
async fn hyperv_machines_go_round_twice_under_every_quirk() {
    for quirk in ways() {
        let tour = Tour::begin("hv-dc-02", quirk).await;
        tour.hyperv().await;
        ends_well(tour).await;
    }
}

#[tokio::test]
async fn machines_of_a_vmm_cloud_go_round_under_every_quirk() {
    for quirk in ways() {
        let tour = Tour::begin("hq-sql", quirk).await;
        tour.hyperv().await;
        ends_well(tour).await;
    }
}
