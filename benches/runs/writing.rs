//! What a record costs beside one fdatasync of the same disk.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use failback::domain::plan::{PlanName, Selected, Selection};
use failback::domain::run::{Launch, Record, RunId};
use failback::domain::{ArmId, Intent, Plan};
use failback::store::{Journal, Runs};
use jiff::Timestamp;

use super::scene::{folder, kim};
use crate::meter::median;

const ROUNDS: usize = 300;
/// Most fdatasyncs that a record may cost: one is its own, and its line is made, hashed and told by
/// the head beside it.
const MOST_RATIO: f64 = 4.0;
/// Below that the disk is none, and the head's file is what is measured.
const A_DISK: f64 = 100e-6;

/// Measures, and tells how long one fdatasync takes, in seconds.
pub fn compare() -> f64 {
    let keep = folder();
    let machine = ArmId::parse("/subscriptions/s/vaults/v/replicationProtectedItems/i").unwrap();
    let selected = Selected {
        id: machine.clone(),
        name: "web-01".into(),
    };
    let intent = Intent::Commit(Selection {
        machines: vec![selected],
    });
    let plan = Plan::new(PlanName::parse("home").unwrap(), intent).unwrap();
    let runs = Runs::of_site(keep.path(), "bench").unwrap();
    let run = RunId::new(Timestamp::now(), 1);
    let folder = runs.create(&run, &plan).unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    let launch = Launch {
        schema: "failback/run/1".into(),
        run,
        site: "bench".into(),
        name: "home".into(),
        slug: None,
        intent: "commit".into(),
        by: kim(),
        program: "bench".into(),
        machines: Vec::new(),
    };
    journal.append(Record::Launched(Box::new(launch))).unwrap();
    let remark = Record::Remark {
        machine: Some(machine),
        step: None,
        words: "12 MiB are on their way; nothing was written for three minutes".into(),
    };
    let mut options = OpenOptions::new();
    let mut bare = options
        .append(true)
        .create(true)
        .open(keep.path().join("bare"))
        .unwrap();
    let (mut syncs, mut records) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Taking turns, so that the disk's mood cancels out.
        let begun = Instant::now();
        bare.write_all(&[b'.'; 400]).unwrap();
        bare.sync_data().unwrap();
        syncs.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        journal.append(remark.clone()).unwrap();
        records.push(begun.elapsed().as_secs_f64());
    }
    let (sync, record) = (median(syncs), median(records));
    println!("one record on this disk, median of {ROUNDS}");
    println!("  written and fdatasync   {:8.1} us", sync * 1e6);
    println!("  a record in the journal {:8.1} us", record * 1e6);
    println!("  ratio {:.2} (budget {MOST_RATIO})", record / sync);
    assert!(
        record / sync <= MOST_RATIO || sync < A_DISK,
        "a record costs {:.2} fdatasyncs",
        record / sync
    );
    sync
}
