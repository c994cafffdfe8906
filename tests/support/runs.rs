//! Runs of the real program, over a lab's site.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::time::{Duration, Instant};

use failback::domain::Plan;
use failback::domain::run::{Answer, Line, Question, Record, Run, Topic};
use failback::store::plans::Overwrite;
use failback::store::{Plans, RunFolder};
use serde_json::Value;

use crate::lab::{Lab, SITE, Said};

/// Longest wait for anything: generous, because test machines are slow and shared.
const PATIENCE: Duration = Duration::from_secs(60);

/// The classic vault of the recordings, its machine ready to fail back, hours in seconds.
pub async fn recorded() -> Lab {
    recorded_at(2000.0).await
}

/// The same, its time passing so many times faster.
pub async fn recorded_at(speed: f64) -> Lab {
    let wanted = Lab::wanted().estate(failback::simulator::Estate::Recorded);
    wanted.speed(speed).start().await
}

impl Lab {
    /// Runs `arguments`, with every consent and attestation that readiness wants.
    pub async fn vouched(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments).await;
        if said.code != 3 {
            return said;
        }
        let words = self.vouching(arguments).await;
        let words = words.iter().map(String::as_str);
        let all: Vec<&str> = arguments.iter().copied().chain(words).collect();
        self.run(&all).await
    }

    /// As [`Self::vouching`], of what may be ready as it is.
    pub async fn vouched_for(&self, arguments: &[&str]) -> Vec<String> {
        let name = arguments[1];
        match self.run(&["check", name]).await.code {
            0 => Vec::new(),
            _ => self.vouching(arguments).await,
        }
    }

    /// The flags that consent and attest to everything that a launch of `arguments` waits for.
    pub async fn vouching(&self, arguments: &[&str]) -> Vec<String> {
        let way = ["--json", "--detach"];
        let plain = arguments.iter().copied().filter(|a| !way.contains(a));
        let plain: Vec<&str> = plain.chain(["--json"]).collect();
        let said = self.run(&plain).await;
        assert_eq!(said.code, 3, "nothing has to be vouched for: {said:?}");
        let findings = said.json();
        let mut flags: Vec<String> = Vec::new();
        for finding in findings["findings"].as_array().unwrap() {
            if finding["holdsBack"] != true {
                continue;
            }
            let check = finding["check"].as_str().unwrap();
            let word = match finding["answeredBy"].as_str() {
                Some("consent") => ["--consent".to_owned(), check.to_owned()],
                Some("attestation") => ["--attest".to_owned(), format!("{check}=seen")],
                _ => panic!("{check} stops it: {finding}"),
            };
            if !flags.contains(&word[1]) {
                flags.extend(word);
            }
        }
        flags
    }

    /// Launches what `arguments` say and leaves it; the run.
    pub async fn launched(&self, arguments: &[&str]) -> RunFolder {
        let detached: Vec<&str> = arguments.iter().copied().chain(["--detach"]).collect();
        self.vouched(&detached).await.ok_text();
        self.last()
    }

    /// Keeps a plan that brings machines home, each in a wave of its own. Nobody named their VMs in
    /// Azure, so that there is something to vouch for.
    pub async fn keep_home_plan(&self, names: &[&str]) -> Plan {
        let waves: Vec<&[&str]> = names.iter().map(std::slice::from_ref).collect();
        let mut recovery = crate::run::recovery(self, &waves).await;
        for machine in recovery.waves.iter_mut().flat_map(|w| &mut w.machines) {
            machine.azure_vm = None;
        }
        let plan = crate::run::recover(recovery);
        let plans = Plans::of_site(&self.home().join("data/failback"), SITE).unwrap();
        plans.save(&plan, Overwrite::Never).unwrap();
        plan
    }

    /// The newest run.
    pub fn last(&self) -> RunFolder {
        self.runs().list().unwrap().remove(0)
    }

    /// Waits until the journal of a run holds a record for which `so` holds; the lines so far.
    pub async fn until(&self, run: &RunFolder, so: impl Fn(&Record) -> bool) -> Vec<Line> {
        let end = Instant::now() + PATIENCE;
        let mut follow = run.follow();
        let mut lines = Vec::new();
        loop {
            let news = follow.news().unwrap();
            if news.anew {
                lines.clear();
            }
            lines.extend(news.lines);
            if lines.iter().any(|line| so(&line.record)) {
                return lines;
            }
            let told = || Run::fold(&lines).map_or_else(String::new, |run| story(&run));
            assert!(Instant::now() < end, "it never came: {}", told());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until no process carries a run out.
    pub async fn until_dead(&self, run: &RunFolder) {
        let end = Instant::now() + PATIENCE;
        while run.is_live() {
            assert!(Instant::now() < end, "it does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the runner's last words hold `words`.
    pub async fn until_said(&self, run: &RunFolder, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let log = run.log_tail(4096).unwrap();
            if log.contains(words) {
                return;
            }
            assert!(Instant::now() < end, "it said: {log}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Agrees to everything that a run asks, until it is over.
    pub async fn agree(&self, run: &RunFolder) -> Run {
        self.answer_all(run, |question| crate::run::agrees(question).unwrap())
            .await
    }

    /// The same, but leaves every machine uncommitted.
    pub async fn agree_to_all_but_commit(&self, run: &RunFolder) -> Run {
        let leave = |question: &Question| match question.topic {
            Topic::Survivor => crate::run::says(question, "leave").unwrap(),
            _ => crate::run::agrees(question).unwrap(),
        };
        self.answer_all(run, leave).await
    }

    async fn answer_all(&self, run: &RunFolder, rule: impl Fn(&Question) -> Answer) -> Run {
        let end = Instant::now() + PATIENCE;
        let mut answered = 0;
        loop {
            let folded = Run::fold(&run.read().unwrap().lines).unwrap();
            if folded.is_closed() {
                self.until_dead(run).await;
                return folded;
            }
            match folded.questions.iter().find(|q| q.id.0 > answered) {
                Some(question) => {
                    answered = question.id.0;
                    let said = self.answer(run, question, &rule(question)).await;
                    // An answer that was given beforehand may come first.
                    let now = Run::fold(&run.read().unwrap().lines).unwrap();
                    let is_open = now.questions.iter().any(|q| q.id == question.id);
                    assert!(said.code == 0 || !is_open, "{said:?}");
                }
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
            assert!(Instant::now() < end, "it does not end: {}", story(&folded));
        }
    }

    /// `failback runs request RUN answer ...`
    pub async fn answer(&self, run: &RunFolder, question: &Question, answer: &Answer) -> Said {
        let id = question.id.0.to_string();
        let mut arguments = vec!["runs", "request", run.id().as_str(), "answer"];
        arguments.extend([id.as_str(), answer.choice.as_str()]);
        if let Some(typed) = &answer.typed {
            arguments.extend(["--typed", typed.as_str()]);
        }
        if let Some(why) = &answer.why {
            arguments.extend(["--why", why.as_str()]);
        }
        self.run(&arguments).await
    }
}

/// How far a run is, for a test that fails.
fn story(run: &Run) -> String {
    let machines = run.machines.iter().map(|machine| {
        let steps = machine.steps.iter();
        let steps: Vec<_> = steps
            .map(|s| format!("{:?}: {:?}", s.kind, s.state))
            .collect();
        format!("{}: {}", machine.name, steps.join("; "))
    });
    let machines: Vec<_> = machines.collect();
    format!(
        "{:?}\n{}\n{:?}",
        run.state,
        machines.join("\n"),
        run.questions
    )
}

/// A stream of JSON documents, one a line.
pub fn stream(text: &str) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    text.lines().map(parse).collect()
}

/// The machine of the recordings, ready to fail back.
pub const MACHINE: &str = "V2A-W2K16-201";
/// What fails it back.
pub const FAIL_BACK: [&str; 5] = ["do", "failback", MACHINE, "--confirm", MACHINE];

pub fn asked(record: &Record) -> bool {
    matches!(record, Record::Asked(_))
}
