//! Where requests may go. A token leaves this program only over TLS, or to this machine itself.

use std::net::IpAddr;

use reqwest::Url;
use thiserror::Error;

/// The base of a service: `https://management.azure.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotAnEndpoint {
    #[error("{0:?} is not an address like https://management.azure.com")]
    Malformed(String),
    #[error("{0:?}: plain http goes to this machine (127.0.0.1, ::1, localhost) only; use https")]
    Plain(String),
}

impl Endpoint {
    /// Takes an address from a profile: https, or http to a loopback address; no path, no query, no
    /// user.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn parse(raw: &str) -> Result<Self, NotAnEndpoint> {
        let malformed = || NotAnEndpoint::Malformed(raw.chars().take(200).collect());
        let url = Url::parse(raw.trim()).map_err(|_| malformed())?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && matches!(url.path(), "" | "/")
            && url.host_str().is_some();
        match url.scheme() {
            _ if !bare => Err(malformed()),
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(NotAnEndpoint::Plain(raw.chars().take(200).collect())),
            _ => Err(malformed()),
        }
    }

    /// The address of `path_and_query` (which begins with `/`) on this endpoint.
    #[must_use]
    pub fn join(&self, path_and_query: &str) -> Option<Url> {
        let joined = self.0.join(path_and_query).ok()?;
        self.covers(&joined).then_some(joined)
    }

    /// Whether an address that the service gave may be followed with our token: the same scheme and
    /// port, and the same host or a regional one below it (`centraluseuap.management.azure.com`).
    #[must_use]
    pub fn covers(&self, url: &Url) -> bool {
        let (Some(own), Some(host)) = (self.0.host_str(), url.host_str()) else {
            return false;
        };
        let below = host
            .strip_suffix(own)
            .is_some_and(|head| head.ends_with('.'))
            && !is_loopback(&self.0);
        url.scheme() == self.0.scheme()
            && url.port_or_known_default() == self.0.port_or_known_default()
            && url.username().is_empty()
            && (host == own || below)
    }

    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// As written in a token's audience: without the trailing slash.
    #[must_use]
    pub fn audience(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        assert!(Endpoint::parse("http://127.0.0.1:8080").is_ok());
        assert!(Endpoint::parse("http://[::1]:8080").is_ok());
        assert!(matches!(
            Endpoint::parse("http://example.com"),
            Err(NotAnEndpoint::Plain(_))
        ));
        assert!(matches!(
            Endpoint::parse("http://localhost.example.com"),
            Err(NotAnEndpoint::Plain(_))
        ));
        for raw in [
            "",
            "management.azure.com",
            "https://u:p@h",
            "https://h/x",
            "ftp://h",
            "https://h?x",
        ] {
            assert!(
                matches!(Endpoint::parse(raw), Err(NotAnEndpoint::Malformed(_))),
                "{raw}"
            );
        }
    }

    #[test]
    fn a_link_is_followed_to_the_service_and_its_regions_only() {
        let arm = Endpoint::parse("https://management.azure.com").unwrap();
        let may = |raw: &str| arm.covers(&Url::parse(raw).unwrap());
        assert!(may("https://management.azure.com/x?y"));
        assert!(may("https://centraluseuap.management.azure.com/x"));
        assert!(!may("http://management.azure.com/x"));
        assert!(!may("https://management.azure.com.evil.example/x"));
        assert!(!may("https://evilmanagement.azure.com/x"));
        assert!(!may("https://management.azure.com:444/x"));
        let own = Endpoint::parse("http://127.0.0.1:81").unwrap();
        assert!(!own.covers(&Url::parse("http://127.0.0.1:82/").unwrap()));
    }
}
