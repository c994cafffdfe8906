//! What the service writes, read tolerantly, and the door where it becomes the domain's.

mod choice;
mod device;
mod error;
mod fabric;
mod item;
mod job;
mod leaf;
mod list;
mod others;
mod particulars;
mod protectable;

pub use choice::{
    Accounts, ComputeSize, ContainerMapping, Kept, ServicesProvider, SiteAccount, Storage,
    VirtualNetwork,
};
pub use error::ServiceError;
pub use fabric::Fabric;
pub use item::Item;
pub use job::Job;
pub use leaf::{Many, Part, Word};
pub use list::{List, TOO_MANY};
pub use others::{Operation, RecoveryPoint, Resource, TokenAnswer, VCenter, VaultHealth};
pub use particulars::{ItemParticulars, WireRegistrar};
pub use protectable::{Policy, Protectable};
