//! The fields of the wizards, as a table: what each is called, in a file and on a screen, which
//! generations it is asked for, what help says about it, where that comes from, and what would have to
//! carry it out.

use crate::domain::Generation;
use crate::domain::Generation::{Classic, HyperV, Modernised};

/// Everything that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    System,
    Plan,
    Machines,
    Location,
    VCenter,
    ProcessServer,
    MasterTarget,
    Retention,
    Datastore,
    ReprotectAgent,
    AgentDatastore,
    LogStorage,
    Policy,
    Account,
    RetentionSize,
    RetentionValue,
    RetentionUnit,
    ConsistencyInterval,
    OfflineTemporary,
    Network,
    Address,
    Cpus,
    Memory,
    DisplayName,
    NatProcessServer,
    NatMasterTarget,
    Folder,
    Point,
    Quiesce,
    Command,
    CommandLimit,
    DrainLimit,
    StopAzureVmFirst,
    AzureVm,
    DataSync,
    Host,
    CreateVm,
    AzurePoint,
    ShutDown,
    VmName,
    VmSize,
    VmNetwork,
    Subnet,
    VmAddress,
    Wave,
    After,
    Optional,
    Healthy,
    WaitFor,
    CommandBefore,
    CommandAfter,
    AtOnce,
    PlanBefore,
    PlanAfter,
    NeedsPerson,
    WaveBefore,
    WaveAfter,
    CommitWindow,
    Checks,
    Name,
    Start,
}

/// What an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The plan.
    Plan,
    /// Every machine alike, and each may have its own.
    Each,
    /// One machine; there is nothing to be alike.
    Machine,
    /// One adapter of one machine.
    Adapter,
    /// One wave.
    Wave,
}

/// What carries out a setting that Azure's interface has no field for (asr-rest.md 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    ConfigurationServer,
    VCenter,
}

impl Carrier {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ConfigurationServer => "a connection to the configuration server",
            Self::VCenter => "a connection to vCenter",
        }
    }
}

/// One row.
#[derive(Debug)]
pub struct Row {
    pub field: Field,
    /// In drafts and answers files; never changed.
    pub name: &'static str,
    pub scope: Scope,
    /// The generations whose machines need it.
    pub generations: &'static [Generation],
    pub label: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// The source documents 000 to 004, or a reference page.
    pub source: &'static str,
    pub carrier: Option<Carrier>,
}

impl Field {
    /// The field of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let row = ROWS.iter().find(|row| row.name == name);
        row.map(|row| row.field)
    }

    #[must_use]
    pub fn row(self) -> &'static Row {
        // The order of the table is that of the enum; a test says so.
        &ROWS[self as usize]
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }
}

macro_rules! table {
    ($($field:ident $name:literal $scope:ident $generations:ident $label:literal [$source:literal] $($carrier:ident)?
        => $help:literal;)*) => {
        &[$(Row {
            field: Field::$field,
            name: $name,
            scope: Scope::$scope,
            generations: $generations,
            label: $label,
            help: $help,
            source: $source,
            carrier: table!(@carrier $($carrier)?),
        }),*]
    };
    (@carrier) => { None };
    (@carrier $carrier:ident) => { Some(Carrier::$carrier) };
}

const EVERY: &[Generation] = &[Classic, Modernised, HyperV];
const VMWARE: &[Generation] = &[Classic, Modernised];
const CLASSIC: &[Generation] = &[Classic];
const MODERNISED: &[Generation] = &[Modernised];
const HYPERV: &[Generation] = &[HyperV];

