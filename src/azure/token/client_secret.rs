//! A service principal signs in with a client secret.

use reqwest::Client;
use secrecy::ExposeSecret;

use super::{Fresh, SecretReader, read, refused};
use crate::azure::endpoint::Endpoint;
use crate::azure::error::{Error, Sent, SignInProblem};
use crate::azure::transport;

pub(super) struct Form<'a> {
    pub login: &'a Endpoint,
    pub tenant: &'a str,
    pub client_id: &'a str,
    pub audience: &'a str,
}

impl Form<'_> {
    pub async fn fetch(&self, client: &Client, secret: &SecretReader) -> Result<Fresh, Error> {
        let doing = format!("sign in at {}", self.login.host());
        // A command or a slow file system must not stall the other requests.
        let reader = secret.clone();
        let secret = tokio::task::spawn_blocking(move || reader())
            .await
            .unwrap_or_else(|_| Err("the secret could not be fetched".into()))
            .map_err(|why| refused(&doing, SignInProblem::Secret(why)))?;
        let plain = self
            .tenant
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        let url = plain
            .then(|| {
                self.login
                    .join(&format!("/{}/oauth2/v2.0/token", self.tenant))
            })
            .flatten()
            .ok_or_else(|| {
                let why = format!("{:?} is not the id or domain of a tenant", self.tenant);
                refused(&doing, SignInProblem::Source(why))
            })?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id),
            ("client_secret", secret.expose_secret()),
            ("scope", &format!("{}/.default", self.audience)),
        ];
        let answer = client.post(url).form(&form).send().await.map_err(|error| {
            Error::new(
                &doing,
                transport::kind_of(&error, self.login.host()),
                Sent::No,
            )
        })?;
        read(&doing, answer).await
    }
}
