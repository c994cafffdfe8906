//! Whatever signs the program in stands nowhere but in the memory of who uses it: not in files, not in
//! what `/proc` tells of the runner and of what it starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use failback::domain::plan::{Around, Hook, Quiesce};
use failback::domain::run::{Closing, RunState};
use failback::store::plans::Overwrite;
use failback::store::{Credential, Plans, SecretSource};

use crate::lab::{Lab, SITE};
use crate::run::{recover, recovery};
use crate::runs::{MACHINE, recorded};

/// What every token of the built-in site begins with.
const TOKEN: &str = "simulated-token";

/// A command that tells what it was told and who started it, then waits for a word.
fn telling(lab: &Lab, name: &str) -> (Vec<String>, PathBuf) {
    let gate = lab.home().join(format!("{name}.gate"));
    let home = lab.home().display();
    let script = format!(
        "env > {home}/{name}.env; cat /proc/$PPID/environ /proc/$PPID/cmdline > {home}/{name}.parent; \
         mkfifo {gate}.new; mv {gate}.new {gate}; read word < {gate}; echo went on",
        gate = gate.display()
    );
    (["sh", "-c", &script].map(str::to_owned).to_vec(), gate)
}

/// A field of `/proc/PID/stat` behind the name: 0 is the state, 1 the parent.
fn stat(pid: u32, field: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split_whitespace().nth(field).map(str::to_owned)
}

/// The process and everything that it started, as `/proc` tells.
fn family(of: u32) -> Vec<u32> {
    let pids = || {
        let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
    };
    let mut family = vec![of];
    let mut at = 0;
    while let Some(of) = family.get(at).copied() {
        let of = of.to_string();
        family.extend(pids().filter(|pid| stat(*pid, 1).as_ref() == Some(&of)));
        at += 1;
    }
    family
}

/// What `/proc` tells everybody of a process: its arguments and its environment. Nothing of one that
/// ended in between, as the command's own `mv` may.
fn tells(pid: u32) -> Vec<(String, Vec<u8>)> {
    loop {
        let told = ["cmdline", "environ"].map(|file| {
            let name = format!("/proc/{pid}/{file}");
            let bytes = fs::read(&name).unwrap_or_default();
            (name, bytes)
        });
        if told.iter().all(|(_, bytes)| !bytes.is_empty()) {
            return told.into();
        }
        if stat(pid, 0).is_none_or(|state| state == "Z" || state == "X") {
            return Vec::new();
        }
    }
}

fn files(folder: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, all),
            false => all.push((path.display().to_string(), fs::read(&path).unwrap())),
        }
    }
}

/// Whatever holds one of the secrets, and which.
fn found(all: &[(String, Vec<u8>)], secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in all {
        for secret in secrets {
            if bytes.windows(secret.len()).any(|w| w == secret.as_bytes()) {
                found.push(format!("{name} holds {secret}"));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_run_with_commands_and_a_recording_keeps_every_secret_to_itself() {
    let mut lab = recorded().await;
    let (before, first) = telling(&lab, "before");
    let (quiesce, second) = telling(&lab, "quiesce");
    let mut recovery = recovery(&lab, &[&[MACHINE]]).await;
    recovery.waves[0].machines[0].azure_vm = None;
    recovery.order.hooks = Around {
        before: Some(Hook::new(before)),
        after: None,
    };
    recovery.quiesce = Quiesce::Hook {
        limit: Hook::new(quiesce.clone()).limit,
        command: quiesce,
    };
    let plan = recover(recovery);
    let plans = Plans::of_site(&lab.home().join("data/failback"), SITE).unwrap();
    plans.save(&plan, Overwrite::Never).unwrap();

    let secret = lab.announce().client_secret.clone();
    fs::remove_file(lab.home().join("secret")).unwrap();
    lab.profile.credential = Credential::ClientSecret {
        client_id: lab.announce().client_id.clone(),
        secret: SecretSource::Environment("THE_SECRET".into()),
    };
    lab.set("THE_SECRET", &secret);
    lab.set("FAILBACK_LOG", "trace");
    let secrets = [secret.as_str(), TOKEN];
    // It would be seen where it is.
    let seen = [("here".to_owned(), format!("x{secret}{TOKEN}y").into_bytes())];
    assert_eq!(found(&seen, &secrets).len(), 2);

    let recording = lab.home().join("support.jsonl");
    let recording = recording.to_str().unwrap();
    let arguments = ["run", "home", "--confirm", "home", "--record", recording];
    let run = lab.launched(&arguments).await;
    let mut members = 0;
    for gate in [first, second] {
        let until = Instant::now() + Duration::from_secs(60);
        while !gate.exists() {
            assert!(Instant::now() < until, "{} is not run", gate.display());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let family = family(run.holder().unwrap().process);
        let told: Vec<_> = family.into_iter().flat_map(tells).collect();
        // The runner, and the command that it waits for.
        assert!(told.len() >= 4, "{told:?}");
        members += told.len() / 2;
        assert_eq!(found(&told, &secrets), [""; 0]);
        let to = gate.clone();
        let word = tokio::task::spawn_blocking(move || fs::write(to, "go\n"));
        word.await.unwrap().unwrap();
        // No file that ends: whoever reads all of them would wait.
        fs::remove_file(gate).unwrap();
    }
    let came = lab.agree(&run).await;
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut), "{came:#?}");
    lab.run(&["runs", "report", "last", "--json"])
        .await
        .ok_text();
    lab.until_dead(&run).await;
    let mut all = Vec::new();
    files(lab.home(), &mut all);
    for wanted in [
        "journal.jsonl",
        "plan.json",
        "home.json",
        "support.jsonl",
        "log",
        "before.env",
        "before.parent",
        "quiesce.env",
        "quiesce.parent",
    ] {
        let there = all.iter().find(|(name, _)| name.ends_with(wanted));
        assert!(
            there.is_some_and(|(_, bytes)| !bytes.is_empty()),
            "{wanted}"
        );
    }
    assert_eq!(found(&all, &secrets), [""; 0]);
    println!("secrets: {} files, {members} processes", all.len());
}