pub static ROWS: &[Row] = table! {
    System "system" Plan EVERY "Operating system" ["000"]
        => "A master target takes machines of its own kind of system, so a plan holds one kind.";
    Plan "plan" Plan EVERY "Protection plan" ["000"]
        => "Recover the machines of a plan that protected them, or choose machines yourself.";
    Machines "machines" Plan EVERY "Machines" ["000, 002"]
        => "Machines of one replication group go together. What cannot be chosen says why.";
    Location "location" Each CLASSIC "Location" ["001"]
        => "Original: the VM it came from is still there and takes the changes. Alternate: a new VM \
            is made where the master target is, and all data is sent.";
    VCenter "vcenter" Each CLASSIC "vCenter" ["001, 002"]
        => "The vCenter that gets the new VM; it must be known to the configuration server.";
    ProcessServer "processServer" Each CLASSIC "Process server" ["000"]
        => "Collects the data of the machines and sends it to the master target. Choose one that \
            the Azure VMs reach, best one that runs in Azure.";
    MasterTarget "masterTarget" Each CLASSIC "Master target" ["000, 002"]
        => "Receives the data and writes it to the disks. It runs the same kind of system as the \
            machine; all machines of a replication group need the same one.";
    Retention "retention" Each CLASSIC "Retention drive" ["002"]
        => "The drive of the master target that keeps recovery points: R: on Windows, \
            /mnt/retention on Linux. A new drive takes up to 15 minutes to appear.";
    Datastore "datastore" Each CLASSIC "Datastore" ["002"]
        => "Where new disks are made. Azure wants one even where the old disks are used again; VMFS \
            or vSAN, with room for the whole plan.";
    ReprotectAgent "reprotectAgent" Each MODERNISED "Reprotect agent" ["004"]
        => "The part of the appliance that receives the data and writes it to the disks. One that \
            reaches no datastore cannot be chosen.";
    AgentDatastore "agentDatastore" Each MODERNISED "Agent's datastore" ["REST"]
        => "Where new disks are made, out of the datastores that the reprotect agent reaches. A \
            machine that is still there keeps its own disks.";
    LogStorage "logStorage" Each MODERNISED "Log storage" ["REST"]
        => "The storage account in Azure that holds what is written until the agent has fetched it. \
            The one of the way to Azure is preselected.";
    Policy "policy" Each CLASSIC "Failback policy" ["REST"]
        => "How often points are made and how long they are kept on the way home. The one that goes \
            with the machine's policy to Azure is chosen where that is certain.";
    Account "account" Each CLASSIC "Account" ["REST"]
        => "The account of the configuration server that may install the agent. Usually none is \
            needed: the agent runs already.";
    RetentionSize "retentionSize" Plan CLASSIC "Retention size (MB)" ["000"] ConfigurationServer
        => "How much of the retention drive the plan may fill; empty leaves it to the policy.";
    RetentionValue "retentionValue" Plan CLASSIC "Retention value" ["000"] ConfigurationServer
        => "How many days or hours of recovery points are kept; 1 is recommended.";
    RetentionUnit "retentionUnit" Plan CLASSIC "Days or hours" ["000"] ConfigurationServer
        => "What the retention value counts; days are recommended.";
    ConsistencyInterval "consistencyInterval" Plan CLASSIC "Consistency interval" ["000"] ConfigurationServer
        => "How often a consistent point is made, in hours; 1 is recommended.";
    OfflineTemporary "temporaryDisk" Each CLASSIC "Temporary disk" ["000"]
        => "The disk that Azure lends the VM may be copied home, too, unless a script in the machine takes \
            it out of use first; where something uses the disk, nothing is done and a person is asked.";
    Network "network" Adapter VMWARE "Network" ["000"] VCenter
        => "The network at home to which this adapter is connected; empty leaves it as it was.";
    Address "address" Adapter VMWARE "IP address" ["000"] VCenter
        => "The address of this adapter at home; empty is DHCP.";
    Cpus "cpus" Each VMWARE "CPUs" ["000"] VCenter
        => "How many CPUs the machine gets at home; the size of the Azure VM tells how many it has \
            there. Empty leaves it as it was.";
    Memory "memory" Each VMWARE "Memory (MB)" ["000"] VCenter
        => "How much memory the machine gets at home; empty leaves it as it was.";
    DisplayName "displayName" Machine VMWARE "Display name" ["000"] VCenter
        => "The name in vCenter's inventory; empty is the machine's host name.";
    NatProcessServer "natProcessServer" Plan CLASSIC "NAT: process server" ["000"] ConfigurationServer
        => "The public address of the process server, when machines reach it through NAT; empty \
            where both are in one virtual network.";
    NatMasterTarget "natMasterTarget" Plan CLASSIC "NAT: master target" ["000"] ConfigurationServer
        => "The public address of the master target, when the process server reaches it over the \
            internet; empty over a VPN.";
    Folder "folder" Each CLASSIC "Folder name" ["000"] VCenter
        => "Another folder on the datastore, where the disks of the old VM still lie in the usual \
            one; empty is the usual one.";
    Point "point" Each VMWARE "Recovery point" ["001, 004"]
        => "Classic: latest loses nothing that was drained, older points lose what was written since. \
            Modernised: the point is made when the failback begins, and nothing older can be chosen.";
    Quiesce "quiesce" Each VMWARE "Who quiesces" ["001"]
        => "Before the failback the applications stop writing, while machine and agent keep running: a \
            person says so when asked, or a command of yours does it.";
    Command "command" Each VMWARE "Command" ["001"]
        => "Program and arguments on this machine, separated by blanks; anything but exit code 0 \
            asks a person.";
    CommandLimit "commandLimit" Each VMWARE "Its limit (minutes)" ["001"]
        => "After which the command is given up and a person is asked.";
    DrainLimit "drainLimit" Plan CLASSIC "Drain limit (minutes)" ["001"]
        => "How long to wait until all data has arrived at home. Then a person is asked whether to \
            wait on or to go on with what would be lost.";
    StopAzureVmFirst "stopAzureVmFirst" Plan CLASSIC "Stop the Azure VM first" ["000"]
        => "As vContinuum did, but only ever after the drain: what is not sent when the VM stops is \
            lost. Fail back stops it anyway, after the last changes.";
    AzureVm "azureVm" Machine CLASSIC "Azure VM" ["001, REST"]
        => "The VM that must be off before users are let on at home. A classic machine on its way \
            home no longer tells which it is; without it a person has to see to it.";
    DataSync "dataSync" Each HYPERV "Synchronisation" ["003"]
        => "Before the failover: the VM in Azure runs on while what differs is brought home, then it \
            waits for Complete failover. During it: the VM is off while everything is downloaded.";
    Host "host" Each HYPERV "Hyper-V host" ["003"]
        => "Where it was, or another host. On another the VM is made anew; that host needs the \
            Hyper-V role and a virtual switch named as on the old one.";
    CreateVm "createVm" Each HYPERV "Create the VM if it is missing" ["003"]
        => "Where the VM at home was deleted, or its host is new. Without it such a failback ends \
            with an error.";
    AzurePoint "azurePoint" Each EVERY "Recovery point" ["004"]
        => "Latest loses least and takes longest, latest processed is the fastest. Another point of \
            one machine can be chosen under it; until the commit it can be changed.";
    ShutDown "shutDown" Plan EVERY "Shut down first" ["004"]
        => "Each machine at home is shut down before its failover, so that nothing is lost and never \
            two of it run. Where that fails the failover goes on all the same.";
    VmName "vmName" Machine EVERY "Name in Azure" ["004"]
        => "The name of the VM that the failover makes: 1 to 63 letters, digits and -.";
    VmSize "vmSize" Machine EVERY "Size" ["004"]
        => "The size of the VM; those are offered that fit the machine. Azure charges by it.";
    VmNetwork "vmNetwork" Machine EVERY "Virtual network" ["004"]
        => "The network of the VM. Another network has subnets of its own.";
    Subnet "subnet" Adapter EVERY "Subnet" ["004"]
        => "The subnet of the virtual network to which this adapter is connected.";
    VmAddress "vmAddress" Adapter EVERY "Address in Azure" ["004"]
        => "A free address of the subnet, without the first four and the last one, which Azure keeps. \
            Empty: one that Azure gives.";
    Wave "wave" Machine EVERY "Wave" ["000"]
        => "Waves are cut over one after another; preparation starts for all at once.";
    After "after" Machine EVERY "After" ["orchestrators.md"]
        => "The machines of its wave that must be through before it is cut over, with commas between \
            them. Those of earlier waves are waited for anyhow.";
    Optional "optional" Machine EVERY "Optional" ["orchestrators.md"]
        => "The others go on without a question when it does not come through.";
    Healthy "healthy" Machine VMWARE "Healthy within (min)" ["REST"]
        => "It is cut over only once its replication is healthy; after so many minutes a person is \
            asked. Empty: that is not waited for.";
    WaitFor "waitFor" Machine EVERY "Then wait for" ["REST"]
        => "What must hold after its cut-over before others go on: heartbeat, tcp HOST:PORT, http URL, \
            delay MINUTES, confirm WORDS, with ; between them. After half an hour, or within MINUTES, \
            a person is asked.";
    CommandBefore "commandBefore" Machine EVERY "Command before" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer right before the cut-over. Any \
            end but exit code 0 within ten minutes asks a person; limit=20 well=0,3 else=stop before \
            the program say otherwise, and so does else=go-on.";
    CommandAfter "commandAfter" Machine EVERY "Command after" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer once the machine is ready. Any \
            end but exit code 0 within ten minutes asks a person; limit=20 well=0,3 else=stop before \
            the program say otherwise, and so does else=go-on.";
    AtOnce "atOnce" Plan EVERY "At once" ["orchestrators.md"]
        => "Most machines that are in cut-over at a time. Empty: as many as the waves allow.";
    PlanBefore "planBefore" Plan EVERY "Before the plan" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer before anything begins. Nothing \
            begins unless it ends well, or a person says so. limit=20 well=0,3 else=stop can stand \
            before the program.";
    PlanAfter "planAfter" Plan EVERY "After the plan" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer when all is over. limit=20 \
            well=0,3 else=go-on can stand before the program.";
    NeedsPerson "needsPerson" Plan EVERY "Calls a person" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer when the run waits for a person, \
            and again every quarter of an hour; every=5 before the program is every five minutes. \
            FAILBACK_QUESTION tells what for.";
    WaveBefore "waveBefore" Wave EVERY "Before it" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer before the first machine of \
            the wave is cut over. limit=20 well=0,3 else=stop can stand before the program.";
    WaveAfter "waveAfter" Wave EVERY "After it" ["orchestrators.md"]
        => "A program of yours and its arguments, run on this computer when all machines of the wave \
            are through. limit=20 well=0,3 else=stop can stand before the program.";
    CommitWindow "commitWindow" Plan EVERY "Commit window (min)" ["orchestrators.md"]
        => "How long a machine that came home waits for somebody to look at it and to commit. When \
            it is over the machine is left as it is; nothing is committed or cancelled by time. \
            Empty: the question stays open.";
    Checks "checks" Plan EVERY "To be looked at" ["orchestrators.md"]
        => "What to look at on each machine before its commit, with ; between them, beside what is \
            looked at on every machine of its kind.";
    Name "name" Plan EVERY "Name of the plan" ["000"]
        => "What you call it; 1 to 60 characters. Its file is named after it.";
    Start "start" Plan EVERY "When" ["000"]
        => "Later keeps the plan, to be started from Monitor. Now starts it once it is kept.";
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_has_the_order_of_the_enum_and_no_name_twice() {
        for (at, row) in ROWS.iter().enumerate() {
            assert_eq!(row.field as usize, at, "{}", row.name);
            assert_eq!(Field::named(row.name), Some(row.field));
        }
        assert_eq!(ROWS.len(), Field::Start as usize + 1);
        let names: HashSet<_> = ROWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ROWS.len());
    }

    #[test]
    fn help_is_one_or_two_sentences_and_names_its_source() {
        for row in ROWS {
            let sentences = row.help.matches(". ").count() + 1;
            assert!(row.help.ends_with('.') && sentences <= 3, "{}", row.name);
            assert!(!row.source.is_empty(), "{}", row.name);
        }
    }
}
