//! Runs told line by line, as their journals would: `Tale::of(...).at("09:14:00").began(...)`.

use std::sync::Arc;

use jiff::Timestamp;

use super::build;
use crate::domain::call::Method;
use crate::domain::plan::{PlanName, Recovered, Recovery, Selected, Selection, Slug, Wave};
use crate::domain::run::{
    Attempt, Choice, Closing, End, Launch, Line, Planned, Question, QuestionId, Record, Run, RunId,
    Synchronisation, Topic,
};
use crate::domain::{
    ArmId, Bytes, Call, Failure, Intent, Job, JobId, Person, Plan, RequestId, Retry, StepKind,
};
use crate::ui::model::monitor::{RunView, Story};

/// The steps of a classic way home.
pub const HOME: [StepKind; 7] = [
    StepKind::Quiesce,
    StepKind::Drain,
    StepKind::Door,
    StepKind::FailBack,
    StepKind::VerifyAzureOff,
    StepKind::VerifySurvivor,
    StepKind::Commit,
];

pub const JOB: &str = "f3040a4d-8a3b-4d5c-9e0f-1a2b3c4d5e6f";

pub fn item(name: &str) -> ArmId {
    build::machine(name, "InMage", "Primary", "Protected", &[]).id
}

pub fn kim() -> Person {
    Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    }
}

/// A journal being written.
pub struct Tale {
    id: RunId,
    now: Timestamp,
    lines: Vec<Line>,
    asked: u32,
}

impl Tale {
    /// A fail back of machines in their waves, launched at 09:00 (in the zone of the tests).
    pub fn home(name: &str, salt: u32, machines: &[(&str, usize)]) -> Self {
        Self::of(name, "fail back", &HOME, salt, machines)
    }

    pub fn of(
        name: &str,
        intent: &str,
        steps: &[StepKind],
        salt: u32,
        machines: &[(&str, usize)],
    ) -> Self {
        let begun = build::at("2026-03-02T08:00:00Z");
        let id = RunId::new(begun, salt);
        let launch = Launch {
            schema: "failback/run/1".into(),
            run: id.clone(),
            site: "contoso-dr".into(),
            name: name.into(),
            slug: Some(Slug::of(&PlanName::parse(name).unwrap())),
            intent: intent.into(),
            by: kim(),
            program: "failback 0.1.0".into(),
            machines: machines
                .iter()
                .map(|(name, wave)| Planned {
                    id: item(name),
                    name: (*name).into(),
                    wave: *wave,
                    generation: None,
                    after: Vec::new(),
                    optional: false,
                    disks: None,
                    pending: None,
                    steps: steps.to_vec(),
                })
                .collect(),
        };
        let tale = Self {
            id,
            now: begun,
            lines: Vec::new(),
            asked: 0,
        };
        tale.then(Record::Launched(Box::new(launch)))
    }

    /// The clock of the service's zone: `08:14:00`.
    pub fn at(mut self, time: &str) -> Self {
        self.now = build::at(&format!("2026-03-02T{time}Z"));
        self
    }

    pub fn then(mut self, record: Record) -> Self {
        self.lines.push(Line {
            number: self.lines.len() as u64 + 1,
            at: self.now,
            before: "".into(),
            record,
        });
        self
    }

    pub fn began(self, machine: &str, step: StepKind) -> Self {
        let machine = item(machine);
        self.then(Record::StepBegan { machine, step })
    }

    pub fn ended(self, machine: &str, step: StepKind, end: End) -> Self {
        let machine = item(machine);
        self.then(Record::StepEnded { machine, step, end })
    }

    /// Begins and ends steps that went well, a minute each.
    pub fn did(mut self, machine: &str, steps: &[StepKind]) -> Self {
        for step in steps {
            self = self.began(machine, *step);
            self.now += jiff::SignedDuration::from_secs(60);
            self = self.ended(machine, *step, End::Done);
        }
        self
    }

    /// Sends a call that is taken.
    pub fn sent(self, machine: &str, step: StepKind) -> Self {
        let attempt = Attempt {
            machine: item(machine),
            step,
            attempt: 1,
        };
        let call = Call {
            method: Method::Post,
            path: "/x".into(),
            body: None,
        };
        let request = RequestId::derived(self.id.as_str(), &attempt.machine, "x", 1);
        let service_time = self.now;
        self.then(Record::Intent {
            attempt: attempt.clone(),
            call,
            request,
            mark: None,
            service_time,
        })
        .then(Record::Accepted {
            attempt,
            job: JobId::parse(JOB),
            correlation: "b433a90a-0000-4000-8000-000000000000".into(),
        })
    }

    pub fn job(self, machine: &str, step: StepKind, job: Job) -> Self {
        let machine = item(machine);
        let job = Box::new(job);
        self.then(Record::Job { machine, step, job })
    }

