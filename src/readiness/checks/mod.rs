//! The check functions, by what they are about. Each says what it saw in one sentence; sentences of
//! failures and doubts hold no running numbers, because consents and attestations are tied to them.

pub mod azure;
pub mod elig;
pub mod failback;
pub mod group;
pub mod infra;
pub mod target;
