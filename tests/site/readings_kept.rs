//! What was read of the agents is kept: another process knows it, the gate of a run knows it, and what
//! is old or damaged settles nothing.

use std::path::PathBuf;

use serde_json::Value;

use crate::identities::{OTHER_ID, own, verdict};
use crate::lab::Lab;
use crate::run::protect;

fn machine_of(answer: &Value, name: &str) -> Vec<Value> {
    own(answer, name)["readings"].as_array().unwrap().clone()
}

/// The files in which readings are kept.
fn kept(lab: &Lab) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![lab.home().to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let within = path.parent().and_then(std::path::Path::file_name);
            match path.is_dir() {
                true => open.push(path),
                false if within.is_some_and(|name| name == "identities") => files.push(path),
                false => {}
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    files
}

/// Saves a plan that protects a machine of the demo's estate, through the program itself.
async fn plan_of(lab: &Lab, machines: &[&str]) -> String {
    let plan = protect(lab, machines).await;
    let document = serde_json::to_string(&plan).unwrap();
    let file = lab.file("plan.json", &document);
    let said = lab
        .run(&["plan", "import", &file.display().to_string()])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    plan.slug().to_string()
}

fn judged<'a>(checked: &'a Value, check: &str, name: &str) -> &'a str {
    let all = checked["findings"].as_array().unwrap();
    let own = all
        .iter()
        .find(|f| f["check"] == check && f["subject"]["name"] == name);
    own.unwrap_or_else(|| panic!("{check} of {name}: {checked:#}"))["outcome"]
        .as_str()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_read_is_known_to_every_other_and_to_the_gate_of_a_run() {
    let lab = Lab::contoso().await;
    let slug = plan_of(&lab, &["hr-01", "hr-03"]).await;
    let check = async || lab.run(&["check", &slug, "--json"]).await.json();
    let before = check().await;
    for name in ["hr-01", "hr-03"] {
        assert_eq!(judged(&before, "DUP-02", name), "unknown");
    }
    let file = |id: &str| {
        format!(
            "# secret-canary\n[vxagent]\nHostId={id}\nPassphrase=secret-canary\n[vxagent.transport]\nHostname=192.168.4.10\n"
        )
    };
    let told = lab.run(&["identities", "hr-01", "--json"]).await.json();
    let all = own(&told, "hr-01")["registrations"].as_array().unwrap();
    let azure = all.iter().find(|r| r["discovery"] == "physical").unwrap();
    let one = lab.file("one.conf", &file(azure["hostId"].as_str().unwrap()));
    let other = lab.file("other.conf", &file(OTHER_ID));
    let given =
        [("hr-01", one), ("hr-03", other)].map(|(name, path)| format!("{name}={}", path.display()));
    // Where nothing is to be written, what is read counts there and then alone.
    let words = ["identities", "hr-01", "--json", "--file", &given[0]];
    let read_only = lab
        .run(&[&words[..], &["--read-only"]].concat())
        .await
        .json();
    assert_eq!(verdict(&read_only, "hr-01"), "keep this one");
    assert_eq!(kept(&lab), Vec::<PathBuf>::new());

    lab.run(&[
        "identities",
        "--json",
        "--file",
        &given[0],
        "--file",
        &given[1],
    ])
    .await;
    let files = kept(&lab);
    assert_eq!(files.len(), 2, "{files:?}");
    for path in &files {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let text = std::fs::read_to_string(path).unwrap();
        assert!(
            !text.contains("canary") && !text.contains("[vxagent]"),
            "{text}"
        );
    }
    let read = |path: &PathBuf| -> Value {
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let mut documents = files.iter().map(read);
    let document = documents.find(|own| own["name"] == "hr-01").unwrap();
    let record = &document["readings"][0];
    assert_eq!(record["registration"], azure["id"], "{document:#}");
    assert_eq!(record["file"]["called"]["value"], azure["hostId"]);
    assert_eq!(record["file"]["sha256"].as_str().unwrap().len(), 64);

    let told = lab.run(&["identities", "--json"]).await.json();
    assert_eq!(verdict(&told, "hr-01"), "keep this one");
    assert_eq!(verdict(&told, "hr-03"), "contradiction");
    assert_eq!(machine_of(&told, "hr-01")[0]["source"]["kind"], "file");
    let after = check().await;
    assert_eq!(judged(&after, "DUP-02", "hr-01"), "passed");
    assert_eq!(judged(&after, "DUP-02", "hr-03"), "failed");
    let run = lab
        .run(&["run", &slug, "--confirm", "protect", "--json"])
        .await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains(OTHER_ID), "{run:?}");
    assert!(lab.changes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_a_day_ago_is_shown_and_settles_nothing() {
    let lab = Lab::contoso().await;
    let said = lab
        .run(&["identities", "hr-01", "--resolve", "--json"])
        .await;
    assert_eq!(verdict(&said.json(), "hr-01"), "keep this one", "{said:?}");
    lab.turn_clock(23 * 3600).await;
    let told = lab.run(&["identities", "hr-01", "--json"]).await.json();
    assert_eq!(verdict(&told, "hr-01"), "keep this one", "{told:#}");
    lab.turn_clock(2 * 3600).await;
    let said = lab.run(&["identities", "hr-01", "--json"]).await;
    assert_eq!(said.code, 5, "{said:?}");
    let told = said.json();
    assert_eq!(verdict(&told, "hr-01"), "cannot tell", "{told:#}");
    assert_eq!(machine_of(&told, "hr-01"), Vec::<Value>::new());
    assert_eq!(own(&told, "hr-01")["stale"].as_array().unwrap().len(), 1);
    let words = lab.run(&["identities", "hr-01"]).await;
    assert!(words.out.contains("read it again"), "{words:?}");
    let again = lab
        .run(&["identities", "hr-01", "--resolve", "--json"])
        .await;
    assert_eq!(verdict(&again.json(), "hr-01"), "keep this one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_told_by_every_command_and_passes_nothing() {
    let lab = Lab::contoso().await;
    let slug = plan_of(&lab, &["web-03"]).await;
    lab.run(&["identities", "web-03", "--resolve", "--all", "--json"])
        .await
        .ok_json();
    let checked = lab.run(&["check", &slug, "--json"]).await.json();
    assert_eq!(
        judged(&checked, "DUP-02", "web-03"),
        "passed",
        "{checked:#}"
    );
    let files = kept(&lab);
    std::fs::write(&files[0], "{\"schema\": \"failback/identity/1\"").unwrap();
    for _ in 0..2 {
        let said = lab.run(&["identities", "web-03", "--json"]).await;
        assert_eq!(verdict(&said.json(), "web-03"), "cannot tell", "{said:?}");
        assert!(
            said.err.contains("cannot be read as a record of an agent"),
            "{said:?}"
        );
        let checked = lab.run(&["check", &slug, "--json"]).await;
        assert_eq!(judged(&checked.json(), "DUP-02", "web-03"), "unknown");
        assert!(
            checked
                .err
                .contains("cannot be read as a record of an agent"),
            "{checked:?}"
        );
    }
    let said = lab
        .run(&["identities", "web-03", "--resolve", "--json"])
        .await;
    assert_eq!(verdict(&said.json(), "web-03"), "as expected", "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_weighs_by_the_ranges_of_the_profile_too() {
    let mut lab = Lab::contoso().await;
    let plan = protect(&lab, &["hr-01"]).await;
    let ranges = async |lab: &Lab| {
        let facts = lab.site().await.unwrap().facts(&plan).await;
        let own = &facts.machines[plan.machines()[0]];
        let failback::readiness::Fact::Known { value, .. } = &own.identity else {
            panic!("{:?}", own.identity);
        };
        let all = value.evidence.iter().flatten();
        all.filter(|one| one.rule == "range").count()
    };
    assert_eq!(ranges(&lab).await, 0);
    lab.profile.at_home = vec!["192.168.0.0/16".into()];
    assert_eq!(ranges(&lab).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_in_contradiction_is_told_so_by_every_command_that_shows_it() {
    let lab = Lab::contoso().await;
    let lines = async || lab.run(&["machines"]).await.ok_text();
    let row = |text: &str| {
        let mut lines = text.lines();
        lines
            .find(|line| line.starts_with("hr-03 "))
            .unwrap()
            .to_owned()
    };
    let protect = [
        "do",
        "protect",
        "hr-03",
        "--process-server",
        "ps-azure-01",
        "--master-target",
        "mt-win-01",
        "--datastore",
        "DS-VMFS-01",
        "--dry-run",
    ];
    assert!(row(&lines().await).contains("Protect"));
    let before = lab.run(&protect).await.ok_text();
    assert!(!before.contains("Stopped by DUP-02"), "{before}");

    let file = format!("[vxagent]\nHostId={OTHER_ID}\n");
    let file = lab.file("other.conf", &file);
    let given = format!("hr-03={}", file.display());
    // What became of a file is shown, whichever machines were named beside it.
    let told = lab
        .run(&["identities", "hr-01", "--json", "--file", &given])
        .await
        .json();
    assert_eq!(verdict(&told, "hr-03"), "contradiction");
    assert_eq!(verdict(&told, "hr-01"), "cannot tell");
    assert_eq!(told["machines"].as_array().unwrap().len(), 2);

    let text = lines().await;
    let row = row(&text);
    assert!(
        row.contains("who is who?") && !row.contains("Protect"),
        "{row}"
    );
    let line = "! hr-03 cannot be protected: contradiction: ";
    assert!(text.contains(line), "{text}");
    let all = lab.run(&["machines", "--json"]).await.ok_json();
    let hr = own(&all, "hr-03");
    assert_eq!(hr["whoIsWho"]["verdict"], "contradiction");
    assert_eq!(hr["whoIsWho"]["standing"], "blocks");
    assert_eq!(own(&all, "hr-01")["whoIsWho"]["standing"], "unknown");

    let shown = lab.run(&protect).await.ok_text();
    assert!(shown.contains("! Stopped by DUP-02: hr-03: "), "{shown}");
    assert!(shown.contains("reProtect"), "the calls are shown: {shown}");
    let told = lab
        .run(&[&protect[..], &["--json"]].concat())
        .await
        .ok_json();
    assert_eq!(told["readiness"]["ready"], false);
    let stops = told["readiness"]["stoppedBy"].as_array().unwrap();
    assert!(stops.iter().any(|f| f["check"] == "DUP-02"), "{told:#}");
}
