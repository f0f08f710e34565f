//! What comes over the wire: parts of requests, and whole ones.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use baddie::{Currency, Engine, Found, clock::Zone};
use baddie_server::config::Config;
use baddie_server::http::{auth, json, peer, request_id, serve};
use baddie_server::{fields, server};
use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::{seeds, text};
use crate::Target;

/// A server that does not answer by then has hung up, which it may.
const PATIENCE: Duration = Duration::from_millis(300);

pub(super) fn targets() -> Vec<Target> {
    let strict = [r#"{"a":1,"b":[true,null,-1.5e3],"c":{"d":"\u00fc\n"}}"#, "{}", r#" { "x" : "" } "#];
    let bytes = |name, texts: &[&str], read: fn(&[u8]) -> Result<(), String>| Target {
        name,
        seeds: seeds(texts),
        cost: 1,
        read: Box::new(read),
    };
    vec![
        bytes("strict json", &strict, |input| match json::object(input, 32) {
            Ok(object) => match serde_json::from_str::<serde_json::Map<_, _>>(object.text) {
                Ok(fields) if fields.len() == object.names.len() => Ok(()),
                Ok(fields) => Err(format!("{} names, {} fields", object.names.len(), fields.len())),
                Err(error) => Err(format!("another reader says {error}")),
            },
            Err(fault) if fault.at <= input.len() => Ok(()),
            Err(fault) => Err(format!("{fault:?} is beyond the end")),
        }),
        text("json number", &["0", "-1", "1.5", "1e3", "-0.0", "12345678901234567890"], |input| {
            if json::is_number(input) && serde_json::from_str::<f64>(input).is_err() {
                return Err("no other reader takes it for a number".into());
            }
            Ok(())
        }),
        text("query", &["a=1&b=%20&c", "cursor=x%2By&limit=20", "=", "a=b=c&&"], |input| {
            let _ = fields::pairs(input);
            for form in [false, true] {
                let _ = fields::decode(input, form);
            }
            Ok(())
        }),
        bytes(
            "bearer",
            &["Bearer bad_0123456789abcdefghjkmnpqrstvwxyz01234567", "bearer x", "Basic eDp5"],
            |input| {
                let Ok(value) = HeaderValue::from_bytes(input) else { return Ok(()) };
                let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
                let _ = auth::token(&headers).map(|(token, digest)| (token.len(), digest.head()));
                Ok(())
            },
        ),
        bytes(
            "forwarded",
            &["203.0.113.9, 10.0.0.1", "[2001:db8::1]", "::ffff:1.2.3.4", "unknown"],
            |input| {
                let Ok(value) = HeaderValue::from_bytes(input) else { return Ok(()) };
                let headers = HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), value)]);
                for hops in 0..3 {
                    let _ = peer::client(SocketAddr::from(([127, 0, 0, 1], 1)), &headers, hops).mixed();
                }
                Ok(())
            },
        ),
        bytes("request id", &["0f8fad5b-d9cb-469f-a165-70867728950e", "abc", "a b"], |input| {
            let Ok(value) = HeaderValue::from_bytes(input) else { return Ok(()) };
            let headers = HeaderMap::from_iter([(HeaderName::from_static("x-request-id"), value)]);
            let id = request_id::of(&headers);
            if id.is_empty() { Err("an empty id".into()) } else { Ok(()) }
        }),
        whole_requests(),
    ]
}

/// A server with a shop, and what its owner says at its door.
fn serving() -> (Runtime, SocketAddr, String) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (address, token) = runtime.block_on(async {
        let engine = Engine::open("memory:").await.expect("a store");
        let found = Found {
            name: "Corner shop".into(),
            email: "owner@example.com".into(),
            currency: Currency::GBP,
            time_zone: Zone::utc(),
        };
        let token = engine.found(found).await.expect("a first shop").token;
        let mut config = Config::default();
        config.rate.credential.per_second = 0;
        config.rate.peer.per_second = 0;
        let front = server::front(engine, &config).expect("a front");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve(listener, Arc::new(front), std::future::pending()));
        (address, token)
    });
    (runtime, address, token)
}

fn whole_requests() -> Target {
    let (runtime, address, token) = serving();
    let request = |head: &str, body: &str| {
        let length = body.len();
        format!(
            "{head} HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {token}\r\nidempotency-key: k\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    };
    let seeds = [
        request("GET /api/v1/orders?limit=20", ""),
        request("GET /api/v1/products?search=mug%20blue&cursor=", ""),
        request("POST /api/v1/products", r#"{"title":"Mug","variants":[{"sku":"MUG"}]}"#),
        request("PATCH /api/v1/shop", r#"{"name":"Corner"}"#),
        request("DELETE /api/v1/keys/key_01ke70ehg0e00b0nr0m9xgpgn4", ""),
        request("POST /api/v1/orders", r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#)
            .replace("content-length: 43", "transfer-encoding: chunked"),
        request("GET /", ""),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_owned(),
    ];
    let read = move |input: &[u8]| {
        let exchange = async {
            let mut stream = TcpStream::connect(address).await?;
            // It may hang up before all is said.
            let _ = stream.write_all(input).await;
            let _ = stream.shutdown().await;
            let mut answer = vec![0; 64];
            let count = stream.read(&mut answer).await.unwrap_or(0);
            answer.truncate(count);
            std::io::Result::Ok(answer)
        };
        let answer = runtime.block_on(async { timeout(PATIENCE, exchange).await });
        match answer {
            Ok(Ok(answer)) if answer.starts_with(b"HTTP/1.1 5") && !answer.starts_with(b"HTTP/1.1 503") => {
                Err(String::from_utf8_lossy(&answer).into_owned())
            }
            Ok(Err(error)) => Err(format!("the server is gone: {error}")),
            _ => Ok(()),
        }
    };
    Target {
        name: "whole requests",
        seeds: seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect(),
        cost: 50,
        read: Box::new(read),
    }
}
