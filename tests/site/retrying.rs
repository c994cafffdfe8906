//! What is sent again, when, and what never is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use failback::azure::{Kind, Sent};
use failback::domain::RequestId;
use failback::simulator::Estate;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::lab::{Lab, Seen};
use crate::rogue::{Rogue, change, item_id, json_answer, open, status, token};

/// The reads of the list of machines.
fn lists(seen: Vec<Seen>) -> Vec<Seen> {
    let all = seen.into_iter();
    all.filter(|seen| seen.path.contains("/replicationProtectedItems?"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_repeated_until_what_may_pass_has_passed() {
    for rule in [
        "500", "502", "503", "504", "408", "reset", "lost", "truncate", "429:0",
    ] {
        let lab = Lab::wanted().estate(Estate::Recorded).start().await;
        lab.fault(&format!("GET replicationProtectedItems 1-4 {rule}"))
            .await;
        let estate = lab.gather().await;
        assert_eq!(estate.machines.len(), lab.announce().items, "{rule}");
        assert_eq!(lists(lab.requests().await).len(), 5, "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_given_up_after_the_fifth_time() {
    let lab = Lab::wanted().estate(Estate::Recorded).start().await;
    lab.fault("GET replicationProtectedItems 503").await;
    lab.gather().await;
    assert_eq!(lists(lab.requests().await).len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_final() {
    for code in [400, 403, 404, 409] {
        let lab = Lab::wanted().estate(Estate::Recorded).start().await;
        lab.fault(&format!("GET replicationProtectedItems {code}"))
            .await;
        lab.gather().await;
        assert_eq!(lists(lab.requests().await).len(), 1, "{code}");
    }
}

/// A server that is busy once, with this `Retry-After`, and how long it was left alone.
async fn left_alone(retry_after: &'static str, date: &'static str) -> Duration {
    let times: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let clock = Arc::clone(&times);
    let here = Rogue::answering(move |_| {
        let mut times = clock.lock().unwrap();
        times.push(Instant::now());
        let first = times.len() == 1;
        async move {
            if !first {
                return json_answer(&json!({"id": item_id("m").as_str()}));
            }
            let mut answer = status(429);
            let headers = answer.headers_mut();
            headers.insert("retry-after", retry_after.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            answer
        }
    })
    .await;
    here.site()
        .await
        .arm()
        .machine(&item_id("m"))
        .await
        .unwrap();
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 2);
    times[1] - times[0]
}

#[tokio::test]
async fn a_retry_after_in_seconds_is_waited_for() {
    let pause = left_alone("1", "Sat, 21 Nov 2026 08:14:00 GMT").await;
    assert!(pause >= Duration::from_secs(1), "{pause:?}");
}

#[tokio::test]
async fn a_retry_after_as_a_date_is_measured_by_the_services_own_clock() {
    // Long past by this machine's clock, or far away: only the difference counts.
    for (until, date) in [
        (
            "Sat, 21 Nov 2020 08:14:01 GMT",
            "Sat, 21 Nov 2020 08:14:00 GMT",
        ),
        (
            "Sat, 21 Nov 2099 08:14:01 GMT",
            "Sat, 21 Nov 2099 08:14:00 GMT",
        ),
    ] {
        let pause = left_alone(until, date).await;
        assert!(pause >= Duration::from_secs(1), "{until}: {pause:?}");
        assert!(pause < Duration::from_secs(20), "{until}: {pause:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_sent_once_whatever_becomes_of_it() {
    for (rule, sent) in [
        ("500", Sent::Unknown),
        ("503:0", Sent::Unknown),
        ("408", Sent::Unknown),
        ("reset", Sent::Unknown),
        ("lost", Sent::Unknown),
        ("400", Sent::Answered),
        ("403", Sent::Answered),
        ("409", Sent::Answered),
    ] {
        let lab = Lab::recorded().await;
        lab.fault(&format!("POST unplannedFailover {rule}")).await;
        let site = lab.site().await.unwrap();
        let error = site
            .arm()
            .change("test", &change(), RequestId::random())
            .await
            .unwrap_err();
        assert_eq!(error.sent, sent, "{rule}: {error}");
        assert_eq!(lab.changes().await.len(), 1, "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_turned_away_for_being_too_many_is_sent_again() {
    let lab = Lab::recorded().await;
    lab.fault("POST unplannedFailover 1-3 429:0").await;
    let site = lab.site().await.unwrap();
    // The path of the test is none of the vault: only the door counts here.
    let error = site
        .arm()
        .change("test", &change(), RequestId::random())
        .await
        .unwrap_err();
    assert_ne!(error.status(), Some(429));
    assert_eq!(lab.changes().await.len(), 4);
}

#[tokio::test]
async fn a_change_whose_connection_was_refused_is_sent_again() {
    // An address where nobody listens, until the second sign-in shows that it was tried.
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let opened: Arc<Mutex<Option<Rogue>>> = Arc::default();
    let sign_ins = Arc::new(Mutex::new(0));
    let (door, count) = (Arc::clone(&opened), Arc::clone(&sign_ins));
    let login = Rogue::raw(move |_| {
        let (door, count) = (Arc::clone(&door), Arc::clone(&count));
        async move {
            let asked = {
                let mut count = count.lock().unwrap();
                *count += 1;
                *count
            };
            if asked == 2 {
                let listener = TcpListener::bind(address).await.unwrap();
                *door.lock().unwrap() = Some(Rogue::on(listener, |_| async { status(202) }));
            }
            // Expired at once, so that each try signs in anew.
            token(0)
        }
    })
    .await;
    let mut profile = login.profile();
    profile.arm = format!("http://{address}");
    let site = open(profile).await;
    let answer = site
        .arm()
        .change("test", &change(), RequestId::random())
        .await
        .unwrap();
    assert_eq!(answer.status, 202);
    assert_eq!(*sign_ins.lock().unwrap(), 2);
    let opened = opened.lock().unwrap();
    assert_eq!(opened.as_ref().unwrap().asked().len(), 1);
}

#[tokio::test]
async fn a_change_that_never_finds_anybody_certainly_was_not_sent() {
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let login = Rogue::raw(|_| async { token(3600) }).await;
    let mut profile = login.profile();
    profile.arm = format!("http://{address}");
    let error = open(profile)
        .await
        .arm()
        .change("test", &change(), RequestId::random())
        .await
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Unreachable(_)), "{error}");
    assert_eq!(error.sent, Sent::No);
}

/// A server that keeps its connections open and counts them; it answers every `POST` with 202.
async fn counting_connections() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut request = Vec::new();
                while stream.read_buf(&mut request).await.is_ok_and(|n| n > 0) {
                    if request.ends_with(b"\r\n\r\n{}") {
                        request.clear();
                        let answer = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
                        stream.write_all(answer).await.unwrap();
                    }
                }
            });
        }
    });
    (base, count)
}

#[tokio::test]
async fn a_change_travels_on_a_connection_of_its_own() {
    // An old connection may be closed by a gateway at the moment in which a change is sent into it:
    // the change would be lost without anybody knowing.
    let (base, connections) = counting_connections().await;
    let login = Rogue::raw(|_| async { token(3600) }).await;
    let mut profile = login.profile();
    profile.arm = base;
    let site = open(profile).await;
    for sent in 1..=5 {
        let call = change();
        let id = RequestId::random();
        site.arm().change("test", &call, id).await.unwrap();
        assert_eq!(connections.load(Ordering::SeqCst), sent);
    }
}

#[tokio::test]
async fn a_change_goes_out_as_it_was_shown() {
    let here = Rogue::answering(|_| async { status(202) }).await;
    let (call, id) = (change(), RequestId::random());
    here.site()
        .await
        .arm()
        .change("test", &call, id)
        .await
        .unwrap();
    let asked = here.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].method, call.method.to_string());
    assert_eq!(asked[0].path, call.path);
    assert_eq!(asked[0].body, call.body.unwrap());
    let header = |name: &str| asked[0].headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("x-ms-client-request-id"), id.to_string());
}
