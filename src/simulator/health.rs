//! Problems of real life (`assets/templates/health.json`) and how a vault sums them up.

use serde_json::{Value, json};

use super::clock::{after, ticks};
use super::template::{Vars, raw};
use super::world::World;

/// The health errors of a thing, and the worst level among them for each kind of health.
pub(super) struct Health {
    pub errors: Vec<Value>,
    pub replication: &'static str,
    pub failover: &'static str,
    pub fabric: &'static str,
}

/// A problem is the key of a row, or an object with the fields of one.
pub(super) fn health(problems: &[Value], vars: &Vars, world: &World) -> Health {
    let mut health = Health {
        errors: Vec::new(),
        replication: "Normal",
        failover: "Normal",
        fabric: "Normal",
    };
    for problem in problems {
        let row = match problem {
            Value::String(key) => raw("health").get(key).unwrap_or(&Value::Null),
            other => other,
        };
        let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let level = if field("level") == "Error" {
            "Critical"
        } else {
            "Warning"
        };
        let slot = match field("on") {
            "failover" => &mut health.failover,
            "fabric" => &mut health.fabric,
            _ => &mut health.replication,
        };
        if *slot != "Critical" {
            *slot = level;
        }
        let mut v = vars.clone();
        for (name, key) in [
            ("message", "message"),
            ("causes", "causes"),
            ("action", "action"),
        ] {
            let text = vars.text(field(key));
            v.set(name, text);
        }
        for name in ["source", "type", "level", "category", "code"] {
            v.set(name, field(name));
        }
        v.set("since", ticks(after(world.started, -26_000.0)));
        health.errors.push(v.fill("health-error"));
    }
    health
}

/// `~/replicationVaultHealth/default`.
pub(super) fn vault_health(world: &World) -> Value {
    let site = &world.site;
    let mut issues: Vec<Value> = Vec::new();
    for machine in site.protected.iter().map(|i| &site.machines[*i]) {
        for problem in &machine.spec.problems {
            let row = problem
                .as_str()
                .and_then(|k| raw("health").get(k))
                .unwrap_or(problem);
            let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
            let known = issues.iter_mut().find(|i| i["summaryCode"] == text("code"));
            let id = machine.site_id.as_str();
            match known.and_then(|i| i["affectedResourceCorrelationIds"].as_array_mut()) {
                Some(ids) => ids.push(id.into()),
                None => issues.push(json!({
                    "summaryCode": text("code"), "category": text("category"),
                    "severity": if text("level") == "Error" { "Error" } else { "Warning" },
                    "summaryMessage": text("causes"),
                    "affectedResourceType": "replicationProtectedItems",
                    "affectedResourceSubtype": "",
                    "affectedResourceCorrelationIds": [id],
                })),
            }
        }
    }
    json!({
        "name": "Default", "type": "Microsoft.RecoveryServices/vaults/replicationVaultHealth",
        "id": format!("{}/replicationVaultHealth/Default", site.vault_id),
        "properties": {
            "vaultErrors": [],
            "protectedItemsHealth": { "resourceCount": site.protected.len(), "issues": issues },
            "fabricsHealth": { "resourceCount": site.fabrics.len(), "issues": [] },
            "containersHealth": { "resourceCount": site.fabrics.len(), "issues": [] },
        }
    })
}
