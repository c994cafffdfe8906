//! What a command works on: a configured site, the built-in one, or a recording.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

use super::arguments::Arguments;
use super::demo;
use super::output::{self, Complaint};
use crate::azure::{Recorder, Vault};
use crate::domain::{Failure, Retry};
use crate::simulator::{self, Announce, Running};
use crate::site::Site;
use crate::store::{Credential, Folders, Profile, Proxy, Remembered, Runs, SecretSource, Sites};

/// The name of the built-in site.
pub const DEMO: &str = "demo";

/// A site, and the recording's server when it is one.
pub struct Target {
    pub site: Arc<Site>,
    pub name: String,
    recorder: Option<Arc<Recorder>>,
    /// Kept for as long as the site is used.
    _server: Option<Running>,
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(why) = self
            .recorder
            .as_ref()
            .and_then(|recorder| recorder.failure())
        {
            output::remark(&format!("failback: the recording is incomplete: {why}"));
        }
    }
}

/// Where everything of this user is.
pub fn folders() -> Result<Folders, Complaint> {
    Folders::of_this_user().ok_or_else(|| {
        Complaint::usage(
            "There is no home folder to keep anything in.",
            "Set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME.",
        )
    })
}

pub fn sites() -> Result<Sites, Complaint> {
    Ok(Sites::in_folder(&folders()?.config))
}

/// The profile of a site by name.
pub fn profile(name: &str) -> Result<Profile, Complaint> {
    if name == DEMO {
        return demo::profile(&demo::usual());
    }
    Ok(sites()?.load(name)?)
}

/// What the I/O of a command runs on.
pub fn runtime() -> Result<Runtime, Complaint> {
    let mut builder = Builder::new_multi_thread();
    // Few threads, soon given back: each keeps memory of its own.
    builder
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_keep_alive(Duration::from_secs(2));
    builder.enable_all().build().map_err(|error| {
        let what = format!("This machine gives no threads: {error}.");
        Complaint::failed(Failure::new(what, "", Retry::MayHelp))
    })
}

/// The site that the command line means, opened.
pub fn open(arguments: &Arguments, runtime: &Runtime) -> Result<Target, Complaint> {
    let recorder = recorder(arguments)?;
    if let Some(file) = &arguments.replay {
        return replay(file, arguments.at, recorder, runtime);
    }
    let name = name(arguments)?;
    let site = Site::open(&profile(&name)?, recorder.clone())?;
    let site = site.remembering(remembered(&name)?, arguments.read_only);
    Ok(Target {
        site: Arc::new(site),
        name,
        recorder,
        _server: None,
    })
}

/// A site that something is to be changed at.
pub struct Changing {
    pub profile: Profile,
    /// The client secret, fetched once: for reading the site here, and for the runner.
    pub secret: Option<SecretString>,
    pub runs: Runs,
}

/// What a runner at this site needs, beside the site itself.
pub fn changing(arguments: &Arguments) -> Result<Changing, Complaint> {
    let name = name(arguments)?;
    let profile = profile(&name)?;
    let runs = runs(&name)?;
    let secret = profile.fetch_secret().map_err(|why| {
        let what = format!("Site {name} cannot be opened: {why}.");
        Complaint::failed(Failure::new(what, "", Retry::AfterFixing))
    })?;
    Ok(Changing {
        profile,
        secret,
        runs,
    })
}

impl Changing {
    /// The site, opened with the same secret. What is recorded is the run, by its runner.
    pub fn open(&self) -> Result<Target, Complaint> {
        let site = Site::open_with(&self.profile, self.secret.clone(), None)?;
        let remembered = remembered(&self.profile.name)?;
        Ok(Target {
            site: Arc::new(site.remembering(remembered, false)),
            name: self.profile.name.clone(),
            recorder: None,
            _server: None,
        })
    }
}

/// The runs of a site.
pub fn runs(site: &str) -> Result<Runs, Complaint> {
    Runs::of_site(&folders()?.runs, site).ok_or_else(|| {
        let what = format!("{site:?} is no site's name.");
        Complaint::usage(what, "See failback site list.")
    })
}

