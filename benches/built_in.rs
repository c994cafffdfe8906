//! The built-in site in a process of its own, so that what it costs is not counted.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use failback::azure::Vault;
use failback::store::{Credential, Profile, Proxy, SecretSource};
use serde_json::Value;

pub struct BuiltIn {
    process: Child,
    /// What it says of itself, one JSON document.
    pub announce: String,
}

impl BuiltIn {
    /// Starts it with what else it is told.
    pub fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_failback"))
            .args(["simulate", "--listen", "127.0.0.1:0", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut announce = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            announce.push_str(&line);
            if line == "}" {
                break;
            }
        }
        Self { process, announce }
    }
}

impl Drop for BuiltIn {
    fn drop(&mut self) {
        // Ignored on purpose: it may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The vault that it announces.
pub fn vault(announce: &Value) -> Vault {
    let vault = &announce["vaults"][0];
    let word = |name: &str| vault[name].as_str().unwrap();
    Vault::new(word("subscription"), word("resource_group"), word("name")).unwrap()
}

/// How it is reached.
pub fn profile(announce: &Value) -> Profile {
    let word = |name: &str| announce[name].as_str().unwrap().to_owned();
    let vault = |name: &str| announce["vaults"][0][name].as_str().unwrap().to_owned();
    let secret = SecretSource::Command(vec!["printf".into(), word("client_secret")]);
    let credential = Credential::ClientSecret {
        client_id: word("client_id"),
        secret,
    };
    Profile {
        tenant: word("tenant"),
        subscription: vault("subscription"),
        resource_group: vault("resource_group"),
        vaults: vec![vault("name")],
        arm: word("base_url"),
        login: word("base_url"),
        proxy: Proxy::None,
        ..Profile::new("bench", credential)
    }
}
