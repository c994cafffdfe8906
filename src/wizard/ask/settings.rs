//! Settings that Azure's interface has no field for: they are kept in the plan, and each row of the
//! field table says what would carry them out. The temporary disk alone is seen to by the run itself.

use super::Asked;
use crate::domain::offers::Offered;
use crate::domain::plan::Replication;
use crate::domain::{Answer, Text};
use crate::wizard::form::Form;
use crate::wizard::question::{Candidate, Kind};

const MOST_MEMORY_MIB: u64 = 24 << 20;
const MOST_CPUS: u64 = 768;

pub const LEAVE: &str = "leave";
pub const OFFLINE: &str = "offline";

pub const DAYS: &str = "days";
pub const HOURS: &str = "hours";

fn number(least: u64, most: u64) -> Kind {
    Kind::Number {
        least,
        most,
        empty: false,
    }
}

fn maybe_number(least: u64, most: u64) -> Asked {
    Asked::new(Kind::Number {
        least,
        most,
        empty: true,
    })
}

pub(super) fn retention_size() -> Asked {
    maybe_number(1, 1 << 30)
}

pub(super) fn retention_value() -> Asked {
    let usual = Replication::default().retention_value;
    Asked::new(number(1, 365)).default(Answer::Number(usual.into()))
}

pub(super) fn retention_unit() -> Asked {
    let candidate = |word: &str| Candidate {
        value: word.into(),
        label: word.into(),
        ..Candidate::default()
    };
    let all = [DAYS, HOURS].map(candidate).to_vec();
    Asked::new(Kind::Choice(all)).default(Text::from(DAYS))
}

pub(super) fn consistency_interval() -> Asked {
    let usual = Replication::default().consistency_interval;
    Asked::new(number(1, 24)).default(Answer::Number(usual.into()))
}

/// Nothing is run in a machine that nobody wanted it in.
pub(super) fn offline_temporary() -> Asked {
    let all = vec![
        Candidate::plain(LEAVE, "leave it", "nothing is run in the machine"),
        Candidate::plain(
            OFFLINE,
            "take it offline first",
            "by a script in the machine",
        ),
    ];
    Asked::new(Kind::Choice(all)).default(Text::from(LEAVE))
}

pub(super) fn cpus() -> Asked {
    maybe_number(1, MOST_CPUS)
}

pub(super) fn memory() -> Asked {
    maybe_number(4, MOST_MEMORY_MIB)
}

pub(super) fn inventory() -> Asked {
    Asked::new(Kind::Line(Form::Inventory))
}

pub(super) fn nat() -> Asked {
    Asked::new(Kind::Line(Form::Host))
}

/// `None` for an adapter that the machine does not have.
pub(super) fn network(machine: &Offered, adapter: &Text) -> Option<Asked> {
    let now = adapter_now(machine, adapter)?;
    Some(Asked::new(Kind::Line(Form::Inventory)).note(now))
}

pub(super) fn address(machine: &Offered, adapter: &Text) -> Option<Asked> {
    adapter_now(machine, adapter)?;
    Some(Asked::new(Kind::Line(Form::Address)))
}

/// The adapter and how it is in Azure.
fn adapter_now(machine: &Offered, adapter: &Text) -> Option<Text> {
    let known = machine
        .detail()?
        .adapters
        .iter()
        .find(|a| a.id == *adapter)?;
    let place = [&known.id, &known.network, &known.address];
    let said: Vec<&str> = place
        .iter()
        .map(|t| t.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    Some(said.join(", ").into())
}
