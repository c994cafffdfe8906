//! A journal of 100,000 records, read and folded a part at a time, as those who watch a run do.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use failback::domain::plan::{PlanName, Selected, Selection};
use failback::domain::run::{End, Launch, Line, Planned, Record, Run, RunId, Synchronisation};
use failback::domain::{ArmId, Bytes, Intent, Plan, StepKind};
use failback::store::{RunFolder, Runs};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Digest;

use super::scene::{folder, kim};
use crate::meter::{self, cpu, resident};

const MACHINES: usize = 500;
const RECORDS: usize = 100_000;
const FEW: usize = 10_000;
/// Lines read at a time.
const PART: usize = 4096;
/// Most that folding may take of the time that reading, checking and parsing the lines takes.
const MOST_RATIO: f64 = 0.5;
/// Most memory that ten times the records may add, in MiB.
const MOST_MORE: f64 = 4.0;

pub fn compare() {
    let keep = folder();
    let path = |records: usize| write(&keep.path().join(records.to_string()), records);
    let (few, many) = (path(FEW), path(RECORDS));
    let round = |folder: &RunFolder| meter::round("runs-folding", folder.path().to_str().unwrap());
    let (few, many) = (round(&few), round(&many));
    let number = |told: &Value, name: &str| told[name].as_f64().unwrap();
    let (reading, folding) = (number(&many, "reading"), number(&many, "folding"));
    let more = number(&many, "mib") - number(&few, "mib");
    println!(
        "{RECORDS} records about {MACHINES} machines, {:.1} MB",
        number(&many, "mb")
    );
    println!("  read, checked, parsed {:7.1} ms", reading * 1e3);
    println!("  folded                {:7.1} ms", folding * 1e3);
    println!(
        "  ratio {:.2} (budget {MOST_RATIO}); beyond {FEW} records {more:.1} MiB more memory (budget {MOST_MORE})",
        folding / reading
    );
    assert!(folding / reading <= MOST_RATIO, "folding is slow");
    assert!(
        more <= MOST_MORE,
        "memory grows with the journal: {more:.1} MiB"
    );
}

pub fn round(path: &str) -> Value {
    let folder = RunFolder::by_path(Path::new(path)).unwrap();
    let (mut reading, mut folding) = (0.0, 0.0);
    let mut follow = folder.follow();
    let mut run: Option<Run> = None;
    let mut most = 0.0_f64;
    loop {
        let (begun, used) = (Instant::now(), cpu());
        let part = follow.part(PART).unwrap();
        reading += cpu() - used;
        assert_eq!(part.damage, None, "{:?}", begun.elapsed());
        let used = cpu();
        match &mut run {
            None => run = Run::fold(&part.lines),
            Some(run) => part.lines.iter().for_each(|line| run.apply(line)),
        }
        folding += cpu() - used;
        most = most.max(resident());
        if !part.more {
            break;
        }
    }
    let run = run.unwrap();
    let bytes = std::fs::metadata(folder.path().join("journal.jsonl"))
        .unwrap()
        .len();
    json!({
        "reading": reading, "folding": folding, "mib": most,
        "records": run.records, "mb": bytes as f64 / 1e6,
    })
}

fn item(number: usize) -> ArmId {
    let vault = "/subscriptions/6f0c1c0e-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers\
                 /Microsoft.RecoveryServices/vaults/rsv-contoso-weu/replicationProtectedItems";
    ArmId::parse(&format!("{vault}/{number:08}-item")).unwrap()
}

/// Writes a journal as a long run leaves it, without waiting for the disk at every line.
fn write(state: &Path, records: usize) -> RunFolder {
    let plan = {
        let one = |number: usize| Selected {
            id: item(number),
            name: format!("vm-{number}").into(),
        };
        let machines = (0..MACHINES).map(one).collect();
        let intent = Intent::Commit(Selection { machines });
        Plan::new(PlanName::parse("home").unwrap(), intent).unwrap()
    };
    let runs = Runs::of_site(state, "bench").unwrap();
    let run = RunId::new(Timestamp::now(), 1);
    let folder = runs.create(&run, &plan).unwrap();
    let planned = |number: usize| Planned {
        id: item(number),
        name: format!("vm-{number}").into(),
        wave: 1,
        generation: None,
        after: Vec::new(),
        optional: false,
        disks: None,
        pending: None,
        steps: vec![StepKind::VerifySurvivor, StepKind::Commit],
    };
    let launch = Launch {
        schema: "failback/run/1".into(),
        run,
        site: "bench".into(),
        name: "home".into(),
        slug: None,
        intent: "commit".into(),
        by: kim(),
        program: "bench".into(),
        machines: (0..MACHINES).map(planned).collect(),
    };
    let file = std::fs::File::create(folder.path().join("journal.jsonl")).unwrap();
    let mut file = BufWriter::new(file);
    let mut before: Box<str> = "0".repeat(64).into();
    let (mut number, at) = (0_u64, Timestamp::now());
    let mut write = |record: Record| {
        number += 1;
        let line = Line {
            number,
            at,
            before: before.clone(),
            record,
        };
        let line = serde_json::to_vec(&line).unwrap();
        let hash = sha2::Sha256::digest(&line);
        before = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        file.write_all(&line).unwrap();
        file.write_all(b"\n").unwrap();
    };
    write(Record::Launched(Box::new(launch)));
    for at in 1..records {
        let machine = item(at % MACHINES);
        let step = StepKind::VerifySurvivor;
        write(match at / MACHINES {
            0 => Record::StepBegan { machine, step },
            round if round == records / MACHINES - 1 => Record::StepEnded {
                machine,
                step,
                end: End::Done,
            },
            round => Record::Synchronising {
                machine,
                step,
                state: Synchronisation {
                    percent: u8::try_from(round % 100).ok(),
                    pending: Some(Bytes(round as u64)),
                    rpo_seconds: None,
                },
            },
        });
    }
    file.flush().unwrap();
    let head = format!(r#"{{"number":{number},"hash":"{before}"}}"#);
    std::fs::write(folder.path().join("head"), head).unwrap();
    folder
}
