mod properties;
mod under_way;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::place::Generation;
use crate::domain::run::{
    Closing, End, Launch, Line, Question, QuestionId, Record, RunId, Synchronisation, Topic,
};
use crate::domain::size::Bytes;
use crate::domain::{Failure, Person, Retry};

const CLASSIC: [StepKind; 7] = [
    StepKind::Quiesce,
    StepKind::Drain,
    StepKind::Door,
    StepKind::FailBack,
    StepKind::VerifyAzureOff,
    StepKind::VerifySurvivor,
    StepKind::Commit,
];

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/s/x/vaults/v/items/{name}")).unwrap()
}

fn planned(name: &str, wave: usize, after: &[&str], steps: &[StepKind]) -> Planned {
    Planned {
        id: id(name),
        name: name.into(),
        wave,
        generation: Some(Generation::Classic),
        after: after.iter().map(|name| id(name)).collect(),
        optional: false,
        disks: None,
        pending: None,
        steps: steps.to_vec(),
    }
}

/// Lines of a run, each with the second at which it was written.
fn lines(machines: Vec<Planned>, records: Vec<(i64, Record)>) -> Vec<Line> {
    let launch = Launch {
        schema: "failback/run/1".into(),
        run: RunId::new(Timestamp::UNIX_EPOCH, 1),
        site: "lab".into(),
        name: "ERP home".into(),
        slug: None,
        intent: "fail back".into(),
        by: Person {
            name: "kim".into(),
            host: "jump-01".into(),
            from: None,
        },
        program: "failback 0".into(),
        machines,
    };
    let first = (0, Record::Launched(Box::new(launch)));
    let line = |((second, record), number)| Line {
        number,
        at: at(second),
        before: "".into(),
        record,
    };
    std::iter::once(first)
        .chain(records)
        .zip(1..)
        .map(line)
        .collect()
}

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn began(name: &str, step: StepKind) -> Record {
    Record::StepBegan {
        machine: id(name),
        step,
    }
}

fn ended(name: &str, step: StepKind, end: End) -> Record {
    Record::StepEnded {
        machine: id(name),
        step,
        end,
    }
}

fn synchronising(name: &str, step: StepKind, pending: Option<u64>, percent: Option<u8>) -> Record {
    Record::Synchronising {
        machine: id(name),
        step,
        state: Synchronisation {
            percent,
            pending: pending.map(Bytes),
            rpo_seconds: None,
        },
    }
}

/// A run in which each of these steps of a machine took so many seconds, one after the other.
fn past(took: &[(StepKind, i64)]) -> Vec<Line> {
    let mut records = Vec::new();
    let mut second = 0;
    for (step, seconds) in took {
        records.push((second, began("old", *step)));
        second += seconds;
        records.push((second, ended("old", *step, End::Done)));
    }
    lines(vec![planned("old", 1, &[], &CLASSIC)], records)
}

fn history(runs: &[&[(StepKind, i64)]]) -> History {
    let runs: Vec<Vec<Line>> = runs.iter().map(|took| past(took)).collect();
    History::of(runs.iter().map(Vec::as_slice))
}

/// Past runs in which every counted step of a classic failback took some time.
fn usual() -> History {
    let took = [
        (StepKind::Drain, 300),
        (StepKind::FailBack, 600),
        (StepKind::VerifyAzureOff, 60),
    ];
    history(&[&took, &took, &took])
}

/// Of machine `a`.
fn knowing(facts: Facts) -> Known {
    let mut known = Known::default();
    known.set(id("a"), facts);
    known
}

fn plan(machines: &[Planned], history: &History) -> Forecast {
    of_plan(machines, &Known::default(), history)
}

#[test]
fn without_evidence_a_time_is_unknown_and_no_number() {
    let forecast = plan(&[planned("a", 1, &[], &CLASSIC)], &History::default());
    assert!(forecast.is_unknown());
    assert_eq!(forecast.short(), "?");
    let gaps: Vec<StepKind> = forecast.gaps.iter().map(|gap| gap.step).collect();
    assert_eq!(
        gaps,
        [
            StepKind::Drain,
            StepKind::FailBack,
            StepKind::VerifyAzureOff
        ]
    );
    assert!(
        forecast.words().starts_with("not known: drain"),
        "{}",
        forecast.words()
    );
}

#[test]
fn what_is_partly_unknown_is_told_as_at_least() {
    let known = history(&[&[(StepKind::FailBack, 600)]]);
    let forecast = plan(&[planned("a", 1, &[], &CLASSIC)], &known);
    assert_eq!(forecast.short(), "> 6 min");
    assert_eq!(forecast.machines[0].short(), "> 6 min");
    let words = forecast.words();
    assert!(words.starts_with("at least about 10 min"), "{words}");
    assert!(
        words.contains("not known: drain what is on its way"),
        "{words}"
    );
    assert!(forecast.machines[0].at_least);
}

