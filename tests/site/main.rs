//! The suite that speaks to a site: over http and https, direct and through a proxy, and from recordings.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot arrange its state fails"
)]

#[path = "../support/recordings.rs"]
mod recordings;

mod fail_back;
mod gather;
mod hostile;
#[path = "../support/lab.rs"]
mod lab;
mod proxy;
mod replay;
mod rogue;
