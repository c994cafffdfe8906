//! The control plane under `/_simulator/`, without a token: what was asked, faults, the clock, the end.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::clock::ticks;
use super::faults::{Fault, NotAFault};
use super::guest::Data;
use super::server::{Backend, Server};
use super::site::Machine;
use super::start::strikes_somebody;
use super::view::View;

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;
/// How much of a request's body is remembered.
const BODY: usize = 16 * 1024;

/// One request as it came, and what became of it.
#[derive(Serialize, Clone)]
pub(super) struct Seen {
    pub n: u64,
    pub time: String,
    pub method: String,
    /// With the query.
    pub path: String,
    pub client_request_id: Option<String>,
    pub body: Option<Value>,
    /// What it came to, also where the answer was lost on its way; None when nothing was made of it.
    pub status: Option<u16>,
    pub fault: Option<String>,
}

#[derive(Default)]
pub(super) struct Log(Mutex<(u64, VecDeque<Seen>)>);

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, (u64, VecDeque<Seen>)> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Remembers a request before it is answered.
    pub fn begin(&self, call: &Call, target: &str, fault: Option<String>) -> u64 {
        let mut log = self.lock();
        log.0 += 1;
        let cut = &call.body[..call.body.len().min(BODY)];
        // Secrets of token requests are nobody's business, not even a test's.
        let body = if target.contains("/oauth2/") {
            None
        } else {
            serde_json::from_slice(cut).ok().or_else(|| {
                (!cut.is_empty()).then(|| String::from_utf8_lossy(cut).into_owned().into())
            })
        };
        let seen = Seen {
            n: log.0,
            time: ticks(call.now),
            method: call.method.clone(),
            path: target.to_owned(),
            client_request_id: call.header("x-ms-client-request-id").map(str::to_owned),
            body,
            status: None,
            fault,
        };
        if log.1.len() == REMEMBERED {
            // What changed something is remembered longest.
            let reading = log.1.iter().position(|s| s.method == "GET");
            log.1.remove(reading.unwrap_or(0));
        }
        log.1.push_back(seen);
        log.0
    }

    pub fn end(&self, n: u64, status: u16) {
        if let Some(seen) = self.lock().1.iter_mut().rev().find(|s| s.n == n) {
            seen.status = Some(status);
        }
    }

    pub fn since(&self, n: u64) -> Vec<Seen> {
        self.lock().1.iter().filter(|s| s.n > n).cloned().collect()
    }
}

/// The answer to a call under `/_simulator/`.
pub(super) fn control(server: &Server, call: &Call) -> Answer {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let what = call.segments.get(1).map_or("", String::as_str);
    match (call.method.as_str(), what) {
        ("GET", "info") => {
            let mut info = serde_json::to_value(&server.announce).unwrap_or_default();
            info["now"] = ticks(call.now).into();
            Answer::ok(info)
        }
        ("GET", "requests") => {
            let since = call
                .query("since")
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            Answer::ok(json!({"value": server.log.since(since)}))
        }
        ("POST", "faults") => {
            let rule = body["rule"].as_str().unwrap_or_default();
            match add(server, rule) {
                Ok(()) => Answer::empty(204),
                Err(why) => bad(&why),
            }
        }
        ("DELETE", "faults") => {
            server.faults.clear();
            Answer::empty(204)
        }
        ("POST", "clock") => match body["advance_seconds"].as_f64() {
            Some(seconds) => {
                server.advance(seconds);
                Answer::ok(json!({"now": ticks(server.now())}))
            }
            None => bad("the body is {\"advance_seconds\": N}"),
        },
        ("GET" | "POST", "guest") => guest(server, call, &body),
        ("POST", "shutdown") => {
            server.stop.cancel();
            Answer::empty(202)
        }
        _ => Answer::error(
            404,
            "NotFound",
            "info, requests, faults, clock, guest, shutdown",
        ),
    }
}

fn add(server: &Server, rule: &str) -> Result<(), String> {
    let rule: Fault = rule.parse().map_err(|e: NotAFault| e.to_string())?;
    if let Backend::Site(arm) = &server.backend {
        strikes_somebody(&arm.world, &rule)?;
    }
    server.faults.add(rule);
    Ok(())
}

/// What a machine's guest writes, and what became of it (`guest.rs`).
fn guest(server: &Server, call: &Call, body: &Value) -> Answer {
    let Backend::Site(arm) = &server.backend else {
        return bad("a recording has no guests");
    };
    let world = &arm.world;
    let named = call.segments.get(2).map(String::as_str);
    let name = named.or(body["machine"].as_str()).unwrap_or_default();
    let Some(index) = world.site.machines.iter().position(|m| m.name == name) else {
        return Answer::error(404, "NotFound", &format!("there is no machine '{name}'"));
    };
    if call.method == "POST" {
        let quiesced = call.segments.get(3).is_some_and(|s| s == "quiesce");
        let rate = if quiesced {
            Some(0.0)
        } else {
            body["writes_mb_per_minute"].as_f64()
        };
        match rate {
            Some(rate) if rate >= 0.0 => world.guest_writes(index, call.now, rate),
            _ => return bad("the body is {\"machine\": NAME, \"writes_mb_per_minute\": X}"),
        }
    }
    let view = world.view(index, call.now);
    let power = view.as_ref().map(|v| v.azure_power.clone());
    let power = power.filter(|word| !word.is_empty());
    let whole = view.as_ref().is_none_or(|v| v.site_whole);
    let site = site_vm(&world.site.machines[index], view.as_ref());
    let data = view.and_then(|v| v.data).unwrap_or_default();
    Answer::ok(json!({
        "machine": name, "power": power, "writes_mb_per_minute": data.per_minute, "written_mb": data.written,
        "replicated_mb": data.replicated, "pending_mb": data.pending, "lost_mb": data.lost,
        "site_vm": site, "site_disks": if whole { "whole" } else { "inconsistent" },
        "site_written_mb": data.site_written, "site_lost_mb": data.site_lost,
    }))
}

/// Whether the machine on the site runs. It may do so while its VM in Azure does, too.
fn site_vm(machine: &Machine, view: Option<&View>) -> &'static str {
    let made = view.is_some_and(|v| v.site_made.is_some());
    let runs = view.is_none_or(|v| {
        let account = v.data.as_ref().map(Data::site_runs);
        account.unwrap_or(v.stage.on_site)
    });
    match (machine.spec.site_vm.as_deref(), made, runs) {
        (Some("deleted"), false, _) => "deleted",
        (.., true) => "running",
        _ => "off",
    }
}

fn bad(message: &str) -> Answer {
    Answer::error(400, "BadRequest", message)
}
