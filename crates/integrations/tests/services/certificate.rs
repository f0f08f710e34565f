//! Certificates of hosts: good ones are told of, and of others what is wrong.

use std::net::TcpListener;
use std::sync::Arc;

use baddie_core::testing::FixedClock;
use baddie_integrations::http::{Cause, Http, Settings};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::kit::means;
use crate::kit::specs::fixture;

/// Somebody on loopback who shows this certificate to one caller, or talks nonsense; the port.
pub(crate) fn host(certificate: Option<&str>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = certificate.map(|name| {
        let pem = fixture(&format!("certificates/{name}.pem"));
        let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(fixture("certificates/host.key").as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        Arc::new(builder.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
    });
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        match config {
            Some(config) => {
                let mut tls = ServerConnection::new(config).unwrap();
                // The caller may hang up before all is said.
                while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
            }
            None => {
                let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        }
    });
    port
}

/// A client that trusts the pretend authority and may call these networks.
pub(crate) fn http(allow: &[&str]) -> Http {
    let settings = Settings {
        allow: allow.iter().map(|network| network.parse().unwrap()).collect(),
        authorities: vec![fixture("certificates/authority.pem")],
    };
    Http::new(&settings, means(&FixedClock::default())).unwrap()
}

#[tokio::test]
async fn a_good_certificate_is_told_of() {
    let seen = http(&["127.0.0.0/8"]).certificate("localhost", host(Some("good"))).await.unwrap();
    assert_eq!(seen.issuer, "Pretend Authority");
    assert_eq!(seen.not_after, "2075-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(seen.names, ["localhost", "shop.example.com"]);
}

#[tokio::test]
async fn what_is_wrong_with_others_is_said() {
    let http = http(&["127.0.0.0/8"]);
    for (certificate, wrong) in [("other", "name"), ("expired", "expired"), ("stranger", "issuer")] {
        let failure = http.certificate("localhost", host(Some(certificate))).await.unwrap_err();
        assert_eq!(failure.cause, Cause::Declined { code: wrong.into() }, "{failure}");
    }
    let nonsense = http.certificate("localhost", host(None)).await.unwrap_err();
    assert_eq!(nonsense.cause, Cause::Protocol, "{nonsense}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = http.certificate("localhost", closed).await.unwrap_err();
    assert_eq!(nobody.cause, Cause::Unavailable, "{nobody}");
}

#[tokio::test]
async fn s45_no_certificate_is_looked_at_where_nobody_may_call() {
    let http = http(&[]);
    for host in ["localhost", "127.0.0.1", "::1", "169.254.169.254"] {
        let failure = http.certificate(host, 443).await.unwrap_err();
        assert_eq!(failure.cause, Cause::Permission, "{host}: {failure}");
    }
    for odd in ["", "a b", "http://example.com", "a/b"] {
        let failure = http.certificate(odd, 443).await.unwrap_err();
        assert!(matches!(failure.cause, Cause::Validation { .. }), "{odd}: {failure}");
    }
}
