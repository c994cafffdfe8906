//! The program itself is killed, by SIGKILL, at its writes and at its sends: `failback runs resume` goes
//! on, and every change is made exactly once.
//!
//! The writes are met with `strace`, which kills the thread that writes the journal as it has one line
//! more made durable; the sends by looking at what the site was asked.

use std::collections::{BTreeMap, HashSet};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use failback::domain::Plan;
use failback::domain::run::{Letter, Line, Record, Request, Run, RunState};
use failback::store::plans::Overwrite;
use failback::store::{Plans, RunFolder};
use rustix::process::{Pid, Signal, kill_process};

use crate::kill_points::{block_on, undisturbed};
use crate::lab::{Lab, SITE};
use crate::points::everywhere;
use crate::run::kim;
use crate::ten::{Ten, all_is_well, wants_it_home};

/// Longest wait for anything: generous, because test machines are slow and shared.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs, and how often each of them is killed.
const RUNS: usize = 8;
const KILLS: usize = 8;

/// A run of the program over ten machines.
struct Killed {
    ten: Ten,
    run: RunFolder,
    /// Lines that were looked at.
    read: usize,
}

/// Whatever is done to a runner while it lives.
trait Fate {
    async fn strike(&mut self, killed: &Killed);
}

/// Nothing is.
struct Spared;

impl Fate for Spared {
    async fn strike(&mut self, _: &Killed) {}
}

impl Killed {
    /// Launches it, under `before` the program.
    async fn launch(plan: &Plan, before: &[String], faults: &[String]) -> Self {
        let ten = Ten::again(Lab::wanted(), plan).await;
        let lab = &ten.lab;
        let plans = Plans::of_site(&lab.home().join("data/failback"), SITE).unwrap();
        plans.save(plan, Overwrite::Never).unwrap();
        let mut arguments = vec!["run", "home", "--confirm", "home"];
        let words = lab.vouched_for(&arguments).await;
        arguments.extend(words.iter().map(String::as_str));
        arguments.push("--detach");
        for rule in faults {
            lab.fault(rule).await;
        }
        start(lab, before, &arguments);
        let until = Instant::now() + PATIENCE;
        let run = loop {
            if let Some(run) = lab.runs().list().unwrap_or_default().pop()
                && run.has_begun()
            {
                break run;
            }
            assert!(Instant::now() < until, "it was not launched");
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        Self { ten, run, read: 0 }
    }

    /// Another process goes on with it, under `before` the program.
    async fn resume(&self, before: &[String]) {
        let resumed = |lines: &[Line]| {
            let is = |line: &&Line| matches!(line.record, Record::Resumed { .. });
            lines.iter().filter(is).count()
        };
        let had = resumed(&self.lines());
        start(
            &self.ten.lab,
            before,
            &["runs", "resume", "last", "--detach"],
        );
        let until = Instant::now() + PATIENCE;
        while resumed(&self.lines()) == had {
            assert!(Instant::now() < until, "it was not resumed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn lines(&self) -> Vec<Line> {
        self.run.read().unwrap().lines
    }

    fn folded(&self) -> Run {
        Run::fold(&self.lines()).expect("a launch")
    }

    /// Answers what it asks until no process carries it out; whether it came to its end.
    async fn answer(&mut self, fate: &mut impl Fate) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            // In this order: what the process wrote before it ended is read.
            let lives = self.run.is_live();
            let lines = self.lines();
            for line in &lines[self.read..] {
                if let Record::Asked(question) = &line.record
                    && let Some(answer) = wants_it_home(question)
                {
                    let request = Request::Answer(answer);
                    let (by, at) = (kim(), jiff::Timestamp::now());
                    self.run.put(&Letter { by, at, request }).unwrap();
                }
            }
            self.read = lines.len();
            if !lives {
                return matches!(lines.last().map(|l| &l.record), Some(Record::Closed(_)));
            }
            fate.strike(self).await;
            assert!(Instant::now() < until, "it does not end");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// Everything is as if nobody had been killed.
    async fn is_well(&self, wanted: &BTreeMap<String, String>) -> Result<(), String> {
        let run = self.folded();
        let RunState::Closed(closing) = run.state else {
            return Err(format!("it is {:?}", run.state));
        };
        let well = all_is_well(&self.ten, &run, closing, wanted).await;
        let story = || {
            self.lines()
                .iter()
                .map(|line| format!("\n{line:?}"))
                .collect::<String>()
        };
        well.map_err(|why| format!("{why}{}", story()))?;
        let verified = self.ten.lab.run(&["runs", "verify", "last"]).await;
        // Killed between its last line and the head that tells of it: nobody goes on with a run that is
        // closed, and it stays as after a loss of power.
        let has = self.lines().len();
        let behind = format!("head tells of line {} and there are {has}", has - 1);
        match verified.code {
            0 => Ok(()),
            _ if verified.out.contains(&behind) => Ok(()),
            _ => Err(format!("{verified:?}")),
        }
    }

    fn kill(&self) {
        let process = self
            .run
            .holder()
            .and_then(|h| i32::try_from(h.process).ok());
        if let Some(process) = process.and_then(Pid::from_raw) {
            // Ignored on purpose: it may have ended at this moment.
            let _ = kill_process(process, Signal::KILL);
        }
    }
}

/// Starts the program as the lab's user, and does not wait for it.
fn start(lab: &Lab, before: &[String], arguments: &[&str]) {
    let own = env!("CARGO_BIN_EXE_failback");
    let all: Vec<&str> = before.iter().map(String::as_str).chain([own]).collect();
    let all = [&all, arguments].concat();
    let mut command = lab.command(all[0], &all[1..]);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(false);
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!(
            "{} cannot be started ({error}): apt-get install {0}",
            all[0]
        )
    });
    tokio::spawn(async move { child.wait().await });
}

/// What kills a thread as it has its `n`th line made durable.
fn at_write(n: usize) -> Vec<String> {
    let inject = format!("inject=fdatasync:signal=KILL:when={n}");
    let all = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=fdatasync",
    ];
    let all = all.iter().map(ToString::to_string);
    all.chain(["-e".into(), inject]).collect()
}

