use super::*;
use crate::simulator::Fault;
use std::time::Duration;

async fn status(site: &Site, target: &str) -> u16 {
    site.ask(Method::GET, target)
        .send()
        .await
        .expect("an answer")
        .status()
        .as_u16()
}

#[test]
fn a_rule_is_four_words_and_a_wrong_one_says_why() {
    for good in [
        "GET replicationProtectedItems 1-3 429:2",
        "* * 2 reset",
        "POST x lost",
        "GET x 3- stall:30",
        "* x * slow:100",
        "POST f 1 job:78093",
        "GET x 503:date",
    ] {
        assert!(good.parse::<Fault>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "GET",
        "GET x 0 500",
        "GET x 1 200",
        "GET x a 500",
        "GET x 1 explode",
        "GET x 1 slow:0",
        "GET x 1 job:",
        "GET x 1 2 500",
    ] {
        let error = bad.parse::<Fault>().expect_err(bad).to_string();
        assert!(error.contains("is not a fault rule"), "{error}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_of_rules_or_of_addresses_panic(text in ".{0,60}") {
        let _ = text.parse::<Fault>();
        let _ = crate::simulator::call::decode_query(&text);
        let _ = crate::simulator::call::decode(&text, false);
    }
}

#[tokio::test]
async fn a_rule_strikes_the_calls_it_counts_and_no_others() {
    let site = site(Estate::Recorded).await;
    let list = format!("{}/replicationProtectedItems", site.vault());
    site.fault("GET replicationprotecteditems 2-3 429:2").await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(status(&site, &list).await);
    }
    assert_eq!(seen, [200, 429, 429, 200]);
    site.fault("GET * 1 429:date").await;
    let answer = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("an answer");
    assert!(
        answer.headers()["retry-after"]
            .to_str()
            .expect("text")
            .ends_with(" GMT")
    );
    site.fault("GET * 1 403").await;
    let body: Value = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["error"]["code"], "AuthorizationFailed");
    assert!(
        text(&body["error"]["message"]).contains("does not have authorization to perform action")
    );
}

#[tokio::test]
async fn connections_end_as_the_rule_says() {
    let site = site(Estate::Recorded).await;
    let list = format!("{}/replicationProtectedItems", site.vault());
    site.fault("GET replicationProtectedItems 1 reset").await;
    assert!(site.ask(Method::GET, &list).send().await.is_err());
    site.control(Method::DELETE, "faults", Value::Null).await;
    site.fault("GET replicationProtectedItems 1 truncate").await;
    let answer = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("a beginning");
    assert!(answer.bytes().await.is_err());
    site.control(Method::DELETE, "faults", Value::Null).await;
    site.fault("GET replicationProtectedItems 1 garbage").await;
    let answer = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.json::<Value>().await.is_err());
    site.control(Method::DELETE, "faults", Value::Null).await;
    site.fault("GET replicationProtectedItems 1 stall:30").await;
    let ask = site
        .ask(Method::GET, &list)
        .timeout(Duration::from_millis(100));
    assert!(ask.send().await.expect_err("a stall").is_timeout());
    assert_eq!(status(&site, &list).await, 200);
}

#[tokio::test]
async fn a_slow_answer_comes_whole_and_at_the_rate_of_the_rule() {
    let site = site(Estate::Recorded).await;
    let list = format!("{}/replicationPolicies", site.vault());
    let length = site
        .ask(Method::GET, &list)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await;
    let length = length.expect("a body").len();
    site.fault(&format!("GET replicationPolicies 1 slow:{}", length * 5))
        .await;
    let begun = std::time::Instant::now();
    assert_eq!(
        site.get(&list).await["value"].as_array().map(Vec::len),
        Some(2)
    );
    // Packed it is shorter than its length, so the time is only bounded from below, and loosely.
    assert!(begun.elapsed() >= Duration::from_millis(20));
}

#[tokio::test]
async fn a_limit_of_calls_in_a_minute_is_kept_and_forgotten_when_the_minute_is_over() {
    let options = Options {
        estate: Estate::Recorded,
        calls_per_minute: Some(3),
        ..Options::default()
    };
    let site = with(options).await;
    let list = format!("{}/replicationPolicies", site.vault());
    let mut seen = Vec::new();
    for _ in 0..8 {
        seen.push(status(&site, &list).await);
    }
    assert!(seen.contains(&429) && seen.contains(&200), "{seen:?}");
    site.advance(60).await;
    assert_eq!(status(&site, &list).await, 200);
}

#[tokio::test]
async fn a_test_in_the_same_process_needs_no_http_to_turn_the_site() {
    let site = site(Estate::from("recorded")).await;
    let before = site.running.now();
    site.running.advance(3600.0);
    assert!(site.running.now().duration_since(before).as_secs() >= 3600);
    site.running
        .add_fault("GET replicationPolicies 1 500".parse().expect("a rule"));
    let list = format!("{}/replicationPolicies", site.vault());
    assert_eq!(status(&site, &list).await, 500);
    site.running.clear_faults();
    let seen = site.running.requests();
    assert_eq!(
        (&seen[0]["status"], &seen[0]["fault"]),
        (&json!(500), &json!("GET replicationPolicies 1 500"))
    );
}
