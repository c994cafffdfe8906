//! Reading a whole site: the same over http and https, direct and through a proxy, which plain http
//! never takes.

use std::collections::BTreeSet;

use failback::domain::{Machine, Place};
use failback::simulator::{CertificateKind, Estate};
use failback::site::{self, PartName, PartState};
use failback::store::Proxy;

use crate::lab::{Lab, Wanted, gather};
use crate::proxy::ProxyServer;
use crate::recordings;
use crate::rogue::{Rogue, page};

/// The four ways to reach a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Http,
    Https,
    HttpProxied,
    HttpsProxied,
}

impl Way {
    fn lab(self) -> Wanted {
        match self {
            Self::Http | Self::HttpProxied => Lab::wanted(),
            Self::Https | Self::HttpsProxied => Lab::wanted().tls(CertificateKind::Good),
        }
    }

    fn is_proxied(self) -> bool {
        matches!(self, Self::HttpProxied | Self::HttpsProxied)
    }
}

/// What every way has to give.
async fn the_site_is_read_by(way: Way) {
    let mut lab = way.lab().page_size(5).start().await;
    let proxy = ProxyServer::start().await;
    if way.is_proxied() {
        lab.profile.proxy = Proxy::Url(proxy.url.clone());
    }
    let site = lab.site().await.unwrap();
    let estate = gather(&site).await;
    for part in &estate.parts {
        assert_eq!(part.state, PartState::Read, "{way:?}: {part:?}");
    }
    assert_eq!(estate.machines.len(), lab.announce().items);
    every_list_was_paged(&lab).await;
    assert_eq!(lab.sign_ins().await, 1, "one token serves a whole reading");

    let ready = the_ready_one(&estate);
    let (machine, detail) = site.machine(&ready.id).await.unwrap();
    assert_eq!(machine.name, ready.name);
    assert!(!detail.disks.is_empty() && !detail.points.is_empty());
    assert!(
        detail
            .facts
            .iter()
            .any(|(label, _)| *label == "Master target"),
        "{:?}",
        detail.facts
    );

    // By the program, too, in another process.
    let said = lab.run(&["machines", "--json"]).await.ok_json();
    assert_eq!(
        said["machines"].as_array().unwrap().len(),
        lab.announce().items
    );
    let passed = proxy.passed();
    // Plain http never takes the proxy: it would read the secret and the token.
    assert_eq!(way == Way::HttpsProxied, !passed.is_empty(), "{way:?}");
    if way == Way::HttpsProxied {
        let port = lab
            .announce()
            .base_url
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned();
        for one in passed {
            assert_eq!(one.method, "CONNECT");
            assert_eq!(one.target, format!("localhost:{port}"));
            assert!(
                !one.headers.contains_key("authorization"),
                "the proxy sees no token"
            );
        }
    }
}

async fn every_list_was_paged(lab: &Lab) {
    let pages = lab.requests().await;
    let items = pages
        .iter()
        .filter(|seen| seen.path.contains("/replicationProtectedItems?"));
    let wanted = lab.announce().items.div_ceil(5);
    assert_eq!(items.count(), wanted);
    assert!(
        pages
            .iter()
            .any(|seen| seen.path.contains("replicationJobs") && seen.path.contains("skipToken")),
        "jobs have pages, too"
    );
}

