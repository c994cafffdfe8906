//! What reading the inventory of 10,000 machines costs beside fetching the same pages and throwing
//! them away: `cargo bench -- inventory`.
//!
//! The built-in site runs in a process of its own with its pages rendered beforehand. Each round is
//! a process of its own, too, so that memory is that round's alone; floor and reading take turns.
//! Medians of the clock are shown; what is judged is processor time, of the rounds that took least,
//! because on a shared machine the clock tells of everybody's work. Fails when the reading takes more
//! processor time than the floor and twice the bare parsing of the same bytes together, or more
//! than 60 MiB.

use std::time::Instant;

use failback::site::Site;
use serde_json::Value;

use crate::built_in::{BuiltIn, profile, vault};
use crate::meter::{self, cpu, peak, runtime};

const MACHINES: &str = "10000";
const ROUNDS: usize = 7;
/// How many times the bare parsing a reading may take beyond the floor.
const MOST_PARSINGS: f64 = 2.0;
const MOST_MIB: f64 = 60.0;

/// One round, in this process.
pub fn round(name: &str, announce: &str) {
    let announce = serde_json::from_str(announce).unwrap();
    match name {
        "inventory-floor" => floor(&announce),
        _ => reading(&announce),
    }
}

pub fn compare() {
    let server = BuiltIn::start(&["--machines", MACHINES]);
    let round = |what: &str| Round::read(&meter::round(what, &server.announce));
    // The first of each renders the pages and warms the caches.
    let _ = (round("inventory-floor"), round("inventory-reading"));
    let (mut floors, mut readings) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(round("inventory-floor"));
        readings.push(round("inventory-reading"));
    }
    drop(server);
    let floor_cpu = least(&floors, |round| round.cpu);
    let reading_cpu = least(&readings, |round| round.cpu);
    let parse_s_mb = least(&readings, |round| round.parse_s_mb);
    let (floor, reading) = (median(floors), median(readings));
    let mb = floor.bytes as f64 / 1e6;
    let parsing_cpu = mb * parse_s_mb;
    let parsings = (reading_cpu - floor_cpu) / parsing_cpu;
    println!(
        "{} machines, {mb:.1} MB of JSON after decompression, medians of {ROUNDS} rounds",
        reading.count
    );
    for (what, round, cpu) in [
        ("fetched, unparsed", &floor, floor_cpu),
        ("read as machines", &reading, reading_cpu),
    ] {
        println!(
            "  {what:<18}  {:7.1} ms   {:6.1} MB/s   {:5.1} MiB   processor at least {:6.1} ms",
            round.seconds * 1e3,
            mb / round.seconds,
            round.mib,
            cpu * 1e3
        );
    }
    println!(
        "  parsing alone       processor {:6.1} ms   {:6.1} MB/s",
        parsing_cpu * 1e3,
        mb / parsing_cpu
    );
    println!(
        "  beyond the floor {parsings:.2} times the parsing (budget {MOST_PARSINGS}), clock {:.2} times the floor, memory {:.1} MiB (budget {MOST_MIB})",
        reading.seconds / floor.seconds,
        reading.mib
    );
    assert!(
        parsings <= MOST_PARSINGS,
        "reading takes {parsings:.2} times the bare parsing"
    );
    assert!(
        reading.mib <= MOST_MIB,
        "reading takes {:.1} MiB",
        reading.mib
    );
}

struct Round {
    /// By the clock.
    seconds: f64,
    /// Processor time in seconds.
    cpu: f64,
    bytes: u64,
    count: u64,
    mib: f64,
    /// Processor time of making machines of one MB.
    parse_s_mb: f64,
}

impl Round {
    fn read(value: &Value) -> Self {
        let number = |name: &str| value[name].as_f64().unwrap_or_default();
        Self {
            seconds: number("seconds"),
            cpu: number("cpu"),
            bytes: number("bytes") as u64,
            count: number("count") as u64,
            mib: number("mib"),
            parse_s_mb: number("parse"),
        }
    }
}

fn least(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    rounds.iter().map(of).fold(f64::INFINITY, f64::min)
}

fn median(mut rounds: Vec<Round>) -> Round {
    rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    rounds.swap_remove(rounds.len() / 2)
}

fn path(announce: &Value) -> String {
    vault(announce).child("replicationProtectedItems")
}

/// Fetches the same pages with the same HTTP library and drops them; only the link to the next page
/// is looked for, at the page's end.
fn floor(announce: &Value) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = runtime();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut next = Some(format!(
        "{}{}?api-version=2025-08-01",
        announce["base_url"].as_str().unwrap(),
        path(announce)
    ));
    let (begun, used) = (Instant::now(), cpu());
    let bytes = runtime.block_on(async {
        let mut bytes = 0;
        while let Some(url) = next.take() {
            let answer = client.get(url).bearer_auth("floor").send().await.unwrap();
            let body = answer.bytes().await.unwrap();
            bytes += body.len();
            next = link(&body[..body.len().min(2048)])
                .or_else(|| link(&body[body.len().saturating_sub(2048)..]));
        }
        bytes
    });
    println!(
        "{}",
        serde_json::json!({ "seconds": begun.elapsed().as_secs_f64(), "cpu": cpu() - used, "bytes": bytes, "mib": peak() })
    );
}

/// The link to the next page, which stands at the beginning or the end of a page.
fn link(part: &[u8]) -> Option<String> {
    let part = String::from_utf8_lossy(part);
    let (_, rest) = part.split_once("\"nextLink\":")?;
    let link = rest.trim_start().strip_prefix('"')?.split('"').next()?;
    Some(link.to_owned())
}

fn reading(announce: &Value) {
    let runtime = runtime();
    let site = Site::open(&profile(announce), None).unwrap();
    let vault = vault(announce);
    // The floor needs no token.
    runtime.block_on(site.arm().sign_in()).unwrap();
    let (begun, used) = (Instant::now(), cpu());
    let mut machines = Vec::new();
    runtime
        .block_on(site.arm().machines(&vault, |page| machines.extend(page)))
        .unwrap();
    let (seconds, used) = (begun.elapsed().as_secs_f64(), cpu() - used);
    let mib = peak();
    let parse = parse_speed(&runtime, &site, announce);
    println!(
        "{}",
        serde_json::json!({ "seconds": seconds, "cpu": used, "count": machines.len(), "mib": mib, "parse": parse })
    );
}

/// Processor time, in seconds, of making machines of one MB that is there already.
fn parse_speed(runtime: &tokio::runtime::Runtime, site: &Site, announce: &Value) -> f64 {
    let answer = runtime
        .block_on(site.arm().read("read a page", &path(announce)))
        .unwrap();
    let used = cpu();
    let rounds = 50;
    for _ in 0..rounds {
        assert!(failback::azure::machines_on(&answer.body).unwrap() > 0);
    }
    (cpu() - used) / ((answer.body.len() * rounds) as f64 / 1e6)
}
