//! One machine at one moment, as `fold.rs` makes it from the estate's word and from what was done since.

use std::sync::Arc;

use jiff::Timestamp;

use super::asked::{Choice, Point, Target};
use super::guest::Data;
use super::scenario::Scenario;
use super::site::Machine;
use super::stage::Stage;

/// One machine at one moment.
pub(super) struct View {
    pub stage: &'static Stage,
    /// `activeLocation`.
    pub active: &'static str,
    pub running: Option<Arc<Scenario>>,
    pub last_failover: Option<Timestamp>,
    pub last_test: Option<Timestamp>,
    /// `testFailoverState`.
    pub test: TestState,
    pub planned: Option<(Timestamp, &'static str)>,
    /// Its VM in Azure is there.
    pub azure_vm: bool,
    /// What that VM was called when a failover of this session made it, and since when it is there.
    pub azure_name: Option<String>,
    pub made: Option<Timestamp>,
    /// How many of them were made since the site began.
    pub lives: u32,
    /// Empty when there is no VM in Azure.
    pub azure_power: String,
    /// Since when it is so, if that was done while the site ran.
    pub power_since: Option<Timestamp>,
    /// When its agent was last heard, if its power decided that; else it is as the estate says.
    pub heard: Option<Timestamp>,
    /// Since when the Azure VM that should replicate does not run.
    pub off_since: Option<Timestamp>,
    /// Since when the machine on the site runs, if a failover of this session started it.
    pub site_since: Option<Timestamp>,
    /// Its disks on the site are consistent: no synchronisation was begun and not ended \[003\].
    pub site_whole: bool,
    /// The machine on the site that a failback made anew: its id, and its host if it was chosen.
    pub site_made: Option<(String, Option<String>)>,
    /// A failover to Azure was cancelled on its way: nothing replicates any more \[004\].
    pub stranded: bool,
    pub point: Option<Point>,
    /// Until when there are recovery points; none: until now.
    pub points_until: Option<Timestamp>,
    /// How far the synchronisation after a reprotect has come, in percent.
    pub initial: Option<u64>,
    /// Its job has ended and the item does not show it yet: nothing is allowed meanwhile.
    pub settling: bool,
    /// It cannot be found for the moment.
    pub hidden: bool,
    /// How often it was turned round since the site began.
    pub turns: u32,
    pub choice: Choice,
    pub target: Target,
    pub data: Option<Data>,
}

/// Test failovers, as the service says it; `Cleaned` stays for good (recorded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TestState {
    Never,
    Waits,
    Cleaned,
}

impl View {
    /// Whether the disk at that place replicates.
    pub fn replicates(&self, lun: usize) -> bool {
        let chosen = self.choice.disks.as_ref();
        chosen.is_none_or(|places| places.contains(&lun))
    }

    /// Replication goes from Azure to the site, and the item says so. Hyper-V keeps one class for both directions
    /// (asr-rest.md 4).
    pub fn homeward(&self) -> bool {
        self.stage.homeward && !self.stage.hyperv()
    }

    /// Nothing is being done to it that would have to end first.
    pub fn idle(&self) -> bool {
        self.running.is_none() && !self.settling
    }

    /// What its VM in Azure is to be called.
    pub fn target_name<'a>(&'a self, machine: &'a Machine) -> &'a str {
        self.target.name.as_deref().unwrap_or(&machine.azure_name)
    }

    /// What its VM in Azure is called.
    pub fn vm_name<'a>(&'a self, machine: &'a Machine) -> &'a str {
        self.azure_name.as_deref().unwrap_or(&machine.azure_name)
    }
}
