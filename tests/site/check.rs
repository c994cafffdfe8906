//! `failback check`: what it says, how it ends, and what it keeps.

use std::path::PathBuf;

use failback::domain::Plan;
use failback::domain::plan::PointChoice;
use failback::store::plans::{self, Plans};
use serde_json::Value;

use super::lab::{Lab, SITE, Said};
use super::run::{bring_home, protect, recover, recovery, vm};

fn file(lab: &Lab, plan: &Plan) -> String {
    let text = plans::written(plan).unwrap();
    lab.file("plan.json", &text).to_str().unwrap().to_owned()
}

fn kept(lab: &Lab) -> PathBuf {
    lab.home().join("data/failback/lab/plans/home.json")
}

/// Keeps a plan where the program finds it by its slug.
fn keep(lab: &Lab, plan: &Plan) {
    let plans = Plans::of_site(&lab.home().join("data/failback"), SITE).unwrap();
    plans.save(plan, plans::Overwrite::Never).unwrap();
}

/// A plan that asks for one consent: its point loses up to an hour.
async fn losing(lab: &Lab) -> Plan {
    let mut plan = recovery(lab, &[&["web-01", "web-02"]]).await;
    plan.point = PointChoice::LatestApplication;
    recover(plan)
}

fn of<'a>(checked: &'a Value, check: &str, subject: &str) -> &'a Value {
    let all = checked["findings"].as_array().unwrap();
    let meant = |f: &&Value| f["check"] == check && f["subject"]["name"] == subject;
    let found = all.iter().find(meant);
    found.unwrap_or_else(|| panic!("{check} {subject}: {checked:#}"))
}

