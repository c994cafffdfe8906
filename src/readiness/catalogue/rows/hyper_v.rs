//! Hyper-V's way home.

use super::super::{Check, On, Row, Severity, When};
use crate::readiness::checks::{elsewhere, hyper_v};

pub const ROWS: &[Row] = table! {
    "ELIG-12" Blocker HyperV FAIL_BACK ["003", "STALE-6"] Machine(hyper_v::managed_disks)
        "The machine does not run on managed disks in Azure"
        => "Look up what Microsoft supports today, and attest to it with its date; else bring the \
            machine's data home by other means.";
    "HV-04" Blocker HyperV SITE ["003"] Machine(hyper_v::host_connected)
        "The Hyper-V host or VMM server is connected to Azure"
        => "Start the host and its Site Recovery services; wait until the vault shows it connected.";
    "HV-05" Blocker HyperV FAIL_BACK ["003"] Machine(hyper_v::failover_committed)
        "Its failover to Azure is complete and committed"
        => "Commit the failover to Azure first.";
    "HV-14" Information HyperV FAIL_BACK ["003", "STALE-8"] Machine(hyper_v::right_synchronisation)
        "The way of synchronisation is the one that is recommended"
        => "After a month in Azure, or when the machine at home was deleted, a full download is \
            faster; it means a longer downtime.";
    "HV-15" Blocker HyperV MOVE ["003", "REST"] Machine(hyper_v::no_certificate)
        "No certificate of an encrypted cloud is needed"
        => "Use the Azure portal for this machine: it asks for the certificate, which is a secret \
            that this program does not send.";
    "HV-17" Blocker HyperV COMPLETE ["003", "REST"] Machine(hyper_v::waits_to_be_completed)
        "Its failback has synchronised and waits to be completed"
        => "Wait for the synchronisation to end; never cancel its job. Where no failback runs, fail \
            the machine back.";
    "HV-22" Blocker HyperV FAIL_BACK ["003"] Machine(elsewhere::host_can)
        "The other host is a supported Hyper-V host"
        => "Look at the version of Windows and the Hyper-V role on that host; then attest to it.";
    "HV-23" Blocker HyperV FAIL_BACK ["003"] Machine(elsewhere::same_switch)
        "The other host has a virtual switch of the same name"
        => "Make the switch on that host (New-VMSwitch); then attest to it.";
    "HV-24" Information HyperV FAIL_BACK ["003"] Machine(elsewhere::is_created)
        "The plan says that the machine is created on the other host"
        => "Nothing: on another host it is created in any case.";
    "HV-25" Blocker HyperV FAIL_BACK ["003"] Machine(elsewhere::is_another_host)
        "The chosen host is another Hyper-V host of the vault"
        => "Choose a Hyper-V host of the vault, or none for the host that it came from.";
};
