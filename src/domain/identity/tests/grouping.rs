//! Which registrations may be one machine.

use proptest::prelude::*;

use super::super::grouping::label;
use super::scene::{candidate, item, subject, vm};
use super::*;
use crate::domain::Discovery;

fn ties(scene: &Scene, machine: usize) -> Vec<(String, Tie)> {
    let own = scene.groups().remove(machine);
    let member = |m: Member| (m.candidate.registration.id.to_string(), m.tie);
    own.members.into_iter().map(member).collect()
}

fn tied(all: &[(&str, Tie)]) -> Vec<(String, Tie)> {
    all.iter()
        .map(|(id, tie)| ((*id).to_owned(), *tie))
        .collect()
}

#[test]
fn ids_come_first_and_names_are_a_hint() {
    let scene = Scene::normal();
    assert_eq!(
        ties(&scene, 0),
        tied(&[("home", Tie::Bound), ("azure", Tie::Name)])
    );
    let named = scene
        .clone()
        .with(|s| s.subjects[0].registrations = vec!["AZURE".into()]);
    assert_eq!(
        ties(&named, 0),
        tied(&[("home", Tie::Bound), ("azure", Tie::Named)])
    );
    let told = scene.read(file(AZURE_ID));
    assert_eq!(
        ties(&told, 0),
        tied(&[("home", Tie::Bound), ("azure", Tie::Told)])
    );
}

#[test]
fn a_vm_that_azure_renamed_is_known_by_both_names() {
    let scene = Scene::normal().with(|s| {
        s.subjects[0].azure_vm = Some(vm("web-01-e9369372-test"));
        s.candidates[1].registration.name = "WEB-01-E9369372-TEST.contoso.com".into();
    });
    assert_eq!(ties(&scene, 0)[1].1, Tie::ShortName);
    let whole = scene.with(|s| s.candidates[1].registration.name = "Web-01-e9369372-test.".into());
    assert_eq!(ties(&whole, 0)[1].1, Tie::Name);
}

#[test]
fn a_name_never_takes_what_an_id_gives_to_another() {
    let scene = Scene::normal().with(|s| {
        s.subjects.push(subject("web-01.fabrikam.com"));
        s.candidates[1].registration.item = Some(item("web-01.fabrikam.com"));
    });
    assert_eq!(ties(&scene, 0), tied(&[("home", Tie::Bound)]));
    assert_eq!(ties(&scene, 1), tied(&[("azure", Tie::Bound)]));
}

#[test]
fn a_whole_name_comes_before_a_short_one() {
    let scene = Scene::normal().with(|s| {
        s.subjects.push(subject("web-01.fabrikam.com"));
        s.candidates[1].registration.name = "web-01.fabrikam.com".into();
    });
    assert_eq!(ties(&scene, 0), tied(&[("home", Tie::Bound)]));
    assert_eq!(ties(&scene, 1), tied(&[("azure", Tie::Name)]));
}

#[test]
fn an_address_is_not_a_name_with_dots() {
    let scene = Scene::normal().with(|s| {
        s.subjects[0].name = "10.1.2.3".into();
        s.candidates[1].registration.name = "10.9.9.9".into();
    });
    assert_eq!(ties(&scene, 0), tied(&[("home", Tie::Bound)]));
    assert_eq!(super::super::grouping::label("10.1.2.3"), "10.1.2.3");
    assert_eq!(
        super::super::grouping::label("Web-01.contoso.com"),
        "web-01"
    );
}

