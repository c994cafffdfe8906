//! What is not offered is refused with a sentence, what to do instead, and the rule; what the runs leave
//! to be looked at is listed.

use failback::domain::run::Record;
use serde_json::Value;

use crate::lab::Lab;

/// The words of `do` with what each verb cannot do without, and its name in the JSON.
const VERBS: [(&str, &str, &[&str]); 10] = [
    ("failback", "failBack", &[]),
    ("complete", "complete", &[]),
    ("commit", "commit", &[]),
    ("cancel", "cancel", &[]),
    ("protect", "protect", &[]),
    ("protect-to-azure", "protectToAzure", &[]),
    (
        "change-recovery-point",
        "changeRecoveryPoint",
        &["--point", "latest"],
    ),
    ("clean-up-test", "testFailoverCleanup", &[]),
    ("failover-to-azure", "failOverToAzure", &[]),
    ("test-failover", "testFailover", &["--network", "nowhere"]),
];

async fn machine(lab: &Lab, name: &str) -> Value {
    let machines = lab.run(&["machines", "--json"]).await.ok_json();
    let all = machines["machines"].as_array().unwrap();
    all.iter().find(|m| m["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn every_verb_is_either_offered_or_refused_and_the_command_does_as_the_list_says() {
    let lab = Lab::contoso().await;
    for name in [
        "dc-01",
        "app-02",
        "app-11",
        "hv-print",
        "hv-pos-01",
        "hv-test",
    ] {
        let own = machine(&lab, name).await;
        let offered = own["offered"].as_array().unwrap();
        let refused = own["refused"].as_array().unwrap();
        assert_eq!(offered.len() + refused.len(), VERBS.len(), "{own}");
        for (word, verb, needs) in VERBS {
            let words = [&["do", word, name, "--dry-run"][..], needs].concat();
            let said = lab.run(&words).await;
            match refused.iter().find(|r| r["verb"] == verb) {
                Some(refusal) => {
                    assert_eq!(said.code, 3, "{word} {name}: {said:?}");
                    for part in ["why", "instead"] {
                        let part = refusal[part].as_str().unwrap();
                        assert!(said.err.contains(part), "{part}: {said:?}");
                    }
                    assert!(!refusal["source"].as_str().unwrap().is_empty());
                }
                None => {
                    assert!(offered.contains(&verb.into()), "{word} {name}: {own}");
                    // A choice may be open yet; it is not refused.
                    assert!(matches!(said.code, 0 | 2), "{word} {name}: {said:?}");
                }
            }
        }
    }
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn what_would_do_harm_is_refused_by_name_of_the_rule() {
    let lab = Lab::contoso().await;
    for (verb, name, words) in [
        ("cancel", "dc-01", "[004 MOD-14]"),
        ("cancel", "hv-print", "would be corrupt"),
        ("cancel", "app-03", "replication was stopped before it"),
        ("protect", "hv-dc-02", "needs no protection"),
        ("protect-to-azure", "app-02", "commit it unasked"),
        ("complete", "web-01", "runs to its end"),
        (
            "change-recovery-point",
            "app-04",
            "deletes the other recovery points",
        ),
    ] {
        let point = ["--point", "latest"];
        let own = &point[..if verb.starts_with("change") { 2 } else { 0 }];
        let words_of = [&["do", verb, name, "--confirm", name][..], own].concat();
        let said = lab.run(&words_of).await;
        assert_eq!(said.code, 3, "{verb} {name}: {said:?}");
        assert!(said.err.contains(words), "{verb} {name}: {said:?}");
    }
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_flag_that_no_machine_has_a_use_for_is_a_mistake() {
    let lab = Lab::contoso().await;
    for (words, why) in [
        (
            &["failback", "web-01", "--sync", "full-download"][..],
            "belongs to Hyper-V",
        ),
        (
            &["failback", "web-01", "--host", "HV-BRANCH-02"],
            "belongs to Hyper-V",
        ),
        (&["failback", "hv-dc-02", "--point", "latest"], "HV-02"),
        (
            &["failback", "app-01", "--point", "yesterday"],
            "makes its own recovery point",
        ),
        (
            &["failback", "hv-dc-02", "--host", "nowhere"],
            "There are: ",
        ),
        (
            &["failover-to-azure", "mail-01", "--address", "10.8"],
            "is no IP address",
        ),
        (
            &["failover-to-azure", "mail-01", "--point", "nothing"],
            "There are: ",
        ),
        (
            &[
                "failover-to-azure",
                "mail-01",
                "--point",
                "2001-01-01T00:00:00Z",
            ],
            "no recovery point until",
        ),
        (
            &["failover-to-azure", "mail-01", "--size", "Huge"],
            "There are: ",
        ),
        (
            &["failover-to-azure", "mail-01", "hv-web", "--vm-name", "x"],
            "belongs to one machine",
        ),
        (
            &["commit", "dc-01", "--point", "latest"],
            "unexpected argument",
        ),
        (
            &["commit", "dc-01", "--attest", "quiesce=x"],
            "does not fit here",
        ),
    ] {
        let said = lab
            .run(&[&["do"][..], words, &["--dry-run"]].concat())
            .await;
        assert_eq!(said.code, 2, "{words:?}: {said:?}");
        assert!(said.err.contains(why), "{words:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_dry_run_shows_the_exact_calls_with_what_is_to_be_changed_in_azure() {
    let lab = Lab::contoso().await;
    let words = [
        "do",
        "failover-to-azure",
        "mail-01",
        "--point",
        "latest-processed",
        "--size",
        "Standard_D4s_v5",
        "--vm-name",
        "mail-in-azure",
        "--address",
        "10.8.2.21",
        "--no-shut-down",
        "--dry-run",
        "--json",
    ];
    let shown = lab.run(&words).await.ok_json();
    let steps = shown["machines"][0]["steps"].as_array().unwrap();
    let of = |step: &str| {
        let found = steps.iter().find(|s| s["step"] == step);
        found.unwrap_or_else(|| panic!("no {step} in {shown:#}"))["call"].clone()
    };
    let update = of("updateTarget");
    assert_eq!(update["method"], "PATCH");
    let properties = &update["body"]["properties"];
    assert_eq!(properties["recoveryAzureVMName"], "mail-in-azure");
    assert_eq!(properties["recoveryAzureVMSize"], "Standard_D4s_v5");
    let address = &properties["vmNics"][0]["ipConfigs"][0]["recoveryStaticIPAddress"];
    assert_eq!(address, "10.8.2.21");
    let over = of("failOver");
    let properties = &over["body"]["properties"];
    assert_eq!(properties["sourceSiteOperations"], "NotRequired");
    let point = &properties["providerSpecificDetails"]["recoveryPointId"];
    assert!(
        point.as_str().unwrap().contains("/recoveryPoints/"),
        "{point}"
    );
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_run_that_is_over_lists_what_has_to_be_looked_at() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let words = ["do", "failback", "app-01", "--confirm", "app-01"];
    let run = lab.launched(&words).await;
    lab.until(&run, |record| matches!(record, Record::Asked(_)))
        .await;
    let meanwhile = lab
        .run(&["runs", "show", run.id().as_str()])
        .await
        .ok_text();
    assert!(!meanwhile.contains("Afterwards"), "{meanwhile}");
    lab.agree_to_all_but_commit(&run).await;

    let shown = lab
        .run(&["runs", "show", run.id().as_str()])
        .await
        .ok_text();
    assert!(
        shown.contains("Afterwards: what has to be looked at"),
        "{shown}"
    );
    assert!(shown.contains("POST-0"), "{shown}");
    let json = lab
        .run(&["runs", "show", run.id().as_str(), "--json"])
        .await
        .ok_json();
    let after = &json["afterwards"];
    assert_eq!(after["unread"], Value::Array(Vec::new()), "{after}");
    assert_eq!(after["machines"][0]["machine"], "app-01");
    let errands = after["machines"][0]["errands"].as_array().unwrap();
    assert!(
        errands.iter().any(|e| e["commands"][0]["line"].is_string()),
        "{after}"
    );
    assert!(
        errands
            .iter()
            .all(|e| e["look"].as_str().is_some_and(|l| !l.is_empty()))
    );

    // A site that cannot be read takes nothing from what the journal tells.
    lab.fault("GET replicationProtectedItems 1- 403").await;
    let blind = lab
        .run(&["runs", "show", run.id().as_str()])
        .await
        .ok_text();
    assert!(blind.contains("? Could not be listed: "), "{blind}");
    assert!(blind.contains("app-01  (wave 1"), "{blind}");
}
