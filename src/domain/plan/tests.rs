use super::*;

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/vaults/v/items/{name}")).unwrap()
}

fn recovered(name: &str) -> Recovered {
    Recovered::new(id(name), name.into())
}

fn recovery(waves: &[&[&str]]) -> Intent {
    let wave = |names: &&[&str]| Wave::of(names.iter().map(|name| recovered(name)).collect());
    Intent::FailBack(Recovery::new(waves.iter().map(wave).collect()))
}

fn plan(intent: Intent) -> Result<Plan, Fault> {
    Plan::new(PlanName::parse("ERP home").unwrap(), intent)
}

#[test]
fn a_plan_without_machines_or_with_one_twice_is_none() {
    assert_eq!(plan(recovery(&[])), Err(Fault::NoMachines));
    assert_eq!(plan(recovery(&[&["a"], &[]])), Err(Fault::EmptyWave(2)));
    let twice = plan(recovery(&[&["a", "b"], &["A"]]));
    assert_eq!(twice, Err(Fault::Twice(id("a"))));
}

#[test]
fn the_file_is_named_after_the_plan() {
    let slug = |name: &str| Slug::of(&PlanName::parse(name).unwrap()).to_string();
    assert_eq!(slug("ERP home"), "erp-home");
    assert_eq!(slug("  ../../etc/passwd "), "etc-passwd");
    assert!(slug("東京").starts_with("plan-"));
    assert_ne!(slug("東京"), slug("大阪"));
    for bad in ["", "-a", "a-", "a--b", "A", "a/b", "a.json"] {
        assert!(Slug::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_statement_falls_when_the_plan_or_the_fact_changes() {
    let mut plan = plan(recovery(&[&["a", "b"]])).unwrap();
    let subject = Subject::Machine(id("a"));
    let (fact, other) = (Fingerprint::of(["x"]), Fingerprint::of(["y"]));
    let statement = Statement {
        kind: StatementKind::Consent,
        check: "RP-01".into(),
        subject: subject.clone(),
        who: "ada".into(),
        when: jiff::Timestamp::UNIX_EPOCH,
        why: "agreed".into(),
        fact,
        part: plan.part(&subject),
    };
    let answers = |plan: &Plan, fact| statement.answers(plan, "RP-01", &subject, fact);
    assert!(answers(&plan, fact));
    assert!(!answers(&plan, other), "another fact");
    plan.name = PlanName::parse("renamed").unwrap();
    assert!(answers(&plan, fact), "a new name changes nothing");
    plan.decide(recovery(&[&["a"]])).unwrap();
    assert!(answers(&plan, fact), "another machine changes nothing");
    plan.decide(recovery(&[&["b"], &["a"]])).unwrap();
    assert!(!answers(&plan, fact), "another wave");
}

#[test]
fn where_one_word_ends_counts() {
    assert_ne!(Fingerprint::of(["ab", "c"]), Fingerprint::of(["a", "bc"]));
}

/// A recovery with what is said about the order of its machines.
fn ordered(waves: &[&[&str]], change: impl FnOnce(&mut Recovery)) -> Result<Plan, Fault> {
    let Intent::FailBack(mut own) = recovery(waves) else {
        unreachable!()
    };
    change(&mut own);
    plan(Intent::FailBack(own))
}

fn order(recovery: &mut Recovery, wave: usize, at: usize) -> &mut MachineOrder {
    &mut recovery.waves[wave].machines[at].order
}

#[test]
fn an_order_that_cannot_be_carried_out_is_no_plan_and_names_who_waits_for_whom() {
    let circle = ordered(&[&["web-01", "sql-01"]], |r| {
        order(r, 0, 0).after = vec![id("SQL-01")];
        order(r, 0, 1).after = vec![id("web-01")];
    });
    let said = circle.unwrap_err().to_string();
    assert!(said.starts_with("web-01 -> sql-01 -> web-01: "), "{said}");
    let later = ordered(&[&["web-01"], &["sql-01"]], |r| {
        order(r, 0, 0).after = vec![id("sql-01")];
    });
    assert!(matches!(later, Err(Fault::Knot(Knot::Later { .. }))));
    let stranger = ordered(&[&["web-01"]], |r| order(r, 0, 0).after = vec![id("x")]);
    assert!(matches!(stranger, Err(Fault::Knot(Knot::Stranger { .. }))));
    // To come after a machine of a wave before says nothing new, and is no fault.
    let before = ordered(&[&["sql-01"], &["web-01"]], |r| {
        order(r, 1, 0).after = vec![id("sql-01")];
    });
    assert!(before.is_ok());
}

#[test]
fn what_is_done_or_waited_for_is_refused_in_words_when_it_cannot_be() {
    let said = |change: fn(&mut Recovery)| ordered(&[&["a"]], change).unwrap_err().to_string();
    let minutes = Minutes(5);
    assert!(said(|r| r.waves[0].hooks.before = Some(Hook::new(vec![]))).contains("before wave 1"));
    assert!(
        said(|r| r.order.hooks.after = Some(Hook::new(vec!["".into()]))).contains("after the plan")
    );
    let well = said(|r| {
        order(r, 0, 0).hooks.after = Some(Hook {
            well: vec![],
            ..Hook::new(vec!["x".into()])
        });
    });
    assert!(
        well.contains("the command after a has no exit code"),
        "{well}"
    );
    assert!(said(|r| r.order.needs_person = Some(Caller::new(vec![]))).contains("calls a person"));
    let ready = |ready: Ready| {
        let bad = ordered(&[&["a"]], |r| order(r, 0, 0).ready = vec![ready]);
        bad.unwrap_err().to_string()
    };
    let tcp = |host: &str, port| Ready::Tcp {
        host: host.into(),
        port,
        limit: minutes,
    };
    let http = |url: &str, status| Ready::Http {
        url: url.into(),
        status,
        limit: minutes,
    };
    assert!(ready(tcp("a b", 1)).contains("names no host"));
    assert!(ready(tcp("a", 0)).contains("port 0"));
    assert!(ready(http("ftp://a", 200)).contains("names no address"));
    // A password would stand in the plan and in every journal.
    assert!(ready(http("https://kim:secret@a/", 200)).contains("without a user"));
    assert!(ready(http("https://a/", 99)).contains("status"));
    assert!(ready(Ready::Confirm(" ".into())).contains("asks a person nothing"));
}

#[test]
fn what_somebody_agreed_to_falls_when_the_order_around_it_changes() {
    let subject = Subject::Machine(id("a"));
    let plain = ordered(&[&["a", "b"]], |_| {}).unwrap().part(&subject);
    let changes: [fn(&mut Recovery); 6] = [
        |r| order(r, 0, 0).after = vec![id("b")],
        |r| order(r, 0, 0).optional = true,
        |r| order(r, 0, 0).ready = vec![Ready::Delay(Minutes(5))],
        |r| order(r, 0, 0).hooks.before = Some(Hook::new(vec!["x".into()])),
        |r| r.waves[0].hooks.after = Some(Hook::new(vec!["x".into()])),
        |r| r.order.at_once = std::num::NonZeroU32::new(1),
    ];
    for change in changes {
        let other = ordered(&[&["a", "b"]], change).unwrap();
        assert_ne!(other.part(&subject), plain);
    }
    let other = ordered(&[&["a", "b"]], |r| order(r, 0, 1).optional = true).unwrap();
    assert_eq!(other.part(&subject), plain, "another machine's place");
}
