//! Bringing a site up, and letting it go.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::arm::Arm;
use super::clock::Clock;
use super::control::Log;
use super::estate::{EstateFile, parse};
use super::faults::{Fault, Faults};
use super::generate;
use super::options::{Announce, AnnouncedVault, Error, Estate, ExampleItem, Options};
use super::pages::Pages;
use super::replay::Replay;
use super::server::{Backend, Server};
use super::site::guid;
use super::token::{self, Credentials};
use super::world::World;
use super::{tls, warm, wire};

/// A site that runs; it ends when this is dropped.
pub struct Running {
    pub announce: Announce,
    server: Arc<Server>,
}

impl Running {
    /// Resolves when the site has ended: shut down, or idle for too long.
    pub async fn finished(&mut self) {
        self.server.stop.cancelled().await;
        // Answers on their way are given the time that connections have (`wire.rs`).
        tokio::time::sleep(Duration::from_millis(120)).await;
    }

    /// Turns the simulated clock, as POST `/_simulator/clock` does.
    pub fn advance(&self, seconds: f64) {
        self.server.advance(seconds);
    }

    /// The simulated time.
    pub fn now(&self) -> jiff::Timestamp {
        self.server.now()
    }

    /// Adds a rule, as POST `/_simulator/faults` does.
    pub fn add_fault(&self, fault: Fault) {
        self.server.faults.add(fault);
    }

    pub fn clear_faults(&self) {
        self.server.faults.clear();
    }

    /// What was sent, oldest first, in the form of GET `/_simulator/requests`.
    pub fn requests(&self) -> Vec<serde_json::Value> {
        let seen = self.server.log.since(0);
        seen.into_iter()
            .filter_map(|s| serde_json::to_value(s).ok())
            .collect()
    }

    pub fn shutdown(&self) {
        self.server.stop.cancel();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.stop.cancel();
    }
}

/// Starts a site on the current tokio runtime.
pub async fn start(options: Options) -> Result<Running, Error> {
    if !options.listen.ip().is_loopback() {
        return Err(Error::NotLoopback(options.listen));
    }
    if !(options.speed.is_finite()
        && options.speed > 0.0
        && options.seconds_a_call.is_finite()
        && options.job_pace.is_finite()
        && options.job_pace >= 0.0)
    {
        return Err(Error::Options("speed and pace are positive numbers".into()));
    }
    let tls = options
        .tls
        .then(|| tls::acceptor(options.certificate))
        .transpose()?;
    let clock = Clock::new(options.speed, options.clock_offset);
    let life = clock.wait(token::LIFE as f64);
    let faults = Arc::new(Faults::new(options.faults.clone()));
    let opened = open(&options, clock, life, Arc::clone(&faults))?;
    let failed = |source| Error::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let base_url = match (&tls, options.listen.is_ipv6()) {
        (Some(_), _) => format!("https://localhost:{port}"),
        (None, true) => format!("http://[::1]:{port}"),
        (None, false) => format!("http://{}:{port}", options.listen.ip()),
    };
    let credentials = opened.credentials;
    let announce = Announce {
        base_url,
        ca_pem: tls.as_ref().map(|(_, pem)| pem.clone()),
        tenant: credentials.tenant.clone(),
        client_id: credentials.client_id.clone(),
        client_secret: credentials.client_secret.clone(),
        vaults: opened.vaults,
        items: opened.items,
        example: opened.example,
        about: opened.about,
    };
    let server = Arc::new(Server {
        backend: opened.backend,
        announce: announce.clone(),
        credentials,
        faults,
        log: Log::default(),
        stop: CancellationToken::new(),
        seed: options.seed,
        calls_per_minute: options.calls_per_minute,
        seconds_a_call: options.seconds_a_call,
        count: AtomicU64::new(0),
        begun: Instant::now(),
        last: AtomicU64::new(0),
        minute: std::sync::Mutex::default(),
    });
    if let Some(limit) = options.idle_exit {
        tokio::spawn(idle(Arc::clone(&server), limit));
    }
    warm::warm(Arc::clone(&server));
    tokio::spawn(wire::accept(
        listener,
        Arc::clone(&server),
        tls.map(|(acceptor, _)| acceptor),
    ));
    Ok(Running { announce, server })
}

async fn idle(server: Arc<Server>, limit: Duration) {
    loop {
        let left = limit.saturating_sub(server.idle());
        if left.is_zero() {
            server.stop.cancel();
        }
        tokio::select! {
            () = server.stop.cancelled() => return,
            () = tokio::time::sleep(left) => {}
        }
    }
}

