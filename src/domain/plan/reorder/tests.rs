use super::*;
use crate::domain::plan::{Fault, Knot, Plan, PlanName, Recovered, Recovery, Selected, Selection};

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/vaults/v/items/{name}")).unwrap()
}

fn intent(waves: &[&[&str]]) -> Intent {
    let own = |name: &&str| Recovered::new(id(name), (*name).into());
    let wave = |names: &&[&str]| Wave::of(names.iter().map(own).collect());
    Intent::FailBack(Recovery::new(waves.iter().map(wave).collect()))
}

fn waves(intent: &Intent) -> Vec<Vec<&str>> {
    let Intent::FailBack(recovery) = intent else {
        panic!("{intent:?}");
    };
    recovery
        .waves
        .iter()
        .map(|wave| wave.machines.iter().map(|m| m.name.as_str()).collect())
        .collect()
}

fn hook(program: &str) -> Option<Hook> {
    Some(Hook::new(vec![program.into()]))
}

#[test]
fn machines_go_to_other_waves_and_waves_close_up() {
    let two = intent(&[&["a", "b"], &["c"]]);
    let to = |changes: &[(&str, usize)]| {
        let all: Vec<Reorder> = changes
            .iter()
            .map(|(name, to)| Reorder::Wave(id(name), *to))
            .collect();
        two.reordered(&all).unwrap()
    };
    assert_eq!(waves(&to(&[("b", 3)])), [vec!["a"], vec!["c"], vec!["b"]]);
    assert_eq!(waves(&to(&[("c", 1)])), [vec!["a", "b", "c"]]);
    assert_eq!(
        waves(&to(&[("a", 9), ("b", 9)])),
        [vec!["c"], vec!["a", "b"]]
    );
    assert_eq!(
        waves(&to(&[("b", 2), ("c", 1)])),
        [vec!["a", "c"], vec!["b"]]
    );
}

#[test]
fn commands_of_a_wave_are_never_lost_by_moving_its_machines() {
    let two = intent(&[&["a"], &["b"]]);
    let after = Reorder::CommandAfter(What::Wave(2), hook("check"));
    let with = two.reordered(&[after]).unwrap();
    let away = Reorder::Wave(id("b"), 1);
    let why = with.reordered(std::slice::from_ref(&away)).unwrap_err();
    assert!(why.contains("wave 2 would hold no machine"), "{why}");
    let none = Reorder::CommandAfter(What::Wave(2), None);
    let without = with.reordered(&[none]).unwrap();
    assert_eq!(
        waves(&without.reordered(&[away]).unwrap()),
        [vec!["a", "b"]]
    );
    // A command is of the wave as it is once everybody is in place, wherever it stands.
    let moved = two.reordered(&[
        Reorder::CommandBefore(What::Wave(3), hook("check")),
        Reorder::Wave(id("a"), 9),
    ]);
    assert!(moved.unwrap_err().contains("no wave 3: the last one is 2"));
}

#[test]
fn what_was_said_can_be_taken_back() {
    let one = intent(&[&["a", "b"]]);
    let said = [
        Reorder::After(id("b"), vec![id("a")]),
        Reorder::Optional(id("a"), true),
        Reorder::Healthy(id("a"), Some(Minutes(5))),
        Reorder::WaitFor(id("a"), vec![Ready::Delay(Minutes(1))]),
        Reorder::CommandBefore(What::Machine(id("a")), hook("x")),
        Reorder::CommandAfter(What::Plan, hook("x")),
        Reorder::AtOnce(NonZeroU32::new(2)),
        Reorder::NeedsPerson(Some(Caller::new(vec!["page".into()]))),
        Reorder::CommitWindow(Some(Minutes(30))),
        Reorder::Checks(vec!["the shop".into()]),
    ];
    let none = [
        Reorder::After(id("b"), vec![]),
        Reorder::Optional(id("a"), false),
        Reorder::Healthy(id("a"), None),
        Reorder::WaitFor(id("a"), vec![]),
        Reorder::CommandBefore(What::Machine(id("a")), None),
        Reorder::CommandAfter(What::Plan, None),
        Reorder::AtOnce(None),
        Reorder::NeedsPerson(None),
        Reorder::CommitWindow(None),
        Reorder::Checks(vec![]),
    ];
    for (put, take) in said.iter().zip(&none) {
        let with = one.reordered(std::slice::from_ref(put)).unwrap();
        assert_ne!(with, one, "{put:?}");
        let back = with.reordered(std::slice::from_ref(take)).unwrap();
        assert_eq!(back, one, "{take:?}");
    }
}

#[test]
fn who_is_not_in_the_plan_and_what_has_no_order_is_refused() {
    let one = intent(&[&["a", "b"]]);
    let stranger = Reorder::Optional(id("q"), true);
    assert!(
        one.reordered(&[stranger])
            .unwrap_err()
            .contains("q is not in the plan")
    );
    let own = Selected {
        id: id("a"),
        name: "a".into(),
    };
    let commit = Intent::Commit(Selection {
        machines: vec![own],
    });
    assert!(
        commit
            .reordered(&[])
            .unwrap_err()
            .contains("a plan to commit has no order")
    );
    // A circle is what no plan takes.
    let circle = one.reordered(&[
        Reorder::After(id("a"), vec![id("b")]),
        Reorder::After(id("b"), vec![id("a")]),
    ]);
    let mut plan = Plan::new(PlanName::parse("p").unwrap(), one).unwrap();
    let refused = plan.decide(circle.unwrap());
    assert!(matches!(refused, Err(Fault::Knot(Knot::Circle(_)))));
}
