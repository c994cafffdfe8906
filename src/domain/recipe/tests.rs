use super::*;
use crate::domain::plan::{
    AzurePoint, AzureTarget, ClassicTarget, Location, ModernisedTarget, PlanName, Protected,
    Protection, Repointed, Repointing, ReturnTarget, Returned, Returning, Selected, Selection,
    Target, Testing, Wave,
};

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/vaults/v/items/{name}")).unwrap()
}

fn plan(intent: Intent) -> Plan {
    Plan::new(PlanName::parse("p").unwrap(), intent).unwrap()
}

fn kinds(intent: Intent, provider: impl Into<Provider>) -> Result<Vec<StepKind>, NoRecipe> {
    Recipe::of(&plan(intent), &id("vm"), &provider.into()).map(|recipe| recipe.kinds())
}

fn selection() -> Selection {
    Selection {
        machines: vec![Selected {
            id: id("vm"),
            name: "vm".into(),
        }],
    }
}

fn recovery(change: impl FnOnce(&mut Recovered, &mut PointChoice)) -> Intent {
    let mut own = Recovered::new(id("vm"), "vm".into());
    let mut point = PointChoice::Latest;
    change(&mut own, &mut point);
    let mut recovery = Recovery::new(vec![Wave::of(vec![own])]);
    recovery.point = point;
    Intent::FailBack(recovery)
}

#[test]
fn the_long_part_of_each_generation_stands_before_the_door_of_its_wave() {
    use StepKind::{
        Commit, Complete, Door, Drain, FailBack, Quiesce, Synchronise, VerifyAzureOff,
        VerifySurvivor,
    };
    let home = [VerifyAzureOff, VerifySurvivor, Commit];
    let whole = |own: &[StepKind]| [own, &home[..]].concat();
    let fail_back = |provider| kinds(recovery(|_, _| {}), provider).unwrap();
    assert_eq!(
        fail_back(Provider::Classic),
        whole(&[Quiesce, Drain, Door, FailBack])
    );
    assert_eq!(
        fail_back(Provider::Modernised),
        whole(&[Quiesce, Door, FailBack])
    );
    assert_eq!(
        fail_back(Provider::HyperV),
        whole(&[Synchronise, Door, Complete])
    );
    let download = recovery(|own, _| {
        own.hyper_v = Some(HyperVReturn {
            synchronisation: Synchronisation::FullDownload,
            ..HyperVReturn::usual()
        });
    });
    assert_eq!(
        kinds(download, Provider::HyperV).unwrap(),
        whole(&[Door, FailBack])
    );
}

#[test]
fn only_the_generation_that_has_it_can_cancel_or_complete_and_each_refusal_has_its_source() {
    let cancel = |provider| kinds(Intent::Cancel(selection()), provider);
    let complete = |provider| kinds(Intent::Complete(selection()), provider);
    assert!(cancel(Provider::Modernised).is_ok());
    assert!(complete(Provider::HyperV).is_ok());
    for (refused, source) in [
        (cancel(Provider::Classic), "[004]"),
        (cancel(Provider::HyperV), "[003]"),
        (complete(Provider::Classic), "[003]"),
        (complete(Provider::Modernised), "[003]"),
    ] {
        assert!(refused.unwrap_err().to_string().contains(source));
    }
}

#[test]
fn a_modernised_failback_makes_its_own_point() {
    let custom = recovery(|_, point| {
        *point = PointChoice::Custom {
            name: "p".into(),
            time: None,
        };
    });
    let refused = kinds(custom, Provider::Modernised).unwrap_err();
    assert!(refused.to_string().contains("its own recovery point"));
}

#[test]
fn a_choice_that_was_not_made_is_named() {
    let protect = |target| {
        Intent::Protect(Protection {
            replication: crate::domain::plan::Replication::default(),
            nat: crate::domain::plan::Nat::default(),
            machines: vec![Protected {
                id: id("vm"),
                name: "vm".into(),
                azure_vm: None,
                target,
                offline_temporary: false,
                settings: crate::domain::plan::MachineSettings::default(),
            }],
        })
    };
    let classic = Target::Classic(ClassicTarget {
        location: Location::Original,
        process_server: None,
        master_target: None,
        retention: None,
        datastore: None,
        account: None,
        policy: None,
    });
    let modernised = Target::Modernised(ModernisedTarget {
        location: Location::Original,
        reprotect_agent: Some("agent".into()),
        datastore: Some("ds".into()),
        log_storage: None,
    });
    let refused = |target: &Target, provider| {
        kinds(protect(target.clone()), provider)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&classic, Provider::Classic).contains("process server"));
    assert!(refused(&modernised, Provider::Modernised).contains("log storage account"));
    assert!(refused(&classic, Provider::Modernised).contains("modernised target"));
    assert!(refused(&classic, Provider::HyperV).contains("needs no protection"));

    let back = Intent::ProtectToAzure(Returning {
        machines: vec![Returned {
            id: id("vm"),
            name: "vm".into(),
            target: ReturnTarget::default(),
        }],
    });
    let refused = kinds(back, Provider::HyperV).unwrap_err().to_string();
    assert!(refused.contains("machine on the Hyper-V host"));
}

#[test]
fn the_way_to_azure_is_the_same_for_all_and_sets_its_target_only_when_there_is_one() {
    use StepKind::{Commit, Door, FailOver, UpdateTarget, VerifySurvivor};
    let forward = |target| {
        Intent::FailOver(Failover::new(vec![Wave::of(vec![FailedOver {
            target,
            ..FailedOver::new(id("vm"), "vm".into())
        }])]))
    };
    for provider in [Provider::Classic, Provider::Modernised, Provider::HyperV] {
        let plain = kinds(forward(AzureTarget::default()), provider.clone()).unwrap();
        assert_eq!(plain, [Door, FailOver, VerifySurvivor, Commit]);
        let named = AzureTarget {
            name: Some("vm-2".into()),
            ..AzureTarget::default()
        };
        assert_eq!(kinds(forward(named), provider).unwrap()[0], UpdateTarget);
    }
}

#[test]
fn nothing_is_made_of_a_provider_that_is_not_known() {
    let own = || Repointed {
        id: id("vm"),
        name: "vm".into(),
        point: AzurePoint::Latest,
    };
    let intents = [
        recovery(|_, _| {}),
        Intent::Commit(selection()),
        Intent::Complete(selection()),
        Intent::Cancel(selection()),
        Intent::CleanUpTest(selection()),
        Intent::ChangePoint(Repointing {
            machines: vec![own()],
        }),
        Intent::TestFailover(Testing {
            network: id("net"),
            machines: vec![own()],
        }),
    ];
    for intent in intents {
        let refused = kinds(intent, Provider::Other("A2A".into())).unwrap_err();
        assert!(matches!(refused, NoRecipe::Unknown { .. }));
    }
}
