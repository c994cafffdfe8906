use super::build::*;
use crate::domain::draft::WizardKind::{Protect, Recover};
use crate::domain::plan::{
    ClassicTarget, Intent, Location, Minutes, Plan, PointChoice, Quiesce, RetentionUnit, Target,
};
use crate::domain::{Answer, Draft};
use crate::wizard::{Field, Key, Walk, accept};

fn finished(draft: &Draft) -> crate::wizard::Finished {
    Walk::new(draft, &offers()).finish().unwrap()
}

fn take(draft: &mut Draft, key: &Key, answer: impl Into<Answer>) {
    accept(draft, &offers(), key, &answer.into()).unwrap();
}

#[test]
fn a_protection_of_defaults_is_whole() {
    let draft = draft(Protect, &offers(), &["a", "b"]);
    let done = finished(&draft);
    assert!(done.now);
    assert_eq!(done.plan.name.as_str(), "a-protect");
    let Intent::Protect(protection) = done.plan.intent() else {
        panic!("{:?}", done.plan);
    };
    assert!(protection.replication.is_usual());
    assert_eq!(protection.replication.retention_unit, RetentionUnit::Days);
    let own = protection.machine(&id("b")).unwrap();
    assert_eq!(own.azure_vm, Some(vm("b")));
    assert!(own.settings.is_empty());
    assert_eq!(
        own.target,
        Target::Classic(ClassicTarget {
            location: Location::Original,
            process_server: Some("ps-id".into()),
            master_target: Some("mt-win-id".into()),
            retention: Some("R".into()),
            datastore: Some("DS-1".into()),
            account: None,
            policy: Some(policy_id("day-failback")),
        })
    );
}

#[test]
fn a_recovery_of_defaults_is_kept_for_later_goes_to_the_latest_point_and_asks_a_person() {
    let draft = draft(Recover, &offers(), &["c", "d"]);
    let done = finished(&draft);
    assert!(!done.now);
    let Intent::FailBack(recovery) = done.plan.intent() else {
        panic!("{:?}", done.plan);
    };
    assert_eq!(recovery.point, PointChoice::Latest);
    assert_eq!(recovery.quiesce, Quiesce::Person);
    assert_eq!(recovery.drain.limit, Minutes(60));
    assert!(!recovery.stop_azure_vm_first);
    assert_eq!(recovery.waves.len(), 1);
}

#[test]
fn every_setting_of_vcontinuum_goes_into_the_plan() {
    let mut draft = draft(Protect, &offers(), &["a", "b"]);
    let adapter = |field| Key {
        part: Some("00-50-56-AB".into()),
        ..Key::of(field, &id("a"))
    };
    for (key, answer) in [
        (Key::plan(Field::Location), "alternate"),
        (Key::plan(Field::Account), "windows"),
        (Key::plan(Field::RetentionSize), "5000"),
        (Key::plan(Field::RetentionUnit), "hours"),
        (adapter(Field::Network), "Prod"),
        (adapter(Field::Address), "192.168.4.9"),
        (Key::plan(Field::Cpus), "4"),
        (Key::of(Field::Memory, &id("b")), "8192"),
        (Key::of(Field::DisplayName, &id("a")), "a-home"),
        (Key::plan(Field::NatProcessServer), "20.1.2.3"),
        (Key::plan(Field::Folder), "restored"),
    ] {
        take(&mut draft, &key, answer);
    }
    let plan = finished(&draft).plan;
    let Intent::Protect(protection) = plan.intent() else {
        panic!("{plan:?}");
    };
    let (a, b) = (&protection.machines[0], &protection.machines[1]);
    assert_eq!(protection.nat.process_server, Some("20.1.2.3".into()));
    assert_eq!(protection.replication.retention_size, Some(5000));
    assert_eq!(protection.replication.retention_unit, RetentionUnit::Hours);
    let vcenter = "vcenter".into();
    assert_eq!(*a.target.location(), Location::Alternate { vcenter });
    assert_eq!(a.settings.adapters[0].network, Some("Prod".into()));
    assert_eq!(a.settings.adapters[0].address, Some("192.168.4.9".into()));
    assert_eq!((a.settings.cpus, a.settings.memory), (Some(4), None));
    assert_eq!((b.settings.cpus, b.settings.memory), (Some(4), Some(8192)));
    assert_eq!(a.settings.display_name, Some("a-home".into()));
    assert_eq!(b.settings.folder, Some("restored".into()));
    assert!(b.settings.adapters.is_empty());
}

