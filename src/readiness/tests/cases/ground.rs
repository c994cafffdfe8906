//! What stands on the ground: configuration server, vCenter, process server.

use super::Case;
use crate::domain::plan::Location;
use crate::domain::{Discovery, Health, Level};
use crate::readiness::facts::{Fact, Source};
use crate::readiness::tests::scene::{
    Scene, minutes_ago, problem, registered, told, value, vcenter,
};

pub fn unread_fabrics(s: &mut Scene) {
    s.facts.fabrics = Fact::unknown("it was not read");
}

fn unread_vcenters(s: &mut Scene) {
    s.facts.vcenters = Fact::unknown("it was not read");
}

pub fn elsewhere() -> Scene {
    let mut s = Scene::protect();
    s.target(|t| {
        t.location = Location::Alternate {
            vcenter: "VC".into(),
        };
    });
    s
}

fn without_vcenter() -> Scene {
    let mut s = Scene::protect();
    s.vcenters().clear();
    s
}

fn two_vcenters(s: &mut Scene) {
    s.vcenters().push(vcenter("second"));
    s.vcenters()[1].errors.push("wrong password".into());
}

/// A master target without datastores beside the good one (asr-rest.md 13).
pub fn bare_beside(s: &mut Scene) {
    let mut bare = s.server("mt").clone();
    bare.id = "bare".into();
    if let crate::domain::infrastructure::Role::MasterTarget { datastores, .. } = &mut bare.role {
        datastores.clear();
    }
    s.fabric().components.insert(0, bare);
}

