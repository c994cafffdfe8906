//! Lists by pages. The `nextLink` is an absolute URL with an opaque `$skipToken`. Pages of a long list are kept
//! ready, packed too, so that a large estate costs next to nothing to serve.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Mutex;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::Value;

use super::call::{Answer, Body, Call};
use super::clock::seconds;
use super::world::World;

/// A list longer than this has its pages kept.
const LONG: usize = 1000;
/// How old a kept page may be, in simulated seconds.
const FRESH: f64 = 900.0;

pub(super) struct Pages {
    pub size: usize,
    kept: Mutex<HashMap<String, Kept>>,
}

struct Kept {
    changes: u64,
    made: Timestamp,
    plain: Bytes,
    packed: Option<Bytes>,
}

impl Pages {
    pub fn new(size: usize) -> Self {
        Self {
            size: size.max(1),
            kept: Mutex::default(),
        }
    }

    /// A page that is kept and still good, before anything is counted or made.
    pub fn ready(&self, world: &World, call: &Call) -> Option<Answer> {
        if call.method != "GET" || world.busy(call.now) {
            return None;
        }
        let body = self.kept(&page_key(call), world, call)?;
        Some(Answer {
            status: 200,
            headers: Vec::new(),
            body,
        })
    }

    /// One page of a list of `total` rows; `empty_end` adds the page without rows that protectable lists lead to
    /// (asr-rest.md 0).
    pub fn list(
        &self,
        world: &World,
        call: &Call,
        total: usize,
        empty_end: bool,
        row: impl Fn(usize) -> Value,
    ) -> Answer {
        let Some(skip) = skip(call) else {
            return Answer::error(
                400,
                "InvalidSkipToken",
                "The $skipToken is not one of this list.",
            );
        };
        let key = (total > LONG && !world.busy(call.now)).then(|| page_key(call));
        let end = total.min(skip.saturating_add(self.size));
        let rows: Vec<Value> = (skip.min(total)..end).map(row).collect();
        let more = end < total || (empty_end && skip < total);
        let next = more.then(|| link(call, &token(end, empty_end && end == total)));
        let page = serde_json::json!({"value": rows, "nextLink": next});
        let Some(key) = key else {
            return Answer::ok(page);
        };
        let plain = Bytes::from(page.to_string());
        let packed = pack(&plain);
        let body = match (&packed, call.gzip()) {
            (Some(packed), true) => Body::Ready {
                bytes: packed.clone(),
                gzip: true,
            },
            _ => Body::Ready {
                bytes: plain.clone(),
                gzip: false,
            },
        };
        let kept = Kept {
            changes: world.changes(),
            made: call.now,
            plain,
            packed,
        };
        self.lock().insert(key, kept);
        Answer {
            status: 200,
            headers: Vec::new(),
            body,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        let mut kept = self
            .kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.len() > 5000 {
            kept.clear();
        }
        kept
    }

    fn kept(&self, key: &str, world: &World, call: &Call) -> Option<Body> {
        let kept = self.lock();
        let page = kept.get(key)?;
        if page.changes != world.changes() || seconds(page.made, call.now) > FRESH {
            return None;
        }
        Some(match (&page.packed, call.gzip()) {
            (Some(packed), true) => Body::Ready {
                bytes: packed.clone(),
                gzip: true,
            },
            _ => Body::Ready {
                bytes: page.plain.clone(),
                gzip: false,
            },
        })
    }
}

fn page_key(call: &Call) -> String {
    format!("{} {:?}", call.path.to_lowercase(), call.query)
}

/// gzip, the fast way.
pub(super) fn pack(plain: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::with_capacity(plain.len() / 8), Compression::fast());
    packer.write_all(plain).ok()?;
    packer.finish().ok().map(Bytes::from)
}

fn token(at: usize, end: bool) -> String {
    // The end of the machines of a protectable list is where its groups would begin.
    if end {
        "ReplicationGroup%3ABegin".to_owned()
    } else {
        format!("Row%3A{:x}", at ^ 0x5a5a_5a5a)
    }
}

fn skip(call: &Call) -> Option<usize> {
    match call.query("$skiptoken").or_else(|| call.query("skiptoken")) {
        None | Some("") => Some(0),
        Some("ReplicationGroup:Begin") => Some(usize::MAX),
        Some(token) => {
            let hex = token.strip_prefix("Row:")?;
            usize::from_str_radix(hex, 16).ok().map(|n| n ^ 0x5a5a_5a5a)
        }
    }
}

fn link(call: &Call, token: &str) -> String {
    let keep = call.query.iter().filter(|(k, _)| !k.ends_with("skiptoken"));
    let kept: Vec<String> = keep.map(|(k, v)| format!("{k}={}", encode(v))).collect();
    format!(
        "{}{}?{}&$skipToken={token}",
        call.base,
        call.path,
        kept.join("&")
    )
}

/// Percent-encoding of a query value.
pub(super) fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~:".contains(&b);
    text.bytes()
        .map(|b| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// Percent-encoding of a path.
pub(super) fn encode_path(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}
