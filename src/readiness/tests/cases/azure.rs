//! Whether there is a way back at all; the Azure VM; groups.

use super::Case;
use crate::domain::identity::{Evidence, Side, Strength, Verdict};
use crate::domain::plan::{ClassicTarget, Location, ModernisedTarget, PointChoice, Target};
use crate::domain::{Class, Discovery, Place, Stage};
use crate::readiness::facts::{AzureVm, Fact, Item, Recorded, Source, Temporary};
use crate::readiness::tests::scene::{
    Scene, id, identity, minutes_ago, recorded, registered, sibling, told, vm_id,
};

/// The normal picture, and nobody read the agent's own file.
const UNCONFIRMED: Verdict = Verdict::AsExpected {
    azure: 0,
    home: 1,
    confirmed: false,
};

fn is(s: &mut Scene, verdict: Verdict) {
    s.own().identity = told(identity(verdict), Source::Registrations);
}

/// A physical server, as far as Azure tells.
fn physical() -> Scene {
    let mut s = Scene::protect();
    s.own().registrations = told(
        vec![registered("azure", Discovery::Physical)],
        Source::Registrations,
    );
    s.protection(|p| {
        if let Target::Classic(target) = &mut p.machines[0].target {
            *target = ClassicTarget {
                location: Location::Alternate {
                    vcenter: "vc".into(),
                },
                ..target.clone()
            };
        }
    });
    s
}

/// Its temporary disk is taken out of use first.
fn without_temporary() -> Scene {
    let mut s = Scene::protect();
    s.protection(|p| p.machines[0].offline_temporary = true);
    s
}

fn kept(s: &mut Scene, change: impl FnOnce(&mut Recorded)) {
    let mut own = recorded();
    change(&mut own);
    s.own().recorded = told(Some(own), Source::Here);
}

fn leave_temporary(s: &mut Scene) {
    s.protection(|p| p.machines[0].offline_temporary = false);
}

fn grouped() -> Scene {
    let mut s = Scene::protect();
    s.group();
    s
}

fn off(s: &mut Scene) {
    s.instance().power = "deallocated".into();
}

fn unread_vm(s: &mut Scene) {
    s.own().azure_vm = Fact::unknown("it was not read");
}

fn unread_item(s: &mut Scene) {
    s.own().item = Fact::unknown("it was not read");
}

