//! For every row: what is everyday and stays green, what makes it red, what leaves it unknown.
#![allow(
    clippy::semicolon_if_nothing_returned,
    reason = "a spoil is an expression in a table"
)]

mod azure;
mod forward;
mod ground;
mod hyper_v;
mod modernised;
mod moment;
mod order;
mod target;

use super::scene::Scene;

/// How a scene is changed, and in what words.
pub type Spoil = (&'static str, fn(&mut Scene));

/// One row on one kind of plan.
pub struct Case {
    pub check: &'static str,
    /// Here the check passes, or does not apply.
    pub base: fn() -> Scene,
    /// Everyday, and no reason to stop anybody.
    pub green: &'static [Spoil],
    pub red: &'static [Spoil],
    pub unknown: &'static [Spoil],
}

pub fn all() -> impl Iterator<Item = &'static Case> {
    let home = azure::CASES.iter().chain(ground::CASES);
    let home = home.chain(target::CASES).chain(moment::CASES);
    let others = hyper_v::CASES.iter().chain(modernised::CASES);
    let all = home.chain(others).chain(forward::CASES);
    all.chain(order::CASES)
}
