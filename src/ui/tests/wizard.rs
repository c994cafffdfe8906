//! The wizards by keys: what is seen, what is taken, what stands in the way and what never does.

mod answering;
mod drafts;
mod looks;
mod ordering;
mod readiness;
mod stage;

pub use stage::{
    agreeing, finding_of, handing, id, judge, learn_of, line, open, saved, until, with_drafts,
    wizard,
};
