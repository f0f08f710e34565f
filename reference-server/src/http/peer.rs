//! Who is at the other end, as far as bounds are concerned: an address, or the network that an address stands for.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::HeaderName;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// One client: an IPv4 address, or an IPv6 network of 64 bits, since whoever has one address there has them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(u128);

impl Peer {
    /// The bits that tell this peer from others, folded so that the low ones differ.
    pub fn mixed(self) -> u128 {
        self.0 ^ self.0 >> 64
    }
}

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(v4.to_ipv6_mapped().to_bits()),
            IpAddr::V6(v6) => Self(v6.to_bits() >> 64 << 64),
        }
    }
}

/// The client behind `hops` proxies of ours: each appends the address it was called from, so the one that the outermost
/// of them saw is counted from the right. What stands further left is the client's own invention.
pub fn client(socket: SocketAddr, headers: &HeaderMap, hops: usize) -> Peer {
    if hops == 0 {
        return socket.ip().into();
    }
    headers
        .get_all(FORWARDED_FOR)
        .iter()
        .rev()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','))
        .nth(hops - 1)
        .and_then(|address| address.trim().parse::<IpAddr>().ok())
        .unwrap_or(socket.ip())
        .into()
}

/// Whether the request comes from this very machine and was not passed on by a proxy on it.
pub fn is_local(socket: SocketAddr, headers: &HeaderMap) -> bool {
    socket.ip().to_canonical().is_loopback()
        && !headers.contains_key(FORWARDED_FOR)
        && !headers.contains_key(FORWARDED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Peer {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn neighbours_in_one_network_are_one_peer() {
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::ffff:1"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
        assert_eq!(peer("192.0.2.1"), peer("::ffff:192.0.2.1"));
    }

    #[test]
    fn forwarded_addresses_count_from_the_right() {
        let socket: SocketAddr = "10.0.0.1:80".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, "6.6.6.6, 198.51.100.7".parse().unwrap());
        headers.append(FORWARDED_FOR, "203.0.113.9".parse().unwrap());
        assert_eq!(client(socket, &headers, 0), peer("10.0.0.1"), "nobody is trusted unless told so");
        assert_eq!(client(socket, &headers, 1), peer("203.0.113.9"));
        assert_eq!(client(socket, &headers, 2), peer("198.51.100.7"));
        assert_eq!(client(socket, &headers, 9), peer("10.0.0.1"), "a chain too short is not believed");
    }
}
