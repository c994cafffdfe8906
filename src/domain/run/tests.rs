use super::*;
use crate::domain::recipe::StepKind;
use crate::domain::{ArmId, Call, Generation, Method, Person, RequestId, Text};

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
            from: None,
        },
        program: "failback 0".into(),
        machines: names
            .iter()
            .map(|name| Planned {
                id: machine(name),
                name: (*name).into(),
                wave: 1,
                generation: None,
                after: Vec::new(),
                optional: false,
                disks: None,
                pending: None,
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
        checks: Vec::new(),
        until: None,
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
        from: None,
    };
    let refused = Some(Text::from("it is not paused"));
    let run = fold(vec![
        launch(&["a"], &[StepKind::FailBack]),
        Record::Requested {
            by,
            request: Request::GoOn,
            refused: refused.clone(),
            asked: None,
        },
    ]);
    assert_eq!(run.heard[0].request, Request::GoOn);
    assert_eq!(run.heard[0].refused, refused);
}

/// A machine of one generation whose steps ended as said, those that are done having been sent.
fn course(generation: Generation, ends: &[(StepKind, End)]) -> MachineRun {
    let steps: Vec<StepKind> = ends.iter().map(|(step, _)| *step).collect();
    let mut launched = launch(&["a"], &steps);
    if let Record::Launched(launch) = &mut launched {
        launch.machines[0].generation = Some(generation);
    }
    let mut records = vec![launched];
    for (step, end) in ends {
        let sent = matches!(end, End::Done | End::DoneBut(_));
        records.push(Record::StepBegan {
            machine: machine("a"),
            step: *step,
        });
        records.extend(sent.then(|| Record::Intent {
            attempt: Attempt {
                machine: machine("a"),
                step: *step,
                attempt: 1,
            },
            call: Call {
                method: Method::Post,
                path: "/x".into(),
                body: None,
            },
            request: RequestId::derived("r", &machine("a"), step.word(), 1),
            mark: None,
            service_time: jiff::Timestamp::UNIX_EPOCH,
        }));
        records.push(ended("a", *step, end.clone()));
    }
    fold(records).machines.remove(0)
}

#[test]
fn what_is_left_uncommitted_at_the_end_still_has_its_way_back() {
    use Generation::{Classic, HyperV, Modernised};
    let left = || End::Left("by kim".into());
    let home = |commit: End| vec![(StepKind::FailBack, End::Done), (StepKind::Commit, commit)];
    let over = [(StepKind::FailOver, End::Done), (StepKind::Commit, left())];
    let back = |generation, ends: &[(StepKind, End)]| course(generation, ends).way_back();
    assert_eq!(
        back(Modernised, &home(left())),
        "Cancel failover, until commit"
    );
    assert_eq!(back(Modernised, &home(End::Done)), "none: it is committed");
    for generation in [Classic, HyperV] {
        assert!(back(generation, &home(left())).starts_with("none"));
    }
    for generation in [Classic, Modernised, HyperV] {
        assert_eq!(
            back(generation, &over),
            "another recovery point, until commit"
        );
    }
    let failed = || End::NotBegun("no".into());
    let not = [(StepKind::FailBack, failed()), (StepKind::Commit, failed())];
    assert_eq!(back(Modernised, &not), "none: it is over");
    let torn = [
        (StepKind::Synchronise, End::Done),
        (StepKind::Complete, failed()),
        (StepKind::Commit, failed()),
    ];
    assert!(back(HyperV, &torn).contains("never cancel its job"));
}

#[test]
fn who_asked_from_where_and_when_is_told_and_journals_without_it_read_as_before() {
    let old = r#"{"name":"kim","host":"jump-01"}"#;
    let kim: Person = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&kim).unwrap(), old);
    assert_eq!(kim.to_string(), "kim on jump-01");
    let far = Person {
        from: Some("10.8.0.21".into()),
        ..kim.clone()
    };
    assert_eq!(far.to_string(), "kim on jump-01 from 10.8.0.21");
    let back: Person = serde_json::from_str(&serde_json::to_string(&far).unwrap()).unwrap();
    assert_eq!(back, far);

    let record = Record::Requested {
        by: kim,
        request: Request::Stop,
        refused: None,
        asked: None,
    };
    let text = serde_json::to_string(&record).unwrap();
    assert!(!text.contains("asked"), "{text}");
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
}

