//! A site on this machine, a user with folders of their own, and the program between them.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use failback::azure::Recorder;
use failback::domain::Failure;
use failback::simulator::{self, AnnouncedVault, CertificateKind, Estate, Options, Running};
use failback::site::{self, Site};
use failback::store::{Credential, Profile, Proxy, Runs, SecretSource, write_private};
use serde::Deserialize;
use serde_json::{Value, json};

/// The name under which the lab's user knows the lab's site.
pub const SITE: &str = "lab";

/// What is wanted; [`Wanted::start`] makes it.
#[derive(Default)]
pub struct Wanted {
    options: Options,
}

/// A running site and its user.
pub struct Lab {
    home: tempfile::TempDir,
    running: Option<Running>,
    control: reqwest::Client,
    /// How the user's site is configured; may be changed before each use.
    pub profile: Profile,
    /// Put into the environment of the program.
    pub environment: Vec<(String, String)>,
}

/// A request as the simulator saw it.
#[derive(Clone, Debug, Deserialize)]
pub struct Seen {
    pub method: String,
    /// With the query.
    pub path: String,
    pub client_request_id: Option<String>,
    pub body: Option<Value>,
    pub status: Option<u16>,
    pub fault: Option<String>,
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn ok_text(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    pub fn ok_json(self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        self.json()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Wanted {
    pub fn estate(mut self, estate: Estate) -> Self {
        self.options.estate = estate;
        self
    }

    pub fn fault(mut self, rule: &str) -> Self {
        self.options.faults.push(rule.parse().unwrap());
        self
    }

    pub fn tls(mut self, certificate: CertificateKind) -> Self {
        self.options.tls = true;
        self.options.certificate = certificate;
        self
    }

    pub fn page_size(mut self, rows: usize) -> Self {
        self.options.page_size = rows;
        self
    }

    pub fn clock_off(mut self, seconds: i64) -> Self {
        self.options.clock_offset = seconds;
        self
    }

    /// Jobs that take a thousandth of their time.
    pub fn quick_jobs(mut self) -> Self {
        self.options.job_pace = 0.001;
        self
    }

    /// So many seconds of the site pass in a real one.
    pub fn speed(mut self, speed: f64) -> Self {
        self.options.speed = speed;
        self
    }

    /// So many seconds of the site pass with every call, and none beside.
    pub fn seconds_a_call(mut self, seconds: f64) -> Self {
        self.options.seconds_a_call = seconds;
        self
    }

    pub fn quirk(mut self, quirk: simulator::Quirk) -> Self {
        self.options.quirks.push(quirk);
        self
    }

    pub async fn start(self) -> Lab {
        let running = simulator::start(self.options).await.unwrap();
        let mut lab = Lab::without_site();
        let announce = running.announce.clone();
        let secret = lab.home().join("secret");
        write_private(&secret, announce.client_secret.as_bytes()).unwrap();
        let AnnouncedVault {
            subscription,
            resource_group,
            name,
        } = announce.vaults.first().unwrap().clone();
        lab.profile = Profile {
            tenant: announce.tenant.clone(),
            subscription,
            resource_group,
            vaults: vec![name],
            arm: announce.base_url.clone(),
            login: announce.base_url.clone(),
            ca_file: announce.ca_pem.as_ref().map(|pem| lab.file("ca.pem", pem)),
            ..quick(Credential::ClientSecret {
                client_id: announce.client_id.clone(),
                secret: SecretSource::File(secret),
            })
        };
        lab.running = Some(running);
        lab
    }
}

/// A profile that loses no time.
pub fn quick(credential: Credential) -> Profile {
    Profile {
        proxy: Proxy::None,
        retry_base_ms: 1,
        poll_ms: 10,
        ..Profile::new(SITE, credential)
    }
}

impl Lab {
    pub fn wanted() -> Wanted {
        // Ignored on purpose: another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Wanted::default()
    }

    /// The usual three dozen machines.
    pub async fn contoso() -> Self {
        Self::wanted().start().await
    }

    /// The classic vault of the recordings, its machine ready to fail back, its jobs quick.
    pub async fn recorded() -> Self {
        let wanted = Self::wanted().estate(Estate::Recorded).quick_jobs();
        wanted.start().await
    }

    /// A user with folders, and nothing configured.
    pub fn without_site() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let control = reqwest::Client::builder()
            .no_proxy()
            .tls_danger_accept_invalid_certs(true)
            .build();
        Self {
            home: tempfile::tempdir().unwrap(),
            running: None,
            control: control.unwrap(),
            profile: quick(Credential::AzureCli),
            environment: Vec::new(),
        }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Puts a file into the home folder.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn announce(&self) -> &simulator::Announce {
        &self.running.as_ref().unwrap().announce
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.into(), value.into()));
    }

    /// The site, opened in this process.
    pub async fn site(&self) -> Result<Site, Failure> {
        let profile = self.profile.clone();
        let opened = tokio::task::spawn_blocking(move || Site::open(&profile, None));
        opened.await.unwrap()
    }

    /// As [`Self::site`], writing a recording.
    pub async fn recorded_site(&self, file: &Path) -> Site {
        let profile = self.profile.clone();
        let recorder = std::sync::Arc::new(Recorder::create(file).unwrap());
        let opened = tokio::task::spawn_blocking(move || Site::open(&profile, Some(recorder)));
        opened.await.unwrap().unwrap()
    }

    /// The estate as this process reads it.
    pub async fn gather(&self) -> site::Estate {
        gather(&self.site().await.unwrap()).await
    }

    /// Keeps the profile where the program finds it.
    pub fn keep_profile(&self) {
        let text = toml::to_string(&self.profile).unwrap();
        let sites = self.home().join("config/failback/sites");
        write_private(&sites.join(format!("{SITE}.toml")), text.as_bytes()).unwrap();
    }

    /// Runs the program as the lab's user, without a terminal.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(env!("CARGO_BIN_EXE_failback"), arguments)).await
    }

