//! Making the pages of a large estate before anybody asks for them.

use std::sync::Arc;

use axum::http::HeaderMap;
use bytes::Bytes;

use super::call::{Body, Call, decode, decode_query};
use super::server::{Backend, Server};

/// From how many protected items on it is worth the while.
const MANY: usize = 1000;
/// The version that Site Recovery is spoken to in, and the one of Compute.
const VERSIONS: (&str, &str) = ("2025-08-01", "2024-03-01");

/// Walks the long lists once, in the background; answers in the meantime are made as they are asked for.
pub(super) fn warm(server: Arc<Server>) {
    let Backend::Site(arm) = &server.backend else {
        return;
    };
    if arm.world.site.protected.len() < MANY {
        return;
    }
    let site = &arm.world.site;
    let mut lists = vec![format!(
        "{}/replicationProtectedItems?api-version={}",
        site.vault_id, VERSIONS.0
    )];
    for fabric in &site.fabrics {
        for list in ["replicationProtectedItems", "replicationProtectableItems"] {
            lists.push(format!(
                "{}/{list}?api-version={}",
                fabric.container_id, VERSIONS.0
            ));
        }
    }
    let subscription = &site.subscription;
    lists.push(format!(
        "/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines?api-version={}",
        VERSIONS.1
    ));
    tokio::task::spawn_blocking(move || {
        for list in lists {
            let mut target = Some(list);
            while let Some(next) = target.filter(|_| !server.stop.is_cancelled()) {
                target = page(&server, &next);
            }
        }
    });
}

/// Makes one page; the target of the next.
fn page(server: &Server, target: &str) -> Option<String> {
    let Backend::Site(arm) = &server.backend else {
        return None;
    };
    let (path, query) = target.split_once('?')?;
    let call = Call {
        method: "GET".into(),
        path: path.to_owned(),
        segments: path
            .split('/')
            .filter(|s| !s.is_empty())
            .map(|s| decode(s, false))
            .collect(),
        query: decode_query(query),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        now: server.now(),
        base: server.announce.base_url.clone(),
        correlation: String::new(),
        doom: None,
        number: 0,
        seed: server.seed,
    };
    let Body::Ready { bytes, .. } = arm.answer(&call).body else {
        return None;
    };
    let page: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    page["nextLink"]
        .as_str()?
        .strip_prefix(&server.announce.base_url)
        .map(str::to_owned)
}
