//! The order of the cut-overs: dependencies, optional machines, what is waited for in between.

use std::sync::{Arc, Mutex};

use failback::domain::plan::{MachineOrder, Minutes, Ready, Recovery};
use failback::domain::run::{Closing, End, Question, Record, Request, Topic};
use failback::domain::{ArmId, Plan, StepKind as K};
use failback::simulator::Quirk;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::lab::Lab;
use crate::run::{Book, Came, agrees, carry_out, carry_out_in, item, nothing_twice, says};
use crate::run_plans::*;

pub async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

/// What the plan says about a machine's place.
pub fn own<'a>(recovery: &'a mut Recovery, name: &str) -> &'a mut MachineOrder {
    let mut all = recovery.waves.iter_mut().flat_map(|w| &mut w.machines);
    let found = all.find(|m| m.name.as_str() == name);
    &mut found.unwrap().order
}

fn plan(recovery: Recovery) -> Plan {
    crate::run::recover(recovery)
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

fn began(came: &Came, own: &ArmId, wanted: K) -> usize {
    first(
        came,
        |r| matches!(r, Record::StepBegan { machine, step } if machine == own && *step == wanted),
    )
}

/// Which of the changes on the wire is the cut-over of a machine.
async fn cut_over(lab: &Lab, machine: &ArmId, verb: &str) -> usize {
    let path = format!("{machine}/{verb}").to_lowercase();
    let seen = lab.changes().await;
    let at = seen
        .iter()
        .position(|s| s.path.to_lowercase().starts_with(&path));
    at.unwrap_or_else(|| panic!("{path}: {seen:#?}"))
}

#[tokio::test]
async fn whoever_waits_for_another_is_cut_over_after_it_is_home_and_quiesced_before_it() {
    let lab = contoso().await;
    let [web, erp, app] = [
        item(&lab, "web-01").await,
        item(&lab, "erp-app").await,
        item(&lab, "app-01").await,
    ];
    let mut recovery = recovery(&lab, &[&["app-01", "erp-app", "web-01"]]).await;
    own(&mut recovery, "app-01").after = vec![erp.clone()];
    own(&mut recovery, "erp-app").after = vec![web.clone()];
    let came = carry_out(&lab, &plan(recovery), async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let order = [
        cut_over(&lab, &web, "unplannedFailover").await,
        cut_over(&lab, &erp, "unplannedFailover").await,
        cut_over(&lab, &app, "plannedFailover").await,
    ];
    assert!(order.is_sorted(), "{order:?}");
    for (before, after) in [(&web, &erp), (&erp, &app)] {
        assert!(ended(&came, before, K::VerifyAzureOff) < began(&came, after, K::FailBack));
        // Who is served is made quiet before those who serve it.
        assert!(ended(&came, after, K::Quiesce) < ended(&came, before, K::Quiesce));
    }
    nothing_twice(&lab).await;
}

#[tokio::test]
async fn an_optional_machine_that_fails_holds_nobody_up_even_while_somebody_is_asked_about_it() {
    let lab = contoso().await;
    lab.fault("JOB app-01/plannedFailover 8038").await;
    let app = item(&lab, "app-01").await;
    let mut recovery = recovery(&lab, &[&["app-01", "web-01"], &["erp-app"]]).await;
    own(&mut recovery, "app-01").optional = true;
    own(&mut recovery, "web-01").after = vec![app];
    let book = Book::default();
    let unanswered: Arc<Mutex<Option<Question>>> = Arc::default();
    let came = carry_out_in(book.clone(), &lab, &plan(recovery), async |q| {
        match q.topic {
            Topic::Failed => {
                *unanswered.lock().unwrap() = Some(q.clone());
                None
            }
            // The last wave is home: only now somebody says what is to become of the other.
            Topic::Commit if q.words.as_str().contains("erp-app") => {
                let failed = unanswered.lock().unwrap().take().unwrap();
                book.send(Request::Answer(says(&failed, "give-up").unwrap()));
                agrees(q)
            }
            _ => agrees(q),
        }
    })
    .await;
    assert!(matches!(came.end("app-01", K::FailBack), End::Failed(_)));
    for name in ["web-01", "erp-app"] {
        assert_eq!(came.end(name, K::Commit), End::Done, "{}", came.story());
    }
    assert!(came.asked().iter().all(|q| q.topic != Topic::Wave));
}

#[tokio::test]
async fn a_critical_machine_that_fails_stops_what_waits_for_it_by_name_and_nothing_else() {
    for choice in ["stop", "go-on"] {
        let lab = contoso().await;
        lab.fault("JOB app-01/plannedFailover 8038").await;
        let app = item(&lab, "app-01").await;
        let mut recovery = recovery(&lab, &[&["app-01", "web-01", "erp-app"]]).await;
        own(&mut recovery, "web-01").after = vec![app];
        let came = carry_out(&lab, &plan(recovery), async |q| match q.topic {
            Topic::Failed => says(q, "give-up"),
            Topic::Wave => {
                let told = words(q);
                assert!(told.contains("app-01 did not come through"), "{told}");
                says(q, choice)
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(
            came.end("erp-app", K::Commit),
            End::Done,
            "{}",
            came.story()
        );
        if choice == "go-on" {
            assert_eq!(came.end("web-01", K::Commit), End::Done);
            continue;
        }
        let End::Left(told) = came.end("web-01", K::Door) else {
            panic!("{}", came.story());
        };
        assert!(
            told.as_str().contains("app-01 did not come through"),
            "{told}"
        );
        assert!(matches!(came.end("web-01", K::FailBack), End::NotBegun(_)));
    }
}

/// Most machines that were past the door and not home at a time.
fn most_at_once(came: &Came) -> usize {
    let (mut inside, mut most) = (0_usize, 0);
    for record in came.book.records() {
        let Record::StepEnded { step, end, .. } = record else {
            continue;
        };
        match (step, end) {
            (K::Door, End::Done) => inside += 1,
            (K::VerifyAzureOff, _) => inside -= 1,
            _ => {}
        }
        most = most.max(inside);
    }
    most
}

#[tokio::test]
async fn no_more_machines_than_the_plan_allows_are_in_cut_over_at_a_time() {
    const NAMES: [&str; 4] = ["web-01", "erp-app", "app-01", "hv-dc-02"];
    for most in [1, 2] {
        let lab = contoso().await;
        let mut recovery = recovery(&lab, &[&NAMES]).await;
        recovery.order.at_once = std::num::NonZeroU32::new(most);
        let came = carry_out(&lab, &plan(recovery), async |q| agrees(q)).await;
        assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
        assert_eq!(most_at_once(&came), most as usize, "{}", came.story());
    }
    let lab = contoso().await;
    let recovery = recovery(&lab, &[&NAMES]).await;
    let came = carry_out(&lab, &plan(recovery), async |q| agrees(q)).await;
    assert!(most_at_once(&came) > 2, "without a limit they go together");
}

/// A port of this machine at which nobody listens, and its holder.
async fn port() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Answers every request, each in its turn with one of `statuses`, then with the last.
async fn answering(listener: TcpListener, statuses: &[u16]) {
    let mut statuses = statuses.iter().copied().peekable();
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut request = [0; 2048];
        let _ = stream.read(&mut request).await;
        let status = statuses.peek().copied().unwrap();
        if statuses.len() > 1 {
            statuses.next();
        }
        let answer =
            format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

#[tokio::test]
async fn the_next_wave_waits_until_the_machine_answers_on_its_port_and_its_page() {
    let lab = contoso().await;
    let (closed, tcp) = port().await;
    drop(closed);
    let (web, http) = port().await;
    let mut recovery = recovery(&lab, &[&["erp-app"], &["web-01"]]).await;
    own(&mut recovery, "erp-app").ready = vec![
        Ready::Tcp {
            host: "127.0.0.1".into(),
            port: tcp,
            limit: Minutes(100_000),
        },
        Ready::Http {
            url: format!("http://127.0.0.1:{http}/health").into(),
            status: 204,
            limit: Minutes(100_000),
        },
    ];
    let erp = item(&lab, "erp-app").await;
    let next = item(&lab, "web-01").await;
    let plan = plan(recovery);
    let book = Book::default();
    let server = async {
        let waits = |r: &Record| matches!(r, Record::StepBegan { machine, step: K::Ready } if *machine == erp);
        book.until(waits).await;
        let begun = |r: &Record| matches!(r, Record::StepBegan { machine, step: K::FailBack } if *machine == next);
        assert!(!book.records().iter().any(begun));
        // It comes up only now, and its page a while later.
        let _listener = TcpListener::bind(("127.0.0.1", tcp)).await.unwrap();
        answering(web, &[503, 503, 204]).await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = server => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert!(ended(&came, &erp, K::Ready) < began(&came, &next, K::FailBack));
}

#[tokio::test]
async fn after_the_limit_a_person_waits_on_goes_on_or_gives_up_and_an_answer_that_comes_ends_it() {
    for choice in ["go-on", "give-up", "it comes"] {
        let lab = contoso().await;
        let (closed, port) = port().await;
        drop(closed);
        let mut recovery = recovery(&lab, &[&["erp-app"]]).await;
        own(&mut recovery, "erp-app").ready = vec![Ready::Tcp {
            host: "127.0.0.1".into(),
            port,
            limit: Minutes(5),
        }];
        let mut asked = 0;
        let mut listener = None;
        let came = carry_out(&lab, &plan(recovery), async |q| {
            if q.topic != Topic::Ready {
                return agrees(q);
            }
            asked += 1;
            let told = words(q);
            assert!(told.contains("erp-app has been waited for 5 min"), "{told}");
            assert!(told.contains("does not answer"), "{told}");
            match (asked, choice) {
                (1, _) => says(q, "wait"),
                (_, "it comes") => {
                    listener = Some(TcpListener::bind(("127.0.0.1", port)).await.unwrap());
                    None
                }
                (_, choice) => says(q, choice),
            }
        })
        .await;
        assert_eq!(asked, 2, "{}", came.story());
        match choice {
            "go-on" => {
                let words = came.amber("erp-app", K::Ready).join(" ");
                assert!(words.contains("kim on jump-01: looked at it"), "{words}");
                assert_eq!(came.closing, Ok(Closing::DoneBut));
            }
            "give-up" => {
                assert!(matches!(came.end("erp-app", K::Ready), End::Left(_)));
                assert_eq!(came.closing, Ok(Closing::Failed));
            }
            _ => {
                assert_eq!(came.end("erp-app", K::Ready), End::Done);
                assert_eq!(came.closing, Ok(Closing::Done));
                assert!(came.run().questions.is_empty());
            }
        }
    }
}

/// When the cut-over of a machine was about to be sent, by the service's clock.
fn sent_at(came: &Came, own: &ArmId, wanted: K) -> jiff::Timestamp {
    let at = |record| match record {
        Record::Intent {
            attempt,
            service_time,
            ..
        } if attempt.machine == *own && attempt.step == wanted => Some(service_time),
        _ => None,
    };
    came.book.records().into_iter().find_map(at).unwrap()
}

#[tokio::test]
async fn a_delay_is_measured_by_the_services_clock() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["erp-app"], &["app-01"]]).await;
    own(&mut recovery, "erp-app").ready = vec![Ready::Delay(Minutes(120))];
    let came = carry_out(&lab, &plan(recovery), async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let [erp, app] = [item(&lab, "erp-app").await, item(&lab, "app-01").await];
    let apart = sent_at(&came, &app, K::FailBack)
        .duration_since(sent_at(&came, &erp, K::FailBack))
        .as_mins();
    assert!(apart >= 120, "{apart} min");
}

#[tokio::test]
async fn a_person_confirms_before_the_next_wave_goes_on_or_it_does_not() {
    for choice in ["confirm", "give-up"] {
        let lab = contoso().await;
        let mut recovery = recovery(&lab, &[&["erp-app"], &["app-01"]]).await;
        let question = "do the clerks see their orders?";
        own(&mut recovery, "erp-app").ready = vec![Ready::Confirm(question.into())];
        let came = carry_out(&lab, &plan(recovery), async |q| match q.topic {
            Topic::Ready => {
                assert!(q.words.as_str().contains(question), "{}", q.words);
                says(q, choice)
            }
            Topic::Wave => says(q, "stop"),
            _ => agrees(q),
        })
        .await;
        match choice {
            "confirm" => assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story()),
            _ => assert!(matches!(came.end("app-01", K::Door), End::Left(_))),
        }
    }
}

#[tokio::test]
async fn only_a_heartbeat_after_the_cut_over_counts_however_late_heartbeats_are() {
    for quirk in [None, Some(Quirk::OldHeartbeats)] {
        let mut wanted = Lab::wanted().speed(2000.0);
        wanted = match quirk {
            Some(quirk) => wanted.quirk(quirk),
            None => wanted,
        };
        let lab = wanted.start().await;
        let name = "mail-01";
        let point = failback::domain::plan::AzurePoint::Latest;
        let mut plan = fail_over(&lab, name, point, Default::default()).await;
        let failback::domain::Intent::FailOver(mut over) = plan.intent().clone() else {
            unreachable!()
        };
        over.waves[0].machines[0].order.ready = vec![Ready::Heartbeat { limit: Minutes(60) }];
        plan.decide(failback::domain::Intent::FailOver(over))
            .unwrap();
        let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
        assert_eq!(came.end(name, K::Ready), End::Done, "{}", came.story());
        let site = lab.site().await.unwrap();
        let (_, detail) = site.arm().machine(&item(&lab, name).await).await.unwrap();
        let over = sent_at(&came, &item(&lab, name).await, K::FailOver);
        assert!(detail.agent_heartbeat.unwrap() > over);
    }
}

#[tokio::test]
async fn a_heartbeat_that_azure_does_not_tell_stays_unknown_and_a_person_is_asked() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["hv-dc-02"]]).await;
    own(&mut recovery, "hv-dc-02").ready = vec![Ready::Heartbeat { limit: Minutes(20) }];
    let came = carry_out(&lab, &plan(recovery), async |q| match q.topic {
        Topic::Ready => {
            assert!(words(q).contains("tells no heartbeat"), "{}", words(q));
            says(q, "go-on")
        }
        _ => agrees(q),
    })
    .await;
    let amber = came.amber("hv-dc-02", K::Ready).join(" ");
    assert!(
        amber.contains("not waited any longer for a heartbeat"),
        "{amber}"
    );
}

#[tokio::test]
async fn a_machine_whose_replication_is_not_healthy_is_not_cut_over_unless_a_person_says_so() {
    let lab = contoso().await;
    let mut recovery = recovery(&lab, &[&["sql-01", "web-01"]]).await;
    for name in ["sql-01", "web-01"] {
        own(&mut recovery, name).replication = Some(Minutes(15));
    }
    let came = carry_out(&lab, &plan(recovery), async |q| match q.topic {
        Topic::Ready => {
            let told = words(q);
            assert!(told.contains("sql-01 has been waited for 15 min"), "{told}");
            says(q, "give-up")
        }
        Topic::Drain => says(q, "go-on"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.end("web-01", K::Commit), End::Done, "{}", came.story());
    let End::Left(told) = came.end("sql-01", K::Door) else {
        panic!("{}", came.story());
    };
    assert!(told.as_str().contains("a healthy replication"), "{told}");
    let own = item(&lab, "sql-01").await.to_string().to_lowercase();
    let changed = lab.changes().await;
    assert!(
        !changed
            .iter()
            .any(|s| s.path.to_lowercase().starts_with(&own))
    );
}
