//! The certificate with which a host answers: whether it is good, for how long, and for which names.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use baddie_core::clock::Timestamp;
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConnection};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::Forbidden;
use super::client::Http;
use super::failure::{Cause, Failure};

/// How long a host may take to show its certificate.
const PATIENCE: Duration = Duration::from_secs(15);

/// A certificate that a host showed, and that is good for its name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Who vouches for it.
    pub issuer: String,
    /// Until when.
    pub not_after: Timestamp,
    /// For which names.
    pub names: Vec<String>,
}

fn failed(cause: Cause, why: impl AsRef<str>) -> Failure {
    Failure::new("certificate", cause, why)
}

fn unreachable(_: std::io::Error) -> Failure {
    failed(Cause::Unavailable, "the connection broke before the certificate was seen")
}

impl Http {
    /// Connects to a host, at port 443 as a rule, and looks at its certificate as every call does: one that is not good for this
    /// name now is [`Cause::Declined`], with what is wrong. It goes through the same gate of addresses.
    pub async fn certificate(&self, host: &str, port: u16) -> Result<Certificate, Failure> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            failed(Cause::Validation { field: Some("host".into()) }, "it is no name of a host")
        })?;
        let shown = timeout(PATIENCE, self.shown(host, port, name)).await;
        shown.unwrap_or_else(|_| Err(failed(Cause::Timeout, "the host does not answer in time")))
    }

    async fn shown(&self, host: &str, port: u16, name: ServerName<'static>) -> Result<Certificate, Failure> {
        let stream = TcpStream::connect(self.open(host, port).await?).await.map_err(unreachable)?;
        let mut tls = ClientConnection::new(self.tls.clone(), name)
            .map_err(|_| failed(Cause::Protocol, "no talk with the host can be begun"))?;
        while tls.is_handshaking() {
            while tls.wants_write() {
                let mut out = Vec::new();
                tls.write_tls(&mut out).map_err(unreachable)?;
                write(&stream, &out).await.map_err(unreachable)?;
            }
            if tls.is_handshaking() {
                let heard = read(&stream).await.map_err(unreachable)?;
                let mut rest = &heard[..];
                while !rest.is_empty() {
                    tls.read_tls(&mut rest).map_err(unreachable)?;
                    tls.process_new_packets().map_err(|error| judged(&error))?;
                }
            }
        }
        let seen = tls.peer_certificates().and_then(|chain| chain.first()).map(AsRef::as_ref);
        seen.and_then(fields).ok_or_else(|| failed(Cause::Protocol, "the certificate cannot be read"))
    }

    /// An address of the host that may be called.
    async fn open(&self, host: &str, port: u16) -> Result<SocketAddr, Failure> {
        let forbidden = || failed(Cause::Permission, Forbidden.to_string());
        if let Ok(address) = host.parse::<IpAddr>() {
            return Some(SocketAddr::new(address, port))
                .filter(|at| self.gate.permits(at.ip()))
                .ok_or_else(forbidden);
        }
        let missing = |_| failed(Cause::Unavailable, "the name leads nowhere");
        let mut found = tokio::net::lookup_host((host, port)).await.map_err(missing)?;
        found.find(|at| self.gate.permits(at.ip())).ok_or_else(forbidden)
    }
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(sent) => bytes = &bytes[sent..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn read(stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; 16 << 10];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut bytes) {
            Ok(0) => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => {
                bytes.truncate(length);
                return Ok(bytes);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// What is wrong with a certificate.
fn judged(error: &rustls::Error) -> Failure {
    let rustls::Error::InvalidCertificate(wrong) = error else {
        return failed(Cause::Protocol, "the host does not speak as agreed");
    };
    let (code, why) = match wrong {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("expired", "the certificate's time is over")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("early", "the certificate's time has not come")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ("name", "the certificate is for another name")
        }
        CertificateError::UnknownIssuer => ("issuer", "nobody who is trusted vouches for the certificate"),
        CertificateError::Revoked => ("revoked", "the certificate was called back"),
        _ => ("other", "the certificate is not good"),
    };
    failed(Cause::Declined { code: code.to_owned() }, why)
}

/// The next thing that is written in DER (X.690): its kind, what is in it, and what comes after.
fn next(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, rest) = input.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let digits = usize::from(first & 0x7f);
        if digits == 0 || digits > 4 || rest.len() < digits {
            return None;
        }
        length = rest[..digits].iter().fold(0, |length, &digit| (length << 8) | usize::from(digit));
        rest = &rest[digits..];
    }
    (length <= rest.len()).then(|| (kind, &rest[..length], &rest[length..]))
}

