//! Tokens: from which source, how often, and what never carries one.

use std::os::unix::fs::PermissionsExt;

use failback::simulator::{CertificateKind, Estate};
use failback::store::Credential;

use crate::lab::Lab;
use crate::rogue::{Rogue, item_id, json_answer, status, token};
use crate::runs::{FAIL_BACK, recorded};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_reading_takes_one_token_and_so_does_the_next() {
    let lab = Lab::wanted().page_size(5).start().await;
    let site = lab.site().await.unwrap();
    crate::lab::gather(&site).await;
    crate::lab::gather(&site).await;
    assert_eq!(lab.sign_ins().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expired_in_the_meantime_is_renewed_and_the_call_repeated() {
    let lab = Lab::recorded().await;
    let site = lab.site().await.unwrap();
    site.arm().sign_in().await.unwrap();
    // Past its end by the service's clock; this machine's clock has not moved.
    lab.turn_clock(2 * 3600).await;
    let estate = crate::lab::gather(&site).await;
    assert_eq!(estate.machines.len(), lab.announce().items);
    assert_eq!(lab.sign_ins().await, 2, "once for all the reads at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_token_does_not_cost_a_change_its_answer() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 401").await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.agree_to_all_but_commit(&run).await;
    let sent = lab.changes().await;
    let statuses: Vec<_> = sent.iter().map(|seen| seen.status.unwrap()).collect();
    assert_eq!(statuses, [401, 202]);
    assert_eq!(sent[0].client_request_id, sent[1].client_request_id);
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_not_fetched_a_third_time() {
    let here = Rogue::answering(|_| async { status(401) }).await;
    let site = here.site().await;
    let error = site.arm().machine(&item_id("m")).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert_eq!((here.asked().len(), here.sign_ins()), (2, 2));
}

#[tokio::test]
async fn a_token_shortly_before_its_end_is_replaced_before_it_is_used() {
    // Ten minutes to live: used again. Nothing to live: fetched for each read.
    for (life, sign_ins) in [(600, 1), (0, 3)] {
        let here = Rogue::raw(move |ask| async move {
            if ask.is_token() {
                return token(life);
            }
            json_answer(&json!({"id": item_id("m").as_str()}))
        })
        .await;
        let site = here.site().await;
        for _ in 0..3 {
            site.arm().machine(&item_id("m")).await.unwrap();
        }
        assert_eq!(here.sign_ins(), sign_ins, "{life} s");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_stumbles_is_tried_again() {
    for rule in ["POST oauth2 1-2 503", "POST oauth2 1-2 reset"] {
        let lab = Lab::recorded().await;
        lab.fault(rule).await;
        let said = lab.run(&["machines"]).await.ok_text();
        assert!(said.contains("V2A-W2K16-201"));
        assert_eq!(lab.sign_ins().await, 3, "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_managed_identity_is_asked_at_its_own_address_and_not_through_the_proxy() {
    let proxy = crate::proxy::ProxyServer::start().await;
    let identity = Rogue::raw(|_| async { token(3600) }).await;
    let wanted = Lab::wanted().estate(Estate::Recorded);
    let mut lab = wanted.tls(CertificateKind::Good).start().await;
    lab.profile.credential = Credential::ManagedIdentity {
        client_id: Some("a client".into()),
        endpoint: Some(identity.base.clone()),
    };
    lab.profile.proxy = failback::store::Proxy::Url(proxy.url.clone());
    lab.run(&["machines"]).await.ok_text();
    let token = identity.tokens();
    assert_eq!(token.len(), 1);
    assert!(token[0].path.contains("resource=http"), "{token:?}");
    assert!(token[0].path.contains("client_id=a+client"), "{token:?}");
    let passed = proxy.passed();
    assert!(!passed.is_empty());
    assert!(
        passed
            .iter()
            .all(|one| one.target.starts_with("localhost:"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_without_a_managed_identity_says_so() {
    let mut lab = Lab::recorded().await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    lab.profile.credential = Credential::ManagedIdentity {
        client_id: None,
        endpoint: Some(closed),
    };
    let said = lab.run(&["machines"]).await;
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("this machine has no managed identity that answers"),
        "{said:?}"
    );
}

/// A lab whose user has this program as `az` first on the path.
async fn with_az(script: &str) -> Lab {
    let mut lab = Lab::recorded().await;
    lab.profile.credential = Credential::AzureCli;
    let folder = lab.home().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let az = folder.join("az");
    std::fs::write(&az, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&az, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    lab.set("PATH", &path);
    lab
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn az_is_asked_for_a_token_of_this_service_and_tenant() {
    let lab = with_az(
        r#"echo "$@" > "$HOME/asked"
           printf '{"accessToken":"from-az","expires_on":4102444800,"tokenType":"Bearer"}'"#,
    )
    .await;
    let said = lab.run(&["machines"]).await.ok_text();
    assert!(said.contains("V2A-W2K16-201"));
    let asked = std::fs::read_to_string(lab.home().join("asked")).unwrap();
    let wanted = format!(
        "account get-access-token --output json --resource {} --tenant {}\n",
        lab.profile.arm, lab.profile.tenant
    );
    assert_eq!(asked, wanted);
    assert_eq!(lab.sign_ins().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_az_complains_about_is_passed_on_without_its_escape_sequences() {
    let lab = with_az(
        r"printf 'ERROR: \033[31mPlease run az login to setup account.\033[0m\n' >&2; exit 1",
    )
    .await;
    let said = lab.run(&["machines"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("az says: ERROR: "), "{said:?}");
    assert!(said.err.contains("What to do: Run az login"), "{said:?}");
    assert!(!said.err.contains('\u{1b}'));

    for script in ["printf 'no token at all'", "printf '{}'", "exit 0"] {
        let lab = with_az(script).await;
        let said = lab.run(&["machines"]).await;
        assert_eq!(said.code, 1, "{script}: {said:?}");
        assert!(said.err.contains("sign in with the Azure CLI"), "{said:?}");
        assert!(!said.err.contains("panicked"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_without_az_says_so() {
    let mut lab = with_az("exit 0").await;
    lab.set("PATH", "/nowhere");
    let said = lab.run(&["machines"]).await;
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("the Azure CLI (az) is not installed"),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_fails_fails_for_all_who_waited_for_it() {
    let here = Rogue::raw(|_| async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        status(400)
    })
    .await;
    let site = here.site().await;
    let reads = (0..8).map(|_| site.arm().sign_in());
    let all = futures::future::join_all(reads).await;
    assert!(all.iter().all(Result::is_err));
    assert_eq!(here.sign_ins(), 1);
}
