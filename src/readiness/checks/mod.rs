//! The check functions, by what they are about. Each says what it saw in one sentence; sentences of
//! failures and doubts hold no running numbers, because consents and attestations are tied to them.
//!
//! A check draws a conclusion only when no further fact could turn it round: what is known of more
//! makes `unknown` into something, and never one verdict into its contrary.

pub mod after;
pub mod azure;
pub mod elig;
pub mod elsewhere;
pub mod failback;
pub mod forward;
pub mod group;
pub mod hyper_v;
pub mod identity;
pub mod infra;
pub mod modernised;
pub mod offered;
pub mod order;
pub mod recorded;
pub mod server;
pub mod settings;
pub mod target;
