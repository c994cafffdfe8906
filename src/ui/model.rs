//! Everything the screens know. `update` changes it, `view` draws it, nothing else touches it.

pub mod identities;
pub mod menu;
pub mod monitor;
mod overlay;
pub mod picking;
pub mod recording;
mod settings;
mod stopped;
pub mod wizard;

use std::sync::Arc;

use jiff::Timestamp;

pub use identities::Identities;
pub use menu::Menu;
pub use monitor::Monitor;
pub use overlay::{JobView, Overlay, Palette};
pub use picking::Picking;
pub use recording::Recordings;
pub use settings::{Settings, Source};
pub use wizard::Wizard;

use super::action::Scope;
use super::connect::Form;
use super::effect::Generation;
use super::field::Field;
use super::listing::Listing;
use crate::domain::draft::{Draft, DraftId};
use crate::domain::machine::Detail;
use crate::domain::{ArmId, Failure, Machine, Problem, Verb};
use crate::site::{Estate, PartName, PartState};
use identities::Way;
use monitor::AskingFocus;

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Machines,
    Monitor,
    Infrastructure,
    Activity,
    Connect,
    Wizard,
}

impl Screen {
    /// Those that have a tab, in their order.
    pub const TABS: [(Self, &'static str); 4] = [
        (Self::Machines, "Machines"),
        (Self::Monitor, "Monitor"),
        (Self::Infrastructure, "Infrastructure"),
        (Self::Activity, "Activity"),
    ];

    /// The parts of the estate that the screen shows.
    #[must_use]
    pub fn parts(self) -> &'static [PartName] {
        match self {
            Self::Machines => &[PartName::Machines],
            Self::Infrastructure => &[
                PartName::Infrastructure,
                PartName::VCenters,
                PartName::VaultHealth,
            ],
            Self::Activity => &[PartName::Jobs],
            Self::Wizard => &[PartName::Machines, PartName::Infrastructure],
            Self::Monitor | Self::Connect => &[],
        }
    }
}

/// A list whose lines the view makes: where its cursor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub at: usize,
    pub top: usize,
}

/// The machine that is looked at in detail.
#[derive(Debug)]
pub struct Opened {
    pub id: ArmId,
    pub generation: Generation,
    /// `None` while it is being read.
    pub read: Option<Result<Detail, Failure>>,
    pub top: usize,
}

/// A line in the footer's place until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Said(String),
    Warned(String),
}

/// The state of the screens.
#[derive(Debug)]
pub struct Model {
    pub settings: Settings,
    /// Columns and rows of the terminal, as last told.
    pub size: (u16, u16),
    /// The site that is shown; `None` before the first run's connect screen made one.
    pub site: Option<String>,
    pub screen: Screen,
    pub estate: Estate,
    /// Of the reading that counts, and whether it is under way.
    pub reading: Generation,
    pub is_reading: bool,
    pub listing: Listing,
    /// The field in which the filter is typed, while it is.
    pub filter_field: Option<Field>,
    pub opened: Option<Opened>,
    /// Counts questions about one machine or job.
    pub asked: Generation,
    pub infrastructure: Cursor,
    /// The lines of the infrastructure screen: a fabric, and one of its components or itself.
    pub servers: Vec<(usize, Option<usize>)>,
    pub activity: Cursor,
    pub monitor: Monitor,
    /// The wall clock when something last happened.
    pub now: Timestamp,
    pub form: Form,
    pub identities: Identities,
    pub recordings: Recordings,
    /// The wizard that is open.
    pub wizard: Option<Box<Wizard>>,
    /// Drafts that wait, latest first; the open one is not among them.
    pub drafts: Vec<(DraftId, Draft)>,
    pub overlays: Vec<Overlay>,
    pub notice: Option<Notice>,
    /// The next C-c or q leaves.
    pub leaving: bool,
}

impl Model {
    /// The screens of `site`, or of the first run when there is none yet.
    #[must_use]
    pub fn new(settings: Settings, site: Option<String>, size: (u16, u16)) -> Self {
        let screen = match site {
            Some(_) => Screen::Machines,
            None => Screen::Connect,
        };
        Self {
            settings,
            size,
            site,
            screen,
            estate: Estate::default(),
            reading: Generation::default(),
            is_reading: false,
            listing: Listing::default(),
            filter_field: None,
            opened: None,
            asked: Generation::default(),
            infrastructure: Cursor::default(),
            servers: Vec::new(),
            activity: Cursor::default(),
            monitor: Monitor::default(),
            now: Timestamp::UNIX_EPOCH,
            form: Form::default(),
            identities: Identities::default(),
            recordings: Recordings::default(),
            wizard: None,
            drafts: Vec::new(),
            overlays: Vec::new(),
            notice: None,
            leaving: false,
        }
    }

