//! At the moment of the failback, and afterwards.

use super::Case;
use crate::domain::machine::Running;
use crate::domain::plan::PointChoice;
use crate::domain::recovery_point::Consistency;
use crate::domain::{Class, Health, Level, Place, Stage};
use crate::readiness::facts::{Fact, Source};
use crate::readiness::tests::scene::{
    Scene, id, minutes_ago, point, problem, running, told, value, vm_id,
};

fn busy() -> Option<Running> {
    Some(Running {
        scenario: "PlannedFailover".into(),
        job: None,
        since: None,
    })
}

fn unread_item(s: &mut Scene) {
    s.own().item = Fact::unknown("it was not read");
}

fn unread_deep(s: &mut Scene) {
    s.own().deep = Fact::unknown("it was not read");
}

fn unread_points(s: &mut Scene) {
    s.own().points = Fact::unknown("it was not read");
}

fn custom(name: &str) -> PointChoice {
    PointChoice::Custom {
        name: name.into(),
        time: None,
    }
}

/// A failover to Azure that waits for its commit.
fn commit_in_azure() -> Scene {
    let mut s = Scene::commit();
    s.item().place = Place::Azure;
    s.item().class = Class::ClassicToAzure;
    *s.instance() = running();
    s
}

fn grouped() -> Scene {
    let mut s = Scene::fail_back();
    s.group();
    s
}

