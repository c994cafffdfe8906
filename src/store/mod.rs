//! What is kept on disk: site profiles, plans and runs. Private, written whole or not at all, without secrets.

mod folders;
pub mod plans;
mod profile;
pub mod runs;
mod secret;
mod sites;
pub mod watch;

pub use folders::{Folders, make_folder, write_private};
pub use plans::{PlanTrouble, Plans};
pub use profile::{Credential, Profile, Proxy, SecretSource, is_site_name};
pub use runs::{Journal, RunFolder, RunLock, RunTrouble, Runs, Scribe};
pub use sites::{Sites, Trouble};
