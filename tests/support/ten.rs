//! Ten machines of three generations that come home in three waves, the whole way: the estate, the
//! plan, the person, and what must be so at the end.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::collections::BTreeMap;

use failback::domain::run::{Answer, Closing, End, Question, Record, Run, StepState, Topic};
use failback::domain::{ArmId, Plan, Text};
use failback::simulator::Estate;
use serde_json::{Value, json};

use crate::lab::{Lab, Seen, Wanted};
use crate::run::{agrees, says};
use crate::run_plans::fail_back;

/// Seconds of the site that pass with every call. What a run meets depends on what it asks, and not on
/// how busy this machine is.
const A_CALL: f64 = 40.0;

/// Who comes home after whom.
pub const WAVES: [&[&str]; 3] = [
    &["hv-1", "erp-1", "app-1"],
    &["erp-2", "app-2", "hv-2", "erp-3"],
    &["erp-4", "app-3", "hv-3"],
];

pub fn names() -> impl Iterator<Item = &'static str> {
    WAVES.iter().flat_map(|wave| wave.iter().copied())
}

/// Ten machines that are ready to come home, and nothing beside them.
fn estate() -> Value {
    let contoso = include_str!("../../assets/estates/contoso.json");
    let mut estate: Value = serde_json::from_str(contoso).unwrap();
    let like = |name: &str| {
        let model = match &name[..2] {
            "er" => "erp-app",
            "ap" => "app-01",
            _ => "hv-dc-02",
        };
        let mut all = estate["machines"].as_array().unwrap().iter();
        let mut machine = all.find(|m| m["name"] == model).unwrap().clone();
        machine["name"] = name.into();
        let fields = machine.as_object_mut().unwrap();
        fields.remove("group");
        if model == "app-01" {
            fields.insert("azure_name".into(), format!("{name}-in-azure").into());
        }
        machine
    };
    let machines: Vec<Value> = names().map(like).collect();
    estate["machines"] = machines.into();
    estate["jobs"] = json!([]);
    estate["plans"] = json!([]);
    estate
}

/// A site with them; the folder holds its estate.
pub struct Ten {
    pub lab: Lab,
    pub plan: Plan,
    _folder: tempfile::TempDir,
}

impl Ten {
    pub async fn start(wanted: Wanted) -> Self {
        let (lab, folder) = site(wanted).await;
        let plan = fail_back(&lab, &WAVES).await;
        Self {
            lab,
            plan,
            _folder: folder,
        }
    }

    /// Another such site: it has the same ids, so that a plan for one is one for the other.
    pub async fn again(wanted: Wanted, plan: &Plan) -> Self {
        let (lab, folder) = site(wanted).await;
        Self {
            lab,
            plan: plan.clone(),
            _folder: folder,
        }
    }

    pub fn id(&self, name: &str) -> ArmId {
        let mut all = self.plan.machines().into_iter();
        let own = all.find(|id| self.plan.machine_name(id).as_str() == name);
        own.expect("it is in the plan").clone()
    }
}

async fn site(wanted: Wanted) -> (Lab, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ten.json");
    std::fs::write(&file, estate().to_string()).unwrap();
    let wanted = wanted.estate(Estate::File(file)).seconds_a_call(A_CALL);
    (wanted.start().await, folder)
}

/// Whether a record carries the run on: questions, jobs and remarks every runner tells anew, and what
/// a step leaves to the later ones is told in one piece with its end.
pub fn is_progress(record: &Record) -> bool {
    matches!(
        record,
        Record::Launched(_)
            | Record::StepBegan { .. }
            | Record::Intent { .. }
            | Record::Accepted { .. }
            | Record::NotSent { .. }
            | Record::AnswerLost { .. }
            | Record::Found { .. }
            | Record::StepEnded { .. }
    )
}

