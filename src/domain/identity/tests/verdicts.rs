//! Every rule of the table has a picture to which it applies.

use super::scene::{candidate, item, subject, vm};
use super::*;
use crate::domain::{Class, Discovery, Place};

fn is(scene: &Scene, rule: &str, verdict: &Verdict) {
    let (found, concluded) = scene.verdict();
    assert_eq!((found, &concluded), (rule, verdict));
}

fn expected(confirmed: bool) -> Verdict {
    Verdict::AsExpected {
        azure: 1,
        home: 0,
        confirmed,
    }
}

/// A third registration of web-01, stale, in Azure.
fn stale(scene: &mut Scene) {
    scene
        .candidates
        .push(candidate("stale", "web-01", OTHER_ID, Discovery::Physical));
}

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
fn two_files_with_two_ids_contradict_each_other() {
    let scene = Scene::normal()
        .read(file(AZURE_ID))
        .told(Source::Paste, file(OTHER_ID));
    is(&scene, "files differ", &Verdict::Contradiction);
    // A later one of the same source takes the place of the earlier.
    let again = Scene::normal().read(file(OTHER_ID)).read(file(AZURE_ID));
    is(&again, "as expected", &expected(true));
}

#[test]
fn the_placeholder_is_an_agent_that_never_registered() {
    let scene = Scene::normal().read(file(PLACEHOLDER));
    is(&scene, "never registered", &Verdict::NeverRegistered);
    // Until it has.
    is(&scene.read(file(AZURE_ID)), "as expected", &expected(true));
}

#[test]
fn the_file_of_a_master_target_or_of_an_appliances_agent_is_not_the_machines() {
    let target = AgentFile {
        role: Role::MasterTarget,
        ..file(AZURE_ID)
    };
    let appliance = AgentFile {
        stack: Stack::Prime,
        ..file(AZURE_ID)
    };
    for (rule, file) in [
        ("master target's file", target),
        ("appliance's agent", appliance),
    ] {
        is(
            &Scene::normal().read(file.clone()),
            rule,
            &Verdict::Contradiction,
        );
        // A person may have handed over the wrong one.
        is(
            &Scene::normal().told(Source::Paste, file),
            rule,
            &Verdict::CannotTell,
        );
    }
}

#[test]
fn a_file_that_the_agent_refuses_decides_nothing() {
    let scene = Scene::normal().read(AgentFile {
        refused_at: Some(3),
        ..file(AZURE_ID)
    });
    is(&scene, "unreadable file", &Verdict::CannotTell);
    let (_, judged) = scene.judged();
    assert!(judged.why[0].as_str().contains("at line 3"));
}

#[test]
fn a_file_without_a_whole_id_decides_nothing() {
    for id in ["", "9b0c2f6e-41d7-4a55-8c3e", "web-01"] {
        let scene = Scene::normal().read(file(id));
        is(&scene, "no id in the file", &Verdict::CannotTell);
    }
}

#[test]
fn an_agent_that_reports_to_nobody_is_confirmed_by_nobody() {
    let blank = || AgentFile {
        server: Server::None,
        ..file(AZURE_ID)
    };
    for scene in [Scene::normal(), Scene::normal().with(stale)] {
        let read = scene.clone().read(blank());
        is(&read, "no server", &Verdict::CannotTell);
        let pasted = scene.told(Source::Paste, blank());
        is(&pasted, "no server", &Verdict::CannotTell);
        // What Azure vouches for counts before what was handed over.
        assert!(pasted.read(file(AZURE_ID)).verdict().1.in_azure().is_some());
        let mended = read.told(Source::Paste, file(AZURE_ID));
        is(&mended, "no server", &Verdict::CannotTell);
    }
}

#[test]
fn a_file_that_could_not_be_read_takes_nothing_away() {
    let scene = Scene::normal().with(|s| {
        let mut failed = reading(Source::RunCommand(vm("web-01")), 1, file(AZURE_ID));
        failed.file = Err(NotRead::Failed("the VM has no guest agent".into()));
        s.readings.insert(item("web-01"), vec![failed]);
    });
    is(&scene, "as expected", &expected(false));
}

#[test]
fn a_file_handed_over_does_not_put_right_what_azure_vouches_for() {
    let bad = [
        file(PLACEHOLDER),
        file(""),
        AgentFile {
            role: Role::MasterTarget,
            ..file(AZURE_ID)
        },
        AgentFile {
            stack: Stack::Prime,
            ..file(AZURE_ID)
        },
        AgentFile {
            refused_at: Some(3),
            ..file(AZURE_ID)
        },
    ];
    for bad in bad {
        for by_hand in [Source::Paste, Source::Ssh("web-01".into())] {
            let scene = Scene::normal().read(bad.clone());
            let scene = scene.told(by_hand, file(AZURE_ID));
            is(&scene, "handed over", &Verdict::Contradiction);
            // What Azure vouches for afterwards does.
            is(&scene.read(file(AZURE_ID)), "as expected", &expected(true));
        }
    }
    // Two that say the same are no contradiction.
    let same = Scene::normal().read(file(PLACEHOLDER));
    let same = same.told(Source::Paste, file(PLACEHOLDER));
    is(&same, "never registered", &Verdict::NeverRegistered);
}

#[test]
fn what_rests_on_a_file_handed_over_says_so() {
    let by = |source: Source, base: Scene| {
        let (_, judged) = base.told(source, file(AZURE_ID)).judged();
        assert_eq!(judged.verdict.in_azure(), Some(1));
        let mut why = judged.why.iter();
        why.any(|why| why.as_str().contains("handed over by a person"))
    };
    for base in [Scene::normal(), Scene::normal().with(stale)] {
        assert!(by(Source::Paste, base.clone()));
        assert!(by(Source::File("d.conf".into()), base.clone()));
        assert!(!by(Source::RunCommand(vm("web-01")), base.clone()));
        // Azure vouches for the same.
        assert!(!by(Source::Paste, base.read(file(AZURE_ID))));
    }
}

#[test]
fn that_no_agent_is_there_any_more_takes_its_older_files_away() {
    let none = |scene: Scene, source: Source| {
        scene.told(source, file("")).with(|s| {
            let own = s.readings.get_mut(&item("web-01")).unwrap();
            let last = own.last_mut().unwrap();
            last.file = Err(NotRead::NoAgent("there is no drscout.conf".into()));
        })
    };
    let by_azure = || Source::RunCommand(vm("web-01"));
    let ssh = || Source::Ssh("web-01".into());
    for source in [by_azure(), Source::Paste] {
        let gone = none(Scene::normal().told(source, file(AZURE_ID)), by_azure());
        is(&gone, "no agent", &Verdict::CannotTell);
        let (group, judged) = gone.judged();
        assert!(group.files().is_empty());
        assert!(judged.evidence.iter().flatten().all(|e| e.rule != "file"));
        // A person's file does not bring it back; Run Command does.
        let pasted = gone.clone().told(Source::Paste, file(AZURE_ID));
        is(&pasted, "handed over", &Verdict::Contradiction);
        is(&gone.read(file(AZURE_ID)), "as expected", &expected(true));
    }
    // A person named the host: the next file that they hand over may be right.
    let by_hand = none(Scene::normal().read(file(AZURE_ID)), ssh());
    is(&by_hand, "no agent", &Verdict::CannotTell);
    let mended = none(Scene::normal(), ssh()).told(Source::Paste, file(AZURE_ID));
    is(&mended, "as expected", &expected(true));
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
