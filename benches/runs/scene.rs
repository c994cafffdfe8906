//! Many machines of the built-in site that are ready to come home, their plan, and a journal on the
//! disk that is measured.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use failback::domain::plan::{PlanName, Recovered, Recovery, Wave};
use failback::domain::run::{Answer, Letter, Line, Question, Record, Request, RunId, Topic};
use failback::domain::{ArmId, Failure, Intent, Person, Plan};
use failback::runner::{FolderLedger, Ledger, Order};
use failback::site::Site;
use failback::store::{Profile, RunFolder, Runs};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::built_in::{BuiltIn, profile, vault};

/// A site with machines that are ready to come home.
pub fn site(folder: &Path, machines: usize, pace: &[&str]) -> BuiltIn {
    let contoso = include_str!("../../assets/estates/contoso.json");
    let mut estate: Value = serde_json::from_str(contoso).unwrap();
    let all = estate["machines"].as_array().unwrap();
    let mut model = all.iter().find(|m| m["name"] == "erp-app").unwrap().clone();
    model.as_object_mut().unwrap().remove("group");
    let machines = (0..machines).map(|number| {
        let mut machine = model.clone();
        machine["name"] = name(number).into();
        machine
    });
    estate["machines"] = machines.collect();
    estate["jobs"] = json!([]);
    estate["plans"] = json!([]);
    let file = folder.join("estate.json");
    std::fs::write(&file, estate.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let wanted = ["--estate", file, "--page-size", "1000"];
    BuiltIn::start(&[&wanted[..], pace].concat())
}

fn name(number: usize) -> String {
    format!("erp-{number:04}")
}

/// Where the journals lie: on the disk of the build, not on one that is memory.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// A run that can be carried out.
pub struct Scene {
    pub site: Site,
    pub plan: Plan,
    pub order: Order,
    pub folder: RunFolder,
    _keep: tempfile::TempDir,
}

impl Scene {
    pub async fn of(announce: &Value, poll_ms: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let profile = Profile {
            poll_ms,
            retry_base_ms: 1,
            ..profile(announce)
        };
        let site = tokio::task::spawn_blocking(move || Site::open(&profile, None));
        let site = site.await.unwrap().unwrap();
        let plan = plan(&site, announce).await;
        let keep = folder();
        let runs = Runs::of_site(keep.path(), "bench").unwrap();
        let run = RunId::new(Timestamp::now(), 1);
        let folder = runs.create(&run, &plan).unwrap();
        let order = Order {
            run,
            site: "bench".into(),
            slug: None,
            by: kim(),
            so_far: Vec::new(),
        };
        Self {
            site,
            plan,
            order,
            folder,
            _keep: keep,
        }
    }

    /// Its journal, with somebody who answers where that is wanted.
    pub fn ledger(&self, answers: bool) -> (Box<dyn Ledger>, Arc<Written>) {
        let lock = self.folder.lock().unwrap();
        let inner = FolderLedger::open(self.folder.clone(), lock).unwrap();
        let written = Arc::new(Written::default());
        let ledger = Answering {
            inner,
            answers,
            letters: Vec::new(),
            written: Arc::clone(&written),
        };
        (Box::new(ledger), written)
    }
}

async fn plan(site: &Site, announce: &Value) -> Plan {
    let mut machines = Vec::new();
    let mut all = Vec::new();
    let vault = vault(announce);
    let read = site.arm().machines(&vault, |page| all.extend(page));
    read.await.unwrap();
    let place = &announce["vaults"][0];
    for machine in all {
        let vm = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/{}",
            place["subscription"].as_str().unwrap(),
            place["resource_group"].as_str().unwrap(),
            machine.name
        );
        machines.push(Recovered {
            azure_vm: ArmId::parse(&vm),
            ..Recovered::new(machine.id.clone(), machine.name.clone())
        });
    }
    let intent = Intent::FailBack(Recovery::new(vec![Wave::of(machines)]));
    Plan::new(PlanName::parse("home").unwrap(), intent).unwrap()
}

pub fn kim() -> Person {
    Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    }
}

/// What went to the disk.
#[derive(Default)]
pub struct Written {
    pub records: AtomicU64,
    /// Times at which the disk was waited for.
    pub times: AtomicU64,
    /// How long that took in all.
    pub nanoseconds: AtomicU64,
}

/// A run's own journal, and a person who answers at once.
struct Answering {
    inner: FolderLedger,
    answers: bool,
    letters: Vec<Letter>,
    written: Arc<Written>,
}

impl Ledger for Answering {
    fn append(&mut self, records: Vec<Record>) -> Result<Vec<Line>, Failure> {
        let begun = Instant::now();
        let lines = self.inner.append(records)?;
        let took = u64::try_from(begun.elapsed().as_nanos()).unwrap();
        self.written.nanoseconds.fetch_add(took, Ordering::Relaxed);
        self.written.times.fetch_add(1, Ordering::Relaxed);
        let count = lines.len() as u64;
        self.written.records.fetch_add(count, Ordering::Relaxed);
        for line in lines.iter().filter(|_| self.answers) {
            if let Record::Asked(question) = &line.record {
                self.letters.push(Letter {
                    by: kim(),
                    at: line.at,
                    request: Request::Answer(agrees(question)),
                });
            }
        }
        Ok(lines)
    }

    fn letters(&mut self) -> Vec<Letter> {
        let arrived = self.inner.letters();
        let given = self.letters.drain(..);
        arrived.into_iter().chain(given).collect()
    }

    fn settle(&mut self) {
        self.inner.settle();
    }
}

/// Everything is quiet, seen and committed.
fn agrees(question: &Question) -> Answer {
    let choice = match question.topic {
        Topic::Quiesce => "quiesced",
        Topic::Survivor => "verified",
        Topic::Commit => "commit",
        Topic::AzureOff => "is-off",
        other => panic!("{other:?} was asked: {question:?}"),
    };
    let found = question.choices.iter().find(|c| c.name.as_str() == choice);
    let found = found.unwrap_or_else(|| panic!("no choice {choice}: {question:?}"));
    Answer {
        question: question.id,
        choice: choice.into(),
        typed: found.typed.clone(),
        why: found.reason.then(|| "looked at it".into()),
        ticked: Vec::new(),
    }
}
