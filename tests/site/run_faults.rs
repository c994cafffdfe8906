//! When things go wrong during a run: right state, right words, and no change sent twice.

use failback::domain::plan::{Drain, Minutes};
use failback::domain::run::{Answer, Closing, End, Question, Record, Topic};
use failback::domain::{StepKind as K, Text};
use failback::simulator::{Estate, Quirk};
use serde_json::json;

use crate::lab::Lab;
use crate::run::*;

const NAME: &str = "V2A-W2K16-201";
const COMMITTED: &str = "web-03";

async fn recorded() -> Lab {
    let wanted = Lab::wanted().estate(Estate::Recorded);
    wanted.speed(2000.0).start().await
}

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

/// What is said of a question: its sentence and its evidence.
fn words(question: &Question) -> String {
    let evidence: Vec<&str> = question.evidence.iter().map(Text::as_str).collect();
    format!("{}\n{}", question.words, evidence.join("\n"))
}

fn names(question: &Question) -> Vec<&str> {
    question.choices.iter().map(|c| c.name.as_str()).collect()
}

/// Brings the recorded machine home, answering `topic` with `answer` and agreeing otherwise.
async fn home(
    lab: &Lab,
    topic: Topic,
    mut answer: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> Came {
    let plan = bring_home(lab, &[&[NAME]]).await;
    carry_out(lab, &plan, async |q| match q.topic == topic {
        true => answer(q).await,
        false => agrees(q),
    })
    .await
}

#[tokio::test]
async fn a_failed_job_is_told_in_azures_words_and_sent_again_only_as_a_new_attempt() {
    for code in ["95226", "78052", "78093", "8061"] {
        let lab = contoso().await;
        lab.fault(&format!("POST reProtect 1 job:{code}")).await;
        let plan = protect(&lab, &[COMMITTED]).await;
        let came = carry_out(&lab, &plan, async |q| {
            assert_eq!(q.topic, Topic::Failed);
            assert_eq!(names(q), ["give-up", "retry"]);
            let lines: Vec<&str> = q.evidence.iter().map(Text::as_str).collect();
            assert!(
                lines[0].starts_with("Reprotect of web-03 failed at "),
                "{lines:?}"
            );
            assert!(lines[1].starts_with("Azure says: "), "{lines:?}");
            assert!(lines[1].ends_with(&format!("({code})")), "{lines:?}");
            assert!(lines[2].starts_with("Possible causes: "), "{lines:?}");
            // What the table of codes knows comes after Azure's own words.
            let own = lines.iter().position(|l| l.starts_with("That means: "));
            assert!(own > Some(2), "{lines:?}");
            says(q, "retry")
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Done), "{code}: {}", came.story());
        assert_eq!(came.asked().len(), 1);
        let sent = lab.changes().await;
        assert_eq!(sent.len(), 2, "{code}");
        assert_ne!(sent[0].client_request_id, sent[1].client_request_id);
        let run = came.run();
        assert_eq!(run.machines[0].step(K::Protect).unwrap().attempts, 2);
    }
}

#[tokio::test]
async fn what_is_given_up_is_failed_with_azures_words_and_the_rest_is_not_begun() {
    for code in ["78052", "78093", "8061"] {
        let lab = recorded().await;
        lab.fault(&format!("POST unplannedFailover job:{code}"))
            .await;
        let came = home(&lab, Topic::Failed, async |q| says(q, "give-up")).await;
        assert_eq!(came.closing, Ok(Closing::Failed));
        let End::Failed(failure) = came.end(NAME, K::FailBack) else {
            panic!("{}", came.story());
        };
        assert_eq!(failure.code.as_str(), code);
        assert!(!failure.activity_id.is_empty());
        for step in [K::VerifyAzureOff, K::VerifySurvivor, K::Commit] {
            assert!(matches!(came.end(NAME, step), End::NotBegun(_)), "{step:?}");
        }
        assert_eq!(sent(&lab).await, ["unplannedFailover"], "{code}");
    }
}

#[tokio::test]
async fn when_the_answer_is_lost_the_job_is_found_by_our_id_and_nothing_is_sent_again() {
    for (verb, calls) in [("unplannedFailover", 2), ("failoverCommit", 2)] {
        let lab = recorded().await;
        lab.fault(&format!("POST {verb} 1 lost")).await;
        let came = home(&lab, Topic::Unknown, async |q| panic!("{}", words(q))).await;
        // Whether Azure remarked something beside the job nobody knows: amber.
        assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
        let found = came.book.records().into_iter();
        let found = found.filter(|r| matches!(r, Record::Found { .. }));
        assert_eq!(found.count(), 1);
        assert_eq!(lab.changes().await.len(), calls);
        nothing_twice(&lab).await;
    }
}

#[tokio::test]
async fn a_lost_reprotect_is_found_though_its_child_has_its_id_and_jobs_are_listed_late() {
    let wanted = Lab::wanted().quirk(Quirk::ChildJobSameId);
    let wanted = wanted.quirk(Quirk::JobsListedLate).speed(2000.0);
    let lab = wanted.start().await;
    lab.fault("POST reProtect 1 lost").await;
    let plan = protect(&lab, &[COMMITTED]).await;
    let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(lab.changes().await.len(), 1);
}

#[tokio::test]
async fn where_nobody_knows_a_person_decides_with_all_that_is_known() {
    for fault in ["reset", "500", "503", "408"] {
        let lab = recorded().await;
        lab.fault(&format!("POST unplannedFailover 1 {fault}"))
            .await;
        let came = home(&lab, Topic::Unknown, async |q| {
            let told = words(q);
            for part in [
                "is not known",
                "No job in the vault carries our request id",
                "The machine has not moved",
                "Our request id: ",
            ] {
                assert!(told.contains(part), "{fault}: {part}: {told}");
            }
            // A failover cannot be taken back: who wants it sent again types the name.
            assert_eq!(
                names(q),
                ["look-again", "it-happened", "give-up", "send-again"]
            );
            assert_eq!(q.choices[3].typed.as_ref().unwrap().as_str(), NAME);
            says(q, "give-up")
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Failed), "{fault}");
        assert!(matches!(came.end(NAME, K::FailBack), End::Unknown(_)));
        assert!(matches!(
            came.end(NAME, K::VerifyAzureOff),
            End::NotBegun(_)
        ));
        assert_eq!(lab.changes().await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_person_may_look_again_and_what_they_say_is_held_against_the_machine() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 reset").await;
    let mut asked = 0;
    let came = home(&lab, Topic::Unknown, async |q| {
        asked += 1;
        match asked {
            1 => says(q, "look-again"),
            2 => says(q, "it-happened"),
            _ => {
                let told = words(q);
                assert!(told.contains("the machine does not show it"), "{told}");
                says(q, "give-up")
            }
        }
    })
    .await;
    assert_eq!(asked, 3);
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert_eq!(lab.changes().await.len(), 1);
}

#[tokio::test]
async fn what_happened_after_all_goes_on_amber() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 reset").await;
    let came = home(&lab, Topic::Unknown, async |q| {
        rival(&lab).await;
        lab.turn_clock(700).await;
        says(q, "it-happened")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    let amber = came.amber(NAME, K::FailBack).join(" ");
    assert!(
        amber.contains("is the word of kim on jump-01: looked at it"),
        "{amber}"
    );
    let ours = lab.changes().await.into_iter();
    let ours = ours
        .filter(|seen| seen.path.contains("unplannedFailover") && seen.client_request_id.is_some());
    assert_eq!(ours.count(), 1);
}

#[tokio::test]
async fn only_what_can_be_taken_back_is_sent_again_by_itself() {
    let lab = contoso().await;
    lab.fault("POST reProtect 1 reset").await;
    let plan = protect(&lab, &[COMMITTED]).await;
    let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let told = came.remarks().join(" ");
    assert!(told.contains("2 searches found no job of it"), "{told}");
    let sent = lab.changes().await;
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0].client_request_id, sent[1].client_request_id);

    // A reprotect of what is not committed commits it.
    let lab = contoso().await;
    lab.fault("POST reProtect 1 reset").await;
    let plan = protect(&lab, &["büro-druck"]).await;
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic == Topic::Commit {
            assert!(words(q).contains("That commits it"), "{}", words(q));
            return says(q, "protect");
        }
        let again = q.choices.iter().find(|c| c.name.as_str() == "send-again");
        assert!(again.unwrap().typed.is_some(), "{q:?}");
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));

    // Where the jobs cannot be looked through, nothing is known.
    let lab = contoso().await;
    lab.fault("POST reProtect 1 reset").await;
    lab.fault("GET replicationJobs? 2- 500").await;
    let plan = protect(&lab, &[COMMITTED]).await;
    let came = carry_out(&lab, &plan, async |q| {
        assert!(!names(q).contains(&"send-again"), "{q:?}");
        assert!(
            words(q).contains("could not be looked through"),
            "{}",
            words(q)
        );
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
}

#[tokio::test]
async fn a_busy_service_is_given_its_time_under_one_id() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1-2 429:0").await;
    let came = home(&lab, Topic::Failed, async |q| panic!("{}", words(q))).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let sent = lab.changes().await;
    let failovers: Vec<_> = sent
        .iter()
        .filter(|s| s.path.contains("unplanned"))
        .collect();
    let statuses: Vec<_> = failovers.iter().map(|seen| seen.status.unwrap()).collect();
    assert_eq!(statuses, [429, 429, 202]);
    let id = &failovers[0].client_request_id;
    assert!(failovers.iter().all(|seen| seen.client_request_id == *id));
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_call_sent_under_its_id() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 401").await;
    lab.fault("GET replicationProtectedItems 7 401").await;
    let came = home(&lab, Topic::Failed, async |q| panic!("{}", words(q))).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let sent = lab.changes().await;
    assert_eq!(sent[0].client_request_id, sent[1].client_request_id);
    assert_eq!((sent[0].status, sent[1].status), (Some(401), Some(202)));
    nothing_twice(&lab).await;
}

#[tokio::test]
async fn without_a_journal_nothing_is_sent() {
    let lab = recorded().await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    let records = came.book.records();
    let intents: Vec<usize> = (0..records.len())
        .filter(|at| matches!(records[*at], Record::Intent { .. }))
        .collect();
    assert_eq!(intents.len(), 2);
    // The disk is full before the first record, before and after each intent.
    let rooms = intents.iter().flat_map(|at| [*at, *at + 1]);
    for room in rooms.chain([0, 1, 2]) {
        let lab = recorded().await;
        let plan = bring_home(&lab, &[&[NAME]]).await;
        let book = Book::with_room(room);
        let came = carry_out_in(book, &lab, &plan, async |q| agrees(q)).await;
        let failure = came.closing.unwrap_err();
        assert_eq!(failure.what.as_str(), "The disk is full.");
        let known: Vec<String> = came
            .book
            .records()
            .into_iter()
            .filter_map(|record| match record {
                Record::Intent { request, .. } => Some(request.to_string()),
                _ => None,
            })
            .collect();
        let sent = lab.changes().await.into_iter();
        let sent: Vec<String> = sent.filter_map(|seen| seen.client_request_id).collect();
        assert_eq!(sent, known, "room for {room}");
    }
}

/// Somebody else fails the machine back, in the portal.
async fn rival(lab: &Lab) {
    let id = item(lab, NAME).await;
    let body = json!({"properties": {
        "failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
        "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTime"},
    }});
    let path = format!("{id}/unplannedFailover?api-version=2025-08-01");
    lab.post(&path, &body).await;
}

