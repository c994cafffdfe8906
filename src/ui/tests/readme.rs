//! The README tells every key: its table is this table.

use std::fmt::Write as _;

use crate::ui::action::{Scope, TABLE};

/// The scopes that a person meets first, as the README shows them.
const SHOWN: [Scope; 14] = [
    Scope::Machines,
    Scope::Detail,
    Scope::Menu,
    Scope::Picking,
    Scope::Wizard,
    Scope::Drafts,
    Scope::Monitor,
    Scope::Run,
    Scope::Question,
    Scope::History,
    Scope::Moving,
    Scope::Global,
    Scope::Confirm,
    Scope::Always,
];

fn table() -> String {
    let mut out = String::from("| where | key | what it does |\n|---|---|---|\n");
    for scope in SHOWN {
        for row in TABLE.iter().filter(|row| row.scope == scope) {
            let keys = match row.keys {
                // What has no key is a command.
                [] => format!(":{}", row.name),
                _ => row.key_words().replace('|', "\\|"),
            };
            let _ = writeln!(out, "| {} | `{keys}` | {} |", scope.title(), row.words);
        }
    }
    out
}

#[test]
fn the_readme_tells_every_key() {
    let readme = include_str!("../../../README.md");
    let table = table();
    assert!(
        readme.contains(&table),
        "the README's table of keys should be:\n\n{table}"
    );
}
