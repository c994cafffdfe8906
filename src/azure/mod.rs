//! Azure Resource Manager, as far as bringing machines home needs it.
//!
//! One sending place ([`Arm`]) through which every request goes: signed in, bounded, retried only
//! where that is harmless, recorded on demand. On top of it the calls of Site Recovery and Compute,
//! whose wire types become domain types at the door.

mod answer;
mod call;
mod choice;
mod compute;
mod connection;
mod endpoint;
mod error;
mod explain;
mod inside;
mod judging;
mod operation;
mod pages;
mod readings;
mod record;
mod retry;
mod run_command;
mod send;
mod site_recovery;
mod temporary_disk;
mod token;
mod transport;
mod vault;
mod wire;

pub use answer::Answer;
pub use call::call_for;
pub use connection::{Connection, Proxying};
pub use endpoint::{Endpoint, NotAnEndpoint};
pub use error::{Error, Kind, Sent};
pub use explain::clock_remark;
pub use judging::WholeVm;
pub use operation::{Accepted, OperationStatus, Status, Watch};
pub use pages::Coverage;
pub use readings::InstanceView;
pub use record::Recorder;
pub use retry::Pace;
pub use run_command::{NotRun, Printed, Shell, script_call};
pub use send::Arm;
pub use site_recovery::machines_on;
pub use temporary_disk::{TemporaryDisk, taken_disk};
pub use token::{SecretReader, SignIn};
pub use vault::Vault;
