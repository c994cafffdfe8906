//! What files say, what takes them away, and how far one counts that a person handed over.

use super::scene::{expected, is, item, stale, vm};
use super::*;

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
