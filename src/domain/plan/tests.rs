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