pub const CASES: &[Case] = &[
    Case {
        check: "GRP-05",
        base: grouped,
        green: &[("of a kind with addresses of their own", |s| {
            s.deep().tags.clear();
            s.own().points = told(
                vec![point("p", Consistency::Crash, 5)],
                Source::RecoveryPoints,
            );
        })],
        red: &[("one has none", |s| s.deep().tags.clear())],
        unknown: &[("none told, and the others unread", |s| {
            s.deep().tags.clear();
            unread_points(s);
        })],
    },
    Case {
        check: "RP-01",
        base: Scene::fail_back,
        green: &[
            ("the others unread", unread_points),
            ("its own choice", |s| {
                s.recovery(|r| r.point = custom("systemLevelTag1"));
            }),
        ],
        red: &[
            ("none", |s| s.deep().tags.clear()),
            ("no application-consistent one", |s| {
                s.recovery(|r| r.point = PointChoice::LatestApplication);
                s.deep()
                    .tags
                    .retain(|p| p.consistency == Consistency::Crash);
            }),
            ("the chosen one is gone", |s| {
                s.recovery(|r| r.point = custom("x"))
            }),
        ],
        unknown: &[("none told, and the others unread", |s| {
            s.deep().tags.clear();
            unread_points(s);
        })],
    },
    Case {
        check: "RP-04",
        base: Scene::fail_back,
        green: &[],
        red: &[
            ("application-consistent", |s| {
                s.recovery(|r| r.point = PointChoice::LatestApplication);
            }),
            ("a point of its own", |s| {
                s.recovery(|r| r.point = custom("fileSystem1"));
            }),
        ],
        unknown: &[("unread", |s| {
            s.recovery(|r| r.point = PointChoice::LatestApplication);
            unread_deep(s);
        })],
    },
    Case {
        check: "RP-05",
        base: Scene::fail_back,
        green: &[],
        red: &[("a group", Scene::group)],
        unknown: &[("list unread", |s| {
            s.facts.items = Fact::unknown("it was not read")
        })],
    },
    Case {
        check: "FB-01",
        base: Scene::fail_back,
        green: &[],
        red: &[
            ("still synchronising", |s| {
                s.item().stage = Stage::InitialSync
            }),
            ("not protected home", |s| {
                s.item().class = Class::ClassicToAzure
            }),
        ],
        unknown: &[
            ("a state of its own", |s| {
                s.item().stage = Stage::Other("?".into())
            }),
            ("contradictory", |s| {
                s.item().place = Place::Unknown("two things".into())
            }),
        ],
    },
    Case {
        check: "FB-02",
        base: Scene::fail_back,
        green: &[
            ("eleven minutes behind", |s| {
                s.item().rpo_seconds = Some(660)
            }),
            ("exactly at the threshold", |s| {
                s.item().rpo_seconds = Some(900)
            }),
            ("no test failover was done", |s| {
                s.item().problems.push(problem("161011", Level::Warning));
            }),
            ("a warning", |s| s.item().health = Health::Warning),
            ("a policy that allows an hour", |s| {
                value(&mut s.facts.policies)[0].threshold = Some(60);
                s.item().rpo_seconds = Some(2880);
            }),
        ],
        red: &[
            ("behind", |s| s.item().rpo_seconds = Some(901)),
            ("behind a policy of five minutes", |s| {
                value(&mut s.facts.policies)[0].threshold = Some(5);
            }),
            ("synchronising again", |s| s.item().sync_percent = Some(37)),
            ("about to synchronise again", |s| s.deep().resync = true),
            ("critical", |s| s.item().health = Health::Critical),
        ],
        unknown: &[
            ("not told", |s| s.item().rpo_seconds = None),
            ("policies unread", |s| {
                s.facts.policies = Fact::unknown("it was not read")
            }),
            ("its policy is none of them", |s| {
                s.deep().ties.policy = Some(id("x"))
            }),
            ("its policy is not told", |s| s.deep().ties.policy = None),
            ("no threshold", |s| {
                value(&mut s.facts.policies)[0].threshold = None
            }),
            ("no health", |s| s.item().health = Health::Unknown),
        ],
    },
    Case {
        check: "FB-03",
        base: Scene::fail_back,
        green: &[("told by the item", |s| {
            s.recovery(|r| r.waves[0].machines[0].azure_vm = None);
            s.item().azure_vm = Some(vm_id("a"));
        })],
        red: &[
            ("not known", |s| {
                s.recovery(|r| r.waves[0].machines[0].azure_vm = None);
            }),
            ("another one", |s| s.item().azure_vm = Some(vm_id("x"))),
        ],
        unknown: &[("unread", unread_item)],
    },
    Case {
        check: "FB-05",
        base: Scene::fail_back,
        green: &[],
        red: &[
            ("at home", |s| s.item().place = Place::OnPremises),
            ("busy", |s| s.item().running = busy()),
            ("not offered", |s| s.item().next.verbs.clear()),
        ],
        unknown: &[("contradictory", |s| {
            s.item().place = Place::Unknown("two things".into())
        })],
    },
    Case {
        check: "COM-01",
        base: Scene::commit,
        green: &[],
        red: &[
            ("committed", |s| s.item().stage = Stage::Committed),
            ("busy", |s| s.item().running = busy()),
            ("not offered", |s| s.item().next.verbs.clear()),
        ],
        unknown: &[("a state of its own", |s| {
            s.item().stage = Stage::Other("?".into())
        })],
    },
    Case {
        check: "COM-03",
        base: commit_in_azure,
        green: &[],
        red: &[("off", |s| s.instance().power = "stopped".into())],
        unknown: &[
            ("at home", |s| s.item().place = Place::OnPremises),
            ("unread", |s| {
                s.own().azure_vm = Fact::unknown("it was not read")
            }),
        ],
    },
    Case {
        check: "FB-08",
        base: Scene::commit,
        green: &[("it stays in Azure", |s| s.item().place = Place::Azure)],
        red: &[("still running", |s| s.instance().power = "running".into())],
        unknown: &[
            ("no power state", |s| s.instance().power = "".into()),
            ("not known which", |s| {
                s.own().azure_vm = Fact::unknown("which Azure VM it is, is not told");
            }),
        ],
    },
    Case {
        check: "RPA-01",
        base: Scene::to_azure,
        green: &[],
        red: &[
            ("its commit is pending", |s| {
                s.item().stage = Stage::CommitPending
            }),
            ("in Azure", |s| s.item().place = Place::Azure),
            ("busy", |s| s.item().running = busy()),
            ("not offered", |s| s.item().next.verbs.clear()),
        ],
        unknown: &[
            ("a state of its own", |s| {
                s.item().stage = Stage::Other("?".into())
            }),
            ("contradictory", |s| {
                s.item().place = Place::Unknown("two things".into())
            }),
        ],
    },
    Case {
        check: "RPA-02",
        base: Scene::to_azure,
        green: &[],
        red: &[("no policy", |s| s.return_target(|t| t.policy = None))],
        unknown: &[("unread", unread_item)],
    },
    Case {
        check: "RPA-03",
        base: Scene::to_azure,
        green: &[],
        red: &[("just come home", |s| {
            s.item().last_failover = Some(minutes_ago(5))
        })],
        unknown: &[
            ("silent since", |s| s.deep().agent_heartbeat = None),
            ("when is not told", |s| s.item().last_failover = None),
        ],
    },
];