pub const CASES: &[Case] = &[
    Case {
        check: "ELIG-01",
        base: Scene::protect,
        green: &[],
        red: &[("at home", |s| s.item().place = Place::OnPremises)],
        unknown: &[
            ("contradictory", |s| {
                s.item().place = Place::Unknown("two things".into())
            }),
            ("unread", unread_item),
        ],
    },
    Case {
        check: "ELIG-02",
        base: Scene::protect,
        green: &[],
        red: &[("Azure to Azure", |s| s.item().class = Class::of("A2A"))],
        unknown: &[("another class", |s| s.item().class = Class::of("Other"))],
    },
    Case {
        check: "ELIG-03",
        base: Scene::protect,
        green: &[],
        red: &[("migrated", |s| {
            s.item().next.verbs.clear();
            s.item().stage = Stage::Other("Migration completed".into());
        })],
        unknown: &[("nothing is offered", |s| s.item().next.verbs.clear())],
    },
    Case {
        check: "ELIG-04",
        base: Scene::protect,
        green: &[("stopped where it was", off)],
        red: &[("elsewhere", |s| s.vm(AzureVm::Moved(vm_id("x"))))],
        unknown: &[
            ("nowhere", |s| s.vm(AzureVm::Missing)),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "ELIG-05",
        base: Scene::fail_back,
        green: &[("stopped", off)],
        red: &[("nowhere", |s| s.vm(AzureVm::Missing))],
        unknown: &[
            ("one of its name elsewhere", |s| {
                s.vm(AzureVm::Moved(vm_id("x")))
            }),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "ELIG-06",
        base: Scene::commit,
        green: &[],
        red: &[
            ("404", |s| s.own().item = told(Item::Absent, Source::Item)),
            ("not listed", |s| {
                s.own().item = told(Item::Absent, Source::Items)
            }),
        ],
        unknown: &[("unread", unread_item)],
    },
    Case {
        check: "ELIG-08",
        base: physical,
        green: &[("a VMware VM, said by the item", |s| {
            s.deep().ties.discovery = Some(Discovery::VCenter);
        })],
        red: &[("to where it came from", |s| {
            s.target(|t| t.location = Location::Original)
        })],
        unknown: &[
            ("only the item says physical", |s| {
                s.own().registrations = Fact::unknown("it was not read");
            }),
            ("the item does not say", |s| s.deep().ties.discovery = None),
        ],
    },
    Case {
        check: "ELIG-09",
        base: physical,
        green: &[
            ("Linux", |s| {
                s.item().os = "Linux".into();
                s.instance().os = "".into();
            }),
            ("a VMware VM with 2008 R2", |s| {
                s.deep().ties.discovery = Some(Discovery::VCenter);
                s.instance().os = "Windows Server 2008 R2".into();
            }),
            ("the item tells the version", |s| {
                s.deep().ties.os_version = "Microsoft Windows Server 2019 Datacenter".into();
                s.instance().os = "".into();
            }),
        ],
        red: &[
            ("2008 R2", |s| {
                s.instance().os = "Windows Server 2008 R2 SP1".into()
            }),
            ("by its number", |s| {
                s.instance().os = "Windows 6.1.7601".into()
            }),
        ],
        unknown: &[
            ("no version", |s| s.instance().os = "".into()),
            ("2008 R2 by the item, the VM unread", |s| {
                s.deep().ties.os_version = "Windows Server 2008 R2".into();
                unread_vm(s);
            }),
        ],
    },
    Case {
        check: "ELIG-13",
        base: Scene::protect,
        green: &[],
        red: &[
            ("another generation", |s| {
                s.item().class = Class::of("Other")
            }),
            ("changed since", |s| {
                s.item().class = Class::ModernisedToAzure
            }),
            ("planned for another", |s| {
                s.protection(|p| {
                    p.machines[0].target = Target::Modernised(ModernisedTarget {
                        location: Location::Original,
                        reprotect_agent: None,
                        datastore: None,
                        log_storage: None,
                    });
                });
            }),
        ],
        unknown: &[("unread", unread_item)],
    },
    Case {
        check: "ELIG-13",
        base: Scene::fail_back,
        green: &[
            ("modernised", |s| s.item().class = Class::ModernisedHome),
            ("Hyper-V", |s| s.item().class = Class::HyperV),
        ],
        red: &[("a point that its generation does not have", |s| {
            s.item().class = Class::ModernisedHome;
            s.recovery(|r| {
                r.point = PointChoice::Custom {
                    name: "x".into(),
                    time: None,
                };
            });
        })],
        unknown: &[("unread", unread_item)],
    },
    Case {
        check: "AZVM-01",
        base: Scene::fail_back,
        green: &[],
        red: &[
            ("off", off),
            ("hangs", |s| s.instance().responsive = Some(false)),
        ],
        unknown: &[
            ("no VM agent", |s| s.instance().responsive = None),
            ("no power state", |s| s.instance().power = "".into()),
            ("gone", |s| s.vm(AzureVm::Missing)),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "AZVM-02",
        base: Scene::protect,
        green: &[("a heartbeat of days ago, the VM started before", |s| {
            s.deep().agent_heartbeat = Some(minutes_ago(3000));
            s.instance().started = Some(minutes_ago(4000));
        })],
        red: &[("just booted", |s| {
            s.instance().started = Some(minutes_ago(5))
        })],
        unknown: &[
            ("silent since boot", |s| {
                s.deep().agent_heartbeat = Some(minutes_ago(700))
            }),
            ("boot not told", |s| s.instance().started = None),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "AZVM-06",
        base: without_temporary,
        green: &[("nothing was recorded", |s| {
            s.own().recorded = told(None, Source::Here)
        })],
        red: &[("it was in use", leave_temporary)],
        unknown: &[
            ("out of use when it was recorded", |s| {
                leave_temporary(s);
                kept(s, |own| own.temporary = Temporary::OutOfUse)
            }),
            ("none when it was recorded", |s| {
                leave_temporary(s);
                kept(s, |own| own.temporary = Temporary::None)
            }),
            ("the record does not tell", |s| {
                leave_temporary(s);
                kept(s, |own| own.temporary = Temporary::NotTold)
            }),
            ("nothing was recorded", |s| {
                leave_temporary(s);
                s.own().recorded = told(None, Source::Here)
            }),
        ],
    },
    Case {
        check: "RECORD",
        base: Scene::protect,
        green: &[("six days ago", |s| {
            kept(s, |own| own.inside = Some(minutes_ago(6 * 24 * 60)))
        })],
        red: &[
            ("nothing was recorded", |s| {
                s.own().recorded = told(None, Source::Here)
            }),
            ("never looked into", |s| kept(s, |own| own.inside = None)),
            ("eight days ago", |s| {
                kept(s, |own| own.inside = Some(minutes_ago(8 * 24 * 60)))
            }),
        ],
        unknown: &[("the record is damaged", |s| {
            s.own().recorded = Fact::unknown("it cannot be read")
        })],
    },
    Case {
        check: "AZVM-08",
        base: Scene::protect,
        green: &[("not committed yet", |s| {
            s.item().stage = Stage::CommitPending
        })],
        red: &[
            ("replicating", |s| s.item().stage = Stage::Protected),
            ("not offered", |s| s.item().next.verbs.clear()),
        ],
        unknown: &[("a state of its own", |s| {
            s.item().stage = Stage::Other("?".into())
        })],
    },
    Case {
        check: "FWD-13",
        base: Scene::protect,
        green: &[],
        red: &[("not committed", |s| s.item().stage = Stage::CommitPending)],
        unknown: &[("another state", |s| {
            s.item().stage = Stage::Other("?".into())
        })],
    },
    Case {
        check: "GRP-01",
        base: grouped,
        green: &[("spelt otherwise", |s| s.item().os = "WINDOWS".into())],
        red: &[("mixed", |s| s.item().os = "Linux".into())],
        unknown: &[
            ("not told", |s| s.item().os = "".into()),
            ("list unread", |s| {
                s.facts.items = Fact::unknown("it was not read")
            }),
        ],
    },
    Case {
        check: "GRP-02",
        base: grouped,
        green: &[("alone with its group's id", |s| {
            let own = sibling(s.item());
            s.facts.items = told(vec![own], Source::Items);
        })],
        red: &[("two master targets", |s| {
            s.target(|t| t.master_target = Some("x".into()))
        })],
        unknown: &[
            ("none chosen", |s| s.target(|t| t.master_target = None)),
            ("list unread", |s| {
                s.facts.items = Fact::unknown("it was not read")
            }),
        ],
    },
    Case {
        check: "GRP-03",
        base: grouped,
        green: &[],
        red: &[("one left out", |s| s.protection(|p| p.machines.truncate(1)))],
        unknown: &[("list unread", |s| {
            s.facts.items = Fact::unknown("it was not read")
        })],
    },
    Case {
        check: "GRP-04",
        base: grouped,
        green: &[],
        red: &[("no datastore", |s| s.target(|t| t.datastore = None))],
        unknown: &[],
    },
    Case {
        check: "DUP-01",
        base: Scene::protect,
        green: &[],
        red: &[("three", |s| {
            let third = registered("old", Discovery::Physical);
            super::super::scene::value(&mut s.own().registrations).push(third);
        })],
        unknown: &[("unread", |s| {
            s.own().registrations = Fact::unknown("it was not read");
        })],
    },
    Case {
        check: "DUP-02",
        base: Scene::protect,
        green: &[
            ("not confirmed", |s| is(s, UNCONFIRMED)),
            ("this one", |s| is(s, Verdict::Keep(0))),
        ],
        red: &[
            ("contradiction", |s| is(s, Verdict::Contradiction)),
            ("clone", |s| is(s, Verdict::Clone)),
            ("never registered", |s| is(s, Verdict::NeverRegistered)),
        ],
        unknown: &[
            ("cannot tell", |s| is(s, Verdict::CannotTell)),
            ("unread", |s| {
                s.own().identity = Fact::unknown("it was not read");
            }),
        ],
    },
    Case {
        check: "DUP-03",
        base: Scene::protect,
        green: &[("the agent says it", |s| {
            let said = Evidence {
                rule: "file",
                strength: Strength::Decisive,
                side: Side::Azure,
                words: "the agent of the machine in Azure has this id".into(),
            };
            let mut own = identity(Verdict::Keep(0));
            own.evidence = vec![vec![said]];
            s.own().identity = told(own, Source::Registrations);
        })],
        red: &[("contradiction", |s| is(s, Verdict::Contradiction))],
        unknown: &[
            ("not confirmed", |s| is(s, UNCONFIRMED)),
            ("the service alone chose", |s| is(s, Verdict::Keep(0))),
            ("cannot tell", |s| is(s, Verdict::CannotTell)),
        ],
    },
    Case {
        check: "POL-01",
        base: Scene::protect,
        green: &[],
        red: &[
            ("a forward one", |s| {
                s.target(|t| t.policy = Some(id("forward")))
            }),
            ("none of the vault's", |s| {
                s.target(|t| t.policy = Some(id("x")))
            }),
        ],
        unknown: &[
            ("none chosen", |s| s.target(|t| t.policy = None)),
            ("unread", |s| {
                s.facts.policies = Fact::unknown("it was not read")
            }),
        ],
    },
    Case {
        check: "POL-01",
        base: Scene::to_azure,
        green: &[],
        red: &[("a failback one", |s| {
            s.return_target(|t| t.policy = Some(id("failback")))
        })],
        unknown: &[("none chosen", |s| s.return_target(|t| t.policy = None))],
    },
];
