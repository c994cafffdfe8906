//! Every case of every row, and that no row is without.

use std::collections::BTreeSet;

use super::cases::{self, Case, Spoil};
use crate::readiness::catalogue;
use crate::readiness::{Outcome, Severity};

/// These rows look at the plan and at nothing else: there is nothing that could be unknown.
pub const BY_THE_PLAN_ALONE: &[&str] = &[
    "NAT-01", "NAT-02", "DS-12", "POL-04", "POL-05", "POL-07", "POL-09", "POL-10", "POL-11",
    "GRP-04", "FWD-07", "HV-24", "ORD-02",
];

/// Nothing that is read decides these against a machine: a person does.
const NEVER_RED: &[&str] = &["ELIG-12", "HV-23"];

fn look(case: &Case, (name, spoil): &Spoil) -> (String, Outcome) {
    let mut scene = (case.base)();
    spoil(&mut scene);
    (format!("{}: {name}", case.check), scene.outcome(case.check))
}

#[test]
fn every_row_is_green_where_all_is_well_or_everyday() {
    for case in cases::all() {
        let green = |o| matches!(o, Outcome::Passed | Outcome::NotApplicable);
        let base = (case.base)().outcome(case.check);
        assert!(green(base), "{}: {base:?}", case.check);
        for spoil in case.green {
            let (name, outcome) = look(case, spoil);
            assert!(green(outcome), "{name}: {outcome:?}");
        }
    }
}

#[test]
fn every_row_is_red_where_its_rule_is_broken() {
    for case in cases::all() {
        for spoil in case.red {
            let (name, outcome) = look(case, spoil);
            assert_eq!(outcome, Outcome::Failed, "{name}");
        }
    }
}

#[test]
fn every_row_is_unknown_where_it_cannot_be_decided() {
    for case in cases::all() {
        for spoil in case.unknown {
            let (name, outcome) = look(case, spoil);
            assert_eq!(outcome, Outcome::Unknown, "{name}");
        }
    }
}

#[test]
fn no_row_is_without_a_red_a_green_and_an_unknown_case() {
    let of = |id: &str| cases::all().filter(|c| c.check == id).collect::<Vec<_>>();
    for row in catalogue::rows() {
        let own = of(row.id);
        assert!(!own.is_empty(), "{} has no case", row.id);
        let red = own.iter().any(|c| !c.red.is_empty());
        let never = NEVER_RED.contains(&row.id);
        assert!(red != never, "{}: red {red}", row.id);
        let unknown = own.iter().any(|c| !c.unknown.is_empty());
        let alone = BY_THE_PLAN_ALONE.contains(&row.id);
        assert!(unknown != alone, "{}: unknown {unknown}", row.id);
    }
    let rows: BTreeSet<_> = catalogue::rows().map(|row| row.id).collect();
    for case in cases::all() {
        assert!(rows.contains(case.check), "{} is no row", case.check);
    }
}

#[test]
fn what_stops_a_plan_is_what_its_severity_says() {
    for case in cases::all() {
        for spoil in case.red {
            let mut scene = (case.base)();
            (spoil.1)(&mut scene);
            let found = scene.judge();
            let finding = found.of(case.check).next().unwrap();
            let stops = finding.row.severity != Severity::Information;
            assert_eq!(finding.blocks(), stops, "{}: {}", case.check, spoil.0);
            assert!(!(stops && found.ready()), "{}: {}", case.check, spoil.0);
        }
    }
}
