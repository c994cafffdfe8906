//! Waves and dependencies as one graph: who is cut over after whom.
//!
//! A machine waits for all of the wave before its own and for the machines that it names. What
//! cannot be carried out - a circle, a machine that waits for a later wave - is refused, and named.

use std::collections::HashMap;

use thiserror::Error;

use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// One machine, with what it waits for.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub id: &'a ArmId,
    /// What people call it.
    pub name: &'a Text,
    /// Counted from 1.
    pub wave: usize,
    pub after: &'a [ArmId],
}

/// Why an order cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Knot {
    /// The first name is the last, too.
    #[error("{}: each waits for the next, so that none ever begins; remove one of them", arrows(.0))]
    Circle(Vec<Text>),
    #[error(
        "{machine} -> {after} -> {machine}: {machine} of wave {own} waits for {after} of wave \
         {later}, which waits for wave {own}; put one of the two into another wave, or remove the \
         dependency"
    )]
    Later {
        machine: Text,
        own: usize,
        after: Text,
        later: usize,
    },
    #[error(
        "{machine} -> {after}: that is no machine of the plan; add it, or remove the dependency"
    )]
    Stranger { machine: Text, after: ArmId },
}

fn arrows(names: &[Text]) -> String {
    let names: Vec<&str> = names.iter().map(Text::as_str).collect();
    names.join(" -> ")
}

/// The machines by layers, each given by its place in `nodes`: what stands in one layer is cut over
/// together, and after everything that it waits for. `nodes` hold no machine twice.
///
/// # Errors
/// The first knot, in the order of `nodes`.
pub fn layers(nodes: &[Node<'_>]) -> Result<Vec<Vec<usize>>, Knot> {
    let places: HashMap<&ArmId, usize> = nodes.iter().map(|n| n.id).zip(0..).collect();
    let mut before = Vec::with_capacity(nodes.len());
    for node in nodes {
        before.push(within(nodes, &places, node)?);
    }
    let mut waves: Vec<usize> = nodes.iter().map(|node| node.wave).collect();
    waves.sort_unstable();
    waves.dedup();
    let mut layers = Vec::new();
    let mut done = vec![false; nodes.len()];
    for wave in waves {
        let own = |at: &usize| nodes[*at].wave == wave;
        let mut left: Vec<usize> = (0..nodes.len()).filter(own).collect();
        while !left.is_empty() {
            let free = |at: &usize| before[*at].iter().all(|at| done[*at]);
            let (layer, rest): (Vec<_>, Vec<_>) = left.iter().partition(|at| free(at));
            if layer.is_empty() {
                return Err(Knot::Circle(circle(nodes, &before, &done, rest[0])));
            }
            layer.iter().for_each(|at| done[*at] = true);
            layers.push(layer);
            left = rest;
        }
    }
    Ok(layers)
}

/// The places of what a machine waits for in its own wave; what is in a wave before is waited for
/// anyhow.
fn within(
    nodes: &[Node<'_>],
    places: &HashMap<&ArmId, usize>,
    node: &Node<'_>,
) -> Result<Vec<usize>, Knot> {
    let mut own = Vec::new();
    for id in node.after {
        let Some(at) = places.get(id).copied() else {
            return Err(Knot::Stranger {
                machine: node.name.clone(),
                after: id.clone(),
            });
        };
        let other = &nodes[at];
        if other.wave > node.wave {
            return Err(Knot::Later {
                machine: node.name.clone(),
                own: node.wave,
                after: other.name.clone(),
                later: other.wave,
            });
        }
        if other.wave == node.wave {
            own.push(at);
        }
    }
    Ok(own)
}

/// The names along a circle. Whoever is not done here waits for somebody who is not done, so that
/// following them comes back to one who was met.
fn circle(nodes: &[Node<'_>], before: &[Vec<usize>], done: &[bool], start: usize) -> Vec<Text> {
    let mut way = vec![start];
    loop {
        let last = way[way.len() - 1];
        let next = before[last].iter().copied().find(|at| !done[*at]);
        let Some(next) = next else {
            break;
        };
        let met = way.iter().position(|at| *at == next);
        way.push(next);
        if let Some(met) = met {
            way.drain(..met);
            break;
        }
    }
    way.iter().map(|at| nodes[*at].name.clone()).collect()
}

#[cfg(test)]
mod tests;
