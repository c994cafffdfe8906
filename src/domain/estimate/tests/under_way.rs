//! Runs that are under way.

use super::*;

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

/// Two machines of two waves, and what a run of them has told so far.
fn of_two(machines: [Planned; 2], records: Vec<(i64, Record)>) -> (Run, Beforehand) {
    let lines = lines(machines.into(), records);
    let mut beforehand = Beforehand::default();
    lines.iter().for_each(|line| beforehand.take(line));
    (Run::fold(&lines).unwrap(), beforehand)
}

#[test]
fn what_the_first_machine_took_tells_of_the_next_in_the_same_run() {
    let steps = [StepKind::Door, StepKind::FailBack];
    let machines = [planned("a", 1, &[], &steps), planned("b", 2, &[], &steps)];
    let (run, beforehand) = of_two(
        machines,
        vec![
            (0, began("a", StepKind::FailBack)),
            (600, ended("a", StepKind::FailBack, End::Done)),
        ],
    );
    let left = beforehand.left(&run, at(600));
    let of_b = left.machine(&id("b")).unwrap().step(StepKind::FailBack);
    assert_eq!(
        of_b.unwrap().reasoned().unwrap(),
        "about 10 min (6-15), done once before"
    );
    assert_eq!(left.past_runs, 0);
    assert!(left.words().ends_with("from what was done in this run"));
    // Not fed with the run's lines it does not know.
    assert!(Beforehand::default().left(&run, at(600)).is_unknown());
}

#[test]
fn what_was_on_its_way_at_the_launch_counts_until_data_was_moved() {
    let machine = Planned {
        pending: Some(Bytes(1_000_000)),
        ..planned("a", 1, &[], &CLASSIC)
    };
    let at_launch = |records| {
        let run = Run::fold(&lines(vec![machine.clone()], records)).unwrap();
        let mut known = Known::default();
        known.set(
            id("a"),
            Facts {
                rate: Some(10_000),
                ..Facts::default()
            },
        );
        let left = of_run(&run, &known, &usual(), at(300));
        let own = left.machine(&id("a")).unwrap();
        own.step(StepKind::FailBack).unwrap().range().unwrap()
    };
    let moved = vec![
        (0, began("a", StepKind::Drain)),
        (300, ended("a", StepKind::Drain, End::Done)),
    ];
    assert_eq!(at_launch(vec![]).likely(), 600 + 100);
    assert_eq!(at_launch(moved).likely(), 600);
}
