//! Every rule of the table has a picture to which it applies.

use super::scene::{candidate, expected, is, item, stale, subject, vm};
use super::*;
use crate::domain::{Class, Discovery, Place};

#[test]
fn one_of_a_vcenter_and_one_in_azure_is_the_normal_picture() {
    is(&Scene::normal(), "as expected", &expected(false));
    let told = Scene::normal().read(file(AZURE_ID));
    is(&told, "as expected", &expected(true));
    let other_case = Scene::normal().read(file(&AZURE_ID.to_uppercase()));
    is(&other_case, "as expected", &expected(true));
}

#[test]
fn after_a_reprotect_the_one_in_azure_is_bound() {
    let scene = Scene::normal().with(|s| {
        s.subjects[0].class = Class::ClassicHome;
        s.candidates[0].registration.item = None;
        s.candidates[1].registration.item = Some(item("web-01"));
    });
    is(&scene, "as expected", &expected(false));
    is(&scene.with(stale), "the service decided", &Verdict::Keep(1));
}

#[test]
fn other_generations_and_machines_at_home_are_not_applicable() {
    for class in [
        Class::ModernisedToAzure,
        Class::ModernisedHome,
        Class::HyperV,
        Class::of("A2A"),
    ] {
        let scene = Scene::normal().with(|s| s.subjects[0].class = class);
        is(&scene, "other generation", &Verdict::NotApplicable);
    }
    let home = Scene::normal().with(|s| s.subjects[0].place = Place::OnPremises);
    is(&home, "at home", &Verdict::NotApplicable);
    let lost = Scene::normal().with(|s| s.subjects[0].place = Place::Unknown("?".into()));
    is(&lost, "at home", &Verdict::CannotTell);
}

#[test]
fn nothing_is_concluded_from_a_list_that_was_not_read_whole() {
    let scene = Scene::normal().with(|s| s.unread = Some("no permission".into()));
    is(&scene, "unread", &Verdict::CannotTell);
    for unsure in [file(AZURE_ID), file(OTHER_ID)] {
        is(&scene.clone().read(unsure), "unread", &Verdict::CannotTell);
    }
}

#[test]
fn what_is_wrong_whatever_is_missing_blocks_although_the_list_was_not_read_whole() {
    let whole = Scene::normal();
    let copy = candidate("copy", "web-01-copy", AZURE_ID, Discovery::VCenter);
    let target = AgentFile {
        role: Role::MasterTarget,
        ..file(AZURE_ID)
    };
    let never = whole.clone().read(file(PLACEHOLDER));
    let differ = whole.clone().read(file(AZURE_ID));
    for scene in [
        whole.clone().with(|s| s.candidates.push(copy)),
        differ.told(Source::Paste, file(OTHER_ID)),
        never.clone().told(Source::Paste, file(AZURE_ID)),
        never,
        whole.clone().read(target),
        whole.read(file(HOME_ID)),
    ] {
        let expected = scene.verdict();
        assert_eq!(expected.1.standing(Chooser::Arm), Standing::Blocks);
        let part = scene.with(|s| s.unread = Some("no permission".into()));
        assert_eq!(part.verdict(), expected);
    }
}

#[test]
fn one_id_on_two_machines_is_a_clone() {
    let copy = candidate("copy", "web-01-copy", AZURE_ID, Discovery::VCenter);
    let scene = Scene::normal().with(|s| s.candidates.push(copy));
    is(&scene, "clone", &Verdict::Clone);
    let (_, judged) = scene.judged();
    assert!(
        judged.why[0]
            .as_str()
            .starts_with("web-01-copy also has the id")
    );
    // Also when the agent's own file is read: the id tells no more of the copy than it did.
    is(&scene.read(file(AZURE_ID)), "clone", &Verdict::Clone);
    // Two machines of the vCenter under one name and one id.
    let twice = candidate("twice", "web-01", HOME_ID, Discovery::VCenter);
    let scene = Scene::normal().with(|s| s.candidates.push(twice));
    is(&scene, "clone", &Verdict::Clone);
}

#[test]
fn one_id_told_by_the_agents_of_two_machines_is_a_clone_on_both() {
    let scene = Scene::normal().read(file(AZURE_ID)).with(|s| {
        s.subjects.push(subject("sql-01"));
        let told = reading(Source::RunCommand(vm("sql-01")), 5, file(AZURE_ID));
        s.readings.insert(item("sql-01"), vec![told]);
    });
    let verdicts: Vec<_> = scene
        .groups()
        .iter()
        .map(|own| judge(own, &scene.at_home).verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Clone, Verdict::Clone]);
}

