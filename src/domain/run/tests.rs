use super::*;
use crate::domain::recipe::StepKind;
use crate::domain::{ArmId, Person, Text};

fn machine(name: &str) -> ArmId {
    ArmId::parse(&format!("/s/x/vaults/v/items/{name}")).unwrap()
}

fn launch(names: &[&str], steps: &[StepKind]) -> Record {
    Record::Launched(Box::new(Launch {
        schema: "failback/run/1".into(),
        run: RunId::new(jiff::Timestamp::UNIX_EPOCH, 7),
        site: "lab".into(),
        name: "ERP home".into(),
        slug: None,
        intent: "fail back".into(),
        by: Person {
            name: "kim".into(),
            host: "jump-01".into(),
        },
        program: "failback 0".into(),
        machines: names
            .iter()
            .map(|name| Planned {
                id: machine(name),
                name: (*name).into(),
                wave: 1,
                generation: None,
                steps: steps.to_vec(),
            })
            .collect(),
    }))
}

fn fold(records: Vec<Record>) -> Run {
    let lines: Vec<Line> = records
        .into_iter()
        .zip(1..)
        .map(|(record, number)| Line {
            number,
            at: jiff::Timestamp::UNIX_EPOCH,
            before: "".into(),
            record,
        })
        .collect();
    Run::fold(&lines).unwrap()
}

fn ended(name: &str, step: StepKind, end: End) -> Record {
    Record::StepEnded {
        machine: machine(name),
        step,
        end,
    }
}

#[test]
fn a_run_that_only_has_to_be_looked_at_and_committed_has_arrived() {
    use StepKind as K;
    let steps = [K::FailBack, K::VerifySurvivor, K::Commit];
    let run = fold(vec![launch(&["a"], &steps)]);
    assert_eq!(run.state, RunState::Running);
    let run = fold(vec![
        launch(&["a"], &steps),
        ended("a", K::FailBack, End::Done),
    ]);
    assert_eq!(run.state, RunState::Arrived);
}

#[test]
fn a_failed_machine_has_not_arrived() {
    let failure = crate::domain::Failure::new("no", "", crate::domain::Retry::LookFirst);
    let end = End::Failed(Box::new(failure));
    let run = fold(vec![
        launch(&["a"], &[StepKind::FailBack]),
        ended("a", StepKind::FailBack, end),
    ]);
    assert_ne!(run.state, RunState::Arrived);
}

#[test]
fn an_open_question_of_the_only_busy_machine_makes_the_run_wait() {
    let question = Question {
        id: QuestionId(1),
        topic: Topic::Quiesce,
        machine: Some(machine("a")),
        step: Some(StepKind::Quiesce),
        words: "Are the applications quiet?".into(),
        evidence: Vec::new(),
        choices: Vec::new(),
    };
    let mut records = vec![
        launch(&["a", "b"], &[StepKind::Quiesce]),
        Record::Asked(Box::new(question)),
    ];
    assert_eq!(fold(records.clone()).state, RunState::Running);
    records.push(ended("b", StepKind::Quiesce, End::Done));
    assert_eq!(fold(records.clone()).state, RunState::Waiting);
    records.push(ended("a", StepKind::Quiesce, End::Done));
    let run = fold(records);
    assert!(run.questions.is_empty());
    assert_eq!(run.progress(), (2, 2));
}

#[test]
fn a_record_reads_as_it_was_written() {
    let record = Record::Accepted {
        attempt: Attempt {
            machine: machine("a"),
            step: StepKind::Commit,
            attempt: 1,
        },
        job: None,
        correlation: Text::from("c"),
    };
    let line = Line {
        number: 2,
        at: jiff::Timestamp::UNIX_EPOCH,
        before: "00".into(),
        record,
    };
    let text = serde_json::to_string(&line).unwrap();
    assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line, "{text}");
}

#[test]
fn a_hundred_thousand_lines_about_ten_thousand_machines_fold_in_one_go() {
    let names: Vec<String> = (0..10_000).map(|n| format!("vm-{n:05}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let steps = [StepKind::Quiesce, StepKind::Drain, StepKind::FailBack];
    let mut records = vec![launch(&names, &steps)];
    for step in steps {
        for name in &names {
            let machine = machine(name);
            records.push(Record::StepBegan { machine, step });
            records.extend((0..2).map(|_| Record::Remark {
                machine: Some(self::machine(name)),
                step: None,
                words: "still so".into(),
            }));
            records.push(ended(name, step, End::Done));
        }
    }
    let begun = std::time::Instant::now();
    let run = fold(records);
    // Far above what it takes; far below what looking at every machine for every line would.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    assert_eq!(run.progress(), (30_000, 30_000));
    assert_eq!(run.state, RunState::Arrived);
}

#[test]
fn what_people_asked_is_kept_with_what_became_of_it() {
    let by = Person {
        name: "kim".into(),
        host: "jump-01".into(),
    };
    let refused = Some(Text::from("it is not paused"));
    let run = fold(vec![
        launch(&["a"], &[StepKind::FailBack]),
        Record::Requested {
            by,
            request: Request::GoOn,
            refused: refused.clone(),
        },
    ]);
    assert_eq!(run.heard[0].request, Request::GoOn);
    assert_eq!(run.heard[0].refused, refused);
}
