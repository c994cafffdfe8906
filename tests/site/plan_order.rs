//! The order of a plan on the command line: given by answers and by flags, kept, shown, judged.

use failback::domain::plan::{Hook, Minutes, Ready};

use crate::lab::Lab;
use crate::run::item;
use crate::run_order::own;
use crate::run_plans::*;

const ORDERED: &str = include_str!("../golden/plan-order-1.json");

#[tokio::test]
async fn a_plan_with_an_order_is_kept_shown_and_given_back_as_it_was() {
    let lab = Lab::contoso().await;
    let file = lab.file("order.json", ORDERED);
    let said = lab.run(&["plan", "import", file.to_str().unwrap()]).await;
    said.ok_text();
    let shown = lab
        .run(&["plan", "show", "erp-home-in-order"])
        .await
        .ok_text();
    for part in [
        "Before the plan    /etc/failback/freeze-changes (at most 5 min, else it stops there)",
        "After the plan     /etc/failback/tell everybody is home (at most 10 min, else it goes on, amber)",
        "Wave 1             sql-01, erp-01",
        "After the wave     check-erp (at most 10 min, else a person is asked)",
        "At once            2 in cut-over at most",
        "Calls a person     /etc/failback/page (again every 15 min)",
        "Then waits for     a heartbeat of its agent (after 30 min a person is asked)",
        "Then waits for     an answer at sql-01.contoso.local port 1433 (after 10 min a person is asked)",
        "Then waits for     a person: are the databases online?",
        "After              sql-01",
        "Before the cut-over dns-switch erp-01 (well with 0, 3, at most 10 min, else a person is asked)",
        "Optional           yes: the others go on without it",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let back = lab.home().join("back.json");
    let export = [
        "plan",
        "export",
        "erp-home-in-order",
        back.to_str().unwrap(),
    ];
    lab.run(&export).await.ok_text();
    assert_eq!(
        std::fs::read_to_string(back).unwrap().trim(),
        ORDERED.trim()
    );
}

#[tokio::test]
async fn a_circle_is_refused_where_the_plan_comes_in_and_named() {
    let lab = Lab::contoso().await;
    let wanted = "\"replication\": 30,";
    let after = "\"after\": [\"/subscriptions/s/vaults/v/items/erp-01\"], \"replication\": 30,";
    let file = lab.file("circle.json", &ORDERED.replace(wanted, after));
    let said = lab.run(&["plan", "import", file.to_str().unwrap()]).await;
    assert_ne!(said.code, 0);
    assert!(said.err.contains("sql-01 -> erp-01 -> sql-01"), "{said:?}");
    let kept = lab.run(&["plan", "list"]).await.ok_text();
    assert!(!kept.contains("erp-home-in-order"), "{kept}");
}

#[tokio::test]
async fn a_dry_run_shows_what_is_run_and_waited_for_and_in_which_order() {
    let lab = Lab::contoso().await;
    let mut recovery = recovery(&lab, &[&["erp-app", "web-01"], &["app-01"]]).await;
    let erp = item(&lab, "erp-app").await;
    let order = own(&mut recovery, "web-01");
    order.after = vec![erp];
    order.ready = vec![Ready::Delay(Minutes(7))];
    let hook = Hook::new(vec!["dns-switch".into(), "web".into()]);
    order.hooks.before = Some(hook.clone());
    recovery.waves[0].hooks.after = Some(hook.clone());
    recovery.order.hooks.before = Some(hook);
    let plan = crate::run::recover(recovery);
    let file = lab.file("plan.json", &serde_json::to_string(&plan).unwrap());
    lab.run(&["plan", "import", file.to_str().unwrap()])
        .await
        .ok_text();
    let told = lab.run(&["run", plan.slug().as_str(), "--dry-run"]).await;
    let told = told.ok_text();
    for part in [
        "before the plan: runs dns-switch web (at most 10 min, else a person is asked)",
        "after wave 1: runs dns-switch web",
        "order: erp-app, then web-01, then app-01",
        ": waits until erp-app is through",
        "  run the command before",
        ": runs dns-switch web",
        ": waits for 7 min",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let json = lab
        .run(&["--json", "run", plan.slug().as_str(), "--dry-run"])
        .await;
    let layers = &json.ok_json()["order"]["layers"];
    assert_eq!(
        *layers,
        serde_json::json!([["erp-app"], ["web-01"], ["app-01"]])
    );
    assert!(lab.changes().await.is_empty());
}

/// The golden plan, kept.
async fn kept(lab: &Lab) {
    let file = lab.file("order.json", ORDERED);
    let said = lab.run(&["plan", "import", file.to_str().unwrap()]).await;
    said.ok_text();
}

#[tokio::test]
async fn the_order_of_a_plan_that_is_there_is_changed_by_flags_alone() {
    let lab = Lab::contoso().await;
    kept(&lab).await;
    let said = lab
        .run(&[
            "plan",
            "order",
            "erp-home-in-order",
            "--wave",
            "sql-01=3",
            "--after",
            "erp-01=",
            "--after",
            "print-01=",
            "--critical",
            "print-01",
            "--optional",
            "erp-01",
            "--healthy",
            "sql-01=",
            "--wait-for",
            "sql-01=delay 2; confirm are they online?",
            "--command-before",
            "wave/3=limit=3 else=stop warm-up 'sql 01'",
            "--command-after",
            "plan=",
            "--command-before",
            "erp-01=dns erp",
            "--at-once",
            "0",
            "--needs-person",
            "every=5 page me",
            "--commit-window",
            "90",
            "--look-at",
            "the shop takes an order",
        ])
        .await
        .ok_text();
    for part in [
        "Wave 1             erp-01",
        "Wave 2             print-01",
        "Wave 3             sql-01",
        "Before the wave    warm-up sql 01 (at most 3 min, else it stops there)",
        "Then waits for     2 min",
        "Then waits for     a person: are they online?",
        "Before the cut-over dns erp (at most 10 min, else a person is asked)",
        "Calls a person     page me (again every 5 min)",
        "Commit window      90 min, then the machine is left as it is",
        "To be looked at    the shop takes an order",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    for gone in ["After the plan", "At once", "Replication", "After   "] {
        assert!(!said.contains(gone), "{gone}\n{said}");
    }
    let shown = lab.run(&["plan", "show", "erp-home-in-order"]).await;
    assert_eq!(shown.ok_text(), said);
    let json = lab
        .run(&["--json", "plan", "show", "erp-home-in-order"])
        .await;
    let json = json.ok_json();
    let recovery = &json["intent"]["failBack"];
    assert_eq!(recovery["commitWindow"]["minutes"], 90);
    let command = &recovery["waves"][2]["hooks"]["before"]["command"];
    assert_eq!(*command, serde_json::json!(["warm-up", "sql 01"]));
}

#[tokio::test]
async fn flags_that_make_no_order_change_nothing_and_say_why() {
    let lab = Lab::contoso().await;
    kept(&lab).await;
    let plan = "erp-home-in-order";
    let before = lab.run(&["plan", "show", plan]).await.ok_text();
    for (flags, part) in [
        (&[][..], "Nothing was said about the order"),
        (&["--after", "sql-01=erp-01"], "sql-01 -> erp-01 -> sql-01"),
        (
            &["--after", "sql-01=print-01"],
            "sql-01 of wave 1 waits for print-01 of wave 2",
        ),
        (
            &["--after", "sql-01=web-09"],
            "no machine of the plan is called \"web-09\"; there are sql-01, erp-01, print-01",
        ),
        (&["--wave", "sql-01=0"], "write a number from 1"),
        (&["--wave", "sql-01"], "a = is missing"),
        (&["--wait-for", "sql-01=ping"], "\"ping\" is no wait"),
        (&["--wait-for", "sql-01=tcp :80"], "names no host"),
        (
            &["--command-after", "wave/7=x"],
            "there is no wave 7: the last one is 2",
        ),
        (
            &["--command-after", "sql-01=else=panic x"],
            "write else=ask",
        ),
        (
            &["--command-after", "sql-01='x"],
            "a quote in it is not closed",
        ),
        (&["--needs-person", "else=stop x"], "every=MINUTES"),
        (&["--healthy", "sql-01=soon"], "whole number of minutes"),
        (
            &["--commit-window", "2"],
            "a commit window lasts 5 to 10080 minutes, not 2",
        ),
        (
            &["--wave", "sql-01=2", "--wave", "erp-01=2"],
            "wave 1 would hold no machine",
        ),
    ] {
        let mut line = vec!["plan", "order", plan];
        line.extend(flags);
        let said = lab.run(&line).await;
        assert_eq!(said.code, 2, "{flags:?}: {said:?}");
        assert!(said.err.contains(part), "{flags:?}: {said:?}");
    }
    let read_only = ["--read-only", "plan", "order", plan, "--at-once", "1"];
    assert_eq!(lab.run(&read_only).await.code, 2);
    assert_eq!(lab.run(&["plan", "show", plan]).await.ok_text(), before);
}

#[tokio::test]
async fn answers_make_a_plan_with_its_order_and_the_flag_its_commit_window() {
    let lab = Lab::contoso().await;
    let answers = serde_json::json!({
        "schema": "failback/draft/1",
        "wizard": "recover",
        "answers": {
            "machines": ["erp-app", "web-01"],
            "name": "ERP home",
            "commitWindow": 20,
            "checks": ["the shop takes an order"],
            "waveAfter/2": "true",
        },
        "own": {
            "erp-app": { "wave": 2, "waitFor": "heartbeat; tcp erp-app:443" },
            "web-01": { "optional": true },
        },
    });
    let file = lab.file("answers.json", &answers.to_string());
    let file = file.to_str().unwrap();
    let line = ["plan", "new", "--answers", file, "--commit-window", "45"];
    lab.run(&line).await.ok_text();
    let shown = lab.run(&["plan", "show", "erp-home"]).await.ok_text();
    for part in [
        "Wave 1             web-01",
        "Wave 2             erp-app",
        "After the wave     true (at most 10 min, else a person is asked)",
        "Commit window      45 min, then the machine is left as it is",
        "Then waits for     an answer at erp-app port 443 (after 30 min a person is asked)",
        "Optional           yes: the others go on without it",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let told = lab.run(&["run", "erp-home", "--dry-run"]).await.ok_text();
    for part in [
        "order: web-01, then erp-app",
        "commit window: 45 min, then the machine is left as it is",
        "to be looked at: the shop takes an order",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[tokio::test]
async fn a_command_that_is_not_there_is_found_out_before_the_run() {
    let lab = Lab::contoso().await;
    let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
    let missing = Hook::new(vec!["/nowhere/check-erp".into()]);
    recovery.waves[0].hooks.after = Some(missing.clone());
    recovery.order.hooks.before = Some(Hook::new(vec!["true".into()]));
    let plan = crate::run::recover(recovery);
    let file = lab.file("plan.json", &serde_json::to_string(&plan).unwrap());
    let file = file.to_str().unwrap();
    let said = lab.run(&["check", file]).await;
    assert_eq!(said.code, 3, "{said:?}");
    for part in [
        "ORD-01",
        "/nowhere/check-erp, the command after wave 1, is not there",
        "make it executable (chmod +x)",
    ] {
        assert!(said.out.contains(part), "{part}\n{said:?}");
    }
    assert!(!said.out.contains("before the plan"), "{said:?}");
}

#[tokio::test]
async fn a_single_failback_has_a_commit_window_by_its_flag() {
    let lab = Lab::contoso().await;
    let line = |minutes| {
        [
            "do",
            "failback",
            "erp-app",
            "--commit-window",
            minutes,
            "--dry-run",
        ]
    };
    let told = lab.run(&line("60")).await.ok_text();
    assert!(told.contains("commit window: 60 min"), "{told}");
    let said = lab.run(&line("1")).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("5 to 10080 minutes"), "{said:?}");
}