#[test]
fn the_steps_of_people_are_not_counted_and_that_is_told() {
    let forecast = plan(&[planned("a", 1, &[], &CLASSIC)], &usual());
    assert_eq!(forecast.people, 3);
    assert_eq!(forecast.total.likely(), 960);
    let people = [StepKind::VerifySurvivor, StepKind::Commit];
    let alone = plan(&[planned("a", 1, &[], &people)], &usual());
    assert!(alone.is_through());
    assert_eq!(alone.people, 2);
}

#[test]
fn waves_follow_each_other_and_their_preparation_does_not_wait() {
    let machines = [
        planned("dc", 1, &[], &CLASSIC),
        planned("sql", 2, &[], &CLASSIC),
        planned("web", 3, &[], &CLASSIC),
    ];
    let forecast = plan(&machines, &usual());
    assert_eq!(forecast.total.likely(), 300 + 3 * 660);
    let path: Vec<(&str, StepKind)> = forecast
        .path
        .iter()
        .map(|leg| (leg.name.as_str(), leg.step))
        .collect();
    use StepKind::{Drain, FailBack, VerifyAzureOff};
    assert_eq!(
        path,
        [
            ("dc", Drain),
            ("dc", FailBack),
            ("dc", VerifyAzureOff),
            ("sql", FailBack),
            ("sql", VerifyAzureOff),
            ("web", FailBack),
            ("web", VerifyAzureOff),
        ]
    );
}

#[test]
fn a_machine_waits_for_those_of_its_wave_that_it_names_alone() {
    let machines = [
        planned("web", 1, &["sql"], &CLASSIC),
        planned("sql", 1, &["dc"], &CLASSIC),
        planned("dc", 1, &[], &CLASSIC),
        planned("other", 1, &[], &CLASSIC),
    ];
    let forecast = plan(&machines, &usual());
    assert_eq!(forecast.total.likely(), 300 + 3 * 660);
    assert_eq!(forecast.machines[3].arrives.likely(), 960);
}

