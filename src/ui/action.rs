//! The one action table: the footer, `?`, `:`, read-only mode and the README's key table are all
//! read from it, so that none of them can drift from what the keys do.

mod table;

use super::keys::Key;
pub use table::TABLE;

/// Everything a person can ask of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Up,
    Down,
    PageUp,
    PageDown,
    HalfUp,
    HalfDown,
    First,
    Last,
    Open,
    Back,
    Mark,
    MarkAll,
    Range,
    Filter,
    KeepFilter,
    ClearFilter,
    Sort,
    ReverseSort,
    Group,
    /// What can be asked of the machine.
    Actions,
    Protect,
    FailBack,
    Complete,
    Commit,
    CancelFailover,
    ProtectToAzure,
    ChangePoint,
    FailOver,
    TestFailover,
    CleanUpTest,
    Drafts,
    Toggle,
    Earlier,
    Later,
    Recheck,
    /// A machine's drscout.conf is pasted, opened, or fetched by ssh.
    PasteFile,
    OpenFile,
    ReadBySsh,
    StopReading,
    /// Machines are looked into before they are protected.
    RecordGuests,
    /// What cannot be told of a machine's registrations is attested to.
    Attest,
    /// Run Command reads a machine's drscout.conf.
    ReadAgent,
    Discard,
    PlainPage,
    CopyIds,
    Sources,
    Refresh,
    Launch,
    Answer,
    Pause,
    Stop,
    Resume,
    Timeline,
    History,
    NextQuestion,
    PreviousQuestion,
    Machines,
    Monitor,
    Infrastructure,
    Activity,
    Connect,
    NextScreen,
    PreviousScreen,
    NextField,
    PreviousField,
    Press,
    TestSite,
    SaveSite,
    Close,
    Run,
    Help,
    Palette,
    Ascii,
    Interrupt,
    Suspend,
    Redraw,
    Quit,
}

/// Where an action's keys count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere, text fields and overlays included.
    Always,
    /// Every screen while no overlay lies on it.
    Global,
    /// Every list and every page that scrolls.
    Moving,
    Machines,
    Detail,
    Monitor,
    /// One run.
    Run,
    Infrastructure,
    Activity,
    Connect,
    /// A wizard, whatever step it is at.
    Wizard,
    /// The drafts that wait.
    Drafts,
    /// What can be asked of machines.
    Menu,
    /// A choice that an action wants first.
    Picking,
    /// The line in which the filter is typed.
    Filter,
    Palette,
    Confirm,
    /// A machine's file is handed over.
    Handing,
    /// Whether a script may be run in machines.
    Recording,
    /// A question of a run.
    Question,
    /// The list of all runs.
    History,
    /// A change or a job that is being watched.
    Follow,
    /// Any other page on top: help, what was read, one problem.
    Page,
}

impl Scope {
    /// The order in which help lists them.
    pub const ALL: [Self; 23] = [
        Self::Machines,
        Self::Detail,
        Self::Menu,
        Self::Picking,
        Self::Wizard,
        Self::Drafts,
        Self::Monitor,
        Self::Run,
        Self::Infrastructure,
        Self::Activity,
        Self::Moving,
        Self::Global,
        Self::Filter,
        Self::Confirm,
        Self::Handing,
        Self::Recording,
        Self::Question,
        Self::History,
        Self::Follow,
        Self::Connect,
        Self::Palette,
        Self::Page,
        Self::Always,
    ];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Always => "Everywhere",
            Self::Global => "On every screen",
            Self::Moving => "Moving",
            Self::Machines => "Machines",
            Self::Detail => "One machine",
            Self::Monitor => "Monitor",
            Self::Run => "One run",
            Self::Infrastructure => "Infrastructure",
            Self::Activity => "Activity",
            Self::Connect => "Connect a site",
            Self::Wizard => "In a wizard",
            Self::Drafts => "Drafts",
            Self::Menu => "Actions",
            Self::Picking => "Choosing for an action",
            Self::Filter => "While the filter is typed",
            Self::Palette => "Commands",
            Self::Confirm => "Confirming a change",
            Self::Handing => "Handing a file over",
            Self::Recording => "Recording guests",
            Self::Question => "Answering a question",
            Self::History => "History",
            Self::Follow => "Following a job",
            Self::Page => "Pages on top",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub action: Action,
    pub scope: Scope,
    /// What the palette lists and documents refer to.
    pub name: &'static str,
    pub keys: &'static [Key],
    /// One or two words for the footer.
    pub hint: &'static str,
    /// One sentence for help.
    pub words: &'static str,
    /// Place in the footer, 1 first; 0 is never shown there.
    pub priority: u8,
    /// Changes something in Azure, or what a run does; absent in read-only mode.
    pub dangerous: bool,
}

impl Row {
    /// The keys as help writes them: `j Down`.
    #[must_use]
    pub fn key_words(&self) -> String {
        let words: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
        words.join(" ")
    }
}

/// The row that `key` means where `scopes` count, the first scope first.
#[must_use]
pub fn find(scopes: &[Scope], key: Key) -> Option<&'static Row> {
    scopes.iter().find_map(|scope| {
        TABLE
            .iter()
            .find(|row| row.scope == *scope && row.keys.contains(&key))
    })
}

/// The footer's rows where `scopes` count, best first.
#[must_use]
pub fn hints(scopes: &[Scope], read_only: bool) -> Vec<&'static Row> {
    let mut rows: Vec<&Row> = TABLE
        .iter()
        .filter(|row| row.priority > 0 && scopes.contains(&row.scope))
        .filter(|row| !(read_only && row.dangerous))
        .collect();
    rows.sort_by_key(|row| row.priority);
    rows
}