#[test]
fn an_id_that_belongs_to_another_machine_is_a_clone() {
    let scene = Scene::normal().read(file(OTHER_ID)).with(|s| {
        s.subjects.push(subject("sql-01"));
        let mut bound = candidate("sql", "sql-01", OTHER_ID, Discovery::VCenter);
        bound.registration.item = Some(item("sql-01"));
        s.candidates.push(bound);
    });
    let verdicts: Vec<_> = scene
        .groups()
        .iter()
        .map(|own| judge(own, &scene.at_home).verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Clone, Verdict::Clone]);
}

#[test]
fn one_id_on_both_registrations_does_not_tell_them_apart() {
    let scene = Scene::normal()
        .with(|s| s.candidates[1].registration.agent = HOME_ID.to_lowercase().as_str().into());
    is(&scene, "one id twice", &Verdict::CannotTell);
    is(
        &scene.read(file(HOME_ID)),
        "one id twice",
        &Verdict::CannotTell,
    );
}

#[test]
fn the_same_digits_in_the_other_form_decide_nothing() {
    let scene = Scene::normal().with(|s| {
        s.candidates[1].registration.agent = "4E81C0D2-7B3A-4F96-A1C52D90E7F3B618".into();
    });
    is(
        &scene.read(file(OTHER_ID)),
        "two forms",
        &Verdict::CannotTell,
    );
}

#[test]
fn the_agent_in_azure_cannot_have_the_id_of_the_machine_at_home() {
    let scene = Scene::normal().read(file(HOME_ID));
    is(&scene, "torn", &Verdict::Contradiction);
    let (_, judged) = scene.judged();
    assert_eq!(
        judged.why.len(),
        4,
        "the registration and its three strong pieces of evidence"
    );
}

#[test]
fn a_machine_of_a_vcenter_cannot_be_what_replicates_home() {
    let scene = Scene::normal().with(|s| s.subjects[0].class = Class::ClassicHome);
    is(&scene, "torn", &Verdict::Contradiction);
}

#[test]
fn an_id_that_no_registration_has_contradicts_the_one_in_azure() {
    let scene = Scene::normal().read(file(OTHER_ID));
    is(&scene, "id of none", &Verdict::Contradiction);
    // Without one in Azure the agent may only be late.
    let late = scene.with(|s| drop(s.candidates.pop()));
    is(&late, "id of none", &Verdict::CannotTell);
    let elsewhere = AgentFile {
        server: Server::NotOfTheSite("10.9.9.9".into()),
        ..file(OTHER_ID)
    };
    let (_, judged) = Scene::normal().read(elsewhere).judged();
    assert!(judged.why[1].as_str().contains("10.9.9.9"));
}

#[test]
fn a_name_of_several_machines_is_no_hint() {
    let scene = Scene::normal().with(|s| {
        let mut other = subject("web-01");
        other.id = item("other");
        s.subjects.push(other);
    });
    is(&scene, "contested name", &Verdict::CannotTell);
    is(&scene.read(file(AZURE_ID)), "as expected", &expected(true));
}

#[test]
fn of_three_registrations_the_file_decides() {
    let scene = Scene::normal().with(stale);
    is(&scene, "too many", &Verdict::CannotTell);
    is(
        &scene.clone().read(file(OTHER_ID)),
        "the file decides",
        &Verdict::Keep(2),
    );
    is(
        &scene.read(file(AZURE_ID)),
        "the file decides",
        &Verdict::Keep(1),
    );
}

#[test]
fn of_two_physical_registrations_the_file_decides() {
    let scene = Scene::normal().with(|s| {
        s.candidates[0].registration.discovery = Discovery::Physical;
    });
    is(&scene, "too many", &Verdict::CannotTell);
    is(
        &scene.read(file(AZURE_ID)),
        "the file decides",
        &Verdict::Keep(1),
    );
}

#[test]
fn without_a_registration_in_azure_it_cannot_be_told() {
    let scene = Scene::normal().with(|s| drop(s.candidates.pop()));
    is(&scene, "none in Azure", &Verdict::CannotTell);
    let nothing = Scene::normal().with(|s| s.candidates.clear());
    is(&nothing, "none in Azure", &Verdict::CannotTell);
}

#[test]
fn a_short_name_alone_is_not_enough() {
    let scene =
        Scene::normal().with(|s| s.candidates[1].registration.name = "web-01.fabrikam.com".into());
    is(&scene, "short name alone", &Verdict::CannotTell);
    let same_address = scene.clone().with(|s| {
        s.candidates[1].registration.address = "10.8.0.21".into();
        s.subjects[0].addresses = vec!["10.8.0.21".parse().unwrap()];
    });
    is(&same_address, "as expected", &expected(false));
    is(&scene.read(file(AZURE_ID)), "as expected", &expected(true));
}