#[test]
fn where_only_so_many_are_cut_over_at_once_the_others_wait_for_room() {
    let names = ["a", "b", "c", "d"];
    let machines: Vec<Planned> = names.map(|name| planned(name, 1, &[], &CLASSIC)).into();
    let at_once = |most| {
        let mut known = Known::default();
        known.at_once = most;
        of_plan(&machines, &known, &usual())
    };
    assert_eq!(at_once(None).total.likely(), 960);
    assert_eq!(at_once(Some(2)).total.likely(), 300 + 2 * 660);
    let alone = at_once(Some(1));
    assert_eq!(alone.total.likely(), 300 + 4 * 660);
    let legs = alone.path.chunk_by(|a, b| a.machine == b.machine);
    let names: Vec<&str> = legs.map(|own| own[0].name.as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(at_once(Some(100)).total.likely(), 960);
}

#[test]
fn a_delay_of_the_plan_is_known_and_a_wait_for_an_answer_is_not() {
    let machines = [planned("a", 1, &[], &[StepKind::Door, StepKind::Ready])];
    let wait = |ready| {
        let facts = Facts {
            ready,
            ..Facts::default()
        };
        of_plan(&machines, &knowing(facts), &History::default())
    };
    assert_eq!(wait(Some(300)).words(), "5 min, from what the plan says");
    assert!(wait(None).is_unknown());
}

#[test]
fn an_order_in_a_circle_still_ends() {
    let machines = [
        planned("a", 1, &["b"], &CLASSIC),
        planned("b", 1, &["a"], &CLASSIC),
        planned("c", 1, &["c", "nobody"], &CLASSIC),
        planned("d", 1, &["e"], &CLASSIC),
        planned("e", 2, &[], &CLASSIC),
    ];
    let forecast = plan(&machines, &usual());
    assert!(forecast.total.likely() >= 960);
    assert_eq!(forecast.machines.len(), 5);
}

#[test]
fn pending_data_at_a_measured_rate_tells_the_drain() {
    let facts = Facts {
        pending: Some(Bytes(600_000)),
        rate: Some(1_000),
        ..Facts::default()
    };
    let facts = knowing(facts);
    let machines = [planned("a", 1, &[], &CLASSIC)];
    let forecast = of_plan(&machines, &facts, &History::default());
    let drain = forecast.machines[0].steps[1].guess;
    let range = Range::new(400, 600, 1200);
    let from = Basis::Data;
    assert_eq!(drain, Guess::About { range, from });
}

#[test]
fn rates_of_past_runs_stand_in_for_one_that_was_not_measured() {
    let pending = |second, bytes| {
        (
            second,
            synchronising("old", StepKind::Drain, Some(bytes), None),
        )
    };
    let run = lines(
        vec![planned("old", 1, &[], &CLASSIC)],
        vec![
            (0, began("old", StepKind::Drain)),
            pending(10, 500_000),
            pending(70, 900_000),
            pending(170, 100_000),
            (
                200,
                ended("old", StepKind::Drain, End::Failed(Box::new(failure()))),
            ),
        ],
    );
    let history = History::of([run.as_slice()]);
    let facts = knowing(Facts {
        pending: Some(Bytes(800_000)),
        ..Facts::default()
    });
    let forecast = of_plan(&[planned("a", 1, &[], &CLASSIC)], &facts, &history);
    // 800,000 bytes in 100 seconds, of which one run is little evidence.
    assert_eq!(
        forecast.machines[0].steps[1].guess.range(),
        Some(Range::new(67, 100, 200))
    );
}

fn failure() -> Failure {
    Failure::new("no", "", Retry::LookFirst)
}

fn asked(step: StepKind) -> Record {
    Record::Asked(Box::new(Question {
        id: QuestionId(1),
        topic: Topic::Failed,
        machine: Some(id("old")),
        step: Some(step),
        words: "Again?".into(),
        evidence: Vec::new(),
        checks: Vec::new(),
        until: None,
        choices: Vec::new(),
    }))
}

#[test]
fn a_step_that_failed_or_stood_still_or_waited_for_a_person_teaches_nothing() {
    let step = StepKind::FailBack;
    let told = |middle: Vec<Record>, end: End| {
        let mut records = vec![(0, began("old", step))];
        records.extend(middle.into_iter().map(|record| (50, record)));
        records.push((100, ended("old", step, end)));
        let run = lines(vec![planned("old", 1, &[], &CLASSIC)], records);
        History::of([run.as_slice()]).runs()
    };
    let paused = Record::Paused { why: "kim".into() };
    assert_eq!(told(vec![], End::Done), 1);
    assert_eq!(told(vec![], End::DoneBut(vec!["late".into()])), 1);
    assert_eq!(told(vec![], End::Failed(Box::new(failure()))), 0);
    assert_eq!(told(vec![asked(step)], End::Done), 0);
    assert_eq!(told(vec![paused, Record::WentOn], End::Done), 0);
    assert_eq!(told(vec![began("old", step)], End::Done), 0);
}

#[test]
fn several_past_runs_give_their_own_spread() {
    let run = |seconds| [(StepKind::FailBack, seconds)];
    let times: Vec<[(StepKind, i64); 1]> = (1..=11).map(|n| run(n * 60)).collect();
    let times: Vec<&[(StepKind, i64)]> = times.iter().map(<[_; 1]>::as_slice).collect();
    let forecast = plan(
        &[planned("a", 1, &[], &[StepKind::FailBack])],
        &history(&times),
    );
    assert_eq!(forecast.total, Range::new(120, 360, 600));
    assert_eq!(forecast.words(), "about 6 min (2-10), from 11 past runs");
}

#[test]
fn one_past_run_does_not_push_aside_what_is_recorded() {
    let mut own = planned("a", 1, &[], &[StepKind::FailBack]);
    own.generation = Some(Generation::HyperV);
    let recorded = plan(&[own.clone()], &History::default());
    assert_eq!(recorded.total, Range::new(180, 510, 1320));
    assert_eq!(recorded.past_runs, 0);
    assert!(
        recorded
            .words()
            .ends_with("from durations recorded elsewhere")
    );
    let mut run = past(&[(StepKind::FailBack, 100)]);
    if let Record::Launched(launch) = &mut run[0].record {
        launch.machines[0].generation = Some(Generation::HyperV);
    }
    let both = plan(&[own], &History::of([run.as_slice()]));
    assert_eq!(both.total, Range::new(67, 305, 1320));
    assert_eq!(both.past_runs, 1);
}

#[test]
fn times_are_told_as_people_say_them() {
    assert_eq!(Range::new(30, 45, 90).words(), "about 45 s (30-90)");
    assert_eq!(Range::new(1500, 2220, 3600).words(), "about 37 min (25-60)");
    assert_eq!(
        Range::new(7200, 9000, 14_400).words(),
        "about 2:30 h (2:00-4:00)"
    );
    assert_eq!(Range::new(120, 120, 120).words(), "2 min");
    assert_eq!(Range::new(1500, 2220, 3600).short(), "25-60 min");
}
