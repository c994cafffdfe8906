//! What the service never said before is shown as it is, and is never fatal.

use failback::domain::{JobState, Place, Stage};
use serde_json::{Value, json};

use crate::lab::gather;
use crate::rogue::{Rogue, item_id, json_answer, page, vault};

/// A server on which every list holds these rows.
async fn with_items(rows: Vec<Value>) -> Rogue {
    Rogue::answering(move |ask| {
        let rows = rows.clone();
        async move {
            if ask.path.contains("/replicationProtectedItems?") {
                page(&rows, None)
            } else {
                page(&[], None)
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_machine_of_a_kind_and_state_nobody_knows_is_shown_and_offered_nothing() {
    let strange = json!({
        "id": item_id("strange").as_str(), "name": "strange",
        "properties": {
            "friendlyName": "strange", "protectionState": "QuantumEntangled",
            "protectionStateDescription": "Entangled with a cat", "activeLocation": "Both",
            "allowedOperations": ["Teleport", "UnplannedFailover", "DisableProtection", 7, null],
            "replicationHealth": "Purple", "currentScenario": "none of your business",
            "providerSpecificDetails": {"instanceType": "InMageQuantum", "multiVmGroupId": {"a": 1}},
            "newField": {"deep": [1, 2, 3]},
        },
    });
    let estate = gather(&with_items(vec![strange]).await.site().await).await;
    let machine = &estate.machines[0];
    assert_eq!(machine.state_words(), "Entangled with a cat");
    assert!(matches!(&machine.stage, Stage::Other(_)));
    assert!(matches!(&machine.place, Place::Unknown(_)));
    assert_eq!(machine.provider().word(), "InMageQuantum");
    assert!(machine.next.verbs.is_empty(), "{:?}", machine.next);
    let unknown: Vec<&str> = machine
        .next
        .unknown
        .iter()
        .map(failback::domain::Text::as_str)
        .collect();
    assert!(unknown.starts_with(&["Teleport", "UnplannedFailover"]));
    assert_eq!(machine.health.word(), "Purple");
}

#[tokio::test]
async fn an_entry_that_lacks_everything_but_its_id_is_a_machine_and_one_without_id_is_none() {
    let rows = vec![
        json!({"id": item_id("bare").as_str()}),
        json!({"id": item_id("null").as_str(), "name": null, "properties": null}),
        json!({"id": item_id("wrong").as_str(), "properties": [1], "name": {}}),
        json!({"name": "no id"}),
        json!({"id": 7}),
        json!({}),
    ];
    let estate = gather(&with_items(rows).await.site().await).await;
    let ids: Vec<&str> = estate.machines.iter().map(|m| m.id.name()).collect();
    assert_eq!(ids, ["bare", "null", "wrong"]);
    assert!(estate.machines.iter().all(|m| m.next.verbs.is_empty()));
}

#[tokio::test]
async fn ids_and_words_compare_without_case() {
    let shouted = json!({
        "id": item_id("m").as_str().to_uppercase(),
        "properties": {
            "friendlyName": "m", "protectionState": "PROTECTED", "activeLocation": "primary",
            "allowedOperations": ["UNPLANNEDFAILOVER"],
            "providerSpecificDetails": {"instanceType": "INMAGE", "activeSiteType": "azure"},
        },
    });
    let site = with_items(vec![shouted]).await;
    let site = site.site().await;
    let estate = gather(&site).await;
    let machine = estate.machine(&item_id("m")).unwrap();
    assert_eq!(machine.state_words(), "Replicating home");
    assert_eq!(machine.next.verbs, [failback::domain::Verb::FailBack]);
    assert!(site.vault_of(&machine.id).is_some());
}

#[tokio::test]
async fn the_dates_that_mean_never_are_no_dates() {
    for (date, is_one) in [
        ("0001-01-01T00:00:00", false),
        ("1753-01-01T01:01:01Z", false),
        ("9999-12-31T23:59:59.9999999", false),
        ("", false),
        ("yesterday", false),
        ("2021-04-06T15:03:38.7688454Z", true),
        ("2021-04-06T15:03:38.7688454", true),
        ("2021-04-06T20:33:38.7688454+05:30", true),
    ] {
        let row = json!({
            "id": item_id("m").as_str(),
            "properties": {"lastSuccessfulFailoverTime": date},
        });
        let estate = gather(&with_items(vec![row]).await.site().await).await;
        let read = estate.machines[0].last_failover;
        assert_eq!(read.is_some(), is_one, "{date}");
        if let Some(time) = read {
            assert_eq!(time.as_second(), 1_617_721_418, "{date}");
        }
    }
}

#[tokio::test]
async fn a_job_in_a_state_nobody_knows_is_not_over() {
    let job = json!({
        "id": vault().child("replicationJobs/j"), "name": "j",
        "properties": {
            "state": "Contemplating", "friendlyName": "Planned failover", "startTime": "0001-01-01T00:00:00",
            "tasks": [{"name": "t", "state": "Levitating", "taskType": "NewTaskDetails",
                "customDetails": {"instanceType": "NewTaskDetails"}, "groupTaskCustomDetails": "?"}],
            "errors": "none", "allowedActions": null,
        },
    });
    let here = Rogue::answering(move |_| {
        let job = job.clone();
        async move { json_answer(&job) }
    })
    .await;
    let id = failback::domain::JobId::parse("j").unwrap();
    let read = here.site().await.arm().job(&vault(), &id).await.unwrap();
    assert!(matches!(&read.state, JobState::Other(word) if word.as_str() == "Contemplating"));
    assert!(!read.state.is_over());
    assert_eq!(read.start, None);
    assert_eq!(read.tasks.len(), 1);
}

#[tokio::test]
async fn an_id_that_could_lead_a_request_astray_names_no_machine() {
    let rows = [
        "/a/../../evil",
        "/a?x=1",
        "//evil.example/a",
        "/a#b",
        "/a b",
        "relative",
    ]
    .map(|id| json!({"id": id, "properties": {"friendlyName": "evil"}}));
    let estate = gather(&with_items(rows.to_vec()).await.site().await).await;
    assert!(estate.machines.is_empty(), "{:?}", estate.machines);
}
