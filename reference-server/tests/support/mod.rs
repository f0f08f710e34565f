//! A server on a free port of this machine, and a client that says exactly what it is told to.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it, as its own module")]
#![allow(clippy::unwrap_used, clippy::format_push_string, reason = "all of this is test code")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use baddie::accounts::CreateKey;
use baddie::{Currency, Engine, Found, Role};
use baddie_server::config::Config;
use baddie_server::http::metrics::Metrics;
use baddie_server::http::serve::Ended;
use baddie_server::http::{Commands, Front, Limits, serve};
use baddie_server::server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(10);

static KEYS: AtomicU64 = AtomicU64::new(0);

/// A running server.
pub struct Server {
    pub address: SocketAddr,
    pub front: Arc<Front>,
    /// The token of the shop's owner, and of somebody who may only look; empty where there is no engine.
    pub owner: String,
    pub viewer: String,
    stop: CancellationToken,
    ended: JoinHandle<Ended>,
}

impl Server {
    /// Serves the engine's API on an empty store in memory.
    pub async fn api(change: impl FnOnce(&mut Config)) -> Self {
        Self::api_on("memory:", change).await
    }

    /// Serves the engine's API on an empty store.
    pub async fn api_on(database: &str, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        let engine = Engine::open(database).await.unwrap();
        let found = Found {
            name: "Corner shop".into(),
            email: "owner@example.com".into(),
            currency: Currency::GBP,
            time_zone: baddie::clock::Zone::utc(),
        };
        let founded = engine.found(found).await.unwrap();
        let key = CreateKey { name: "Reader".into(), role: Role::Viewer, expires_at: None };
        let viewer = founded.shop.accounts().create_key(key).await.unwrap().token;
        let started = Self::start(server::front(engine, &config).unwrap()).await;
        Self { owner: founded.token, viewer, ..started }
    }

    /// Serves some routes that know of no engine.
    pub async fn routes(limits: Limits, build: impl FnOnce(Commands) -> Router) -> Self {
        let commands = Commands::new(&limits);
        let router = build(commands.clone());
        Self::start(Front::new(router, limits, Arc::new(Metrics::new([])), commands, 0)).await
    }

    async fn start(front: Front) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, front) = (CancellationToken::new(), Arc::new(front));
        let ended = tokio::spawn(serve(listener, Arc::clone(&front), stop.clone().cancelled_owned()));
        Self { address, front, owner: String::new(), viewer: String::new(), stop, ended }
    }

    pub async fn connect(&self) -> Client {
        Client { stream: TcpStream::connect(self.address).await.unwrap(), read: Vec::new() }
    }

    /// One request of the owner's, with an idempotency key of its own.
    pub async fn own(&self, head: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let token = format!("Bearer {}", self.owner);
        let key = format!("k-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let mut headers = headers.to_vec();
        headers.push(("authorization", &token));
        if !head.starts_with("GET") && !headers.iter().any(|(name, _)| *name == "idempotency-key") {
            headers.push(("idempotency-key", &key));
        }
        self.connect().await.ask(head, &headers, body).await
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, head: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.connect().await.ask(head, headers, body).await
    }

    /// Tells the server to stop, but does not wait for it.
    pub fn begin_stop(&self) {
        self.stop.cancel();
    }

    pub async fn stop(self) -> Ended {
        self.stop.cancel();
        timeout(PATIENCE, self.ended).await.expect("the server ends").unwrap()
    }
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_else(|| panic!("no problem: {}", self.body)).to_owned()
    }

    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        (self.status, self.code())
    }
}

impl Client {
    /// Sends `METHOD /path` with these headers and this body, and reads the answer.
    pub async fn ask(&mut self, head: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{head} HTTP/1.1\r\nhost: test\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            text += &format!("content-length: {}\r\n", body.len());
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                text += "content-type: application/json\r\n";
            }
        }
        self.say(&format!("{text}\r\n{body}")).await;
        self.hear().await.expect("an answer")
    }

    pub async fn say(&mut self, text: &str) {
        // The server may have hung up already; what counts is what it answered.
        let _ = self.stream.write_all(text.as_bytes()).await;
    }

    /// The next answer; `None` when the connection ends first.
    pub async fn hear(&mut self) -> Option<Answer> {
        let mut answer = self.hear_head().await?;
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        if answer.status != 304 {
            while self.read.len() < length {
                self.more().await?;
            }
            answer.body = String::from_utf8(self.read.drain(..length).collect()).unwrap();
        }
        Some(answer)
    }

    /// The next answer's status and headers.
    pub async fn hear_head(&mut self) -> Option<Answer> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(a, b)| (a.to_lowercase(), b.to_owned()))
            .collect();
        Some(Answer { status, headers, body: String::new() })
    }

    async fn more(&mut self) -> Option<()> {
        let mut bytes = [0; 4096];
        let got = timeout(PATIENCE, self.stream.read(&mut bytes))
            .await
            .expect("the server does something")
            .unwrap_or(0);
        self.read.extend_from_slice(&bytes[..got]);
        (got > 0).then_some(())
    }

    /// Whether the server has closed the connection without another word.
    pub async fn is_closed(&mut self) -> bool {
        self.hear().await.is_none()
    }

    pub fn into_stream(self) -> TcpStream {
        self.stream
    }
}
