//! TLS with an authority of its own, made at the start and gone with the server.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};
use tokio_rustls::TlsAcceptor;

use super::options::{CertificateKind, Error};

/// An acceptor, and the authority's certificate in PEM.
pub(super) fn acceptor(kind: CertificateKind) -> Result<(TlsAcceptor, String), Error> {
    let wrong = |e: rcgen::Error| Error::Certificate(e.to_string());
    let mut authority = CertificateParams::new(Vec::new()).map_err(wrong)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority
        .distinguished_name
        .push(DnType::CommonName, "failback built-in site");
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().map_err(wrong)?)
        .map_err(wrong)?;
    let names = match kind {
        CertificateKind::WrongName => vec!["elsewhere.invalid".to_owned()],
        _ => vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ],
    };
    let mut leaf = CertificateParams::new(names).map_err(wrong)?;
    leaf.distinguished_name
        .push(DnType::CommonName, "localhost");
    if kind == CertificateKind::Expired {
        leaf.not_before = rcgen::date_time_ymd(2020, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().map_err(wrong)?;
    let certificate = leaf.signed_by(&key, &issuer).map_err(wrong)?;
    let private = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], private.into())
        })
        .map_err(|e| Error::Certificate(e.to_string()))?;
    Ok((TlsAcceptor::from(Arc::new(config)), issuer.pem()))
}
