//! A WebSocket, for services that speak in no other way. It is opened by the same rules as every call: only to addresses that
//! may be called, over the same TLS, in its turn, and within the time that its connection is given.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use reqwest::Url;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use super::address::Forbidden;
use super::call::{Answer, Call};
use super::client::{CONNECT, Http};
use super::connection::Connection;
use super::failure::{Cause, Failure};

/// A WebSocket, open.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    service: &'static str,
}

impl Http {
    /// Opens a WebSocket to a path of the service, with the connection's credentials. Nothing was asked of the service when
    /// that fails.
    pub async fn open_socket(&self, to: &Connection, path: &str) -> Result<Socket, Failure> {
        let call = Call::get(path);
        let url = to.address_of(&call)?;
        self.admit(to, &url)?;
        let deadline = self.now().plus(to.limits.total);
        self.turn(to, deadline).await?;
        let opened = tokio::time::timeout(to.limits.attempt, self.upgrade(to, &url, &call)).await;
        let opened = opened.unwrap_or_else(|_| Err(to.failure(Cause::Timeout, "no answer in time")));
        let answered = !matches!(&opened, Err(Failure { cause: Cause::Unavailable | Cause::Timeout, .. }));
        to.breaker(|breaker| breaker.note(answered, self.now()));
        opened.map_err(|failure| to.redact(failure))
    }

    async fn upgrade(&self, to: &Connection, url: &Url, call: &Call) -> Result<Socket, Failure> {
        let away = || to.failure(Cause::Unavailable, "the server cannot be reached");
        let secure = url.scheme() == "https";
        let stream = tokio::time::timeout(CONNECT, self.connect(to, url)).await.map_err(|_| away())??;
        let mut nonce = [0; 16];
        self.means.entropy.fill(&mut nonce);
        let name = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", url.path());
        let mut request = Request::builder()
            .uri(format!("{}://{host}{path}", if secure { "wss" } else { "ws" }))
            .header("host", &host)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", STANDARD.encode(nonce))
            .body(())
            .map_err(|_| {
                to.failure(Cause::Validation { field: Some("path".into()) }, "the path leads nowhere")
            })?;
        request.headers_mut().extend(to.headers_of(call));
        let most = Some(to.limits.answer);
        let config = WebSocketConfig::default().max_message_size(most).max_frame_size(most);
        let connector = if secure { Connector::Rustls(self.tls.clone()) } else { Connector::Plain };
        let opened = client_async_tls_with_config(request, stream, Some(config), Some(connector)).await;
        match opened {
            Ok((stream, _)) => Ok(Socket { stream, service: to.manners.service() }),
            Err(Error::Http(refused)) => {
                let answer = Answer::new(refused.status().as_u16(), Vec::new());
                let cause = answer.cause().unwrap_or(Cause::Protocol);
                Err(to.failure(cause, format!("no WebSocket is opened: status {}", answer.status)))
            }
            Err(Error::Tls(_)) => Err(to.failure(Cause::Unavailable, "the server does not prove who it is")),
            Err(_) => Err(away()),
        }
    }

    /// Connects to the first address of the host that may be called and answers.
    async fn connect(&self, to: &Connection, url: &Url) -> Result<TcpStream, Failure> {
        let away = || to.failure(Cause::Unavailable, "the server cannot be reached");
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or(443);
        let found = tokio::net::lookup_host((host, port)).await.map_err(|_| away())?;
        let open: Vec<SocketAddr> = found.filter(|address| self.gate.permits(address.ip())).collect();
        if open.is_empty() {
            return Err(to.failure(Cause::Permission, Forbidden.to_string()));
        }
        for address in open {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(away())
    }
}

impl Socket {
    /// Says something. Where that fails, it may have been heard.
    pub async fn say(&mut self, text: String) -> Result<(), Failure> {
        let said = self.stream.send(Message::text(text)).await;
        said.map_err(|error| self.broken(&error).in_doubt(true))
    }

    /// What the service says next; nothing, if it says nothing for so long.
    pub async fn hear(&mut self, within: Duration) -> Result<Option<String>, Failure> {
        let heard = tokio::time::timeout(within, async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                    Some(Ok(Message::Close(_))) | None => {
                        let why = "the service closed the connection";
                        return Err(Failure::new(self.service, Cause::Unavailable, why));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(self.broken(&error)),
                }
            }
        });
        heard.await.ok().transpose()
    }

    /// Takes leave, if the service still listens.
    pub async fn close(mut self) {
        // Whoever is gone already need not be told.
        let _ = tokio::time::timeout(CONNECT, self.stream.close(None)).await;
    }

    fn broken(&self, error: &Error) -> Failure {
        let (cause, why) = match error {
            Error::Capacity(_) => (Cause::Protocol, "what the service says is too large"),
            Error::Utf8(_) | Error::Protocol(_) => {
                (Cause::Unavailable, "the connection broke in the middle of a message")
            }
            _ => (Cause::Unavailable, "the connection broke"),
        };
        Failure::new(self.service, cause, why)
    }
}
