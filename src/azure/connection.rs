//! The HTTP client underneath: TLS with the system's and private CAs, proxies, limits.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect};

/// How to reach the service.
#[derive(Clone, Debug)]
pub struct Connection {
    pub proxy: Proxying,
    /// PEM file with CAs to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Longest silence on a connection.
    pub timeout: Duration,
}

/// Which proxy requests go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxying {
    /// `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`.
    System,
    None,
    Url(String),
}

impl Connection {
    /// The client that reads: connections are kept and used again.
    ///
    /// # Errors
    /// In words: an unreadable CA file, an unusable proxy address.
    pub fn reader(&self) -> Result<Client, String> {
        self.finish(self.builder()?)
    }

    /// The client that changes: a new connection for each call, so that no call is lost in a
    /// connection that the other side had already closed.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub fn changer(&self) -> Result<Client, String> {
        self.finish(self.builder()?.pool_max_idle_per_host(0))
    }

    fn builder(&self) -> Result<ClientBuilder, String> {
        // Ignored on purpose: it says only that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.timeout.min(Duration::from_secs(15)))
            .read_timeout(self.timeout)
            .user_agent(concat!("failback/", env!("CARGO_PKG_VERSION")));
        let proxy = match &self.proxy {
            Proxying::None => None,
            Proxying::System => environment()
                .map(|url| tunnel(&url).map(|proxy| proxy.no_proxy(NoProxy::from_env())))
                .transpose()?,
            Proxying::Url(url) => Some(tunnel(url)?),
        };
        let builder = builder.no_proxy();
        let builder = match proxy {
            Some(proxy) => builder.proxy(proxy),
            None => builder,
        };
        match &self.ca_file {
            Some(file) => Ok(builder.tls_certs_merge(certificates(file)?)),
            None => Ok(builder),
        }
    }

    fn finish(&self, builder: ClientBuilder) -> Result<Client, String> {
        builder.build().map_err(|error| match &self.ca_file {
            Some(file) => format!("{} cannot be used: {error}", file.display()),
            None => format!("TLS cannot be set up: {error}"),
        })
    }
}

/// A proxy for https alone. Plain http goes to this machine only (see `Endpoint`), and a proxy would
/// read the secret and the token in it.
fn tunnel(url: &str) -> Result<Proxy, String> {
    Proxy::https(url)
        .map_err(|_| "the proxy's address is not one like http://proxy:3128".to_owned())
}

/// The proxy that the environment names for https. `HTTP_PROXY` is for plain http, and never used.
fn environment() -> Option<String> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|url| !url.is_empty()))
}

/// Most bytes a CA file may have.
const MOST_CA_BYTES: u64 = 4 << 20;

fn certificates(file: &Path) -> Result<Vec<Certificate>, String> {
    let shown = file.display();
    let size = std::fs::metadata(file)
        .map_err(|e| format!("{shown} cannot be read: {e}"))?
        .len();
    if size > MOST_CA_BYTES {
        return Err(format!("{shown} is larger than a CA file can be (4 MiB)"));
    }
    let pem = std::fs::read(file).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    let found = Certificate::from_pem_bundle(&pem)
        .map_err(|_| format!("{shown} is not a file of certificates in PEM form"))?;
    if found.is_empty() {
        return Err(format!("{shown} holds no certificate in PEM form"));
    }
    Ok(found)
}
