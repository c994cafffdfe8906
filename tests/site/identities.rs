//! Who is who: registrations judged, and agents' files read by Run Command, over the wire.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use failback::agent::script;
use failback::azure::{NotRun, Shell};
use failback::domain::identity::{Ranges, Side, Source};
use failback::domain::{ArmId, Plan, Subject};
use failback::readiness::facts::Fact;
use failback::readiness::{Findings, Outcome, evaluate};
use failback::simulator::Estate;
use failback::site::{Evidence, Whence};
use serde_json::{Value, json};

use crate::lab::{Lab, Said};
use crate::run::protect;

pub const OTHER_ID: &str = "4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618";

/// Classic machines that run in Azure, each with whatever else is said of it; `twice` registers a second
/// machine of the name with the vCenter.
fn estate(machines: &[(&str, Value, bool)]) -> Value {
    let mut all = Vec::new();
    for (name, more, twice) in machines {
        let mut own =
            json!({"name": name, "fabric": "cs", "stage": "classic-committed", "disks": [30]});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all.push(own);
        if *twice {
            // It never was in Azure; its name there is nobody's.
            all.push(
                json!({"name": name, "fabric": "cs", "stage": "unprotected", "disks": [30],
                "azure_name": format!("{name}-second")}),
            );
        }
    }
    json!({
        "policies": [{"name": "p", "kind": "InMageAzureV2"}, {"name": "p-failback", "kind": "InMage"}],
        "fabrics": [{"kind": "vmware", "name": "cs", "address": "192.168.4.10",
            "mappings": [{"policy": "p"}, {"policy": "p-failback", "back": true}]}],
        "machines": all,
    })
}

pub(crate) struct Site {
    pub(crate) lab: Lab,
    _folder: tempfile::TempDir,
}

pub(crate) async fn site(machines: &[(&str, Value, bool)]) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("estate.json");
    std::fs::write(&path, estate(machines).to_string()).unwrap();
    let wanted = Lab::wanted().estate(Estate::File(path)).speed(2000.0);
    Site {
        lab: wanted.start().await,
        _folder: folder,
    }
}

fn three() -> Vec<(&'static str, Value, bool)> {
    let foreign = format!(
        "[vxagent]\nHostId={OTHER_ID}\nRole=Agent\n[vxagent.transport]\nHostname=10.9.9.9\n"
    );
    vec![
        ("web-01", json!({}), false),
        ("web-02", json!({}), true),
        ("web-03", json!({"agent": "none"}), true),
        ("sql-01", json!({"drscout": foreign}), true),
    ]
}

pub fn own<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let all = answer["machines"].as_array().unwrap();
    all.iter()
        .find(|m| m["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {answer:#}"))
}

pub fn verdict<'a>(answer: &'a Value, name: &str) -> &'a str {
    own(answer, name)["verdict"].as_str().unwrap()
}

async fn resolved(site: &Site, more: &[&str]) -> Said {
    let mut arguments = vec!["identities", "--resolve", "--json"];
    arguments.extend(more);
    site.lab.run(&arguments).await
}

