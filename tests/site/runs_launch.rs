//! Launching: a process of its own, reported once its first record stands in the journal.

use std::fs;
use std::path::Path;

use failback::domain::run::{Closing, Record, RunState};
use failback::store::{Credential, SecretSource};

use crate::lab::{Lab, said};
use crate::runs::*;

#[tokio::test]
async fn a_launch_is_reported_when_its_first_record_is_there_and_the_run_goes_on_alone() {
    let lab = recorded().await;
    let mut arguments = FAIL_BACK.to_vec();
    arguments.extend(["--detach", "--json", "--as", "night shift"]);
    let said = lab.vouched(&arguments).await;
    assert_eq!(said.code, 0, "{said:?}");
    let run = lab.last();
    assert_eq!(said.json()["schema"], "failback/launched/1");
    assert_eq!(said.json()["run"], run.id().as_str());
    assert!(run.is_live());
    let first = run.read().unwrap().lines.remove(0);
    let Record::Launched(launch) = first.record else {
        panic!("{first:?}");
    };
    assert_eq!(launch.name.as_str(), format!("Fail back {MACHINE}"));
    assert_eq!(launch.slug, None);
    assert_eq!(launch.by.name.as_str(), "night shift");

    let came = lab.agree(&run).await;
    // Amber: nobody but a person knew which VM it is in Azure.
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut), "{came:#?}");
    lab.until_dead(&run).await;
    let sent: Vec<_> = lab.changes().await;
    assert_eq!(sent.len(), 2, "{sent:?}");
}

#[tokio::test]
async fn a_launch_that_fails_says_why_in_the_runners_own_words_and_leaves_no_run() {
    let lab = recorded().await;
    let words = lab.vouching(&FAIL_BACK).await;
    // Whoever launches can sign in; the runner, right after, cannot.
    lab.fault("POST oauth2 2- 401").await;
    let mut arguments = FAIL_BACK.to_vec();
    arguments.extend(words.iter().map(String::as_str));
    let refused = lab.run(&arguments).await;
    assert_eq!(refused.code, 1, "{refused:?}");
    for words in [
        "was not launched: the runner ended before its first record",
        "It said: ",
        "sign",
        "Nothing was sent.",
    ] {
        assert!(refused.err.contains(words), "{words}: {refused:?}");
    }
    assert!(lab.runs().list().unwrap().is_empty());
    assert!(lab.changes().await.is_empty());
}

/// Every file below `folder`, with what it holds.
fn files(folder: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, all),
            false => all.push((path.display().to_string(), fs::read(&path).unwrap())),
        }
    }
}

#[tokio::test]
async fn a_secret_stands_in_no_argument_environment_or_file_of_a_runner() {
    let mut lab = recorded().await;
    let secret = lab.announce().client_secret.clone();
    fs::remove_file(lab.home().join("secret")).unwrap();
    lab.profile.credential = Credential::ClientSecret {
        client_id: lab.announce().client_id.clone(),
        secret: SecretSource::Environment("THE_SECRET".into()),
    };
    lab.set("THE_SECRET", &secret);
    lab.set("FAILBACK_LOG", "trace");
    let run = lab.launched(&FAIL_BACK).await;
    // It signed in, and waits for a person.
    lab.until(&run, asked).await;
    let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
    let process = format!("/proc/{}", run.holder().unwrap().process);
    for file in ["cmdline", "environ"] {
        let bytes = fs::read(Path::new(&process).join(file)).unwrap();
        assert!(!bytes.is_empty() && !holds(&bytes), "{file}");
    }
    let input = fs::read_link(Path::new(&process).join("fd/0")).unwrap();
    assert_eq!(input, Path::new("/dev/null"));
    let mut all = Vec::new();
    files(lab.home(), &mut all);
    assert!(all.len() > 5);
    for (name, bytes) in all {
        assert!(!holds(&bytes), "{name} holds the secret");
    }
}

