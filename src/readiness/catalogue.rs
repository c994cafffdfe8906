//! The table of rules. Adding a check is adding a row and a pure function.

use super::ask::{Machine, Server, Verdict, Whole};
use super::checks::{azure, elig, failback, group, infra, target};
use crate::domain::plan::Intent;

/// How bad it is when a check fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The plan is not started; nobody can consent.
    Blocker,
    /// The plan is started when a person consents.
    Warning,
    /// Shown, never in the way.
    Information,
}

/// One rule.
#[derive(Debug)]
pub struct Row {
    /// As in `requirements.tsv`; never changed, statements are tied to it.
    pub id: &'static str,
    pub title: &'static str,
    pub severity: Severity,
    /// The source documents 000 to 004, or a reference page.
    pub sources: &'static [&'static str],
    /// What to do when it fails.
    pub what_to_do: &'static str,
    /// The generations it is for.
    pub on: On,
    /// The kinds of plan it is for.
    pub when: When,
    pub check: Check,
}

/// The generations that a rule is for; process servers and master targets are classic alone
/// (STALE-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Classic,
    /// Classic and modernised.
    Vmware,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Protect,
    FailBack,
    Both,
}

impl When {
    #[must_use]
    pub fn fits(self, intent: &Intent) -> bool {
        match self {
            Self::Both => true,
            Self::Protect => matches!(intent, Intent::Protect(_)),
            Self::FailBack => matches!(intent, Intent::FailBack(_)),
        }
    }
}

