mod hostile;

use jiff::tz::TimeZone;

use super::*;
use crate::domain::run::{End, HookAt, Memory, Record, Suspension};
use crate::domain::{ArmId, Failure, Person, Retry, StepKind};
use crate::readiness::aftermath::{Command, Does, Shell};

const JOURNAL: &str = include_str!("../../tests/golden/journal-1.jsonl");
const PLAN: &str = include_str!("../../tests/golden/plan-1.json");

fn plan() -> Plan {
    serde_json::from_str(PLAN).unwrap()
}

fn journal() -> Vec<Line> {
    let lines = JOURNAL.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn web() -> ArmId {
    let plan = plan();
    plan.machines()
        .into_iter()
        .find(|id| id.name() == "web-01")
        .cloned()
        .unwrap()
}

/// The frozen journal with everything in it that a run can tell beyond: local commands, a runner that
/// ended and one that went on, what a machine's steps remember.
fn eventful() -> Vec<Line> {
    let mut lines = journal();
    let failure = Failure::new(
        "The command ended with 3.",
        "Look at it.",
        Retry::AfterFixing,
    );
    let more = [
        Record::HookBegan {
            at: HookAt::BeforeWave(1),
            command: "/opt/dns --lower ttl".into(),
        },
        Record::HookEnded {
            at: HookAt::BeforeWave(1),
            end: End::Failed(Box::new(failure)),
        },
        Record::Suspended {
            cause: Suspension::Credentials,
            why: "signing in fails".into(),
        },
        Record::Mended {
            bytes: 41,
            kept: "torn-1".into(),
        },
        Record::Resumed {
            by: Person {
                name: "ada".into(),
                ..lines_by(&lines)
            },
            program: "failback 0.2.0".into(),
        },
        Record::Kept {
            machine: web(),
            memory: Memory {
                quiet: Some("2026-11-21T09:16:01Z".parse().unwrap()),
                drained: true,
                home: true,
                vouched: Some("kim on jump-01: the shop takes orders".into()),
                ..Memory::default()
            },
        },
    ];
    let at = lines[18].at;
    let before = lines[18].before.clone();
    let more = more.into_iter().map(|record| Line {
        number: 0,
        at,
        before: before.clone(),
        record,
    });
    lines.splice(18..18, more.collect::<Vec<_>>());
    lines
}

fn lines_by(lines: &[Line]) -> Person {
    match &lines[0].record {
        Record::Launched(launch) => launch.by.clone(),
        other => panic!("the first is {other:?}"),
    }
}

fn errands() -> Vec<(Text, Vec<Errand>)> {
    let errand = Errand {
        code: "POST-01",
        title: "The agent's service",
        sources: &["004"],
        known: "Azure does not see into the machine".into(),
        look: "whether it runs",
        commands: vec![Command {
            shell: Shell::PowerShell,
            at: "in the machine",
            does: Does::Look,
            line: "Get-Service svagents |\n  Format-List".into(),
        }],
    };
    vec![("web-01".into(), vec![errand])]
}

fn source<'a>(lines: &'a [Line], plan: &'a Plan, errands: &'a [(Text, Vec<Errand>)]) -> Source<'a> {
    Source {
        lines,
        plan: Ok(plan),
        head: Some(Head {
            number: 30,
            hash: "ab".repeat(32).into(),
        }),
        damage: None,
        live: false,
        errands,
        unread: &[],
        made: "2026-11-22T08:00:00Z".parse().unwrap(),
        program: "failback 0.2.0",
    }
}

fn utc() -> Look {
    Look {
        zone: TimeZone::UTC,
    }
}

fn report() -> Report {
    Report::of(&source(&eventful(), &plan(), &errands())).unwrap()
}

#[test]
fn a_report_in_json_keeps_its_fields() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&report()).unwrap());
}

#[test]
fn a_report_in_markdown() {
    insta::assert_snapshot!(markdown::write(&report(), &utc()));
}

#[test]
fn a_report_in_html() {
    insta::assert_snapshot!(html::write(&report(), &utc()));
}

