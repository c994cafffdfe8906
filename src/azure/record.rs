//! A support recording: one exchange a line, without what must stay secret.
//!
//! Seven fields a line - method, uri, reqHeaders, reqBody, status, respHeaders, respBody - so that
//! it can be replayed (`--replay`) and judged against the public swagger. Headers are kept from a
//! list of harmless ones; signed queries, secrets in bodies and the output of Run Command are
//! replaced. Sign-in is never recorded at all.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

/// Writes exchanges to a file of its owner's own. Shared by all who send.
#[derive(Debug)]
pub struct Recorder(Mutex<State>);

#[derive(Debug)]
struct State {
    file: File,
    failed: Option<String>,
}

/// Headers worth keeping; all others may identify a session.
const KEPT: [&str; 12] = [
    "content-type",
    "content-encoding",
    "date",
    "retry-after",
    "location",
    "azure-asyncoperation",
    "x-ms-request-id",
    "x-ms-client-request-id",
    "x-ms-correlation-request-id",
    "x-ms-ratelimit-remaining-subscription-reads",
    "x-ms-ratelimit-remaining-subscription-writes",
    "accept",
];

/// Names of fields whose values are secret wherever they stand (lower case).
const SECRET: [&str; 9] = [
    "password",
    "secret",
    "token",
    "pfx",
    "accountkey",
    "sasuri",
    "sas",
    "passphrase",
    "credential",
];

/// Parts of a query that are a signature, or what it is made of.
const SIGNED: [&str; 8] = ["t", "c", "s", "h", "sig", "sv", "se", "sp"];

const GONE: &str = "(removed)";

impl Recorder {
    /// Creates `file`, readable by its owner only. An existing file is not overwritten.
    ///
    /// # Errors
    /// When the file exists or cannot be created.
    pub fn create(file: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        Ok(Self(Mutex::new(State { file, failed: None })))
    }

    /// What went wrong with writing, if anything did: the recording is then incomplete.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.0.lock().ok()?.failed.clone()
    }

    pub(super) fn add(&self, exchange: &Exchange<'_>) {
        let line = format!("{}\n", exchange.line());
        let Ok(mut state) = self.0.lock() else { return };
        if state.failed.is_none()
            && let Err(error) = state.file.write_all(line.as_bytes())
        {
            tracing::warn!(%error, "the recording stops here");
            state.failed = Some(error.to_string());
        }
    }
}

/// One exchange as it went over the wire.
pub(super) struct Exchange<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    pub request_headers: &'a HeaderMap,
    pub request_body: Option<&'a str>,
    pub status: u16,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Exchange<'_> {
    fn line(&self) -> Value {
        let body = |bytes: &[u8]| match serde_json::from_slice(bytes) {
            Ok(mut value) => {
                scrub(&mut value);
                value
            }
            Err(_) if bytes.is_empty() => Value::Null,
            Err(_) => json!(format!("(not JSON, {} bytes)", bytes.len())),
        };
        json!({
            "method": self.method,
            "uri": scrub_url(self.url.as_str()),
            "reqHeaders": headers(self.request_headers),
            "reqBody": self.request_body.map_or(Value::Null, |text| body(text.as_bytes())),
            "status": self.status,
            "respHeaders": headers(self.headers),
            "respBody": body(self.body),
        })
    }
}

fn headers(all: &HeaderMap) -> Value {
    let mut kept = Map::new();
    for name in KEPT {
        let values: Vec<Value> = all
            .get_all(name)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .map(|v| json!(scrub_url(v)))
            .collect();
        match <[Value; 1]>::try_from(values) {
            Ok([one]) => drop(kept.insert(name.into(), one)),
            Err(none) if none.is_empty() => {}
            Err(several) => drop(kept.insert(name.into(), Value::Array(several))),
        }
    }
    Value::Object(kept)
}

/// Replaces the signed parts of a query (`t`, `c`, `s`, `h`) and shared-access signatures, whatever
/// stands before it: a `Location` may be relative.
pub(super) fn scrub_url(raw: &str) -> String {
    let Some((head, query)) = raw.split_once('?') else {
        return raw.into();
    };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if SIGNED.iter().any(|known| name.eq_ignore_ascii_case(known)) => {
            format!("{name}={GONE}")
        }
        _ => part.into(),
    });
    format!("{head}?{}", parts.collect::<Vec<_>>().join("&"))
}

fn scrub(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let output = fields
                .get("code")
                .and_then(Value::as_str)
                .is_some_and(|code| code.starts_with("ComponentStatus/"));
            for (name, field) in fields.iter_mut() {
                let lower = name.to_ascii_lowercase();
                let secret = SECRET.iter().any(|word| lower.ends_with(word));
                // A script and its parameters may hold anything; so may what it printed.
                let script = matches!(lower.as_str(), "script" | "parameters");
                if (output && lower == "message") || (secret && !field.is_null()) || script {
                    *field = json!(GONE);
                } else {
                    scrub(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::String(text) if text.contains('?') => {
            let clean = scrub_url(text);
            if clean != *text {
                *text = clean;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_holds_no_secret() {
        let url = Url::parse("https://h/x?api-version=1&t=638&c=CERTCERT&s=SIGSIG&h=HASH").unwrap();
        let mut sent = HeaderMap::new();
        sent.insert("authorization", "Bearer TOKENTOKEN".parse().unwrap());
        sent.insert("accept", "application/json".parse().unwrap());
        let mut got = HeaderMap::new();
        got.insert("set-cookie", "COOKIE=1".parse().unwrap());
        got.insert("location", "/y?api-version=1&S=SIGSIG".parse().unwrap());
        let line = Exchange {
            method: "POST",
            url: &url,
            request_headers: &sent,
            request_body: Some(r#"{"clientSecret":"HUSH","script":["cat HUSH"]}"#),
            status: 200,
            headers: &got,
            body: br#"{"value":[{"code":"ComponentStatus/StdOut/succeeded","message":"HUSH"}],
                "primaryKekCertificatePfx":"HUSH","nested":{"next":"https://b/z?sig=SIGSIG","at":"b/z?Sig=SIGSIG"}}"#,
        }
        .line()
        .to_string();
        for secret in ["TOKENTOKEN", "CERTCERT", "SIGSIG", "COOKIE", "HUSH", "HASH"] {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
        let fields: Map<String, Value> = serde_json::from_str(&line).unwrap();
        assert_eq!(fields.len(), 7);
    }
}
