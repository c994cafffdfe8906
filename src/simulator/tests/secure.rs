use super::*;
use crate::simulator::CertificateKind;
use std::time::Duration;

async fn ask_token(site: &Site, tenant: &str, id: &str, secret: &str) -> (u16, Value) {
    let url = format!(
        "{}/{tenant}/oauth2/v2.0/token",
        site.running.announce.base_url
    );
    let scope = "https://management.azure.com/.default";
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", scope),
    ];
    let answer = site
        .client
        .post(url)
        .form(&form)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_token_is_given_for_the_right_secret_and_expires_by_the_simulated_clock() {
    let site = site(Estate::Contoso).await;
    let a = site.running.announce.clone();
    let (status, body) = ask_token(&site, &a.tenant, &a.client_id, &a.client_secret).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(3599)));
    let token = text(&body["access_token"]);
    let list = || {
        site.client
            .get(format!(
                "{}{}/replicationFabrics?{VERSION}",
                a.base_url,
                site.vault()
            ))
            .bearer_auth(&token)
            .send()
    };
    assert_eq!(list().await.expect("an answer").status(), 200);
    site.advance(3600).await;
    let expired = list().await.expect("an answer");
    assert_eq!(expired.status(), 401);
    let body: Value = expired.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], "ExpiredAuthenticationToken");
    for (tenant, id, secret, status, code) in [
        (
            "other",
            &*a.client_id,
            &*a.client_secret,
            400,
            "AADSTS90002",
        ),
        (&*a.tenant, "other", &*a.client_secret, 400, "AADSTS700016"),
        (&*a.tenant, &*a.client_id, "other", 401, "AADSTS7000215"),
    ] {
        let (got, body) = ask_token(&site, tenant, id, secret).await;
        assert_eq!(got, status);
        assert!(text(&body["error_description"]).starts_with(code));
    }
    let log = site.control(Method::GET, "requests", Value::Null).await;
    assert!(!log.to_string().contains(&a.client_secret));
}

#[tokio::test]
async fn a_managed_identity_needs_its_header_and_speaks_in_strings() {
    let site = site(Estate::Contoso).await;
    let url = format!(
        "{}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com",
        site.running.announce.base_url
    );
    assert_eq!(
        site.client
            .get(&url)
            .send()
            .await
            .expect("an answer")
            .status(),
        400
    );
    let body: Value = site
        .client
        .get(&url)
        .header("Metadata", "true")
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["expires_in"], "3599");
    assert!(body["expires_on"].is_string());
}

#[tokio::test]
async fn tls_is_verified_against_its_own_authority() {
    for (certificate, good) in [
        (CertificateKind::Good, true),
        (CertificateKind::Expired, false),
        (CertificateKind::WrongName, false),
    ] {
        let site = with(Options {
            tls: true,
            certificate,
            ..Options::default()
        })
        .await;
        let pem = site.running.announce.ca_pem.clone().expect("an authority");
        let ca = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([ca])
            .build()
            .expect("a client");
        let url = format!("{}/_simulator/info", site.running.announce.base_url);
        assert!(url.starts_with("https://localhost:"));
        assert_eq!(
            client.get(&url).send().await.is_ok(),
            good,
            "{certificate:?}"
        );
        assert!(
            site.client.get(&url).send().await.is_err(),
            "a stranger does not trust it"
        );
    }
}

#[tokio::test]
async fn a_site_ends_when_it_is_told_to_when_it_is_idle_and_when_it_is_dropped() {
    let mut told = site(Estate::Empty).await;
    told.control(Method::POST, "shutdown", Value::Null).await;
    told.running.finished().await;
    let mut idle = with(Options {
        idle_exit: Some(Duration::from_millis(50)),
        ..Options::default()
    })
    .await;
    idle.running.finished().await;
    let dropped = site(Estate::Empty).await;
    let url = format!("{}/_simulator/info", dropped.running.announce.base_url);
    let client = dropped.client.clone();
    drop(dropped);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(client.get(url).send().await.is_err());
}

#[tokio::test]
async fn the_clock_of_the_site_can_be_a_day_off() {
    let site = with(Options {
        clock_offset: -86_400,
        ..Options::default()
    })
    .await;
    let info = site.get("/_simulator/info").await;
    let now: jiff::Timestamp = text(&info["now"]).parse().expect("a time");
    let off = jiff::Timestamp::now().as_second() - now.as_second();
    assert!((86_398..=86_402).contains(&off), "{off}");
}
