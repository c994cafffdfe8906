//! Serving a recording instead of a site: what was recorded as it was recorded, lists that were not recorded
//! composed from single answers and marked so, and an honest "not recorded" for the rest. A recording cannot be
//! changed.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::options::{AnnouncedVault, Error, ExampleItem};
use super::recording::{Exchange, key, read};

pub(super) struct Replay {
    exchanges: Vec<Exchange>,
    pub vaults: Vec<AnnouncedVault>,
}

impl Replay {
    /// The file as of exchange `at`, counted by lines from 1; all of it without.
    pub fn open(file: &Path, at: Option<usize>) -> Result<Self, Error> {
        let mut exchanges = read(file)?;
        let mut vaults: Vec<AnnouncedVault> = Vec::new();
        for exchange in &exchanges {
            if let Some(vault) = vault_of(&exchange.path)
                && !vaults.iter().any(|v| same(v, &vault))
            {
                vaults.push(vault);
            }
        }
        exchanges.retain(|e| at.is_none_or(|at| e.n <= at));
        Ok(Self { exchanges, vaults })
    }

    /// Protected items that are there at the end.
    pub fn items(&self) -> Vec<ExampleItem> {
        let children = self.resources("", "replicationprotecteditems", true).0;
        let item = |r: &Value| {
            let mut parts = r["id"].as_str()?.rsplit('/');
            let item = parts.next()?.to_owned();
            let container = parts.nth(1)?.to_owned();
            let fabric = parts.nth(1)?.to_owned();
            Some(ExampleItem {
                fabric,
                container,
                item,
            })
        };
        children.iter().filter_map(item).collect()
    }

    pub fn answer(&self, call: &Call) -> Answer {
        if call.method != "GET" && call.method != "HEAD" {
            let message = "This is a recording: it cannot be changed.";
            return Answer::error(405, "RecordingReadOnly", message);
        }
        let path = format!("/{}", call.segments.join("/"));
        let asked = key(&path, &call.query);
        // A filter that was not recorded is answered with the whole list: the client narrows it itself.
        let bare = key(&path, &[]);
        let recorded = |key: &str| {
            self.exchanges
                .iter()
                .rev()
                .find(|e| e.method == "GET" && e.key == key)
        };
        let filtered = call.query("$skiptoken").is_none();
        if let Some(exchange) = recorded(&asked).or_else(|| recorded(&bare).filter(|_| filtered)) {
            return Answer::json(exchange.status, relink(&exchange.body, &call.base))
                .with("x-failback-exchange", exchange.n.to_string());
        }
        match self.composed(&path.to_lowercase()) {
            Some(body) => Answer::ok(body).with("x-failback-composed", "true"),
            None => {
                let message = format!("'{path}' was not recorded.");
                Answer::error(404, "NotRecorded", &message)
            }
        }
    }

