use proptest::prelude::*;

use super::*;

/// Machines by number, each with its wave and those it waits for.
type Sketch = Vec<(usize, Vec<usize>)>;

fn id(at: usize) -> ArmId {
    ArmId::parse(&format!("/s/x/vaults/v/items/m{at}")).unwrap()
}

fn order(sketch: &Sketch) -> Result<Vec<Vec<usize>>, Knot> {
    let ids: Vec<ArmId> = (0..=sketch.len()).map(id).collect();
    let names: Vec<Text> = (0..sketch.len())
        .map(|at| format!("m{at}").into())
        .collect();
    let after: Vec<Vec<ArmId>> = sketch
        .iter()
        .map(|(_, after)| after.iter().map(|at| ids[*at].clone()).collect())
        .collect();
    let nodes: Vec<Node<'_>> = sketch
        .iter()
        .enumerate()
        .map(|(at, (wave, _))| Node {
            id: &ids[at],
            name: &names[at],
            wave: *wave,
            after: &after[at],
        })
        .collect();
    layers(&nodes)
}

/// What waits for what, the waves written out: every machine for every machine of every wave before.
fn edges(sketch: &Sketch) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for (at, (wave, after)) in sketch.iter().enumerate() {
        edges.extend(after.iter().map(|before| (*before, at)));
        let earlier = sketch
            .iter()
            .enumerate()
            .filter(|(_, other)| other.0 < *wave);
        edges.extend(earlier.map(|(before, _)| (before, at)));
    }
    edges
}

/// How long the longest way to each machine is, by walking every edge as often as there are machines;
/// `None` where that never comes to rest: a circle.
fn naive(sketch: &Sketch) -> Option<Vec<usize>> {
    let edges = edges(sketch);
    let mut depth = vec![0; sketch.len()];
    for _ in 0..=sketch.len() {
        let mut rests = true;
        for (before, after) in &edges {
            if depth[*after] < depth[*before] + 1 {
                depth[*after] = depth[*before] + 1;
                rests = false;
            }
        }
        if rests {
            return Some(depth);
        }
    }
    None
}

fn sketches() -> impl Strategy<Value = Sketch> {
    (1_usize..9).prop_flat_map(|size| {
        let after = prop::collection::vec(0..size, 0..3);
        prop::collection::vec((1_usize..4, after), size)
    })
}

proptest! {
    #[test]
    fn every_order_is_layered_as_the_longest_way_to_each_machine_or_refused_for_a_circle(
        sketch in sketches()
    ) {
        match (order(&sketch), naive(&sketch)) {
            (Ok(layers), Some(depth)) => {
                let mut seen = 0;
                for (layer, own) in layers.iter().enumerate() {
                    for at in own {
                        prop_assert_eq!(depth[*at], layer, "machine {}", at);
                        seen += 1;
                    }
                }
                prop_assert_eq!(seen, sketch.len());
            }
            (Err(Knot::Circle(way)), None) => {
                prop_assert_eq!(way.first(), way.last());
                let place = |name: &Text| name.as_str()[1..].parse::<usize>().unwrap();
                for step in way.windows(2) {
                    let (machine, waits_for) = (place(&step[0]), place(&step[1]));
                    prop_assert!(sketch[machine].1.contains(&waits_for));
                }
            }
            (Err(Knot::Later { own, later, .. }), None) => prop_assert!(later > own),
            (came, depth) => prop_assert!(false, "{came:?} {depth:?}"),
        }
    }
}

#[test]
fn a_knot_is_named() {
    let said = |sketch: Sketch| order(&sketch).unwrap_err().to_string();
    assert!(said(vec![(1, vec![0])]).starts_with("m0 -> m0: "));
    // What only leads to the circle is not in it.
    let circle = said(vec![(1, vec![1]), (1, vec![2]), (1, vec![1])]);
    assert!(circle.starts_with("m1 -> m2 -> m1: "), "{circle}");
    let later = said(vec![(1, vec![1]), (2, vec![])]);
    assert!(later.starts_with("m0 -> m1 -> m0: "), "{later}");
    assert!(
        later.contains("m0 of wave 1 waits for m1 of wave 2"),
        "{later}"
    );
    let stranger = said(vec![(1, vec![1])]);
    assert!(stranger.contains("no machine of the plan"), "{stranger}");
}
