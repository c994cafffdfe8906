//! Hyper-V's way home, and the commit and return of its machines.

use super::Case;
use crate::domain::infrastructure::FabricKind;
use crate::domain::job::JobState;
use crate::domain::plan::Synchronisation;
use crate::domain::{ArmId, Class, Place, Stage};
use crate::readiness::facts::Fact;
use crate::readiness::tests::scene::{Scene, host_id, minutes_ago, value};

const UNREAD: &str = "it was not read";

fn unread_deep(s: &mut Scene) {
    s.own().deep = Fact::unknown(UNREAD);
}

fn unread_item(s: &mut Scene) {
    s.own().item = Fact::unknown(UNREAD);
}

fn unread_registrars(s: &mut Scene) {
    s.facts.registrars = Fact::unknown(UNREAD);
}

fn connection(s: &mut Scene, host: usize, word: &str) {
    value(&mut s.facts.registrars)[host].connection = word.into();
}

/// Of a VMM cloud that encrypts what it sends.
fn encrypted(s: &mut Scene) {
    s.deep().more.encrypted = Some(true);
    s.fabric().kind = FabricKind::Vmm;
}

pub const CASES: &[Case] = &[
    Case {
        check: "ELIG-12",
        base: Scene::hyper_v_back,
        green: &[("classic", |s| s.item().class = Class::ClassicHome)],
        red: &[],
        unknown: &[
            ("managed", |s| s.deep().more.managed_disks = Some(true)),
            ("not told", |s| s.deep().more.managed_disks = None),
            ("unread", unread_deep),
        ],
    },
    Case {
        check: "HV-04",
        base: Scene::hyper_v_back,
        green: &[
            ("an old heartbeat", |s| {
                value(&mut s.facts.registrars)[0].heartbeat = Some(minutes_ago(600));
            }),
            ("no word, and heard of lately", |s| connection(s, 0, "")),
            ("another host is away", |s| connection(s, 1, "Disconnected")),
        ],
        red: &[
            ("away", |s| connection(s, 0, "Disconnected")),
            ("not registered any more", |s| {
                value(&mut s.facts.registrars).remove(0);
            }),
        ],
        unknown: &[
            ("a word nobody knows", |s| connection(s, 0, "Limbo")),
            ("no word, and not heard of", |s| {
                connection(s, 0, "");
                value(&mut s.facts.registrars)[0].heartbeat = None;
            }),
            ("which host is not told", |s| s.deep().more.registrar = None),
            ("unread", unread_registrars),
        ],
    },
    Case {
        check: "HV-04",
        base: Scene::elsewhere,
        green: &[("its first host is away", |s| {
            connection(s, 0, "Disconnected")
        })],
        red: &[("the other is away", |s| connection(s, 1, "Disconnected"))],
        unknown: &[("unread", unread_registrars)],
    },
    Case {
        check: "HV-05",
        base: Scene::hyper_v_back,
        green: &[("its synchronisation was cancelled", |s| {
            s.item().stage = Stage::Other("Failback cancelled".into());
        })],
        red: &[
            ("not committed", |s| s.item().stage = Stage::CommitPending),
            ("replicating", |s| s.item().stage = Stage::Protected),
            ("home", |s| s.item().place = Place::OnPremises),
        ],
        unknown: &[
            ("a state of its own", |s| {
                s.item().stage = Stage::Other("?".into());
                s.item().next.verbs.clear();
            }),
            ("unread", unread_item),
        ],
    },
    Case {
        check: "HV-14",
        base: Scene::hyper_v_back,
        green: &[("a month, and a full download", |s| {
            s.item().last_failover = Some(minutes_ago(31 * 24 * 60));
            s.way(|way| way.synchronisation = Synchronisation::FullDownload);
        })],
        red: &[
            ("a month", |s| {
                s.item().last_failover = Some(minutes_ago(31 * 24 * 60));
            }),
            ("a full download after a day", |s| {
                s.way(|way| way.synchronisation = Synchronisation::FullDownload);
            }),
        ],
        unknown: &[("since when is not told", |s| s.item().last_failover = None)],
    },
    Case {
        check: "HV-15",
        base: Scene::hyper_v_over,
        green: &[("a VMM cloud that encrypts nothing", |s| {
            s.fabric().kind = FabricKind::Vmm;
        })],
        red: &[("an encrypted VMM cloud", encrypted)],
        unknown: &[
            ("not told", |s| s.deep().more.encrypted = None),
            ("encrypted, and no VMM cloud", |s| {
                s.deep().more.encrypted = Some(true);
            }),
            ("encrypted, the site unread", |s| {
                encrypted(s);
                s.facts.fabrics = Fact::unknown(UNREAD);
            }),
        ],
    },
    Case {
        check: "HV-15",
        base: Scene::hyper_v_back,
        green: &[],
        red: &[],
        unknown: &[("on the way home of an encrypted VMM cloud", encrypted)],
    },
    Case {
        check: "HV-17",
        base: Scene::complete,
        green: &[("a state without a name", |s| {
            s.wait(JobState::Other("Paused".into()), &["Resume"]);
        })],
        red: &[
            ("still synchronising", |s| {
                s.wait(JobState::InProgress, &["Cancel"]);
            }),
            ("over", |s| s.wait(JobState::Cancelled, &["Restart"])),
            ("another machine's", |s| {
                value(&mut s.facts.jobs)[0].target_name = "b".into();
            }),
        ],
        unknown: &[
            ("two of them", |s| {
                let twice = value(&mut s.facts.jobs)[0].clone();
                value(&mut s.facts.jobs).push(twice);
            }),
            ("unread", |s| s.facts.jobs = Fact::unknown(UNREAD)),
        ],
    },
    Case {
        check: "HV-22",
        base: Scene::hyper_v_back,
        green: &[],
        red: &[
            ("not listed", |s| s.way(|way| way.host = Some(host_id("x")))),
            ("away", |s| {
                s.way(|way| way.host = Some(host_id("second")));
                connection(s, 1, "Disconnected");
            }),
        ],
        unknown: &[
            ("listed and connected", |s| {
                s.way(|way| way.host = Some(host_id("second")));
            }),
            ("unread", |s| {
                s.way(|way| way.host = Some(host_id("second")));
                unread_registrars(s);
            }),
        ],
    },
    Case {
        check: "HV-23",
        base: Scene::hyper_v_back,
        green: &[],
        red: &[],
        unknown: &[("to another host", |s| {
            s.way(|way| way.host = Some(host_id("second")));
        })],
    },
    Case {
        check: "HV-24",
        base: Scene::elsewhere,
        green: &[("to its own host", |s| s.way(|way| way.host = None))],
        red: &[("not ticked", |s| s.way(|way| way.create_vm = false))],
        unknown: &[],
    },
    Case {
        check: "HV-25",
        base: Scene::elsewhere,
        green: &[("to its own host", |s| s.way(|way| way.host = None))],
        red: &[
            ("the same host", |s| {
                s.way(|way| way.host = Some(host_id("host")))
            }),
            ("not listed", |s| s.way(|way| way.host = Some(host_id("x")))),
            ("no Hyper-V host", |s| {
                value(&mut s.facts.registrars)[1].kind = FabricKind::ClassicVmware;
            }),
            ("of another vault", |s| {
                let other = host_id("second").as_str().replace("/v/", "/w/");
                let other = ArmId::parse(&other).unwrap();
                value(&mut s.facts.registrars)[1].id = other.clone();
                s.way(|way| way.host = Some(other));
            }),
        ],
        unknown: &[
            ("its own is not told", |s| s.deep().more.registrar = None),
            ("unread", unread_registrars),
        ],
    },
    Case {
        check: "COM-01",
        base: || Scene::commit_of(Class::HyperV),
        green: &[("a state of its own", |s| {
            s.item().stage = Stage::Other("Failback completed".into());
        })],
        red: &[("not offered", |s| s.item().next.verbs.clear())],
        unknown: &[("a state of its own, and nothing offered", |s| {
            s.item().stage = Stage::Other("?".into());
            s.item().next.verbs.clear();
        })],
    },
    Case {
        check: "RPA-01",
        base: Scene::hyper_v_to_azure,
        green: &[("a state of its own", |s| {
            s.item().stage = Stage::Other("Failback finalised".into());
        })],
        red: &[
            ("its commit is pending", |s| {
                s.item().stage = Stage::CommitPending;
            }),
            ("not offered", |s| s.item().next.verbs.clear()),
        ],
        unknown: &[("a state of its own, and nothing offered", |s| {
            s.item().stage = Stage::Other("?".into());
            s.item().next.verbs.clear();
        })],
    },
    Case {
        check: "RPA-02",
        base: Scene::hyper_v_to_azure,
        green: &[],
        red: &[("no machine on the host", |s| {
            s.return_target(|t| t.host_vm = None);
        })],
        unknown: &[("unread", unread_item)],
    },
];