fn the_ready_one(estate: &site::Estate) -> Machine {
    let all = estate.machines.iter();
    let found = all
        .filter(|m| m.state_words() == "Replicating home" && m.class.provider().word() == "classic")
        .find(|m| m.place == Place::Azure);
    found.unwrap().as_ref().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_read_over_http() {
    the_site_is_read_by(Way::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_read_over_https_with_a_ca_of_its_own() {
    the_site_is_read_by(Way::Https).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_on_this_machine_is_read_past_a_proxy() {
    the_site_is_read_by(Way::HttpProxied).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_read_over_https_through_a_proxy_that_sees_no_token() {
    the_site_is_read_by(Way::HttpsProxied).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_carries_a_version_an_id_of_its_own_and_a_token() {
    let here = Rogue::answering(|ask| async move {
        let host = ask.headers["host"].to_str().unwrap();
        let path = ask.path.split('?').next().unwrap();
        let next = format!("http://{host}{path}?api-version=2025-08-01&skipToken=1");
        page(
            &[],
            Some(&next)
                .filter(|_| !ask.path.contains("skipToken"))
                .map(String::as_str),
        )
    })
    .await;
    gather(&here.site().await).await;
    let mut ids = BTreeSet::new();
    let mut reads = 0;
    for one in here.asked() {
        reads += 1;
        let header = |name: &str| one.headers[name].to_str().unwrap();
        assert!(one.path.contains("api-version=2025-08-01"), "{one:?}");
        assert!(header("authorization").starts_with("Bearer rogue-token"));
        assert!(header("user-agent").starts_with("failback/"));
        assert!(header("accept-encoding").contains("gzip"));
        assert_eq!(header("accept"), "application/json");
        assert!(
            ids.insert(header("x-ms-client-request-id").to_owned()),
            "an id is used once"
        );
    }
    assert!(reads > 8, "{reads}");
    assert!(ids.iter().all(|id| id.len() == 36));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_a_site_are_read_at_once_and_not_one_after_the_other() {
    let lab = Lab::contoso().await;
    lab.gather().await;
    let begun: Vec<String> = lab
        .requests()
        .await
        .into_iter()
        .filter(|seen| seen.method == "GET" && !seen.path.contains("skipToken"))
        .map(|seen| {
            seen.path
                .split('?')
                .next()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let mut sorted = begun.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "replicationFabrics",
            "replicationJobs",
            "replicationProtectedItems",
            "replicationVaultHealth",
            "replicationvCenters"
        ],
        "{begun:?}"
    );
    // With one list silent, all the others are there: none waited for it.
    lab.fault("GET replicationProtectedItems stall:2").await;
    let site = lab.site().await.unwrap();
    let order = std::sync::Mutex::new(Vec::new());
    site.gather(|update| {
        if let site::Update::Part(part) = update {
            order.lock().unwrap().push(part.name);
        }
    })
    .await;
    let order = order.into_inner().unwrap();
    assert_eq!(order.len(), 5);
    assert_eq!(order.last(), Some(&PartName::Machines));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_cannot_be_read_leaves_the_others_alone() {
    let lab = Lab::contoso().await;
    lab.fault("GET replicationvCenters 403").await;
    let estate = lab.gather().await;
    for part in &estate.parts {
        let failed = matches!(part.state, PartState::Failed(_));
        assert_eq!(failed, part.name == PartName::VCenters, "{part:?}");
    }
    assert_eq!(estate.machines.len(), lab.announce().items);
    assert!(!estate.fabrics.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_machine_of_a_site_is_shown_as_its_own_answer_says() {
    let lab = Lab::contoso().await;
    let vault = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}",
        lab.profile.subscription, lab.profile.resource_group, lab.profile.vaults[0]
    );
    let list = format!("{vault}/replicationProtectedItems?api-version=2025-08-01");
    let raw = lab.raw(&list).await;
    let (shown, _) = recordings::seen(&lab.site().await.unwrap()).await;
    let mut known = 0;
    for item in raw["value"].as_array().unwrap() {
        let busy = item["properties"]["currentScenario"]["scenarioName"] != "None";
        let Some(wanted) = recordings::expected(item).filter(|_| !busy) else {
            continue;
        };
        assert!(shown.contains(&wanted), "{wanted:?} is not in {shown:?}");
        known += 1;
    }
    assert!(known > 25, "{known}");
    assert_eq!(shown.len(), raw["value"].as_array().unwrap().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_vault_is_no_failure() {
    let lab = Lab::wanted().estate(Estate::Empty).start().await;
    let said = lab.run(&["machines"]).await.ok_text();
    assert!(said.starts_with("MACHINE"), "{said}");
    assert_eq!(said.lines().count(), 1);
    let test = lab.run(&["site", "test", "lab"]).await.ok_text();
    assert!(test.contains("the vault protects no machine"), "{test}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_heeds_the_proxy_of_the_environment_and_its_exceptions() {
    let proxy = ProxyServer::start().await;
    let mut lab = Lab::wanted().tls(CertificateKind::Good).start().await;
    lab.profile.proxy = Proxy::System;

    lab.run(&["machines"]).await.ok_text();
    assert!(proxy.passed().is_empty());

    lab.set("HTTPS_PROXY", &proxy.url);
    lab.run(&["machines"]).await.ok_text();
    let passed = proxy.passed().len();
    assert!(passed > 0);

    lab.set("NO_PROXY", "localhost,127.0.0.1");
    lab.run(&["machines"]).await.ok_text();
    assert_eq!(proxy.passed().len(), passed, "the exception holds");

    // What the profile says is stronger than the environment.
    lab.environment.retain(|(name, _)| name != "NO_PROXY");
    lab.profile.proxy = Proxy::None;
    lab.run(&["machines"]).await.ok_text();
    assert_eq!(proxy.passed().len(), passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_says_no_is_named_as_the_one_who_said_it() {
    for status in [403, 407, 502] {
        let proxy = ProxyServer::refusing(status).await;
        let mut lab = Lab::wanted().tls(CertificateKind::Good).start().await;
        lab.profile.proxy = Proxy::Url(proxy.url.clone());
        let said = lab.run(&["machines"]).await;
        assert_eq!(said.code, 1, "{status}: {said:?}");
        assert!(
            said.err
                .contains("the proxy does not let the connection to localhost through"),
            "{status}: {said:?}"
        );
        assert!(lab.requests().await.is_empty());
    }
}
