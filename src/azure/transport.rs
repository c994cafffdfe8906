//! What the HTTP and TLS libraries say went wrong, in our kinds.

use std::error::Error as _;
use std::time::Duration;

use super::error::{Distrust, Kind};

/// What a failure of the HTTP library means. Its own text is not used: it may hold a query.
pub(super) fn kind_of(error: &reqwest::Error, host: &str) -> Kind {
    let mut tls = None;
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(&inner.to_string());
        words.push('\n');
        tls = tls.or_else(|| tls_error(inner));
        cause = inner.source();
    }
    let words = words.to_ascii_lowercase();
    if let Some(why) = tls.and_then(untrusted) {
        Kind::Untrusted {
            host: host.into(),
            why,
        }
    } else if error.is_connect() && tls.is_some() {
        Kind::NoTls(host.into())
    } else if error.is_connect() && (words.contains("tunnel") || words.contains("proxy")) {
        Kind::Proxy(host.into())
    } else if error.is_connect() && words.contains("dns") {
        Kind::NameUnknown(host.into())
    } else if error.is_connect() {
        Kind::Unreachable(host.into())
    } else if error.is_timeout() {
        Kind::Timeout(Duration::ZERO)
    } else {
        Kind::Cut
    }
}

/// The TLS error that a cause carries: the layers between wrap it in I/O errors, one in another.
fn tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = cause;
    loop {
        if let Some(tls) = cause.downcast_ref() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    }
}

fn untrusted(error: &rustls::Error) -> Option<Distrust> {
    use rustls::CertificateError as C;
    let rustls::Error::InvalidCertificate(why) = error else {
        return None;
    };
    Some(match why {
        // A bad signature: a CA of that name is known here, and it is another one.
        C::UnknownIssuer | C::BadSignature => Distrust::Issuer,
        C::NotValidForName | C::NotValidForNameContext { .. } => Distrust::Name,
        C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
            Distrust::Dates
        }
        other => Distrust::Other(other.to_string()),
    })
}
