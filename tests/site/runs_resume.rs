//! Going on with a run, checking and signing its journal: with the program itself.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use failback::domain::run::{Closing, Record, Run, RunState};
use failback::store::RunFolder;
use failback::store::runs::Journal;
use rustix::process::{Pid, Signal, kill_process};
use sha2::Digest;

use crate::lab::Lab;
use crate::runs::*;

async fn kill(lab: &Lab, run: &RunFolder) {
    let process = i32::try_from(run.holder().unwrap().process).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
    lab.until_dead(run).await;
}

/// A run that asks its first question, and whose runner was killed.
async fn killed(lab: &Lab) -> RunFolder {
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    kill(lab, &run).await;
    run
}

fn count(run: &RunFolder, so: impl Fn(&Record) -> bool) -> usize {
    let lines = run.read().unwrap().lines;
    lines.iter().filter(|line| so(&line.record)).count()
}

#[tokio::test]
async fn a_run_whose_process_was_killed_is_resumed_and_comes_to_its_end() {
    let lab = recorded().await;
    let run = killed(&lab).await;
    let id = run.id().as_str();
    let resume = format!("failback runs resume {id}");
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    for words in ["no process carries it out any more", &resume] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let asked_of_it = lab.run(&["runs", "request", id, "pause"]).await;
    assert_eq!(asked_of_it.code, 3, "{asked_of_it:?}");
    assert!(asked_of_it.err.contains(&resume), "{asked_of_it:?}");
    let watched = lab.run(&["runs", "watch", id]).await;
    assert_eq!(watched.code, 5, "{watched:?}");
    assert!(watched.err.contains(&resume), "{watched:?}");

    let arguments = [
        "runs",
        "resume",
        "last",
        "--detach",
        "--as",
        "night shift",
        "--json",
    ];
    let resumed = lab.run(&arguments).await.ok_json();
    assert_eq!(resumed["schema"], "failback/resumed/1");
    assert_eq!(resumed["run"], id);
    let by = |record: &Record| matches!(record, Record::Resumed { by, .. } if by.name.as_str() == "night shift");
    assert_eq!(count(&run, by), 1);
    assert!(run.is_live());
    // Another person has the same thought.
    let twice = lab.run(&["runs", "resume", id]).await;
    assert_eq!(twice.code, 4, "{twice:?}");
    let process = run.holder().unwrap().process;
    for words in [
        "is being carried out already by".to_owned(),
        format!("process {process} on "),
        "for night shift".into(),
    ] {
        assert!(twice.err.contains(&words), "{words}: {twice:?}");
    }

    let came = lab.agree(&run).await;
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut), "{came:#?}");
    assert_eq!(lab.changes().await.len(), 2);
    let over = lab.run(&["runs", "resume", id]).await;
    assert_eq!(over.code, 3, "{over:?}");
    assert!(over.err.contains("was not resumed: it is done"), "{over:?}");
    let verified = lab.run(&["runs", "verify", id, "--json"]).await.ok_json();
    assert_eq!(verified["closed"], "doneBut");
}

