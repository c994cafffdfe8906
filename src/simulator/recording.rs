//! Reading a file of recorded exchanges: `{method, uri, reqHeaders, reqBody, status, respHeaders, respBody}`, one a
//! line; other fields are ignored.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::call::{decode, decode_query};
use super::options::Error;

/// No line is longer.
const LONGEST: u64 = 16 << 20;

#[derive(Deserialize)]
struct Line {
    method: String,
    uri: String,
    status: u16,
    #[serde(rename = "respBody", default)]
    body: Value,
}

/// One exchange, its address taken apart.
pub(super) struct Exchange {
    /// The line, from 1.
    pub n: usize,
    pub method: String,
    pub status: u16,
    pub body: Value,
    /// As it was written, without host and query.
    pub path: String,
    /// In lower case, with the query parts that matter.
    pub key: String,
}

/// The key of a path and a query: version and signature do not matter, nor does case.
pub(super) fn key(path: &str, query: &[(String, String)]) -> String {
    let idle = ["api-version", "t", "c", "s", "h"];
    let mut parts: Vec<String> = query
        .iter()
        .filter(|(k, _)| !idle.contains(&k.as_str()))
        .map(|(k, v)| format!("{k}={}", v.to_lowercase()))
        .collect();
    parts.sort();
    let path = path.to_lowercase();
    format!("{}?{}", path.trim_end_matches('/'), parts.join("&"))
}

pub(super) fn read(file: &Path) -> Result<Vec<Exchange>, Error> {
    let wrong = |source| Error::Read {
        file: file.to_owned(),
        source,
    };
    let mut reader = BufReader::new(std::fs::File::open(file).map_err(wrong)?);
    let mut exchanges = Vec::new();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let n = reader
            .by_ref()
            .take(LONGEST + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(wrong)?;
        let bad = |reason: String| Error::Recording {
            file: file.to_owned(),
            line,
            reason,
        };
        if n == 0 {
            break;
        }
        if n as u64 > LONGEST {
            return Err(bad("the line is longer than 16 MiB".into()));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let read: Line = serde_json::from_slice(&bytes).map_err(|e| bad(e.to_string()))?;
        let address = match read.uri.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => read.uri.as_str(),
        };
        if !address.starts_with('/') {
            return Err(bad(format!("'{}' is not an address", read.uri)));
        }
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = decode(path, false);
        let body = match read.body {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            other => other,
        };
        exchanges.push(Exchange {
            n: line,
            method: read.method.to_uppercase(),
            status: read.status,
            body,
            key: key(&path, &decode_query(query)),
            path,
        });
    }
    Ok(exchanges)
}
