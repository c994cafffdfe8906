use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

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
    assert_eq!(forecast.short(), "> 10 min");
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
    assert_eq!(
        wait(Some(300)).words(),
        "about 5 min, from what the plan says"
    );
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

fn running(records: Vec<(i64, Record)>) -> Run {
    let machines = vec![planned("a", 1, &[], &CLASSIC)];
    Run::fold(&lines(machines, records)).unwrap()
}

fn left(run: &Run, now: i64) -> Forecast {
    of_run(run, &Known::default(), &usual(), at(now))
}

#[test]
fn what_was_done_is_left_out() {
    let run = running(vec![
        (0, began("a", StepKind::Drain)),
        (250, ended("a", StepKind::Drain, End::Done)),
    ]);
    assert_eq!(left(&run, 260).total.likely(), 660);
}

#[test]
fn a_step_that_takes_longer_than_it_should_widens_and_is_never_nothing() {
    let run = running(vec![(0, began("a", StepKind::FailBack))]);
    let guess = |now| {
        let machine = left(&run, now).machines.remove(0);
        let own = machine.steps.iter().find(|s| s.step == StepKind::FailBack);
        own.unwrap().guess.range().unwrap()
    };
    assert_eq!(guess(100).likely(), 500);
    let mut before = guess(700);
    for now in [1_000, 5_000, 100_000] {
        let late = guess(now);
        assert!(
            late.low() >= 1 && late.likely() > before.likely(),
            "{late:?}"
        );
        assert!(
            late.high() - late.low() > before.high() - before.low(),
            "{late:?}"
        );
        before = late;
    }
}

#[test]
fn what_moved_in_this_run_tells_more_than_the_past() {
    let note = |second, bytes| {
        (
            second,
            synchronising("a", StepKind::Drain, Some(bytes), None),
        )
    };
    let run = running(vec![
        (0, began("a", StepKind::Drain)),
        note(0, 3_000_000),
        note(100, 2_000_000),
    ]);
    let drain = left(&run, 100).machines[0].steps[1].guess;
    let range = Range::new(134, 200, 400);
    let from = Basis::Data;
    assert_eq!(drain, Guess::About { range, from });
    // By and by it is less, until more is told.
    assert_eq!(
        left(&run, 150).machines[0].steps[1]
            .guess
            .range()
            .unwrap()
            .likely(),
        150
    );
}

#[test]
fn a_percentage_tells_what_is_left_where_bytes_do_not() {
    let run = running(vec![
        (0, began("a", StepKind::Drain)),
        (100, synchronising("a", StepKind::Drain, None, Some(25))),
    ]);
    let drain = left(&run, 100).machines[0].steps[1].guess;
    let range = Range::new(200, 300, 450);
    let from = Basis::Progress;
    assert_eq!(drain, Guess::About { range, from });
}

#[test]
fn a_run_that_is_over_takes_no_time() {
    let run = running(vec![(5, Record::Closed(Closing::Failed))]);
    assert_eq!(left(&run, 10).short(), "-");
}

#[test]
fn times_are_told_as_people_say_them() {
    assert_eq!(Range::new(30, 45, 90).words(), "about 45 s (30-90)");
    assert_eq!(Range::new(1500, 2220, 3600).words(), "about 37 min (25-60)");
    assert_eq!(
        Range::new(7200, 9000, 14_400).words(),
        "about 2:30 h (2:00-4:00)"
    );
    assert_eq!(Range::new(120, 120, 120).words(), "about 2 min");
}

fn step() -> impl Strategy<Value = StepKind> {
    prop::sample::select(vec![
        StepKind::Quiesce,
        StepKind::Drain,
        StepKind::StopAzureVm,
        StepKind::FailBack,
        StepKind::VerifyAzureOff,
        StepKind::Commit,
    ])
}

/// A plan of up to a dozen machines in up to four waves, each waiting for some before it in the list.
fn plans() -> impl Strategy<Value = Vec<Planned>> {
    let machine = (
        1..4_usize,
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::collection::vec(step(), 0..3),
        prop::collection::vec(step(), 0..3),
        any::<bool>(),
    );
    prop::collection::vec(machine, 1..12).prop_map(|machines| {
        let mut all: Vec<Planned> = Vec::new();
        for (at, (wave, after, before, behind, door)) in machines.into_iter().enumerate() {
            let after: Vec<String> = after
                .iter()
                .filter(|_| at > 0)
                .map(|index| format!("m{}", index.index(at)))
                .collect();
            let after: Vec<&str> = after.iter().map(String::as_str).collect();
            let mut steps = before;
            steps.extend(door.then_some(StepKind::Door));
            steps.extend(behind);
            all.push(planned(&format!("m{at}"), wave, &after, &steps));
        }
        all
    })
}

