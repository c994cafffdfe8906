//! What lies on top of a screen. Only the topmost one takes keys.

use super::identities::Handing;
use super::menu::Menu;
use super::monitor::{Asking, History, Launching, Stopping};
use super::picking::Picking;
use super::recording::Agreeing;
use super::wizard::{DraftsView, Stating};
use crate::domain::run::RunId;
use crate::domain::{ArmId, Failure, Job, Text};
use crate::ui::action::Scope;
use crate::ui::effect::Generation;
use crate::ui::field::Field;

/// One layer.
#[derive(Debug)]
pub enum Overlay {
    Help {
        top: usize,
    },
    Palette(Palette),
    /// A job of Azure's list.
    Job(Box<JobView>),
    /// Each part of the estate: when it was read, and why not.
    Sources {
        top: usize,
    },
    /// One fabric, or one of its components.
    Server {
        fabric: ArmId,
        component: Option<Text>,
        top: usize,
    },
    /// The open machine without frames.
    Plain {
        top: usize,
    },
    /// A question of a run.
    Question(Box<Asking>),
    /// All runs.
    History(Box<History>),
    /// A plan that is to be launched.
    Launch(Box<Launching>),
    /// What can be asked of machines.
    Menu(Menu),
    /// What an action wants to know first.
    Pick(Box<Picking>),
    /// A run that is to be stopped, or to go on.
    Stop(Box<Stopping>),
    /// Help of the field that the keys are on.
    FieldHelp {
        top: usize,
    },
    /// A group of findings, by its number.
    Finding {
        group: usize,
        top: usize,
    },
    /// A consent or an attestation.
    State(Box<Stating>),
    /// A machine's drscout.conf is handed over.
    Hand(Box<Handing>),
    /// A script is to be run in machines.
    Record(Box<Agreeing>),
    /// The drafts that wait.
    Drafts(DraftsView),
    /// One machine of a run.
    RunMachine {
        run: RunId,
        machine: ArmId,
        top: usize,
    },
    Failure {
        title: String,
        failure: Box<Failure>,
        top: usize,
    },
}

/// The list of commands.
#[derive(Debug, Default)]
pub struct Palette {
    pub field: Field,
    pub cursor: usize,
}

/// A job being looked at.
#[derive(Debug)]
pub struct JobView {
    pub id: ArmId,
    pub generation: Generation,
    /// As the list has it, until it was read whole.
    pub job: Job,
    /// `None` while it is being read.
    pub read: Option<Result<(), Failure>>,
    pub top: usize,
}

impl Overlay {
    pub(super) fn scopes(&self) -> &'static [Scope] {
        use Scope as S;
        match self {
            Self::Palette(_) => &[S::Palette, S::Always],
            Self::Launch(_) | Self::Stop(_) | Self::State(_) => &[S::Confirm, S::Always],
            Self::Hand(_) => &[S::Handing, S::Always],
            Self::Record(_) => &[S::Recording, S::Always],
            Self::Drafts(_) => &[S::Drafts, S::Moving, S::Always],
            Self::Question(_) => &[S::Question, S::Always],
            Self::History(_) => &[S::History, S::Always],
            Self::Menu(_) => &[S::Menu, S::Always],
            Self::Pick(_) => &[S::Picking, S::Always],
            Self::Job(_) | Self::RunMachine { .. } => &[S::Follow, S::Moving, S::Always],
            Self::Help { .. }
            | Self::FieldHelp { .. }
            | Self::Finding { .. }
            | Self::Sources { .. }
            | Self::Server { .. }
            | Self::Plain { .. }
            | Self::Failure { .. } => &[S::Page, S::Moving, S::Always],
        }
    }

    /// Where it is scrolled to.
    #[must_use]
    pub fn top(&self) -> usize {
        match self {
            Self::Help { top }
            | Self::FieldHelp { top }
            | Self::Finding { top, .. }
            | Self::Sources { top }
            | Self::Server { top, .. }
            | Self::Plain { top }
            | Self::RunMachine { top, .. }
            | Self::Failure { top, .. } => *top,
            Self::Palette(_)
            | Self::Drafts(_)
            | Self::Menu(_)
            | Self::History(_)
            | Self::Record(_)
            | Self::Hand(_) => 0,
            Self::Pick(picking) => picking.top,
            Self::State(stating) => stating.top,
            Self::Question(asking) => asking.top,
            Self::Launch(launching) => launching.top,
            Self::Stop(stopping) => stopping.top,
            Self::Job(view) => view.top,
        }
    }

    /// Where it is scrolled to, to be changed; `None` for what does not scroll as a page.
    pub fn top_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help { top }
            | Self::FieldHelp { top }
            | Self::Finding { top, .. }
            | Self::Sources { top }
            | Self::Server { top, .. }
            | Self::Plain { top }
            | Self::RunMachine { top, .. }
            | Self::Failure { top, .. } => Some(top),
            // The window of a list follows its cursor.
            Self::Palette(_)
            | Self::Drafts(_)
            | Self::Menu(_)
            | Self::Pick(_)
            | Self::History(_)
            | Self::Record(_)
            | Self::Hand(_) => None,
            Self::State(stating) => Some(&mut stating.top),
            Self::Question(asking) => Some(&mut asking.top),
            Self::Launch(launching) => Some(&mut launching.top),
            Self::Stop(stopping) => Some(&mut stopping.top),
            Self::Job(view) => Some(&mut view.top),
        }
    }
}
