use super::*;
use crate::simulator::stage::STAGES;

#[tokio::test]
async fn contoso_has_a_machine_in_every_state_of_the_state_table() {
    let site = site(Estate::Contoso).await;
    let items = site.items().await;
    // These are there only after a reprotect, or when something was broken off.
    let passing = ["classic-initial", "hyperv-initial", "hyperv-sync-cancelled"];
    for stage in STAGES.iter().filter(|s| !passing.contains(&s.key)) {
        let there = items.iter().any(|i| {
            let p = &i["properties"];
            p["providerSpecificDetails"]["instanceType"] == stage.provider
                && p["protectionState"] == stage.state
                && p["activeLocation"] == stage.active
                && p["allowedOperations"] == json!(stage.operations)
        });
        assert!(there, "no machine in {}", stage.key);
    }
    let busy = items
        .iter()
        .find(|i| i["properties"]["currentScenario"]["scenarioName"] == "EnableDr");
    let busy = &busy.expect("a machine that is busy")["properties"];
    assert_eq!(busy["protectionState"], "Protected");
    assert_eq!(busy["allowedOperations"], json!([]));
}

#[tokio::test]
async fn lists_are_shallow_and_single_answers_deep() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-01").await;
    let items = site.items().await;
    let listed = items
        .iter()
        .find(|i| i["id"] == id.as_str())
        .expect("listed");
    let details = &listed["properties"]["providerSpecificDetails"];
    assert_eq!(details["protectedDisks"], json!([]));
    assert_eq!(
        (&details["osDetails"], &details["masterTargetId"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(details["consistencyPoints"], Value::Null);
    let deep = site.get(&id).await;
    let details = &deep["properties"]["providerSpecificDetails"];
    assert_eq!(details["protectedDisks"].as_array().map(Vec::len), Some(2));
    assert_eq!(details["osDetails"]["osType"], "Windows");
    assert!(details["masterTargetId"].is_string() && details["consistencyPoints"].is_object());

    let jobs = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let job = &jobs[0]["properties"];
    assert_eq!(
        (&job["tasks"], &job["customDetails"], &job["activityId"]),
        (&json!([]), &Value::Null, &Value::Null)
    );
    let deep = site.get(&text(&jobs[0]["id"])).await;
    assert!(
        !deep["properties"]["tasks"]
            .as_array()
            .expect("tasks")
            .is_empty()
    );
}

#[tokio::test]
async fn no_answer_holds_an_unfilled_placeholder() {
    let site = site(Estate::Contoso).await;
    let vault = site.vault();
    for list in [
        "replicationFabrics",
        "replicationProtectionContainers",
        "replicationProtectionContainerMappings",
        "replicationPolicies",
        "replicationProtectedItems",
        "replicationJobs",
        "replicationEvents",
        "replicationvCenters",
        "replicationRecoveryServicesProviders",
        "replicationRecoveryPlans",
        "replicationAppliances",
    ] {
        let rows = site.rows(&format!("{vault}/{list}")).await;
        assert!(!rows.is_empty(), "{list}");
        for row in rows {
            assert!(!row.to_string().contains("${"), "{list}: {row}");
            let Some(id) = row["id"].as_str().filter(|_| list != "replicationEvents") else {
                continue;
            };
            assert!(id.starts_with("/Subscriptions/"), "{id}");
            assert_eq!(id.rsplit('/').next(), row["name"].as_str());
            let one = site.get(id).await;
            assert_eq!(one["name"], row["name"]);
            assert!(!one.to_string().contains("${"), "{one}");
        }
    }
    let subscription = &site.running.announce.vaults[0].subscription;
    let vms = format!("/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines");
    for vm in site.rows(&vms).await {
        let view = site.get(&format!("{}/instanceView", text(&vm["id"]))).await;
        assert!(!(vm.to_string() + &view.to_string()).contains("${"));
        assert!(
            view["statuses"][1]["code"]
                .as_str()
                .expect("a code")
                .starts_with("PowerState/")
        );
    }
}

#[tokio::test]
async fn a_failed_over_classic_machine_is_registered_twice() {
    let site = site(Estate::Recorded).await;
    let example = site.running.announce.example.clone().expect("an example");
    let list = format!(
        "{}/replicationFabrics/{}/replicationProtectionContainers/{}/replicationProtectableItems",
        site.vault(),
        example.fabric,
        example.container
    );
    let first = site.get(&list).await;
    let link = text(&first["nextLink"]);
    assert!(link.contains("$skipToken="));
    assert_eq!(
        site.get(&link).await,
        json!({"value": [], "nextLink": null})
    );
    let twins: Vec<&Value> = first["value"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|p| p["properties"]["friendlyName"] == "V2A-W2K16-201")
        .collect();
    let kinds: Vec<&Value> = twins
        .iter()
        .map(|t| &t["properties"]["customDetails"]["discoveryType"])
        .collect();
    assert_eq!(kinds, ["vCenter", "Physical"]);
    assert_eq!(twins[1]["name"], "35dd7b4c-96c2-11eb-a892-000d3ad78fab");
    assert_ne!(
        twins[0]["properties"]["customDetails"]["agentGeneratedId"],
        twins[1]["properties"]["customDetails"]["agentGeneratedId"]
    );
}

#[tokio::test]
async fn paths_compare_without_case_and_what_is_unknown_is_404_in_site_recoverys_form() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("web-01").await;
    assert_eq!(site.get(&id.to_uppercase()).await["id"], id.as_str());
    let answer = site
        .ask(Method::GET, &format!("{id}x"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 404);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(
        body["error"]["details"][0]["code"],
        "ArmResourceDoesNotExist"
    );
    assert!(body["error"]["details"][0]["recommendedAction"].is_string());
}

#[tokio::test]
async fn a_large_list_comes_in_pages_and_packed() {
    let site = with(Options {
        estate: Estate::Large,
        machines: Some(1203),
        page_size: 50,
        ..Options::default()
    })
    .await;
    assert_eq!(site.running.announce.items, 1203);
    let items = site.items().await;
    assert_eq!(items.len(), 1203);
    // Once more, from the kept pages.
    assert_eq!(site.items().await.len(), 1203);
    let list = format!("{}/replicationProtectedItems", site.vault());
    let plain = reqwest::Client::builder()
        .no_proxy()
        .no_gzip()
        .build()
        .expect("a client");
    let url = format!("{}{list}?{VERSION}", site.running.announce.base_url);
    let ask = plain
        .get(url)
        .bearer_auth("x")
        .header("accept-encoding", "gzip");
    let packed = ask.send().await.expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let wrong = site
        .ask(Method::GET, &format!("{list}?$skipToken=mine"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn every_answer_carries_arms_headers_and_every_call_needs_a_version_and_a_token() {
    let site = site(Estate::Contoso).await;
    let url = format!("{}{}", site.running.announce.base_url, site.vault());
    let answer = site
        .ask(Method::GET, &url)
        .header("x-ms-client-request-id", "mine")
        .send()
        .await
        .expect("an answer");
    for name in [
        "x-ms-request-id",
        "x-ms-correlation-request-id",
        "date",
        "x-ms-ratelimit-remaining-subscription-reads",
    ] {
        assert!(answer.headers().contains_key(name), "{name}");
    }
    assert_eq!(answer.headers()["x-ms-client-request-id"], "mine");
    let none = site
        .client
        .get(&url)
        .bearer_auth("x")
        .send()
        .await
        .expect("an answer");
    assert_eq!(none.status(), 400);
    let body: Value = none.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], "MissingApiVersionParameter");
    let stranger = site
        .client
        .get(format!("{url}?{VERSION}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(stranger.status(), 401);
}