#[tokio::test]
async fn a_job_of_somebody_else_is_never_taken_for_ours_nor_sent_over() {
    for (hidden, told) in [
        (false, "a job runs on it already"),
        // Neither lists nor the item show the job yet: it offers nothing meanwhile.
        (true, "is not offered for this by Azure now"),
    ] {
        let mut wanted = Lab::wanted().estate(Estate::Recorded).speed(50.0);
        if hidden {
            wanted = wanted.quirk(Quirk::JobsListedLate);
            wanted = wanted.quirk(Quirk::ScenarioNever);
        }
        let lab = wanted.start().await;
        let mut asked = 0;
        let mut recovery = recovery(&lab, &[&[NAME]]).await;
        recovery.drain = Drain { limit: Minutes(0) };
        let came = carry_out(&lab, &recover(recovery), async |q| match q.topic {
            Topic::Drain => {
                rival(&lab).await;
                says(q, "go-on")
            }
            Topic::Failed => {
                asked += 1;
                if asked == 1 {
                    assert!(words(q).contains(told), "{told}: {}", words(q));
                    lab.turn_clock(1000).await;
                    return says(q, "retry");
                }
                // It is home already: there is nothing to send any more.
                assert!(words(q).contains("not in the state"), "{}", words(q));
                says(q, "give-up")
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(asked, 2, "{}", came.story());
        assert_eq!(came.closing, Ok(Closing::Failed));
        // The other's alone.
        assert_eq!(sent(&lab).await, ["unplannedFailover"]);
    }
}

#[tokio::test]
async fn what_azure_refuses_was_not_made_and_is_told_in_its_words() {
    for (status, told) in [
        (400, "Azure refuses it (HTTP 400)"),
        (404, "it is not there"),
        (409, "something else is being done with it"),
    ] {
        let lab = recorded().await;
        lab.fault(&format!("POST unplannedFailover 1 {status}"))
            .await;
        let came = home(&lab, Topic::Failed, async |q| {
            assert!(words(q).contains(told), "{}", words(q));
            says(q, "retry")
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
        let not_sent = came.book.records().into_iter();
        let not_sent = not_sent.filter(|r| matches!(r, Record::NotSent { .. }));
        assert_eq!(not_sent.count(), 1);
        let sent = lab.changes().await;
        assert_ne!(sent[0].client_request_id, sent[1].client_request_id);
    }
}

#[tokio::test]
async fn in_a_storm_of_faults_no_change_is_made_twice_and_all_come_home() {
    let lab = contoso().await;
    for rule in [
        "POST unplannedFailover 1 lost",
        "POST unplannedFailover 2 429:0",
        "POST unplannedFailover 3 503",
        "POST failoverCommit 1 lost",
        "POST failoverCommit 3 429:0",
        "GET replicationJobs/ 5-9 503",
        "GET replicationJobs/ 20-22 reset",
        "GET replicationProtectedItems/ 11-14 429:0",
        "GET replicationProtectedItems/ 40-44 reset",
        "GET replicationJobs? 4 truncate",
        "GET instanceView 1-3 500",
    ] {
        lab.fault(rule).await;
    }
    let waves: [&[&str]; 2] = [&["erp-app", "web-01"], &["web-02"]];
    let plan = bring_home(&lab, &waves).await;
    let mut unknown = 0;
    let came = carry_out(&lab, &plan, async |q| match q.topic {
        // The one that Azure answered with 503 was not begun; nobody here can know.
        Topic::Unknown => {
            unknown += 1;
            let id = q.machine.clone().unwrap();
            let body = json!({"properties": {
                "failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required",
                "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTime"},
            }});
            let path = format!("{id}/unplannedFailover?api-version=2025-08-01");
            lab.post(&path, &body).await;
            lab.turn_clock(700).await;
            says(q, "it-happened")
        }
        Topic::Failed => says(q, "retry"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(unknown, 1, "{}", came.story());
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    for name in ["erp-app", "web-01", "web-02"] {
        let state = shown(&lab, name).await;
        assert_eq!(state, ("on-prem".into(), "Failed back, committed".into()));
        assert_eq!(lab.guest(name).await["lost_mb"], 0.0);
    }
    let jobs = lab
        .changes()
        .await
        .into_iter()
        .filter(|seen| seen.status == Some(202));
    let ours = jobs.filter(|seen| seen.client_request_id.is_some()).count();
    // Two failovers and three commits; the answers of two of them were lost.
    assert!(ours <= 5, "{ours}");
    let ids: Vec<_> = came
        .book
        .records()
        .into_iter()
        .filter_map(|record| match record {
            Record::Intent { request, .. } => Some(request.to_string()),
            _ => None,
        })
        .collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len());
}