/// All the things that are written one after the other.
fn each(mut input: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, inside, rest) = next(input)?;
        input = rest;
        Some((kind, inside))
    })
}

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
const OTHER_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// What we read of a certificate (RFC 5280, 4.1): who vouches, until when, for which names.
fn fields(certificate: &[u8]) -> Option<Certificate> {
    let (_, whole, _) = next(certificate)?;
    let (_, body, _) = next(whole)?;
    // Its version may be left out; its number and the kind of signature come before who vouches.
    let parts: Vec<_> = each(body).skip_while(|(kind, _)| *kind == 0xa0).collect();
    let (&(_, issuer), &(_, span)) = (parts.get(2)?, parts.get(3)?);
    let (kind, until) = each(span).nth(1)?;
    let extensions = parts.iter().find(|(kind, _)| *kind == 0xa3).and_then(|(_, inside)| next(inside));
    let names = extensions.map(|(_, all, _)| names(all)).unwrap_or_default();
    Some(Certificate { issuer: called(issuer), not_after: moment(kind, until)?, names })
}

/// The names among what a certificate says besides.
fn names(extensions: &[u8]) -> Vec<String> {
    let of_names = |inside: &[u8]| {
        let mut parts = each(inside).peekable();
        let ours = parts.next_if(|(_, kind)| *kind == OTHER_NAMES).is_some();
        ours.then(|| parts.last().map(|(_, said)| said.to_vec())).flatten()
    };
    let Some(said) = each(extensions).find_map(|(_, inside)| of_names(inside)) else { return Vec::new() };
    let all = next(&said).map(|(_, all, _)| all).unwrap_or_default();
    let dns = each(all).filter(|(kind, _)| *kind == 0x82);
    dns.map(|(_, name)| String::from_utf8_lossy(name).into_owned()).collect()
}

/// What somebody is called: by their own name, or their organization's.
fn called(name: &[u8]) -> String {
    let told = |wanted: &[u8]| {
        each(name).flat_map(|(_, set)| each(set)).find_map(|(_, pair)| {
            let mut pair = each(pair);
            pair.next().filter(|(_, kind)| *kind == wanted)?;
            pair.next().map(|(_, text)| String::from_utf8_lossy(text).into_owned())
        })
    };
    told(COMMON_NAME).or_else(|| told(ORGANIZATION)).unwrap_or_default()
}

/// A moment, with two digits for the year (1950 to 2049) or four.
fn moment(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match kind {
        0x17 if text < "50" => format!("20{text}"),
        0x17 => format!("19{text}"),
        _ => text.to_owned(),
    };
    if text.len() != 14 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (date, time) = text.split_at(8);
    let of = |text: &str| format!("{}:{}:{}", &text[..2], &text[2..4], &text[4..]);
    format!("{}-{}-{}T{}Z", &date[..4], &date[4..6], &date[6..], of(time)).parse().ok()
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        let read = |kind, text: &str| moment(kind, text.as_bytes()).map(|at| at.to_string());
        assert_eq!(read(0x17, "261120100000Z").as_deref(), Some("2026-11-20T10:00:00.000000Z"));
        assert_eq!(read(0x17, "991231235959Z").as_deref(), Some("1999-12-31T23:59:59.000000Z"));
        assert_eq!(read(0x18, "20761120100000Z").as_deref(), Some("2076-11-20T10:00:00.000000Z"));
        for odd in ["", "Z", "261120100000", "2611201000Z", "261320100000Z", "26112010000éZ"] {
            assert_eq!(read(0x17, odd), None, "{odd}");
        }
    }

    #[test]
    fn one_that_is_cut_off_or_mangled_is_read_as_far_as_it_goes_or_not_at_all() {
        let pem = include_str!("../../tests/services/fixtures/certificates/good.pem");
        let whole = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let seen = fields(&whole).unwrap();
        assert_eq!((seen.issuer.as_str(), seen.names.len()), ("Pretend Authority", 2));
        for place in 0..whole.len() {
            assert_eq!(fields(&whole[..place]), None, "cut off after {place}");
            for bits in [0xff, 0x80, 0x01] {
                let mut mangled = whole.to_vec();
                mangled[place] ^= bits;
                // It may be another certificate; it never breaks anything.
                let _ = fields(&mangled);
            }
        }
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        for odd in
            [&[][..], &[0x30], &[0x30, 0x84, 0xff], &[0x30, 0x80], &[0x30, 0x02, 0x30, 0x00], &[0xff; 64]]
        {
            assert_eq!(fields(odd), None, "{odd:?}");
        }
    }
}
