//! A client that costs next to nothing: one connection, one request after another, the answer as it came.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::cli::Failure;

/// One connection to a server of ours.
pub(super) struct Client {
    stream: TcpStream,
    read: Vec<u8>,
    say: Vec<u8>,
    /// What every request of it carries.
    headers: String,
}

impl Client {
    /// Connects, to speak with this token.
    pub(super) async fn connect(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let headers = format!("host: bench\r\nauthorization: Bearer {token}\r\n");
        Ok(Self { stream, read: Vec::with_capacity(1 << 16), say: Vec::with_capacity(1 << 10), headers })
    }

    /// Asks for a page and answers its body.
    pub(super) async fn get(&mut self, path: &str) -> Result<&[u8], Failure> {
        self.say.clear();
        for part in ["GET ", path, " HTTP/1.1\r\n", &self.headers, "\r\n"] {
            self.say.extend_from_slice(part.as_bytes());
        }
        self.ask(200).await
    }

    /// Sends a command under a key, and answers the body of its answer.
    pub(super) async fn post(&mut self, path: &str, key: &str, body: &str) -> Result<&[u8], Failure> {
        self.say.clear();
        let length = body.len().to_string();
        for part in [
            "POST ",
            path,
            " HTTP/1.1\r\n",
            &self.headers,
            "content-type: application/json\r\nidempotency-key: ",
            key,
            "\r\ncontent-length: ",
            &length,
            "\r\n\r\n",
            body,
        ] {
            self.say.extend_from_slice(part.as_bytes());
        }
        self.ask(201).await
    }

    async fn ask(&mut self, wanted: u16) -> Result<&[u8], Failure> {
        self.stream.write_all(&self.say).await?;
        self.read.clear();
        let head = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let (status, length) = understand(&self.read[..head])?;
        while self.read.len() < head + length {
            self.more().await?;
        }
        let body = &self.read[head..];
        if status != wanted {
            let words = format!("the server answered {status}: {}", String::from_utf8_lossy(body));
            return Err(Failure::because(words));
        }
        Ok(body)
    }

    async fn more(&mut self) -> Result<(), Failure> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            return Err(Failure::because("the server hung up"));
        }
        Ok(())
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Status and length of the body.
fn understand(head: &[u8]) -> Result<(u16, usize), Failure> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok());
    match (status, length) {
        (Some(status), Some(length)) => Ok((status, length)),
        _ => Err(Failure::because(format!("the server's answer is odd: {text}"))),
    }
}
