//! The master target with its drives and datastores, and the settings that Azure has no field for.

use super::Case;
use super::ground::{bare_beside, elsewhere, unread_fabrics};
use crate::domain::plan::{AdapterSetting, Location, RetentionUnit};
use crate::domain::{Bytes, Level};
use crate::readiness::tests::scene::{Scene, problem};

pub const CASES: &[Case] = &[
    Case {
        check: "MT-01",
        base: Scene::protect,
        green: &[("a full name", |s| {
            s.item().os = "Microsoft Windows Server 2016 Datacenter".into();
        })],
        red: &[("Linux", |s| s.item().os = "Linux".into())],
        unknown: &[
            ("not told", |s| s.item().os = "".into()),
            ("not listed", |s| s.remove("mt")),
        ],
    },
    Case {
        check: "MT-11",
        base: Scene::protect,
        green: &[("exactly sixty", |s| {
            s.deep().disks = Some(vec![Some(1); 58])
        })],
        red: &[
            ("sixty-one", |s| s.deep().disks = Some(vec![Some(1); 59])),
            ("over the whole plan", |s| {
                s.deep().disks = Some(vec![Some(1); 30]);
                s.group();
            }),
        ],
        unknown: &[
            ("disks not told", |s| s.deep().disks = None),
            ("not listed", |s| s.remove("mt")),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "MT-16",
        base: Scene::protect,
        green: &[("vSAN", |s| s.datastores()[0].kind = "vsan".into())],
        red: &[
            ("only NFS", |s| s.datastores()[0].kind = "NFS".into()),
            ("none", |s| s.datastores().clear()),
        ],
        unknown: &[
            ("kind not told", |s| s.datastores()[0].kind = "".into()),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "MT-18",
        base: Scene::protect,
        green: &[
            ("with warnings", |s| {
                s.server("mt")
                    .problems
                    .push(problem("78090", Level::Warning))
            }),
            ("a bare one beside it", bare_beside),
        ],
        red: &[
            ("not listed", |s| s.remove("mt")),
            ("lost", |s| {
                s.server("mt").problems.push(problem("78022", Level::Error))
            }),
        ],
        unknown: &[
            ("none chosen", |s| s.target(|t| t.master_target = None)),
            ("unread", unread_fabrics),
        ],
    },
    Case {
        check: "MT-18",
        base: Scene::fail_back,
        green: &[],
        red: &[("not listed any more", |s| s.remove("mt"))],
        unknown: &[("which one is not told", |s| {
            s.deep().ties.master_target = "".into()
        })],
    },
    Case {
        check: "RET-06",
        base: Scene::protect,
        green: &[("nearly full", |s| s.retention()[0].free = Some(Bytes(1)))],
        red: &[
            ("zero", |s| s.retention()[0].capacity = Some(Bytes(0))),
            ("not listed", |s| {
                s.target(|t| t.retention = Some("X:".into()))
            }),
        ],
        unknown: &[
            ("not told", |s| s.retention()[0].capacity = None),
            ("none chosen", |s| s.target(|t| t.retention = None)),
        ],
    },
    Case {
        check: "RET-08",
        base: Scene::protect,
        green: &[],
        red: &[("none", |s| s.retention().clear())],
        unknown: &[("unread", unread_fabrics)],
    },
    Case {
        check: "RET-09",
        base: Scene::protect,
        green: &[],
        red: &[("empty", |s| s.retention().clear())],
        unknown: &[("unread", unread_fabrics)],
    },
    Case {
        check: "RET-10",
        base: Scene::protect,
        green: &[],
        red: &[("not yet", |s| s.target(|t| t.retention = Some("X:".into())))],
        unknown: &[("none chosen", |s| s.target(|t| t.retention = None))],
    },
    Case {
        check: "DS-08",
        base: Scene::protect,
        green: &[("vSAN", |s| s.datastores()[0].kind = "VSAN".into())],
        red: &[("NFS", |s| s.datastores()[0].kind = "NFS".into())],
        unknown: &[
            ("not told", |s| s.datastores()[0].kind = "".into()),
            ("not visible", |s| {
                s.target(|t| t.datastore = Some("x".into()))
            }),
        ],
    },
    Case {
        check: "DS-11",
        base: elsewhere,
        green: &[],
        red: &[
            ("not visible", |s| {
                s.target(|t| t.datastore = Some("x".into()))
            }),
            ("too small", |s| {
                s.datastores()[0].free = Some(Bytes(1 << 30))
            }),
            ("too small for the whole plan", |s| {
                s.datastores()[0].free = Some(Bytes(40 << 30));
                s.group();
            }),
        ],
        unknown: &[
            ("too small, unless the old disks are there", |s| {
                s.datastores()[0].free = Some(Bytes(1 << 30));
                s.target(|t| t.location = Location::Original);
            }),
            ("free space not told", |s| s.datastores()[0].free = None),
            ("a disk's size not told", |s| {
                s.deep().disks = Some(vec![None])
            }),
        ],
    },
    Case {
        check: "DS-12",
        base: Scene::protect,
        green: &[],
        red: &[("chosen", |s| s.settings(|m| m.folder = Some("new".into())))],
        unknown: &[],
    },
    Case {
        check: "POL-04",
        base: Scene::protect,
        green: &[],
        red: &[("chosen", |s| {
            s.protection(|p| p.replication.retention_size = Some(1024))
        })],
        unknown: &[],
    },
    Case {
        check: "POL-05",
        base: Scene::protect,
        green: &[],
        red: &[
            ("three days", |s| {
                s.protection(|p| p.replication.retention_value = 3)
            }),
            ("hours", |s| {
                s.protection(|p| p.replication.retention_unit = RetentionUnit::Hours);
            }),
        ],
        unknown: &[],
    },
    Case {
        check: "POL-07",
        base: Scene::protect,
        green: &[],
        red: &[("four hours", |s| {
            s.protection(|p| p.replication.consistency_interval = 4)
        })],
        unknown: &[],
    },
    Case {
        check: "POL-09",
        base: Scene::protect,
        green: &[],
        red: &[("an address", |s| {
            s.settings(|m| {
                m.adapters.push(AdapterSetting {
                    adapter: "nic".into(),
                    network: None,
                    address: Some("192.168.4.30".into()),
                });
            });
        })],
        unknown: &[],
    },
    Case {
        check: "POL-10",
        base: Scene::protect,
        green: &[],
        red: &[
            ("processors", |s| s.settings(|m| m.cpus = Some(4))),
            ("memory", |s| s.settings(|m| m.memory = Some(8192))),
        ],
        unknown: &[],
    },
    Case {
        check: "POL-11",
        base: Scene::protect,
        green: &[],
        red: &[("chosen", |s| {
            s.settings(|m| m.display_name = Some("web".into()))
        })],
        unknown: &[],
    },
];
