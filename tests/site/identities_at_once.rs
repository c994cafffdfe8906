//! Many machines are read at once, never more than was asked for, and none waits for another one's script.

use std::time::Duration;

use failback::domain::identity::Ranges;
use serde_json::{Value, json};

use crate::identities::site;

const NAMES: [&str; 8] = [
    "app-1", "app-2", "app-3", "app-4", "app-5", "app-6", "app-7", "app-8",
];
/// Far beyond any test.
const DEADLINE: Duration = Duration::from_secs(3600);

fn hangs() -> Value {
    json!({"script": {"seconds": 1.0e9}})
}

#[tokio::test]
async fn no_more_scripts_run_at_once_than_was_asked_for() {
    let site = site(&NAMES.map(|name| (name, hangs(), false))).await;
    let opened = site.lab.site().await.unwrap();
    let registry = opened.registry(Ranges::default()).await.unwrap();
    let all = registry.identities(opened.arm().service_now());
    let wanted = all
        .iter()
        .map(|own| registry.ask(&own.group.subject.id).unwrap());
    let reading = opened.read_agents(wanted.collect(), DEADLINE, 3, |told| {
        panic!("none of them ends: {told:?}")
    });
    let watching = async {
        loop {
            let asked = site.lab.requests().await;
            let runs = asked
                .iter()
                .filter(|seen| seen.method == "POST" && seen.path.contains("/runCommand"));
            let runs = runs.count();
            assert!(runs <= 3, "{runs} scripts run");
            // Each of them was looked after several times, and a fourth had its chance.
            let looks = asked
                .iter()
                .filter(|seen| seen.path.contains("/Microsoft.Compute/locations"));
            if runs == 3 && looks.count() >= 12 {
                return;
            }
        }
    };
    tokio::select! {
        () = reading => panic!("none of them ends"),
        () = watching => {}
    }
}

#[tokio::test]
async fn a_machine_whose_script_hangs_holds_up_no_other() {
    let mut machines = NAMES.map(|name| (name, json!({}), false));
    machines[0].1 = hangs();
    let site = site(&machines).await;
    let opened = site.lab.site().await.unwrap();
    let registry = opened.registry(Ranges::default()).await.unwrap();
    let all = registry.identities(opened.arm().service_now());
    let wanted = all
        .iter()
        .map(|own| registry.ask(&own.group.subject.id).unwrap());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let reading = opened.read_agents(wanted.collect(), DEADLINE, 2, |own| {
        tell.send(own).unwrap();
    });
    let others = async {
        for _ in 1..NAMES.len() {
            let own = told.recv().await.unwrap();
            assert!(own.reading.file.is_ok(), "{own:?}");
        }
    };
    tokio::select! {
        () = reading => panic!("one of them does not end"),
        () = others => {}
    }
}
