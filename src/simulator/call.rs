//! One request and its answer, apart from HTTP.

use axum::http::HeaderMap;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) struct Call {
    pub method: String,
    pub path: String,
    /// The path's segments, percent-decoded.
    pub segments: Vec<String>,
    /// Decoded; keys in lower case.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub now: Timestamp,
    /// `http://127.0.0.1:PORT`, for the links in answers.
    pub base: String,
    /// ARM's correlation id of this call.
    pub correlation: String,
    /// The Site Recovery error that the job this call starts is to end with: a fault.
    pub doom: Option<String>,
    /// How many calls came before it.
    pub number: u64,
    /// The site's seed, from which signatures follow.
    pub seed: u64,
}

impl Call {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    pub fn client_request_id(&self) -> &str {
        self.header("x-ms-client-request-id")
            .unwrap_or(&self.correlation)
    }

    pub fn gzip(&self) -> bool {
        self.header("accept-encoding")
            .is_some_and(|a| a.contains("gzip"))
    }

    pub fn lower(&self) -> Vec<String> {
        self.segments.iter().map(|s| s.to_lowercase()).collect()
    }
}

/// `a%20b` and, in queries, `a+b`.
pub(super) fn decode(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten();
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(if plus && bytes[i] == b'+' {
                    b' '
                } else {
                    bytes[i]
                });
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

pub(super) fn decode_query(query: &str) -> Vec<(String, String)> {
    let pair = |p: &str| {
        let (key, value) = p.split_once('=').unwrap_or((p, ""));
        (decode(key, true).to_lowercase(), decode(value, true))
    };
    query
        .split('&')
        .filter(|p| !p.is_empty())
        .map(pair)
        .collect()
}

pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

pub(super) enum Body {
    Empty,
    Json(Value),
    /// Ready to be sent, and whether it is packed already.
    Ready {
        bytes: Bytes,
        gzip: bool,
    },
}

impl Answer {
    pub fn json(status: u16, value: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(value),
        }
    }

    pub fn ok(value: Value) -> Self {
        Self::json(200, value)
    }

    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// ARM's envelope (asr-rest.md 0.2).
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, json!({"error": {"code": code, "message": message}}))
    }

    /// ARM's envelope with what Site Recovery adds.
    pub fn asr(
        status: u16,
        code: &str,
        inner: &str,
        texts: (&str, &str, &str),
        call: &Call,
    ) -> Self {
        let (message, causes, action) = texts;
        Self::json(
            status,
            json!({"error": {"code": code, "message": message, "details": [{
                "code": inner, "message": message, "possibleCauses": causes, "recommendedAction": action,
                "clientRequestId": call.client_request_id(), "activityId": call.correlation,
            }]}}),
        )
    }

    /// A resource that Site Recovery does not know.
    pub fn unknown(name: &str, call: &Call) -> Self {
        let message = format!("Specified resource with name '{name}' does not exist.");
        let texts = (
            message.as_str(),
            "Ensure correct resource name was specified.",
            "Verify ARM resource name details.",
        );
        Self::asr(404, "NotFound", "ArmResourceDoesNotExist", texts, call)
    }
}
