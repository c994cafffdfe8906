//! No byte is lost: quiesce, drain, and only then the cut-over.

use failback::domain::StepKind as K;
use failback::domain::plan::{Drain, Minutes, Quiesce};
use failback::domain::run::{Closing, End, Record, Topic};
use failback::simulator::{Estate, Quirk};
use serde_json::Value;

use crate::lab::Lab;
use crate::run::*;

const NAME: &str = "V2A-W2K16-201";

async fn recorded() -> Lab {
    let wanted = Lab::wanted().estate(Estate::Recorded);
    wanted.speed(2000.0).start().await
}

fn lost(account: &Value) -> f64 {
    account["lost_mb"].as_f64().unwrap()
}

fn written(account: &Value) -> f64 {
    account["written_mb"].as_f64().unwrap()
}

#[tokio::test]
async fn by_the_recipe_no_byte_is_lost_and_who_switches_off_before_the_drain_loses_some() {
    // The service skips the last synchronisation, too: the drain alone has to bring everything.
    let wanted = Lab::wanted().estate(Estate::Recorded);
    let lab = wanted
        .quirk(Quirk::TasksSkipped)
        .speed(2000.0)
        .start()
        .await;
    lab.writes(NAME, 60.0).await;
    lab.turn_clock(1800).await;
    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| {
        if q.topic == Topic::Quiesce {
            // The applications stop; the machine runs on.
            lab.writes(NAME, 0.0).await;
        }
        agrees(q)
    })
    .await;
    let account = lab.guest(NAME).await;
    assert!(written(&account) > 1700.0, "{account}");
    assert_eq!(lost(&account), 0.0, "{account}\n{}", came.story());
    assert_eq!(came.end(NAME, K::Drain), End::Done);

    // The order of the old document: the VM is switched off by hand, then it is recovered.
    let lab = recorded().await;
    lab.writes(NAME, 60.0).await;
    lab.turn_clock(1800).await;
    let version = "api-version=2024-03-01";
    let off = format!("{}/deallocate?{version}", vm(&lab, NAME));
    lab.post(&off, &Value::Null).await;
    lab.turn_clock(120).await;
    let account = lab.guest(NAME).await;
    assert!(lost(&account) > 500.0, "{account}");
    // And the recipe sees it: such a machine is never taken for drained.
    let mut recovery = recovery(&lab, &[&[NAME]]).await;
    recovery.drain = Drain { limit: Minutes(30) };
    let came = carry_out(&lab, &recover(recovery), async |q| match q.topic {
        Topic::Drain => says(q, "give-up"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert!(matches!(came.end(NAME, K::Drain), End::Left(_)));
    assert!(matches!(came.end(NAME, K::FailBack), End::NotBegun(_)));
    assert_eq!(sent(&lab).await, ["deallocate"]);
}

#[tokio::test]
async fn a_machine_that_writes_on_is_asked_about_and_waited_for_as_long_as_wanted() {
    let lab = recorded().await;
    lab.writes(NAME, 60.0).await;
    lab.turn_clock(1800).await;
    let mut recovery = recovery(&lab, &[&[NAME]]).await;
    recovery.drain = Drain { limit: Minutes(20) };
    let mut asked = 0;
    let came = carry_out(&lab, &recover(recovery), async |q| {
        if q.topic != Topic::Drain {
            return agrees(q);
        }
        asked += 1;
        let evidence = format!("{:?}", q.evidence);
        assert!(evidence.contains("wait in Azure"), "{evidence}");
        if asked == 2 {
            lab.writes(NAME, 0.0).await;
        }
        says(q, "wait")
    })
    .await;
    assert!(asked >= 2, "{}", came.story());
    assert_eq!(came.end(NAME, K::Drain), End::Done);
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(lost(&lab.guest(NAME).await), 0.0);
}

#[tokio::test]
async fn a_drain_that_comes_to_its_end_while_a_person_thinks_needs_no_answer() {
    let lab = recorded().await;
    lab.writes(NAME, 60.0).await;
    lab.turn_clock(1800).await;
    let mut recovery = recovery(&lab, &[&[NAME]]).await;
    recovery.drain = Drain { limit: Minutes(1) };
    let mut asked = false;
    let came = carry_out(&lab, &recover(recovery), async |q| {
        if q.topic != Topic::Drain {
            return agrees(q);
        }
        asked = true;
        lab.writes(NAME, 0.0).await;
        None
    })
    .await;
    assert!(asked);
    assert_eq!(came.end(NAME, K::Drain), End::Done);
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert!(came.run().questions.is_empty());
}

#[tokio::test]
async fn going_on_undrained_wants_a_reason_and_stays_amber_with_the_loss() {
    let lab = recorded().await;
    lab.writes(NAME, 60.0).await;
    lab.turn_clock(1800).await;
    let mut recovery = recovery(&lab, &[&[NAME]]).await;
    recovery.drain = Drain { limit: Minutes(5) };
    // What is not drained is never switched off first.
    recovery.stop_azure_vm_first = true;
    let came = carry_out(&lab, &recover(recovery), async |q| match q.topic {
        Topic::Drain => {
            let go_on = q
                .choices
                .iter()
                .find(|c| c.name.as_str() == "go-on")
                .unwrap();
            assert!(go_on.reason);
            assert!(go_on.words.as_str().contains("losing up to"), "{go_on:?}");
            says(q, "go-on")
        }
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    let words = came.amber(NAME, K::Drain).join(" ");
    assert!(
        words.contains("losing up to") && words.contains("kim on jump-01: looked at it"),
        "{words}"
    );
    let words = came.amber(NAME, K::StopAzureVm).join(" ");
    assert!(words.contains("not drained"), "{words}");
    assert_eq!(sent(&lab).await, ["unplannedFailover", "failoverCommit"]);
    // The failover synchronised it before it went on.
    let account = lab.guest(NAME).await;
    assert_eq!(lost(&account), 0.0, "{account}");
}

#[tokio::test]
async fn how_far_the_drain_is_stands_in_the_journal() {
    let lab = recorded().await;
    lab.writes(NAME, 120.0).await;
    lab.turn_clock(1800).await;
    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| {
        lab.writes(NAME, 0.0).await;
        agrees(q)
    })
    .await;
    let pending: Vec<u64> = came
        .book
        .records()
        .into_iter()
        .filter_map(|record| match record {
            Record::Synchronising {
                step: K::Drain,
                state,
                ..
            } => Some(state.pending?.0),
            _ => None,
        })
        .collect();
    assert!(pending.len() >= 3, "{pending:?}");
    assert!(pending.is_sorted_by(|a, b| a >= b), "{pending:?}");
    assert!(pending[0] > 0 && pending.ends_with(&[0]), "{pending:?}");
}

/// A recovery whose applications are quiesced by a command.
async fn with_hook(lab: &Lab, command: &[&str], limit: u32) -> failback::domain::Plan {
    let mut recovery = recovery(lab, &[&[NAME]]).await;
    recovery.quiesce = Quiesce::Hook {
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        limit: Minutes(limit),
    };
    recover(recovery)
}

#[tokio::test]
async fn a_command_may_quiesce_and_what_it_prints_is_kept() {
    let lab = recorded().await;
    let script = "echo \"quiet: $FAILBACK_MACHINE\"; echo careful >&2; env | grep -c CARGO";
    let plan = with_hook(&lab, &["sh", "-c", &format!("{script}; true")], 5).await;
    let came = carry_out(&lab, &plan, async |q| {
        assert_ne!(q.topic, Topic::Quiesce);
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let remarks = came.remarks().join("\n");
    assert!(
        remarks.contains(&format!("It printed: quiet: {NAME} 0")),
        "{remarks}"
    );
    assert!(remarks.contains("It complained: careful"), "{remarks}");
}

#[tokio::test]
async fn a_command_that_fails_or_does_not_end_or_is_not_there_asks_a_person() {
    for (command, limit, told) in [
        (vec!["sh", "-c", "echo no; exit 3"], 5, "exit status: 3"),
        (
            vec!["sh", "-c", "sleep 600 & sleep 600"],
            0,
            "was not over after 0 min",
        ),
        (vec!["/nowhere/quiesce"], 5, "cannot be started"),
        (vec![], 5, "names no command"),
    ] {
        let lab = recorded().await;
        let plan = with_hook(&lab, &command, limit).await;
        let mut asked = 0;
        let came = carry_out(&lab, &plan, async |q| {
            if q.topic != Topic::Quiesce {
                return agrees(q);
            }
            asked += 1;
            assert!(
                q.evidence[0].as_str().contains(told),
                "{told}: {:?}",
                q.evidence
            );
            says(q, if asked == 1 { "retry" } else { "quiesced" })
        })
        .await;
        assert_eq!(asked, 2);
        // That it is quiet all the same is somebody's word.
        assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
        let words = came.amber(NAME, K::Quiesce).join(" ");
        assert!(
            words.contains("the word of kim on jump-01: looked at it"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_command_that_prints_without_end_is_cut_and_fills_nothing() {
    let lab = recorded().await;
    let flood = "yes x | head -c 3000000";
    let plan = with_hook(&lab, &["sh", "-c", flood], 5).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let remarks = came.remarks();
    let printed = remarks.iter().find(|r| r.contains(": It printed: "));
    let printed = printed.unwrap();
    assert!(
        printed.ends_with("[cut]") && printed.len() < 4096,
        "{}",
        printed.len()
    );
}

#[tokio::test]
async fn who_is_not_quiesced_stays_in_azure() {
    let lab = recorded().await;
    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| says(q, "give-up")).await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert!(matches!(came.end(NAME, K::Quiesce), End::Left(_)));
    assert!(sent(&lab).await.is_empty());
}
