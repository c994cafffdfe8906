//! The screens: without a command, or as a demo.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::runtime::Runtime;

use super::arguments::{Arguments, Look as LookOptions};
use super::exit::Exit;
use super::output::Complaint;
use super::{target, who};
use crate::azure::Recorder;
use crate::domain::{Failure, Retry};
use crate::site::Site;
use crate::store::{Credential, Profile, Remembered, SecretSource};
use crate::ui::look::Look;
use crate::ui::terminal::{self, Depth, Ending, Environment, Glyphs};
use crate::ui::{Credentials, Kept, Opener, Performer, Screens, Settings, Source, with_secret};

/// Finds the site's profile; may take its time.
pub type FindProfile = Arc<dyn Fn() -> Result<Profile, Failure> + Send + Sync>;

/// How long a reading is good for before the site is read again in the background.
const REFRESH: Duration = Duration::from_secs(60);

/// `failback`: the screens of the site that is meant; the connect screen where there is none yet.
pub fn run(arguments: &Arguments) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    if arguments.replay.is_some() {
        let target = target::open(arguments, &runtime)?;
        let site = Arc::clone(&target.site);
        let opener: Opener = Arc::new(move || Ok(Arc::clone(&site)));
        let shown = Shown {
            source: Source::Recorded,
            site: Some(target.name.clone()),
            opener,
            credentials: None,
        };
        return shown.run(arguments, &arguments.look, runtime, "2025-08-01");
    }
    if arguments.site.as_deref() == Some(target::DEMO) {
        let find = || super::demo::profile(&super::demo::usual()).map_err(|c| c.failure);
        return show(arguments, &arguments.look, target::DEMO, Arc::new(find));
    }
    if arguments.site.is_none() && target::sites()?.names()?.is_empty() {
        let none = || {
            Failure::new(
                "No site is configured here.",
                "Add one.",
                Retry::AfterFixing,
            )
        };
        let opener: Opener = Arc::new(move || Err(none()));
        let shown = Shown {
            source: Source::Live,
            site: None,
            opener,
            credentials: None,
        };
        return shown.run(arguments, &arguments.look, runtime, "2025-08-01");
    }
    let profile = target::profile(&target::name(arguments)?)?;
    let recorder = target::recorder(arguments)?;
    let asks = matches!(
        &profile.credential,
        Credential::ClientSecret {
            secret: SecretSource::Prompt,
            ..
        }
    );
    let (name, version) = (profile.name.clone(), profile.api_version.clone());
    let memory = (target::remembered(&name)?, arguments.read_only);
    let (opener, credentials): (Opener, Credentials) = if asks {
        // Asked for now, while nothing else has the terminal; what is launched later signs in with it.
        let (profile, secret) = with_secret(&profile)?;
        let site = Site::open_with(&profile, secret.clone(), recorder)?;
        let site = Arc::new(site.remembering(memory.0, memory.1));
        (
            Arc::new(move || Ok(Arc::clone(&site))),
            Arc::new(move || Ok((profile.clone(), secret.clone()))),
        )
    } else {
        let own = profile.clone();
        (
            Arc::new(move || opened(&profile, recorder.clone(), memory.clone())),
            Arc::new(move || with_secret(&own)),
        )
    };
    Shown {
        source: Source::Live,
        site: Some(name),
        opener,
        credentials: Some(credentials),
    }
    .run(arguments, &arguments.look, runtime, &version)
}

/// A site, with what is remembered of it, and whether this is for reading alone.
fn opened(
    profile: &Profile,
    recorder: Option<Arc<Recorder>>,
    (remembered, read_only): (Option<Remembered>, bool),
) -> Result<Arc<Site>, Failure> {
    let site = Site::open(profile, recorder)?;
    Ok(Arc::new(site.remembering(remembered, read_only)))
}

/// The screens of a site whose profile is found while they are there already.
pub fn show(
    arguments: &Arguments,
    look: &LookOptions,
    name: &str,
    find: FindProfile,
) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let recorder = target::recorder(arguments)?;
    let own = Arc::clone(&find);
    let credentials: Credentials = Arc::new(move || with_secret(&own()?));
    let memory = (target::remembered(name)?, arguments.read_only);
    let opener: Opener = Arc::new(move || opened(&find()?, recorder.clone(), memory.clone()));
    let shown = Shown {
        source: Source::Demo,
        site: Some(name.to_owned()),
        opener,
        credentials: Some(credentials),
    };
    shown.run(arguments, look, runtime, "2025-08-01")
}

struct Shown {
    source: Source,
    site: Option<String>,
    opener: Opener,
    /// `None` where nothing is launched.
    credentials: Option<Credentials>,
}

impl Shown {
    fn run(
        self,
        arguments: &Arguments,
        options: &LookOptions,
        runtime: Runtime,
        api_version: &str,
    ) -> Result<Exit, Complaint> {
        let mut environment = Environment::detect(|name| std::env::var(name).ok());
        if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
            return Err(Complaint::usage(
                "This terminal (TERM=dumb) cannot show the screens.",
                "Use the commands instead: failback machines, failback do failback MACHINE.",
            ));
        }
        if options.no_color {
            environment.depth = Depth::None;
        }
        if options.ascii {
            environment.glyphs = Glyphs::Ascii;
        }
        let theme = options.theme.as_deref().unwrap_or("terminal");
        let look = Look::of(theme, environment.depth, environment.glyphs).map_err(|error| {
            Complaint::usage(error.to_string(), "Known themes: terminal, night.")
        })?;
        let ways = environment.ways(options.mouse);
        let settings = Settings {
            look,
            ways,
            zone: TimeZone::system(),
            source: self.source,
            read_only: arguments.read_only,
            // A recording does not change.
            refresh: (self.source != Source::Recorded).then_some(REFRESH),
            by: who::person(None),
            api_version: api_version.to_owned(),
        };
        let sites = target::sites()?;
        let kept = Kept::new(target::folders()?, self.site.clone(), who::person(None));
        let performer = Performer::new(self.opener, sites, kept, arguments.read_only);
        let performer = match self.credentials {
            Some(credentials) => performer.launching_with(credentials),
            None => performer,
        };
        let screens = Screens::new(settings, self.site, (80, 24));
        let ended = terminal::run(screens, ways, runtime.handle(), move |effect, reply| {
            performer.perform(effect, reply)
        });
        // Nothing that is still being read keeps anybody here.
        runtime.shutdown_background();
        match ended {
            Ok(Ending::Quit) => Ok(Exit::Done),
            Ok(ending) => Ok(Exit::Ended(ending.code())),
            Err(terminal::Error::NotATerminal) => Err(Complaint::usage(
                "The screens need a terminal for input and output.",
                "Use the commands here: failback machines --json, failback do failback MACHINE.",
            )),
            Err(error) => {
                let exit = Exit::Ended(error.code());
                let failure = Failure::new(format!("{error}."), "", Retry::AfterFixing);
                Err(Complaint { failure, exit })
            }
        }
    }
}
