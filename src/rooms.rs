//! The arrows of the house: which room may use which. Read from the `crate::` paths in `src/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("readiness", &["domain"]),
    ("report", &["domain", "readiness"]),
    ("store", &["domain"]),
    ("azure", &["domain"]),
    ("agent", &["domain"]),
    ("site", &["domain", "readiness", "store", "azure", "agent"]),
    ("wizard", &["domain", "readiness"]),
    ("runner", &["domain", "readiness", "store", "site", "azure"]),
    // Nothing at all: a misread field must not hide by being written and read by the same type.
    ("simulator", &[]),
    // Of the runner only what previews, launches and tells.
    (
        "ui",
        &["domain", "readiness", "wizard", "store", "site", "runner"],
    ),
    (
        "cli",
        &[
            "domain",
            "readiness",
            "wizard",
            "store",
            "azure",
            "agent",
            "site",
            "runner",
            "report",
            "simulator",
            "ui",
        ],
    ),
];

/// What the screens may take from the runner.
const UI_FROM_RUNNER: &[&str] = &[
    "preview",
    "Previewed",
    "Deed",
    "launch",
    "Errand",
    "Standing",
    "Task",
    "resume",
    "outlives",
    "Outlives",
    "NotLaunched",
    "request",
    "NotAsked",
];

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            all.push(path);
        }
    }
}

/// Every `crate::x::y` of a file as `x::y`, braces at the first level resolved.
fn paths(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, _) in source.match_indices("crate::") {
        let rest = &source[start + "crate::".len()..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .unwrap_or(rest.len());
        let head = &rest[..end];
        if head.ends_with("::") && rest[end..].starts_with('{') {
            let inner = rest[end + 1..].split('}').next().unwrap_or_default();
            found.extend(
                inner
                    .split(',')
                    .map(|part| format!("{head}{}", part.trim())),
            );
        } else {
            found.insert(head.to_owned());
        }
    }
    found
}

fn room_of(path: &Path, source: &Path) -> String {
    let inside = path.strip_prefix(source).unwrap();
    inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned()
}

#[test]
fn every_arrow_points_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&source, &mut all);
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for file in &all {
        let room = room_of(file, &source);
        if ["lib.rs", "main.rs", "rooms.rs"].contains(&room.as_str()) {
            continue;
        }
        let (_, may) = ROOMS
            .iter()
            .find(|(name, _)| *name == room)
            .unwrap_or_else(|| panic!("{room} is a room without a line in the table"));
        for path in paths(&fs::read_to_string(file).unwrap()) {
            let target = path.split("::").next().unwrap_or_default();
            if target == room {
                continue;
            }
            arrows += 1;
            if !may.contains(&target) {
                wrong.push(format!("{}: {path}", file.display()));
            }
            let taken = path.split("::").nth(1).unwrap_or_default();
            if room == "ui" && target == "runner" && !UI_FROM_RUNNER.contains(&taken) {
                wrong.push(format!("{}: {path}", file.display()));
            }
        }
    }
    assert!(
        arrows > 50,
        "only {arrows} arrows were found: does this test still read the source?"
    );
    assert!(
        wrong.is_empty(),
        "arrows that do not point down:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_path_is_read_in_every_form() {
    let found =
        paths("use crate::site::{Estate, Part};\nuse crate::domain::ArmId; crate::store::x()");
    let wanted = ["domain::ArmId", "site::Estate", "site::Part", "store::x"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), wanted);
}
