//! The whole classic circle, carried out: protect, fail back, commit, protect to Azure.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Record, Topic};
use failback::simulator::Quirk;

use crate::lab::Lab;
use crate::run::*;

/// A machine that is committed in Azure.
const NAME: &str = "web-03";

/// Hours in seconds, jobs of the length that was recorded.
async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

#[tokio::test]
async fn a_machine_goes_the_whole_circle_and_every_call_is_sent_once() {
    let lab = contoso().await;
    let came = carry_out(&lab, &protect(&lab, &[NAME]).await, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(came.end(NAME, K::Protect), End::Done);
    assert_eq!(
        shown(&lab, NAME).await,
        ("Azure".into(), "Replicating home".into())
    );

    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(
        shown(&lab, NAME).await,
        ("on-prem".into(), "Failed back, committed".into())
    );

    let away = to_azure(&lab, &[NAME]).await;
    let came = carry_out(&lab, &away, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(
        shown(&lab, NAME).await,
        ("on-prem".into(), "Replicating to Azure".into())
    );
    let calls = [
        "reProtect",
        "unplannedFailover",
        "failoverCommit",
        "reProtect",
    ];
    assert_eq!(sent(&lab).await, calls);
}

#[tokio::test]
async fn every_call_stands_in_the_journal_before_it_is_sent_with_the_id_that_goes_out() {
    let lab = contoso().await;
    let home = bring_home(&lab, &[&["web-01"]]).await;
    let came = carry_out(&lab, &home, async |q| agrees(q)).await;
    let mut intents = Vec::new();
    for record in came.book.records() {
        match record {
            Record::Intent {
                attempt,
                call,
                request,
                mark,
                ..
            } => {
                assert!(mark.is_some());
                intents.push((attempt, call, request));
            }
            Record::Accepted {
                attempt,
                job,
                correlation,
            } => {
                assert_eq!(intents.last().unwrap().0, attempt);
                assert!(job.is_some() && !correlation.is_empty());
            }
            _ => {}
        }
    }
    let changes = lab.changes().await;
    assert_eq!(changes.len(), intents.len());
    for (seen, (_, call, request)) in changes.iter().zip(&intents) {
        assert_eq!(seen.path, call.path);
        assert_eq!(seen.client_request_id, Some(request.to_string()));
        let body = call
            .body
            .as_ref()
            .map(|body| serde_json::from_str(body).unwrap());
        assert_eq!(seen.body, body);
    }
}

/// Where in the journal something stands for the first time.
fn first(came: &Came, so: impl Fn(&Record) -> bool) -> usize {
    let at = came.book.records().iter().position(so);
    at.unwrap_or_else(|| panic!("{}", came.story()))
}

#[tokio::test]
async fn preparation_begins_for_all_at_once_and_a_wave_is_cut_over_when_the_one_before_is_home() {
    let lab = contoso().await;
    let plan = bring_home(&lab, &[&["erp-app"], &["web-01", "web-02"]]).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let run = came.run();
    let id = |name: &str| {
        let machine = run.machines.iter().find(|m| m.name.as_str() == name);
        machine.unwrap().id.clone()
    };
    let ended = |name: &str, wanted: K| {
        let own = id(name);
        first(
            &came,
            |r| matches!(r, Record::StepEnded { machine, step, .. } if *machine == own && *step == wanted),
        )
    };
    let sent = |name: &str| {
        let own = id(name);
        first(
            &came,
            |r| matches!(r, Record::Intent { attempt, .. } if attempt.machine == own && attempt.step == K::FailBack),
        )
    };
    // Who serves the others is quiesced last.
    for later in ["web-01", "web-02"] {
        assert!(ended(later, K::Quiesce) < ended("erp-app", K::Quiesce));
        // Drained long before their turn, at the door until the first wave is home.
        assert!(sent(later) > ended("erp-app", K::VerifyAzureOff));
        assert!(ended(later, K::Drain) < ended("erp-app", K::VerifyAzureOff));
    }
    // The second wave does not wait for anybody to look at the first, nor for its commit.
    assert!(sent("erp-app") < sent("web-01"));
}

#[tokio::test]
async fn when_a_machine_of_a_wave_does_not_come_home_a_person_decides_about_the_next() {
    for (choice, closing) in [("go-on", Closing::Failed), ("stop", Closing::Failed)] {
        let lab = contoso().await;
        lab.fault("POST unplannedFailover 1 job:8061").await;
        let waves: [&[&str]; 3] = [&["erp-app"], &["web-01"], &["web-02"]];
        let plan = bring_home(&lab, &waves).await;
        let came = carry_out(&lab, &plan, async |q| match q.topic {
            Topic::Failed => says(q, "give-up"),
            Topic::Wave => {
                assert_eq!(q.machine, None);
                let words = format!("{} {:?}", q.words, q.evidence);
                assert!(
                    words.contains("wave 1") && words.contains("erp-app"),
                    "{words}"
                );
                says(q, choice)
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(came.closing, Ok(closing), "{}", came.story());
        let asked = came.asked().into_iter().filter(|q| q.topic == Topic::Wave);
        // Once for all who wait, though each later wave stands before it.
        assert_eq!(asked.count(), 1);
        for name in ["web-01", "web-02"] {
            match choice {
                "go-on" => assert_eq!(came.end(name, K::Commit), End::Done),
                _ => {
                    assert!(matches!(came.end(name, K::Door), End::Left(_)));
                    assert!(matches!(came.end(name, K::FailBack), End::NotBegun(_)));
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_left_uncommitted_is_amber_and_can_be_committed_by_a_run_of_its_own() {
    let lab = contoso().await;
    let home = bring_home(&lab, &[&["web-01"]]).await;
    let came = carry_out(&lab, &home, async |q| match q.topic {
        Topic::Survivor => says(q, "leave"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut));
    for step in [K::VerifySurvivor, K::Commit] {
        assert!(
            matches!(came.end("web-01", step), End::Left(_)),
            "{}",
            came.story()
        );
    }
    assert!(came.asked().iter().all(|q| q.topic != Topic::Commit));

    let came = carry_out(&lab, &commit(&lab, "web-01").await, async |q| {
        if q.topic == Topic::Commit {
            assert_eq!(q.choices[0].name.as_str(), "leave");
            assert!(q.words.as_str().contains("Commit the failback of web-01?"));
            assert!(q.evidence[0].as_str().contains("delete its VM"));
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(sent(&lab).await, ["unplannedFailover", "failoverCommit"]);
}

#[tokio::test]
async fn the_words_of_a_commit_tell_the_direction_as_it_is_now() {
    let lab = contoso().await;
    let plan = commit(&lab, "büro-druck").await;
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic == Topic::Commit {
            assert!(
                q.words
                    .as_str()
                    .contains("Commit the failover of büro-druck to Azure?")
            );
            assert!(q.evidence[0].as_str().contains("other recovery points go"));
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let state = shown(&lab, "büro-druck").await;
    assert_eq!(state, ("Azure".into(), "Committed in Azure".into()));
}

#[tokio::test]
async fn a_commit_that_somebody_else_made_meanwhile_is_not_made_again() {
    let lab = contoso().await;
    let plan = commit(&lab, "dc-01").await;
    let id = item(&lab, "dc-01").await;
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic == Topic::Survivor {
            let path = format!("{id}/failoverCommit?api-version=2025-08-01");
            lab.post(&path, &serde_json::Value::Null).await;
            lab.turn_clock(200).await;
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    let words = came.amber("dc-01", K::Commit).join(" ");
    assert!(words.contains("somebody else did it already"), "{words}");
    assert_eq!(sent(&lab).await.len(), 1);
}

#[tokio::test]
async fn protect_to_azure_is_refused_while_a_commit_is_pending_because_it_would_commit() {
    let lab = contoso().await;
    let plan = to_azure(&lab, &["dc-01"]).await;
    let came = carry_out(&lab, &plan, async |q| {
        let told = format!("{:?}", q.evidence);
        assert!(told.contains("is not committed"), "{told}");
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert!(sent(&lab).await.is_empty());
}

#[tokio::test]
async fn an_agent_that_has_not_registered_yet_is_waited_for_with_a_word_and_sent_again_by_itself() {
    // Jobs that are over at once, and a quarter of an hour that is not.
    let wanted = Lab::wanted().quirk(Quirk::AgentRegistersLate);
    let lab = wanted.quick_jobs().speed(400.0).start().await;
    let home = bring_home(&lab, &[&["web-01"]]).await;
    carry_out(&lab, &home, async |q| agrees(q)).await;
    let away = to_azure(&lab, &["web-01"]).await;
    let came = carry_out(&lab, &away, async |q| panic!("{q:?}")).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let told = came.remarks().into_iter();
    let told: Vec<String> = told
        .filter(|r| r.contains("has not registered yet"))
        .collect();
    // It counts down.
    assert!(told.len() > 1, "{told:?}");
    assert!(
        told.iter()
            .all(|r| r.contains("It is sent again by itself at ")),
        "{told:?}"
    );
    let run = came.run();
    let step = run.machines[0].step(K::ProtectToAzure).unwrap();
    assert_eq!(step.attempts, 2);
    let ids: Vec<_> = lab
        .changes()
        .await
        .into_iter()
        .map(|c| c.client_request_id)
        .collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "each attempt has an id of its own");
}

#[tokio::test]
async fn a_machine_that_changed_while_its_agent_was_waited_for_is_not_sent_again_by_itself() {
    let lab = Lab::wanted().quick_jobs().speed(400.0).start().await;
    let home = bring_home(&lab, &[&["web-01"]]).await;
    carry_out(&lab, &home, async |q| agrees(q)).await;
    lab.fault("POST reProtect 1 job:AgentNotInstalled").await;
    let away = to_azure(&lab, &["web-01"]).await;
    let body = serde_json::from_str(&call_of(&away)).unwrap();
    let id = item(&lab, "web-01").await;
    let book = Book::default();
    let somebody = async {
        let waits = |r: &Record| matches!(r, Record::Remark { words, .. } if words.as_str().contains("has not registered yet"));
        book.until(waits).await;
        lab.post(&format!("{id}/reProtect?api-version=2025-08-01"), &body)
            .await;
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &away, async |q| {
            assert_eq!(q.topic, Topic::Failed);
            says(q, "give-up")
        }) => came,
        () = somebody => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Failed), "{}", came.story());
    let remarks = came.remarks().join("\n");
    assert!(remarks.contains("is not sent again by itself"), "{remarks}");
    // Ours, and that of the other one.
    assert_eq!(
        sent(&lab)
            .await
            .iter()
            .filter(|v| *v == "reProtect")
            .count(),
        2
    );
}

/// The body with which a plan protects its machine to Azure.
fn call_of(plan: &failback::domain::Plan) -> String {
    use failback::domain::{Provider, Recipe};
    let machine = plan.machines()[0].clone();
    let recipe = Recipe::of(plan, &machine, &Provider::Classic).unwrap();
    let change = recipe.steps[0].change().unwrap();
    failback::azure::call_for(change, "2025-08-01")
        .body
        .unwrap()
}

#[tokio::test]
async fn the_azure_vm_is_stopped_first_only_when_the_plan_says_so_and_started_again_on_request() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["web-01"]]).await;
    recovery.stop_azure_vm_first = true;
    lab.fault("POST unplannedFailover 1 job:8061").await;
    let (mut asked, mut quiesced) = (0, 0);
    let came = carry_out(&lab, &recover(recovery), async |q| {
        if q.topic == Topic::Quiesce {
            quiesced += 1;
        }
        if q.topic != Topic::Failed {
            return agrees(q);
        }
        asked += 1;
        let names: Vec<&str> = q.choices.iter().map(|c| c.name.as_str()).collect();
        if asked == 1 {
            assert_eq!(names, ["give-up", "retry", "start-again"]);
            assert_eq!(power(&lab, "web-01").await, "deallocated");
            return says(q, "start-again");
        }
        assert_eq!(names, ["give-up", "retry"]);
        assert_eq!(power(&lab, "web-01").await, "running");
        says(q, "retry")
    })
    .await;
    assert_eq!(asked, 2);
    // Who works again has to be quieted again before the next attempt.
    assert_eq!(quiesced, 2);
    assert_eq!(came.end("web-01", K::StopAzureVm), End::Done);
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let calls = [
        "deallocate",
        "unplannedFailover",
        "start",
        "unplannedFailover",
        "failoverCommit",
    ];
    assert_eq!(sent(&lab).await, calls);
    let ids: Vec<_> = lab
        .changes()
        .await
        .into_iter()
        .map(|c| c.client_request_id)
        .collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "each call has an id of its own");
    assert_eq!(lab.guest("web-01").await["lost_mb"], 0.0);
}

#[tokio::test]
async fn where_the_azure_vm_is_not_known_a_person_answers_for_it_and_it_stays_amber() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["web-01"]]).await;
    recovery.waves[0].machines[0].azure_vm = None;
    let came = carry_out(&lab, &recover(recovery), async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    let words = came.amber("web-01", K::VerifyAzureOff).join(" ");
    assert!(words.contains("the word of kim on jump-01"), "{words}");
}

#[tokio::test]
async fn a_vm_that_is_switched_on_beside_the_machine_at_home_is_told() {
    let lab = contoso().await;
    let plan = bring_home(&lab, &[&["web-01"]]).await;
    let book = Book::default();
    let came = carry_out_in(book.clone(), &lab, &plan, async |q| {
        if q.topic == Topic::Survivor {
            let start = format!("{}/start?api-version=2024-03-01", vm(&lab, "web-01"));
            lab.post(&start, &serde_json::Value::Null).await;
            let told = |r: &Record| {
                matches!(r, Record::Remark { words, .. } if words.as_str().contains("two machines work"))
            };
            book.until(told).await;
        }
        agrees(q)
    })
    .await;
    assert!(came.closing.is_ok(), "{}", came.story());
}

#[tokio::test]
async fn what_was_drained_and_is_written_on_again_while_it_waits_is_drained_again() {
    let lab = contoso().await;
    let plan = bring_home(&lab, &[&["erp-app"], &["web-01"]]).await;
    let book = Book::default();
    let id = item(&lab, "web-01").await;
    let somebody = async {
        let drained = |r: &Record| matches!(r, Record::StepEnded { machine, step: K::Drain, .. } if *machine == id);
        book.until(drained).await;
        lab.writes("web-01", 60.0).await;
        lab.turn_clock(600).await;
        let again = |r: &Record| matches!(r, Record::Remark { words, .. } if words.as_str().contains("not drained any more"));
        book.until(again).await;
        let ours =
            |r: &Record| matches!(r, Record::Intent { attempt, .. } if attempt.machine == id);
        assert!(!book.records().iter().any(ours), "it is sent undrained");
        lab.writes("web-01", 0.0).await;
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = somebody => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let remarks = came.remarks().join("\n");
    assert!(remarks.contains("not drained any more"), "{}", came.story());
    assert_eq!(lab.guest("web-01").await["lost_mb"], 0.0);
}