    fn composed(&self, path: &str) -> Option<Value> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let list = |rows: Vec<Value>| json!({"value": rows, "nextLink": null});
        let mut subscriptions: Vec<&str> = self
            .vaults
            .iter()
            .map(|v| v.subscription.as_str())
            .collect();
        subscriptions.sort_by_key(|s| s.to_lowercase());
        subscriptions.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        match parts.as_slice() {
            ["subscriptions"] => Some(list(subscriptions.into_iter().map(|s| {
                json!({"id": format!("/subscriptions/{s}"), "subscriptionId": s, "displayName": "recorded", "state": "Enabled"})
            }).collect())),
            ["subscriptions", sub, rest @ ..] => match rest {
                ["providers", "microsoft.recoveryservices", "vaults"] => {
                    Some(list(self.vault_rows(|v| v.subscription.eq_ignore_ascii_case(sub))))
                }
                ["resourcegroups", group, "providers", "microsoft.recoveryservices", "vaults"] => {
                    Some(list(self.vault_rows(|v| {
                        v.subscription.eq_ignore_ascii_case(sub) && v.resource_group.eq_ignore_ascii_case(group)
                    })))
                }
                ["resourcegroups", group, "providers", "microsoft.recoveryservices", "vaults", name] => {
                    self.vault_rows(|v| {
                        v.subscription.eq_ignore_ascii_case(sub)
                            && v.resource_group.eq_ignore_ascii_case(group)
                            && v.name.eq_ignore_ascii_case(name)
                    })
                    .into_iter()
                    .next()
                }
                _ => {
                    let (prefix, collection) = path.rsplit_once('/')?;
                    // A vault-wide list holds what stands in its fabrics and containers too.
                    let deep = vault_of(path).is_some() && parts.len() == 9;
                    let (rows, known) = self.resources(prefix, collection, deep);
                    known.then(|| list(rows))
                }
            },
            _ => None,
        }
    }

    fn vault_rows(&self, wanted: impl Fn(&AnnouncedVault) -> bool) -> Vec<Value> {
        let row = |v: &AnnouncedVault| {
            json!({
                "id": format!("/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}", v.subscription, v.resource_group, v.name),
                "name": v.name, "type": "Microsoft.RecoveryServices/vaults", "location": "",
                "sku": {"name": "RS0"}, "properties": {"provisioningState": "Succeeded"},
            })
        };
        self.vaults.iter().filter(|v| wanted(v)).map(row).collect()
    }

    /// The latest single answers of a collection, and rows of its recorded lists; whether any was ever seen.
    fn resources(&self, prefix: &str, collection: &str, deep: bool) -> (Vec<Value>, bool) {
        let mut rows: BTreeMap<String, Option<Value>> = BTreeMap::new();
        let belongs = |path: &str| {
            let (parent, _) = path.rsplit_once('/')?;
            let (above, kind) = parent.rsplit_once('/')?;
            (kind == collection && (above == prefix || (deep && above.starts_with(prefix))))
                .then_some(())
        };
        for exchange in &self.exchanges {
            let path = exchange.path.to_lowercase();
            match (exchange.method.as_str(), exchange.status) {
                ("GET", 200) if exchange.body["value"].is_array() => {
                    for row in exchange.body["value"].as_array().into_iter().flatten() {
                        let id = row["id"].as_str().unwrap_or_default().to_lowercase();
                        if belongs(&id).is_some() {
                            rows.insert(id, Some(row.clone()));
                        }
                    }
                }
                ("GET", 200) if belongs(&path).is_some() => {
                    rows.insert(path, Some(exchange.body.clone()));
                }
                ("GET", 404) | ("DELETE", 204 | 404) if rows.contains_key(&path) => {
                    rows.insert(path, None);
                }
                _ => {}
            }
        }
        let known = !rows.is_empty();
        (rows.into_values().flatten().collect(), known)
    }
}

fn same(a: &AnnouncedVault, b: &AnnouncedVault) -> bool {
    a.subscription.eq_ignore_ascii_case(&b.subscription)
        && a.resource_group.eq_ignore_ascii_case(&b.resource_group)
        && a.name.eq_ignore_ascii_case(&b.name)
}

fn vault_of(path: &str) -> Option<AnnouncedVault> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        [s, subscription, g, group, p, rp, v, vault, ..]
            if s.eq_ignore_ascii_case("subscriptions")
                && g.eq_ignore_ascii_case("resourceGroups")
                && p.eq_ignore_ascii_case("providers")
                && rp.eq_ignore_ascii_case("Microsoft.RecoveryServices")
                && v.eq_ignore_ascii_case("vaults") =>
        {
            Some(AnnouncedVault {
                subscription: (*subscription).to_owned(),
                resource_group: (*group).to_owned(),
                name: (*vault).to_owned(),
            })
        }
        _ => None,
    }
}

/// The `nextLink` of a recorded list, led to this server.
fn relink(body: &Value, base: &str) -> Value {
    let mut body = body.clone();
    if let Some(link) = body.get_mut("nextLink")
        && let Some((_, rest)) = link.as_str().and_then(|l| l.split_once("://"))
    {
        let at = rest.find('/').unwrap_or(rest.len());
        *link = format!("{base}{}", &rest[at..]).into();
    }
    body
}
