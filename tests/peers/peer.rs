//! Finding the peers, and the built-in site that they judge.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

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
}

impl BuiltIn {
    pub fn start(arguments: &[&str]) -> Self {
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
                return Self { process, announce };
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
}

impl Drop for BuiltIn {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