#[test]
fn two_thousand_machines_are_grouped_and_judged_apart() {
    let mut scene = Scene::normal().with(|s| {
        s.subjects.clear();
        s.candidates.clear();
    });
    for number in 0..2000 {
        let name = format!("app-{number:04}");
        scene.subjects.push(subject(&name));
        let id = |kind: u8| format!("{kind:08x}-0000-0000-0000-{number:012x}");
        let mut home = candidate(&format!("{name}-h"), &name, &id(1), Discovery::VCenter);
        home.registration.item = Some(item(&name));
        scene.candidates.push(home);
        scene.candidates.push(candidate(
            &format!("{name}-a"),
            &name,
            &id(2),
            Discovery::Physical,
        ));
    }
    let groups = scene.groups();
    assert_eq!(groups.len(), 2000);
    let expected = Verdict::AsExpected {
        azure: 1,
        home: 0,
        confirmed: false,
    };
    assert!(
        groups
            .iter()
            .all(|own| judge(own, &scene.at_home).verdict == expected)
    );
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let name = prop_oneof!["web-0[1-3](\\.a|\\.b)?", Just("web-01".to_owned())];
    let agent = prop_oneof![
        Just(HOME_ID),
        Just(AZURE_ID),
        Just(OTHER_ID),
        Just(PLACEHOLDER),
        Just(""),
        Just("x")
    ];
    let discovery = prop_oneof![
        Just(Discovery::VCenter),
        Just(Discovery::Physical),
        Just(Discovery::Other("".into()))
    ];
    let bound = proptest::option::of(1..4u8);
    ("[a-f]", name, agent, discovery, bound).prop_map(|(id, name, agent, discovery, bound)| {
        let mut one = candidate(&id, &name, agent, discovery);
        one.registration.item = bound.map(|n| item(&format!("web-0{n}")));
        one
    })
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let id = prop_oneof![
        Just(HOME_ID),
        Just(AZURE_ID),
        Just(OTHER_ID),
        Just(PLACEHOLDER),
        Just("")
    ];
    let source = prop_oneof![Just(Source::RunCommand(vm("web-01"))), Just(Source::Paste)];
    (id, source, 0..60u8, proptest::option::of(1..9u32)).prop_map(
        |(id, source, minute, refused)| {
            reading(
                source,
                minute,
                AgentFile {
                    refused_at: refused,
                    ..file(id)
                },
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The order of a list means nothing, and whatever is in it: no panic, nothing removed over ARM,
    /// nothing removed that the agent's file holds, and a green verdict never without a registration
    /// in Azure that it names.
    #[test]
    fn whatever_the_lists_hold_the_promises_stand(
        candidates in proptest::collection::vec(any_candidate(), 0..6),
        readings in proptest::collection::vec(any_reading(), 0..3),
        turn in 0..6usize,
    ) {
        let scene = Scene::normal().with(|s| {
            s.subjects = ["web-01", "web-02", "web-03"].map(subject).to_vec();
            s.candidates = candidates;
            s.readings.insert(item("web-01"), readings.clone());
        });
        let mut turned = scene.clone();
        let by = turn.min(turned.candidates.len());
        turned.candidates.rotate_left(by);
        let words = |scene: &Scene| -> Vec<&str> {
            scene.groups().iter().map(|own| judge(own, &scene.at_home).verdict.word()).collect()
        };
        prop_assert_eq!(words(&scene), words(&turned));
        for own in scene.groups() {
            let judged = judge(&own, &scene.at_home);
            let passes = judged.verdict.standing(Chooser::Arm) == Standing::Passes;
            prop_assert_eq!(passes, judged.verdict.in_azure().is_some());
            prop_assert!(!judged.why.is_empty());
            if let Some(kept) = judged.verdict.in_azure() {
                let found = &own.members[kept].candidate;
                prop_assert!(found.called().id().is_some());
                let vcenter = found.registration.discovery == Discovery::VCenter;
                prop_assert!(!vcenter, "a machine of a vCenter is never the one in Azure");
                let by_hand = own.members[kept].tie == Tie::Told && own.is_by_hand(kept);
                prop_assert!(!by_hand || own.members[kept].is_namesake, "another machine's file");
            }
            // A file takes nothing from whom it is named for, unless an id gives it to somebody.
            let groups = scene.groups();
            let holds = |m: &Member, found: &Candidate| *m.candidate == *found;
            for taken in own.members.iter().filter(|m| m.tie == Tie::Told && !m.is_namesake) {
                let found = &taken.candidate;
                let named = label(found.registration.name.as_str());
                let mut everybody = groups.iter().flat_map(|g| &g.members);
                let given = everybody.any(|m| holds(m, found) && m.tie.by_id() && m.is_namesake);
                let bound = found.registration.item.is_some();
                for other in groups.iter().filter(|g| label(g.subject.name.as_str()) == named) {
                    let has = other.members.iter().any(|m| holds(m, found));
                    prop_assert!(given || bound || has, "{} is taken", found.registration.id);
                }
            }
            for at in 0..own.members.len() {
                prop_assert_eq!(may_remove(&own, &judged, at, Chooser::Arm), Err(Stays::OverArm));
                let told = readings.iter().any(|r| {
                    let id = r.file.as_ref().unwrap().called.id().cloned();
                    id.is_some() && id.as_ref() == own.members[at].candidate.called().id()
                });
                if told && own.subject.name.as_str() == "web-01" {
                    let removed = may_remove(&own, &judged, at, Chooser::ConfigurationServer);
                    prop_assert_eq!(removed, Err(Stays::InAgentFile));
                }
            }
        }
    }
}