#[test]
fn a_program_killed_at_any_write_goes_on_and_makes_every_change_exactly_once() {
    let begun = Instant::now();
    let (plan, wanted) = block_on(undisturbed());
    let runs: Vec<usize> = (0..RUNS).collect();
    let (kills, last) = (AtomicUsize::new(0), AtomicUsize::new(0));
    everywhere(&runs, async |run| {
        // Each run is killed at other records than the others.
        let at = |life: usize| at_write(8 + run + 3 * life);
        let mut killed = Killed::launch(&plan, &at(0), &[]).await;
        for life in 1..=KILLS {
            if killed.answer(&mut Spared).await {
                return Err(format!("it ended in its life {life}"));
            }
            kills.fetch_add(1, Ordering::Relaxed);
            last.fetch_max(killed.read, Ordering::Relaxed);
            let before = if life < KILLS { at(life) } else { Vec::new() };
            killed.resume(&before).await;
        }
        if !killed.answer(&mut Spared).await {
            return Err("it was not to be killed any more".into());
        }
        killed.is_well(&wanted).await?;
        Ok(true)
    });
    let kills = kills.into_inner();
    println!(
        "kill points: the program killed at {kills} writes in {RUNS} runs, up to record {}, in {:?}",
        last.into_inner(),
        begun.elapsed()
    );
    assert_eq!(kills, RUNS * KILLS);
}

/// When the program is killed around a send, and what becomes of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meets {
    /// It came in, and is never made.
    Stalled,
    /// It was made, and its answer is lost.
    Lost,
    /// It was made, and answered.
    Answered,
}

/// Kills at every send that was not seen before.
#[derive(Default)]
struct Sends {
    seen: HashSet<String>,
    kills: usize,
}

impl Fate for Sends {
    async fn strike(&mut self, killed: &Killed) {
        let changes = killed.ten.lab.changes().await.into_iter();
        let new: Vec<_> = changes
            .filter(|seen| !self.seen.contains(&seen.path))
            .collect();
        if !new.is_empty() {
            killed.kill();
            self.kills += 1;
            self.seen.extend(new.into_iter().map(|seen| seen.path));
        }
    }
}

#[test]
fn a_program_killed_at_every_send_goes_on_and_makes_every_change_exactly_once() {
    let begun = Instant::now();
    let (plan, wanted) = block_on(undisturbed());
    let kills = AtomicUsize::new(0);
    let points = [Meets::Stalled, Meets::Lost, Meets::Answered];
    everywhere(&points, async |meets| {
        let what = match meets {
            Meets::Stalled => Some("stall:600"),
            Meets::Lost => Some("lost"),
            Meets::Answered => None,
        };
        let verbs = ["unplannedFailover", "plannedFailover", "failoverCommit"];
        let mut faults = Vec::new();
        if let Some(what) = what {
            for (machine, verb) in plan.machines().iter().flat_map(|m| verbs.map(|v| (m, v))) {
                faults.push(format!("POST {machine}/{verb} 1 {what}"));
            }
            faults.push(format!("POST /resume 1 {what}"));
        }
        let mut killed = Killed::launch(&plan, &[], &faults).await;
        let mut sends = Sends::default();
        while !killed.answer(&mut sends).await {
            killed.resume(&[]).await;
        }
        kills.fetch_add(sends.kills, Ordering::Relaxed);
        killed.is_well(&wanted).await?;
        // Each was met by a kill. Those of a wave that came in together were met by one.
        match sends.seen.len() == 23 && sends.kills >= 6 {
            true => Ok(true),
            false => Err(format!("{} kills at {:?}", sends.kills, sends.seen)),
        }
    });
    println!(
        "kill points: the program killed {} times at 3 x 23 sends, as they came in, were made and \
         were answered, in {:?}",
        kills.into_inner(),
        begun.elapsed()
    );
}
