//! A file may be another machine's: what it gives a machine, and what it takes from whom it is named for.

use super::scene::{candidate, expected, is, item, subject, vm};
use super::*;
use crate::domain::Discovery;

/// Beside web-01 there is sql-01, whose registration in Azure nothing ties to it but its name.
fn sql_beside(scene: &mut Scene) {
    scene.subjects.push(subject("sql-01"));
    let mut home = candidate("sql-h", "sql-01", SQL_HOME_ID, Discovery::VCenter);
    home.registration.item = Some(item("sql-01"));
    scene.candidates.push(home);
    scene
        .candidates
        .push(candidate("sql-a", "sql-01", OTHER_ID, Discovery::Physical));
}

const SQL_HOME_ID: &str = "7d1b5c1e-0f0c-4f7c-9d7e-2b1f0a3c4d5e";

fn by_hand() -> [Source; 3] {
    let file = Source::File("d.conf".into());
    [Source::Paste, file, Source::Ssh("web-01".into())]
}

#[test]
fn another_machines_file_handed_over_contradicts_and_takes_nothing_from_that_one() {
    let registered = Scene::normal().with(sql_beside);
    let late = registered.clone().with(|s| drop(s.candidates.remove(1)));
    for source in by_hand() {
        for scene in [&registered, &late] {
            let scene = scene.clone().told(source.clone(), file(OTHER_ID));
            is(&scene, "another machine's name", &Verdict::Contradiction);
            let (_, judged) = scene.judged();
            assert!(judged.why[0].as_str().contains("another machine, sql-01"));
            let sql = scene.groups().remove(1);
            let ids = sql
                .members
                .iter()
                .map(|m| m.candidate.registration.id.as_str());
            assert_eq!(ids.collect::<Vec<_>>(), ["sql-h", "sql-a"]);
            let judged = judge(&sql, &scene.at_home);
            assert_eq!(
                (judged.rule, judged.verdict),
                ("claimed", Verdict::CannotTell)
            );
        }
    }
    let right = registered
        .told(Source::Paste, file(OTHER_ID))
        .told(Source::Paste, file(AZURE_ID));
    is(&right, "as expected", &expected(true));
}

#[test]
fn a_registration_of_another_name_is_not_kept_for_a_file_handed_over() {
    let strange = candidate("strange", "app-07", OTHER_ID, Discovery::Physical);
    let scene = Scene::normal().with(|s| s.candidates.push(strange));
    for source in by_hand() {
        let told = scene.clone().told(source, file(OTHER_ID));
        is(&told, "another machine's name", &Verdict::CannotTell);
    }
    // Azure vouches that it is the machine's.
    is(
        &scene.read(file(OTHER_ID)),
        "the file decides",
        &Verdict::Keep(2),
    );
    // A guest may be called otherwise than its item: its registration at home tells.
    let renamed = Scene::normal().with(|s| {
        s.subjects[0].name = "Web server".into();
        s.subjects[0].azure_vm = None;
    });
    let told = renamed.told(Source::Paste, file(AZURE_ID));
    is(&told, "as expected", &expected(true));
}

#[test]
fn what_azure_vouches_for_decides_and_is_not_silently_taken_from_whom_it_is_named_for() {
    let scene = Scene::normal().with(sql_beside).read(file(OTHER_ID));
    is(&scene, "the file decides", &Verdict::Keep(2));
    let (_, judged) = scene.judged();
    assert_eq!(
        judged.why[1].as_str(),
        "it is registered under the name of sql-01"
    );
    let sql = |scene: &Scene| {
        let judged = judge(&scene.groups()[1], &scene.at_home);
        (judged.rule, judged.verdict)
    };
    assert_eq!(sql(&scene), ("claimed", Verdict::CannotTell));
    // Nor a day later.
    let later = scene
        .clone()
        .with(|s| s.now = "2026-03-04T10:00:00Z".parse().unwrap());
    assert_eq!(sql(&later), ("too old", Verdict::CannotTell));
    // Its own agent says what is true.
    let both = scene.with(|s| {
        let told = reading(Source::RunCommand(vm("sql-01")), 5, file(OTHER_ID));
        s.readings.insert(item("sql-01"), vec![told]);
    });
    assert_eq!(sql(&both), ("clone", Verdict::Clone));
}

#[test]
fn before_an_id_is_changed_the_file_that_was_handed_over_is_looked_at() {
    let copy = candidate("copy", "web-01-copy", AZURE_ID, Discovery::VCenter);
    let scene = Scene::normal().with(|s| s.candidates.push(copy));
    let looked_at = |source: Source| {
        let (_, judged) = scene.clone().told(source, file(AZURE_ID)).judged();
        assert_eq!(judged.verdict, Verdict::Clone);
        let mut why = judged.why.iter();
        why.any(|why| why.as_str().contains("is the right machine's"))
    };
    assert!(by_hand().into_iter().all(looked_at));
    assert!(!looked_at(Source::RunCommand(vm("web-01"))));
}
