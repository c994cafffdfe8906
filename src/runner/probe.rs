//! Looking whether a machine answers: read-only, and never with anything that is secret.

use std::time::Duration;

use reqwest::{Client, redirect};
use tokio::net::TcpStream;

use crate::domain::Text;

/// How long one look may take.
const LOOK: Duration = Duration::from_secs(10);

/// Whether somebody accepts connections there. `Err`: in words, not.
pub(super) async fn tcp(host: &str, port: u16) -> Result<(), Text> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(LOOK, TcpStream::connect((bare, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("{host} port {port} does not answer: {error}").into()),
        Err(_) => {
            let seconds = LOOK.as_secs();
            Err(format!("{host} port {port} does not answer within {seconds} s").into())
        }
    }
}

/// Whether a GET is answered with that status; a redirection is an answer. Certificates are verified
/// against those that this machine trusts, and no proxy stands in between. `Err`: in words, not.
pub(super) async fn http(url: &str, status: u16) -> Result<(), Text> {
    // Ignored on purpose: it says only that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(LOOK)
        .user_agent(concat!("failback/", env!("CARGO_PKG_VERSION")))
        .build();
    let client = client.map_err(|error| Text::from(format!("TLS cannot be set up: {error}")))?;
    match client.get(url).send().await {
        Ok(answer) if answer.status().as_u16() == status => Ok(()),
        Ok(answer) => {
            let answered = answer.status().as_u16();
            Err(format!("{url} answers {answered}, not {status}").into())
        }
        Err(error) => {
            let why = chain(&error.without_url());
            Err(format!("{url} does not answer: {why}").into())
        }
    }
}

/// What an error says, and what it says was behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        words = format!("{words}: {error}");
        behind = error.source();
    }
    words
}
