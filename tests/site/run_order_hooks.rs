//! Local commands around a plan, its waves and its machines, and the one that calls a person.

use std::path::{Path, PathBuf};

use failback::domain::plan::{Around, Caller, Hook, Minutes, Otherwise};
use failback::domain::run::{Closing, End, HookAt, Record, StepState, Topic};
use failback::domain::{Plan, StepKind as K};

use crate::lab::Lab;
use crate::run::{Book, Came, agrees, carry_out, carry_out_in, item, recover, says, sent};
use crate::run_order::{contoso, own};
use crate::run_plans::*;

/// Writes what it is run for into a file, a line each time.
fn scribe(lab: &Lab) -> (Hook, PathBuf) {
    let file = lab.home().join("told");
    let words = "$FAILBACK_AT wave=$FAILBACK_WAVE machine=$FAILBACK_MACHINE";
    let script = format!("echo \"{words}\" >> {}", file.display());
    (shell(&script), file)
}

fn shell(script: &str) -> Hook {
    Hook::new(["sh", "-c", script].map(str::to_owned).to_vec())
}

fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn both(hook: &Hook) -> Around {
    Around {
        before: Some(hook.clone()),
        after: Some(hook.clone()),
    }
}

fn hooked(came: &Came, at: HookAt) -> End {
    let run = came.run();
    let last = run.hooks.iter().rev().find(|hook| hook.at == at);
    match last.map(|hook| &hook.state) {
        Some(StepState::Ended(end)) => end.clone(),
        other => panic!("{at:?}: {other:?}\n{}", came.story()),
    }
}

