//! Opening a site: from a profile to something that can be asked.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::azure::{
    Arm, Connection, Endpoint, Pace, Proxying, Recorder, SecretReader, SignIn, Vault,
};
use crate::domain::identity::Ranges;
use crate::domain::{ArmId, Detail, Failure, Job, JobId, Machine, Retry};
use crate::store::{Credential, Profile, Proxy, Remembered, SecretSource};

/// A site that can be asked.
pub struct Site {
    pub(super) arm: Arm,
    pub(super) vaults: Vec<Vault>,
    at_home: Ranges,
    /// What this computer remembers of its machines; `None`: it was not looked at.
    pub(super) remembered: Option<Remembered>,
    /// Whether what agents say is kept there.
    pub(super) remembers: bool,
    /// Answers are recorded: the times of the answers themselves are not the service's.
    pub(super) recorded: bool,
}

impl Site {
    /// Opens a site. Sends nothing; blocks for the milliseconds that loading the CAs takes.
    ///
    /// # Errors
    /// What in the profile cannot be used.
    pub fn open(profile: &Profile, recorder: Option<Arc<Recorder>>) -> Result<Self, Failure> {
        Self::open_with(profile, None, recorder)
    }

    /// As [`Self::open`], with a client secret that was fetched already: it is held in memory and
    /// never asked for again.
    ///
    /// # Errors
    /// What in the profile cannot be used.
    pub fn open_with(
        profile: &Profile,
        secret: Option<SecretString>,
        recorder: Option<Arc<Recorder>>,
    ) -> Result<Self, Failure> {
        let wrong = |why: String| {
            let what = format!("Site {} cannot be opened: {why}.", profile.name);
            Failure::new(what, "Correct the site's profile.", Retry::AfterFixing)
        };
        let endpoint = Endpoint::parse(&profile.arm).map_err(|error| wrong(error.to_string()))?;
        let pace = Pace {
            retry_base: Duration::from_millis(profile.retry_base_ms),
            timeout: Duration::from_secs(profile.timeout_seconds),
            poll: Duration::from_millis(profile.poll_ms),
            apart: Duration::from_millis(profile.apart_ms()),
            ..Pace::default()
        };
        let connection = Connection {
            proxy: match &profile.proxy {
                Proxy::System => Proxying::System,
                Proxy::None => Proxying::None,
                Proxy::Url(url) => Proxying::Url(url.clone()),
            },
            ca_file: profile.ca_file.clone(),
            timeout: pace.timeout,
        };
        let vaults: Option<Vec<Vault>> = profile
            .vaults
            .iter()
            .map(|name| Vault::new(&profile.subscription, &profile.resource_group, name))
            .collect();
        let vaults = vaults.ok_or_else(|| {
            wrong("its subscription, resource group and vaults make no address".into())
        })?;
        let at_home = Ranges::parse(profile.at_home.iter().map(String::as_str)).map_err(&wrong)?;
        let sign_in = sign_in(profile, secret).map_err(&wrong)?;
        let arm = Arm::new(
            endpoint,
            profile.api_version.clone(),
            sign_in,
            &connection,
            profile.parallel,
            pace,
            recorder,
        )
        .map_err(&wrong)?;
        Ok(Self {
            arm,
            vaults,
            at_home,
            remembered: None,
            remembers: false,
            recorded: false,
        })
    }

    /// The same site, with what this computer remembers of its machines. What agents say is kept there
    /// unless this is for reading alone.
    #[must_use]
    pub fn remembering(mut self, remembered: Option<Remembered>, read_only: bool) -> Self {
        self.remembered = remembered;
        self.remembers = !read_only;
        self
    }

    /// The same connection, over the vaults of a recording, which may hold several.
    #[must_use]
    pub fn over_recorded(mut self, vaults: Vec<Vault>) -> Self {
        self.vaults = vaults;
        self.recorded = true;
        self
    }