    /// A program as the lab's user runs it, without a terminal.
    pub fn command(&self, program: &str, arguments: &[&str]) -> tokio::process::Command {
        if self.running.is_some() || !self.profile.vaults.is_empty() {
            self.keep_profile();
        }
        let mut command = tokio::process::Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C.UTF-8")
            .envs(self.variables())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Where the lab's user has everything, and what was set beside.
    pub fn variables(&self) -> Vec<(String, String)> {
        let home = |name: &str| self.home().join(name).to_str().unwrap().to_owned();
        let mut all = vec![
            ("HOME".to_owned(), home("")),
            ("XDG_CONFIG_HOME".to_owned(), home("config")),
            ("XDG_STATE_HOME".to_owned(), home("state")),
            ("XDG_DATA_HOME".to_owned(), home("data")),
            ("XDG_CACHE_HOME".to_owned(), home("cache")),
        ];
        all.extend(self.environment.iter().cloned());
        all
    }

    /// The runs that were launched at the lab's site.
    pub fn runs(&self) -> Runs {
        Runs::of_site(&self.home().join("state/failback"), SITE).unwrap()
    }

    /// Everything that was asked of the simulator so far, in the order in which it came.
    pub async fn requests(&self) -> Vec<Seen> {
        let url = format!("{}/_simulator/requests", self.announce().base_url);
        let mut log: Value = self.ask(self.control.get(url)).await;
        serde_json::from_value(log["value"].take()).unwrap()
    }

    /// Those of them that would change something.
    pub async fn changes(&self) -> Vec<Seen> {
        let all = self.requests().await.into_iter();
        all.filter(|seen| seen.method != "GET" && !seen.path.contains("/oauth2/"))
            .collect()
    }

    /// Those of them that fetched a token.
    pub async fn sign_ins(&self) -> usize {
        let all = self.requests().await.into_iter();
        all.filter(|seen| seen.path.contains("/oauth2/")).count()
    }

    /// A rule from now on; what was asked before does not count for it.
    pub async fn fault(&self, rule: &str) {
        let url = format!("{}/_simulator/faults", self.announce().base_url);
        let request = self.control.post(url).json(&json!({ "rule": rule }));
        assert!(
            request.send().await.unwrap().status().is_success(),
            "{rule}"
        );
    }

    pub async fn no_faults(&self) {
        let url = format!("{}/_simulator/faults", self.announce().base_url);
        let answer = self.control.delete(url).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    pub async fn turn_clock(&self, seconds: i64) {
        let url = format!("{}/_simulator/clock", self.announce().base_url);
        let body = json!({ "advance_seconds": seconds });
        self.ask(self.control.post(url).json(&body)).await;
    }

    /// Says how much a machine's guest writes from now on.
    pub async fn writes(&self, machine: &str, mb_per_minute: f64) {
        let url = format!("{}/_simulator/guest", self.announce().base_url);
        let body = json!({ "machine": machine, "writes_mb_per_minute": mb_per_minute });
        self.ask(self.control.post(url).json(&body)).await;
    }

    /// What a machine's guest wrote, and what became of it.
    pub async fn guest(&self, machine: &str) -> Value {
        let url = format!("{}/_simulator/guest/{machine}", self.announce().base_url);
        self.ask(self.control.get(url)).await
    }

    /// Sends something past the program, as another administrator would.
    pub async fn post(&self, path: &str, body: &Value) {
        let url = format!("{}{path}", self.announce().base_url);
        let request = self.control.post(url).bearer_auth("anything").json(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
    }

    /// The same of what may be refused. Whether it was taken, or may have been: the answer was lost.
    pub async fn as_somebody_else(&self, path: &str, body: Option<&String>) -> bool {
        let url = format!("{}{path}", self.announce().base_url);
        let request = self.control.post(url).bearer_auth("anything");
        let request = request.header("content-type", "application/json");
        let body = body.cloned().unwrap_or_default();
        let answer = request.body(body).send().await;
        answer.map_or(true, |answer| answer.status().is_success())
    }

    /// An answer of ARM as it is, past the program.
    pub async fn raw(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.announce().base_url);
        self.ask(self.control.get(url).bearer_auth("anything"))
            .await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        answer.json().await.unwrap()
    }
}

impl Drop for Lab {
    /// Runs go on when nobody watches them: those of this lab end with it.
    fn drop(&mut self) {
        for run in self.runs().list().unwrap_or_default() {
            let process = run.holder().and_then(|h| i32::try_from(h.process).ok());
            if let Some(process) = process.and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
            }
        }
    }
}

/// What a command says until it ends.
pub async fn said(mut command: tokio::process::Command) -> Said {
    let output = tokio::time::timeout(std::time::Duration::from_secs(60), command.output())
        .await
        .expect("the program does not hang")
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        code: output.status.code().expect("the program ends by itself"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// The estate of an opened site.
pub async fn gather(site: &Site) -> site::Estate {
    let estate = std::sync::Mutex::new(site::Estate::default());
    site.gather(|update| estate.lock().unwrap().apply(update))
        .await;
    estate.into_inner().unwrap()
}
