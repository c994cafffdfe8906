use serde_json::json;

use super::*;
use crate::domain::run::Attempt;
use crate::domain::{ArmId, Failure, Retry};

#[test]
fn one_process_at_a_time_carries_a_run_out_and_looking_does_not_disturb_it() {
    let (_keep, folder) = run();
    assert!(!folder.is_live());
    let lock = folder.lock().unwrap();
    assert!(folder.is_live());
    let process = folder.holder().unwrap().process;
    assert_eq!(process, std::process::id());
    assert!(matches!(folder.lock(), Err(RunTrouble::Live(_))));
    drop(lock);
    assert!(!folder.is_live());
    assert_eq!(folder.holder(), None);
    // Somebody looks at the very moment.
    let looking = fs::File::open(folder.path().join("lock")).unwrap();
    looking.lock_shared().unwrap();
    let other = folder.clone();
    let taken = std::thread::spawn(move || other.lock().map(drop));
    std::thread::yield_now();
    drop(looking);
    taken.join().unwrap().unwrap();
}

#[test]
fn the_journal_of_another_run_is_not_written() {
    let (_keep, runs) = runs();
    let (one, two) = (runs.create(&id(1), &plan()), runs.create(&id(2), &plan()));
    let lock = one.unwrap().lock().unwrap();
    let refused = Journal::open(&two.unwrap(), &lock);
    assert!(matches!(refused, Err(RunTrouble::Live(_))));
}

#[test]
fn a_plan_that_is_being_run_is_not_run_a_second_time() {
    let (_keep, runs) = runs();
    let (one, two) = (runs.create(&id(1), &plan()), runs.create(&id(2), &plan()));
    let (one, two) = (one.unwrap(), two.unwrap());
    let lock = one.lock_alone(&plan(), &kim()).unwrap();
    let mut journal = Journal::open(&one, &lock).unwrap();
    journal.append(launched(&plan(), one.id())).unwrap();
    let Err(RunTrouble::Rival(rival)) = two.lock_alone(&plan(), &kim()) else {
        panic!("two runs of one plan");
    };
    assert_eq!((&rival.run, rival.by), (one.id(), Some(kim())));
    drop((journal, lock));
    assert!(two.lock_alone(&plan(), &kim()).is_ok());
}

#[test]
fn of_a_hundred_at_the_same_moment_one_runs() {
    let (_keep, runs) = runs();
    let folders: Vec<_> = (0..100)
        .map(|salt| runs.create(&id(salt), &plan()).unwrap())
        .collect();
    let start = std::sync::Barrier::new(folders.len());
    let locks: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = folders
            .iter()
            .map(|folder| {
                scope.spawn(|| {
                    start.wait();
                    folder.lock_alone(&plan(), &kim())
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(locks.iter().filter(|lock| lock.is_ok()).count(), 1);
    let mut refused = locks.into_iter().filter_map(Result::err);
    assert!(refused.all(|trouble| matches!(trouble, RunTrouble::Rival(_))));
}

#[test]
fn a_machine_that_is_through_is_in_nobodys_way() {
    let (_keep, runs) = runs();
    let one = runs.create(&id(1), &plan()).unwrap();
    let lock = one.lock().unwrap();
    let mut journal = Journal::open(&one, &lock).unwrap();
    journal.append(launched(&plan(), one.id())).unwrap();
    let other = Plan::new(
        crate::domain::plan::PlanName::parse("another").unwrap(),
        plan().intent().clone(),
    );
    let rival = runs.rival(other.as_ref().unwrap(), None).unwrap().unwrap();
    assert!(rival.machine.is_some());
    for machine in plan().machines() {
        let ended = Record::StepEnded {
            machine: machine.clone(),
            step: StepKind::FailBack,
            end: crate::domain::run::End::Done,
        };
        journal.append(ended).unwrap();
    }
    assert_eq!(runs.rival(&other.unwrap(), None).unwrap(), None);
}

fn sent(machine: &ArmId) -> Record {
    let call =
        json!({"method": "POST", "path": "/subscriptions/s/unplannedFailover", "body": null});
    let intent = json!({"intent": {
        "machine": machine, "step": "failBack", "attempt": 1, "call": call,
        "request": "8c1fba46-c4ab-5630-828c-ace92785bd1a", "mark": null,
        "service_time": "2026-11-21T09:20:00Z",
    }});
    serde_json::from_value(intent).unwrap()
}

#[test]
fn what_nobody_carries_out_stands_in_the_way_while_a_change_of_it_is_not_settled() {
    let (_keep, runs) = runs();
    let one = runs.create(&id(1), &plan()).unwrap();
    let lock = one.lock().unwrap();
    let mut journal = Journal::open(&one, &lock).unwrap();
    let machine = plan().machines()[0].clone();
    let began = Record::StepBegan {
        machine: machine.clone(),
        step: StepKind::FailBack,
    };
    for record in [launched(&plan(), one.id()), began, sent(&machine)] {
        journal.append(record).unwrap();
    }
    drop((journal, lock));
    let rival = runs.rival(&plan(), None).unwrap().unwrap();
    assert!(rival.unsettled && rival.machine.is_some(), "{rival:?}");
    assert_eq!(runs.rival(&plan(), Some(one.id())).unwrap(), None);
    let two = runs.create(&id(2), &plan()).unwrap();
    assert!(two.lock_alone(&plan(), &kim()).is_err());

    // The run itself goes on, and learns that nothing was made.
    let lock = one.lock_alone(&plan(), &kim()).unwrap();
    let mut journal = Journal::open(&one, &lock).unwrap();
    let failure = Failure::new("The connection was refused.", "", Retry::MayHelp);
    let attempt = Attempt {
        machine,
        step: StepKind::FailBack,
        attempt: 1,
    };
    let failure = Box::new(failure);
    journal
        .append(Record::NotSent { attempt, failure })
        .unwrap();
    drop((journal, lock));
    assert_eq!(runs.rival(&plan(), None).unwrap(), None);
    assert!(two.lock_alone(&plan(), &kim()).is_ok());
}