/// What an estate turns out to be.
struct Opened {
    backend: Backend,
    credentials: Credentials,
    vaults: Vec<AnnouncedVault>,
    items: usize,
    example: Option<ExampleItem>,
    about: String,
}

fn open(options: &Options, clock: Clock, life: u64, faults: Arc<Faults>) -> Result<Opened, Error> {
    if let Estate::Replay { file, at } = &options.estate {
        let replay = Replay::open(file, *at)?;
        let items = replay.items();
        let id = |what: &str| guid(options.seed, what);
        return Ok(Opened {
            credentials: Credentials {
                tenant: id("tenant"),
                client_id: id("client"),
                client_secret: id("secret"),
                life,
            },
            vaults: replay.vaults.clone(),
            items: items.len(),
            example: items.into_iter().next(),
            about: "A recording: what was never recorded answers 'not recorded'.".into(),
            backend: Backend::Replay { replay, clock },
        });
    }
    let (file, estate) = read(options)?;
    let wrong = |reason| Error::Estate {
        file: file.clone(),
        reason,
    };
    let world = {
        let (pace, quirks) = (options.job_pace, options.quirks.clone());
        World::new(estate, options.seed, clock, pace, quirks, faults).map_err(wrong)?
    };
    for rule in &options.faults {
        strikes_somebody(&world, rule).map_err(Error::Options)?;
    }
    let site = &world.site;
    let ready = |i: &&usize| {
        site.machines[**i]
            .stage
            .is_some_and(|s| s.key == "classic-ready")
    };
    let example = site
        .protected
        .iter()
        .find(ready)
        .or(site.protected.first())
        .map(|i| {
            let machine = &site.machines[*i];
            let fabric = site.fabric_of(machine);
            ExampleItem {
                fabric: fabric.name.clone(),
                container: fabric.container.clone(),
                item: machine.item.clone(),
            }
        });
    Ok(Opened {
        credentials: Credentials {
            tenant: site.tenant.clone(),
            client_id: site.client_id.clone(),
            client_secret: site.client_secret.clone(),
            life,
        },
        vaults: vec![AnnouncedVault {
            subscription: site.subscription.clone(),
            resource_group: site.resource_group.clone(),
            name: site.vault.clone(),
        }],
        items: site.protected.len(),
        example,
        about: site.about.clone(),
        backend: Backend::Site(Box::new(Arm {
            world,
            pages: Pages::new(options.page_size),
        })),
    })
}

/// A rule about a machine that is not there would never strike: better said at once.
pub(super) fn strikes_somebody(world: &World, rule: &Fault) -> Result<(), String> {
    match rule.machine() {
        Some(name) if !world.knows(name) => Err(format!("{rule}: there is no machine '{name}'")),
        _ => Ok(()),
    }
}

fn read(options: &Options) -> Result<(PathBuf, EstateFile), Error> {
    let built_in = |name: &str, text: &str| {
        let file = PathBuf::from(name);
        parse(text, &file).map(|estate| (file, estate))
    };
    let (file, mut estate) = match &options.estate {
        Estate::Contoso => built_in("contoso", include_str!("../../assets/estates/contoso.json"))?,
        Estate::Recorded => built_in(
            "recorded",
            include_str!("../../assets/estates/recorded.json"),
        )?,
        Estate::Empty => built_in("empty", include_str!("../../assets/estates/empty.json"))?,
        Estate::Large => built_in("large", include_str!("../../assets/estates/large.json"))?,
        Estate::File(file) => (file.clone(), parse(&text(file)?, file)?),
        Estate::Replay { .. } => return Err(Error::Options("a recording is no estate".into())),
    };
    let count = match options.estate {
        Estate::Large => Some(options.machines.unwrap_or(500)),
        Estate::Contoso => options.machines,
        _ => None,
    };
    if let Some(count) = count {
        generate::fill(&mut estate, count, options.seed);
    }
    Ok((file, estate))
}

/// No estate file is longer.
const LONGEST: u64 = 64 << 20;

fn text(file: &Path) -> Result<String, Error> {
    let wrong = |source| Error::Read {
        file: file.to_owned(),
        source,
    };
    let mut text = String::new();
    let opened = std::fs::File::open(file).map_err(wrong)?;
    opened
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(wrong)?;
    if text.len() as u64 > LONGEST {
        let reason = "it is longer than 64 MiB".to_owned();
        return Err(Error::Estate {
            file: file.to_owned(),
            reason,
        });
    }
    Ok(text)
}
