//! What only the deep read tells: disks, adapters, recovery points.

use ratatui::text::{Line, Span};

use crate::domain::machine::{Detail, Disk};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::size::span;
use crate::domain::text::column;
use crate::domain::{Bytes, Class, Machine, Place, Text};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::view::detail::facts::mates;

fn size(bytes: Option<Bytes>) -> String {
    bytes.map_or("?".into(), |bytes| bytes.to_string())
}

pub(super) fn disks(detail: &Detail, doc: &mut Document<'_>) {
    let wide = doc.width() >= 60;
    let name = doc
        .width()
        .saturating_sub(if wide { 64 } else { 22 })
        .clamp(8, 32);
    let cut = doc.look().glyphs.cut;
    let mut head = format!(
        "{}  {}  {}",
        column(&format!("DISKS {}", detail.disks.len()), name, cut),
        "     SIZE",
        "  PENDING",
    );
    if wide {
        head.push_str("  SYNCHRONISED");
    }
    doc.section(&head);
    let text = doc.look().theme.text;
    if detail.disks.is_empty() {
        doc.words(0, "Azure names none", text);
    }
    for disk in &detail.disks {
        if doc.is_plain() {
            doc.words(0, &sentence(disk), text);
            continue;
        }
        let mut spans = vec![
            Span::styled(column(disk.name.as_str(), name, cut), text),
            Span::styled(format!("  {:>9}", size(disk.capacity)), text),
            Span::styled(format!("  {:>9}", size(disk.pending)), text),
        ];
        if wide {
            spans.extend(progress(disk, name, doc));
        }
        doc.line(Line::from(spans));
    }
}

/// A disk as one line of words.
fn sentence(disk: &Disk) -> String {
    let percent = disk
        .sync_percent
        .map(|percent| format!(", {percent} % synchronised"));
    let stage = if disk.stage.is_empty() {
        String::new()
    } else {
        format!(", {}", disk.stage)
    };
    format!(
        "{}: size {}, pending {}{}{stage}",
        disk.name,
        size(disk.capacity),
        size(disk.pending),
        percent.unwrap_or_default()
    )
}

/// The bar while a disk is being synchronised, and the stage in Azure's word.
fn progress(disk: &Disk, name: usize, doc: &Document<'_>) -> Vec<Span<'static>> {
    let look = doc.look();
    let room = doc.width().saturating_sub(name + 44).min(40);
    let stage = crate::domain::text::fit(disk.stage.as_str(), room, look.glyphs.cut);
    match disk.sync_percent {
        Some(percent) => {
            let percent = percent.min(100);
            let style = if percent == 100 {
                look.theme.good
            } else {
                look.theme.busy
            };
            vec![
                Span::styled(format!("  {}", look.glyphs.bar(percent, 12)), style),
                Span::styled(format!(" {percent:>3} % {stage}"), look.theme.text),
            ]
        }
        None => vec![Span::styled(format!("  {stage}"), look.theme.text)],
    }
}

pub(super) fn adapters(detail: &Detail, doc: &mut Document<'_>) {
    doc.section(&format!("ADAPTERS {}", detail.adapters.len()));
    let style = doc.look().theme.text;
    if detail.adapters.is_empty() {
        doc.words(0, "Azure names none", style);
    }
    for adapter in &detail.adapters {
        let or = |text: &Text, otherwise: &str| {
            if text.is_empty() {
                otherwise.to_owned()
            } else {
                text.to_string()
            }
        };
        let words = format!(
            "{}  on {}  {}  {}",
            or(&adapter.id, "adapter"),
            or(&adapter.network, "network not told"),
            or(&adapter.address, "no address told"),
            adapter.kind
        );
        doc.words(0, words.trim_end(), style);
    }
}

/// Most recovery points that a page lists.
const MOST_POINTS: usize = 30;

pub(super) fn points(model: &Model, machine: &Machine, detail: &Detail, doc: &mut Document<'_>) {
    doc.section(&format!("RECOVERY POINTS {}", detail.points.len()));
    if let Some(failure) = &detail.points_failure {
        doc.failure(0, failure);
        return;
    }
    let style = doc.look().theme.text;
    if detail.points.is_empty() {
        doc.words(0, none(machine), style);
    } else {
        spread(model, machine, detail, doc);
    }
    for point in detail.points.iter().take(MOST_POINTS) {
        let words = point_words(model, point);
        doc.words(0, &words, style);
    }
    if detail.points.len() > MOST_POINTS {
        doc.words(
            0,
            &format!("... and {} older", detail.points.len() - MOST_POINTS),
            style,
        );
    }
}

/// Why there are none: not always something is wrong.
fn none(machine: &Machine) -> &'static str {
    match (&machine.class, &machine.place) {
        (Class::ModernisedHome, _) => {
            "none listed: a modernised fail back makes its own when it runs [004]"
        }
        (Class::HyperV, Place::Azure) => {
            "none listed: a Hyper-V fail back needs none, nothing is lost on the way [003]"
        }
        _ => "none listed",
    }
}

const OWN: &str = "Each machine of the group goes to a point of its own: a point common to all exists only \
     through a recovery plan's own failover in Azure. [001]";

/// How far apart the newest points are; of a group, what that means.
fn spread(model: &Model, machine: &Machine, detail: &Detail, doc: &mut Document<'_>) {
    let newest = |wanted: &dyn Fn(&RecoveryPoint) -> bool| {
        let told = detail.points.iter().filter(|p| wanted(p));
        told.filter_map(|point| point.time).max()
    };
    let any = newest(&|_| true);
    let quiet = newest(&|point| point.consistency == Consistency::Application);
    if let (Some(any), Some(quiet)) = (any, quiet)
        && any > quiet
    {
        let behind = span(clock::between(quiet, any));
        let words = format!(
            "The newest app-consistent point lies {behind} before the newest: that much is lost \
             with it. [001]"
        );
        doc.words(0, &words, doc.look().theme.text);
    }
    if mates(model, machine) > 0 {
        let common = detail.points.iter().filter(|point| point.multi_vm).count();
        let words = match common {
            0 => "None of them is common to the replication group.".to_owned(),
            some => format!("{some} of them are common to the replication group."),
        };
        doc.words(0, &words, doc.look().theme.text);
        doc.toned(0, Tone::Amber, OWN);
    }
}

/// Age is counted against the service's own time of the reading, not against the local clock.
fn point_words(model: &Model, point: &RecoveryPoint) -> String {
    let kind = match &point.consistency {
        Consistency::Crash => "crash-consistent",
        Consistency::Application => "app-consistent",
        Consistency::Other(word) => word.as_str(),
    };
    let multi = if point.multi_vm {
        ", of the whole group"
    } else {
        ""
    };
    let when = crate::ui::view::picking::age(model, point.time);
    format!("{kind:<16}  {when}{multi}")
}