#[tokio::test]
async fn a_machine_that_is_in_a_run_is_not_taken_into_another() {
    let lab = recorded().await;
    let words = lab.vouching(&FAIL_BACK).await;
    let arguments = |more: &'static [&str]| -> Vec<&str> {
        let words = words.iter().map(String::as_str);
        FAIL_BACK
            .into_iter()
            .chain(words)
            .chain(more.iter().copied())
            .collect()
    };
    lab.run(&arguments(&["--detach", "--as", "ada"]))
        .await
        .ok_text();
    let run = lab.last();
    let refused = lab.run(&arguments(&["--detach"])).await;
    assert_eq!(refused.code, 4, "{refused:?}");
    let id = run.id();
    for words in [
        &format!("{MACHINE} is in a run already"),
        " by ada on ",
        &format!("run {id}"),
        &format!("failback runs show {id}"),
    ] {
        assert!(refused.err.contains(words), "{words}: {refused:?}");
    }
    assert_eq!(lab.runs().list().unwrap(), [run]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_launches_of_a_plan_at_once_one_runs_and_the_others_say_who_does() {
    // A hundred programs are slow: the tokens have to last.
    let lab = recorded_at(100.0).await;
    let plan = lab.keep_home_plan(&[MACHINE]).await;
    let name = plan.name.as_str();
    let words = lab.vouching(&["run", name, "--confirm", name]).await;
    let mut arguments = vec!["run", name, "--confirm", name, "--detach", "--as", "ada"];
    arguments.extend(words.iter().map(String::as_str));
    let launches = (0..100).map(|_| said(lab.command(env!("CARGO_BIN_EXE_failback"), &arguments)));
    let all = futures::future::join_all(launches).await;
    let count = |code| all.iter().filter(|said| said.code == code).count();
    assert_eq!((count(0), count(4)), (1, 99), "{all:?}");
    let run = lab.last();
    assert_eq!(lab.runs().list().unwrap().len(), 1);
    let who = format!("{name} is being run already by ada on ");
    for refused in all.iter().filter(|said| said.code == 4) {
        assert!(refused.err.contains(&who), "{refused:?}");
        assert!(refused.err.contains(run.id().as_str()), "{refused:?}");
    }
    let records = run.read().unwrap().lines;
    let launched = records
        .iter()
        .filter(|line| matches!(line.record, Record::Launched(_)));
    assert_eq!(launched.count(), 1);
}

#[tokio::test]
async fn a_dry_run_of_a_plan_sends_nothing_and_shows_exactly_what_is_sent_later() {
    let lab = recorded().await;
    let plan = lab.keep_home_plan(&[MACHINE]).await;
    let name = plan.name.as_str();
    let shown = lab
        .run(&["run", name, "--dry-run", "--json"])
        .await
        .ok_json();
    let text = lab.run(&["run", name, "--dry-run"]).await.ok_text();
    assert!(text.ends_with("Nothing was sent.\n"), "{text}");
    assert!(lab.changes().await.is_empty());
    assert!(lab.runs().list().unwrap().is_empty());

    let run = lab.launched(&["run", name, "--confirm", name]).await;
    lab.agree(&run).await;
    assert_eq!(shown["schema"], "failback/preview/1");
    let steps = shown["machines"][0]["steps"].as_array().unwrap();
    let calls: Vec<_> = steps.iter().filter(|step| step["does"] == "send").collect();
    let sent = lab.changes().await;
    assert_eq!(sent.len(), 2);
    assert_eq!(calls.len(), sent.len());
    for (call, sent) in calls.iter().zip(sent) {
        assert_eq!(call["call"]["method"], sent.method.as_str());
        assert_eq!(call["call"]["path"], sent.path.as_str());
        assert_eq!(call["call"]["body"], sent.body.unwrap_or_default());
        assert!(
            text.contains(&format!("{} {}\n", sent.method, sent.path)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_plan_is_launched_under_its_name_and_by_nothing_else() {
    let lab = recorded().await;
    let plan = lab.keep_home_plan(&[MACHINE]).await;
    let name = plan.name.as_str();
    for (confirm, code) in [(Some("elsewhere"), 2), (Some(""), 2), (None, 5)] {
        let mut arguments = vec!["run", name];
        arguments.extend(confirm.iter().flat_map(|name| ["--confirm", name]));
        let said = lab.run(&arguments).await;
        assert_eq!(said.code, code, "{said:?}");
        assert!(said.err.contains("Nothing was sent"), "{said:?}");
    }
    let unknown = lab.run(&["run", "elsewhere", "--dry-run"]).await;
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(lab.runs().list().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_ready_is_not_launched_and_says_what_holds_it_back() {
    let lab = Lab::contoso().await;
    let plan = lab.keep_home_plan(&["web-01", "web-02", "sql-01"]).await;
    let name = plan.name.as_str();
    let said = lab.run(&["run", name, "--confirm", name, "--json"]).await;
    assert_eq!(said.code, 3, "{said:?}");
    assert_eq!(said.json()["schema"], "failback/check/1");
    assert_eq!(said.json()["ready"], false);
    assert!(said.err.contains("is not ready"), "{said:?}");
    let text = lab.run(&["run", name, "--confirm", name]).await;
    assert!(text.out.contains("FB-02"), "{text:?}");
    assert!(lab.changes().await.is_empty());
    assert!(lab.runs().list().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_vouched_for_at_the_launch_stands_in_the_kept_plan() {
    let lab = recorded().await;
    let plan = lab.keep_home_plan(&[MACHINE]).await;
    let name = plan.name.as_str();
    let run = lab
        .launched(&["run", name, "--confirm", name, "--as", "ada"])
        .await;
    let kept = lab.run(&["plan", "show", name, "--json"]).await.ok_json();
    let answered = kept["statements"].as_array().unwrap().len();
    assert!(answered > 0, "{kept:#}");
    let statements = &run.plan().unwrap().statements;
    assert_eq!(statements.len(), answered);
    assert!(statements.iter().all(|s| s.who.as_str().contains("ada")));
}

#[tokio::test]
async fn read_only_launches_nothing_and_still_shows() {
    let mut lab = recorded().await;
    lab.keep_home_plan(&[MACHINE]).await;
    lab.set("FAILBACK_READ_ONLY", "1");
    for arguments in [&["run", "home", "--confirm", "home"][..], &FAIL_BACK] {
        let said = lab.run(arguments).await;
        assert_eq!(said.code, 3, "{said:?}");
        assert!(said.err.contains("read-only"), "{said:?}");
    }
    lab.run(&["run", "home", "--dry-run"]).await.ok_text();
    assert!(lab.runs().list().unwrap().is_empty());
}