/// What somebody answers who wants everything home, and what may have been sent sent again only
/// where the program says that nobody made it.
pub fn wants_it_home(question: &Question) -> Option<Answer> {
    let offers = |name: &str| question.choices.iter().any(|c| c.name.as_str() == name);
    match question.topic {
        Topic::Unknown if offers("send-again") => says(question, "send-again"),
        Topic::Unknown => says(question, "look-again"),
        // It was to be let go on, and waits after a quarter of an hour all the same.
        Topic::Waiting if offers("resume") => says(question, "resume"),
        Topic::Waiting => says(question, "wait"),
        _ => agrees(question),
    }
}

/// The changes that may have been made, by what they change: the item and the verb.
async fn made(lab: &Lab) -> BTreeMap<String, usize> {
    // What has no status was dropped before anything was made of it.
    let taken = |seen: &Seen| !matches!(seen.status, None | Some(400..=499));
    let mut made = BTreeMap::new();
    for change in lab.changes().await.into_iter().filter(taken) {
        let path = change.path.split('?').next().unwrap().to_lowercase();
        // Which only somebody else does.
        if !path.ends_with("/cancel") {
            *made.entry(path).or_default() += 1;
        }
    }
    made
}

/// Fails when a change was made twice, or one that had to be was not - but for so many that had to be
/// made again.
pub async fn each_made(lab: &Lab, again: usize) -> Result<(), String> {
    let made = made(lab).await;
    let count = |verb: &str| made.keys().filter(|path| path.ends_with(verb)).count();
    let twice = made.values().map(|count| count - 1).sum::<usize>();
    let counts = [
        count("/unplannedfailover"),
        count("/plannedfailover"),
        count("/failovercommit"),
    ];
    let resumed = count("/resume");
    let well = counts == [4, 6, 10]
        && made.len() == 20 + resumed
        && (3..=3 + again).contains(&resumed)
        && twice <= again;
    match well {
        true => Ok(()),
        false => Err(format!("made, {again} of them again: {made:#?}")),
    }
}

/// How everything stands: each item, its data, its VM in Azure.
pub async fn standing(lab: &Lab) -> BTreeMap<String, String> {
    let v = &lab.announce().vaults[0];
    let group = format!(
        "/subscriptions/{}/resourceGroups/{}/providers",
        v.subscription, v.resource_group
    );
    let items = format!(
        "{group}/Microsoft.RecoveryServices/vaults/{}/replicationProtectedItems?api-version=2025-08-01",
        v.name
    );
    let mut standing = BTreeMap::new();
    for item in lab.raw(&items).await["value"].as_array().unwrap() {
        let p = &item["properties"];
        let name = p["friendlyName"].as_str().unwrap().to_owned();
        let guest = lab.guest(&name).await;
        let words = format!(
            "{} {} {} {} lost {}",
            p["protectionState"],
            p["activeLocation"],
            guest["power"],
            guest["site_vm"],
            guest["lost_mb"]
        );
        standing.insert(name, words);
    }
    standing
}

/// Fails when a step did not come through, or is amber in other words than that nobody knows what
/// Azure remarked beside a call whose answer nobody read - or than `also` allows.
pub fn amber_as_told(run: &Run, also: impl Fn(&str) -> bool) -> Result<(), String> {
    let fits = |words: &Text| {
        let words = words.as_str();
        words.starts_with("whether Azure added a remark") || also(words)
    };
    for machine in &run.machines {
        for step in &machine.steps {
            match &step.state {
                StepState::Ended(End::Done) => {}
                StepState::Ended(End::DoneBut(words)) if words.iter().all(fits) => {}
                other => return Err(format!("{:?} of {}: {other:?}", step.kind, machine.name)),
            }
        }
    }
    Ok(())
}

/// Everything that must be so at the end of a run that came through.
pub async fn all_is_well(
    ten: &Ten,
    run: &Run,
    closing: Closing,
    wanted: &BTreeMap<String, String>,
) -> Result<(), String> {
    if !matches!(closing, Closing::Done | Closing::DoneBut) {
        return Err(format!("closed as {closing:?}"));
    }
    amber_as_told(run, |_| false)?;
    each_made(&ten.lab, 0).await?;
    let standing = standing(&ten.lab).await;
    match standing == *wanted {
        true => Ok(()),
        false => Err(format!(
            "it stands so: {standing:#?}, and not so: {wanted:#?}"
        )),
    }
}