pub const CASES: &[Case] = &[
    Case {
        check: "INF-02",
        base: Scene::protect,
        green: &[
            ("a warning", |s| s.fabric().health = Health::Warning),
            ("critical for another's sake, and reporting", |s| {
                s.fabric().health = Health::Critical;
            }),
        ],
        red: &[
            ("critical and silent", |s| {
                s.fabric().health = Health::Critical;
                s.server("cs").heartbeat = Some(minutes_ago(60));
            }),
            ("its service stopped", |s| {
                s.server("cs").health = Health::Other("Stopped".into())
            }),
        ],
        unknown: &[
            ("silent, and a server is bad", |s| {
                s.fabric().health = Health::Critical;
                s.server("cs").heartbeat = None;
                s.server("ps").health = Health::Critical;
            }),
            ("no health", |s| s.fabric().health = Health::Unknown),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "INF-03",
        base: Scene::fail_back,
        green: &[("once", |s| {
            value(&mut s.own().registrations).truncate(1);
        })],
        red: &[("not at all", |s| value(&mut s.own().registrations).clear())],
        unknown: &[
            ("by its name alone", |s| {
                let mut other = registered("x", Discovery::Physical);
                other.by_id = false;
                s.own().registrations = told(vec![other], Source::Registrations);
            }),
            ("unread", |s| {
                s.own().registrations = Fact::unknown("it was not read");
            }),
        ],
    },
    Case {
        check: "INF-08",
        base: elsewhere,
        green: &[
            ("to where it came from", |s| {
                s.target(|t| t.location = Location::Original)
            }),
            ("to a host without a vCenter", |s| {
                s.target(|t| {
                    t.location = Location::Alternate { vcenter: "".into() };
                });
            }),
        ],
        red: &[
            ("not discovered", |s| s.vcenters().clear()),
            ("no datastores", |s| s.datastores().clear()),
            ("with errors", |s| {
                s.vcenters()[0].errors.push("wrong password".into())
            }),
        ],
        unknown: &[
            ("pending", |s| s.vcenters()[0].discovery = "Pending".into()),
            ("not heard of", |s| s.vcenters()[0].heartbeat = None),
            ("unread", unread_vcenters),
        ],
    },
    Case {
        check: "INF-09",
        base: Scene::fail_back,
        green: &[
            ("there is none", |s| s.vcenters().clear()),
            ("a word nobody knows", |s| {
                s.vcenters()[0].discovery = "Ready".into()
            }),
        ],
        red: &[
            ("with errors", |s| {
                s.vcenters()[0].errors.push("wrong password".into())
            }),
            ("disconnected", |s| {
                s.vcenters()[0].discovery = "Disconnected".into()
            }),
        ],
        unknown: &[
            ("one of two", two_vcenters),
            ("pending", |s| s.vcenters()[0].discovery = "Pending".into()),
            ("heard of an hour ago", |s| {
                s.vcenters()[0].heartbeat = Some(minutes_ago(60));
            }),
            ("unread", unread_vcenters),
        ],
    },
    Case {
        check: "INF-13",
        base: Scene::protect,
        green: &[("a bare one beside it", bare_beside)],
        red: &[
            ("none", |s| s.remove("mt")),
            ("without datastores", |s| s.datastores().clear()),
        ],
        unknown: &[("unread", unread_fabrics)],
    },
    Case {
        check: "INF-14",
        base: without_vcenter,
        green: &[("there is a vCenter", |s| s.vcenters().push(vcenter("vc")))],
        red: &[("its host is not discovered", |s| s.datastores().clear())],
        unknown: &[
            ("none chosen", |s| s.target(|t| t.master_target = None)),
            ("unread", unread_fabrics),
            ("vCenters unread", unread_vcenters),
        ],
    },
    Case {
        check: "PS-01",
        base: Scene::protect,
        green: &[],
        red: &[("none", |s| s.remove("ps"))],
        unknown: &[("unread", unread_fabrics)],
    },
    Case {
        check: "PS-02",
        base: Scene::protect,
        green: &[],
        red: &[("another's", |s| {
            s.target(|t| t.process_server = Some("x".into()))
        })],
        unknown: &[
            ("none chosen", |s| s.target(|t| t.process_server = None)),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "PS-02",
        base: Scene::to_azure,
        green: &[],
        red: &[("another's", |s| {
            s.return_target(|t| t.process_server = Some("x".into()))
        })],
        unknown: &[("none chosen", |s| {
            s.return_target(|t| t.process_server = None)
        })],
    },
    Case {
        check: "PS-13",
        base: Scene::protect,
        green: &[("a warning", |s| s.server("ps").health = Health::Warning)],
        red: &[("806", |s| {
            s.server("ps").problems.push(problem("806", Level::Error))
        })],
        unknown: &[
            ("critical, and heard of", |s| {
                s.server("ps").health = Health::Critical
            }),
            ("no heartbeat told", |s| s.server("ps").heartbeat = None),
            ("not listed", |s| s.remove("ps")),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "PS-13",
        base: Scene::fail_back,
        green: &[("another one is lost", |s| {
            let mut other = s.server("ps").clone();
            other.id = "other".into();
            other.problems.push(problem("806", Level::Error));
            s.fabric().components.push(other);
        })],
        red: &[("806", |s| {
            s.server("ps").problems.push(problem("806", Level::Error))
        })],
        unknown: &[("which one is not told", |s| {
            s.deep().ties.process_server = "".into()
        })],
    },
    Case {
        check: "PS-13",
        base: Scene::to_azure,
        green: &[],
        red: &[("806", |s| {
            s.server("ps").problems.push(problem("806", Level::Error))
        })],
        unknown: &[("none chosen", |s| {
            s.return_target(|t| t.process_server = None)
        })],
    },
    Case {
        check: "NAT-01",
        base: Scene::protect,
        green: &[],
        red: &[("chosen", |s| {
            s.protection(|p| p.nat.process_server = Some("1.2.3.4".into()))
        })],
        unknown: &[],
    },
    Case {
        check: "NAT-02",
        base: Scene::protect,
        green: &[],
        red: &[("chosen", |s| {
            s.protection(|p| p.nat.master_target = Some("1.2.3.4".into()))
        })],
        unknown: &[],
    },
];
