//! `failback demo`: the screens on the built-in site, which runs as a process of its own and ends
//! when nobody has used it for ten minutes.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::arguments::{Arguments, Demo, Look};
use super::exit::Exit;
use super::output::Complaint;
use super::{screens, target};
use crate::domain::{Failure, Retry};
use crate::simulator::Announce;
use crate::store::{Profile, SecretSource, write_private};

/// How long the site lives unused.
const IDLE: &str = "600";

/// The demo's jobs take this much of the recorded time: nobody should wait a minute for a failback.
const JOB_PACE: &str = "0.6";

/// How long it may take to come up; `large` renders its pages first.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn run(arguments: &Arguments, options: &Demo) -> Result<Exit, Complaint> {
    let options = options.clone();
    let look = options.look.clone();
    screens::show(
        arguments,
        &look,
        "demo",
        std::sync::Arc::new(move || profile(&options).map_err(|c| c.failure)),
    )
}

/// What `--site demo` means.
pub fn usual() -> Demo {
    Demo {
        estate: "contoso".into(),
        machines: None,
        speed: 20.0,
        reset: false,
        look: Look::default(),
    }
}

/// The profile of the built-in site, which is started when it does not run.
pub fn profile(options: &Demo) -> Result<Profile, Complaint> {
    let folder = folder(options)?;
    let file = folder.join("announce.json");
    let cannot = |error: io::Error| {
        let what = format!(
            "The demo cannot keep its files in {}: {error}.",
            folder.display()
        );
        Complaint::failed(Failure::new(
            what,
            "Make room there, or set XDG_STATE_HOME.",
            Retry::AfterFixing,
        ))
    };
    write_private(&folder.join("lock"), b"").map_err(cannot)?;
    let lock = File::open(folder.join("lock")).map_err(cannot)?;
    lock.lock().map_err(cannot)?;
    let known = read(&file).filter(alive);
    let announce = match known {
        Some(announce) if !options.reset => announce,
        known => {
            if let Some(announce) = known {
                let _ = ask(&announce, "POST", "/_simulator/shutdown");
            }
            let _ = fs::remove_file(&file);
            // What was known of the machines of the site before is nothing about those of the new one.
            if let Some(remembered) = target::remembered(target::DEMO)? {
                let forgotten = remembered.forget();
                forgotten.map_err(|trouble| cannot(io::Error::other(trouble)))?;
            }
            start(options, &file).map_err(cannot)?;
            wait(&file)?
        }
    };
    let secret = folder.join("secret");
    write_private(&secret, announce.client_secret.as_bytes()).map_err(cannot)?;
    Ok(target::built_in(
        &announce,
        target::DEMO,
        SecretSource::File(secret),
    ))
}

/// One folder for each kind of demo, so that two of them do not meet.
fn folder(options: &Demo) -> Result<PathBuf, Complaint> {
    let estate = Path::new(&options.estate)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let estate: String = estate
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let machines = options
        .machines
        .map_or_else(|| "all".into(), |n| n.to_string());
    let key = format!("{estate}-{machines}-{}x", options.speed);
    Ok(target::folders()?.state.join("demo").join(key))
}

fn read(file: &Path) -> Option<Announce> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

fn start(options: &Demo, announce: &Path) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "simulate",
        "--detached",
        "--listen",
        "127.0.0.1:0",
        "--idle-exit",
        IDLE,
    ]);
    command
        .arg("--estate")
        .arg(&options.estate)
        .arg("--announce")
        .arg(announce);
    command.args([
        "--speed",
        &options.speed.to_string(),
        "--job-pace",
        JOB_PACE,
    ]);
    if let Some(machines) = options.machines {
        command.args(["--machines", &machines.to_string()]);
    }
    let complaints = File::create(announce.with_file_name("complaints"))?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(complaints)
        .spawn()
        .map(drop)
}

/// Waits until the site listens, or says why it does not.
fn wait(file: &Path) -> Result<Announce, Complaint> {
    let end = Instant::now() + PATIENCE;
    let complaints = file.with_file_name("complaints");
    while Instant::now() < end {
        if let Some(announce) = read(file).filter(alive) {
            return Ok(announce);
        }
        let words = fs::read_to_string(&complaints).unwrap_or_default();
        if let Some(line) = words.lines().next() {
            let what = line.trim_start_matches("failback: ").to_owned();
            return Err(Complaint::usage(what, "Choose another estate."));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let what = format!(
        "The built-in site did not come up within {} s.",
        PATIENCE.as_secs()
    );
    Err(Complaint::failed(Failure::new(
        what,
        "Try again.",
        Retry::MayHelp,
    )))
}

fn alive(announce: &Announce) -> bool {
    ask(announce, "GET", "/_simulator/info").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// One request to our own server, by hand: no token, no TLS, on this machine.
fn ask(announce: &Announce, method: &str, path: &str) -> io::Result<String> {
    let address = announce
        .base_url
        .strip_prefix("http://")
        .ok_or(io::ErrorKind::InvalidInput)?;
    let address = address.parse().map_err(|_| io::ErrorKind::InvalidInput)?;
    let limit = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )?;
    let mut head = [0; 64];
    let read = stream.read(&mut head)?;
    Ok(String::from_utf8_lossy(&head[..read]).into_owned())
}
