//! The catalogue, row by row, and what holds of all of it.

mod cases;
mod monotone;
pub mod scene;
mod statements;
mod table;

use super::*;
use crate::domain::machine::Running;
use crate::domain::{Class, Intent};
use scene::{Scene, told};

#[test]
fn a_sound_machine_of_every_generation_is_ready() {
    for scene in Scene::ready() {
        let found = scene.judge();
        let bad: Vec<_> = found.0.iter().filter(|f| f.blocks()).collect();
        assert!(bad.is_empty(), "{bad:#?}");
        assert!(found.ready());
    }
}

/// What waits for somebody's word where everything is well.
fn held(scene: &Scene) -> Vec<(&'static str, Outcome)> {
    let found = scene.judge();
    let waiting = found.0.iter().filter(|f| f.blocks());
    waiting.map(|f| (f.row.id, f.outcome)).collect()
}

#[test]
fn a_commit_wants_eyes_and_what_is_lost_wants_a_consent() {
    for class in [Class::ClassicHome, Class::ModernisedHome, Class::HyperV] {
        let commit = held(&Scene::commit_of(class));
        assert_eq!(commit, [("COM-03", Outcome::Unknown)]);
    }
    assert_eq!(held(&Scene::cancel()), [("MOD-12", Outcome::Failed)]);
    assert_eq!(held(&Scene::change_point()), [("RP-04", Outcome::Failed)]);
}

#[test]
fn what_no_interface_tells_of_another_host_is_attested_to() {
    let waiting = [("HV-22", Outcome::Unknown), ("HV-23", Outcome::Unknown)];
    assert_eq!(held(&Scene::elsewhere()), waiting);
}

#[test]
fn every_kind_of_plan_asks_whether_azure_offers_it_now() {
    for mut scene in Scene::all() {
        let intent = scene.plan.intent().word();
        scene.item().next.verbs.clear();
        scene.facts.jobs = told(Vec::new(), facts::Source::Jobs);
        let found = scene.judge();
        let stops = found
            .blocked()
            .any(|f| ["FB-05", "COM-01", "RPA-01", "AZVM-08", "HV-17"].contains(&f.row.id));
        assert!(stops, "{intent}");
    }
}

#[test]
fn a_machine_that_is_busy_holds_every_kind_of_plan_back_but_the_one_that_goes_on_with_it() {
    for mut scene in Scene::all() {
        scene.item().running = Some(Running {
            scenario: "PlannedFailover".into(),
            job: None,
            since: None,
        });
        let goes_on = matches!(scene.plan.intent(), Intent::Complete(_));
        let found = scene.judge();
        let busy = found
            .blocked()
            .any(|f| f.words.as_str().contains("at work"));
        assert_eq!(busy, !goes_on, "{}", scene.plan.intent().word());
    }
}

#[test]
fn nothing_known_is_not_ready() {
    for mut scene in Scene::all() {
        scene.facts = Facts::none("nothing was read");
        let found = scene.judge();
        assert!(!found.ready());
        let passed: Vec<_> = found
            .0
            .iter()
            .filter(|f| f.outcome == Outcome::Passed)
            .map(|f| f.row.id)
            .collect();
        for id in passed {
            assert!(table::BY_THE_PLAN_ALONE.contains(&id), "{id}");
        }
    }
}

#[test]
fn the_ids_of_rows_are_each_there_once() {
    let mut ids: Vec<_> = catalogue::rows().map(|row| row.id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn a_remedy_for_what_failed_is_never_given_for_what_is_not_known() {
    let judged = |change: fn(&mut Scene)| {
        let mut scene = Scene::protect();
        change(&mut scene);
        let found = scene.judge();
        let own = found.of("AZVM-01").next().unwrap();
        (own.outcome, own.what_to_do())
    };
    let (outcome, remedy) = judged(|s| s.instance().power = "deallocated".into());
    assert_eq!(outcome, Outcome::Failed);
    assert!(remedy.starts_with("Start the Azure VM"), "{remedy}");
    let (outcome, remedy) = judged(|s| s.instance().responsive = None);
    assert_eq!(outcome, Outcome::Unknown);
    assert!(!remedy.contains("Start the Azure VM"), "{remedy}");
}

#[test]
fn every_row_says_where_it_comes_from_and_what_to_do() {
    for row in catalogue::rows() {
        assert!(!row.sources.is_empty(), "{}", row.id);
        for todo in [row.what_to_do, row.when_unknown] {
            assert!(todo.ends_with('.'), "{}", row.id);
        }
        assert!(!row.title.ends_with('.'), "{}", row.id);
    }
}
