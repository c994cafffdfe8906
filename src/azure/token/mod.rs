//! Bearer tokens: fetched from one of three sources, kept until shortly before they expire, one
//! refresh at a time.

mod azure_cli;
mod client_secret;
mod managed_identity;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::error::{Error, Kind, Sent, SignInProblem};
use super::wire::{ServiceError, TokenAnswer};

/// Fetches a secret anew each time it is needed, so that none is kept.
pub type SecretReader = Arc<dyn Fn() -> Result<SecretString, String> + Send + Sync>;

/// How to sign in.
#[derive(Clone)]
pub enum SignIn {
    ClientSecret {
        login: Endpoint,
        tenant: String,
        client_id: String,
        secret: SecretReader,
    },
    /// The identity endpoint of the machine; the usual one when not given.
    ManagedIdentity {
        endpoint: Option<Endpoint>,
        client_id: Option<String>,
    },
    AzureCli {
        tenant: String,
    },
}

/// A token is replaced this long before it expires, so that none expires on the way.
const MARGIN: Duration = Duration::from_secs(300);

/// Most bytes of an answer that carries a token.
const MOST_BYTES: usize = 1 << 20;

pub(super) struct Tokens {
    sign_in: SignIn,
    audience: String,
    held: Mutex<Option<Held>>,
}

struct Held {
    header: HeaderValue,
    until: Instant,
}

/// A token as a source gives it.
pub(super) struct Fresh {
    token: SecretString,
    lives: Duration,
}

impl Tokens {
    pub fn new(sign_in: SignIn, audience: String) -> Self {
        Self {
            sign_in,
            audience,
            held: Mutex::new(None),
        }
    }

    /// The `Authorization` header, marked sensitive. Whoever comes while a token is being fetched
    /// waits for that one.
    pub async fn header(&self, clients: &Clients<'_>) -> Result<HeaderValue, Error> {
        let mut held = self.held.lock().await;
        if let Some(known) = held.as_ref().filter(|known| Instant::now() < known.until) {
            return Ok(known.header.clone());
        }
        let fresh = self.fetch(clients).await?;
        let bearer = format!("Bearer {}", fresh.token.expose_secret());
        let mut header = HeaderValue::from_str(&bearer).map_err(|_| {
            refused(
                "sign in",
                SignInProblem::Source("the token is not one".into()),
            )
        })?;
        header.set_sensitive(true);
        let margin = MARGIN.min(fresh.lives / 2);
        *held = Some(Held {
            header: header.clone(),
            until: Instant::now() + fresh.lives - margin,
        });
        Ok(header)
    }

    /// Whether tokens come from the identity endpoint of this machine.
    pub fn asks_this_machine(&self) -> bool {
        matches!(self.sign_in, SignIn::ManagedIdentity { .. })
    }

    /// Forgets the token, if it is still the one that was just refused.
    pub async fn forget(&self, header: &HeaderValue) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|known| known.header == *header) {
            *held = None;
        }
    }

    async fn fetch(&self, clients: &Clients<'_>) -> Result<Fresh, Error> {
        match &self.sign_in {
            SignIn::ClientSecret {
                login,
                tenant,
                client_id,
                secret,
            } => {
                let form = client_secret::Form {
                    login,
                    tenant,
                    client_id,
                    audience: &self.audience,
                };
                form.fetch(clients.ordinary, secret).await
            }
            SignIn::ManagedIdentity {
                endpoint,
                client_id,
            } => {
                let id = client_id.as_deref();
                managed_identity::fetch(clients.direct, endpoint.as_ref(), id, &self.audience).await
            }
            SignIn::AzureCli { tenant } => azure_cli::fetch(tenant, &self.audience).await,
        }
    }
}

/// The identity endpoint of a machine is never reached through a proxy.
pub(super) struct Clients<'a> {
    pub ordinary: &'a Client,
    pub direct: &'a Client,
}

fn refused(doing: &str, problem: SignInProblem) -> Error {
    Error::new(doing, Kind::SignIn(Box::new(problem)), Sent::No)
}

/// Reads the answer of a token endpoint.
async fn read(doing: &str, answer: reqwest::Response) -> Result<Fresh, Error> {
    let status = answer.status();
    let host = answer.url().host_str().unwrap_or_default().to_owned();
    let body = super::answer::bounded(answer, MOST_BYTES)
        .await
        .map_err(|kind| Error::new(doing, kind, Sent::No))?;
    if !status.is_success() {
        let error = ServiceError::read(&body).unwrap_or_else(|| ServiceError {
            code: format!("HTTP {}", status.as_u16()),
            ..ServiceError::default()
        });
        let kind = match status.as_u16() {
            429 | 500.. => Kind::Unreachable(format!("{host} ({error})")),
            _ => Kind::SignIn(Box::new(SignInProblem::Refused(error))),
        };
        return Err(Error::new(doing, kind, Sent::No));
    }
    let answer: TokenAnswer = serde_json::from_slice(&body).map_err(|_| {
        refused(
            doing,
            SignInProblem::Source("the answer holds no token".into()),
        )
    })?;
    fresh(doing, &answer)
}

fn fresh(doing: &str, answer: &TokenAnswer) -> Result<Fresh, Error> {
    let token = answer.access_token.as_str();
    if token.is_empty() {
        return Err(refused(
            doing,
            SignInProblem::Source("the answer holds no token".into()),
        ));
    }
    let until = answer
        .expires_on
        .number()
        .and_then(|at| i64::try_from(at).ok());
    let left = until.map(|at| u64::try_from(at - jiff::Timestamp::now().as_second()).unwrap_or(0));
    // `expires_in` first: it does not depend on this machine's clock.
    let seconds = answer
        .expires_in
        .number()
        .or(left)
        .unwrap_or(300)
        .min(86_400);
    Ok(Fresh {
        token: token.to_owned().into(),
        lives: Duration::from_secs(seconds),
    })
}
