//! What the screens want done, and what comes back. The screens themselves never do I/O.

use std::sync::Arc;

use crate::domain::draft::{Draft, DraftId};
use crate::domain::estimate;
use crate::domain::infrastructure::Fabric;
use crate::domain::machine::Detail;
use crate::domain::offers::{Choices, Offered};
use crate::domain::plan::{Slug, Statement};
use crate::domain::run::{Letter, Request, RunId};
use crate::domain::{ArmId, Failure, Job, Machine, Plan};
use crate::runner::Standing;
use crate::site::{AgentTold, Asked, Evidence, Finding, Handed, Identity, Kept, Registry, Update};
use crate::store::{DraftListing, Profile};
use crate::ui::model::monitor::{Readied, Story, Told, Watched};

/// Counts what was asked for, so that a late answer to something already left is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Generation(pub u64);

impl Generation {
    /// Leaves everything asked for so far behind.
    pub fn advance(&mut self) -> Self {
        self.0 += 1;
        *self
    }
}

/// Work for the one who performs effects.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Reads the whole site: answers with [`Message::Estate`], the last one [`Update::Ended`].
    Gather { generation: Generation },
    /// Reads one machine deeply: answers with [`Message::Detail`].
    ReadMachine { id: ArmId, generation: Generation },
    /// Reads one job whole: answers with [`Message::Job`].
    ReadJob { id: ArmId, generation: Generation },
    /// Tries a site out: answers with one [`Message::Tested`] a finding, then
    /// [`Message::TestEnded`].
    TestProfile {
        profile: Box<Profile>,
        generation: Generation,
    },
    /// Tells of the plans and runs on disk, now and whenever they change, until a later one begins:
    /// answers with [`Message::Watched`].
    Watch { generation: Generation },
    /// Reads a run that ended whole: answers with [`Message::RunRead`].
    ReadRun { id: RunId, generation: Generation },
    /// Reads every run of the site: answers with [`Message::History`], a part at a time.
    ReadHistory { generation: Generation },
    /// Learns from the past runs of the site how long steps take: answers with [`Message::Past`].
    ReadPast { generation: Generation },
    /// Finds out whether a plan may be launched, and what would be sent: answers with
    /// [`Message::Readied`].
    Ready {
        plan: Arc<Plan>,
        /// What the agents' own files said of its machines.
        evidence: Evidence,
        generation: Generation,
    },
    /// Keeps what a person said to the findings of a plan, in its file: answers with
    /// [`Message::StatementsKept`].
    KeepStatements {
        /// As it was when that was said.
        plan: Arc<Plan>,
        said: Vec<Statement>,
    },
    /// Starts the process that carries a plan out: answers with [`Message::Launched`].
    Launch {
        plan: Arc<Plan>,
        /// Whether it is kept under its name, not the one behind a single action.
        named: bool,
        /// What the person who launches it has answered already.
        standing: Vec<Standing>,
        /// As in [`Self::Ready`].
        evidence: Evidence,
    },
    /// Starts a new process for a run that none carries out any more: answers with
    /// [`Message::Resumed`].
    Resume { run: RunId },
    /// Puts a letter into a run's inbox: answers with [`Message::Put`].
    Put { run: RunId, request: Request },
    /// Reads what can be chosen beside machines and servers: answers with [`Message::Choices`].
    ReadChoices { generation: Generation },
    /// Reads machines deeply for a wizard: answers with [`Message::Offered`].
    ReadOffered {
        machines: Vec<Arc<Machine>>,
        generation: Generation,
    },
    /// Reads how the classic machines are registered: answers with [`Message::Identities`].
    ReadIdentities {
        machines: Vec<Arc<Machine>>,
        fabrics: Vec<Fabric>,
        generation: Generation,
    },
    /// Fetches one machine's drscout.conf: answers with [`Message::Agent`], unless it is stopped.
    ReadAgent {
        fetch: Box<Fetch>,
        generation: Generation,
    },
    /// No longer waits for what [`Self::ReadAgent`] fetches.
    StopAgent { generation: Generation },
    /// Looks into a machine by Run Command and keeps what was seen: answers with
    /// [`Message::Recorded`], unless it is stopped.
    RecordGuest {
        machine: ArmId,
        generation: Generation,
    },
    /// No longer waits for what [`Self::RecordGuest`] looks into.
    StopRecording { generation: Generation },
    /// Reads the drafts that wait: answers with [`Message::Drafts`].
    ListDrafts,
    /// Keeps a draft: answers with [`Message::DraftSaved`].
    SaveDraft { id: DraftId, draft: Box<Draft> },
    /// Removes a draft; answers with [`Message::DraftSaved`] when it cannot be.
    DiscardDraft { id: DraftId },
    /// Keeps a finished plan and removes its draft: answers with [`Message::PlanKept`].
    KeepPlan {
        plan: Box<Plan>,
        draft: DraftId,
        /// Whether it is to be launched once it is kept.
        now: bool,
    },
    /// Keeps a profile and makes it the site that is read from now on: answers with
    /// [`Message::Saved`].
    SaveProfile { profile: Box<Profile> },
}

/// How a machine's drscout.conf is fetched.
#[derive(Clone, Debug)]
pub enum Fetch {
    RunCommand(Asked),
    Handed(Handed),
}

/// News for the screens.
#[derive(Debug)]
pub enum Message {
    Estate(Generation, Update),
    Detail(Generation, Box<Result<(Machine, Detail), Failure>>),
    Job(Generation, Box<Result<Job, Failure>>),
    Tested(Generation, Finding),
    TestEnded(Generation),
    Saved(Result<String, Box<Failure>>),
    Watched(Generation, Watched),
    RunRead(Generation, Box<Result<Story, Failure>>),
    History(Generation, Told),
    Past(Generation, Arc<estimate::History>),
    Readied(Generation, Box<Result<Readied, Failure>>),
    Choices(Generation, Box<Choices>),
    Offered(Generation, Vec<Offered>),
    Identities(Generation, Box<Result<(Registry, Vec<Identity>), Failure>>),
    Agent(Generation, Box<Result<AgentTold, Failure>>),
    Recorded(Generation, Box<Result<Kept, Failure>>),
    Drafts(Box<DraftListing>),
    DraftSaved(DraftId, Result<(), Box<Failure>>),
    PlanKept(Result<Box<Plan>, Box<Failure>>, bool),
    StatementsKept(Slug, Result<Box<Plan>, Box<Failure>>),
    Launched(Slug, Result<RunId, Box<Failure>>),
    Resumed(RunId, Result<(), Box<Failure>>),
    Put {
        run: RunId,
        request: Request,
        put: Result<Letter, Box<Failure>>,
    },
}
