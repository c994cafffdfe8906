//! The ground floor: what the trade talks about, as values.
//!
//! Machines, what they can do next, jobs, infrastructure, recovery points, and text that came from
//! outside made safe to show. Nothing here reads a file, a socket or a clock, and nothing here knows
//! how Azure spells things on the wire: wire types become these at the door of the room that read
//! them.

pub mod call;
pub mod caution;
pub mod citation;
pub mod draft;
pub mod estimate;
pub mod failure;
pub mod guest;
pub mod identity;
pub mod ids;
pub mod infrastructure;
pub mod job;
pub mod machine;
pub mod offers;
pub mod particulars;
pub mod person;
pub mod place;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod recipe;
pub mod recovery_point;
pub mod refusal;
pub mod registration;
pub mod run;
pub mod size;
pub mod source;
pub mod stage;
pub mod text;
pub mod verb;

pub use call::{Call, Change, Method};
pub use draft::{Answer, Draft, DraftId, WizardKind};
pub use failure::{Failure, Retry};
pub use ids::{ArmId, JobId, RequestId};
pub use job::{Job, JobState, Outcome, Task};
pub use machine::{Detail, Machine};
pub use offers::Offers;
pub use person::Person;
pub use place::{Class, Generation, Place, Provider};
pub use plan::{Intent, Plan, Slug, Subject};
pub use policy::Policy;
pub use problem::{Health, Level, Problem};
pub use recipe::{Course, Recipe, Step, StepKind};
pub use refusal::{Refusal, Situation};
pub use registration::{AgentId, Discovery, Registration};
pub use size::Bytes;
pub use stage::Stage;
pub use text::Text;
pub use verb::{Next, Verb};