#[tokio::test]
async fn commands_run_around_the_plan_its_waves_and_its_machines_and_each_is_told_what_for() {
    let lab = contoso().await;
    let (hook, file) = scribe(&lab);
    let mut recovery = recovery(&lab, &[&["erp-app"], &["web-01"]]).await;
    recovery.order.hooks = both(&hook);
    recovery.waves[0].hooks = both(&hook);
    recovery.waves[1].hooks = both(&hook);
    own(&mut recovery, "web-01").hooks = both(&hook);
    let came = carry_out(&lab, &recover(recovery), async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(
        lines(&file),
        [
            "before-plan wave= machine=",
            "before-wave wave=1 machine=",
            "after-wave wave=1 machine=",
            "before-wave wave=2 machine=",
            "before-machine wave=2 machine=web-01",
            "after-machine wave=2 machine=web-01",
            "after-wave wave=2 machine=",
            "after-plan wave= machine=",
        ]
    );
    let records = came.book.records();
    let at = |so: &dyn Fn(&Record) -> bool| records.iter().position(so).unwrap();
    // Nothing is begun before the first command is over.
    let began = at(&|r| matches!(r, Record::StepBegan { .. }));
    let opened = at(&|r| {
        matches!(
            r,
            Record::HookEnded {
                at: HookAt::BeforePlan,
                ..
            }
        )
    });
    assert!(opened < began);
    let web = item(&lab, "web-01").await;
    let cut = at(&|r| matches!(r, Record::Intent { attempt, .. } if attempt.machine == web));
    let wave = at(&|r| {
        matches!(
            r,
            Record::HookEnded {
                at: HookAt::BeforeWave(2),
                ..
            }
        )
    });
    assert!(wave < cut);
}

#[tokio::test]
async fn a_command_sees_what_it_is_run_for_and_nothing_that_is_secret() {
    let lab = contoso().await;
    let file = lab.home().join("env");
    let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
    own(&mut recovery, "erp-app").hooks.before = Some(shell(&format!("env > {}", file.display())));
    recovery.order.hooks.before = Some(shell(&format!("env > {}-plan", file.display())));
    let came = carry_out(&lab, &recover(recovery), async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let own = item(&lab, "erp-app").await;
    let env = lines(&file);
    let run = came.run().launch.run;
    for wanted in [
        format!("FAILBACK_RUN={run}"),
        "FAILBACK_SITE=lab".into(),
        "FAILBACK_PLAN=home".into(),
        "FAILBACK_INTENT=fail back".into(),
        "FAILBACK_MACHINE=erp-app".into(),
        format!("FAILBACK_MACHINE_ID={own}"),
        "FAILBACK_WAVE=1".into(),
        "FAILBACK_STEP=hookBefore".into(),
    ] {
        assert!(env.contains(&wanted), "{wanted}: {env:#?}");
    }
    assert!(
        env.iter()
            .any(|line| line.starts_with("FAILBACK_AZURE_VM=/subscriptions/"))
    );
    let secret = &lab.announce().client_secret;
    // What the shell itself adds, and what every program needs.
    let harmless = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "TZ",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LC_MESSAGES",
        "SSH_AUTH_SOCK",
        "KRB5CCNAME",
        "XDG_RUNTIME_DIR",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    ];
    for line in env.iter().chain(&lines(&lab.home().join("env-plan"))) {
        assert!(!line.contains(secret.as_str()), "{line}");
        let name = line.split('=').next().unwrap();
        assert!(
            name.starts_with("FAILBACK_") || harmless.contains(&name),
            "{line}"
        );
    }
    // The test itself has more in its environment than that.
    assert!(std::env::vars().any(|(name, _)| name.starts_with("CARGO_")));
}

/// A recovery with this command before the cut-over of `erp-app`, in a plan with `web-01`.
async fn with_before(lab: &Lab, hook: Hook) -> Plan {
    let mut recovery = recovery(lab, &[&["erp-app", "web-01"]]).await;
    own(&mut recovery, "erp-app").hooks.before = Some(hook);
    recover(recovery)
}

#[tokio::test]
async fn a_command_that_does_not_end_well_asks_goes_on_amber_or_stops_as_the_plan_says() {
    let failing = || shell("echo almost; echo no >&2; exit 3");
    let lab = contoso().await;
    let mut asked = 0;
    let plan = with_before(&lab, failing()).await;
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic != Topic::Hook {
            return agrees(q);
        }
        asked += 1;
        let told = words(q);
        for part in ["exit status: 3", "It printed: almost", "It complained: no"] {
            assert!(told.contains(part), "{told}");
        }
        says(q, if asked == 1 { "retry" } else { "done" })
    })
    .await;
    assert_eq!(asked, 2);
    let amber = came.amber("erp-app", K::HookBefore).join(" ");
    assert!(amber.contains("the word of kim on jump-01"), "{amber}");
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());

    let go_on = Hook {
        otherwise: Otherwise::GoOn,
        ..failing()
    };
    let lab = contoso().await;
    let came = carry_out(&lab, &with_before(&lab, go_on).await, async |q| agrees(q)).await;
    assert!(came.amber("erp-app", K::HookBefore)[0].contains("exit status: 3"));
    assert_eq!(
        came.end("erp-app", K::Commit),
        End::Done,
        "{}",
        came.story()
    );

    let stop = Hook {
        otherwise: Otherwise::Stop,
        ..failing()
    };
    let lab = contoso().await;
    let came = carry_out(&lab, &with_before(&lab, stop).await, async |q| agrees(q)).await;
    assert!(matches!(came.end("erp-app", K::HookBefore), End::Failed(_)));
    assert!(matches!(came.end("erp-app", K::FailBack), End::NotBegun(_)));
    assert_eq!(came.end("web-01", K::Commit), End::Done, "{}", came.story());

    let well = Hook {
        well: vec![0, 3],
        ..failing()
    };
    let lab = contoso().await;
    let came = carry_out(&lab, &with_before(&lab, well).await, async |q| agrees(q)).await;
    assert_eq!(came.end("erp-app", K::HookBefore), End::Done);
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
}

#[tokio::test]
async fn a_command_that_does_not_end_is_ended_with_all_that_it_started() {
    let lab = contoso().await;
    let file = lab.home().join("pids");
    let script = format!(
        "echo $$ > {0}; sleep 600 & echo $! >> {0}; sleep 600",
        file.display()
    );
    let hook = Hook {
        limit: Minutes(0),
        otherwise: Otherwise::GoOn,
        ..shell(&script)
    };
    // It is ended at once, mostly before it has begun: the file is waited for by a second try.
    let came = carry_out(&lab, &with_before(&lab, hook).await, async |q| agrees(q)).await;
    let amber = came.amber("erp-app", K::HookBefore).join(" ");
    assert!(
        amber.contains("was not over after 0 min and was ended"),
        "{amber}"
    );
    for pid in lines(&file) {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(!stat.contains("(sleep) S"), "{stat}");
    }
}