/// What this computer remembers of a site's machines; `None` for what is no site's name.
pub fn remembered(site: &str) -> Result<Option<Remembered>, Complaint> {
    Ok(Remembered::of_site(&folders()?.data, site))
}

/// The site's name: given, or the only one there is.
pub fn name(arguments: &Arguments) -> Result<String, Complaint> {
    if let Some(name) = &arguments.site {
        return Ok(name.clone());
    }
    match sites()?.names()?.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Complaint::usage(
            "No site is configured here.",
            "Add one with failback site add, or try the built-in one: failback demo",
        )),
        several => Err(Complaint::usage(
            format!("Which site? Known are: {}.", several.join(", ")),
            "Say --site NAME, or set FAILBACK_SITE.",
        )),
    }
}

/// Under which name plans are kept; a recording is called after its file. The site is not opened.
pub fn site_name(arguments: &Arguments) -> Result<String, Complaint> {
    match &arguments.replay {
        Some(file) => Ok(recording_name(file)),
        None => name(arguments),
    }
}

fn recording_name(file: &Path) -> String {
    let stem = file.file_stem();
    stem.map_or_else(
        || "replay".into(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

pub fn recorder(arguments: &Arguments) -> Result<Option<Arc<Recorder>>, Complaint> {
    let Some(file) = &arguments.record else {
        return Ok(None);
    };
    recording(file).map(Some)
}

/// A new support recording.
pub fn recording(file: &Path) -> Result<Arc<Recorder>, Complaint> {
    let recorder = Recorder::create(file).map_err(|error| {
        let what = format!("{} cannot be written: {error}.", file.display());
        Complaint::usage(what, "Name a file that does not exist yet.")
    })?;
    Ok(Arc::new(recorder))
}

/// Serves a recording on this machine and opens all its vaults.
fn replay(
    file: &Path,
    at: Option<usize>,
    recorder: Option<Arc<Recorder>>,
    runtime: &Runtime,
) -> Result<Target, Complaint> {
    let estate = simulator::Estate::Replay {
        file: file.to_path_buf(),
        at,
    };
    let options = simulator::Options {
        estate,
        ..simulator::Options::default()
    };
    let server = runtime
        .block_on(simulator::start(options))
        .map_err(|error| {
            Complaint::usage(
                format!("{}: {error}.", file.display()),
                "Name a file that --record wrote.",
            )
        })?;
    let announce = &server.announce;
    let vaults: Option<Vec<Vault>> = announce
        .vaults
        .iter()
        .map(|vault| Vault::new(&vault.subscription, &vault.resource_group, &vault.name))
        .collect();
    let vaults = vaults
        .ok_or_else(|| Complaint::usage("The recording names a vault that cannot be one.", ""))?;
    let name = recording_name(file);
    let mut profile = built_in(announce, "replay", SecretSource::Environment(String::new()));
    // A recording takes any token: nothing is signed in to.
    profile.credential = Credential::ManagedIdentity {
        client_id: None,
        endpoint: Some(announce.base_url.clone()),
    };
    let site = Site::open(&profile, recorder.clone())?.over_recorded(vaults);
    Ok(Target {
        site: Arc::new(site),
        name,
        recorder,
        _server: Some(server),
    })
}

/// The profile of a server of our own on this machine.
pub fn built_in(announce: &Announce, name: &str, secret: SecretSource) -> Profile {
    let credential = Credential::ClientSecret {
        client_id: announce.client_id.clone(),
        secret,
    };
    let first = announce.vaults.first();
    let word = |pick: fn(&simulator::AnnouncedVault) -> &String| {
        first.map(pick).cloned().unwrap_or_default()
    };
    Profile {
        tenant: announce.tenant.clone(),
        subscription: word(|vault| &vault.subscription),
        resource_group: word(|vault| &vault.resource_group),
        vaults: first.map(|vault| vault.name.clone()).into_iter().collect(),
        arm: announce.base_url.clone(),
        login: announce.base_url.clone(),
        proxy: Proxy::None,
        retry_base_ms: 200,
        poll_ms: 1_000,
        ..Profile::new(name, credential)
    }
}
