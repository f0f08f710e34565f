//! A client of the API: one connection, kept alive, one request after another.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::report::Broken;

/// No answer takes longer than this; one that does counts as none.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a client insists.
const ENDURANCE: Duration = Duration::from_mins(1);

/// Where a shop is served at present, and who asks. Its clones are the same door.
#[derive(Debug, Clone)]
pub(crate) struct Door(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    address: RwLock<SocketAddr>,
    token: String,
}

impl Door {
    /// The door at an address, for the holder of a token.
    pub(crate) fn new(address: SocketAddr, token: &str) -> Self {
        Self(Arc::new(Inner { address: RwLock::new(address), token: token.to_owned() }))
    }

    /// The server has moved: every start of it picks a port.
    pub(crate) fn moved(&self, address: SocketAddr) {
        *self.0.address.write().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Where it is now.
    pub(crate) fn address(&self) -> SocketAddr {
        *self.0.address.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client at this door.
    pub(crate) fn client(&self) -> Client {
        Client { door: self.clone(), patience: PATIENCE, connection: None }
    }

    /// A request as it goes over the wire.
    pub(crate) fn words(&self, head: &str, key: Option<&str>, body: &str) -> String {
        let key = key.map_or_else(String::new, |key| format!("idempotency-key: {key}\r\n"));
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        format!(
            "{head} HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\n{key}{kind}content-length: {}\r\n\r\n{body}",
            self.0.token,
            body.len()
        )
    }
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// How many seconds to wait before trying again.
    pub(crate) retry_after: Option<u64>,
    /// The body, to the letter.
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether what was asked for was done.
    pub(crate) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the server says that it can answer nothing now.
    pub(crate) fn is_unavailable(&self) -> bool {
        matches!(self.status, 429 | 503)
    }
}

/// A client of the API.
#[derive(Debug)]
pub(crate) struct Client {
    door: Door,
    patience: Duration,
    connection: Option<Connection>,
}

impl Client {
    /// Sends `METHOD /path` and reads the answer. After an error the next request goes over a new connection.
    pub(crate) fn ask(&mut self, head: &str, key: Option<&str>, body: &str) -> io::Result<Answer> {
        let words = self.door.words(head, key, body);
        let address = self.door.address();
        // Whoever sat at a port that was given up need not hear from us, and a server hangs up on who is silent for long.
        let kept =
            self.connection.take().filter(|connection| connection.to == address && connection.is_open());
        let mut connection = match kept {
            Some(connection) => connection,
            None => Connection::open(address, self.patience)?,
        };
        connection.stream.write_all(words.as_bytes())?;
        let answer = connection.hear()?;
        if !connection.is_closing {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    /// Asks until there is an answer that is not about the server itself, as every good client does; a minute long.
    pub(crate) fn insist(&mut self, head: &str, key: Option<&str>, body: &str) -> Result<Answer, Broken> {
        let start = Instant::now();
        loop {
            match self.ask(head, key, body) {
                Ok(answer) if !answer.is_unavailable() && !in_flight(&answer) => return Ok(answer),
                last if start.elapsed() > ENDURANCE => {
                    return Err(Broken::because(format!("{head} was not answered for a minute: {last:?}")));
                }
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Asks for what must be done, and answers what came of it.
    pub(crate) fn done(&mut self, head: &str, key: &str, body: &Value) -> Result<Value, Broken> {
        let answer = self.ask(head, Some(key), &body.to_string())?;
        if answer.is_done() {
            return Ok(answer.json());
        }
        Err(Broken::because(format!("{head}: {} {}", answer.status, answer.body)))
    }

    /// Looks at something that must be there.
    pub(crate) fn look(&mut self, path: &str) -> Result<Value, Broken> {
        let answer = self.ask(&format!("GET {path}"), None, "")?;
        if answer.is_done() {
            return Ok(answer.json());
        }
        Err(Broken::because(format!("GET {path}: {} {}", answer.status, answer.body)))
    }

    /// Makes a product with one variant of this SKU at 10.00, and puts so many of it on the shelf; the variant's id.
    pub(crate) fn stock(&mut self, sku: &str, qty: i64) -> Result<String, Broken> {
        let price = json!({ "minor": 1_000, "currency": "GBP" });
        let product = json!({ "title": sku, "variants": [{ "sku": sku, "price": price }] });
        let product = self.done("POST /api/v1/products", &format!("make-{sku}"), &product)?;
        let variant = product["variants"][0]["id"].as_str().unwrap_or_default().to_owned();
        if qty > 0 {
            let cost = json!({ "minor": qty, "currency": "GBP" });
            let adjust = json!({ "variant_id": variant, "change": qty, "reason": "opening", "cost": cost });
            self.done("POST /api/v1/inventory/adjust", &format!("stock-{sku}"), &adjust)?;
        }
        Ok(variant)
    }

    /// Everything in a list, page by page.
    pub(crate) fn all(&mut self, path: &str) -> Result<Vec<Value>, Broken> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        let link = if path.contains('?') { '&' } else { '?' };
        loop {
            let mut page = self.look(&format!("{path}{link}limit=200{cursor}"))?;
            if let Some(items) = page["items"].as_array_mut() {
                found.append(items);
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(found),
            }
        }
    }
}

/// Whether the first request with this key is still under way.
pub(crate) fn in_flight(answer: &Answer) -> bool {
    answer.status == 409 && answer.json()["code"] == "idempotency.in_flight"
}

#[derive(Debug)]
struct Connection {
    to: SocketAddr,
    stream: TcpStream,
    read: Vec<u8>,
    is_closing: bool,
}

impl Connection {
    /// Whether the server has neither hung up nor said anything that was not asked for.
    fn is_open(&self) -> bool {
        let silent = || -> io::Result<bool> {
            self.stream.set_nonblocking(true)?;
            let heard = self.stream.peek(&mut [0]);
            self.stream.set_nonblocking(false)?;
            Ok(heard.is_err_and(|error| error.kind() == ErrorKind::WouldBlock))
        };
        silent().unwrap_or(false)
    }

    fn open(to: SocketAddr, patience: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&to, patience)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        Ok(Self { to, stream, read: Vec::new(), is_closing: false })
    }

    fn hear(&mut self) -> io::Result<Answer> {
        let end = loop {
            match self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.more()?,
            }
        };
        let head = String::from_utf8_lossy(&self.read[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(ErrorKind::InvalidData)?;
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let length: usize = header("content-length:").and_then(|length| length.parse().ok()).unwrap_or(0);
        let retry_after = header("retry-after:").and_then(|seconds| seconds.parse().ok());
        self.is_closing = header("connection:") == Some("close");
        while self.read.len() < end + length {
            self.more()?;
        }
        let body = String::from_utf8(self.read[end..end + length].to_vec());
        self.read.drain(..end + length);
        Ok(Answer { status, retry_after, body: body.map_err(|_| ErrorKind::InvalidData)? })
    }

    fn more(&mut self) -> io::Result<()> {
        let mut bytes = [0; 8192];
        match self.stream.read(&mut bytes)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            got => {
                self.read.extend_from_slice(&bytes[..got]);
                Ok(())
            }
        }
    }
}