#[tokio::test]
async fn what_cannot_be_told_is_resolved_by_run_command_and_a_contradiction_blocks() {
    let site = site(&three()).await;
    let before = site.lab.run(&["identities", "--json"]).await;
    assert_eq!(before.code, 5, "{before:?}");
    let told = before.json();
    assert_eq!(verdict(&told, "web-01"), "as expected", "{told:#}");
    assert_eq!(own(&told, "web-01")["confirmed"], false);
    for name in ["web-02", "web-03", "sql-01"] {
        assert_eq!(verdict(&told, name), "cannot tell", "{told:#}");
    }
    assert!(
        site.lab.changes().await.is_empty(),
        "nothing is run unless it is wanted"
    );

    let after = resolved(&site, &[]).await;
    assert_eq!(after.code, 3, "{after:?}");
    let told = after.json();
    assert_eq!(verdict(&told, "web-02"), "keep this one", "{told:#}");
    let kept: Vec<_> = own(&told, "web-02")["registrations"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let kept: Vec<_> = kept.iter().filter(|r| r["inAzure"] == true).collect();
    assert_eq!(kept.len(), 1);
    let file = &own(&told, "web-02")["readings"][0]["file"];
    assert_eq!(file["called"]["value"], kept[0]["hostId"]);
    assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
    // Without a guest agent nothing is sent, and it stays open.
    assert_eq!(verdict(&told, "web-03"), "cannot tell");
    let why = own(&told, "web-03")["readings"][0]["notRead"]
        .as_str()
        .unwrap();
    assert!(why.contains("guest agent"), "{why}");
    assert_eq!(verdict(&told, "sql-01"), "contradiction");
    assert_eq!(own(&told, "sql-01")["rule"], "id of none");
    let words = own(&told, "sql-01")["why"].to_string();
    assert!(
        words.contains(OTHER_ID) && words.contains("10.9.9.9"),
        "{words}"
    );
    // The file itself is nowhere.
    assert!(!after.out.contains("[vxagent]"), "{}", after.out);
    let sent = site.lab.changes().await;
    let paths: Vec<_> = sent.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    assert!(
        paths.iter().all(|path| path.contains("/runCommand?")),
        "{paths:?}"
    );
}

#[tokio::test]
async fn a_machine_without_a_guest_agent_is_resolved_by_a_file() {
    let site = site(&three()).await;
    let told = site
        .lab
        .run(&["identities", "web-03", "--json"])
        .await
        .json();
    let all = own(&told, "web-03")["registrations"].as_array().unwrap();
    let azure = all.iter().find(|r| r["discovery"] == "physical").unwrap();
    let id = azure["hostId"].as_str().unwrap();
    let file = site.lab.file(
        "d.conf",
        &format!("[vxagent]\r\nHostId={id}\r\nhostid=x\r\n[vxagent.transport]\r\nHostname=192.168.4.10\r\n"),
    );
    let given = format!("web-03={}", file.display());
    let told = site
        .lab
        .run(&["identities", "web-03", "--json", "--file", &given])
        .await
        .ok_json();
    assert_eq!(verdict(&told, "web-03"), "keep this one", "{told:#}");
    let findings = own(&told, "web-03")["findings"].to_string();
    assert!(findings.contains("'hostid' is not HostId"), "{findings}");
    let words = site
        .lab
        .run(&["identities", "web-03", "--file", &given])
        .await
        .ok_text();
    assert!(
        words.contains("keep this one") && words.contains(id),
        "{words}"
    );
    assert!(words.contains("drscout.conf, line 3"), "{words}");
    assert!(site.lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_copy_is_as_old_as_itself_and_one_that_is_too_large_is_not_read() {
    let site = site(&[("web-01", json!({}), true)]).await;
    let told = site.lab.run(&["identities", "--json"]).await.json();
    let all = own(&told, "web-01")["registrations"].as_array().unwrap();
    let azure = all.iter().find(|r| r["discovery"] == "physical").unwrap();
    let conf = format!(
        "[vxagent]\nHostId={}\n[vxagent.transport]\nHostname=192.168.4.10\n",
        azure["hostId"].as_str().unwrap()
    );
    let hand = async |path: &std::path::Path| {
        let given = format!("web-01={}", path.display());
        let words = ["identities", "--json", "--read-only", "--file", &given];
        site.lab.run(&words).await.json()
    };
    let copy = site.lab.file("copy.conf", &conf);
    assert_eq!(verdict(&hand(&copy).await, "web-01"), "keep this one");
    let file = std::fs::File::options().write(true).open(&copy).unwrap();
    let aged = std::time::SystemTime::now() - Duration::from_secs(25 * 3600);
    file.set_modified(aged).unwrap();
    let old = hand(&copy).await;
    assert_eq!(verdict(&old, "web-01"), "cannot tell", "{old:#}");
    assert_eq!(own(&old, "web-01")["stale"].as_array().unwrap().len(), 1);

    let large = format!("{conf}{}", "#\n".repeat(1 << 19));
    let large = site.lab.file("large.conf", &large);
    let told = hand(&large).await;
    assert_eq!(verdict(&told, "web-01"), "cannot tell", "{told:#}");
    let why = own(&told, "web-01")["readings"][0]["notRead"].as_str();
    assert!(why.unwrap().contains("larger than"), "{told:#}");
}

#[tokio::test]
async fn a_machine_that_is_named_is_read_and_what_is_settled_is_said_to_be() {
    let site = site(&[("web-01", json!({}), false)]).await;
    let nothing = site.lab.run(&["identities", "--resolve", "--json"]).await;
    assert!(
        nothing.err.contains("nothing was to be read"),
        "{nothing:?}"
    );
    assert!(site.lab.changes().await.is_empty());
    let words = ["identities", "web-01", "--resolve", "--json"];
    let named = site.lab.run(&words).await;
    assert_eq!(own(&named.json(), "web-01")["confirmed"], true, "{named:?}");
    assert!(!named.err.contains("nothing was to be read"), "{named:?}");
    // A day later it is as expected still, and no longer confirmed: that is read again.
    site.lab.turn_clock(25 * 3600).await;
    let again = site.lab.run(&["identities", "--resolve", "--json"]).await;
    assert_eq!(own(&again.json(), "web-01")["confirmed"], true, "{again:?}");
}

#[tokio::test]
async fn a_script_that_misbehaves_is_told_and_holds_nobody_up() {
    let prints = |out: &str| json!({"script": {"prints": out}});
    let complains = json!({"script": {"prints": "", "complains": "sh: \u{1b}[2J: not found"}});
    let begun = "failback-agent-file/1 begin 20\nH4sI";
    let site = site(&[
        ("hangs", json!({"script": {"seconds": 1.0e9}}), true),
        (
            "garbage",
            prints("\u{1b}]0;owned\u{7}\u{202e}no file here"),
            true,
        ),
        ("floods", prints(&"x".repeat(5 << 20)), true),
        ("complains", complains, true),
        ("is-cut", prints(begun), true),
        ("no-agent", prints("failback-agent-file/1 none\n"), true),
        ("well", json!({}), true),
    ])
    .await;
    let begun = Instant::now();
    let said = resolved(&site, &["--seconds", "8"]).await;
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(said.code, 5, "{said:?}");
    let told = said.json();
    for (name, words) in [
        ("hangs", "no answer within 8 s"),
        ("garbage", "printed nothing that it should have"),
        ("floods", "printed more than 256 KiB"),
        ("complains", "\\x1b[2J: not found"),
        ("is-cut", "cut off"),
        ("no-agent", "no mobility agent is installed"),
    ] {
        let why = own(&told, name)["readings"][0]["notRead"].as_str().unwrap();
        assert!(why.contains(words), "{name}: {why}");
        assert_eq!(verdict(&told, name), "cannot tell");
    }
    assert_eq!(verdict(&told, "well"), "keep this one");
    let words = site
        .lab
        .run(&["identities", "--resolve", "--seconds", "8"])
        .await;
    assert!(
        !words.out.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{}",
        words.out
    );
}

#[tokio::test]
async fn a_second_script_waits_for_the_first() {
    let site = site(&[("web-01", json!({}), false)]).await;
    let opened = site.lab.site().await.unwrap();
    let told = site.lab.run(&["identities", "--json"]).await.ok_json();
    let vm = ArmId::parse(own(&told, "web-01")["azureVm"].as_str().unwrap()).unwrap();
    let run = || {
        opened
            .arm()
            .run_script(&vm, Shell::PowerShell, script::POWERSHELL)
    };
    let (one, other) = tokio::join!(run(), run());
    assert_eq!(one.unwrap().out, other.unwrap().out);
    let busy = site
        .lab
        .changes()
        .await
        .iter()
        .filter(|s| s.status == Some(409))
        .count();
    assert!(busy > 0, "the second was never turned away");
    let wrong = opened.arm().run_script(&vm, Shell::Sh, script::SH).await;
    assert!(matches!(wrong, Err(NotRun::Arm(_))));
}

#[tokio::test]
async fn registrations_that_cannot_be_read_tell_nothing() {
    let site = site(&three()).await;
    site.lab
        .fault("GET replicationProtectableItems * 403")
        .await;
    let said = site.lab.run(&["identities", "--json"]).await;
    assert_eq!(said.code, 5, "{said:?}");
    assert_eq!(own(&said.json(), "web-01")["rule"], "unread");
}

#[tokio::test]
async fn what_is_named_wrong_is_a_mistake_of_the_command_line() {
    let site = site(&three()).await;
    for arguments in [
        &["identities", "nobody"][..],
        &["identities", "--range", "home"],
        &["identities", "--file", "web-03"],
        &["identities", "--file", "web-03=/nonexistent/file"],
        &["identities", "--all"],
    ] {
        let said = site.lab.run(arguments).await;
        assert_eq!(said.code, 2, "{said:?}");
    }
}

/// What a check says of the machine of that name.
fn outcome(plan: &Plan, found: &Findings, check: &str, name: &str) -> Outcome {
    let of = |subject: &Subject| plan.subject_name(subject).to_string() == name;
    let own = found.of(check).find(|f| of(&f.subject));
    own.unwrap_or_else(|| panic!("{check} of {name}")).outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agents_own_file_says_settles_readiness_or_stops_it() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let site = lab.site().await.unwrap();
    let plan = protect(&lab, &["web-03", "hr-01", "hr-03"]).await;
    let judge = async |evidence: &Evidence| {
        let facts = site.facts_with(&plan, evidence).await;
        evaluate(&plan, &facts)
    };
    let before = judge(&Evidence::default()).await;
    let of = |found: &Findings, name: &str| {
        ["DUP-02", "DUP-03"].map(|check| outcome(&plan, found, check, name))
    };
    // What is as expected and nobody confirmed is neither passed nor in the way.
    let unconfirmed = [Outcome::NotApplicable, Outcome::Unknown];
    assert_eq!(of(&before, "web-03"), unconfirmed);
    for name in ["hr-01", "hr-03"] {
        assert_eq!(of(&before, name), [Outcome::Unknown; 2], "{name}");
    }
    assert!(!before.ready());
    let mut registry = site.registry(Ranges::default()).await.unwrap();
    for id in plan.machines() {
        let asked = registry.ask(id).unwrap();
        let told = site.read_agent(asked, Duration::from_secs(60)).await;
        registry.keep(&told.machine, told.reading);
    }
    let after = judge(registry.evidence()).await;
    assert_eq!(of(&after, "web-03"), [Outcome::Passed; 2]);
    assert_eq!(of(&after, "hr-01"), [Outcome::Passed; 2]);
    assert_eq!(of(&after, "hr-03"), [Outcome::Failed; 2]);
    let stopping: Vec<_> = after.blocked().map(|f| f.row.id).collect();
    assert!(stopping.contains(&"DUP-02"), "{stopping:?}");
    let words = after.of("DUP-02").map(|f| f.words.to_string());
    assert!(words.last().unwrap().contains(OTHER_ID));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_never_registered_stops_readiness_also_where_registrations_are_not_read() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let plan = protect(&lab, &["web-03"]).await;
    let site = lab.site().await.unwrap();
    let mut registry = site.registry(Ranges::default()).await.unwrap();
    let machine = plan.machines()[0].clone();
    let file = b"[vxagent]\nHostId=1234_45466_67689\n".to_vec();
    let handed = registry.hand(&machine, Whence::Given(Source::Paste, file));
    let told = site.fetch(handed, Duration::from_secs(60)).await;
    registry.keep(&told.machine, told.reading);
    lab.fault("GET replicationProtectableItems * 403").await;
    let dup_02 = async |evidence: &Evidence| {
        let facts = site.facts_with(&plan, evidence).await;
        outcome(&plan, &evaluate(&plan, &facts), "DUP-02", "web-03")
    };
    assert_eq!(dup_02(registry.evidence()).await, Outcome::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_tells_by_their_power_which_one_is_at_home() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let plan = protect(&lab, &["web-03"]).await;
    let site = lab.site().await.unwrap();
    let facts = site.facts_with(&plan, &Evidence::default()).await;
    let identity = &facts.machines[plan.machines()[0]].identity;
    let Fact::Known { value, .. } = identity else {
        panic!("{identity:?}");
    };
    let all = value.evidence.iter().flatten();
    let power: Vec<_> = all.filter(|one| one.rule == "power").collect();
    assert!(power.iter().any(|one| one.side == Side::Home), "{value:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_containers_with_a_classic_machine_in_azure_are_read() {
    let site = site(&[("home-01", json!({"stage": "classic-replicating"}), false)]).await;
    let opened = site.lab.site().await.unwrap();
    let registry = opened.registry(Ranges::default()).await.unwrap();
    assert!(registry.identities(opened.arm().service_now()).is_empty());
    let asked = site.lab.requests().await;
    let lists = asked
        .iter()
        .filter(|seen| seen.path.contains("replicationProtectableItems"));
    assert_eq!(lists.count(), 0);
}

#[tokio::test]
async fn a_file_that_is_pasted_resolves_a_machine_and_is_not_vouched_for() {
    use tokio::io::AsyncWriteExt as _;
    let site = site(&three()).await;
    let told = site
        .lab
        .run(&["identities", "web-03", "--json"])
        .await
        .json();
    let all = own(&told, "web-03")["registrations"].as_array().unwrap();
    let azure = all.iter().find(|r| r["discovery"] == "physical").unwrap();
    let id = azure["hostId"].as_str().unwrap().to_owned();
    let pasted = async |text: String| {
        let words = ["identities", "web-03", "--json", "--paste", "web-03"];
        let mut command = site.lab.command(env!("CARGO_BIN_EXE_failback"), &words);
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(text.as_bytes()).await.unwrap();
        drop(input);
        let output = child.wait_with_output().await.unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), told)
    };
    let (code, told) = pasted(format!(
        "[vxagent]\nHostId = \"{id}\"\n[vxagent.transport]\nHostname = 192.168.4.10\n"
    ))
    .await;
    assert_eq!(code, Some(0), "{told:#}");
    assert_eq!(verdict(&told, "web-03"), "keep this one", "{told:#}");
    assert_eq!(
        own(&told, "web-03")["readings"][0]["source"]["kind"],
        "paste"
    );
    // What is no agent's file at all says nothing, and takes nothing back.
    let (code, told) = pasted("no such file or directory\n".into()).await;
    assert_ne!(code, Some(0), "{told:#}");
    assert_eq!(verdict(&told, "web-03"), "keep this one", "{told:#}");
    let readings = own(&told, "web-03")["readings"].to_string();
    assert!(readings.contains("that is no drscout.conf"), "{readings}");
    // A file whose id is gone does.
    let (code, told) = pasted("[vxagent]\nhostid=x\n".into()).await;
    assert_ne!(code, Some(0), "{told:#}");
    assert_eq!(verdict(&told, "web-03"), "cannot tell", "{told:#}");
    assert!(site.lab.changes().await.is_empty());
}

#[tokio::test]
async fn the_ranges_of_the_profile_are_those_of_the_site() {
    let mut site = site(&three()).await;
    let evidence = async |site: &Site, more: &[&str]| {
        let mut words = vec!["identities", "web-02", "--json"];
        words.extend(more);
        own(&site.lab.run(&words).await.json(), "web-02")["registrations"].to_string()
    };
    let without = evidence(&site, &[]).await;
    let said = evidence(&site, &["--range", "192.168.0.0/16"]).await;
    assert_ne!(without, said);
    site.lab.profile.at_home = vec!["192.168.0.0/16".into()];
    assert_eq!(evidence(&site, &[]).await, said);
    site.lab.profile.at_home = vec!["home".into()];
    let refused = site.lab.run(&["identities"]).await;
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("at_home"), "{refused:?}");
}
