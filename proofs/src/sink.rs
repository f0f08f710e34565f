//! Endpoints that are told what happens, and take it well or badly.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use rustix::net::sockopt::set_socket_linger;

use crate::dice::Dice;
use crate::hand::ANSWER_MS;
use crate::report::Broken;

/// Takes everything.
pub(crate) const CALM: &str = "/calm";
/// Takes most things, and does all that can go wrong.
pub(crate) const ROUGH: &str = "/rough";
/// Never answers.
pub(crate) const DEAF: &str = "/deaf";
/// Is gone for good.
pub(crate) const GONE: &str = "/gone";
/// Where redirects lead: nobody may follow them.
pub(crate) const TRAP: &str = "/trap";

/// Something that was told once.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// To which endpoint.
    pub(crate) path: String,
    /// Under which id.
    pub(crate) id: String,
    /// When, as its sender says, in seconds.
    pub(crate) timestamp: String,
    /// Its signatures.
    pub(crate) signature: String,
    /// What.
    pub(crate) body: String,
    /// When it came.
    pub(crate) came: SystemTime,
    /// Whether it was answered as taken.
    pub(crate) taken: bool,
}

/// A server of endpoints.
#[derive(Debug)]
pub(crate) struct Sink {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Told>>>,
}

impl Sink {
    /// Opens one on a port of its own; it serves for as long as the process lives.
    pub(crate) fn open(seed: u64) -> Result<Self, Broken> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, heard) = (listener.local_addr()?, Arc::<Mutex<Vec<Told>>>::default());
        let ears = Arc::clone(&heard);
        thread::spawn(move || {
            for (caller, stream) in listener.incoming().enumerate() {
                let (Ok(stream), ears) = (stream, Arc::clone(&ears)) else { continue };
                let dice = Dice::new(seed, 6_000 + caller as u64);
                // A caller that hangs up in the midst of it is what this is for.
                thread::spawn(move || serve(stream, &ears, dice).ok());
            }
        });
        Ok(Self { address, heard })
    }

    /// The address of an endpoint.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that was told so far, in the order in which it came.
    pub(crate) fn heard(&self) -> Vec<Told> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Hears one request, and answers it as its endpoint does.
fn serve(stream: TcpStream, ears: &Mutex<Vec<Told>>, mut dice: Dice) -> Result<(), Broken> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        head.push(std::mem::take(&mut line));
    }
    let header = |name: &str| {
        let found = head.iter().filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse()?];
    reader.read_exact(&mut body)?;
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let luck = dice.below(100);
    let told = Told {
        taken: path == CALM || path == ROUGH && luck >= BAD_LUCK,
        path: path.clone(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: String::from_utf8(body)?,
        came: SystemTime::now(),
    };
    ears.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    match path.as_str() {
        ROUGH => take_badly(stream, luck),
        DEAF => {
            hang(stream);
            Ok(())
        }
        GONE => say(stream, "410 Gone", ""),
        _ => say(stream, "204 No Content", ""),
    }
}

/// Below this it goes wrong.
const BAD_LUCK: u64 = 34;

/// One of the ways in which an endpoint fails; or none.
fn take_badly(mut stream: TcpStream, luck: u64) -> Result<(), Broken> {
    match luck {
        0..8 => say(stream, "500 Internal Server Error", ""),
        8..13 => say(stream, "429 Too Many Requests", "retry-after: 1\r\n"),
        13..18 => say(stream, "302 Found", &format!("location: {TRAP}\r\n")),
        18..23 => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut off")?;
            Ok(())
        }
        23..28 => {
            set_socket_linger(&stream, Some(Duration::ZERO))?;
            Ok(())
        }
        28..30 => {
            hang(stream);
            Ok(())
        }
        30..32 => drip(stream),
        32..BAD_LUCK => {
            let flood = vec![b'x'; 1 << 20];
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", flood.len())?;
            stream.write_all(&flood)?;
            Ok(())
        }
        _ => say(stream, "204 No Content", ""),
    }
}

fn say(mut stream: TcpStream, status: &str, headers: &str) -> Result<(), Broken> {
    let length = if status.starts_with("204") { "" } else { "content-length: 0\r\n" };
    write!(stream, "HTTP/1.1 {status}\r\n{headers}{length}connection: close\r\n\r\n")?;
    Ok(())
}

/// Says nothing until nobody waits any more.
fn hang(_open: TcpStream) {
    thread::sleep(2 * Duration::from_millis(ANSWER_MS));
}

/// Says one letter after another, for longer than anybody may wait.
fn drip(mut stream: TcpStream) -> Result<(), Broken> {
    let letters = b"HTTP/1.1 200 OK\r\nx-slow: ";
    for letter in letters.iter().chain(b"z".iter().cycle().take(40)) {
        stream.write_all(&[*letter])?;
        thread::sleep(Duration::from_millis(ANSWER_MS / 20));
    }
    Ok(())
}
