//! From an answer to HTTP: ARM's headers, packing, and the faults that spoil an answer on its way.

use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use bytes::Bytes;
use futures::StreamExt;

use super::call::{Answer, Body, Call};
use super::clock::{after, http};
use super::faults::{Action, Again};
use super::pages::pack;

/// Marks a response that is not to be sent: the connection ends instead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Quietly,
    Reset,
}

/// The answer of a fault by status.
pub(super) fn strike(status: u16, again: Option<&Again>, call: &Call) -> Answer {
    let (code, message) = match status {
        401 => ("InvalidAuthenticationToken", "The access token is invalid.".to_owned()),
        403 => ("AuthorizationFailed", format!(
            "The client '6c1f1f0e-5d0a-4b1c-9d3c-7a2a7d1f4c10' with object id '6c1f1f0e-5d0a-4b1c-9d3c-7a2a7d1f4c10' does not have authorization to perform action 'Microsoft.RecoveryServices/vaults/{}' over scope '{}' or the scope is invalid. If access was recently granted, please refresh your credentials. For more information, see https://aka.ms/azure-rbac.",
            action_words(call), call.path
        )),
        404 => return Answer::unknown(call.segments.last().map_or("", String::as_str), call),
        409 => ("Conflict", "Another operation is in progress on the resource.".to_owned()),
        429 => ("TooManyRequests", "The request is being throttled as the limit has been reached. Please retry after some time.".to_owned()),
        503 => ("ServiceUnavailable", "The service is temporarily unavailable. Please retry the request.".to_owned()),
        504 => ("GatewayTimeout", "The gateway did not receive a response from 'Microsoft.RecoveryServices' within the specified time period.".to_owned()),
        500.. => ("InternalServerError", "An internal error occurred.".to_owned()),
        _ => ("BadRequest", "The request is not valid.".to_owned()),
    };
    let answer = Answer::error(status, code, &message);
    match again {
        None => answer,
        Some(Again::Seconds(seconds)) => answer.with("retry-after", seconds.to_string()),
        Some(Again::Date) => answer.with("retry-after", http(after(call.now, 5.0))),
    }
}

/// `replicationFabrics/read`, from the names of the path.
fn action_words(call: &Call) -> String {
    let after = call.segments.iter().skip(8).step_by(2).map(String::as_str);
    let verb = if call.method == "GET" {
        "read"
    } else {
        "action"
    };
    after.chain([verb]).collect::<Vec<_>>().join("/")
}

pub(super) fn cut(how: Cut) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    response.extensions_mut().insert(how);
    response
}

pub(super) fn respond(answer: Answer, call: &Call, action: Option<&Action>) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    };
    put("date", &http(call.now));
    let own_id = answer.headers.iter().any(|(n, _)| *n == "x-ms-request-id");
    for (name, value) in &answer.headers {
        put(name, value);
    }
    if !own_id {
        put("x-ms-request-id", &call.correlation);
    }
    put("x-ms-correlation-request-id", &call.correlation);
    if let Some(id) = call.header("x-ms-client-request-id") {
        put("x-ms-client-request-id", id);
    }
    if call.method == "GET" {
        let left = 11_999 - call.number % 12_000;
        put(
            "x-ms-ratelimit-remaining-subscription-reads",
            &left.to_string(),
        );
    }
    put("cache-control", "no-cache");
    let mut bytes = match answer.body {
        Body::Empty => Bytes::new(),
        Body::Json(value) => {
            put("content-type", "application/json; charset=utf-8");
            let plain = Bytes::from(value.to_string());
            match call.gzip().then(|| pack(&plain)).flatten() {
                Some(packed) => {
                    put("content-encoding", "gzip");
                    packed
                }
                None => plain,
            }
        }
        Body::Ready { bytes, gzip } => {
            put("content-type", "application/json; charset=utf-8");
            if gzip {
                put("content-encoding", "gzip");
            }
            bytes
        }
    };
    if action == Some(&Action::Garbage) {
        bytes = Bytes::from_static(b"<html>\xff\xfe{\"value\": [\x00 not what was asked for");
        headers.remove("content-encoding");
        *response.status_mut() = StatusCode::OK;
    }
    *response.body_mut() = match action {
        Some(Action::Truncate) => {
            let length = bytes.len().max(2);
            response
                .headers_mut()
                .insert("content-length", HeaderValue::from(length));
            let half = bytes.slice(..bytes.len() / 2);
            // A moment later, so that the beginning has left by then.
            let broken = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(std::io::Error::other("cut short on purpose"))
            };
            let begin = futures::stream::once(async move { Ok(half) });
            HttpBody::from_stream(begin.chain(futures::stream::once(broken)))
        }
        Some(Action::Slow(rate)) => {
            let chunks: Vec<Bytes> = bytes
                .chunks((*rate / 10).max(1))
                .map(Bytes::copy_from_slice)
                .collect();
            let rate = *rate;
            HttpBody::from_stream(futures::stream::iter(chunks).then(move |chunk| async move {
                tokio::time::sleep(Duration::from_secs_f64(chunk.len() as f64 / rate as f64)).await;
                Ok::<_, std::io::Error>(chunk)
            }))
        }
        _ => HttpBody::from(bytes),
    };
    response
}
