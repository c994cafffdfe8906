//! What the screens are told when they start.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::domain::Person;
use crate::ui::look::{Glyphs, Look, Theme};
use crate::ui::terminal::Ways;

/// Where what is shown comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Live,
    /// Recorded answers: nothing can be changed, and times are those of the recording.
    Recorded,
    /// The built-in site.
    Demo,
}

impl Source {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Recorded => "recorded",
            Self::Demo => "demo",
        }
    }
}

/// How the screens behave and look.
#[derive(Clone, Debug)]
pub struct Settings {
    pub look: Look,
    /// How the terminal is used; changed with the glyphs.
    pub ways: Ways,
    /// The zone in which the service's times are shown.
    pub zone: TimeZone,
    pub source: Source,
    /// Nothing may be changed in Azure from here.
    pub read_only: bool,
    /// How long a reading is good for; `None` never reads again by itself.
    pub refresh: Option<Duration>,
    /// Who sits at the screen: consents and attestations are theirs.
    pub by: Person,
    /// The api version that the site speaks: it stands in the exact calls that are shown.
    pub api_version: String,
}

impl Settings {
    /// Whether nothing may be changed: asked for so, or the site is a recording.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only || self.source == Source::Recorded
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            look: Look::new(Theme::mono(), Glyphs::ASCII),
            ways: Ways::default(),
            zone: TimeZone::UTC,
            source: Source::Live,
            read_only: false,
            refresh: Some(Duration::from_secs(60)),
            by: Person {
                name: "nobody".into(),
                host: "".into(),
                from: None,
            },
            api_version: "2025-08-01".into(),
        }
    }
}
