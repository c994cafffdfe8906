//! What was read too long ago settles nothing, and what it contradicts stays in doubt.

use jiff::{SignedDuration, Timestamp};

use super::scene::*;
use crate::domain::Discovery;
use crate::domain::identity::*;

/// Three registrations: only a file tells.
fn doubtful() -> Scene {
    Scene::normal().with(|scene| {
        scene
            .candidates
            .push(candidate("second", "web-01", OTHER_ID, Discovery::VCenter));
    })
}

fn later(scene: Scene, hours: i64) -> Scene {
    scene.with(|scene| {
        let now = scene.now.saturating_add(SignedDuration::from_hours(hours));
        scene.now = now.unwrap();
    })
}

#[test]
fn a_file_settles_for_a_day_and_then_wants_to_be_read_again() {
    let scene = doubtful().read(file(AZURE_ID));
    let (_, young) = scene.judged();
    assert_eq!(young.verdict, Verdict::Keep(1));
    let (group, old) = later(scene, 24).judged();
    assert_eq!(old.verdict, Verdict::CannotTell);
    assert!(
        old.why
            .iter()
            .any(|why| why.as_str().contains("read it again")),
        "{:?}",
        old.why
    );
    // It is still there to be shown, and counts for nothing.
    assert_eq!((group.readings.len(), group.stale.len()), (0, 1));
    assert!(group.members.iter().all(|member| member.tie != Tie::Told));
}

#[test]
fn what_was_confirmed_is_unconfirmed_a_day_later_and_stands_in_nobodys_way() {
    let scene = later(Scene::normal().read(file(AZURE_ID)), 24);
    let (_, judged) = scene.judged();
    let Verdict::AsExpected { confirmed, .. } = judged.verdict else {
        panic!("{judged:?}");
    };
    assert!(!confirmed);
    assert!(
        judged
            .why
            .iter()
            .any(|why| why.as_str().contains("read it again"))
    );
}

#[test]
fn a_contradiction_does_not_turn_into_the_normal_picture_by_waiting() {
    let scene = Scene::normal().read(file(OTHER_ID));
    assert_eq!(scene.verdict().1, Verdict::Contradiction);
    let (_, old) = later(scene.clone(), 24).judged();
    assert_eq!((old.verdict, old.rule), (Verdict::CannotTell, "too old"));
    assert!(old.why[0].as_str().contains(OTHER_ID), "{:?}", old.why);
    // Read again, and put right, it is gone.
    let mended = reading(Source::RunCommand(vm("web-01")), 30, file(AZURE_ID));
    let mended = later(scene, 24).with(|scene| {
        let mended = Reading {
            at: scene.now,
            ..mended
        };
        scene
            .readings
            .get_mut(&item("web-01"))
            .unwrap()
            .push(mended);
    });
    assert!(matches!(
        mended.verdict().1,
        Verdict::AsExpected {
            confirmed: true,
            ..
        }
    ));
}

#[test]
fn a_reading_from_a_day_ahead_is_no_younger_than_an_old_one() {
    let scene = Scene::normal().read(file(AZURE_ID));
    let own = scene.readings[&item("web-01")][0].clone();
    let at = |hours: i64| -> Timestamp {
        own.at
            .saturating_add(SignedDuration::from_hours(hours))
            .unwrap()
    };
    assert!(own.settles(at(24)) && own.settles(at(-24)));
    assert!(!own.settles(at(25)) && !own.settles(at(-25)));
}

#[test]
fn what_was_kept_and_is_lost_leaves_the_normal_picture_in_doubt() {
    let mut group = Scene::normal().groups().remove(0);
    group.lost = Some("the file is damaged".into());
    let judged = judge(&group, &Ranges::default());
    assert_eq!((judged.verdict, judged.rule), (Verdict::CannotTell, "lost"));
    assert!(judged.why[0].as_str().contains("the file is damaged"));
}

#[test]
fn an_id_that_was_read_once_is_never_that_of_the_registration_to_be_removed() {
    let scene = later(doubtful().read(file(AZURE_ID)), 48);
    let (group, judged) = scene.judged();
    let removed = may_remove(&group, &judged, 1, Chooser::ConfigurationServer);
    assert_eq!(removed, Err(Stays::InAgentFile));
}

