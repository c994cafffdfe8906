//! 500 machines wait, for people and for jobs: nothing is used between two looks, and nothing piles
//! up however long it takes.

use std::time::Duration;

use failback::runner::execute;
use serde_json::{Value, json};

use super::scene::{self, Scene};
use crate::meter::{self, cpu, resident, runtime};

const MACHINES: usize = 500;
/// How long nothing is looked at.
const STILL: Duration = Duration::from_secs(10);
/// Most of one processor that waiting may take.
const MOST_SHARE: f64 = 0.002;
/// How long it is looked at again and again, many times a second.
const BUSY: Duration = Duration::from_secs(6);
/// Most memory that looking for twice as long may add, in MiB.
const MOST_MORE: f64 = 4.0;

pub fn compare() {
    let keep = scene::folder();
    let site = scene::site(keep.path(), MACHINES, &["--job-pace", "1000"]);
    let told = meter::round("runs-idling", &site.announce);
    let number = |name: &str| told[name].as_f64().unwrap();
    let share = number("cpu") / STILL.as_secs_f64();
    let more = number("later") - number("early");
    println!("{MACHINES} machines that wait");
    println!(
        "  between two looks {:.3} % of a processor (budget {:.1}), {:.1} wakings a second",
        share * 100.0,
        MOST_SHARE * 100.0,
        number("wakings") / STILL.as_secs_f64()
    );
    println!(
        "  looked at for {} s {:.1} MiB, for {} s {more:.1} MiB more (budget {MOST_MORE})",
        BUSY.as_secs(),
        number("early"),
        2 * BUSY.as_secs()
    );
    assert!(share <= MOST_SHARE, "waiting costs {share}");
    assert!(more <= MOST_MORE, "{more:.1} MiB pile up");
}

pub fn round(announce: &str) -> Value {
    let announce = serde_json::from_str(announce).unwrap();
    runtime().block_on(async {
        // All wait for a person; then for the next look at their jobs.
        let still = Scene::of(&announce, 3_600_000).await;
        let (cpu, wakings) = during(&still, false, async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            let before = (cpu(), wakings());
            tokio::time::sleep(STILL).await;
            (cpu() - before.0, wakings().saturating_sub(before.1))
        })
        .await;
        let busy = Scene::of(&announce, 250).await;
        let (early, later) = during(&busy, true, async {
            tokio::time::sleep(BUSY).await;
            let early = resident();
            tokio::time::sleep(BUSY).await;
            (early, resident())
        })
        .await;
        json!({ "cpu": cpu, "wakings": wakings, "early": early, "later": later })
    })
}

/// What is seen while the run goes on.
async fn during<T>(scene: &Scene, answers: bool, seen: impl Future<Output = T>) -> T {
    let (ledger, _) = scene.ledger(answers);
    let never = std::future::pending();
    tokio::select! {
        ended = execute(&scene.site, &scene.plan, &scene.order, ledger, never) => {
            panic!("it ended: {ended:?}")
        }
        seen = seen => seen,
    }
}

/// How often the threads that there are were given the processor because something was to be done.
fn wakings() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let count = |task: std::io::Result<std::fs::DirEntry>| {
        let status = std::fs::read_to_string(task.ok()?.path().join("status")).ok()?;
        let mut lines = status.lines();
        let line = lines.find(|line| line.starts_with("voluntary_ctxt_switches"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    tasks.filter_map(count).sum()
}
