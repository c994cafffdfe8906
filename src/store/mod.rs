//! What is kept on disk: site profiles, plans, drafts, runs, what machines were, and what their agents
//! said. Private, written whole or not at all, without secrets.

mod access;
pub mod drafts;
mod folders;
mod guests;
mod kept;
mod kept_trouble;
mod machine_file;
pub mod plans;
mod profile;
mod readings;
mod remembered;
pub mod runs;
mod secret;
mod sites;
pub mod watch;

pub use drafts::{DraftListing, Drafts};
pub use folders::{Folders, make_folder, write_out, write_private};
pub use guests::Guests;
pub use kept_trouble::KeptTrouble;
pub use plans::{PlanTrouble, Plans};
pub use profile::{Credential, Profile, Proxy, SecretSource, is_site_name};
pub use readings::{AllReadings, KeptReadings};
pub use remembered::Remembered;
pub use runs::{Journal, RunFolder, RunLock, RunTrouble, Runs};
pub use sites::{Sites, Trouble};