#[test]
fn a_step_that_was_not_planned_stands_behind_what_has_begun_and_is_the_current_one() {
    let steps = [
        StepKind::FailBack,
        StepKind::VerifySurvivor,
        StepKind::Commit,
    ];
    let began = |step| Record::StepBegan {
        machine: machine("a"),
        step,
    };
    let mut records = vec![
        launch(&["a"], &steps),
        began(StepKind::FailBack),
        ended("a", StepKind::FailBack, End::Done),
        began(StepKind::VerifySurvivor),
        ended(
            "a",
            StepKind::VerifySurvivor,
            End::Left("to be cancelled".into()),
        ),
        began(StepKind::CancelFailover),
    ];
    let kinds = |run: &Run| -> Vec<StepKind> {
        let steps = run.machines[0].steps.iter();
        steps.map(|step| step.kind).collect()
    };
    let run = fold(records.clone());
    let wanted = [
        StepKind::FailBack,
        StepKind::VerifySurvivor,
        StepKind::CancelFailover,
        StepKind::Commit,
    ];
    assert_eq!(kinds(&run), wanted);
    let current = run.machines[0].current().map(|step| step.kind);
    assert_eq!(current, Some(StepKind::CancelFailover));
    assert_ne!(run.state, RunState::Arrived);
    assert_eq!(run.progress(), (2, 4));
    // It is taken up once, and a machine that the run does not have changes nothing.
    records.push(began(StepKind::CancelFailover));
    records.push(Record::StepBegan {
        machine: machine("b"),
        step: StepKind::CancelFailover,
    });
    assert_eq!(kinds(&fold(records)), wanted);
}

#[test]
fn how_far_the_services_clock_is_ahead_is_told_by_what_was_last_sent() {
    let run = fold(vec![launch(&["a"], &[StepKind::Commit])]);
    assert_eq!(run.ahead, None);
    let intent = Record::Intent {
        attempt: Attempt {
            machine: machine("a"),
            step: StepKind::Commit,
            attempt: 1,
        },
        call: Call {
            method: Method::Post,
            path: "/x".into(),
            body: None,
        },
        request: RequestId::random(),
        mark: None,
        service_time: jiff::Timestamp::from_second(600).unwrap(),
    };
    let mut run = run;
    run.apply(&Line {
        number: 2,
        at: jiff::Timestamp::from_second(0).unwrap(),
        before: "00".into(),
        record: intent,
    });
    assert_eq!(run.ahead, Some(jiff::SignedDuration::from_mins(10)));
}

#[test]
fn a_tick_counts_only_at_what_was_to_be_looked_at() {
    let question = Question {
        id: QuestionId(1),
        topic: Topic::Survivor,
        machine: Some(machine("a")),
        step: Some(StepKind::VerifySurvivor),
        words: "Is it as it should be?".into(),
        evidence: Vec::new(),
        checks: vec!["The shop takes an order".into()],
        until: None,
        choices: vec![Choice {
            name: "verified".into(),
            words: "It is.".into(),
            typed: None,
            reason: true,
        }],
    };
    let answer = |tick: &str| Answer {
        question: question.id,
        choice: "verified".into(),
        typed: None,
        why: Some("seen".into()),
        ticked: vec![tick.into()],
    };
    assert!(question.choose(&answer("The shop takes an order")).is_ok());
    let refused = question.choose(&answer("The shop pays out")).unwrap_err();
    assert!(refused.contains("not among what is to be looked at"));
}

#[test]
fn a_remark_names_its_machine_once() {
    let remark = |of: Option<&str>, words: &str| Record::Remark {
        machine: of.map(machine),
        step: None,
        words: words.into(),
    };
    let run = fold(vec![
        launch(&["a-01"], &[StepKind::FailBack]),
        remark(Some("a-01"), "The temporary disk was taken out of use"),
        remark(Some("a-01"), "a-01 is quiet"),
        remark(None, "The command before the plan ended well"),
        remark(Some("nobody"), "It is gone"),
    ]);
    let told: Vec<&str> = run
        .remarks
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "a-01: The temporary disk was taken out of use",
            "a-01 is quiet",
            "The command before the plan ended well",
            "It is gone",
        ]
    );
}
