//! A machine that came home, whatever its system: what comes before everything else, and what ends it.

use super::super::ALL;
use super::super::Does::{Look, Repair};
use super::super::Left::Home;
use super::super::Shell::{Posix, PowerShell};
use super::{ANYWHERE, HERE, ON_HOST, Row, azure_vm, commit, nothing};
use crate::domain::Generation::{Classic, HyperV, Modernised};

pub const BEFORE: &[Row] = &[
    Row {
        code: "COM-03",
        title: "The machine at home is up, and its application reachable",
        sources: &["000"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: None,
        elsewhere: false,
        known: commit,
        look: "Log on, look at the system's log, and use the application as its users do. Commit only \
               then: it may delete the Azure VM with its disks.",
        commands: &[],
    },
    Row {
        code: "HV-19",
        title: "The machine at home is up, and its application reachable",
        sources: &["003"],
        left: &[Home],
        generations: &[HyperV],
        family: None,
        elsewhere: false,
        known: commit,
        look: "Log on to the machine on its Hyper-V host and use the application as its users do. \
               Commit only then: it deletes the Azure VM with its disks.",
        commands: &[
            (
                PowerShell,
                ON_HOST,
                Look,
                "Get-VM -Name '{name}' | Format-List Name, State, Status, Uptime, Heartbeat",
            ),
            (
                PowerShell,
                ON_HOST,
                Look,
                "Get-VMNetworkAdapter -VMName '{name}' | Format-Table Name, SwitchName, Status, IPAddresses",
            ),
        ],
    },
    Row {
        code: "FB-08",
        title: "The Azure VM is off",
        sources: &["001"],
        left: &[Home],
        generations: ALL,
        family: None,
        elsewhere: false,
        known: azure_vm,
        look: "See that the Azure VM is deallocated: two machines that do the same work spoil each \
               other's data. After the commit it is gone.",
        commands: &[
            (
                Posix,
                ANYWHERE,
                Look,
                "az vm get-instance-view --ids '{vm}' --query instanceView.statuses[].displayStatus --output tsv",
            ),
            (Posix, ANYWHERE, Repair, "az vm deallocate --ids '{vm}'"),
        ],
    },
    Row {
        code: "HV-23",
        title: "The machine is connected on the other host",
        sources: &["003"],
        left: &[Home],
        generations: &[HyperV],
        family: None,
        elsewhere: true,
        known: nothing,
        look: "See that its adapter is on a virtual switch: on another host that works by itself only \
               with a switch of the same name as on the first.",
        commands: &[
            (
                PowerShell,
                ON_HOST,
                Look,
                "Get-VMSwitch | Format-Table Name, SwitchType",
            ),
            (
                PowerShell,
                ON_HOST,
                Repair,
                "Connect-VMNetworkAdapter -VMName '{name}' -SwitchName 'SWITCH'",
            ),
        ],
    },
];

pub const AFTER: &[Row] = &[
    Row {
        code: "COM-01",
        title: "The failback is committed",
        sources: &["001"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: None,
        elsewhere: false,
        known: commit,
        look: "Commit when the machine at home is verified: only that removes it from Azure.",
        commands: &[(Posix, HERE, Repair, "failback do commit '{name}'")],
    },
    Row {
        code: "HV-20",
        title: "The failback is committed",
        sources: &["003"],
        left: &[Home],
        generations: &[HyperV],
        family: None,
        elsewhere: false,
        known: commit,
        look: "Commit when the machine at home is verified: it deletes the Azure VM with its disks.",
        commands: &[(Posix, HERE, Repair, "failback do commit '{name}'")],
    },
    Row {
        code: "RPA-01",
        title: "The machine is protected to Azure again",
        sources: &["001"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: None,
        elsewhere: false,
        known: commit,
        look: "After the commit nothing protects it: protect it to Azure again.",
        commands: &[(Posix, HERE, Repair, "failback do protect-to-azure '{name}'")],
    },
    Row {
        code: "HV-21",
        title: "The machine is protected to Azure again",
        sources: &["003"],
        left: &[Home],
        generations: &[HyperV],
        family: None,
        elsewhere: false,
        known: commit,
        look: "After the commit nothing protects it: replicate it to Azure again (Reverse Replicate); \
               only what changed since the Azure VM was switched off is sent.",
        commands: &[(Posix, HERE, Repair, "failback do protect-to-azure '{name}'")],
    },
];
