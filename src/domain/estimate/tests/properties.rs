//! What holds of every plan, whatever its order and its past.

use proptest::prelude::*;

use super::*;

fn step() -> impl Strategy<Value = StepKind> {
    prop::sample::select(vec![
        StepKind::Quiesce,
        StepKind::Drain,
        StepKind::StopAzureVm,
        StepKind::FailBack,
        StepKind::VerifyAzureOff,
        StepKind::Commit,
    ])
}

/// A plan of up to a dozen machines in up to four waves, each waiting for some before it in the list.
fn plans() -> impl Strategy<Value = Vec<Planned>> {
    let machine = (
        1..4_usize,
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::collection::vec(step(), 0..3),
        prop::collection::vec(step(), 0..3),
        any::<bool>(),
    );
    prop::collection::vec(machine, 1..12).prop_map(|machines| {
        let mut all: Vec<Planned> = Vec::new();
        for (at, (wave, after, before, behind, door)) in machines.into_iter().enumerate() {
            let after: Vec<String> = after
                .iter()
                .filter(|_| at > 0)
                .map(|index| format!("m{}", index.index(at)))
                .collect();
            let after: Vec<&str> = after.iter().map(String::as_str).collect();
            let mut steps = before;
            steps.extend(door.then_some(StepKind::Door));
            steps.extend(behind);
            all.push(planned(&format!("m{at}"), wave, &after, &steps));
        }
        all
    })
}

fn pasts() -> impl Strategy<Value = History> {
    let run = prop::collection::vec((step(), 0..10_000_i64), 0..6);
    prop::collection::vec(run, 0..5).prop_map(|runs| {
        let runs: Vec<&[(StepKind, i64)]> = runs.iter().map(Vec::as_slice).collect();
        history(&runs)
    })
}

fn is_ordered(range: Range) -> bool {
    range.low() <= range.likely() && range.likely() <= range.high()
}

proptest! {
    #[test]
    fn every_range_is_in_order_and_the_whole_is_at_least_the_longest_machine(
        machines in plans(),
        history in pasts(),
    ) {
        let forecast = plan(&machines, &history);
        prop_assert!(is_ordered(forecast.total));
        for own in &forecast.machines {
            prop_assert!(is_ordered(own.own) && is_ordered(own.arrives));
            for (of, whole) in [(own.own, own.arrives), (own.arrives, forecast.total)] {
                prop_assert!(of.low() <= whole.low());
                prop_assert!(of.likely() <= whole.likely());
                prop_assert!(of.high() <= whole.high());
            }
        }
    }

    #[test]
    fn the_critical_path_is_a_way_through_the_order_and_as_long_as_the_whole(
        machines in plans(),
        history in pasts(),
    ) {
        let forecast = plan(&machines, &history);
        let legs = &forecast.path;
        let sum: u64 = legs.iter().filter_map(|leg| Some(leg.guess.range()?.likely())).sum();
        prop_assert_eq!(sum, forecast.total.likely());
        let of = |id: &ArmId| machines.iter().find(|m| m.id == *id).unwrap();
        let runs: Vec<&[Leg]> = legs.chunk_by(|a, b| a.machine == b.machine).collect();
        for own in &runs {
            // In the order of the recipe.
            let steps = &of(&own[0].machine).steps;
            let mut rest = steps.iter();
            prop_assert!(own.iter().all(|leg| rest.any(|step| *step == leg.step)));
        }
        for (own, next) in runs.iter().zip(runs.iter().skip(1)) {
            let (own, next) = (of(&own[0].machine), of(&next[0].machine));
            prop_assert!(next.steps.contains(&StepKind::Door));
            // A machine between the two may have nothing to count: then it stands for what it
            // waited for.
            let behind = own.wave < next.wave || waits_for(&machines, next, &own.id);
            prop_assert!(behind, "{} before {}", own.name, next.name);
        }
    }

    #[test]
    fn more_to_move_never_takes_less(
        machines in plans(),
        history in pasts(),
        pending in 0..1_000_000_000_u64,
        more in 0..1_000_000_000_u64,
        rate in 1..1_000_000_u64,
    ) {
        let with = |pending| {
            let facts = Facts { pending: Some(Bytes(pending)), rate: Some(rate), ..Facts::default() };
            let mut known = Known::default();
            machines.iter().for_each(|m| known.set(m.id.clone(), facts));
            of_plan(&machines, &known, &history).total
        };
        let (less, more) = (with(pending), with(pending + more));
        prop_assert!(less.low() <= more.low());
        prop_assert!(less.likely() <= more.likely());
        prop_assert!(less.high() <= more.high());
    }

    #[test]
    fn what_is_left_of_a_running_step_is_in_order_and_never_nothing(
        low in 0..100_000_u64,
        likely in 0..100_000_u64,
        high in 0..100_000_u64,
        elapsed in 0..1_000_000_u64,
    ) {
        let range = Range::new(low, likely, high).after(elapsed);
        prop_assert!(is_ordered(range));
        prop_assert!(range.low() >= 1);
    }
}

/// Whether a machine waits for another, over whichever others.
fn waits_for(machines: &[Planned], own: &Planned, other: &ArmId) -> bool {
    own.after.iter().any(|id| {
        let next = machines.iter().find(|m| m.id == *id);
        id == other
            || next.is_some_and(|next| next.wave <= own.wave && waits_for(machines, next, other))
    })
}
