//! The modernised generation's way home.

use super::Case;
use crate::domain::{Class, Health, Level, Place, Stage};
use crate::readiness::facts::{AzureVm, Fact};
use crate::readiness::tests::scene::{Scene, disk_id, minutes_ago, problem};

const UNREAD: &str = "it was not read";

fn unread_vm(s: &mut Scene) {
    s.own().azure_vm = Fact::unknown(UNREAD);
}

fn unread_fabrics(s: &mut Scene) {
    s.facts.fabrics = Fact::unknown(UNREAD);
}

fn bad_part(s: &mut Scene) {
    s.fabric().components[1].health = Health::Critical;
}

fn with_error(s: &mut Scene) {
    let problem = problem("1000060", Level::Error);
    s.fabric().components[1].problems.push(problem);
}

fn other_is_bad(s: &mut Scene) {
    s.fabric().components[2].health = Health::Critical;
    s.fabric().health = Health::Critical;
}

fn one_more_disk(s: &mut Scene) {
    let disks = s.instance().disks.as_mut().unwrap();
    disks.managed.push(disk_id("new"));
    disks.count += 1;
}

pub const CASES: &[Case] = &[
    Case {
        check: "AZVM-05",
        base: Scene::modernised_protect,
        green: &[("the VM unread", unread_vm)],
        red: &[("just come up", |s| {
            s.item().last_failover = Some(minutes_ago(5));
        })],
        unknown: &[
            ("silent since", |s| {
                s.deep().agent_heartbeat = Some(minutes_ago(700));
            }),
            ("when is not told", |s| s.item().last_failover = None),
        ],
    },
    Case {
        check: "AZVM-05",
        base: Scene::modernised_back,
        green: &[("the failover's time is blank", |s| {
            s.item().last_failover = None;
        })],
        red: &[("just started", |s| {
            s.instance().started = Some(minutes_ago(5));
        })],
        unknown: &[
            ("silent since", |s| s.deep().agent_heartbeat = None),
            ("its start is not told", |s| s.instance().started = None),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "MOD-01",
        base: Scene::modernised_back,
        green: &[("a warning", |s| s.item().health = Health::Warning)],
        red: &[("critical", |s| s.item().health = Health::Critical)],
        unknown: &[
            ("not stated", |s| s.item().health = Health::Unknown),
            ("a word nobody knows", |s| {
                s.item().health = Health::Other("?".into());
            }),
        ],
    },
    Case {
        check: "MOD-02",
        base: Scene::modernised_back,
        green: &[
            ("another appliance is bad", other_is_bad),
            ("old heartbeats", |s| {
                for part in &mut s.fabric().components {
                    part.heartbeat = Some(minutes_ago(95));
                }
            }),
            ("a warning", |s| {
                s.fabric().components[0].health = Health::Warning;
            }),
        ],
        red: &[
            ("a part is critical", bad_part),
            ("a part has an error", with_error),
            ("not listed", |s| s.fabric().components.clear()),
        ],
        unknown: &[
            ("a health that is not stated", |s| {
                s.fabric().components[1].health = Health::Unknown;
            }),
            ("which one is not told", |s| {
                s.deep().more.reprotect_agent = "".into();
            }),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "MOD-02",
        base: Scene::modernised_protect,
        green: &[("another appliance is bad", other_is_bad)],
        red: &[("a part is critical", bad_part)],
        unknown: &[("unread", unread_fabrics)],
    },
    Case {
        check: "MOD-02",
        base: Scene::modernised_to_azure,
        green: &[],
        red: &[("a part is critical", bad_part)],
        unknown: &[("none chosen", |s| {
            s.return_target(|t| t.process_server = None)
        })],
    },
    Case {
        check: "MOD-12",
        base: Scene::cancel_of_classic,
        green: &[],
        red: &[("cancelled", |s| s.item().class = Class::ModernisedHome)],
        unknown: &[("unread", |s| s.own().item = Fact::unknown(UNREAD))],
    },
    Case {
        check: "X-8",
        base: Scene::modernised_protect,
        green: &[],
        red: &[
            ("one was added", one_more_disk),
            ("one was exchanged", |s| {
                let disks = s.instance().disks.as_mut().unwrap();
                disks.managed[1] = disk_id("new");
            }),
        ],
        unknown: &[
            ("its disks are not told", |s| {
                s.deep().more.azure_disks.clear()
            }),
            ("the VM's disks are not told", |s| s.instance().disks = None),
            ("gone", |s| s.vm(AzureVm::Missing)),
        ],
    },
    Case {
        check: "X-8",
        base: Scene::modernised_back,
        green: &[("one was taken away", |s| {
            s.instance().disks.as_mut().unwrap().count = 1;
        })],
        red: &[("one was added", one_more_disk)],
        unknown: &[
            ("not told", |s| s.deep().disks = None),
            ("unread", unread_vm),
        ],
    },
    Case {
        check: "X-9",
        base: Scene::modernised_protect,
        green: &[],
        red: &[("fixed", |s| s.deep().more.fixed_address = Some(true))],
        unknown: &[("not told", |s| s.deep().more.fixed_address = None)],
    },
    Case {
        check: "FB-05",
        base: Scene::cancel,
        green: &[("its cancellation failed", |s| {
            s.item().place = Place::Azure;
            s.item().stage = Stage::Other("Cancelling the planned failover failed".into());
        })],
        red: &[("not offered", |s| s.item().next.verbs.clear())],
        unknown: &[("contradictory", |s| {
            s.item().place = Place::Unknown("two things".into());
        })],
    },
    Case {
        check: "RP-04",
        base: Scene::modernised_back,
        green: &[("application-consistent", |s| {
            s.recovery(|r| r.point = crate::domain::plan::PointChoice::LatestApplication);
        })],
        red: &[],
        unknown: &[],
    },
    Case {
        check: "RP-01",
        base: Scene::modernised_back,
        green: &[],
        red: &[],
        unknown: &[],
    },
    Case {
        check: "GRP-05",
        base: Scene::hyper_v_back,
        green: &[],
        red: &[],
        unknown: &[],
    },
];
