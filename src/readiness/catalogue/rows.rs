//! The rows.

use super::{Check, On, Row, Severity, When};
use crate::readiness::checks::{
    azure, elig, failback, group, identity, infra, offered, recorded, server, settings, target,
};

/// A row's own words for what is unknown, or those for all. That one may attest is said beside them.
macro_rules! unknown {
    () => {
        "See why it could not be found out, put that right, and check again."
    };
    ($own:literal) => {
        $own
    };
}

macro_rules! table {
    ($($id:literal $severity:ident $on:ident $when:ident $sources:tt $kind:ident($check:path)
        $title:literal => $todo:literal $(unknown $unknown:literal)?;)*) => {
        &[$(Row {
            id: $id,
            title: $title,
            severity: Severity::$severity,
            sources: &$sources,
            what_to_do: $todo,
            when_unknown: unknown!($($unknown)?),
            on: On::$on,
            when: When::$when,
            check: Check::$kind($check),
        }),*]
    };
}

mod after;
mod forward;
mod hyper_v;
mod modernised;
mod order;

pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    let home = ROWS.iter().chain(hyper_v::ROWS).chain(modernised::ROWS);
    let all = home.chain(forward::ROWS).chain(after::ROWS);
    all.chain(order::ROWS)
}

const ROWS: &[Row] = table! {
    "ELIG-01" Blocker All HOME ["000"] Machine(elig::runs_in_azure)
        "The machine was failed over and runs in Azure"
        => "Fail the machine over to Azure first, or take it out of the plan.";
    "ELIG-02" Blocker All HOME ["002"] Machine(elig::came_from_the_ground)
        "The machine was protected on-premises before it was in Azure"
        => "A VM made in Azure has no way back; take it out of the plan.";
    "ELIG-03" Blocker All HOME ["001", "002"] Machine(elig::not_migrated)
        "Complete migration was not run"
        => "After Complete migration there is no way back; take it out of the plan.";
    "ELIG-04" Blocker All HOME ["001", "002"] Machine(elig::not_moved)
        "The Azure VM was not moved to another resource group"
        => "Move the Azure VM back to where Site Recovery put it."
        unknown "Once it is known which Azure VM it is (step Identities) this is checked again.";
    "ELIG-05" Blocker All HOME ["001", "002"] Machine(elig::not_deleted)
        "The Azure VM was not deleted"
        => "A deleted Azure VM cannot come home; restore it from a backup instead."
        unknown "Once it is known which Azure VM it is (step Identities) this is checked again.";
    "ELIG-06" Blocker All ANY ["002"] Machine(elig::still_protected)
        "The machine is still protected"
        => "If it was protected anew a moment ago, check again in a minute. Once replication is \
            disabled there is no way back; take it out of the plan.";
    "ELIG-08" Blocker Vmware PROTECT ["000", "001"] Machine(elig::physical_elsewhere)
        "A physical server comes home as a VMware VM"
        => "Choose the alternate location for this machine.";
    "ELIG-09" Blocker Vmware HOME ["001", "002"] Machine(elig::not_2008_r2_physical)
        "It is no physical Windows Server 2008 R2 SP1"
        => "Such a machine cannot be failed back; take it out of the plan.";
    "ELIG-13" Blocker All ANY ["004"] Machine(elig::known_generation)
        "The generation is known, planned for, and carried out here"
        => "Make the plan anew for the generation that protects the machine now; where this \
            program does not carry it out yet, use the Azure portal.";

    "INF-02" Blocker Classic DATA ["002"] Machine(infra::configuration_server)
        "The configuration server is connected"
        => "Start the configuration server and wait until the vault shows it connected.";
    "INF-03" Blocker Classic HOME ["001", "002"] Machine(infra::registered)
        "The configuration server knows the machine"
        => "Start the mobility service in the Azure VM, so that it registers.";
    "INF-08" Blocker Classic PROTECT ["002", "STALE-1"] Machine(infra::alternate_vcenter)
        "An alternate vCenter and its master target are discovered"
        => "Add the vCenter to the configuration server and refresh it.";
    "INF-09" Blocker Classic HOME ["001"] Machine(infra::vcenter_connected)
        "The vCenter is connected"
        => "Correct the vCenter's address or account on the configuration server.";
    "INF-13" Blocker Classic PROTECT ["001"] Machine(infra::master_target_discovered)
        "A master target and its hosts are discovered"
        => "Install a master target, register it, and refresh the configuration server.";
    "INF-14" Blocker Classic PROTECT ["001"] Machine(infra::lone_host_discovered)
        "Without a vCenter: the master target's ESXi host is discovered"
        => "Add the ESXi host to the configuration server and wait for its discovery.";

    "PS-01" Blocker Classic DATA ["000", "001", "002"] Machine(server::there_is_one)
        "A process server is there to carry the data"
        => "Install a process server that the machines reach; best in Azure on the way home.";
    "PS-02" Blocker Classic TURN ["000"] Machine(server::at_home)
        "The chosen process server belongs to the machine's configuration server"
        => "Choose a process server that the list of this configuration server shows.";
    "PS-13" Blocker Classic DATA ["002", "REST"] Machine(server::alive)
        "The process server sends heartbeats"
        => "Start the process server and its services.";
    "NAT-01" Warning Classic PROTECT ["000"] Plan(settings::nat_to_process_server)
        "No address translation is needed between the machines and the process server"
        => "Let the process server be reached by its own address, or set the translation on the \
            configuration server by hand; then consent.";
    "NAT-02" Warning Classic PROTECT ["000"] Plan(settings::nat_to_master_target)
        "No address translation is needed between the process server and the master target"
        => "Let the master target be reached by its own address, or set the translation on the \
            configuration server by hand; then consent.";

    "MT-01" Blocker Classic PROTECT ["000", "001", "002"] Machine(target::same_os)
        "The master target runs the machine's kind of system"
        => "Choose a Windows master target for Windows, a Linux one for Linux.";
    "MT-11" Blocker Classic PROTECT ["002"] Server(target::disk_slots)
        "The master target holds at most 60 disks, over the whole plan"
        => "Spread the machines over more master targets, or plan fewer at a time.";
    "MT-16" Blocker Classic PROTECT ["002"] Machine(target::sees_a_datastore)
        "The master target's host has a VMFS datastore"
        => "Give the master target's host a VMFS datastore and refresh.";
    "MT-18" Blocker Classic HOME ["000"] Machine(target::registered)
        "The master target is registered with the configuration server"
        => "Start the master target and register it, or choose one that is listed.";

    "RET-06" Blocker Classic PROTECT ["002"] Machine(target::retention_has_room)
        "The retention drive has a capacity"
        => "Format the drive, bring it online, and refresh.";
    "RET-08" Blocker Classic PROTECT ["002"] Machine(target::retention_drive)
        "The master target has a drive for retention"
        => "Add a new, separate drive to the master target.";
    "RET-09" Information Classic PROTECT ["002"] Machine(target::retention_list)
        "Azure's list of retention drives is not empty"
        => "The list stays empty until the master target has a valid retention drive.";
    "RET-10" Information Classic PROTECT ["002"] Machine(target::retention_appeared)
        "The chosen retention drive has appeared"
        => "A new drive takes up to 15 minutes to appear; wait, then refresh.";

    "DS-08" Blocker Classic PROTECT ["002", "STALE-2"] Machine(target::datastore_kind)
        "The datastore is VMFS or vSAN"
        => "Choose a VMFS or vSAN datastore; NFS is not supported.";
    "DS-11" Blocker Classic PROTECT ["000", "001"] Machine(target::datastore_room)
        "The datastore is visible and has room for the whole plan"
        => "Free space, or spread the machines over more datastores.";
    "DS-12" Warning All PROTECT ["000"] Machine(settings::folder)
        "The folder on the datastore stays the usual one"
        => "Move the old disks out of the usual folder by hand; then consent.";
    "POL-01" Blocker Classic TURN ["002", "REST"] Machine(target::right_policy)
        "The chosen policy is one of the plan's direction"
        => "Choose a failback policy on the way home, a forward one to Azure.";
    "POL-04" Warning Classic PROTECT ["000"] Plan(settings::retention_size)
        "The retention size is left to the policy"
        => "Leave it to the policy, or set it on the configuration server by hand; then consent.";
    "POL-05" Warning Classic PROTECT ["000"] Plan(settings::retention_value)
        "The retention is the usual day"
        => "Leave it to the policy, or set it on the configuration server by hand; then consent.";
    "POL-07" Warning Classic PROTECT ["000"] Plan(settings::consistency_interval)
        "A consistent point is made every hour, as usual"
        => "Leave it to the policy, or set it on the configuration server by hand; then consent.";
    "POL-09" Warning All PROTECT ["000"] Machine(settings::network)
        "Network and addresses stay as they are"
        => "Set them in the vCenter by hand when the machine is home; then consent.";
    "POL-10" Warning All PROTECT ["000"] Machine(settings::hardware)
        "Processors and memory stay as they are"
        => "Set them in the vCenter by hand before the machine is used; then consent.";
    "POL-11" Warning All PROTECT ["000"] Machine(settings::display_name)
        "The name in the vCenter stays as it is"
        => "Rename the machine in the vCenter by hand; then consent.";

    "DUP-01" Information Classic HOME ["000", "REST"] Machine(infra::two_registrations)
        "The machine is registered at most twice"
        => "Azure chooses between them by itself and does not say which: the step Identities tells \
            them apart. Before a stale one is removed on the configuration server: never the one \
            whose id stands in drscout.conf.";
    "DUP-02" Blocker Classic PROTECT ["000", "REST"] Machine(identity::agrees)
        "What is known of the machine's registrations agrees"
        => "The step Identities shows what speaks for each registration and reads drscout.conf in \
            the Azure VM; `failback identities` does, too. A contradiction is put right before \
            anything is protected."
        unknown "Read drscout.conf in the Azure VM (step Identities, or `failback identities`).";
    "DUP-03" Information Classic PROTECT ["000"] Machine(identity::confirmed)
        "The agent in the Azure VM itself says which registration is its own"
        => "Read drscout.conf in the Azure VM where you want to be sure: Azure chooses by itself and \
            does not say which."
        unknown "Read drscout.conf in the Azure VM where you want to be sure: Azure chooses by itself \
            and does not say which.";

    "AZVM-01" Blocker Vmware HOME ["002", "004"] Machine(azure::powered_on)
        "The Azure VM is powered on and responds"
        => "Start the Azure VM and see that it has booted."
        unknown "See that it has booted (Azure's boot diagnostics), or install the Azure VM agent.";
    "AZVM-02" Blocker Classic PROTECT ["002"] Machine(azure::agent_registered)
        "The agent has reported since the Azure VM booted"
        => "Wait until 15 minutes after boot; then look at the mobility service.";
    "AZVM-06" Information Classic PROTECT ["000"] Machine(recorded::temporary_disk)
        "The temporary disk that Azure lends does not go home"
        => "Let the plan take it out of use first (Target: Temporary disk), or do it in the machine.";
    "RECORD" Information Vmware PROTECT ["001", "002"] Machine(recorded::kept)
        "What the machine is like inside was recorded"
        => "R in the screens, or `failback guest record MACHINE`, looks into it, so that \
            `failback guest compare MACHINE` can say what it lost once it is home.";
    "AZVM-08" Blocker Vmware PROTECT ["000"] Machine(azure::failed_over)
        "Azure shows the machine as failed over and offers Protect"
        => "Wait for what is running, or fail the machine over first.";
    "FWD-13" Warning Vmware PROTECT ["004", "REST"] Machine(azure::already_committed)
        "The failover to Azure is committed already"
        => "See that the recovery point is the right one: Protect throws the others away. Then \
            commit first, or consent.";

    "GRP-01" Blocker Vmware HOME ["002"] Machine(group::one_os)
        "All machines of the replication group run one kind of system"
        => "A mixed group cannot be brought home; see Microsoft's support.";
    "GRP-02" Blocker Classic PROTECT ["002"] Machine(group::one_master_target)
        "All machines of the replication group go to one master target"
        => "Choose the same master target for the whole group.";
    "GRP-03" Blocker Vmware HOME ["002"] Machine(group::whole)
        "The whole replication group is in the plan"
        => "Add the missing machines of the group.";
    "GRP-04" Blocker Vmware PROTECT ["002"] Plan(group::values_for_all)
        "Every machine of the plan has all its values"
        => "Open the plan and choose what is missing.";
    "GRP-05" Blocker Classic FAIL_BACK ["001"] Plan(failback::all_have_points)
        "Every machine of the plan has a recovery point"
        => "Wait until each machine has one.";

    "RP-01" Blocker Classic FAIL_BACK ["001"] Machine(failback::has_the_point)
        "The machine has the recovery point that was chosen"
        => "Wait for the first recovery point, or choose another.";
    "RP-04" Warning All LOSS ["001", "REST"] Machine(failback::loses_nothing)
        "The chosen recovery point loses nothing"
        => "Choose the latest point, or consent to the loss.";
    "RP-05" Information Vmware TOGETHER ["001", "REST"] Machine(group::one_moment)
        "The machines of a replication group go to one moment"
        => "Where the machines must agree with each other, stop their applications together \
            before; to Azure a recovery plan of the vault goes to a common point.";
    "FB-01" Blocker Vmware FAIL_BACK ["001"] Machine(failback::reprotected)
        "Protect is complete"
        => "Wait until the machine shows as replicating home.";
    "FB-02" Blocker Vmware FAIL_BACK ["000", "REST"] Machine(failback::in_sync)
        "Replication is healthy, synchronised and within its threshold"
        => "Look at the machine's problems; wait until it has caught up.";
    "FB-03" Warning Vmware FAIL_BACK ["000", "001"] Machine(failback::can_be_seen_off)
        "The Azure VM is seen off before users reach the machine at home"
        => "Put the Azure VM's id into the plan; or see to it yourself that it is off, and consent.";
    "FB-05" Blocker All OPERATION ["001", "REST"] Machine(offered::now)
        "The direction is the plan's, and Azure offers what it does"
        => "Wait for what is running; look at what Azure allows next.";
};
