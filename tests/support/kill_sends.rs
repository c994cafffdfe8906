//! Dying around a send, and what may be the case meanwhile that makes it hard to see.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use failback::domain::run::{Attempt, Question, Record, Topic};
use failback::domain::{ArmId, Plan, StepKind};
use failback::simulator::Quirk;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::mortal::{Death, live};
use crate::run::{Book, says};
use crate::ten::{Ten, amber_as_told, each_made, standing, wants_it_home};

/// What may be the case while nobody carries the run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circumstance {
    Nothing,
    /// A job is listed 90 seconds after it began.
    ListedLate,
    /// The item never tells that a job runs on it.
    ScenarioNever,
    /// A related job carries our request id, too.
    ChildSameId,
    /// The site's clock is ten minutes before ours, or behind it.
    ClockAhead,
    ClockBehind,
    /// Somebody else asks for the same while we are dead.
    Colleague,
    /// The job is cancelled while we are dead, and not by us.
    Cancelled,
}

impl Circumstance {
    pub const ALL: [Self; 8] = [
        Self::Nothing,
        Self::ListedLate,
        Self::ScenarioNever,
        Self::ChildSameId,
        Self::ClockAhead,
        Self::ClockBehind,
        Self::Colleague,
        Self::Cancelled,
    ];

    pub fn is_possible(self, moment: Moment) -> bool {
        match moment {
            // Nothing that could be cancelled is there.
            Moment::Intended => self != Self::Cancelled,
            Moment::Gone | Moment::Lost => true,
            // What is known by its job is followed alike, whatever can be seen beside it.
            Moment::Accepted | Moment::LostWritten => self == Self::Nothing,
        }
    }

    pub fn wanted(self) -> crate::lab::Wanted {
        let wanted = Lab::wanted();
        match self {
            Self::ListedLate => wanted.quirk(Quirk::JobsListedLate),
            Self::ScenarioNever => wanted.quirk(Quirk::ScenarioNever),
            Self::ChildSameId => wanted.quirk(Quirk::ChildJobSameId),
            Self::ClockAhead => wanted.clock_off(600),
            Self::ClockBehind => wanted.clock_off(-600),
            Self::Nothing | Self::Colleague | Self::Cancelled => wanted,
        }
    }
}

/// Where, around a send, the runner dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The intent is durable, and the call never left.
    Intended,
    /// The call was answered, and that is not written.
    Gone,
    /// The answer was lost, and that is not written.
    Lost,
    /// The answer was lost, which is durable, and nobody was told.
    LostWritten,
    /// The answer is durable, and nobody was told.
    Accepted,
}

impl Moment {
    pub const ALL: [Self; 5] = [
        Self::Intended,
        Self::Gone,
        Self::Lost,
        Self::LostWritten,
        Self::Accepted,
    ];

