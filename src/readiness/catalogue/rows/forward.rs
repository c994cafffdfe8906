//! The way to Azure.

use super::super::{Check, On, Row, Severity, When};
use crate::readiness::checks::forward;

pub const ROWS: &[Row] = table! {
    "FWD-01" Warning All FAIL_OVER ["004"] Machine(forward::drill_was_run)
        "A test failover has succeeded before"
        => "Run a test failover first, or consent.";
    "FWD-02" Blocker All OVER ["004"] Machine(forward::fits_azure)
        "The machine complies with what Azure requires"
        => "Correct what Azure objects to, or what the plan sets.";
    "FWD-07" Warning All FAIL_OVER ["004"] Plan(forward::shut_down_first)
        "The machines at home are shut down first"
        => "Let the plan shut them down; or see to it yourself that they are off, and consent.";
    "FWD-10" Information All OVER ["004"] Machine(forward::can_be_reached)
        "The machine can be reached in Azure"
        => "Allow Remote Desktop or SSH in the machine before, and in Azure's network afterwards.";
    "RP-10" Blocker All POINT ["004", "REST"] Machine(forward::has_the_point)
        "The machine has the recovery point that was chosen"
        => "Wait for such a recovery point, or choose another.";
};
