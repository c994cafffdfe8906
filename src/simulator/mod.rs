//! The built-in site: a server that speaks Azure Resource Manager as a vault with Site Recovery does.
//!
//! It is the other side of every test and the site behind `failback demo`. It shares no type with the rest of the
//! crate, so that a misread field cannot hide by being written and read by the same type: its bodies are made from
//! templates trimmed from recorded traffic (`assets/templates/`), its machines are described in
//! `assets/estates/`. A machine's state is a pure function of the estate, the records of what was done to it, and a
//! clock that can be turned and sped up.
//!
//! # Estate files
//!
//! [`Estate::File`] reads JSON of the form of `assets/estates/contoso.json`:
//!
//! - `subscription`, `tenant`, `resource_group`, `vault`, `location`, `storage_accounts`, `networks`: names; made up
//!   when absent.
//! - `policies`: `name`, `kind` (`InMageAzureV2`, `InMage`, `InMageRcm`, `InMageRcmFailback`,
//!   `HyperVReplicaAzure`), `threshold_minutes`, `history_minutes`, `app_consistent_minutes`, `multi_vm`, `encryption`.
//! - `fabrics`: `kind` (`vmware`, `appliance`, `hyperv`, `vmm`), `name`, `id`, `address`, `version`, `run_as`, `hosts`,
//!   `silent` (hosts, or the fabric itself, that are not connected), `cloud` and `encryption` of a VMM server,
//!   `mappings` (`policy`, `back`, `name`), `problems`, and the servers `process_servers`, `master_targets`,
//!   `appliances`, `vcenters`, each with `name`, `id`, `address`, `os`, `heartbeat_minutes`, `machines`, `disks`,
//!   `total_gb`, `free_gb`, `problems`, `datastores` (a name, or `name`, `uuid`, `capacity_gb`, `free_gb`, `type`),
//!   `retention` (`volume`, `capacity_gb`, `free_gb`).
//! - `machines`: `name` (any text; `name_bytes` makes it that long), `fabric`, `stage` (a key of the table in
//!   `stage.rs`, or `unprotected`), `os` (`Windows`, `Linux`), `os_name`, `ip`, `azure_ip`, `disks` (GB, the first
//!   with the operating system), `group`, `item`, `vm_id`, `replica_id`, `agent_id`, `agent_version`, `agent`
//!   (`none`), `azure_name`, `azure_size`, `policy`, `problems`, `heartbeat_minutes`, `rpo_seconds`, `progress`,
//!   `resync`, `pending_mb`, `writes_mb_per_minute`, `drscout` (what a script reads of drscout.conf), `guest` (the lines that one
//!   prints which looks into the guest), `script` (`{prints, complains, seconds}`:
//!   what becomes of any script), `power`, `datastore`, `process_server`, `master_target`, `managed_disks`,
//!   `app_points`, `days_in_azure`, `host`, `site_vm` (`deleted`), `fails` (rules of jobs that fail, such as `reProtect once 95226`: `faults.rs`).
//! - `jobs` of the past: `machine`, `scenario` (a key of `scenarios.json`), `hours_ago`, `error`, `hold`,
//!   `required`, `name`.
//! - `plans`: `name`, `fabric`, `groups` (lists of machines' names).
//!
//! A problem is a key of `assets/templates/health.json`, or an object with the fields of one of its rows.
//!
//! # Control
//!
//! Under `/_simulator/`, without a token: GET `info`, GET `requests?since=N`, POST `faults` `{"rule": ".."}`
//! (the form is told in `faults.rs`), DELETE `faults`, POST `clock` `{"advance_seconds": N}`, POST `guest`
//! `{"machine": NAME, "writes_mb_per_minute": X}` (0: it is quiesced), POST `guest/NAME/quiesce` (the same without a
//! body, as a hook would say it: `curl -X POST http://127.0.0.1:8480/_simulator/guest/web-01/quiesce`), GET
//! `guest/NAME` (what it wrote, what arrived, what is on its way, what was lost; the same on the site, whether the
//! machine runs there and whether its disks are whole: `guest/`), POST `shutdown`.
//!
//! # What follows from what
//!
//! What can be done is a table (`assets/templates/scenarios.json`): verb, provider's input, from which stage to which,
//! and task by task what it does to the machine. Beside the rules (`faults.rs`), some things go wrong by themselves
//! (`fate.rs`): a machine whose Azure VM does not run cannot be protected to the site (78093), nor planned home; a
//! Hyper-V failback needs a host that is connected, a machine there or leave to make one, and no managed disks.
//! What has not arrived when the VM is switched off is lost by a failover; an agent falls silent with its VM and is heard
//! again minutes after its start. A planned failover that fails once it has begun is cancelled by the service itself;
//! when that fails, too, only a person's Cancel failover is left. A cancelled failover takes with it what was written on
//! the site; a Hyper-V synchronisation that was broken off leaves disks there that are not consistent; a failover to
//! Azure that was broken off leaves a machine that replicates no more. The commit of a machine that came home deletes
//! its Azure VM, but not a modernised one's. A failed job can be restarted: what its first attempt did stays done.
//!
//! Beside the vault there are what its requests name: storage accounts, virtual networks, an appliance's accounts
//! (`azure.rs`), and the VMs of Compute, those of test failovers among them.
//!
//! # Quirks
//!
//! What is inferred about the service and not recorded can be switched with [`Options::quirks`]; [`Quirk`] tells them.

mod actions;
mod arm;
mod asked;
mod azure;
mod binding;
mod call;
mod clock;
mod compute;
mod control;
mod deeds;
mod estate;
mod fabrics;
mod failure;
mod fate;
mod faults;
mod fold;
mod generate;
mod guest;
mod health;
mod inputs;
mod inside;
mod items;
mod jobs;
mod kind;
mod lists;
mod machine;
mod operation;
mod options;
mod pages;
mod pairing;
mod power;
mod protectable;
mod quirks;
mod recording;
mod records;
mod replay;
mod replication;
mod resources;
mod respond;
mod scenario;
mod server;
mod site;
mod stage;
mod start;
mod template;
mod timeline;
mod tls;
mod token;
mod verbs;
mod view;
mod warm;
mod whereabouts;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use faults::{Fault, NotAFault};
pub use options::{Announce, AnnouncedVault, CertificateKind, Error, Estate, ExampleItem, Options};
pub use quirks::{NotAQuirk, Quirk};
pub use start::{Running, start};
