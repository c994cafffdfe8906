//! Which columns there are and how wide: the plain ones first, then what room is left goes to those
//! that need it, then to columns that are nice to have.

use crate::ui::listing::{Order, Widths};
use crate::ui::view::NARROW;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Provider,
    Place,
    State,
    Rpo,
    Next,
    Health,
    AzureName,
    Address,
    Group,
    Policy,
    Vault,
}

impl Column {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Name => "MACHINE",
            Self::Provider => "PROVIDER",
            Self::Place => "WHERE",
            // Two columns in: the state's glyph stands before the words.
            Self::State => "  STATE",
            Self::Rpo => "RPO",
            Self::Next => "NEXT",
            Self::Health => "HEALTH",
            Self::AzureName => "AZURE VM",
            Self::Address => "ADDRESS",
            Self::Group => "GROUP",
            Self::Policy => "POLICY",
            Self::Vault => "VAULT",
        }
    }

    pub(super) fn order(self) -> Option<Order> {
        Some(match self {
            Self::Name => Order::Name,
            Self::Provider => Order::Provider,
            Self::Place => Order::Place,
            Self::State => Order::State,
            Self::Rpo => Order::Rpo,
            Self::Next => Order::Next,
            Self::Health => Order::Health,
            _ => return None,
        })
    }
}

/// A column with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub column: Column,
    pub x: u16,
    pub width: u16,
}

/// Before the first column: the cursor's glyph, the mark, how a run fares, and a blank, so that no
/// glyph reads as part of a name.
const LEAD: u16 = 4;

pub(super) fn columns(widths: &Widths, width: u16) -> Vec<Placed> {
    if width < NARROW {
        return narrow(widths, width);
    }
    let want = |columns: usize, least: u16, most: u16| (columns as u16).clamp(least, most);
    let provider = if width < 100 {
        8
    } else {
        want(widths.provider, 8, 10)
    };
    let mut chosen = vec![
        (Column::Name, 12),
        (Column::Provider, provider),
        (Column::Place, 7),
        (Column::State, 16),
        (Column::Rpo, 5),
        (Column::Next, 9),
        (Column::Health, 6),
    ];
    if width < 76 {
        chosen.retain(|(column, _)| *column != Column::Provider);
    }
    if width < 66 {
        chosen.retain(|(column, _)| *column != Column::Rpo);
    }
    let used = |chosen: &[(Column, u16)]| {
        LEAD + chosen.iter().map(|(_, width)| width + 1).sum::<u16>() - 1
    };
    let mut spare = width.saturating_sub(used(&chosen));
    for (column, wish) in [
        (Column::Name, want(widths.name, 12, 16).min(width / 6)),
        (Column::State, want(widths.state + 2, 16, 22)),
        (Column::Next, want(widths.next, 9, 11)),
        (Column::Name, want(widths.name, 12, 16)),
        (Column::State, want(widths.state + 2, 16, 26)),
        (Column::Name, want(widths.name, 12, 34)),
        (Column::Next, want(widths.next, 9, 22)),
        (Column::Health, 10),
    ] {
        if let Some((_, now)) = chosen.iter_mut().find(|(of, _)| *of == column) {
            let more = wish.saturating_sub(*now).min(spare);
            *now += more;
            spare -= more;
        }
    }
    for (column, wish) in [
        (Column::AzureName, widths.azure_name),
        (Column::Address, widths.address),
        (Column::Group, widths.group),
        (Column::Policy, widths.policy),
        (Column::Vault, widths.vault),
    ] {
        let wish = want(wish, column.title().len() as u16, 30);
        if spare > wish + 1 {
            chosen.push((column, wish));
            spare -= wish + 1;
        }
    }
    placed(&chosen)
}

fn narrow(widths: &Widths, width: u16) -> Vec<Placed> {
    let health = 6;
    let room = width.saturating_sub(LEAD + health + 2);
    let name = (widths.name as u16).clamp(8, room / 2);
    placed(&[
        (Column::Name, name),
        (Column::State, room - name),
        (Column::Health, health),
    ])
}

fn placed(chosen: &[(Column, u16)]) -> Vec<Placed> {
    let mut x = LEAD;
    let place = |&(column, width): &(Column, u16)| {
        let placed = Placed { column, x, width };
        x += width + 1;
        placed
    };
    chosen.iter().map(place).collect()
}
