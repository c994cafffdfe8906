use jiff::{SignedDuration, Timestamp};

use super::super::drain::{Look, look};
use super::*;
use crate::domain::Bytes;
use crate::domain::Detail;
use crate::domain::machine::{Disk, Waiting};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};

/// The quiesce is at minute 0; it is looked at minute 10.
fn minute(minute: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
    begin + SignedDuration::from_mins(minute)
}

fn disk(waiting: [Option<u64>; 3]) -> Disk {
    let [source, process_server, target] = waiting.map(|n| n.map(Bytes));
    Disk {
        name: "Disk0".into(),
        waiting: Waiting {
            source,
            process_server,
            target,
        },
        ..Disk::default()
    }
}

/// A machine of which nothing is on its way, its copy of minute 8.
fn drained() -> (Machine, Detail) {
    let machine = Machine {
        rpo_seconds: Some(60),
        ..ready()
    };
    let detail = Detail {
        disks: vec![disk([Some(0); 3]), disk([Some(0); 3])],
        rpo_calculated: Some(minute(9)),
        ..Detail::default()
    };
    (machine, detail)
}

fn judged(change: impl FnOnce(&mut Machine, &mut Detail)) -> Look {
    let (mut machine, mut detail) = drained();
    change(&mut machine, &mut detail);
    look(&machine, &detail, minute(0), minute(10))
}

fn point(time: Option<Timestamp>) -> RecoveryPoint {
    RecoveryPoint {
        id: None,
        name: "p".into(),
        time,
        consistency: Consistency::Crash,
        multi_vm: false,
    }
}

#[test]
fn drained_is_nothing_waiting_anywhere_and_a_copy_later_than_the_quiesce() {
    let look = judged(|_, _| {});
    assert_eq!(look.against, [], "{look:?}");
    assert_eq!(look.arrived, Some(minute(8)));
    // A recovery point tells it as well as the RPO does.
    let look = judged(|machine, detail| {
        machine.rpo_seconds = None;
        detail.points = vec![point(None), point(Some(minute(7))), point(Some(minute(2)))];
    });
    assert_eq!((look.against.len(), look.arrived), (0, Some(minute(7))));
}

#[test]
fn whatever_waits_or_is_not_told_or_is_not_new_enough_speaks_against_it() {
    type Case = (&'static str, fn(&mut Machine, &mut Detail));
    let cases: [Case; 15] = [
        ("wait in Azure", |_, d| {
            d.disks[0] = disk([Some(1), Some(0), Some(0)]);
        }),
        ("at the process server", |_, d| {
            d.disks[1] = disk([Some(0), Some(1), Some(0)]);
        }),
        ("at the target", |_, d| {
            d.disks[1] = disk([Some(0), Some(0), Some(1)]);
        }),
        ("is not told", |_, d| {
            d.disks[0] = disk([None, Some(0), Some(0)]);
        }),
        ("is not told", |_, d| {
            d.disks[0] = disk([Some(0), None, Some(0)]);
        }),
        ("is not told", |_, d| {
            d.disks[0] = disk([Some(0), Some(0), None]);
        }),
        ("tells of no disk", |_, d| d.disks.clear()),
        ("synchronised again", |_, d| d.disks[0].resync = true),
        ("does not replicate home", |m, _| {
            m.stage = Stage::InitialSync;
        }),
        ("does not replicate home", |m, _| {
            m.place = Place::OnPremises;
        }),
        ("does not replicate home", |m, _| {
            m.class = Class::ClassicToAzure;
        }),
        ("is not told", |m, _| m.rpo_seconds = None),
        ("is not told", |_, d| d.rpo_calculated = None),
        // Computed before the quiesce, or of a moment before it.
        ("before the quiesce", |m, _| m.rpo_seconds = Some(9 * 60)),
        // A time in the future is not believed.
        ("is not told", |_, d| {
            d.rpo_calculated = Some(minute(11));
            d.points = vec![point(Some(minute(300)))];
        }),
    ];
    for (told, change) in cases {
        let look = judged(change);
        let against = look
            .against
            .iter()
            .any(|words| words.as_str().contains(told));
        assert!(against, "{told}: {look:?}");
    }
}
