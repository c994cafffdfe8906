//! Servers that mean no good, or do not know better: bounded, told in a sentence, never trusted with
//! a token that is not theirs.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Response;
use failback::azure::{Kind, Sent};
use failback::domain::{Failure, JobId, RequestId, Retry};
use failback::site::PartState;
use serde_json::json;

use crate::lab::gather;
use crate::rogue::{Rogue, change, item_id, json_answer, open, page, status, token, vault};

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_stays_here() {
    let elsewhere = Rogue::answering(|_| async { page(&[], None) }).await;
    for code in [301, 302, 307, 308] {
        let target = format!("{}/stolen", elsewhere.base);
        let here = Rogue::answering(move |_| {
            let mut answer = status(code);
            let headers = answer.headers_mut();
            headers.insert("location", target.parse().unwrap());
            async { answer }
        })
        .await;
        let site = here.site().await;
        let error = site.arm().machines(&vault(), |_| ()).await.unwrap_err();
        assert!(matches!(&error.kind, Kind::Redirected(host) if host == "127.0.0.1"));
        let failure = Failure::from(&error);
        assert_eq!(
            failure.what.as_str(),
            "Could not read the machines of vault v: the service points to 127.0.0.1."
        );
        assert_eq!(here.asked().len(), 1, "{code}: it is not tried again");
        let error = site
            .arm()
            .change("test", &change(), RequestId::random())
            .await
            .unwrap_err();
        assert!(matches!(error.kind, Kind::Redirected(_)));
    }
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_next_link_to_another_host_is_refused_and_the_token_stays_here() {
    let elsewhere = Rogue::answering(|_| async { page(&[], None) }).await;
    for link in [
        format!("{}/x?$skipToken=1", elsewhere.base),
        "https://management.azure.com.evil.example/x".into(),
        "file:///etc/passwd".into(),
        "//evil.example/x".into(),
        "not an address".into(),
    ] {
        let next = link.clone();
        let here = Rogue::answering(move |_| {
            let next = next.clone();
            async move { page(&[json!({"id": item_id("a").as_str()})], Some(&next)) }
        })
        .await;
        let mut rows = 0;
        let error = here
            .site()
            .await
            .arm()
            .machines(&vault(), |page| rows += page.len())
            .await
            .unwrap_err();
        assert!(matches!(error.kind, Kind::Redirected(_)), "{link}: {error}");
        assert_eq!(rows, 1, "what came before is kept");
        assert_eq!(here.asked().len(), 1);
    }
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_list_that_goes_in_a_circle_ends() {
    let here = Rogue::answering(|ask| async move {
        let host = ask.headers["host"].to_str().unwrap();
        let other = if ask.path.contains("even") {
            "odd"
        } else {
            "even"
        };
        page(&[], Some(&format!("http://{host}/list?{other}")))
    })
    .await;
    let error = here
        .site()
        .await
        .arm()
        .machines(&vault(), |_| ())
        .await
        .unwrap_err();
    assert_eq!(
        Failure::from(error).what.as_str(),
        "Could not read the machines of vault v: the answer cannot be understood: \
         its pages lead in a circle."
    );
    assert!(here.asked().len() <= 4, "{}", here.asked().len());
}

/// The resident memory of this process at its highest, in MiB.
fn peak_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib >> 10
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let here = Rogue::answering(|_| async {
        let chunk = Bytes::from(vec![b' '; 1 << 20]);
        let chunks = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        Response::new(Body::from_stream(chunks))
    })
    .await;
    the_answer_is_too_large(&here).await;
}

#[tokio::test]
async fn a_small_answer_that_unpacks_without_end_is_cut_off() {
    // Two MiB on the wire, two GiB unpacked.
    let block = vec![b' '; 1 << 20];
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..2048 {
        packer.write_all(&block).unwrap();
    }
    let bomb = Bytes::from(packer.finish().unwrap());
    assert!(bomb.len() < 16 << 20);
    let here = Rogue::answering(move |_| {
        let bomb = bomb.clone();
        async {
            Response::builder()
                .header("content-encoding", "gzip")
                .body(Body::from(bomb))
                .unwrap()
        }
    })
    .await;
    the_answer_is_too_large(&here).await;
}

async fn the_answer_is_too_large(here: &Rogue) {
    let site = here.site().await;
    let error = site.arm().machines(&vault(), |_| ()).await.unwrap_err();
    assert_eq!(
        Failure::from(error).what.as_str(),
        "Could not read the machines of vault v: the answer is larger than 64 MiB."
    );
    assert_eq!(here.asked().len(), 1, "it is not asked for again");
    // Several tests share this process; an unbounded reader would have taken gigabytes.
    assert!(peak_memory() < 1024, "{} MiB", peak_memory());
}

#[tokio::test]
async fn a_length_that_promises_too_much_reserves_no_memory() {
    let here = Rogue::answering(|_| async {
        let body = Body::from_stream(futures::stream::iter([
            Ok(Bytes::from_static(b"{}")),
            Err(std::io::Error::other("gone")),
        ]));
        Response::builder()
            .header("content-length", u64::MAX.to_string())
            .body(body)
            .unwrap()
    })
    .await;
    let site = here.site().await;
    let error = site.arm().machines(&vault(), |_| ()).await.unwrap_err();
    assert!(
        matches!(error.kind, Kind::Cut | Kind::TooLarge(_)),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_answer_without_end_is_cut_off() {
    let here = Rogue::raw(|_| async {
        let chunk = Bytes::from(vec![b' '; 1 << 16]);
        let chunks = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        Response::new(Body::from_stream(chunks))
    })
    .await;
    let error = here.site().await.arm().sign_in().await.unwrap_err();
    assert!(matches!(error.kind, Kind::TooLarge(_)), "{error}");
    let words = Failure::from(error).what.to_string();
    assert!(words.starts_with("Could not sign in"), "{words}");
    assert_eq!(here.sign_ins(), 1);
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_the_configured_time() {
    let here = Rogue::answering(|_| std::future::pending()).await;
    let mut profile = here.profile();
    profile.timeout_seconds = 1;
    let site = open(profile).await;
    let error = site
        .arm()
        .change("send it to m", &change(), RequestId::random())
        .await
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Timeout(after) if after == Duration::from_secs(1)));
    assert_eq!(error.sent, Sent::Unknown);
    let failure = Failure::from(error);
    assert_eq!(
        failure.what.as_str(),
        "Could not send it to m: no answer within 1 s."
    );
    assert_eq!(failure.retry, Retry::LookFirst);
    assert_eq!(here.asked().len(), 1, "a change is not repeated");
}

#[tokio::test]
async fn bodies_of_every_odd_form_are_told_and_never_a_panic() {
    let job = JobId::parse("j").unwrap();
    for body in [
        "",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{}",
        "{\"value\":null}",
        "{\"value\":{}}",
        "{\"value\":[",
        "{\"value\":[]}trailing",
        "<html>Sign in to the hotel's wireless network</html>",
        "\u{feff}{\"value\":[]}",
        "\u{0}",
    ] {
        let here = Rogue::answering(move |_| async move { Response::new(Body::from(body)) }).await;
        let site = here.site().await;
        let error = site.arm().machines(&vault(), |_| ()).await.unwrap_err();
        let words = Failure::from(error).what.to_string();
        assert!(
            words.starts_with(
                "Could not read the machines of vault v: the answer cannot be understood: "
            ),
            "{body:?}: {words}"
        );
        assert!(site.arm().job(&vault(), &job).await.is_err(), "{body}");
        assert!(site.arm().machine(&item_id("m")).await.is_err(), "{body}");
        // The whole reading ends, too.
        let estate = gather(&site).await;
        assert!(
            estate
                .parts
                .iter()
                .any(|p| matches!(p.state, PartState::Failed(_)))
        );
    }
}

#[tokio::test]
async fn deeply_nested_json_is_no_way_to_end_this_program() {
    let deep = "[".repeat(200_000);
    let body = format!("{{\"value\":{deep}");
    let here = Rogue::answering(move |_| {
        let body = body.clone();
        async move { Response::new(Body::from(body)) }
    })
    .await;
    let site = here.site().await;
    assert!(site.arm().machines(&vault(), |_| ()).await.is_err());
    assert!(site.arm().machine(&item_id("m")).await.is_err());
}

#[tokio::test]
async fn a_200_that_is_not_the_service_does_not_count_as_a_change_made() {
    let here = Rogue::answering(|_| async {
        Response::new(Body::from("<html>Sign in to the wireless network</html>"))
    })
    .await;
    let site = here.site().await;
    let answer = site
        .arm()
        .change("fail back m", &change(), RequestId::random())
        .await
        .unwrap();
    let error = failback::azure::Accepted::read("fail back m", &answer).unwrap_err();
    assert_eq!(error.sent, Sent::Unknown);
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_the_profile_allows() {
    const MOST: usize = 3;
    let flying = Arc::new(AtomicUsize::new(0));
    let highest = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (Arc::clone(&flying), Arc::clone(&highest));
    let here = Rogue::answering(move |_| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // Held until the others had every chance to come, too.
            tokio::time::sleep(Duration::from_millis(10)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            json_answer(&json!({"id": item_id("m").as_str()}))
        }
    })
    .await;
    let mut profile = here.profile();
    profile.parallel = MOST;
    let site = open(profile).await;
    let id = item_id("m");
    let reads = (0..30).map(|_| site.arm().machine(&id));
    for read in futures::future::join_all(reads).await {
        read.unwrap();
    }
    assert_eq!(here.asked().len(), 30);
    assert_eq!(highest.load(Ordering::SeqCst), MOST);
}

#[tokio::test]
async fn fifty_reads_at_once_fetch_one_token() {
    let here = Rogue::raw(|ask| async move {
        if ask.is_token() {
            // Slow enough that all fifty come while it is on its way.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return token(3600);
        }
        json_answer(&json!({"id": item_id("m").as_str()}))
    })
    .await;
    let site = here.site().await;
    let id = item_id("m");
    let reads = (0..50).map(|_| site.arm().machine(&id));
    for read in futures::future::join_all(reads).await {
        read.unwrap();
    }
    assert_eq!(here.asked().len(), 50);
    assert_eq!(here.sign_ins(), 1);
}

#[tokio::test]
async fn a_body_that_trickles_for_ever_is_given_up_and_holds_up_no_change() {
    let here = Rogue::answering(|ask| async move {
        if ask.method == "POST" {
            return status(202);
        }
        let drops = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>(" "), ()))
        });
        axum::response::Response::new(axum::body::Body::from_stream(drops))
    })
    .await;
    let timeout = Duration::from_millis(200);
    let endpoint = failback::azure::Endpoint::parse(&here.base).unwrap();
    let sign_in = failback::azure::SignIn::ManagedIdentity {
        endpoint: Some(endpoint.clone()),
        client_id: None,
    };
    let connection = failback::azure::Connection {
        proxy: failback::azure::Proxying::None,
        ca_file: None,
        timeout,
    };
    let pace = failback::azure::Pace {
        attempts: 1,
        timeout,
        ..Default::default()
    };
    let version = "1".to_owned();
    let arm =
        failback::azure::Arm::new(endpoint, version, sign_in, &connection, 1, pace, None).unwrap();
    let (call, id) = (
        crate::rogue::change(),
        failback::domain::RequestId::random(),
    );
    let item = item_id("m");
    let read = async {
        let read = tokio::time::timeout(Duration::from_secs(20), arm.machine(&item));
        (read.await.expect("it ends"), std::time::Instant::now())
    };
    let changed = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        arm.change("test", &call, id).await.unwrap();
        std::time::Instant::now()
    };
    let ((read, read_at), changed_at) = tokio::join!(read, changed);
    assert!(matches!(read.unwrap_err().kind, Kind::Timeout(_)));
    assert!(changed_at < read_at, "the change did not wait for the read");
}