#[test]
fn a_try_that_failed_is_never_said_to_have_been_read() {
    let mut failed = reading(Source::RunCommand(vm("web-01")), 1, file(AZURE_ID));
    failed.file = Err(NotRead::Failed("the VM is off".into()));
    let tried = Scene::normal().with(|s| drop(s.readings.insert(item("web-01"), vec![failed])));
    assert_eq!(tried.judged().0.readings.len(), 1);
    let (group, judged) = later(tried, 25).judged();
    assert!(group.readings.is_empty() && group.stale.is_empty());
    assert_eq!(judged, Scene::normal().judged().1);
}

/// Failed over once more, half an hour after its file was read.
fn moved_again(scene: Scene) -> Scene {
    scene.with(|scene| {
        scene.subjects[0].failed_over = "2026-03-02T09:30:00Z".parse().ok();
    })
}

#[test]
fn what_was_read_before_the_last_failover_settles_nothing_of_the_machine_of_today() {
    for source in [Source::RunCommand(vm("web-01")), Source::Paste] {
        let read = |scene: Scene| scene.told(source.clone(), file(AZURE_ID));
        assert_eq!(read(doubtful()).verdict().1, Verdict::Keep(1));
        let (group, judged) = moved_again(read(doubtful())).judged();
        assert_eq!(judged.verdict, Verdict::CannotTell, "{source:?}");
        assert_eq!((group.readings.len(), group.stale.len()), (0, 1));
        let (_, normal) = moved_again(read(Scene::normal())).judged();
        assert!(
            matches!(
                normal.verdict,
                Verdict::AsExpected {
                    confirmed: false,
                    ..
                }
            ),
            "{normal:?}"
        );
        let why = normal.why.last().unwrap().as_str();
        assert!(
            why.contains("before the machine was last failed over"),
            "{why}"
        );
    }
}

#[test]
fn what_was_read_in_another_vm_settles_nothing_of_the_machine_of_today() {
    let gone = |scene: Scene| scene.told(Source::RunCommand(vm("web-01-old")), file(AZURE_ID));
    let (group, judged) = gone(doubtful()).judged();
    assert_eq!(judged.verdict, Verdict::CannotTell);
    assert_eq!((group.readings.len(), group.stale.len()), (0, 1));
    let why = judged.why.last().unwrap().as_str();
    assert!(why.contains("was read in another VM"), "{why}");
    // Where Azure does not tell which VM it is, there is nothing to compare with.
    let untold = gone(doubtful()).with(|scene| scene.subjects[0].azure_vm = None);
    assert_eq!(untold.verdict().1, Verdict::Keep(1));
}

/// The agents of two machines said the same id.
fn cloned() -> Scene {
    Scene::normal().read(file(AZURE_ID)).with(|scene| {
        scene.subjects.push(subject("sql-01"));
        let told = reading(Source::RunCommand(vm("sql-01")), 5, file(AZURE_ID));
        scene.readings.insert(item("sql-01"), vec![told]);
    })
}

#[test]
fn a_clone_does_not_turn_into_the_normal_picture_by_waiting() {
    assert_eq!(cloned().verdict().1, Verdict::Clone);
    let old = later(cloned(), 24);
    let (_, judged) = old.judged();
    assert_eq!(
        (judged.verdict, judged.rule),
        (Verdict::CannotTell, "too old")
    );
    assert!(judged.why[0].as_str().contains("sql-01 also has the id"));
    let read_again = |scene: Scene, name: &str, id: &str| {
        scene.with(|scene| {
            let again = Reading {
                at: scene.now,
                ..reading(Source::RunCommand(vm(name)), 0, file(id))
            };
            scene.readings.get_mut(&item(name)).unwrap().push(again);
        })
    };
    // Whichever of the two is read again with the same id.
    for name in ["web-01", "sql-01"] {
        let (_, judged) = read_again(old.clone(), name, AZURE_ID).judged();
        assert_eq!(judged.verdict, Verdict::CannotTell, "{name}");
        assert!(told(&judged).contains("clone"), "{judged:?}");
    }
    // The other one has a new id now.
    let mended = read_again(old, "sql-01", OTHER_ID);
    let mended = read_again(mended, "web-01", AZURE_ID);
    assert!(matches!(
        mended.verdict().1,
        Verdict::AsExpected {
            confirmed: true,
            ..
        }
    ));
}

fn told(judged: &Judged) -> String {
    judged.why.iter().map(|why| format!("{why}\n")).collect()
}
