//! Bodies are made from templates that were trimmed from recorded traffic: JSON in `assets/templates/`, with
//! `${name}` where a value goes. A string that is nothing but `${name}` becomes the value, of whatever type;
//! `${name?}` is left out when there is no value; `${now-300s}` is a time before the simulated now.
//! What is filled in is never looked at again, so that a machine called `${vault}` stays one.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::clock;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../assets/templates/", $name, ".json")))),*]
    };
}

static TEMPLATES: LazyLock<HashMap<&'static str, Value>> = LazyLock::new(|| {
    templates![
        "appliance-dras",
        "appliance-marsagents",
        "appliance-processservers",
        "appliance-pushinstallers",
        "appliance-rcmproxies",
        "appliance-replicationagents",
        "appliance-reprotectagents",
        "container",
        "details-hypervreplicaazure",
        "details-inmage",
        "details-inmageazurev2",
        "details-inmagercm",
        "details-inmagercmfailback",
        "discovered-rcm",
        "disk-hypervreplicaazure",
        "disk-inmage",
        "disk-inmageazurev2",
        "disk-inmagercm",
        "disk-inmagercmfailback",
        "event",
        "fabric",
        "fabric-hypervsite",
        "fabric-inmagercm",
        "fabric-vmware",
        "failures",
        "health",
        "health-error",
        "item",
        "job",
        "job-affected",
        "job-error",
        "mapping",
        "master-target",
        "nic-hypervreplicaazure",
        "nic-inmage",
        "nic-inmageazurev2",
        "nic-inmagercm",
        "nic-inmagercmfailback",
        "plan",
        "policy",
        "process-server",
        "protectable",
        "protectable-disk",
        "protectable-disk-hyperv",
        "protectable-hyperv",
        "protectable-vmware",
        "provider",
        "recovery-point",
        "scenarios",
        "task",
        "vault",
        "vcenter",
        "vm",
        "vm-agent",
        "vm-data-disk",
        "vm-instance-view",
    ]
    .into_iter()
    .map(|(name, text)| (name, serde_json::from_str(text).unwrap_or(Value::Null)))
    .collect()
});

static NOTHING: Value = Value::Null;

/// A template or a table as it stands in `assets/templates/`.
pub(super) fn raw(name: &str) -> &'static Value {
    TEMPLATES.get(name).unwrap_or(&NOTHING)
}

/// The values for one body; looked up last set first.
#[derive(Clone)]
pub(super) struct Vars {
    pub now: Timestamp,
    pairs: Vec<(&'static str, Value)>,
}

impl Vars {
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            pairs: Vec::with_capacity(48),
        }
    }

    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.pairs.push((name, value.into()));
        self
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.pairs
            .iter()
            .rev()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }

    /// A template filled with these values.
    pub fn fill(&self, template: &str) -> Value {
        self.value(raw(template)).unwrap_or(Value::Null)
    }

    /// `None` where an optional value is absent.
    fn value(&self, template: &Value) -> Option<Value> {
        Some(match template {
            Value::String(text) => return self.string(text),
            Value::Array(list) => list.iter().filter_map(|v| self.value(v)).collect(),
            Value::Object(map) => {
                let mut filled = Map::new();
                for (key, inner) in map {
                    if let Some(value) = self.value(inner) {
                        filled.insert(key.clone(), value);
                    }
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }

    fn string(&self, text: &str) -> Option<Value> {
        let Some(first) = text.find("${") else {
            return Some(Value::String(text.to_owned()));
        };
        if first == 0
            && let Some(inner) = text.strip_prefix("${").and_then(|t| t.strip_suffix('}'))
            && !inner.contains('}')
        {
            return match inner.strip_suffix('?') {
                Some(name) => self.get(name).filter(|v| !v.is_null()).cloned(),
                None => Some(
                    self.named(inner)
                        .unwrap_or_else(|| Value::String(text.to_owned())),
                ),
            };
        }
        Some(Value::String(self.text(text)))
    }

    /// A text with its placeholders replaced; those without a value stay as they are.
    pub fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, after) = rest.split_at(start);
            out.push_str(before);
            let Some(end) = after.find('}') else {
                rest = after;
                break;
            };
            match self.named(&after[2..end]) {
                Some(Value::String(value)) => out.push_str(&value),
                Some(value) => out.push_str(&value.to_string()),
                None => out.push_str(&after[..=end]),
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        out
    }

    fn named(&self, name: &str) -> Option<Value> {
        if let Some(back) = name.strip_prefix("now-").and_then(|n| n.strip_suffix('s')) {
            let back: f64 = back.parse().ok()?;
            return Some(clock::ticks(clock::after(self.now, -back)).into());
        }
        self.get(name).cloned()
    }
}
