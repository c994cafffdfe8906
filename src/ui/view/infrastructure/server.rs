//! One fabric or one of its servers, everything about it.

use crate::domain::infrastructure::{Component, Fabric, Role};
use crate::domain::size::span;
use crate::domain::{ArmId, Bytes, Health, Problem, Text};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::{self, Tone};
use crate::ui::model::Model;

/// Draws it into `doc`; hands back the title.
pub(in crate::ui::view) fn draw(
    model: &Model,
    fabric: &ArmId,
    component: Option<&Text>,
    doc: &mut Document<'_>,
) -> String {
    let Some(fabric) = model
        .estate
        .fabrics
        .iter()
        .find(|known| known.id == *fabric)
    else {
        doc.toned(0, Tone::Unknown, "This fabric is no longer in the list.");
        return "Infrastructure".into();
    };
    match component {
        None => {
            draw_fabric(model, fabric, doc);
            fabric.name.to_string()
        }
        Some(id) => match fabric.components.iter().find(|known| known.id == *id) {
            Some(component) => {
                draw_component(model, fabric, component, doc);
                component.name.to_string()
            }
            None => {
                doc.toned(0, Tone::Unknown, "This server is no longer in the list.");
                fabric.name.to_string()
            }
        },
    }
}

fn draw_fabric(model: &Model, fabric: &Fabric, doc: &mut Document<'_>) {
    health(&fabric.health, doc);
    doc.fact("Kind", fabric.kind.words());
    doc.fact("Servers", &fabric.components.len().to_string());
    if let Some(newest) = fabric.newest {
        doc.fact("Newest time", &clock::moment(newest, &model.settings.zone));
    }
    doc.fact("Id", Text::from(fabric.id.as_str()).as_str());
    problems(&fabric.problems, doc);
}

fn draw_component(model: &Model, fabric: &Fabric, component: &Component, doc: &mut Document<'_>) {
    health(&component.health, doc);
    doc.fact("Role", component.role.words());
    doc.fact("Of", fabric.name.as_str());
    for (label, text) in [
        ("Address", &component.address),
        ("Version", &component.version),
    ] {
        doc.fact(
            label,
            if text.is_empty() {
                "not told"
            } else {
                text.as_str()
            },
        );
    }
    let beat = component.heartbeat.map(|at| {
        let stamp = clock::moment(at, &model.settings.zone);
        match fabric.newest {
            Some(newest) => format!(
                "{stamp}, {} before the newest time this fabric tells",
                span(clock::between(at, newest))
            ),
            None => stamp,
        }
    });
    doc.fact("Heartbeat", &beat.unwrap_or_else(|| "not told".into()));
    role(&component.role, doc);
    doc.fact("Id", component.id.as_str());
    problems(&component.problems, doc);
}

fn health(health: &Health, doc: &mut Document<'_>) {
    doc.toned(
        0,
        look::health(health),
        &format!("health: {}", health.word()),
    );
}

fn size(bytes: Option<Bytes>) -> String {
    bytes.map_or("unknown".into(), |bytes| bytes.to_string())
}

fn role(role: &Role, doc: &mut Document<'_>) {
    let free = |free, total| format!("{} free of {}", size(free), size(total));
    match role {
        Role::ProcessServer {
            free: left,
            total,
            service,
        } => {
            doc.fact("Space", &free(*left, *total));
            if !service.is_empty() {
                doc.fact("Services", service.as_str());
            }
        }
        Role::MasterTarget {
            os,
            disks,
            retention,
            datastores,
        } => {
            doc.fact(
                "System",
                if os.is_empty() {
                    "not told"
                } else {
                    os.as_str()
                },
            );
            doc.fact(
                "Disks attached",
                &disks.map_or("unknown".into(), |disks| disks.to_string()),
            );
            doc.section(&format!("RETENTION VOLUMES {}", retention.len()));
            for volume in retention {
                doc.fact(volume.name.as_str(), &free(volume.free, volume.capacity));
            }
            doc.section(&format!("DATASTORES {}", datastores.len()));
            for store in datastores {
                let words = format!("{}  {}", free(store.free, store.capacity), store.kind);
                doc.fact(store.name.as_str(), words.trim_end());
            }
            doc.blank();
        }
        Role::ReprotectAgent { datastores } => {
            let names: Vec<&str> = datastores.iter().map(Text::as_str).collect();
            let words = if names.is_empty() {
                "none told".to_owned()
            } else {
                names.join(", ")
            };
            doc.fact("Datastores", &words);
        }
        Role::VCenter { discovery } => {
            doc.fact(
                "Discovery",
                if discovery.is_empty() {
                    "not told"
                } else {
                    discovery.as_str()
                },
            );
        }
        Role::ConfigurationServer | Role::AppliancePart(_) | Role::HyperVHost => {}
    }
}

fn problems(problems: &[Problem], doc: &mut Document<'_>) {
    doc.section(&format!("PROBLEMS {}", problems.len()));
    if problems.is_empty() {
        let style = doc.look().theme.text;
        doc.words(0, "none told", style);
    }
    for problem in problems {
        doc.problem(0, problem);
    }
}
