//! What is done and waited for around the cut-overs.

use super::Case;
use crate::domain::plan::{Caller, Hook, MachineOrder, Minutes, Quiesce, Ready};
use crate::readiness::facts::{Fact, Program, Source};
use crate::readiness::tests::scene::{Scene, told};

fn hook() -> Option<Hook> {
    Some(Hook::new(vec!["dns-switch".into(), "web".into()]))
}

/// With a command after its wave that can be started here.
fn with_command() -> Scene {
    let mut s = Scene::fail_back();
    s.recovery(|r| r.waves[0].hooks.after = hook());
    found(&mut s, Program::Runs);
    s
}

fn found(s: &mut Scene, program: Program) {
    s.facts.programs = told(vec![("dns-switch".to_owned(), program)], Source::Here);
}

fn own(s: &mut Scene, change: impl FnOnce(&mut MachineOrder)) {
    s.recovery(|r| change(&mut r.waves[0].machines[0].order));
}

const LIMIT: Minutes = Minutes(5);

fn http(url: &str) -> Vec<Ready> {
    vec![Ready::Http {
        url: url.into(),
        status: 200,
        limit: LIMIT,
    }]
}

fn tcp(host: &str) -> Vec<Ready> {
    vec![Ready::Tcp {
        host: host.into(),
        port: 443,
        limit: LIMIT,
    }]
}

pub const CASES: &[Case] = &[
    Case {
        check: "ORD-01",
        base: with_command,
        green: &[
            ("no command, and nothing looked for", |s| {
                s.recovery(|r| r.waves[0].hooks.after = None);
                s.facts.programs = Fact::unknown("it was not read");
            }),
            ("the same program for two ends", |s| {
                s.recovery(|r| {
                    r.order.needs_person = Some(Caller::new(vec!["dns-switch".into()]));
                });
            }),
        ],
        red: &[
            ("it is not there", |s| found(s, Program::Missing)),
            ("it may not be executed", |s| {
                found(s, Program::NotExecutable)
            }),
            ("its path begins nowhere", |s| found(s, Program::Relative)),
            ("another command was not looked for", |s| {
                s.recovery(|r| {
                    r.quiesce = Quiesce::Hook {
                        command: vec!["stop-erp".into()],
                        limit: LIMIT,
                    };
                });
            }),
            ("who calls a person is not there", |s| {
                s.recovery(|r| {
                    r.waves[0].hooks.after = None;
                    r.order.needs_person = Some(Caller::new(vec!["dns-switch".into()]));
                });
                found(s, Program::Missing);
            }),
        ],
        unknown: &[("not looked for", |s| {
            s.facts.programs = Fact::unknown("it was not read");
        })],
    },
    Case {
        check: "ORD-02",
        base: Scene::fail_back,
        green: &[
            ("another host", |s| own(s, |o| o.ready = tcp("web-01"))),
            ("an address of the machine", |s| {
                own(s, |o| o.ready = http("https://[fd00::7]:8443/health"));
            }),
            ("nothing but a delay", |s| {
                own(s, |o| o.ready = vec![Ready::Delay(LIMIT)]);
            }),
        ],
        red: &[
            ("by its name", |s| own(s, |o| o.ready = tcp("LocalHost"))),
            ("by an address", |s| own(s, |o| o.ready = tcp("127.0.1.1"))),
            ("by an address of IPv6", |s| {
                own(s, |o| o.ready = http("http://[::1]:80/"));
            }),
            ("in a URL with a port", |s| {
                own(s, |o| o.ready = http("http://localhost:8080/health"));
            }),
        ],
        unknown: &[],
    },
    Case {
        check: "ORD-03",
        base: Scene::hyper_v_back,
        green: &[("an answer on a port", |s| {
            own(s, |o| o.ready = tcp("hv-01"))
        })],
        red: &[
            ("a heartbeat", |s| {
                own(s, |o| o.ready = vec![Ready::Heartbeat { limit: LIMIT }]);
            }),
            ("a healthy replication", |s| {
                own(s, |o| o.replication = Some(LIMIT));
            }),
        ],
        unknown: &[("nobody knows what it is", |s| {
            own(s, |o| o.ready = vec![Ready::Heartbeat { limit: LIMIT }]);
            s.own().item = Fact::unknown("it was not read");
        })],
    },
    // Of machines with an agent a heartbeat is a good thing to wait for.
    Case {
        check: "ORD-03",
        base: Scene::fail_back,
        green: &[("a heartbeat", |s| {
            own(s, |o| o.ready = vec![Ready::Heartbeat { limit: LIMIT }]);
        })],
        red: &[],
        unknown: &[],
    },
];
