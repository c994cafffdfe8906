//! Finding the peers, the built-in site that they judge, and their judgement.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

/// Where a peer is, by the variable that names it.
pub fn path(variable: &str) -> PathBuf {
    let named = std::env::var_os(variable)
        .unwrap_or_else(|| panic!("{variable} names no peer: .ci/run shows how they are brought"));
    let path = PathBuf::from(named);
    assert!(path.exists(), "{variable}: {} is not there", path.display());
    path
}

/// `failback simulate` in a process of its own.
pub struct BuiltIn {
    process: Child,
    pub announce: Value,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl BuiltIn {
    pub fn start(arguments: &[&str]) -> Self {
        // Ignored on purpose: another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut process = Command::new(env!("CARGO_BIN_EXE_failback"))
            .args([
                "simulate",
                "--json",
                "--listen",
                "127.0.0.1:0",
                "--speed",
                "60",
            ])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut announce = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            announce.push_str(&line.unwrap());
            if let Ok(announce) = serde_json::from_str(&announce) {
                let runtime = tokio::runtime::Builder::new_current_thread();
                return Self {
                    process,
                    announce,
                    client: reqwest::Client::builder().no_proxy().build().unwrap(),
                    runtime: { runtime }.enable_all().build().unwrap(),
                };
            }
        }
        panic!("the built-in site announced nothing: {announce}");
    }

    pub fn word(&self, pointer: &str) -> &str {
        self.announce
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {pointer}"))
    }

    /// The vault, as the options of the peers have it.
    pub fn vault(&self) -> Vec<String> {
        let words = [
            ("--base", "/base_url"),
            ("--sub", "/vaults/0/subscription"),
            ("--rg", "/vaults/0/resource_group"),
            ("--vault", "/vaults/0/name"),
        ];
        let pair = |(flag, pointer): (&str, &str)| [flag.to_owned(), self.word(pointer).to_owned()];
        words.into_iter().flat_map(pair).collect()
    }

    /// An answer of ARM, past the peers; below the vault when the path has no slash before it.
    pub fn get(&self, path: &str) -> Value {
        let vault = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}/",
            self.word("/vaults/0/subscription"),
            self.word("/vaults/0/resource_group"),
            self.word("/vaults/0/name"),
        );
        let root = if path.starts_with('/') { "" } else { &vault };
        let path = format!("{root}{path}?api-version=2025-08-01");
        self.ask(Method::GET, &path, &Value::Null)
    }

    /// Turns the simulated clock.
    pub fn turn(&self, seconds: u32) {
        let body = json!({"advance_seconds": seconds});
        self.ask(Method::POST, "/_simulator/clock", &body);
    }

    fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.word("/base_url"));
        let request = self.client.request(method, url).bearer_auth("anything");
        self.runtime.block_on(async {
            let answer = request.json(body).send().await.unwrap();
            assert!(answer.status().is_success(), "{answer:?}");
            answer.json().await.unwrap()
        })
    }
}

impl Drop for BuiltIn {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Ends the test with the peer's words when it objects.
pub fn good(who: &str, output: &Output) -> String {
    assert!(
        output.status.success(),
        "{who} objects:\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The swagger validator's word on exchanges with Site Recovery: nothing in them but what the real service does, too.
pub fn validate(exchanges: &Path, least_valid: u32) -> String {
    let probe = path("FAILBACK_PEER_PROBE");
    let output = Command::new("node")
        .current_dir(&probe)
        .arg("live_validate.js")
        .arg(exchanges)
        .arg("2024-04-01")
        .arg(path("FAILBACK_PEER_SPEC"))
        .args([
            "--rewrite-version",
            "--baseline",
            "live_validate_baseline.txt",
        ])
        .args(["--min-valid", &least_valid.to_string()])
        .output();
    good("the swagger validator", &output.unwrap())
}

/// The same on exchanges with Compute, of which nothing is excused.
pub fn validate_compute(exchanges: &Path, least_valid: u32) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/judge_compute.js");
    let output = Command::new("node")
        .arg(script)
        .arg(path("FAILBACK_PEER_PROBE"))
        .arg(path("FAILBACK_PEER_SPEC"))
        .arg(exchanges)
        .arg(least_valid.to_string())
        .output();
    good("the swagger validator of Compute", &output.unwrap())
}