#[test]
fn a_run_that_is_not_over_says_so_before_anything_else() {
    let mut lines = journal();
    lines.truncate(15);
    let plan = plan();
    let report = Report::of(&source(&lines, &plan, &[])).unwrap();
    let page = markdown::write(&report, &utc());
    let first = page.lines().nth(2).unwrap();
    assert!(
        first.contains("This run is not over: running; no process"),
        "{first}"
    );
    assert!(page.contains("**Ended:** \\! it is not over"), "{page}");
    assert!(html::write(&report, &utc()).contains("class=\"notice\""));
}

#[test]
fn a_journal_that_is_not_sound_is_never_shown_as_sound() {
    let (lines, plan) = (journal(), plan());
    let damaged = Source {
        damage: Some("it ends after line 3, and had 9".into()),
        ..source(&lines, &plan, &[])
    };
    let report = Report::of(&damaged).unwrap();
    assert!(!report.journal.sound);
    let page = markdown::write(&report, &utc());
    let first = page.lines().nth(2).unwrap();
    assert!(
        first.contains("is not sound: it ends after line 3"),
        "{first}"
    );
    assert!(page.contains("not sound; as far as it is"), "{page}");
}

#[test]
fn what_the_plan_said_is_unknown_when_it_cannot_be_read_and_never_none() {
    let (lines, plan) = (journal(), plan());
    let unread = Source {
        plan: Err("it is no plan".into()),
        ..source(&lines, &plan, &[])
    };
    let report = Report::of(&unread).unwrap();
    assert_eq!(report.machines[0].point.asked, None);
    let page = markdown::write(&report, &utc());
    assert!(
        page.contains("The plan cannot be read: not known"),
        "{page}"
    );
    assert!(!page.contains("None stands in the plan"), "{page}");
}

#[test]
fn amber_is_amber_and_unknown_is_unknown() {
    use super::model::Tone;
    let report = report();
    let step = |kind| {
        let steps = &report.machines[0].steps;
        steps.iter().find(|step| step.step == kind).unwrap()
    };
    assert_eq!(step(StepKind::FailBack).end.tone, Tone::Amber);
    assert_eq!(step(StepKind::Commit).end.tone, Tone::Amber);
    assert_eq!(report.machines[0].tone, Tone::Amber);
    assert_eq!(report.state.tone, Tone::Amber);
    let job = &step(StepKind::FailBack).jobs[0];
    assert_eq!((job.tone, job.tasks[0].tone), (Tone::Amber, Tone::Amber));
    let mut lines = journal();
    let failure = Failure::new("Nobody knows.", "", Retry::LookFirst);
    for line in &mut lines {
        if let Record::StepEnded { end, .. } = &mut line.record {
            *end = End::Unknown(Box::new(failure.clone()));
        }
    }
    let plan = plan();
    let report = Report::of(&source(&lines, &plan, &[])).unwrap();
    assert_eq!(report.machines[0].tone, Tone::Unknown);
    assert!(markdown::write(&report, &utc()).contains("? unknown"));
}

#[test]
fn every_attempt_is_told_with_its_ids_and_what_became_of_it() {
    let report = report();
    let machine = &report.machines[0];
    let step = machine.steps.iter().find(|s| s.step == StepKind::FailBack);
    let attempts = &step.unwrap().attempts;
    let told: Vec<_> = attempts
        .iter()
        .map(|a| (a.attempt, a.outcome, a.found, a.job_id.is_some()))
        .collect();
    assert_eq!(
        told,
        [(1, "notSent", false, false), (2, "accepted", true, true)]
    );
    assert!(attempts[0].request_id != attempts[1].request_id);
    assert_eq!(
        attempts[0].failure.as_ref().unwrap().said.as_str(),
        "Try later."
    );
    assert_eq!(
        attempts[1].correlation_id.as_str(),
        "c0ffee00-0000-4000-8000-000000000001"
    );
}

#[test]
fn the_style_sheet_is_the_one_that_the_page_allows() {
    use sha2::{Digest, Sha256};
    let page = html::write(&report(), &utc());
    let style = page.split("<style>").nth(1).unwrap();
    let style = style.split("</style>").next().unwrap();
    let wanted = format!("sha256-{}", base64(&Sha256::digest(style.as_bytes())));
    assert_eq!(html::STYLE_HASH, wanted, "write this hash into html.rs");
    assert!(page.contains(&format!("style-src '{wanted}'")));
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("href="));
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let all = three
            .iter()
            .fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * at) & 63) as usize];
            out.push(if at > three.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    out
}
