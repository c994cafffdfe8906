//! What is kept on disk: site profiles. Private, written whole or not at all, without secrets.

mod folders;
mod profile;
mod secret;
mod sites;

pub use folders::{Folders, make_folder, write_private};
pub use profile::{Credential, Profile, Proxy, SecretSource, is_site_name};
pub use sites::{Sites, Trouble};
