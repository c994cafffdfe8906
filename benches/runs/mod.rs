//! What a run costs beside what it waits for: `cargo bench -- runs`.
//!
//! - [`writing`]: a record, beside one fdatasync of the same disk;
//! - [`carrying`]: 500 machines come home over a site whose jobs end at once: what is left is ours;
//! - [`folding`]: a journal of 100,000 records, read and folded, in memory that does not grow with it;
//! - [`idling`]: 500 machines wait: nothing is used between two looks, and nothing piles up.
//!
//! Whatever looks at memory is measured in a process of its own.

mod carrying;
mod folding;
mod idling;
mod scene;
mod writing;

pub fn compare() {
    let sync = writing::compare();
    carrying::compare(sync);
    folding::compare();
    idling::compare();
}

/// One round, in this process.
pub fn round(name: &str, wanted: &str) {
    let told = match name {
        "runs-carrying" => carrying::round(wanted),
        "runs-folding" => folding::round(wanted),
        "runs-idling" => idling::round(wanted),
        other => panic!("{other} is no round"),
    };
    println!("{told}");
}
