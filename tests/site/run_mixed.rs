//! One plan with machines of three generations in three waves.

use failback::domain::run::{Closing, End, Record, Topic};
use failback::domain::{ArmId, StepKind as K};

use crate::lab::Lab;
use crate::run::{Came, agrees, carry_out, item, nothing_twice, says, sent, shown};
use crate::run_plans::*;

/// What everything needs, what stands on it, and what people use.
const WAVES: [&[&str]; 3] = [&["hv-dc-02"], &["erp-app", "app-01"], &["web-01", "hq-sql"]];

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

/// Where in the journal something stands for the first time.
fn first(came: &Came, so: impl Fn(&Record) -> bool) -> usize {
    let at = came.book.records().iter().position(so);
    at.unwrap_or_else(|| panic!("{}", came.story()))
}

fn ended(came: &Came, own: &ArmId, wanted: K) -> usize {
    first(
        came,
        |r| matches!(r, Record::StepEnded { machine, step, .. } if machine == own && *step == wanted),
    )
}

fn intent(came: &Came, own: &ArmId, wanted: K) -> usize {
    first(
        came,
        |r| matches!(r, Record::Intent { attempt, .. } if attempt.machine == *own && attempt.step == wanted),
    )
}

#[tokio::test]
async fn preparation_begins_for_all_at_once_and_each_wave_is_cut_over_after_the_one_before() {
    let lab = contoso().await;
    let plan = fail_back(&lab, &WAVES).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let at = async |name: &str| item(&lab, name).await;
    let [dc, erp, app, web, sql] = [
        at("hv-dc-02").await,
        at("erp-app").await,
        at("app-01").await,
        at("web-01").await,
        at("hq-sql").await,
    ];
    // The last wave prepared itself before the first was home: quiet, drained, synchronised.
    let first_home = ended(&came, &dc, K::VerifyAzureOff);
    assert!(ended(&came, &web, K::Drain) < first_home);
    assert!(ended(&came, &app, K::Quiesce) < first_home);
    assert!(intent(&came, &sql, K::Synchronise) < first_home);
    // Each wave is cut over when the one before is home.
    for next in [&erp, &app] {
        assert!(intent(&came, next, K::FailBack) > first_home);
    }
    let second = ended(&came, &erp, K::VerifyAzureOff).max(ended(&came, &app, K::VerifyAzureOff));
    assert!(intent(&came, &web, K::FailBack) > second);
    assert!(intent(&came, &sql, K::Complete) > second);
    for name in ["hv-dc-02", "erp-app", "app-01", "web-01", "hq-sql"] {
        assert_eq!(shown(&lab, name).await.0, "on-prem", "{name}");
        assert_eq!(came.end(name, K::Commit), End::Done, "{name}");
        assert_eq!(lab.guest(name).await["lost_mb"], 0.0, "{name}");
    }
    let mut verbs = sent(&lab).await;
    verbs.sort();
    assert_eq!(
        verbs,
        [
            "failoverCommit",
            "failoverCommit",
            "failoverCommit",
            "failoverCommit",
            "failoverCommit",
            "plannedFailover",
            "plannedFailover",
            "plannedFailover",
            "resume",
            "resume",
            "unplannedFailover",
            "unplannedFailover",
        ]
    );
    nothing_twice(&lab).await;
    no_job_was_cancelled(&lab).await;
}

#[tokio::test]
async fn one_machine_that_fails_stops_what_comes_after_it_and_nothing_else_and_says_so() {
    for choice in ["stop", "go-on"] {
        let lab = contoso().await;
        lab.fault("JOB app-01/plannedFailover 8038").await;
        let plan = fail_back(&lab, &WAVES).await;
        let came = carry_out(&lab, &plan, async |q| match q.topic {
            Topic::Failed => {
                assert_eq!(q.machine, Some(item(&lab, "app-01").await));
                says(q, "give-up")
            }
            Topic::Wave => {
                let told = words(q);
                assert!(told.contains("Not all of wave 2 came home"), "{told}");
                assert!(told.contains("Not home: app-01"), "{told}");
                says(q, choice)
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Failed), "{}", came.story());
        // The wave before it and its neighbour are not touched by it.
        for name in ["hv-dc-02", "erp-app"] {
            assert_eq!(came.end(name, K::Commit), End::Done, "{name}");
        }
        assert!(matches!(came.end("app-01", K::FailBack), End::Failed(_)));
        let asked = came.asked().into_iter().filter(|q| q.topic == Topic::Wave);
        assert_eq!(asked.count(), 1, "once for all who wait");
        if choice == "go-on" {
            assert_eq!(came.end("web-01", K::Commit), End::Done);
            assert_eq!(came.end("hq-sql", K::Commit), End::Done);
            continue;
        }
        for (name, cut_over) in [("web-01", K::FailBack), ("hq-sql", K::Complete)] {
            let End::Left(told) = came.end(name, K::Door) else {
                panic!("{}", came.story());
            };
            assert!(
                told.as_str().contains("wave 2 did not come through"),
                "{told}"
            );
            assert!(matches!(came.end(name, cut_over), End::NotBegun(_)));
            assert_eq!(shown(&lab, name).await.0, "Azure", "{name}");
        }
        // Its job waits on in Azure, and can be completed later.
        let End::Left(told) = came.end("hq-sql", K::Door) else {
            unreachable!()
        };
        assert!(told.as_str().contains("never cancel it"), "{told}");
        let run = came.run();
        let sql = run.machines.iter().find(|m| m.name.as_str() == "hq-sql");
        assert!(
            sql.unwrap()
                .way_back()
                .contains("data synchronisation began")
        );
        let later = complete(&lab, "hq-sql").await;
        let came = carry_out(&lab, &later, async |q| agrees(q)).await;
        assert_eq!(
            came.end("hq-sql", K::Complete),
            End::Done,
            "{}",
            came.story()
        );
        assert_eq!(shown(&lab, "hq-sql").await.0, "on-prem");
        no_job_was_cancelled(&lab).await;
    }
}