fn code(said: &Said) -> i32 {
    assert!(!said.out.contains('\u{1b}'), "{said:?}");
    said.code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_plan_is_ready_and_the_exit_says_so() {
    let lab = Lab::contoso().await;
    let plan = file(&lab, &bring_home(&lab, &[&["web-01"], &["web-02"]]).await);
    let said = lab.run(&["check", &plan]).await;
    assert_eq!(code(&said), 0, "{said:?}");
    assert!(said.out.starts_with("home is ready: "), "{}", said.out);
    let checked = lab.run(&["check", &plan, "--json"]).await.ok_json();
    assert_eq!(checked["schema"], "failback/check/1");
    assert_eq!(checked["ready"], true);
    let counts = &checked["counts"];
    assert_eq!(counts["blocked"], 0);
    assert!(counts["passed"].as_u64().unwrap() > 20, "{counts}");
    assert_eq!(counts["unknown"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_a_plan_is_told_with_what_to_do_and_where_the_rule_comes_from() {
    let lab = Lab::contoso().await;
    let plan = file(
        &lab,
        &bring_home(&lab, &[&["web-01", "web-02", "sql-01"]]).await,
    );
    let said = lab.run(&["check", &plan]).await;
    assert_eq!(code(&said), 3, "{said:?}");
    for part in [
        "home is not ready: 1 stop it",
        "x FB-02    sql-01: it is further behind than the 15 minutes of its policy",
        "wait until it has caught up",
        "[000, asr-rest.md 13]",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let checked = lab.run(&["check", &plan, "--json"]).await.json();
    let finding = of(&checked, "FB-02", "sql-01");
    assert_eq!(finding["outcome"], "failed");
    assert_eq!(finding["holdsBack"], true);
    assert_eq!(finding["answeredBy"], Value::Null, "nobody can consent");
    assert_eq!(of(&checked, "FB-02", "web-01")["outcome"], "passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_kept_in_the_plan_with_who_when_and_why_and_counts_the_next_time() {
    let lab = Lab::contoso().await;
    keep(&lab, &losing(&lab).await);
    assert_eq!(code(&lab.run(&["check", "home"]).await), 3);
    let consent = [
        "check",
        "home",
        "--consent",
        "RP-04=the hour is agreed",
        "--as",
        "ada",
    ];
    let said = lab.run(&consent).await;
    assert_eq!(code(&said), 0, "{said:?}");
    assert!(
        said.out.contains("consented: the hour is agreed"),
        "{}",
        said.out
    );
    let text = std::fs::read_to_string(kept(&lab)).unwrap();
    let plan: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(plan.statements.len(), 2, "one a machine");
    for statement in &plan.statements {
        assert!(
            statement.who.as_str().starts_with("ada on "),
            "{statement:?}"
        );
        assert_eq!(statement.why.as_str(), "the hour is agreed");
    }
    assert_eq!(
        code(&lab.run(&["check", "HOME"]).await),
        0,
        "by its name, later"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_for_one_machine_leaves_the_other_waiting() {
    let lab = Lab::contoso().await;
    keep(&lab, &losing(&lab).await);
    let said = lab
        .run(&["check", "home", "--consent", "RP-04@web-01"])
        .await;
    assert_eq!(code(&said), 3, "{said:?}");
    let checked = lab.run(&["check", "home", "--json"]).await.json();
    assert_eq!(of(&checked, "RP-04", "web-01")["holdsBack"], false);
    assert_eq!(of(&checked, "RP-04", "web-02")["holdsBack"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attestation_holds_until_the_truth_comes_out() {
    let lab = Lab::contoso().await;
    keep(&lab, &bring_home(&lab, &[&["web-01", "web-02"]]).await);
    lab.fault("GET instanceView? * 403").await;
    let asked = lab.run(&["check", "home"]).await;
    assert_eq!(code(&asked), 3, "{asked:?}");
    let saw = "=seen in the portal, running";
    let attests = ["ELIG-04", "ELIG-05", "AZVM-01"].map(|check| format!("{check}{saw}"));
    let [a, b, c] = &attests;
    let said = lab
        .run(&["check", "home", "--attest", a, "--attest", b, "--attest", c])
        .await;
    assert_eq!(code(&said), 0, "{said:?}");
    let checked = lab.run(&["check", "home", "--json"]).await.ok_json();
    let finding = of(&checked, "AZVM-01", "web-01");
    assert_eq!(finding["outcome"], "unknown", "attested is not passed");
    assert_eq!(finding["answer"]["kind"], "attestation");
    lab.no_faults().await;
    let power = format!("{}/deallocate?api-version=2024-03-01", vm(&lab, "web-01"));
    lab.post(&power, &Value::Null).await;
    lab.turn_clock(120).await;
    assert_eq!(
        code(&lab.run(&["check", "home"]).await),
        3,
        "seen to be off"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_and_nothing_is_kept() {
    let lab = Lab::contoso().await;
    keep(
        &lab,
        &bring_home(&lab, &[&["web-01", "web-02", "sql-01"]]).await,
    );
    let before = std::fs::read(kept(&lab)).unwrap();
    for (flag, said, words) in [
        ("--consent", "FB-02", "nobody can consent"),
        ("--attest", "FB-02=it is well", "nobody can consent"),
        ("--consent", "FB-03", "found nothing wrong"),
        ("--consent", "XX-01", "there is no check XX-01"),
        ("--consent", "FB-02@nobody", "nothing called"),
        ("--attest", "FB-02", "does not say what was looked at"),
    ] {
        let answer = lab.run(&["check", "home", flag, said]).await;
        assert_eq!(code(&answer), 2, "{said}: {answer:?}");
        assert!(answer.err.contains(words), "{said}: {}", answer.err);
    }
    let read_only = lab
        .run(&["check", "home", "--read-only", "--consent", "FB-03"])
        .await;
    assert_eq!(code(&read_only), 2, "{read_only:?}");
    assert_eq!(std::fs::read(kept(&lab)).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_plan_names_those_that_are_there() {
    let lab = Lab::contoso().await;
    keep(&lab, &losing(&lab).await);
    for name in ["nobody", "No Body"] {
        let said = lab.run(&["check", name]).await;
        assert_eq!(code(&said), 2, "{said:?}");
    }
    let said = lab.run(&["check", "nobody"]).await;
    assert!(said.err.contains("known are: home"), "{}", said.err);
    let said = lab.run(&["check", "./nobody.json"]).await;
    assert_eq!(code(&said), 2, "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_azure_cannot_carry_out_says_who_would_and_asks_consent() {
    let lab = Lab::contoso().await;
    let mut plan = serde_json::to_value(protect(&lab, &["web-03"]).await).unwrap();
    let intent = &mut plan["intent"]["protect"];
    intent["nat"]["processServer"] = "203.0.113.7".into();
    intent["replication"]["retentionSize"] = 4096.into();
    intent["machines"][0]["settings"]["cpus"] = 4.into();
    let file = lab.file("plan.json", &plan.to_string());
    let file = file.to_str().unwrap();
    let said = lab.run(&["check", file]).await;
    assert_eq!(code(&said), 3, "{said:?}");
    for part in [
        "! NAT-01   the plan: the process server behind 203.0.113.7: a connection to the configuration server",
        "! POL-04   the plan: retention of 4096 MiB: a connection to the configuration server",
        "! POL-10   web-03: 4 processors: a connection to the vCenter",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let consents = ["NAT-01", "POL-04", "POL-10"];
    let mut arguments = vec!["check", file];
    arguments.extend(consents.iter().flat_map(|check| ["--consent", *check]));
    assert_eq!(code(&lab.run(&arguments).await), 0);
    let mode = std::fs::metadata(file).unwrap();
    assert!(mode.len() > 0, "the file holds the plan with its consents");
    assert_eq!(
        code(&lab.run(&["check", file]).await),
        0,
        "they were kept in it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_not_taken_for_a_site_that_is_ready() {
    let lab = Lab::recorded().await;
    let plan = file(&lab, &bring_home(&lab, &[&["V2A-W2K16-201"]]).await);
    let recording = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/recordings/classic-and-others-excerpts.jsonl"
    );
    let said = lab
        .run(&["check", &plan, "--replay", recording, "--at", "5"])
        .await;
    assert_eq!(code(&said), 3, "{said:?}");
    assert!(said.out.contains("it was not recorded"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_plan_is_called_by_its_name_and_told_as_what_it_is() {
    let lab = Lab::contoso().await;
    keep(&lab, &losing(&lab).await);
    std::fs::write(lab.home().join("big.bin"), [0xff, 0xfe, 0x00]).unwrap();
    let template = ["plan", "new", "--print-template", "recover", "web-01"];
    let answers = lab.run(&template).await.ok_text();
    lab.file("answers.json", &answers);
    for (arguments, words) in [
        (
            &["plan", "export", "home", "answers.json"][..],
            "failback: answers.json is there already.",
        ),
        (
            &["plan", "import", "big.bin"],
            "failback: big.bin is no text.",
        ),
        // A file is found by its name alone, as the help says.
        (&["check", "big.bin"], "failback: big.bin is no text."),
        (
            &["plan", "import", "answers.json"],
            "failback: answers.json holds the answers of a wizard, and no plan.",
        ),
        (
            &["check", "answers.json"],
            "failback plan new --answers 'answers.json'",
        ),
        (&["--site", "lab", "machines", "--at", "3"], "--replay FILE"),
        (&["--theme", "foo", "machines"], "invalid value 'foo'"),
    ] {
        let mut command = lab.command(env!("CARGO_BIN_EXE_failback"), arguments);
        command.current_dir(lab.home());
        let said = super::lab::said(command).await;
        assert_eq!(code(&said), 2, "{arguments:?}: {said:?}");
        assert!(said.err.contains(words), "{words}: {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_shown_with_the_names_of_its_servers() {
    let lab = Lab::contoso().await;
    let plan = file(&lab, &protect(&lab, &["web-03"]).await);
    let shown = lab.run(&["plan", "show", &plan]).await.ok_text();
    for label in ["Process server", "Master target"] {
        let line = shown.lines().find(|line| line.contains(label)).unwrap();
        let name = line.split_whitespace().last().unwrap();
        assert!(name.starts_with("ps-") || name.starts_with("mt-"), "{line}");
    }
}
