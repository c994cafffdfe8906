//! Afterwards: commit, and protection to Azure again.

use super::super::{Check, On, Row, Severity, When};
use crate::readiness::checks::{after, azure};

pub const ROWS: &[Row] = table! {
    "COM-01" Blocker All COMMIT ["001"] Machine(after::can_be_committed)
        "The failover is complete and waits for its commit"
        => "Wait for what is running; a machine whose state is another is not committed.";
    "COM-03" Blocker All COMMIT ["000"] Machine(after::survivor_is_alive)
        "The machine that stays is up, and its application reachable"
        => "Look at the machine and use its application; then attest to it.";
    "FB-08" Warning All COMMIT ["001"] Machine(azure::off_before_commit)
        "The Azure VM of a machine that came home is off"
        => "See that nobody works in the Azure VM, and stop it; Commit deletes it.";

    "RPA-01" Blocker All TO_AZURE ["001", "REST"] Machine(after::home_and_committed)
        "The machine came home, was committed, and may be protected to Azure"
        => "Verify the machine at home and commit first: Protect to Azure deletes the Azure VM.";
    "RPA-02" Blocker All TO_AZURE ["001"] Plan(after::values_to_azure)
        "Every machine of the plan has all its values"
        => "Open the plan and choose what is missing.";
    "RPA-03" Information Vmware TO_AZURE ["001"] Machine(after::agent_after_return)
        "The agent has reported since the machine came home"
        => "It needs up to 15 minutes after boot; wait, then look at the mobility service.";
};
