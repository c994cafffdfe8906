//! Each piece of evidence, and where it says nothing.

use super::*;
use crate::domain::{Class, Discovery};

/// What a rule says of the registration at home and of the one in Azure.
fn sides(scene: &Scene, rule: &str) -> [Option<Side>; 2] {
    let own = scene.groups().remove(0);
    [0, 1].map(|at| {
        let all = weigh(&own, &own.members[at], &scene.at_home);
        let found = all.iter().find(|evidence| evidence.rule == rule);
        found.map(|evidence| evidence.side)
    })
}

const AT_HOME: Option<Side> = Some(Side::Home);
const IN_AZURE: Option<Side> = Some(Side::Azure);

#[test]
fn the_file_speaks_for_its_id_and_against_every_other() {
    assert_eq!(sides(&Scene::normal(), "file"), [None, None]);
    assert_eq!(
        sides(&Scene::normal().read(file(AZURE_ID)), "file"),
        [AT_HOME, IN_AZURE]
    );
    let refused = AgentFile {
        refused_at: Some(1),
        ..file(AZURE_ID)
    };
    assert_eq!(sides(&Scene::normal().read(refused), "file"), [None, None]);
}

#[test]
fn the_item_is_bound_to_the_one_that_it_replicates_from() {
    assert_eq!(sides(&Scene::normal(), "binding"), [AT_HOME, None]);
    let home = Scene::normal().with(|s| s.subjects[0].class = Class::ClassicHome);
    assert_eq!(sides(&home, "binding"), [IN_AZURE, None]);
}

#[test]
fn a_vcenter_sees_the_site_alone() {
    assert_eq!(sides(&Scene::normal(), "vcenter"), [AT_HOME, None]);
}

#[test]
fn physical_tells_something_beside_a_vcenters_only() {
    assert_eq!(sides(&Scene::normal(), "physical"), [None, IN_AZURE]);
    let both = Scene::normal().with(|s| {
        s.candidates[0].registration.discovery = Discovery::Physical;
    });
    assert_eq!(sides(&both, "physical"), [None, None]);
}

#[test]
fn the_service_tells_which_way_each_can_replicate() {
    let scene = Scene::normal().with(|s| {
        s.candidates[0].providers = vec!["InMageAzureV2".into()];
        s.candidates[1].providers = vec!["inmage".into()];
    });
    assert_eq!(sides(&scene, "platform"), [AT_HOME, IN_AZURE]);
    let both = Scene::normal().with(|s| {
        s.candidates[1].providers = vec!["InMage".into(), "InMageAzureV2".into()];
    });
    assert_eq!(sides(&both, "platform"), [None, None]);
    let noticed = AgentFile {
        platform: Platform::Azure,
        ..file(AZURE_ID)
    };
    assert_eq!(
        sides(&Scene::normal().read(noticed), "platform"),
        [None, IN_AZURE]
    );
}

#[test]
fn an_address_lies_in_the_ranges_of_the_site_or_not() {
    let scene = |home: &str, azure: &str| {
        let (home, azure) = (home.into(), azure.into());
        Scene::normal().with(|s| {
            s.at_home = Ranges::parse(["192.168.0.0/16", "fd00::/8"]).unwrap();
            s.candidates[0].registration.address = home;
            s.candidates[1].registration.address = azure;
        })
    };
    assert_eq!(
        sides(&scene("192.168.4.21", "10.8.0.21"), "range"),
        [AT_HOME, IN_AZURE]
    );
    assert_eq!(
        sides(&scene("192.168.4.21,fd00::1", "10.8.0.21"), "range"),
        [AT_HOME, IN_AZURE]
    );
    // Some inside and some outside, loopback, and what is no address tell nothing.
    for unclear in ["192.168.4.21;10.8.0.21", "127.0.0.1", "", "web-01"] {
        assert_eq!(
            sides(&scene("192.168.4.21", unclear), "range"),
            [AT_HOME, None],
            "{unclear}"
        );
    }
    let nobody_said = scene("192.168.4.21", "10.8.0.21").with(|s| s.at_home = Ranges::default());
    assert_eq!(sides(&nobody_said, "range"), [None, None]);
}

#[test]
fn an_address_of_the_vm_tells_unless_both_have_it() {
    let scene = Scene::normal().with(|s| {
        s.subjects[0].addresses = vec!["10.8.0.21".parse().unwrap()];
        s.candidates[1].registration.address = "10.8.0.21".into();
    });
    assert_eq!(sides(&scene, "address"), [None, IN_AZURE]);
    let kept = scene.with(|s| s.candidates[0].registration.address = "10.8.0.21".into());
    assert_eq!(sides(&kept, "address"), [None, None]);
}

#[test]
fn what_is_off_while_the_vm_runs_is_at_home() {
    let scene = Scene::normal().with(|s| {
        s.candidates[0].power = Power::Off;
        s.candidates[1].power = Power::On;
    });
    assert_eq!(sides(&scene, "power"), [AT_HOME, None]);
    let off = scene.clone().with(|s| s.subjects[0].power = Power::Off);
    assert_eq!(sides(&off, "power"), [None, AT_HOME]);
    let unknown = scene.with(|s| s.subjects[0].power = Power::NotTold);
    assert_eq!(sides(&unknown, "power"), [None, None]);
}

#[test]
fn an_agent_that_was_heard_since_the_failover_is_in_azure() {
    let scene = Scene::normal().with(|s| {
        s.candidates[0].heartbeat = "2026-03-02T07:59:00Z".parse().ok();
        s.candidates[1].heartbeat = "2026-03-02T08:20:00Z".parse().ok();
    });
    assert_eq!(sides(&scene, "heartbeat"), [AT_HOME, IN_AZURE]);
    let unknown = scene.with(|s| s.subjects[0].failed_over = None);
    assert_eq!(sides(&unknown, "heartbeat"), [None, None]);
}

#[test]
fn the_words_of_evidence_hold_no_times() {
    let early = Scene::normal().read(file(OTHER_ID)).read(file(AZURE_ID));
    let once = Scene::normal().read(file(AZURE_ID));
    let words = |scene: &Scene| scene.judged().1;
    assert_eq!(words(&early), words(&once));
}

#[test]
fn every_rule_has_a_name_of_its_own_and_the_strongest_stand_first() {
    let names: std::collections::HashSet<_> = evidence::RULES.iter().map(|r| r.name).collect();
    assert_eq!(names.len(), evidence::RULES.len());
    assert!(evidence::RULES.is_sorted_by_key(|rule| rule.strength));
    assert!(evidence::RULES.iter().all(|rule| !rule.source.is_empty()));
}
