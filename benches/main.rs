//! What things cost, each held to a budget: `cargo bench` measures all of it, `cargo bench -- runs`
//! one.
//!
//! One program for all of them, because each would link the whole crate.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and may fail loudly"
)]

mod built_in;
mod identities;
mod inventory;
mod keys;
mod meter;
mod runs;

/// What is measured, by name.
const ALL: [(&str, fn()); 4] = [
    ("identities", identities::compare),
    ("inventory", inventory::compare),
    ("keys", keys::compare),
    ("runs", runs::compare),
];

fn main() {
    // Cargo says `--bench` to every one.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let (what, more) = (words.next(), words.next());
    match (what.as_deref(), more) {
        (None, _) => ALL.iter().for_each(|(_, compare)| compare()),
        (Some("round"), Some(round)) => match round.split_once(' ') {
            Some((name, wanted)) if name.starts_with("identities-") => {
                identities::round(name, wanted);
            }
            Some((name, wanted)) if name.starts_with("inventory-") => {
                inventory::round(name, wanted);
            }
            Some((name, wanted)) => runs::round(name, wanted),
            None => panic!("{round} is no round"),
        },
        (Some(name), _) => {
            let found = ALL.iter().find(|(known, _)| *known == name);
            let names: Vec<&str> = ALL.iter().map(|(known, _)| *known).collect();
            let (_, compare) = found.unwrap_or_else(|| panic!("{name} is none of {names:?}"));
            compare();
        }
    }
}