fn pasts() -> impl Strategy<Value = History> {
    let run = prop::collection::vec((step(), 0..10_000_i64), 0..6);
    prop::collection::vec(run, 0..5).prop_map(|runs| {
        let runs: Vec<&[(StepKind, i64)]> = runs.iter().map(Vec::as_slice).collect();
        history(&runs)
    })
}

fn is_ordered(range: Range) -> bool {
    range.low() <= range.likely() && range.likely() <= range.high()
}

proptest! {
    #[test]
    fn every_range_is_in_order_and_the_whole_is_at_least_the_longest_machine(
        machines in plans(),
        history in pasts(),
    ) {
        let forecast = plan(&machines, &history);
        prop_assert!(is_ordered(forecast.total));
        for own in &forecast.machines {
            prop_assert!(is_ordered(own.own) && is_ordered(own.arrives));
            for (of, whole) in [(own.own, own.arrives), (own.arrives, forecast.total)] {
                prop_assert!(of.low() <= whole.low());
                prop_assert!(of.likely() <= whole.likely());
                prop_assert!(of.high() <= whole.high());
            }
        }
    }

    #[test]
    fn the_critical_path_is_a_way_through_the_order_and_as_long_as_the_whole(
        machines in plans(),
        history in pasts(),
    ) {
        let forecast = plan(&machines, &history);
        let legs = &forecast.path;
        let sum: u64 = legs.iter().filter_map(|leg| Some(leg.guess.range()?.likely())).sum();
        prop_assert_eq!(sum, forecast.total.likely());
        let of = |id: &ArmId| machines.iter().find(|m| m.id == *id).unwrap();
        let runs: Vec<&[Leg]> = legs.chunk_by(|a, b| a.machine == b.machine).collect();
        for own in &runs {
            // In the order of the recipe.
            let steps = &of(&own[0].machine).steps;
            let mut rest = steps.iter();
            prop_assert!(own.iter().all(|leg| rest.any(|step| *step == leg.step)));
        }
        for (own, next) in runs.iter().zip(runs.iter().skip(1)) {
            let (own, next) = (of(&own[0].machine), of(&next[0].machine));
            prop_assert!(next.steps.contains(&StepKind::Door));
            // A machine between the two may have nothing to count: then it stands for what it
            // waited for.
            let behind = own.wave < next.wave || waits_for(&machines, next, &own.id);
            prop_assert!(behind, "{} before {}", own.name, next.name);
        }
    }

    #[test]
    fn more_to_move_never_takes_less(
        machines in plans(),
        history in pasts(),
        pending in 0..1_000_000_000_u64,
        more in 0..1_000_000_000_u64,
        rate in 1..1_000_000_u64,
    ) {
        let with = |pending| {
            let facts = Facts { pending: Some(Bytes(pending)), rate: Some(rate), ..Facts::default() };
            let mut known = Known::default();
            machines.iter().for_each(|m| known.set(m.id.clone(), facts));
            of_plan(&machines, &known, &history).total
        };
        let (less, more) = (with(pending), with(pending + more));
        prop_assert!(less.low() <= more.low());
        prop_assert!(less.likely() <= more.likely());
        prop_assert!(less.high() <= more.high());
    }

    #[test]
    fn what_is_left_of_a_running_step_is_in_order_and_never_nothing(
        low in 0..100_000_u64,
        likely in 0..100_000_u64,
        high in 0..100_000_u64,
        elapsed in 0..1_000_000_u64,
    ) {
        let range = Range::new(low, likely, high).after(elapsed);
        prop_assert!(is_ordered(range));
        prop_assert!(range.low() >= 1);
    }
}

/// Whether a machine waits for another, over whichever others.
fn waits_for(machines: &[Planned], own: &Planned, other: &ArmId) -> bool {
    own.after.iter().any(|id| {
        let next = machines.iter().find(|m| m.id == *id);
        id == other
            || next.is_some_and(|next| next.wave <= own.wave && waits_for(machines, next, other))
    })
}