    pub fn synchronising(self, machine: &str, step: StepKind, percent: u8, mib: u64) -> Self {
        let state = Synchronisation {
            percent: Some(percent),
            pending: Some(Bytes(mib << 20)),
            rpo_seconds: Some(70),
        };
        let machine = item(machine);
        self.then(Record::Synchronising {
            machine,
            step,
            state,
        })
    }

    pub fn asks(mut self, machine: &str, question: Question) -> Self {
        self.asked += 1;
        let question = Question {
            id: QuestionId(self.asked),
            machine: Some(item(machine)),
            ..question
        };
        self.then(Record::Asked(Box::new(question)))
    }

    pub fn closed(self, closing: Closing) -> Self {
        self.then(Record::Closed(closing))
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn run(&self) -> Run {
        Run::fold(&self.lines).unwrap()
    }

    /// As the watcher would tell of it.
    pub fn view(&self, live: bool) -> Arc<RunView> {
        let story = Story::whole(&self.run(), None);
        let crew = story.crew.clone().filter(|_| !story.is_closed());
        Arc::new(RunView {
            id: self.id.clone(),
            live,
            story: Some(story.with_crew(crew)),
            damage: None,
            letters: Vec::new(),
        })
    }

    pub fn id(&self) -> &RunId {
        &self.id
    }
}

pub fn choice(name: &str, words: &str, typed: Option<&str>, reason: bool) -> Choice {
    Choice {
        name: name.into(),
        words: words.into(),
        typed: typed.map(Into::into),
        reason,
    }
}

/// Are the applications quiet?
pub fn quiet() -> Question {
    Question {
        id: QuestionId(0),
        topic: Topic::Quiesce,
        machine: None,
        step: Some(StepKind::Quiesce),
        checks: Vec::new(),
        until: None,
        words: "Have the applications stopped writing?".into(),
        evidence: vec![
            "the machine and its agent keep running".into(),
            "pending data: 1.2 GiB at the source".into(),
        ],
        choices: vec![
            choice("wait", "Not yet: ask again when I say so.", None, false),
            choice("quiesced", "They are quiet: go on.", None, false),
        ],
    }
}

/// A failed step: what now?
pub fn failed() -> Question {
    Question {
        topic: Topic::Failed,
        step: Some(StepKind::FailBack),
        words: "The fail back failed. What now?".into(),
        evidence: vec!["78093: the virtual machine is not running".into()],
        choices: vec![
            choice("leave", "Leave the machine as it is.", None, true),
            choice("retry", "Send the fail back again.", Some("sql-01"), true),
        ],
        ..quiet()
    }
}

pub fn failure() -> Failure {
    Failure {
        code: "78093".into(),
        said: "The virtual machine is not in a running state.".into(),
        activity_id: "4468b400-91c3-4d7e-b6a2-6f2f6f0f9a11".into(),
        ..Failure::new(
            "The fail back of sql-01 failed.",
            "Start the virtual machine, then answer retry.",
            Retry::AfterFixing,
        )
    }
}

/// A job whose synchronisation is under way.
pub fn job(state: &str) -> Job {
    let times = [Some("2026-03-02T08:10:00Z"), Some("2026-03-02T08:10:21Z")];
    let begun = [Some("2026-03-02T08:10:21Z"), None];
    Job {
        tasks: vec![
            build::task("Prerequisites check for failover", "Succeeded", "", times),
            build::task(
                "Shut down the virtual machine",
                "Other",
                "Skipped",
                [None; 2],
            ),
            build::task("Synchronizing the latest changes", "InProgress", "", begun),
            build::task("Start failover", "NotStarted", "", [None; 2]),
        ],
        activity_id: "7d3cf1c4 ActivityId: b433a90a".into(),
        ..build::job(JOB, "Failover", "sql-01", state, "")
    }
}

/// A saved fail back of machines in their waves.
pub fn recovery(name: &str, waves: &[&[&str]]) -> Arc<Plan> {
    let wave = |names: &&[&str]| {
        Wave::of(
            names
                .iter()
                .map(|name| Recovered::new(item(name), (*name).into()))
                .collect(),
        )
    };
    let recovery = Recovery::new(waves.iter().map(wave).collect());
    plan(name, Intent::FailBack(recovery))
}

/// A saved commit.
pub fn commit(name: &str, machines: &[&str]) -> Arc<Plan> {
    let one = |name: &&str| Selected {
        id: item(name),
        name: (*name).into(),
    };
    let machines = machines.iter().map(one).collect();
    plan(name, Intent::Commit(Selection { machines }))
}

fn plan(name: &str, intent: Intent) -> Arc<Plan> {
    let name = PlanName::parse(name).unwrap();
    Arc::new(Plan::new(name, intent).unwrap())
}