    /// The scopes that count now, first to last.
    #[must_use]
    pub fn scopes(&self) -> &'static [Scope] {
        match self.overlays.last() {
            Some(overlay) => overlay.scopes(),
            None => self.screen_scopes(),
        }
    }

    /// The scopes of what lies under the topmost overlay: what help is about and what the palette
    /// runs its commands on.
    #[must_use]
    pub fn scopes_beneath(&self) -> &'static [Scope] {
        match self.overlays.iter().rev().nth(1) {
            Some(overlay) => overlay.scopes(),
            None => self.screen_scopes(),
        }
    }

    /// The scopes of the screen, whatever lies on it.
    #[must_use]
    pub fn screen_scopes(&self) -> &'static [Scope] {
        use Scope as S;
        match self.screen {
            Screen::Machines if self.filter_field.is_some() => &[S::Filter, S::Always],
            Screen::Machines if self.opened.is_some() => {
                &[S::Detail, S::Moving, S::Global, S::Always]
            }
            Screen::Machines => &[S::Machines, S::Moving, S::Global, S::Always],
            Screen::Monitor if self.monitor.page.is_some() => {
                &[S::Run, S::Moving, S::Global, S::Always]
            }
            Screen::Monitor => &[S::Monitor, S::Moving, S::Global, S::Always],
            Screen::Infrastructure => &[S::Infrastructure, S::Moving, S::Global, S::Always],
            Screen::Activity => &[S::Activity, S::Moving, S::Global, S::Always],
            Screen::Connect => &[S::Connect, S::Always],
            Screen::Wizard => &[S::Wizard, S::Always],
        }
    }

    /// The text field that takes characters now.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => Some(&mut palette.field),
            Some(Overlay::Launch(launching)) => Some(&mut launching.field),
            Some(Overlay::State(stating)) => Some(&mut stating.field),
            Some(Overlay::History(history)) => Some(&mut history.field),
            Some(Overlay::Hand(handing)) => match handing.way {
                Way::Paste => None,
                Way::File | Way::Ssh => Some(&mut handing.field),
            },
            Some(Overlay::Question(asking)) => match asking.focus {
                AskingFocus::Choices | AskingFocus::Check(_) => None,
                AskingFocus::Typed => Some(&mut asking.typed),
                AskingFocus::Reason => Some(&mut asking.reason),
            },
            Some(_) => None,
            None => match self.screen {
                Screen::Machines => self.filter_field.as_mut(),
                Screen::Connect => self.form.field_mut(),
                Screen::Wizard => {
                    let typing = self.wizard.as_mut().and_then(|w| w.typing.as_mut());
                    typing.map(|typing| &mut typing.field)
                }
                Screen::Monitor | Screen::Infrastructure | Screen::Activity => None,
            },
        }
    }

    /// Whether characters are text now, so that they run nothing.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        match self.overlays.last() {
            Some(
                Overlay::Palette(_)
                | Overlay::Launch(_)
                | Overlay::Stop(_)
                | Overlay::State(_)
                | Overlay::Hand(_)
                | Overlay::Record(_)
                | Overlay::History(_),
            ) => true,
            Some(Overlay::Question(asking)) => {
                matches!(asking.focus, AskingFocus::Typed | AskingFocus::Reason)
            }
            Some(_) => false,
            None => match self.screen {
                Screen::Machines => self.filter_field.is_some(),
                Screen::Connect => true,
                Screen::Wizard => self.wizard.as_ref().is_some_and(|w| w.typing.is_some()),
                Screen::Monitor | Screen::Infrastructure | Screen::Activity => false,
            },
        }
    }

    /// The machine that actions are about: the one in detail, or the one under the cursor.
    #[must_use]
    pub fn subject(&self) -> Option<&Arc<Machine>> {
        match &self.opened {
            Some(opened) => self.estate.machine(&opened.id),
            None => self.listing.current(&self.estate.machines),
        }
    }

    /// The marked machines, or the one that the keys are about.
    #[must_use]
    pub fn meant(&self) -> Vec<Arc<Machine>> {
        let marks = &self.listing.marks;
        if self.opened.is_some() || marks.is_empty() {
            return self.subject().into_iter().cloned().collect();
        }
        let all = self.estate.machines.iter();
        let marked = all.filter(|machine| marks.contains(&machine.id));
        marked.cloned().collect()
    }

    /// Whether an action is offered for one of the marked machines, or for the one that the keys are
    /// about.
    #[must_use]
    pub fn is_offered(&self, verb: Verb) -> bool {
        let fits = |machine: &Arc<Machine>| menu::is_offered(self, verb, machine);
        let marks = &self.listing.marks;
        if self.opened.is_none() && !marks.is_empty() {
            let mut all = self.estate.machines.iter();
            return all.any(|machine| marks.contains(&machine.id) && fits(machine));
        }
        self.subject().is_some_and(fits)
    }

    /// The parts of this screen that are not known well, for the banner.
    pub fn doubtful_parts(&self, screen: Screen) -> impl Iterator<Item = &crate::site::Part> {
        screen
            .parts()
            .iter()
            .filter_map(|name| self.estate.part(*name))
            .filter(|part| !matches!(part.state, PartState::Reading | PartState::Read))
    }

    /// Why plans or runs cannot be read, or are not watched, on the screen that shows them.
    #[must_use]
    pub fn monitor_trouble(&self) -> Option<&Failure> {
        let shown = self.screen == Screen::Monitor;
        self.monitor.troubles.first().filter(|_| shown)
    }

    /// What the vaults themselves complain about, on the screen of what carries replication.
    pub fn vault_complaint(&self) -> Option<&Problem> {
        let shown = self.screen == Screen::Infrastructure;
        self.estate
            .vault_problems
            .iter()
            .min_by_key(|problem| problem.level)
            .filter(|_| shown)
    }

    /// Makes every index anew after the estate changed.
    pub fn estate_changed(&mut self) {
        self.listing.estate_changed(&self.estate.machines);
        self.servers = self
            .estate
            .fabrics
            .iter()
            .enumerate()
            .flat_map(|(at, fabric)| {
                let parts = (0..fabric.components.len()).map(move |part| (at, Some(part)));
                std::iter::once((at, None)).chain(parts)
            })
            .collect();
    }

    /// How many lines Activity has: the site's jobs.
    #[must_use]
    pub fn activity_len(&self) -> usize {
        self.estate.jobs.len()
    }
}