#[test]
fn an_agent_in_azure_without_an_id_cannot_be_told() {
    for agent in ["", PLACEHOLDER, "9b0c2f6e-41d7"] {
        let scene = Scene::normal().with(|s| s.candidates[1].registration.agent = agent.into());
        is(&scene, "agent without id", &Verdict::CannotTell);
    }
}

#[test]
fn a_machine_that_keeps_its_address_in_azure_is_as_expected() {
    let scene = Scene::normal().with(|s| {
        s.at_home = Ranges::parse(["192.168.0.0/16"]).unwrap();
        for candidate in &mut s.candidates {
            candidate.registration.address = "192.168.4.21".into();
        }
        s.candidates[1].providers = vec!["InMage".into()];
    });
    is(&scene, "as expected", &expected(false));
}

#[test]
fn as_much_against_as_for_the_one_in_azure_cannot_be_told() {
    let scene = Scene::normal().with(|s| {
        s.at_home = Ranges::parse(["192.168.0.0/16"]).unwrap();
        s.candidates[1].registration.address = "192.168.4.21".into();
    });
    is(&scene, "too many", &Verdict::CannotTell);
    is(&scene.read(file(AZURE_ID)), "as expected", &expected(true));
}

#[test]
fn every_rule_of_the_table_has_its_name_and_its_source() {
    let names: std::collections::HashSet<_> = verdict::RULES.iter().map(|r| r.name).collect();
    assert_eq!(names.len(), verdict::RULES.len());
    assert!(verdict::RULES.iter().all(|rule| !rule.source.is_empty()));
}

#[test]
fn over_arm_a_contradiction_blocks_and_what_cannot_be_told_is_unknown() {
    use Standing::{Blocks, NotApplicable, Passes, Unknown};
    for (verdict, arm, server) in [
        (expected(false), Passes, Blocks),
        (expected(true), Passes, Passes),
        (Verdict::Keep(0), Passes, Passes),
        (Verdict::CannotTell, Unknown, Blocks),
        (Verdict::Contradiction, Blocks, Blocks),
        (Verdict::Clone, Blocks, Blocks),
        (Verdict::NeverRegistered, Blocks, Blocks),
        (Verdict::NotApplicable, NotApplicable, NotApplicable),
    ] {
        assert_eq!(verdict.standing(Chooser::Arm), arm, "{verdict:?}");
        assert_eq!(
            verdict.standing(Chooser::ConfigurationServer),
            server,
            "{verdict:?}"
        );
    }
}

#[test]
fn over_arm_nothing_is_ever_removed() {
    let scene = Scene::normal().with(stale).read(file(AZURE_ID));
    let (own, judged) = scene.judged();
    for at in 0..own.members.len() {
        assert_eq!(
            may_remove(&own, &judged, at, Chooser::Arm),
            Err(Stays::OverArm)
        );
    }
}

#[test]
fn on_a_configuration_server_the_id_in_the_file_is_never_removed() {
    let remove = |scene: &Scene, at: usize| {
        let (own, judged) = scene.judged();
        may_remove(&own, &judged, at, Chooser::ConfigurationServer)
    };
    let settled = Scene::normal().with(stale).read(file(AZURE_ID));
    assert_eq!(remove(&settled, 1), Err(Stays::InAgentFile));
    assert_eq!(remove(&settled, 0), Ok(()));
    assert_eq!(remove(&settled, 2), Ok(()));
    // Whatever else is said of it: also when an older reading alone has it, or one without an id.
    let older = Scene::normal()
        .with(stale)
        .read(file(OTHER_ID))
        .read(file(AZURE_ID));
    assert_eq!(remove(&older, 2), Err(Stays::InAgentFile));
    let unnamed = settled
        .clone()
        .with(|s| s.candidates[2].registration.agent = "".into());
    assert_eq!(remove(&unnamed, 2), Err(Stays::InAgentFile));
    // Nothing is settled without a file.
    assert_eq!(remove(&Scene::normal(), 0), Err(Stays::Unsettled));
    assert_eq!(remove(&Scene::normal(), 1), Err(Stays::Kept));
    assert_eq!(
        remove(&Scene::normal().with(stale), 2),
        Err(Stays::Unsettled)
    );
    assert_eq!(remove(&settled, 9), Err(Stays::InAgentFile));
}