#[tokio::test]
async fn a_plan_whose_first_command_stops_it_begins_nothing() {
    for (otherwise, closing) in [
        (Otherwise::Stop, Closing::Failed),
        (Otherwise::Ask, Closing::Failed),
    ] {
        let lab = contoso().await;
        let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
        recovery.order.hooks.before = Some(Hook {
            otherwise,
            ..shell("exit 1")
        });
        let came = carry_out(&lab, &recover(recovery), async |q| says(q, "give-up")).await;
        assert_eq!(came.closing, Ok(closing), "{}", came.story());
        let End::NotBegun(why) = came.end("erp-app", K::Quiesce) else {
            panic!("{}", came.story());
        };
        assert!(why.as_str().contains("before the plan"), "{why}");
        assert!(sent(&lab).await.is_empty());
    }
}

#[tokio::test]
async fn a_wave_whose_command_stops_it_is_not_cut_over_and_neither_is_what_comes_after() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["erp-app"], &["web-01"], &["app-01"]]).await;
    recovery.waves[1].hooks.before = Some(Hook {
        otherwise: Otherwise::Stop,
        ..shell("exit 1")
    });
    let came = carry_out(&lab, &recover(recovery), async |q| match q.topic {
        Topic::Wave => says(q, "stop"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(
        came.end("erp-app", K::Commit),
        End::Done,
        "{}",
        came.story()
    );
    for name in ["web-01", "app-01"] {
        assert!(
            matches!(came.end(name, K::Door), End::Left(_)),
            "{}",
            came.story()
        );
        assert!(matches!(came.end(name, K::FailBack), End::NotBegun(_)));
    }
    assert!(matches!(
        hooked(&came, HookAt::BeforeWave(2)),
        End::Failed(_)
    ));
}

#[tokio::test]
async fn the_command_after_a_wave_that_did_not_come_through_is_run_only_if_a_person_says_so() {
    for choice in ["skip", "run"] {
        let lab = contoso().await;
        lab.fault("JOB app-01/plannedFailover 8038").await;
        let (hook, file) = scribe(&lab);
        let mut recovery = recovery(&lab, &[&["app-01", "erp-app"], &["web-01"]]).await;
        recovery.waves[0].hooks.after = Some(hook);
        let came = carry_out(&lab, &recover(recovery), async |q| match q.topic {
            Topic::Failed => says(q, "give-up"),
            Topic::Wave => says(q, "go-on"),
            Topic::Hook => {
                assert!(words(q).contains("Not through: app-01"), "{}", words(q));
                says(q, choice)
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(came.end("web-01", K::Commit), End::Done, "{}", came.story());
        assert_eq!(lines(&file).len(), usize::from(choice == "run"));
    }
}

fn calls(came: &Book) -> usize {
    let call = |r: &Record| match r {
        Record::Remark { words, .. } => words.as_str().starts_with("A person"),
        _ => false,
    };
    came.records().iter().filter(|r| call(r)).count()
}

#[tokio::test]
async fn a_person_is_called_again_and_again_until_they_answer_and_once_for_what_is_asked_together()
{
    let lab = contoso().await;
    let file = lab.home().join("calls");
    let script = format!(
        "printf '%s %s %s\\n' \"$FAILBACK_RUN\" \"$FAILBACK_QUESTIONS\" \"$(echo \"$FAILBACK_QUESTION\" \
         | tr '\\n' '|')\" >> {}",
        file.display()
    );
    let mut recovery = recovery(&lab, &[&["erp-app", "web-01"]]).await;
    recovery.order.needs_person = Some(Caller {
        every: Minutes(10),
        ..Caller::new(shell(&script).command)
    });
    let book = Book::default();
    let mut waited = false;
    let came = carry_out_in(book.clone(), &lab, &recover(recovery), async |q| {
        if q.topic == Topic::Survivor && !waited {
            waited = true;
            // Both machines have come to where somebody looks at them, and nobody does.
            let enough = calls(&book) + 3;
            while calls(&book) < enough || book.run().questions.len() < 2 {
                tokio::task::yield_now().await;
                book.until_next().await;
            }
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let told = lines(&file);
    let run = came.run().launch.run.to_string();
    assert!(told.iter().all(|line| line.starts_with(&run)), "{told:#?}");
    let together = |line: &&String| {
        let both = line.contains("Look at erp-app") && line.contains("Look at web-01");
        line.contains(" 2 ") && both
    };
    let together = told.iter().filter(together).count();
    assert!(together >= 2, "again and again: {told:#?}");
}

#[tokio::test]
async fn a_person_who_cannot_be_called_never_harms_the_run() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
    recovery.order.needs_person = Some(Caller::new(vec!["/nowhere/page".into()]));
    let book = Book::default();
    let came = carry_out_in(book.clone(), &lab, &recover(recovery), async |q| {
        while calls(&book) == 0 {
            book.until_next().await;
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let remarks = came.remarks().join("\n");
    assert!(
        remarks.contains("A person could not be called"),
        "{remarks}"
    );
    assert!(remarks.contains("cannot be started"), "{remarks}");
}

/// What a record is, and whether this is one.
type Cut = (&'static str, fn(&Record) -> bool);

/// The records after which a runner ends, and the one after it goes on.
fn cuts() -> Vec<Cut> {
    fn begun(record: &Record, wanted: HookAt) -> bool {
        matches!(record, Record::HookBegan { at, .. } if *at == wanted)
    }
    fn kept(record: &Record) -> bool {
        matches!(record, Record::Kept { memory, .. } if memory.command.is_some())
    }
    vec![
        ("before-plan", |r| begun(r, HookAt::BeforePlan)),
        ("after-plan", |r| begun(r, HookAt::AfterPlan)),
        ("before-wave", |r| begun(r, HookAt::BeforeWave(1))),
        ("after-wave", |r| begun(r, HookAt::AfterWave(1))),
        ("before-machine", kept),
    ]
}

#[tokio::test]
async fn a_command_that_was_begun_by_a_runner_that_is_no_more_is_not_run_again_by_itself() {
    for (place, cut) in cuts() {
        for choice in ["done", "retry", "give-up"] {
            let lab = contoso().await;
            let (hook, file) = scribe(&lab);
            let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
            recovery.order.hooks = both(&hook);
            recovery.waves[0].hooks = both(&hook);
            own(&mut recovery, "erp-app").hooks = both(&hook);
            let plan = recover(recovery);
            let book = Book::default();
            let killed = async {
                book.until(cut).await;
                book.close();
                // It is dropped as a killed process is, once it has run the command.
                while lines(&file).iter().all(|line| !line.starts_with(place)) {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                () = killed => {}
                ended = crate::run::carry_on(&book, &lab, &plan, async |q| agrees(q)) => {
                    assert!(ended.is_err(), "{place}");
                }
            }
            let times = |place: &str| lines(&file).iter().filter(|l| l.starts_with(place)).count();
            let before = times(place);
            assert!(before <= 1, "{place}");
            let mut asked = 0;
            let book = book.reopened(None);
            let came = carry_out_in(book, &lab, &plan, async |q| match q.topic {
                Topic::Hook => {
                    asked += 1;
                    let told = words(q);
                    assert!(
                        told.contains("was begun") || told.contains("Not all"),
                        "{told}"
                    );
                    match q.choices.iter().any(|c| c.name.as_str() == "skip") {
                        true => says(q, "skip"),
                        false => says(q, choice),
                    }
                }
                _ => agrees(q),
            })
            .await;
            assert!(asked >= 1, "{place}: {}", came.story());
            let again = usize::from(choice == "retry");
            assert_eq!(times(place), before + again, "{place}: {}", came.story());
            let all = sent(&lab).await;
            let home = choice != "give-up" || place.starts_with("after");
            assert_eq!(
                all.contains(&"failoverCommit".to_owned()),
                home,
                "{place} {choice}"
            );
            assert!(all.iter().filter(|v| *v == "unplannedFailover").count() <= 1);
        }
    }
}
