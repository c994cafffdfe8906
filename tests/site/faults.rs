//! Everything that goes wrong has its sentence: in `site test`, step by step, and in `machines`.

use failback::simulator::CertificateKind;
use failback::store::{Credential, Proxy, SecretSource};
use serde_json::Value;

use crate::lab::{Lab, Said};
use crate::proxy::ProxyServer;

/// What must be said of a fault.
struct Sentence {
    /// The step of `site test` that finds it.
    step: &'static str,
    what: String,
    /// A part of the advice.
    advice: &'static str,
    /// The service's code; empty when it said nothing.
    code: &'static str,
    retry: &'static str,
}

/// Runs `site test` and `machines` and wants both to say it.
async fn said_of(lab: &Lab, wanted: &Sentence) {
    let test = lab.run(&["site", "test", "lab", "--json"]).await;
    assert_eq!(test.code, 1, "{test:?}");
    let report = test.json();
    assert_eq!(report["good"], false);
    let findings = report["findings"].as_array().unwrap();
    let steps: Vec<&str> = findings
        .iter()
        .map(|f| f["what"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["profile", "sign in", "vault", "machines", "clock"]);
    let at = steps.iter().position(|step| *step == wanted.step).unwrap();
    for (n, finding) in findings.iter().enumerate() {
        let verdict = finding["verdict"].as_str().unwrap();
        match n.cmp(&at) {
            std::cmp::Ordering::Less => assert_eq!(verdict, "good", "{finding}"),
            std::cmp::Ordering::Equal => assert_eq!(verdict, "bad", "{finding}"),
            std::cmp::Ordering::Greater => assert_eq!(verdict, "notTried", "{finding}"),
        }
    }
    is_the_sentence(&findings[at]["error"], wanted);

    let text = lab.run(&["site", "test", "lab"]).await;
    assert_eq!(text.code, 1);
    assert!(
        text.out
            .contains(&format!("x {:<10} {}", wanted.step, wanted.what)),
        "{text:?}"
    );
    no_panic(&text);
    let machines = lab.run(&["machines"]).await;
    assert_eq!(machines.code, 1, "{machines:?}");
    assert!(machines.err.starts_with("failback: "), "{machines:?}");
    no_panic(&machines);
}

fn no_panic(said: &Said) {
    assert!(!said.err.contains("panicked"), "{said:?}");
}

fn is_the_sentence(error: &Value, wanted: &Sentence) {
    assert_eq!(error["what"], wanted.what.as_str());
    let advice = error["advice"].as_str().unwrap();
    assert!(advice.contains(wanted.advice), "{advice}");
    assert_eq!(error["code"], wanted.code, "{error}");
    assert_eq!(error["retry"], wanted.retry, "{error}");
    assert_eq!(wanted.code.is_empty(), error["said"] == "", "{error}");
}

fn sign_in(host: &str, why: &str) -> String {
    format!("Could not sign in at {host}: {why}.")
}

const HERE: &str = "127.0.0.1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_an_unknown_ca() {
    let mut lab = Lab::wanted().tls(CertificateKind::Good).start().await;
    let other = Lab::wanted().tls(CertificateKind::Good).start().await;
    let unknown = Sentence {
        step: "sign in",
        what: sign_in(
            "localhost",
            "the certificate of localhost is not trusted: its issuer is not known here",
        ),
        advice: "put its CA certificate (PEM) into the site's ca_file",
        code: "",
        retry: "afterFixing",
    };
    lab.profile.ca_file = other.profile.ca_file.clone();
    said_of(&lab, &unknown).await;
    lab.profile.ca_file = None;
    said_of(&lab, &unknown).await;
    assert!(lab.requests().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_for_another_name() {
    let lab = Lab::wanted().tls(CertificateKind::WrongName).start().await;
    let wanted = Sentence {
        step: "sign in",
        what: sign_in(
            "localhost",
            "the certificate of localhost is not trusted: it is for another name",
        ),
        advice: "something answers in its place",
        code: "",
        retry: "afterFixing",
    };
    said_of(&lab, &wanted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_has_expired_also_through_a_proxy() {
    let mut lab = Lab::wanted().tls(CertificateKind::Expired).start().await;
    let wanted = Sentence {
        step: "sign in",
        what: sign_in(
            "localhost",
            "the certificate of localhost is not trusted: it has expired or is not valid yet",
        ),
        advice: "Check this machine's clock (timedatectl)",
        code: "",
        retry: "afterFixing",
    };
    said_of(&lab, &wanted).await;
    let proxy = ProxyServer::start().await;
    lab.profile.proxy = Proxy::Url(proxy.url.clone());
    said_of(&lab, &wanted).await;
    assert!(!proxy.passed().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_is_refused_says_which_part_of_it_is_wrong() {
    for (spoil, code, why, advice) in [
        (
            "secret",
            "AADSTS7000215",
            "the client secret is wrong",
            "Use the secret's value, not its id",
        ),
        (
            "tenant",
            "AADSTS90002",
            "the tenant does not exist",
            "Check the tenant id",
        ),
        (
            "client",
            "AADSTS700016",
            "the application is not known in this tenant",
            "Check the client id",
        ),
    ] {
        let mut lab = Lab::contoso().await;
        let Credential::ClientSecret { client_id, secret } = &mut lab.profile.credential else {
            panic!("the lab signs in with a secret")
        };
        match spoil {
            "secret" => *secret = SecretSource::Command(vec!["echo".into(), "no-no".into()]),
            "client" => *client_id = "00000000-0000-0000-0000-000000000000".into(),
            _ => lab.profile.tenant = "nowhere.example".into(),
        }
        let wanted = Sentence {
            step: "sign in",
            what: sign_in(HERE, why),
            advice,
            code,
            retry: "afterFixing",
        };
        said_of(&lab, &wanted).await;
        let reads = lab.requests().await;
        assert!(reads.iter().all(|seen| seen.path.contains("/oauth2/")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_is_not_there_is_named_by_its_source() {
    let mut lab = Lab::contoso().await;
    let set = |lab: &mut Lab, source: SecretSource| {
        let Credential::ClientSecret { secret, .. } = &mut lab.profile.credential else {
            panic!("the lab signs in with a secret")
        };
        *secret = source;
    };
    let loose = lab.file("loose", "hush");
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&loose, permissions).unwrap();
    for (source, why) in [
        (
            SecretSource::Environment("LAB_NOT_SET".into()),
            "the environment variable LAB_NOT_SET is not set".to_owned(),
        ),
        (
            SecretSource::File(loose.clone()),
            format!("others can read {}: run chmod 600 on it", loose.display()),
        ),
        (
            SecretSource::Command(vec!["false".into()]),
            "false failed (exit status: 1)".into(),
        ),
    ] {
        set(&mut lab, source);
        let wanted = Sentence {
            step: "sign in",
            what: sign_in(HERE, &format!("the secret is not there: {why}")),
            advice: "Set the environment variable, file or command",
            code: "",
            retry: "afterFixing",
        };
        said_of(&lab, &wanted).await;
    }
    assert!(lab.requests().await.is_empty());
}

/// A fault that strikes the list of machines, and what is said of it.
async fn machines_said(
    rule: &str,
    why: &str,
    advice: &'static str,
    code: &'static str,
    retry: &'static str,
) {
    let lab = Lab::contoso().await;
    lab.fault(&format!("GET replicationProtectedItems {rule}"))
        .await;
    let vault = &lab.profile.vaults[0];
    let wanted = Sentence {
        step: "machines",
        what: format!("Could not read the machines of vault {vault}: {why}."),
        advice,
        code,
        retry,
    };
    said_of(&lab, &wanted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_without_a_role() {
    machines_said(
        "403",
        "this identity has no role that allows it",
        "Site Recovery Reader",
        "AuthorizationFailed",
        "afterFixing",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_accepted() {
    machines_said(
        "401",
        "the token was not accepted",
        "Check the tenant of the site, and this machine's clock",
        "InvalidAuthenticationToken",
        "afterFixing",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_too_busy_for_too_long() {
    machines_said(
        "429:100000",
        "Azure is busy and asks to wait 100000 s",
        "Wait that long and try again",
        "",
        "mayHelp",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_with_troubles_of_its_own() {
    machines_said(
        "500",
        "Azure has a problem of its own (HTTP 500)",
        "Try again in a few minutes",
        "InternalServerError",
        "mayHelp",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks() {
    for rule in ["reset", "lost", "truncate"] {
        machines_said(
            rule,
            "the connection broke before the whole answer was there",
            "look at the proxy or firewall between",
            "",
            "mayHelp",
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_garbage() {
    machines_said(
        "garbage",
        "the answer cannot be understood: it is not JSON (line 1, column 1)",
        "Is a proxy answering in Azure's place?",
        "",
        "mayHelp",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_come() {
    let mut lab = Lab::contoso().await;
    lab.profile.timeout_seconds = 1;
    lab.fault("GET replicationProtectedItems stall:20").await;
    // Five tries of a second each.
    let said = lab.run(&["machines"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains(": no answer within 1 s."), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_is_not_there() {
    let mut lab = Lab::contoso().await;
    lab.profile.vaults = vec!["rsv-elsewhere".into()];
    let test = lab.run(&["site", "test", "lab", "--json"]).await;
    let error = &test.json()["findings"][2]["error"];
    assert_eq!(
        error["what"],
        "Could not read vault rsv-elsewhere: it is not there."
    );
    assert_eq!(error["retry"], "afterFixing");
    assert_ne!(error["said"], "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_does_not_exist_or_does_not_listen() {
    let mut lab = Lab::contoso().await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    lab.profile.arm = closed.clone();
    lab.profile.login = closed;
    let wanted = Sentence {
        step: "sign in",
        what: sign_in(HERE, "127.0.0.1 cannot be reached"),
        advice: "the firewall (TCP 443)",
        code: "",
        retry: "mayHelp",
    };
    said_of(&lab, &wanted).await;
    lab.profile.arm = "https://management.invalid".into();
    lab.profile.login = "https://login.invalid".into();
    let wanted = Sentence {
        step: "sign in",
        what: sign_in("login.invalid", "the name login.invalid cannot be resolved"),
        advice: "Check the endpoint's spelling",
        code: "",
        retry: "mayHelp",
    };
    said_of(&lab, &wanted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_off_by_a_day_is_remarked_and_not_fatal() {
    for (offset, words) in [(86_400, "behind"), (-86_400, "ahead of")] {
        let lab = Lab::wanted().clock_off(offset).start().await;
        let said = lab.run(&["site", "test", "lab"]).await.ok_text();
        let line = said.lines().find(|l| l.contains("clock")).unwrap();
        assert_eq!(
            line,
            format!(
                "! clock      this machine's clock is 24 h {words} Azure's: set it (timedatectl), \
                 or sign-in will fail"
            )
        );
    }
    let lab = Lab::wanted().clock_off(30).start().await;
    let said = lab.run(&["site", "test", "lab"]).await.ok_text();
    assert!(said.contains("+ clock      this machine's clock agrees with Azure's"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_that_cannot_be_used_is_told_before_anything_is_sent() {
    let mut lab = Lab::contoso().await;
    let broken = lab.file("broken.pem", "-----BEGIN CERTIFICATE-----\nno\n");
    let empty = lab.file("empty.pem", "nothing here");
    for (file, why) in [
        (broken.clone(), "is not a file of certificates in PEM form"),
        (empty, "holds no certificate in PEM form"),
        ("/nowhere/ca.pem".into(), "cannot be read"),
    ] {
        lab.profile.ca_file = Some(file);
        let said = lab.run(&["site", "test", "lab"]).await;
        assert_eq!(said.code, 1, "{said:?}");
        assert!(
            said.out
                .starts_with("x profile    Site lab cannot be opened: ")
        );
        assert!(said.out.contains(why), "{why}: {said:?}");
        let machines = lab.run(&["machines"]).await;
        assert_eq!(machines.code, 1);
        assert!(machines.err.contains(why));
    }
    lab.profile.ca_file = None;
    lab.profile.arm = "http://management.azure.com".into();
    let said = lab.run(&["machines"]).await;
    assert_ne!(said.code, 0);
    assert!(
        said.err.contains("plain http goes to this machine"),
        "{said:?}"
    );
    assert!(lab.requests().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_in_json_is_one_document_on_standard_output() {
    let lab = Lab::contoso().await;
    lab.fault("GET replicationProtectedItems 403").await;
    let said = lab.run(&["machines", "--json"]).await;
    assert_eq!(said.code, 1);
    let whole = said.json();
    assert_eq!(whole["schema"], "failback/machines/1");
    assert_eq!(whole["machines"], serde_json::json!([]));
    let part = &whole["parts"][0];
    assert_eq!(part["name"], "machines");
    assert_eq!(part["state"]["failed"]["code"], "AuthorizationFailed");
    assert!(said.err.contains("this identity has no role"), "{said:?}");
}
