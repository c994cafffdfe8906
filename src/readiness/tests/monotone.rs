//! Knowing less never turns anything green: a verdict without some facts is the verdict with them,
//! or unknown.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::cases;
use super::scene::Scene;
use crate::readiness::facts::Source;
use crate::readiness::{Findings, Outcome};

/// Every scene of the table, sound and spoilt.
fn scenes() -> &'static [(String, Scene)] {
    static ALL: OnceLock<Vec<(String, Scene)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for case in cases::all() {
            all.push((case.check.to_owned(), (case.base)()));
            for (name, spoil) in case.green.iter().chain(case.red).chain(case.unknown) {
                let mut scene = (case.base)();
                spoil(&mut scene);
                all.push((format!("{}: {name}", case.check), scene));
            }
        }
        all
    })
}

fn without(scene: &Scene, sources: &[Source]) -> Findings {
    let mut less = scene.clone();
    for source in sources {
        less.facts = less.facts.without(*source);
    }
    less.judge()
}

/// What would be wrong about knowing less.
fn wrong(all: &Findings, less: &Findings) -> Option<String> {
    if less.ready() && !all.ready() {
        return Some("it became ready".into());
    }
    let mut pairs = all.0.iter().zip(&less.0);
    let turned = pairs.find(|(a, b)| b.outcome != a.outcome && b.outcome != Outcome::Unknown);
    turned.map(|(a, b)| format!("{}: {:?} became {:?}", a.row.id, a.outcome, b.outcome))
}

#[test]
fn forgetting_one_source_or_two_turns_nothing_green() {
    for (name, scene) in scenes() {
        let all = scene.judge();
        for (at, one) in Source::ALL.into_iter().enumerate() {
            for two in Source::ALL.into_iter().skip(at) {
                let less = without(scene, &[one, two]);
                assert_eq!(less.0.len(), all.0.len(), "the same is asked");
                if let Some(wrong) = wrong(&all, &less) {
                    panic!("{name}, without {one:?} and {two:?}: {wrong}");
                }
            }
        }
    }
}

#[test]
fn every_source_is_needed_for_something() {
    for source in Source::ALL {
        let needed = scenes().iter().any(|(_, scene)| {
            let unknown = |found: &Findings| found.count(Outcome::Unknown);
            unknown(&without(scene, &[source])) > unknown(&scene.judge())
        });
        assert!(needed, "{source:?} is read for nothing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Of any two states of knowledge, one within the other, the smaller never says other than the
    /// larger or that it does not know.
    #[test]
    fn less_of_what_is_known_is_never_more_than_it(
        at in any::<prop::sample::Index>(),
        few in prop::sample::subsequence(Source::ALL.to_vec(), 0..=11),
        more in prop::sample::subsequence(Source::ALL.to_vec(), 0..=11),
    ) {
        let (name, scene) = at.get(scenes());
        let larger = without(scene, &few);
        let both: Vec<Source> = few.iter().chain(&more).copied().collect();
        let smaller = without(scene, &both);
        let wrong = wrong(&larger, &smaller);
        prop_assert!(wrong.is_none(), "{name}, {few:?} then {more:?}: {wrong:?}");
    }

    /// Single facts, too: forgotten machine by machine, in any mixture.
    #[test]
    fn a_single_fact_less_turns_nothing_green(
        at in any::<prop::sample::Index>(),
        gone in prop::collection::vec(any::<bool>(), 13),
    ) {
        let (name, scene) = at.get(scenes());
        let mut less = scene.clone();
        let first = less.facts.machines.values_mut().next().unwrap();
        let mut gone = gone.into_iter();
        let mut forgets = || gone.next().unwrap_or(false);
        macro_rules! forget {
            ($($fact:expr),*) => {
                $(if forgets() { $fact = crate::readiness::Fact::unknown("it was not read"); })*
            };
        }
        forget!(first.item, first.deep, first.points, first.registrations, first.identity, first.azure_vm);
        forget!(less.facts.items, less.facts.fabrics, less.facts.vcenters, less.facts.policies, less.facts.registrars, less.facts.jobs, less.facts.programs);
        let wrong = wrong(&scene.judge(), &less.judge());
        prop_assert!(wrong.is_none(), "{name}: {wrong:?}");
    }
}
