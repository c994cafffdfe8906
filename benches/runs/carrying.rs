//! 500 machines come home over a site whose jobs end at once: what is left is ours.

use std::sync::atomic::Ordering;
use std::time::Instant;

use failback::domain::run::{Closing, Run};
use failback::runner::{Ended, execute};
use serde_json::{Value, json};

use super::scene::{self, Scene};
use crate::meter::{self, cpu, peak, runtime};

const MACHINES: usize = 500;
/// Most processor time that a step of a machine may cost, requests and all, in seconds.
const MOST_CPU: f64 = 0.020;
/// Most fdatasyncs of a step. Its records are four or five; what comes at once goes to the disk at once.
const MOST_SYNCS: f64 = 5.0;
const MOST_MIB: f64 = 200.0;

/// Measures; `sync` is how long one fdatasync takes, in seconds.
pub fn compare(sync: f64) {
    let keep = scene::folder();
    let site = scene::site(
        keep.path(),
        MACHINES,
        &["--speed", "1000", "--job-pace", "0.01"],
    );
    let told = meter::round("runs-carrying", &site.announce);
    let number = |name: &str| told[name].as_f64().unwrap();
    let (steps, records, times) = (number("steps"), number("records"), number("times"));
    let (seconds, cpu, disk) = (number("seconds"), number("cpu"), number("disk"));
    let step = seconds / steps;
    println!("{MACHINES} machines home over a site whose jobs end at once");
    println!("  {steps} steps, {records} records in {times} writes, {seconds:.1} s");
    println!(
        "  a step: clock {:.2} ms, processor {:.2} ms (budget {:.0}), journal {:.2} ms",
        step * 1e3,
        cpu / steps * 1e3,
        MOST_CPU * 1e3,
        disk / steps * 1e3
    );
    println!(
        "  a step in fdatasyncs of {:.0} us: clock {:.1}, processor {:.1}, journal {:.2} (budget {MOST_SYNCS})",
        sync * 1e6,
        step / sync,
        cpu / steps / sync,
        times / steps
    );
    println!("  memory {:.1} MiB (budget {MOST_MIB})", number("mib"));
    assert!(cpu / steps <= MOST_CPU, "a step costs too much");
    assert!(times / steps <= MOST_SYNCS, "a step waits for the disk");
    assert!(number("mib") <= MOST_MIB, "it takes too much memory");
}

pub fn round(announce: &str) -> Value {
    let announce = serde_json::from_str(announce).unwrap();
    runtime().block_on(async {
        let scene = Scene::of(&announce, 200).await;
        let (ledger, written) = scene.ledger(true);
        let (begun, used) = (Instant::now(), cpu());
        let never = std::future::pending();
        let ended = execute(&scene.site, &scene.plan, &scene.order, ledger, never).await;
        let (seconds, used, mib) = (begun.elapsed().as_secs_f64(), cpu() - used, peak());
        let run = Run::fold(&scene.folder.read().unwrap().lines).unwrap();
        let remarks: Vec<_> = run.remarks.iter().take(3).collect();
        assert_eq!(ended.unwrap(), Ended::Closed(Closing::Done), "{remarks:?}");
        json!({
            "seconds": seconds, "cpu": used, "mib": mib, "steps": run.progress().1,
            "records": written.records.load(Ordering::Relaxed),
            "times": written.times.load(Ordering::Relaxed),
            "disk": written.nanoseconds.load(Ordering::Relaxed) as f64 / 1e9,
        })
    })
}
