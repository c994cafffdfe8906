//! Consents and attestations: given to what was seen, and fallen with it.

use super::scene::{Scene, minutes_ago, now};
use crate::domain::plan::{PointChoice, StatementKind, Subject};
use crate::domain::{Health, Person};
use crate::readiness::facts::{AzureVm, Fact, Source};
use crate::readiness::{NotStated, Outcome, Wish};

fn person() -> Person {
    Person {
        name: "ada".into(),
        host: "jump".into(),
        from: None,
    }
}

fn wish<'a>(kind: StatementKind, check: &'a str, who: &'a Person) -> Wish<'a> {
    Wish {
        kind,
        check,
        subject: None,
        who,
        when: now(),
        why: "looked at it".into(),
    }
}

/// States, and keeps it in the plan.
fn say(scene: &mut Scene, kind: StatementKind, check: &str) -> Result<(), NotStated> {
    let who = person();
    let said = scene.judge().state(&scene.plan, &wish(kind, check, &who))?;
    scene.plan.statements.extend(said);
    Ok(())
}

fn blocks(scene: &Scene, check: &str) -> bool {
    scene
        .judge()
        .of(check)
        .any(crate::readiness::Finding::blocks)
}

/// A plan that needs one consent.
fn losing() -> Scene {
    let mut scene = Scene::fail_back();
    scene.recovery(|r| r.point = PointChoice::LatestApplication);
    scene
}

#[test]
fn a_consent_lets_a_warning_through_and_says_who_when_and_why() {
    let mut scene = losing();
    assert!(!scene.judge().ready());
    say(&mut scene, StatementKind::Consent, "rp-04").unwrap();
    let found = scene.judge();
    assert!(found.ready());
    let finding = found.of("RP-04").next().unwrap();
    assert_eq!(finding.outcome, Outcome::Failed, "it stays what it is");
    let answer = finding.answer.as_ref().unwrap();
    let told = (answer.who.as_str(), answer.when, answer.why.as_str());
    assert_eq!(told, ("ada on jump", now(), "looked at it"));
}

#[test]
fn a_consent_holds_while_the_loss_is_much_the_same_and_falls_when_it_grows() {
    let mut scene = losing();
    say(&mut scene, StatementKind::Consent, "RP-04").unwrap();
    scene.deep().tags[0].time = Some(minutes_ago(58));
    assert!(!blocks(&scene, "RP-04"), "still within the hour");
    scene.deep().tags[0].time = Some(minutes_ago(61));
    assert!(blocks(&scene, "RP-04"), "another hour");
}

#[test]
fn a_consent_falls_when_the_machine_s_part_of_the_plan_changes() {
    let mut scene = losing();
    say(&mut scene, StatementKind::Consent, "RP-04").unwrap();
    scene.recovery(|r| r.drain.limit.0 += 1);
    assert!(blocks(&scene, "RP-04"));
}

#[test]
fn an_attestation_answers_the_unknown_and_does_not_make_it_passed() {
    let mut scene = Scene::fail_back();
    scene.facts = scene.facts.without(Source::Compute);
    let unknown = scene.judge().count(Outcome::Unknown);
    for check in ["ELIG-04", "ELIG-05", "AZVM-01"] {
        say(&mut scene, StatementKind::Attestation, check).unwrap();
    }
    let found = scene.judge();
    assert!(found.ready());
    assert_eq!(found.count(Outcome::Unknown), unknown);
    assert_eq!(found.answered().count(), 3);
}

#[test]
fn an_attestation_falls_when_the_reason_is_another_or_the_truth_comes_out() {
    let mut scene = Scene::fail_back();
    scene.own().azure_vm = Fact::unknown("Azure is busy");
    for check in ["ELIG-04", "ELIG-05", "AZVM-01"] {
        say(&mut scene, StatementKind::Attestation, check).unwrap();
    }
    assert!(scene.judge().ready());
    let mut other = scene.clone();
    other.own().azure_vm = Fact::unknown("this identity has no role that allows it");
    assert!(!other.judge().ready(), "unknown for another reason");
    scene.vm(AzureVm::Missing);
    assert!(!scene.judge().ready(), "it was seen to be gone");
}

#[test]
fn a_consent_answers_no_doubt_and_an_attestation_no_warning() {
    let mut scene = losing();
    say(&mut scene, StatementKind::Consent, "RP-04").unwrap();
    scene.own().deep = Fact::unknown("it was not read");
    assert!(blocks(&scene, "RP-04"));
    let mut scene = losing();
    let refused = say(&mut scene, StatementKind::Attestation, "RP-04");
    assert_eq!(refused, Err(NotStated::Known("RP-04")));
}

#[test]
fn nobody_consents_to_a_blocker() {
    let mut scene = Scene::fail_back();
    scene.item().health = Health::Critical;
    for kind in [StatementKind::Consent, StatementKind::Attestation] {
        let refused = say(&mut scene, kind, "FB-02").unwrap_err();
        assert!(matches!(refused, NotStated::Blocks { .. }), "{refused}");
        assert!(refused.to_string().contains("caught up"), "what to do");
    }
    assert!(!scene.judge().ready());
}

#[test]
fn what_is_wished_for_in_vain_says_why() {
    let mut scene = Scene::fail_back();
    let consent = StatementKind::Consent;
    assert!(matches!(
        say(&mut scene, consent, "XX-99"),
        Err(NotStated::NoCheck(_))
    ));
    assert!(matches!(
        say(&mut scene, consent, "POL-04"),
        Err(NotStated::NotAsked { .. })
    ));
    assert_eq!(
        say(&mut scene, consent, "FB-03"),
        Err(NotStated::NothingWrong("FB-03"))
    );
    scene.facts = scene.facts.without(Source::Compute);
    assert_eq!(
        say(&mut scene, consent, "AZVM-01"),
        Err(NotStated::Attest("AZVM-01"))
    );
    let who = person();
    let silent = Wish {
        why: " ".into(),
        ..wish(StatementKind::Attestation, "AZVM-01", &who)
    };
    let refused = scene.judge().state(&scene.plan, &silent);
    assert_eq!(refused, Err(NotStated::NoWords));
}

#[test]
fn a_statement_about_one_machine_leaves_the_others_waiting() {
    let mut scene = losing();
    scene.group();
    let who = person();
    let subject = Subject::Machine(super::scene::id("a"));
    let one = Wish {
        subject: Some(&subject),
        ..wish(StatementKind::Consent, "RP-04", &who)
    };
    let said = scene.judge().state(&scene.plan, &one).unwrap();
    assert_eq!(said.len(), 1);
    scene.plan.statements.extend(said);
    let found = scene.judge();
    let waiting: Vec<_> = found.waiting(StatementKind::Consent).collect();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].subject, Subject::Machine(super::scene::id("b")));
}