#[tokio::test]
async fn a_half_line_is_mended_on_resuming_and_a_changed_journal_is_not_gone_on_with() {
    let lab = recorded().await;
    let run = killed(&lab).await;
    let journal = run.path().join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let name = format!(r#""name":"{MACHINE}""#);
    assert!(whole.contains(&name));
    fs::write(&journal, whole.replacen(&name, r#""name":"another""#, 1)).unwrap();
    let refused = lab.run(&["runs", "resume", "last", "--detach"]).await;
    assert_eq!(refused.code, 3, "{refused:?}");
    for words in ["its journal is damaged: line 2", "failback runs verify"] {
        assert!(refused.err.contains(words), "{words}: {refused:?}");
    }
    let verified = lab.run(&["runs", "verify", "last"]).await;
    assert_eq!(verified.code, 1, "{verified:?}");
    assert!(
        verified.out.contains("x line 2 does not follow"),
        "{verified:?}"
    );

    fs::write(&journal, format!(r#"{whole}{{"number":"#)).unwrap();
    let verified = lab.run(&["runs", "verify", "last"]).await;
    assert!(
        verified.out.contains("is not finished (10 bytes)"),
        "{verified:?}"
    );
    lab.run(&["runs", "resume", "last", "--detach"])
        .await
        .ok_text();
    let mended = |record: &Record| matches!(record, Record::Mended { bytes: 10, .. });
    assert_eq!(count(&run, mended), 1);
    let watched = lab.run(&["runs", "watch", "last", "--no-wait"]).await;
    assert!(watched.out.contains("kept in torn-1"), "{watched:?}");
    kill(&lab, &run).await;
    lab.run(&["runs", "verify", "last"]).await.ok_text();
}

#[tokio::test]
async fn a_machine_with_a_change_that_nobody_knows_about_is_not_launched_again_but_resumed() {
    let lab = recorded().await;
    let run = killed(&lab).await;
    let id = run.id().as_str();
    // As a runner leaves it that is killed between writing down that it will send and the answer.
    let machine = run.plan().unwrap().machines()[0].clone();
    let intent = serde_json::from_value(serde_json::json!({"intent": {
        "machine": machine, "step": "failBack", "attempt": 1,
        "call": {"method": "POST", "path": format!("{machine}/unplannedFailover"), "body": null},
        "request": "8c1fba46-c4ab-5630-828c-ace92785bd1a", "mark": null,
        "service_time": "2026-11-21T09:20:00Z",
    }}));
    let lock = run.lock().unwrap();
    let mut journal = Journal::open(&run, &lock).unwrap();
    journal.append(intent.unwrap()).unwrap();
    drop((journal, lock));
    let again = lab.vouched(&FAIL_BACK).await;
    assert_eq!(again.code, 4, "{again:?}");
    for words in [
        "hat became of a change of V2A-W2K16-201 is not known",
        &format!("failback runs resume {id}"),
    ] {
        assert!(again.err.contains(words), "{words}: {again:?}");
    }
    assert_eq!(lab.runs().list().unwrap().len(), 1);
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_run_that_cannot_be_resumed_says_why_in_the_runners_words_and_stays_as_it_was() {
    let lab = recorded().await;
    let run = killed(&lab).await;
    let before = run.read().unwrap().lines.len();
    // Whoever resumes fetches no token; the runner cannot.
    lab.fault("POST oauth2 1- 401").await;
    let refused = lab.run(&["runs", "resume", "last", "--detach"]).await;
    assert_eq!(refused.code, 1, "{refused:?}");
    for words in [
        "was not resumed: the runner ended",
        "It said: ",
        "sign",
        "Nothing was sent.",
    ] {
        assert!(refused.err.contains(words), "{words}: {refused:?}");
    }
    assert_eq!(run.read().unwrap().lines.len(), before);
    let unknown = lab.run(&["runs", "resume", "20200101-000000-abcdef"]).await;
    assert_eq!(unknown.code, 2, "{unknown:?}");
    lab.no_faults().await;
    lab.run(&["runs", "resume", "last", "--detach"])
        .await
        .ok_text();
}

#[tokio::test]
async fn the_head_is_printed_when_a_run_ends_and_finds_what_was_written_anew() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.agree(&run).await;
    let watched = lab.run(&["runs", "watch", "last"]).await.ok_text();
    let verified = lab
        .run(&["runs", "verify", "last", "--json"])
        .await
        .ok_json();
    assert_eq!(verified["schema"], "failback/verified/1");
    assert_eq!(verified["provesAuthorship"], false);
    let head = verified["head"].as_str().unwrap();
    assert!(watched.contains(&format!("ends with {head}")), "{watched}");
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    assert!(shown.contains(head), "{shown}");
    let text = lab.run(&["runs", "verify", "last"]).await.ok_text();
    assert!(text.contains("can write all of it anew"), "{text}");

    let kept = ["runs", "verify", "last", "--head", head];
    let text = lab.run(&kept).await.ok_text();
    assert!(!text.contains("can write all of it anew"), "{text}");
    // By its folder, without a site: as somebody else checks a copy.
    let folder = run.path().to_str().unwrap();
    Lab::without_site()
        .run(&["runs", "verify", folder])
        .await
        .ok_text();

    // One remark fewer, and the chain made anew behind it.
    let other = head
        .replace(':', ":f")
        .chars()
        .take(head.len())
        .collect::<String>();
    let wrong = lab.run(&["runs", "verify", "last", "--head", &other]).await;
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(
        wrong.out.contains("its head tells another hash"),
        "{wrong:?}"
    );
    let number: u64 = head.split(':').next().unwrap().parse().unwrap();
    let longer = head.replacen(&number.to_string(), &(number + 1).to_string(), 1);
    let cut = lab
        .run(&["runs", "verify", "last", "--head", &longer])
        .await;
    assert_eq!(cut.code, 1, "{cut:?}");
    assert!(
        cut.out.contains("its end was lost or taken away"),
        "{cut:?}"
    );
    let no_head = lab.run(&["runs", "verify", "last", "--head", "12"]).await;
    assert_eq!(no_head.code, 2, "{no_head:?}");
}

/// A fresh SSH key, and the file that lets `kim` sign with it.
fn key(lab: &Lab, name: &str) -> (PathBuf, PathBuf) {
    let key = lab.home().join(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.unwrap().success());
    let public = fs::read_to_string(key.with_extension("pub")).unwrap();
    let allowed = lab.file(&format!("{name}.allowed"), &format!("kim@contoso {public}"));
    (key, allowed)
}

#[tokio::test]
async fn a_head_is_signed_with_an_ssh_key_and_nothing_else_passes_for_it() {
    let lab = recorded().await;
    let (kim, allowed) = key(&lab, "kim");
    let (_, others) = key(&lab, "mallory");
    let path = |path: &PathBuf| path.to_str().unwrap().to_owned();
    let (kim, allowed, others) = (path(&kim), path(&allowed), path(&others));
    let run = killed(&lab).await;
    let early = lab
        .run(&["runs", "sign", "last", "--sign-with", &kim])
        .await;
    assert_eq!(early.code, 3, "{early:?}");
    let missing = lab
        .run(&["runs", "resume", "last", "--sign-with", "nowhere"])
        .await;
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(!run.is_live());
    lab.run(&["runs", "resume", "last", "--detach"])
        .await
        .ok_text();
    let check = ["runs", "verify", "last", "--signed-by", &allowed];
    lab.agree(&run).await;
    let unsigned = lab.run(&check).await;
    assert_eq!(unsigned.code, 1, "{unsigned:?}");
    assert!(unsigned.out.contains("it is not signed"), "{unsigned:?}");

    let signed = lab
        .run(&["runs", "watch", "last", "--sign-with", &kim])
        .await;
    assert!(signed.out.contains("Signed: head "), "{signed:?}");
    let text = lab.run(&check).await.ok_text();
    assert!(text.contains("+ Signed by kim@contoso."), "{text}");
    for (more, code) in [
        (&["--signer", "kim@contoso"][..], 0),
        (&["--signer", "mallory@contoso"], 1),
    ] {
        let said = lab.run(&[&check[..], more].concat()).await;
        assert_eq!(said.code, code, "{said:?}");
    }
    let other = lab
        .run(&["runs", "verify", "last", "--signed-by", &others])
        .await;
    assert_eq!(other.code, 1, "{other:?}");

    // Another head under the same signature: the last line, closed in another way.
    let journal = run.path().join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let forged = text.replace(r#"{"closed":"doneBut"}"#, r#"{"closed":"done"}"#);
    assert_ne!(forged, text);
    fs::write(&journal, &forged).unwrap();
    let last = forged.lines().last().unwrap();
    let hash = sha2::Sha256::digest(last.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let head = format!(r#"{{"number":{},"hash":"{hash}"}}"#, forged.lines().count());
    fs::write(run.path().join("head"), head).unwrap();
    lab.run(&["runs", "verify", "last"]).await.ok_text();
    let found = lab.run(&check).await;
    assert_eq!(found.code, 1, "{found:?}");
    assert!(
        found.out.contains("The signature does not hold"),
        "{found:?}"
    );
}

#[tokio::test]
async fn who_asked_from_where_and_when_is_shown() {
    let mut lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    lab.set("SSH_CONNECTION", "10.8.0.21 50112 10.8.0.4 22");
    let pause = ["runs", "request", "last", "pause", "--as", "kim"];
    lab.run(&pause).await.ok_text();
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    let line = shown
        .lines()
        .find(|line| line.ends_with(')') && line.contains(": pause"));
    let line = line.unwrap_or_else(|| panic!("{shown}"));
    assert!(
        line.contains("kim on ") && line.contains(" from 10.8.0.21: pause (asked "),
        "{line}"
    );
    let json = lab.run(&["runs", "show", "last", "--json"]).await.ok_json();
    let heard = &json["heard"][0];
    assert_eq!(heard["by"]["from"], "10.8.0.21");
    assert!(heard["asked"].is_string(), "{heard}");
    let run = Run::fold(&run.read().unwrap().lines).unwrap();
    assert_eq!(run.launch.by.from, None);
}
