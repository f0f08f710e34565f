//! Every bound that the HTTP door keeps, in one place, with its default.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::span;

/// What one client may take of the server: time, connections and bytes.
///
/// In the settings file this is the table `[limits]`; lengths of time are written `250ms`, `30s`, `5m`, `1h`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Connections at once; one more is answered 503 and closed.
    pub connections: usize,
    /// Connections at once from one address (IPv6: one /64). Not kept behind proxies, which share an address.
    pub connections_per_peer: usize,
    /// From the first byte of a request to the end of its headers; also how soon a fresh connection must speak.
    #[serde(with = "span")]
    pub header_time: Duration,
    /// From the end of the headers to the end of the body; later is 408.
    #[serde(with = "span")]
    pub body_time: Duration,
    /// From the end of the headers to the answer; later is 503, while a write goes on to its end.
    #[serde(with = "span")]
    pub request_time: Duration,
    /// How long a client may refuse to read an answer.
    #[serde(with = "span")]
    pub write_time: Duration,
    /// How long a connection may stay open between requests.
    #[serde(with = "span")]
    pub idle_time: Duration,
    /// How long a connection may live; it is then closed after its present request.
    #[serde(with = "span")]
    pub connection_time: Duration,
    /// How long requests under way may go on when the server stops.
    #[serde(with = "span")]
    pub grace: Duration,
    /// Requests at work at once; one more is answered 503.
    pub requests: usize,
    /// Commands at work at once, also those whose client is gone; one more is answered 503. About as many as keep the
    /// store fully at work: more of them would only wait for each other.
    pub commands: usize,
    /// Bytes of a request's path and query; more is 414.
    pub uri_bytes: usize,
    /// Bytes of a request's headers; more is 431.
    pub header_bytes: usize,
    /// Headers of a request; more is 431.
    pub headers: usize,
    /// Bytes of a request's body; more is 413.
    pub body_bytes: usize,
    /// Bytes of all bodies held at once; one more body is answered 503.
    pub bodies_bytes: usize,
    /// How deep arrays and objects of a body may nest.
    pub json_depth: usize,
    /// HTTP/2: requests at once on one connection.
    pub streams: u32,
    /// HTTP/2: streams reset by the client before they were looked at; more ends the connection.
    pub pending_resets: usize,
    /// HTTP/2: streams reset by us for the client's errors; more ends the connection.
    pub error_resets: usize,
    /// HTTP/2: how often a silent client is asked whether it is there.
    #[serde(with = "span")]
    pub ping_interval: Duration,
    /// HTTP/2: how long it may take to say so.
    #[serde(with = "span")]
    pub ping_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_peer: 512,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            request_time: Duration::from_mins(1),
            write_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            connection_time: Duration::from_hours(1),
            grace: Duration::from_secs(20),
            requests: 4096,
            commands: 64,
            uri_bytes: 8 * 1024,
            header_bytes: 16 * 1024,
            headers: 64,
            body_bytes: 1024 * 1024,
            bodies_bytes: 64 * 1024 * 1024,
            json_depth: 32,
            streams: 128,
            pending_resets: 20,
            error_resets: 256,
            ping_interval: Duration::from_secs(20),
            ping_time: Duration::from_secs(10),
        }
    }
}