/// What is asked, and of whom.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    Machine(fn(&Machine<'_>) -> Verdict),
    Server(fn(&Server<'_>) -> Verdict),
    Plan(fn(&Whole<'_>) -> Verdict),
}

/// Every row, in the order of evaluation that rules-with-judgement.md proposes.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
}

macro_rules! table {
    ($($id:literal $severity:ident $on:ident $when:ident $sources:tt $kind:ident($check:path)
        $title:literal => $todo:literal;)*) => {
        &[$(Row {
            id: $id,
            title: $title,
            severity: Severity::$severity,
            sources: &$sources,
            what_to_do: $todo,
            on: On::$on,
            when: When::$when,
            check: Check::$kind($check),
        }),*]
    };
}

const ROWS: &[Row] = table! {
    "ELIG-01" Blocker All Both ["000"] Machine(elig::runs_in_azure)
        "The machine was failed over and runs in Azure"
        => "Fail the machine over to Azure first, or take it out of the plan.";
    "ELIG-02" Blocker All Both ["002"] Machine(elig::came_from_the_ground)
        "The machine was protected on-premises before it was in Azure"
        => "A VM made in Azure has no way back; take it out of the plan.";
    "ELIG-03" Blocker All Both ["001", "002"] Machine(elig::not_migrated)
        "Complete migration was not run"
        => "After Complete migration there is no way back; take it out of the plan.";
    "ELIG-04" Blocker All Both ["001", "002"] Machine(elig::not_moved)
        "The Azure VM was not moved to another resource group"
        => "Move the Azure VM back to where Site Recovery put it.";
    "ELIG-05" Blocker All Both ["001", "002"] Machine(elig::not_deleted)
        "The Azure VM was not deleted"
        => "A deleted Azure VM cannot come home; restore it from a backup instead.";
    "ELIG-06" Blocker All Both ["002"] Machine(elig::still_protected)
        "The machine is still protected"
        => "Once replication is disabled there is no way back; take it out of the plan.";
    "ELIG-08" Blocker Vmware Protect ["000", "001"] Machine(elig::physical_elsewhere)
        "A physical server comes home as a VMware VM"
        => "Choose the alternate location for this machine.";
    "ELIG-09" Blocker Vmware Both ["001", "002"] Machine(elig::not_2008_r2_physical)
        "It is no physical Windows Server 2008 R2 SP1"
        => "Such a machine cannot be failed back; take it out of the plan.";
    "ELIG-13" Blocker All Both ["004"] Machine(elig::known_generation)
        "The generation of Site Recovery is known and the one planned for"
        => "Make the plan anew for the generation that protects the machine now.";

    "INF-02" Blocker Classic Both ["002"] Machine(infra::configuration_server)
        "The configuration server is connected"
        => "Start the configuration server and wait until the vault shows it connected.";
    "INF-03" Blocker Classic Both ["001", "002"] Machine(infra::registered)
        "The configuration server knows the machine"
        => "Start the mobility service in the Azure VM, so that it registers.";
    "INF-08" Blocker Classic Protect ["002", "STALE-1"] Machine(infra::alternate_vcenter)
        "An alternate vCenter and its master target are discovered"
        => "Add the vCenter to the configuration server and refresh it.";
    "INF-09" Blocker Classic Both ["001"] Machine(infra::vcenter_connected)
        "The vCenter is connected"
        => "Correct the vCenter's address or account on the configuration server.";
    "INF-13" Blocker Classic Protect ["001"] Machine(infra::master_target_discovered)
        "A master target and its hosts are discovered"
        => "Install a master target, register it, and refresh the configuration server.";
    "INF-14" Blocker Classic Protect ["001"] Machine(infra::lone_host_discovered)
        "Without a vCenter: the master target's ESXi host is discovered"
        => "Add the ESXi host to the configuration server and wait for its discovery.";

    "PS-01" Blocker Classic Both ["000", "001", "002"] Machine(infra::process_server)
        "A process server is there to carry the data"
        => "Install a process server that the Azure VMs reach, best in Azure.";
    "PS-02" Blocker Classic Protect ["000"] Machine(infra::process_server_at_home)
        "The chosen process server belongs to the machine's configuration server"
        => "Choose a process server that the list of this configuration server shows.";
    "PS-13" Blocker Classic Both ["002", "asr-rest.md 13"] Machine(infra::process_server_alive)
        "The process server sends heartbeats"
        => "Start the process server and its services.";

    "MT-01" Blocker Classic Protect ["000", "001", "002"] Machine(target::same_os)
        "The master target runs the machine's kind of system"
        => "Choose a Windows master target for Windows, a Linux one for Linux.";
    "MT-11" Blocker Classic Protect ["002"] Server(target::disk_slots)
        "The master target holds at most 60 disks, over the whole plan"
        => "Spread the machines over more master targets, or plan fewer at a time.";
    "MT-16" Blocker Classic Protect ["002"] Machine(target::sees_a_datastore)
        "The master target's host has a VMFS datastore"
        => "Give the master target's host a VMFS datastore and refresh.";
    "MT-18" Blocker Classic Protect ["000"] Machine(target::registered)
        "The master target is registered with the configuration server"
        => "Register the master target, or choose one that is listed.";

    "RET-06" Blocker Classic Protect ["002"] Machine(target::retention_has_room)
        "The retention drive has a capacity"
        => "Format the drive, bring it online, and refresh.";
    "RET-08" Blocker Classic Protect ["002"] Machine(target::retention_drive)
        "The master target has a drive for retention"
        => "Add a new, separate drive to the master target.";
    "RET-09" Information Classic Protect ["002"] Machine(target::retention_list)
        "Azure's list of retention drives is not empty"
        => "The list stays empty until the master target has a valid retention drive.";
    "RET-10" Information Classic Protect ["002"] Machine(target::retention_appeared)
        "The chosen retention drive has appeared"
        => "A new drive takes up to 15 minutes to appear; wait, then refresh.";

    "DS-08" Blocker Classic Protect ["002", "STALE-2"] Machine(target::datastore_kind)
        "The datastore is VMFS or vSAN"
        => "Choose a VMFS or vSAN datastore; NFS is not supported.";
    "DS-11" Blocker Classic Protect ["000"] Machine(target::datastore_room)
        "The datastore is visible and has room for the whole plan"
        => "Free space, or spread the machines over more datastores.";

    "DUP-01" Information Classic Both ["000", "asr-rest.md 13"] Machine(infra::two_registrations)
        "The machine is registered at most twice"
        => "Over Azure the service finds the right one; stale ones can be removed on the \
            configuration server.";

    "AZVM-01" Blocker All Both ["002", "004"] Machine(azure::powered_on)
        "The Azure VM is powered on and responds"
        => "Start the Azure VM and see that it has booted.";
    "AZVM-02" Blocker Classic Protect ["002"] Machine(azure::agent_registered)
        "The agent has reported since the Azure VM booted"
        => "Wait until 15 minutes after boot; then look at the mobility service.";
    "AZVM-08" Blocker Vmware Protect ["000"] Machine(azure::failed_over)
        "Azure shows the machine as failed over and offers Protect"
        => "Wait for what is running, or fail the machine over first.";

    "GRP-01" Blocker Vmware Both ["002"] Machine(group::one_os)
        "All machines of the replication group run one kind of system"
        => "A mixed group cannot be brought home; see Microsoft's support.";
    "GRP-02" Blocker Classic Protect ["002"] Machine(group::one_master_target)
        "All machines of the replication group go to one master target"
        => "Choose the same master target for the whole group.";
    "GRP-03" Blocker Vmware Both ["002"] Machine(group::whole)
        "The whole replication group is in the plan"
        => "Add the missing machines of the group.";
    "GRP-04" Blocker Vmware Protect ["002"] Plan(group::values_for_all)
        "Every machine of the plan has all its values"
        => "Open the plan and choose what is missing.";
    "GRP-05" Blocker Classic FailBack ["001"] Plan(failback::all_have_points)
        "Every machine of the plan has a recovery point"
        => "Wait until each machine has one.";

    "RP-01" Blocker Classic FailBack ["001"] Machine(failback::has_the_point)
        "The machine has the recovery point that was chosen"
        => "Wait for the first recovery point, or choose another.";
    "FB-01" Blocker Vmware FailBack ["001"] Machine(failback::reprotected)
        "Protect is complete"
        => "Wait until the machine shows as replicating home.";
    "FB-02" Blocker Vmware FailBack ["000", "asr-rest.md 13"] Machine(failback::in_sync)
        "Replication is healthy, synchronised and within its threshold"
        => "Look at the machine's problems; wait until it has caught up.";
    "FB-05" Blocker All FailBack ["001"] Machine(failback::from_azure)
        "The direction is from Azure, and Azure offers Fail back"
        => "Wait for what is running; look at what Azure allows next.";
};