#[test]
fn waves_points_and_hooks_of_single_machines_go_into_the_plan() {
    let mut draft = draft(Recover, &offers(), &["c", "d"]);
    take(
        &mut draft,
        &Key::of(Field::Wave, &id("c")),
        Answer::Number(2),
    );
    take(&mut draft, &Key::of(Field::Point, &id("d")), "fileSystem1");
    take(&mut draft, &Key::of(Field::Quiesce, &id("c")), "command");
    take(
        &mut draft,
        &Key::of(Field::Command, &id("c")),
        "/bin/stop app",
    );
    take(&mut draft, &Key::plan(Field::StopAzureVmFirst), "yes");
    let plan = finished(&draft).plan;
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert_eq!(
        (recovery.wave_of(&id("d")), recovery.wave_of(&id("c"))),
        (Some(1), Some(2))
    );
    assert!(recovery.stop_azure_vm_first);
    let (c, d) = (
        recovery.machine(&id("c")).unwrap(),
        recovery.machine(&id("d")).unwrap(),
    );
    assert!(
        matches!(&d.point, Some(PointChoice::Custom { name, time: Some(_) }) if name.as_str() == "fileSystem1")
    );
    assert_eq!((c.point.as_ref(), d.quiesce.as_ref()), (None, None));
    assert_eq!(
        c.quiesce,
        Some(Quiesce::Hook {
            command: vec!["/bin/stop".into(), "app".into()],
            limit: Minutes(10),
        })
    );
}

#[test]
fn an_empty_wave_closes_up() {
    let mut draft = draft(Recover, &offers(), &["c", "d"]);
    for name in ["c", "d"] {
        take(
            &mut draft,
            &Key::of(Field::Wave, &id(name)),
            Answer::Number(2),
        );
    }
    let plan = finished(&draft).plan;
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert_eq!(recovery.waves.len(), 1);
}

#[test]
fn a_recovery_takes_machines_and_their_azure_vms_from_the_plan_that_protected_them() {
    let mut offers = offers();
    let mut protect = finished(&draft(Protect, &offers, &["a", "b"])).plan;
    // Since then they were protected, and no longer tell which VM they are.
    for at in [0, 1] {
        let name = offers.machines[at].machine.name.to_string();
        offers.machines[at] = offered(going_home(&name));
    }
    protect.name = crate::domain::plan::PlanName::parse("Web protect").unwrap();
    offers.plans = vec![protect];
    let mut recover = Draft::new(Recover);
    accept(
        &mut recover,
        &offers,
        &Key::plan(Field::Plan),
        &"web protect".into(),
    )
    .unwrap();
    let plan: Plan = Walk::new(&recover, &offers).finish().unwrap().plan;
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    let vms: Vec<_> = recovery.machines().map(|m| m.azure_vm.clone()).collect();
    assert_eq!(vms, [Some(vm("a")), Some(vm("b"))]);
}

#[test]
fn a_machine_that_vanished_is_a_fault_and_never_left_out_silently() {
    let mut offers = offers();
    let draft = draft(Protect, &offers, &["a", "b"]);
    offers.machines.remove(1);
    let faults = Walk::new(&draft, &offers).finish().unwrap_err();
    assert!(
        faults[0].starts_with("machines: ") && faults[0].contains("is not here"),
        "{faults:?}"
    );
}

#[test]
fn a_name_that_is_taken_is_refused_and_another_one_suggested() {
    let mut offers = offers();
    let mut draft = draft(Protect, &offers, &["a"]);
    offers.plans = vec![finished(&draft).plan];
    let name = Key::plan(Field::Name);
    let why = accept(&mut draft, &offers, &name, &"A protect".into()).unwrap_err();
    assert!(why.contains("a-protect.json already"), "{why}");
    let walk = Walk::new(&draft, &offers);
    assert_eq!(walk.value(&name), Some("a-protect-2".into()));
}

#[test]
fn a_finished_plan_reads_back_as_it_was_written() {
    for (wizard, machines) in [(Protect, ["a", "b"]), (Recover, ["c", "d"])] {
        let plan = finished(&draft(wizard, &offers(), &machines)).plan;
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
}

#[test]
fn the_temporary_disk_is_left_alone_unless_somebody_wants_it_out_of_use() {
    let mut draft = draft(Protect, &offers(), &["a", "b"]);
    let wanted = |draft: &Draft| -> Vec<bool> {
        let plan = finished(draft).plan;
        let Intent::Protect(protection) = plan.intent() else {
            panic!("{plan:?}");
        };
        let all = protection.machines.iter();
        all.map(|own| own.offline_temporary).collect()
    };
    assert_eq!(wanted(&draft), [false, false]);
    let own = Key::of(Field::OfflineTemporary, &id("b"));
    take(&mut draft, &own, "offline");
    assert_eq!(wanted(&draft), [false, true]);
    take(&mut draft, &Key::plan(Field::OfflineTemporary), "offline");
    take(&mut draft, &own, "leave");
    assert_eq!(wanted(&draft), [true, false]);
    let refused = accept(&mut draft, &offers(), &own, &Answer::from("perhaps"));
    assert!(refused.is_err());
}
