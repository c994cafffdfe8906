//! A machine that came up in Azure, or that replicates.

use super::super::ALL;
use super::super::Does::{Look, Repair};
use super::super::Family::{Linux, Windows};
use super::super::Left::{Azure, ReplicatingHome, ReplicatingToAzure, TakenBack, Test};
use super::super::Shell::{Posix, PowerShell};
use super::{ANYWHERE, BESIDE, HERE, IN_WINDOWS, Row, address, azure_vm, state};
use crate::domain::Generation::{Classic, Modernised};

pub const ROWS: &[Row] = &[
    Row {
        code: "FWD-10",
        title: "The VM in Azure can be reached",
        sources: &["004"],
        left: &[Azure, Test],
        generations: ALL,
        family: Some(Windows),
        elsewhere: false,
        known: address,
        look: "Remote Desktop has to be allowed in the machine (its firewall, before the failover) \
               and in Azure (network security group; a public address only where there is no VPN).",
        commands: &[
            (
                PowerShell,
                BESIDE,
                Look,
                "Test-NetConnection -ComputerName ADDRESS -Port 3389",
            ),
            (
                Posix,
                ANYWHERE,
                Look,
                "az vm list-ip-addresses --ids '{vm}' --output table",
            ),
            (
                Posix,
                ANYWHERE,
                Repair,
                "az network nsg rule create --resource-group GROUP --nsg-name NSG --name rdp --priority 1000 --access Allow --protocol Tcp --destination-port-ranges 3389 --source-address-prefixes YOUR-NETWORK",
            ),
        ],
    },
    Row {
        code: "FWD-10",
        title: "The VM in Azure can be reached",
        sources: &["004"],
        left: &[Azure, Test],
        generations: ALL,
        family: Some(Linux),
        elsewhere: false,
        known: address,
        look: "The SSH service has to start by itself and be allowed in the machine (its firewall, \
               before the failover) and in Azure (network security group; a public address only where \
               there is no VPN).",
        commands: &[
            (Posix, BESIDE, Look, "nc -vz ADDRESS 22"),
            (
                Posix,
                ANYWHERE,
                Look,
                "az vm list-ip-addresses --ids '{vm}' --output table",
            ),
            (
                Posix,
                ANYWHERE,
                Repair,
                "az network nsg rule create --resource-group GROUP --nsg-name NSG --name ssh --priority 1000 --access Allow --protocol Tcp --destination-port-ranges 22 --source-address-prefixes YOUR-NETWORK",
            ),
        ],
    },
    Row {
        code: "FWD-11",
        title: "The machine in Azure works",
        sources: &["004"],
        left: &[Azure, Test],
        generations: ALL,
        family: Some(Windows),
        elsewhere: false,
        known: azure_vm,
        look: "Connect to it and use its application. Until the commit another recovery point can be \
               taken; afterwards the others are gone.",
        commands: &[(PowerShell, BESIDE, Look, "mstsc /v:ADDRESS")],
    },
    Row {
        code: "FWD-11",
        title: "The machine in Azure works",
        sources: &["004"],
        left: &[Azure, Test],
        generations: ALL,
        family: Some(Linux),
        elsewhere: false,
        known: azure_vm,
        look: "Connect to it and use its application. Until the commit another recovery point can be \
               taken; afterwards the others are gone.",
        commands: &[(Posix, BESIDE, Look, "ssh USER@ADDRESS")],
    },
    Row {
        code: "AZVM-06",
        title: "The temporary disk will not be protected",
        sources: &["000"],
        left: &[Azure, ReplicatingHome],
        generations: &[Classic],
        family: Some(Windows),
        elsewhere: false,
        known: azure_vm,
        look: "The failover adds a temporary disk for the page file. See which disk it is, and take it \
               offline before the machine is protected home, or let the plan do it (Target: \
               Temporary disk); else it may be protected, too.",
        commands: &[
            (
                PowerShell,
                IN_WINDOWS,
                Look,
                "Get-Volume | Where-Object FileSystemLabel -eq 'Temporary Storage' | Get-Partition | Format-Table DiskNumber, DriveLetter, Size",
            ),
            (
                PowerShell,
                IN_WINDOWS,
                Look,
                "Get-CimInstance -ClassName Win32_PageFileUsage | Format-Table Name, AllocatedBaseSize, CurrentUsage",
            ),
        ],
    },
    Row {
        code: "AZVM-07",
        title: "The temporary disk is offline",
        sources: &["000"],
        left: &[Azure, ReplicatingHome],
        generations: &[Classic],
        family: Some(Windows),
        elsewhere: false,
        known: azure_vm,
        look: "In Disk Management choose the temporary disk, then Offline; a page file on it has to be \
               moved before. Never a disk with data.",
        commands: &[(
            PowerShell,
            IN_WINDOWS,
            Repair,
            "Set-Disk -Number DISK-NUMBER -IsOffline $true",
        )],
    },
    Row {
        code: "ONP-03",
        title: "The machine at home stays off",
        sources: &["002"],
        left: &[ReplicatingHome],
        generations: &[Classic, Modernised],
        family: None,
        elsewhere: false,
        known: state,
        look: "Do not power it on while it is being replicated home: its disks are written from Azure.",
        commands: &[],
    },
    Row {
        code: "RPA-04",
        title: "The machine can be failed over again",
        sources: &["001", "004"],
        left: &[ReplicatingToAzure],
        generations: ALL,
        family: None,
        elsewhere: false,
        known: state,
        look: "The first copy takes its time after the job has ended; recovery points come after it. \
               Then try it out with a test failover.",
        commands: &[(Posix, HERE, Look, "failback machines")],
    },
    Row {
        code: "MOD-10",
        title: "The machine in Azure works as before",
        sources: &["004"],
        left: &[TakenBack],
        generations: &[Modernised],
        family: None,
        elsewhere: false,
        known: state,
        look: "It is as it was before the failback began, and replicates home again: see that it runs \
               and that its application is used there. What was written at home is lost.",
        commands: &[(
            Posix,
            ANYWHERE,
            Look,
            "az vm get-instance-view --ids '{vm}' --query instanceView.statuses[].displayStatus --output tsv",
        )],
    },
];
