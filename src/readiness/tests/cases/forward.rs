//! The way to Azure.

use super::Case;
use crate::domain::machine::Running;
use crate::domain::plan::AzurePoint;
use crate::domain::{Place, Stage};
use crate::readiness::facts::Fact;
use crate::readiness::tests::scene::{Scene, id, minutes_ago, value};

const UNREAD: &str = "it was not read";

fn unread_deep(s: &mut Scene) {
    s.own().deep = Fact::unknown(UNREAD);
}

fn unread_points(s: &mut Scene) {
    s.own().points = Fact::unknown(UNREAD);
}

fn contradictory(s: &mut Scene) {
    s.item().place = Place::Unknown("two things".into());
}

fn busy(s: &mut Scene) {
    s.item().running = Some(Running {
        scenario: "TestFailover".into(),
        job: None,
        since: None,
    });
}

fn not_offered(s: &mut Scene) {
    s.item().next.verbs.clear();
}

fn custom(name: &str) -> AzurePoint {
    AzurePoint::Custom {
        id: id(name),
        time: None,
    }
}

fn changing(point: AzurePoint) -> Scene {
    let mut s = Scene::change_point();
    s.replan(|intent| {
        if let crate::domain::Intent::ChangePoint(plan) = intent {
            plan.machines[0].point = point;
        }
    });
    s
}

pub const CASES: &[Case] = &[
    Case {
        check: "FB-05",
        base: Scene::fail_over,
        green: &[],
        red: &[
            ("in Azure", |s| s.item().place = Place::Azure),
            ("busy", busy),
            ("not offered", not_offered),
            ("its commit is pending", |s| {
                s.item().stage = Stage::CommitPending;
            }),
        ],
        unknown: &[("contradictory", contradictory)],
    },
    Case {
        check: "FB-05",
        base: Scene::change_point,
        green: &[],
        red: &[
            ("at home", |s| s.item().place = Place::OnPremises),
            ("busy", busy),
            ("not offered", not_offered),
        ],
        unknown: &[("contradictory", contradictory)],
    },
    Case {
        check: "FB-05",
        base: Scene::test,
        green: &[],
        red: &[("busy", busy), ("not offered", not_offered)],
        unknown: &[("contradictory", contradictory)],
    },
    Case {
        check: "FB-05",
        base: Scene::clean_up,
        green: &[],
        red: &[("busy", busy), ("not offered", not_offered)],
        unknown: &[("contradictory", contradictory)],
    },
    Case {
        check: "FWD-01",
        base: Scene::fail_over,
        green: &[("long ago", |s| {
            s.deep().more.tested = Some(minutes_ago(900_000));
        })],
        red: &[("never", |s| s.deep().more.tested = None)],
        unknown: &[("unread", unread_deep)],
    },
    Case {
        check: "FWD-02",
        base: Scene::fail_over,
        green: &[
            ("a name of its own", |s| {
                s.over(|p| p.waves[0].machines[0].target.name = Some("web-01".into()));
            }),
            ("disks of unknown size", |s| s.deep().disks = None),
        ],
        red: &[
            ("Azure objects", |s| {
                s.deep()
                    .more
                    .objections
                    .push("the boot disk is too large".into());
            }),
            ("too many disks", |s| {
                s.deep().disks = Some(vec![Some(1); 66])
            }),
            ("too large a disk", |s| {
                s.deep().disks = Some(vec![Some(33 << 40)]);
            }),
            ("a name that is none", |s| {
                s.over(|p| p.waves[0].machines[0].target.name = Some("web_01".into()));
            }),
        ],
        unknown: &[("unread", unread_deep)],
    },
    Case {
        check: "FWD-07",
        base: Scene::fail_over,
        green: &[],
        red: &[("left running", |s| s.over(|p| p.shut_down = false))],
        unknown: &[],
    },
    Case {
        check: "FWD-10",
        base: Scene::fail_over,
        green: &[],
        red: &[("Site Recovery does not open it", |s| {
            s.deep().more.reach = "Never".into();
        })],
        unknown: &[("not told", |s| s.deep().more.reach = "".into())],
    },
    Case {
        check: "RP-10",
        base: Scene::fail_over,
        green: &[("one of its own", |s| {
            s.over(|p| p.waves[0].machines[0].point = Some(custom("newest")));
        })],
        red: &[
            ("none", |s| value(&mut s.own().points).clear()),
            ("no application-consistent one", |s| {
                s.over(|p| p.point = AzurePoint::LatestApplication);
                value(&mut s.own().points).truncate(1);
            }),
            ("the chosen one is gone", |s| {
                s.over(|p| p.point = custom("x"));
            }),
        ],
        unknown: &[("unread", unread_points)],
    },
    Case {
        check: "RP-10",
        base: Scene::test,
        green: &[],
        red: &[("none", |s| value(&mut s.own().points).clear())],
        unknown: &[("unread", unread_points)],
    },
    Case {
        check: "RP-10",
        base: || changing(custom("application")),
        green: &[],
        red: &[("gone", |s| value(&mut s.own().points).clear())],
        unknown: &[("unread", unread_points)],
    },
    Case {
        check: "RP-04",
        base: Scene::fail_over,
        green: &[],
        red: &[
            ("the newest that is there", |s| {
                s.over(|p| p.point = AzurePoint::LatestProcessed);
            }),
            ("application-consistent", |s| {
                s.over(|p| p.point = AzurePoint::LatestApplication);
            }),
        ],
        unknown: &[("unread", |s| {
            s.over(|p| p.point = AzurePoint::LatestProcessed);
            unread_points(s);
        })],
    },
    Case {
        check: "RP-05",
        base: Scene::fail_over,
        green: &[],
        red: &[("a group that is not whole in the plan", |s| {
            s.group_beside();
        })],
        unknown: &[("list unread", |s| s.facts.items = Fact::unknown(UNREAD))],
    },
];
