//! The catalogue, row by row, and what holds of all of it.

mod cases;
mod monotone;
pub mod scene;
mod statements;
mod table;

use super::*;
use scene::Scene;

#[test]
fn a_sound_machine_is_ready_for_every_kind_of_plan_but_a_commit_which_wants_eyes() {
    for scene in [Scene::protect(), Scene::fail_back(), Scene::to_azure()] {
        let found = scene.judge();
        let bad: Vec<_> = found.0.iter().filter(|f| f.blocks()).collect();
        assert!(bad.is_empty(), "{bad:#?}");
        assert!(found.ready());
    }
    let found = Scene::commit().judge();
    let waiting: Vec<_> = found.0.iter().filter(|f| f.blocks()).collect();
    let [only] = waiting.as_slice() else {
        panic!("{waiting:#?}");
    };
    assert_eq!((only.row.id, only.outcome), ("COM-03", Outcome::Unknown));
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
fn every_row_says_where_it_comes_from_and_what_to_do() {
    for row in catalogue::rows() {
        assert!(!row.sources.is_empty(), "{}", row.id);
        assert!(row.what_to_do.ends_with('.'), "{}", row.id);
        assert!(!row.title.ends_with('.'), "{}", row.id);
    }
}
