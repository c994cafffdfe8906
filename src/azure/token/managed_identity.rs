//! The managed identity of the machine: the instance metadata address hands out tokens, over plain
//! http and never through a proxy.

use reqwest::Client;

use super::{Fresh, read, refused};
use crate::azure::endpoint::Endpoint;
use crate::azure::error::{Error, Sent, SignInProblem};
use crate::azure::transport;

/// The one address outside this machine that plain http goes to: link-local, never routed.
const METADATA: &str = "http://169.254.169.254";

pub(super) async fn fetch(
    direct: &Client,
    endpoint: Option<&Endpoint>,
    client_id: Option<&str>,
    audience: &str,
) -> Result<Fresh, Error> {
    let doing = "sign in with the managed identity of this machine";
    let base = endpoint.map_or(METADATA, Endpoint::audience);
    let mut query = vec![("api-version", "2018-02-01"), ("resource", audience)];
    query.extend(client_id.map(|id| ("client_id", id)));
    let answer = direct
        .get(format!("{base}/metadata/identity/oauth2/token"))
        .header("Metadata", "true")
        .query(&query)
        .send()
        .await
        .map_err(|error| {
            if error.is_connect() || error.is_timeout() {
                let why = "this machine has no managed identity that answers".to_owned();
                return refused(doing, SignInProblem::Source(why));
            }
            Error::new(
                doing,
                transport::kind_of(&error, "the identity endpoint"),
                Sent::No,
            )
        })?;
    read(doing, answer).await
}
