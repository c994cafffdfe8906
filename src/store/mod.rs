//! What is kept on disk: site profiles. Private, written whole or not at all, without secrets.

mod profile;

pub use profile::{Credential, Profile, Proxy, SecretSource};
