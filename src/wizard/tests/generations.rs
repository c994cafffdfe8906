//! Three generations in one wizard: each is asked only what it needs.

use super::build::*;
use super::whole_site::*;
use crate::domain::draft::WizardKind::{self, FailOver, Protect, Recover};
use crate::domain::plan::{
    HyperVReturn, Intent, Location, ModernisedTarget, PointChoice, Synchronisation, Target,
};
use crate::domain::{Answer, Draft, Machine, Offers};
use crate::wizard::{Field, Key, Kind, StepId, Walk, accept};

fn one(wizard: WizardKind, generation: char) -> Machine {
    match (wizard, generation) {
        (Protect, 'C') => in_azure("c"),
        (Protect, 'M') => modern_in_azure("m"),
        (Recover, 'C') => going_home("c"),
        (Recover, 'M') => modern_going_home("m"),
        (Recover, 'H') => hyperv_in_azure("h", 3),
        (_, 'C') => at_home("c", "InMageAzureV2"),
        (_, 'M') => at_home("m", "InMageRcm"),
        (_, _) => at_home("h", "HyperVReplicaAzure"),
    }
}

/// A walk over one machine of each generation that is named, with the plan of defaults.
fn mixed(wizard: WizardKind, generations: &str) -> (Draft, Offers) {
    let machines: Vec<Machine> = generations.chars().map(|g| one(wizard, g)).collect();
    let names: Vec<String> = machines.iter().map(|m| m.name.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let offers = site(machines);
    let draft = draft(wizard, &offers, &names);
    (draft, offers)
}

/// Wizard, generations in hand; the steps, what is asked, what is not.
type Row<'a> = (WizardKind, &'a str, &'a [StepId], &'a [Field], &'a [Field]);

#[test]
fn the_walk_asks_only_what_the_machines_in_hand_need() {
    use StepId::{
        Cutover, HyperV, Identities, Machines, Nat, Order, Point, Readiness, Replication, Review,
        Settings, Target,
    };
    let table: &[Row<'_>] = &[
        (
            Protect,
            "C",
            &[
                Machines,
                Target,
                Replication,
                Settings,
                Nat,
                Readiness,
                Review,
            ],
            &[Field::MasterTarget, Field::Retention, Field::Policy],
            &[Field::ReprotectAgent, Field::LogStorage],
        ),
        (
            Protect,
            "M",
            &[Machines, Target, Settings, Readiness, Review],
            &[
                Field::ReprotectAgent,
                Field::AgentDatastore,
                Field::LogStorage,
            ],
            &[
                Field::MasterTarget,
                Field::Retention,
                Field::Policy,
                Field::Location,
                Field::Folder,
                Field::OfflineTemporary,
            ],
        ),
        (
            Protect,
            "CM",
            &[
                Machines,
                Target,
                Replication,
                Settings,
                Nat,
                Readiness,
                Review,
            ],
            &[
                Field::MasterTarget,
                Field::Policy,
                Field::OfflineTemporary,
                Field::ReprotectAgent,
                Field::LogStorage,
            ],
            &[Field::DataSync],
        ),
        (
            Recover,
            "C",
            &[
                Machines, Identities, Point, Readiness, Cutover, Order, Review,
            ],
            &[
                Field::Point,
                Field::Quiesce,
                Field::DrainLimit,
                Field::StopAzureVmFirst,
            ],
            &[Field::DataSync, Field::CreateVm],
        ),
        (
            Recover,
            "M",
            &[Machines, Point, Readiness, Cutover, Order, Review],
            &[Field::Point, Field::Quiesce],
            &[Field::DrainLimit, Field::StopAzureVmFirst, Field::DataSync],
        ),
        (
            Recover,
            "H",
            &[Machines, HyperV, Readiness, Cutover, Order, Review],
            &[Field::DataSync, Field::Host, Field::CreateVm],
            &[Field::Point, Field::Quiesce, Field::DrainLimit],
        ),
        (
            Recover,
            "MH",
            &[Machines, Point, HyperV, Readiness, Cutover, Order, Review],
            &[Field::Point, Field::Quiesce, Field::DataSync],
            &[Field::DrainLimit, Field::StopAzureVmFirst],
        ),
        (
            Recover,
            "CMH",
            &[
                Machines, Identities, Point, HyperV, Readiness, Cutover, Order, Review,
            ],
            &[
                Field::Point,
                Field::Quiesce,
                Field::DrainLimit,
                Field::DataSync,
            ],
            &[],
        ),
        (
            FailOver,
            "CMH",
            &[Machines, Point, Target, Readiness, Order, Review],
            &[Field::AzurePoint, Field::ShutDown],
            &[Field::Quiesce, Field::DataSync, Field::Point],
        ),
    ];
    for (wizard, generations, steps, asked, silent) in table {
        let (draft, offers) = mixed(*wizard, generations);
        let walk = Walk::new(&draft, &offers);
        let own: Vec<StepId> = walk.steps().iter().map(|step| step.id).collect();
        assert_eq!(own, *steps, "{wizard:?} {generations}");
        for field in *asked {
            let question = walk.question(&Key::plan(*field));
            assert!(
                question.is_some(),
                "{wizard:?} {generations}: {field:?} is asked"
            );
        }
        for field in *silent {
            let question = walk.question(&Key::plan(*field));
            assert!(
                question.is_none(),
                "{wizard:?} {generations}: {field:?} is not asked"
            );
        }
    }
}

#[test]
fn a_field_of_one_generation_is_not_asked_of_a_machine_of_another() {
    let (draft, offers) = mixed(Recover, "CMH");
    let walk = Walk::new(&draft, &offers);
    let asked = |field, name: &str| {
        let id = offers.called(name)[0].id();
        walk.question(&Key::of(field, id)).is_some()
    };
    for (field, c, m, h) in [
        (Field::Point, true, true, false),
        (Field::Quiesce, true, true, false),
        (Field::AzureVm, true, false, false),
        (Field::DataSync, false, false, true),
        (Field::Wave, true, true, true),
    ] {
        let all = (asked(field, "c"), asked(field, "m"), asked(field, "h"));
        assert_eq!(all, (c, m, h), "{field:?}");
    }
}

#[test]
fn a_mixed_protection_has_a_target_of_each_generation() {
    let (mut draft, offers) = mixed(Protect, "CM");
    let open = Walk::new(&draft, &offers).finish().unwrap_err();
    assert_eq!(open, ["agentDatastore: m: choose an agent's datastore"]);
    accept(
        &mut draft,
        &offers,
        &Key::plan(Field::AgentDatastore),
        &"DS-B".into(),
    )
    .unwrap();
    let plan = Walk::new(&draft, &offers).finish().unwrap().plan;
    let Intent::Protect(protection) = plan.intent() else {
        panic!("{plan:?}");
    };
    let classic = protection.machine(&id("c")).unwrap();
    assert!(matches!(classic.target, Target::Classic(_)) && classic.target.missing().is_empty());
    let modern = protection.machine(&in_fabric("appliance", "m")).unwrap();
    assert_eq!(
        modern.target,
        Target::Modernised(ModernisedTarget {
            location: Location::Original,
            reprotect_agent: Some("agent-1-id".into()),
            datastore: Some("DS-B".into()),
            log_storage: Some(storage_id("logs")),
        }),
        "the agent that reaches no datastore is none; the log goes on where it goes"
    );
}

#[test]
fn machines_of_two_appliance_sites_make_two_plans() {
    let other = of_fabric("appliance-2", modern_in_azure("n"));
    let offers = site(vec![modern_in_azure("m"), other]);
    let both = Answer::List(vec!["m".into(), "n".into()]);
    let refused = accept(
        &mut Draft::new(Protect),
        &offers,
        &Key::plan(Field::Machines),
        &both,
    );
    assert!(refused.unwrap_err().contains("another appliance site"));
}

#[test]
fn that_hyperv_needs_no_protection_is_said_and_not_offered() {
    let offers = site(vec![in_azure("c"), hyperv_in_azure("h", 3)]);
    let draft = Draft::new(Protect);
    let walk = Walk::new(&draft, &offers);
    let remarks = walk.remarks(walk.steps()[0]);
    assert!(remarks[0].words.as_str().contains("need no protection"));
    let mut draft = Draft::new(Protect);
    let list = Answer::List(vec!["h".into()]);
    let refused = accept(&mut draft, &offers, &Key::plan(Field::Machines), &list);
    assert!(refused.unwrap_err().contains("nothing to protect"));
}

/// Labels and details of what can be chosen.
fn shown(draft: &Draft, offers: &Offers, key: &Key) -> Vec<String> {
    let question = Walk::new(draft, offers).question(key).unwrap();
    let Kind::Choice(all) = question.kind else {
        panic!("{key:?} is no choice");
    };
    let all = all.iter();
    all.map(|c| format!("{}: {}", c.label, c.detail)).collect()
}

#[test]
fn the_point_of_a_modernised_machine_is_made_when_it_begins() {
    let (draft, offers) = mixed(Recover, "CM");
    let own = shown(
        &draft,
        &offers,
        &Key::of(Field::Point, offers.called("m")[0].id()),
    );
    assert_eq!(
        own,
        [
            "latest: crash-consistent, made when the failback begins",
            "latest application-consistent: made when the failback begins",
        ]
    );
    let classic = shown(
        &draft,
        &offers,
        &Key::of(Field::Point, offers.called("c")[0].id()),
    );
    assert_eq!(classic.len(), 4, "{classic:?}");
    let all = shown(&draft, &offers, &Key::plan(Field::Point));
    assert!(all[1].contains("classic: up to 50 min old") || all[1].contains("classic: 50 min old"));
    assert!(all[1].contains("modernised: made when"), "{all:?}");
}

#[test]
fn a_hyperv_machine_a_month_in_azure_is_downloaded_and_any_other_is_synchronised_before() {
    for (days, expected) in [
        (3, Synchronisation::BeforeFailover),
        (29, Synchronisation::BeforeFailover),
        (30, Synchronisation::FullDownload),
        (45, Synchronisation::FullDownload),
    ] {
        let offers = site(vec![hyperv_in_azure("h", days)]);
        let draft = draft(Recover, &offers, &["h"]);
        let plan = Walk::new(&draft, &offers).finish().unwrap().plan;
        let Intent::FailBack(recovery) = plan.intent() else {
            panic!("{plan:?}");
        };
        let own = recovery.machine(offers.machines[0].id()).unwrap();
        let expected = HyperVReturn {
            synchronisation: expected,
            create_vm: false,
            host: None,
        };
        assert_eq!(own.hyper_v.as_ref(), Some(&expected), "{days}");
        assert_eq!(recovery.point, PointChoice::Latest);
    }
}

#[test]
fn both_ways_of_hyperv_are_told_with_an_honest_estimate_and_the_rule() {
    let mut offers = site(vec![hyperv_in_azure("h", 45)]);
    let told = |offers: &Offers| {
        let draft = draft(Recover, offers, &["h"]);
        let walk = Walk::new(&draft, offers);
        let step = walk.steps().into_iter().find(|s| s.id == StepId::HyperV);
        let remarks = walk.remarks(step.unwrap());
        let words = remarks.iter().map(|r| r.words.to_string());
        words.collect::<Vec<_>>().join("\n")
    };
    let words = told(&offers);
    // 100 GB: 800 s at 1 Gbit/s, ten times that at a tenth of it.
    for part in [
        "Before the failover: the VM runs on in Azure",
        "93.1 GiB of disks",
        "13 min on a free line of 1 Gbit/s, 2 h at 100 Mbit/s",
        "must not be cancelled",
        "a month or more in Azure",
        "h: 45 days",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    if let crate::domain::offers::Reading::Read(detail) = &mut offers.machines[0].detail {
        detail.disks[0].capacity = None;
    }
    let words = told(&offers);
    assert!(words.contains("come home: how long is unknown"), "{words}");
}

#[test]
fn on_another_host_the_vm_is_made_without_being_asked_for() {
    let offers = site(vec![hyperv_in_azure("h", 3)]);
    let mut draft = draft(Recover, &offers, &["h"]);
    let key = Key::plan(Field::CreateVm);
    assert!(Walk::new(&draft, &offers).question(&key).is_some());
    accept(&mut draft, &offers, &Key::plan(Field::Host), &"hv-2".into()).unwrap();
    let walk = Walk::new(&draft, &offers);
    assert!(walk.question(&key).is_none());
    let own = walk.finish().unwrap().plan;
    let Intent::FailBack(recovery) = own.intent() else {
        panic!("{own:?}");
    };
    let way = recovery.machines().next().unwrap().hyper_v.clone().unwrap();
    assert_eq!(way.host, Some(host_id("hv-2")));
}

#[test]
fn a_group_of_two_is_told_how_far_apart_its_points_lie_and_that_none_is_common() {
    let two = vec![grouped(going_home("a"), "g"), grouped(going_home("b"), "g")];
    let mut offers = site(two);
    aged(&mut offers, "a", 60, 3_000);
    aged(&mut offers, "b", 180, 6_600);
    let told = |offers: &Offers| {
        let draft = draft(Recover, offers, &["a", "b"]);
        let walk = Walk::new(&draft, offers);
        let step = walk.steps().into_iter().find(|s| s.id == StepId::Point);
        let remarks = walk.remarks(step.unwrap());
        assert_eq!(remarks.len(), 1);
        remarks[0].words.to_string()
    };
    let words = told(&offers);
    for part in [
        "g, a replication group of 2",
        "60 s to 3 min old, 2 min apart",
        "50 min to 110 min old, 60 min apart",
        "only through a recovery plan of Azure itself",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // A time that the service has not reached is none.
    aged(&mut offers, "b", -600, 6_600);
    assert!(told(&offers).contains("Newest points: unknown how far apart"));
}

#[test]
fn a_machine_alone_has_no_group_to_be_told_of() {
    let (draft, offers) = mixed(Recover, "CM");
    let walk = Walk::new(&draft, &offers);
    let step = walk.steps().into_iter().find(|s| s.id == StepId::Point);
    assert!(walk.remarks(step.unwrap()).is_empty());
}