    #[must_use]
    pub fn arm(&self) -> &Arm {
        &self.arm
    }

    /// The address ranges of the site at home, as its profile has them.
    #[must_use]
    pub fn at_home(&self) -> &Ranges {
        &self.at_home
    }

    #[must_use]
    pub fn vaults(&self) -> &[Vault] {
        &self.vaults
    }

    /// The vault in which a resource lies, when it is one of this site's.
    #[must_use]
    pub fn vault_of(&self, id: &ArmId) -> Option<&Vault> {
        let head = id.up_to("vaults")?;
        self.vaults.iter().find(|vault| *vault.id() == head)
    }

    /// One machine with everything that only a deep read tells; what stands beside it - recovery
    /// points, the Azure VM, its registration - is read at the same time, and its absence is no
    /// failure.
    ///
    /// # Errors
    /// When the machine itself cannot be read.
    pub async fn machine(&self, id: &ArmId) -> Result<(Machine, Detail), Failure> {
        let (machine, points) = tokio::join!(self.arm.machine(id), self.arm.recovery_points(id));
        let (machine, mut detail) = machine?;
        match points {
            Ok(points) if !points.is_empty() => detail.points = points,
            Ok(_) => {}
            Err(_) if !detail.points.is_empty() => {}
            Err(error) => detail.points_failure = Some(error.into()),
        }
        if let Some(vm) = &machine.azure_vm {
            let power = match self.arm.power_state(vm).await {
                Ok(power) => power,
                Err(error) => format!("unknown: {}", Failure::from(error).what).into(),
            };
            detail.facts.insert(0, ("Azure VM power", power));
        }
        Ok((machine, detail))
    }

    /// One machine alone, as it is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn machine_now(&self, id: &ArmId) -> Result<Machine, Failure> {
        Ok(self.machine_told(id).await?.0)
    }

    /// One machine as it is now, with what its own answer tells beyond a list.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn machine_told(&self, id: &ArmId) -> Result<(Machine, Detail), Failure> {
        Ok(self.arm.machine(id).await?)
    }

    /// One job with its tasks and errors.
    ///
    /// # Errors
    /// When it cannot be read, or lies in no vault of this site.
    pub async fn job(&self, near: &ArmId, job: &JobId) -> Result<Job, Failure> {
        let vault = self
            .vault_of(near)
            .ok_or_else(|| elsewhere(&format!("job {job}")))?;
        Ok(self.arm.job(vault, job).await?)
    }
}

fn elsewhere(what: &str) -> Failure {
    let what = format!("{what} lies in no vault of this site.");
    Failure::new(what, "Choose the site that holds it.", Retry::AfterFixing)
}

fn sign_in(profile: &Profile, held: Option<SecretString>) -> Result<SignIn, String> {
    Ok(match &profile.credential {
        Credential::ClientSecret { client_id, secret } => {
            let source = secret.clone();
            let held = match (held, &source) {
                (Some(held), _) => Some(held),
                // Asked for once, while nothing else has the terminal.
                (None, SecretSource::Prompt) => Some(source.fetch()?),
                (None, _) => None,
            };
            let secret: SecretReader = match held {
                Some(held) => Arc::new(move || Ok(held.clone())),
                None => Arc::new(move || source.fetch()),
            };
            SignIn::ClientSecret {
                login: Endpoint::parse(&profile.login).map_err(|error| error.to_string())?,
                tenant: profile.tenant.clone(),
                client_id: client_id.clone(),
                secret,
            }
        }
        Credential::ManagedIdentity {
            client_id,
            endpoint,
        } => SignIn::ManagedIdentity {
            endpoint: match endpoint {
                Some(raw) => Some(Endpoint::parse(raw).map_err(|error| error.to_string())?),
                None => None,
            },
            client_id: client_id.clone(),
        },
        Credential::AzureCli => SignIn::AzureCli {
            tenant: profile.tenant.clone(),
        },
    })
}