    fn strikes(self, record: &Record) -> Option<&Attempt> {
        match (self, record) {
            (Self::Intended, Record::Intent { attempt, .. })
            | (Self::Gone | Self::Accepted, Record::Accepted { attempt, .. })
            | (Self::Lost | Self::LostWritten, Record::AnswerLost { attempt, .. }) => Some(attempt),
            _ => None,
        }
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Struck {
    pub deaths: usize,
    /// How often somebody else did something meanwhile.
    pub struck: usize,
}

/// Dies around each send for the machine called `name`: each step's first.
pub async fn around_sends(
    circumstance: Circumstance,
    moment: Moment,
    name: &str,
    plan: &Plan,
    wanted: &BTreeMap<String, String>,
) -> Result<Struck, String> {
    let ten = Ten::again(circumstance.wanted(), plan).await;
    let lab = &ten.lab;
    let id = ten.id(name);
    if matches!(moment, Moment::Lost | Moment::LostWritten) {
        for verb in verbs(name) {
            let rule = match verb {
                // Its job is known only later: those of the others meet it, too.
                "resume" => "POST /resume lost".to_owned(),
                verb => format!("POST {id}/{verb} 1 lost"),
            };
            lab.fault(&rule).await;
        }
    }
    let book = Book::default();
    let seen: Arc<Mutex<HashSet<StepKind>>> = Arc::default();
    let (mut deaths, mut struck) = (0, 0);
    let closing = loop {
        let (own, mine) = (id.clone(), Arc::clone(&seen));
        let which = move |_: usize, record: &Record| {
            let attempt = moment.strikes(record).filter(|a| a.machine == own);
            attempt.is_some_and(|attempt| mine.lock().unwrap().insert(attempt.step))
        };
        let death = match moment {
            Moment::Intended | Moment::LostWritten | Moment::Accepted => Death::after(which),
            Moment::Gone | Moment::Lost => Death::before(which),
        };
        let person = async |q: &Question| decides(lab, circumstance, q).await;
        if let Some(closing) = live(lab, plan, &book, Some(death), person).await {
            break closing;
        }
        deaths += 1;
        struck += match circumstance {
            Circumstance::Colleague => colleague(lab, &book, &id).await,
            Circumstance::Cancelled => cancel(lab, &id).await,
            _ => 0,
        };
    };
    let told = |why: String| format!("{closing:?}: {why}\n{}", book.story());
    amber_as_told(&book.run(), |words| {
        circumstance == Circumstance::Colleague && SOMEBODY_ELSES.iter().any(|w| words.contains(w))
    })
    .map_err(told)?;
    // Only what was cancelled is done a second time, and then a person wanted it.
    let again = if circumstance == Circumstance::Cancelled {
        struck
    } else {
        0
    };
    each_made(lab, again).await.map_err(told)?;
    match standing(lab).await {
        standing if standing == *wanted => Ok(Struck { deaths, struck }),
        standing => Err(told(format!("it stands so: {standing:#?}"))),
    }
}

/// What an end says of that which somebody else did.
const SOMEBODY_ELSES: [&str; 6] = [
    "that it was done is the word of kim",
    "somebody else",
    "somebody completed the failback before its turn",
    "it is home already",
    "it had come home already",
    "Azure did not wait",
];

fn verbs(name: &str) -> Vec<&'static str> {
    match &name[..2] {
        "er" => vec!["unplannedFailover", "failoverCommit"],
        "ap" => vec!["plannedFailover", "failoverCommit"],
        _ => vec!["plannedFailover", "resume", "failoverCommit"],
    }
}

async fn decides(
    lab: &Lab,
    circumstance: Circumstance,
    question: &Question,
) -> Option<failback::domain::run::Answer> {
    let offers = |name: &str| question.choices.iter().any(|c| c.name.as_str() == name);
    match question.topic {
        // Who cancelled it is asked, and it is wanted all the same.
        Topic::Failed if circumstance == Circumstance::Cancelled => says(question, "retry"),
        // Somebody else's job is there: it is seen to in the portal, then told.
        Topic::Unknown if circumstance == Circumstance::Colleague && !offers("send-again") => {
            if let Some(id) = &question.machine {
                complete(lab, id).await;
            }
            says(question, "it-happened")
        }
        _ => wants_it_home(question),
    }
}

/// A colleague sends what the dead runner was about to send. Whether Azure takes it: it does not
/// where ours arrived.
async fn colleague(lab: &Lab, book: &Book, id: &ArmId) -> usize {
    let records = book.records();
    let last = records.iter().rev().find_map(|record| match record {
        Record::Intent { attempt, call, .. } if attempt.machine == *id => Some(call),
        _ => None,
    });
    let call = last.expect("it died around a send");
    let taken = lab.as_somebody_else(&call.path, call.body.as_ref()).await;
    usize::from(taken)
}

/// The machine's job that is under way, read whole.
async fn live_job(lab: &Lab, id: &ArmId, action: &str) -> Option<Value> {
    let (vault, _) = id.as_str().split_once("/replicationFabrics/").unwrap();
    let version = "api-version=2025-08-01";
    let name = id.name();
    let item = lab.raw(&format!("{id}?{version}")).await;
    let friendly = item["properties"]["friendlyName"].clone();
    let jobs = lab.raw(&format!("{vault}/replicationJobs?{version}")).await;
    let mut jobs = jobs["value"].as_array().unwrap().iter();
    let found = jobs.find(|job| {
        let p = &job["properties"];
        let about = p["targetObjectName"] == friendly || p["targetObjectName"] == name;
        let actions = p["allowedActions"].as_array();
        about && actions.is_some_and(|all| all.contains(&json!(action)))
    });
    found.cloned()
}

/// The job is cancelled by somebody, and long over when the next runner comes.
async fn cancel(lab: &Lab, id: &ArmId) -> usize {
    let Some(job) = live_job(lab, id, "Cancel").await else {
        return 0;
    };
    let path = format!("{}/cancel", job["id"].as_str().unwrap());
    let path = format!("{path}?api-version=2025-08-01");
    let taken = lab.as_somebody_else(&path, None).await;
    lab.turn_clock(900).await;
    usize::from(taken)
}

/// The job that waits is let go on in the portal, once it waits.
async fn complete(lab: &Lab, id: &ArmId) {
    lab.turn_clock(900).await;
    if let Some(job) = live_job(lab, id, "Resume").await {
        let path = format!("{}/resume", job["id"].as_str().unwrap());
        let path = format!("{path}?api-version=2025-08-01");
        let body = json!({ "properties": { "comments": "seen to" } }).to_string();
        lab.as_somebody_else(&path, Some(&body)).await;
        lab.turn_clock(900).await;
    }
}
