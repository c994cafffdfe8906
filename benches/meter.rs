//! Reading what this process used, and measuring in a process of its own.

use std::process::Command;

use serde_json::Value;

/// One round in a process of its own, so that memory is that round's alone; what it tells.
pub fn round(name: &str, wanted: &str) -> Value {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["round", &format!("{name} {wanted}")])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

/// Processor time this process has used, all threads, in seconds.
pub fn cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Most memory this process had, in MiB.
pub fn peak() -> f64 {
    memory("VmHWM:")
}

/// Memory this process has, in MiB.
pub fn resident() -> f64 {
    memory("VmRSS:")
}

fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kib = line.split_whitespace().nth(1).unwrap();
    kib.parse::<f64>().unwrap() / 1024.0
}

pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}
