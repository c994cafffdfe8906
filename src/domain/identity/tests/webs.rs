//! One more reading is judged with its neighbours, and comes out as it would with everything.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::scene::*;
use crate::domain::identity::*;
use crate::domain::{ArmId, Discovery};

const IDS: [&str; 3] = [HOME_ID, AZURE_ID, OTHER_ID];
const NAMES: [&str; 5] = ["web", "web.contoso.com", "WEB.example", "sql", "10.0.0.1"];

/// A machine: its name, and its VM's.
fn subjects() -> impl Strategy<Value = Vec<Subject>> {
    let one = (
        0..NAMES.len(),
        0..NAMES.len(),
        proptest::option::of(0..4_usize),
    );
    proptest::collection::vec(one, 1..6).prop_map(|all| {
        let made = all
            .into_iter()
            .enumerate()
            .map(|(at, (name, azure, named))| Subject {
                id: item(&format!("item-{at}")),
                name: NAMES[name].into(),
                azure_vm: Some(vm(NAMES[azure])),
                registrations: named
                    .map(|n| format!("reg-{n}").into())
                    .into_iter()
                    .collect(),
                ..subject("any")
            });
        made.collect()
    })
}

fn candidates() -> impl Strategy<Value = Vec<Arc<Candidate>>> {
    let one = (
        0..NAMES.len(),
        0..IDS.len(),
        any::<bool>(),
        proptest::option::of(0..6_usize),
    );
    proptest::collection::vec(one, 0..8).prop_map(|all| {
        let made = all
            .into_iter()
            .enumerate()
            .map(|(at, (name, id, home, bound))| {
                let kind = if home {
                    Discovery::VCenter
                } else {
                    Discovery::Physical
                };
                let mut own = candidate(&format!("reg-{at}"), NAMES[name], IDS[id], kind);
                own.registration.item = bound.map(|n| item(&format!("item-{n}")));
                Arc::new(own)
            });
        made.collect()
    })
}

proptest! {
    #[test]
    fn judged_with_its_neighbours_a_machine_comes_out_as_with_everything(
        subjects in subjects(),
        candidates in candidates(),
        told in proptest::collection::vec((0..6_usize, 0..IDS.len()), 0..8),
    ) {
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        let mut web = Web::of(&subjects, &candidates);
        let mut readings: HashMap<ArmId, Vec<Reading>> = HashMap::new();
        let whole = |readings: &HashMap<ArmId, Vec<Reading>>| {
            group(subjects.clone(), &candidates, readings.clone(), None, now)
        };
        let mut known = whole(&readings);
        for (minute, (machine, id)) in told.into_iter().enumerate() {
            let machine = item(&format!("item-{machine}"));
            let minute = u8::try_from(minute).unwrap();
            let own = readings.entry(machine.clone()).or_default();
            own.push(reading(Source::Paste, minute, file(IDS[id])));
            web.learn(&machine, own);
            let Around { subjects: some, candidates: theirs } = web.around(&machine);
            let few = some.iter().map(|at| subjects[*at].clone()).collect();
            let theirs: Vec<_> = theirs.iter().map(|at| candidates[*at].clone()).collect();
            let again = group(few, &theirs, readings.clone(), None, now);
            for (at, group) in some.into_iter().zip(again) {
                known[at] = group;
            }
            prop_assert_eq!(&known, &whole(&readings));
        }
    }
}

#[test]
fn a_reading_among_many_concerns_its_own_machine_alone() {
    let name = |at: usize| format!("web-{at:04}");
    let subjects: Vec<Subject> = (0..2000).map(|at| subject(&name(at))).collect();
    let id = |kind: u8, at: usize| format!("{kind:08x}-0000-0000-0000-{at:012x}");
    let two = |at: usize| {
        let (home, azure) = (format!("h{at}"), format!("a{at}"));
        [
            candidate(&home, &name(at), &id(1, at), Discovery::VCenter),
            candidate(&azure, &name(at), &id(2, at), Discovery::Physical),
        ]
    };
    let candidates: Vec<_> = (0..2000).flat_map(two).map(Arc::new).collect();
    let mut web = Web::of(&subjects, &candidates);
    let mut looked_at = 0;
    for (at, subject) in subjects.iter().enumerate() {
        let told = reading(Source::Paste, 0, file(&id(2, at)));
        web.learn(&subject.id, &[told]);
        let around = web.around(&subject.id);
        looked_at += around.subjects.len() + around.candidates.len();
    }
    assert_eq!(looked_at, 2000 * 3);
    // Whose file names another's registration is judged with it.
    let told = reading(Source::Paste, 1, file(&id(1, 7)));
    web.learn(&subjects[3].id, &[told]);
    for machine in [3, 7] {
        let around = web.around(&subjects[machine].id);
        assert_eq!(around.subjects, [3, 7]);
    }
}
