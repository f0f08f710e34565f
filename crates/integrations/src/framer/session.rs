//! A session: what is said, in which order, and how long is waited.

use std::time::Duration;

use baddie_core::clock::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::calls::{self, Method};
use super::manners::cause_of;
use super::{Chunks, Framer, KIND, READY, Said, read};
use crate::http::{Cause, Failure, Socket};

/// How long it may take to take leave.
const LEAVE: Duration = Duration::from_secs(15);
/// The wait before a session is opened once more, for each time that it was tried.
const PAUSE: Duration = Duration::from_secs(2);

/// A session with a project.
pub(super) struct Session<'a> {
    framer: &'a Framer,
    socket: Socket,
    chunks: Chunks,
    next: i64,
    until: Timestamp,
    /// What may be done, by name.
    pub(super) permissions: Map<String, Value>,
}

impl<'a> Session<'a> {
    /// Opens a session, trying again where that may help: until it is open, nothing was asked for.
    pub(super) async fn open(framer: &'a Framer) -> Result<Self, Failure> {
        let until = framer.http.clock().now().plus(framer.limits.total);
        let mut tried = 1;
        loop {
            match Self::begin(framer, until).await {
                Err(failure)
                    if tried < framer.limits.attempts
                        && framer.http.clock().now() < until
                        && matches!(failure.cause, Cause::Unavailable | Cause::Timeout) =>
                {
                    framer.http.rest(PAUSE * tried).await;
                    tried += 1;
                }
                opened => return opened.map_err(|failure| framer.to.redact(failure.in_doubt(false))),
            }
        }
    }

    async fn begin(framer: &'a Framer, until: Timestamp) -> Result<Self, Failure> {
        let socket = framer.http.open_socket(&framer.to, &framer.path()).await?;
        let chunks = Chunks::new(framer.limits.answer);
        let mut session = Self { framer, socket, chunks, next: 0, until, permissions: Map::new() };
        let within = READY.min(framer.limits.attempt);
        session.wait(within, |said| matches!(said, Said::Ready).then_some(())).await?;
        session.socket.say(calls::ready()).await?;
        let admitted =
            |said| if let Said::Admitted { permissions } = said { Some(permissions) } else { None };
        session.permissions = session.wait(within, admitted).await?;
        Ok(session)
    }

    /// Calls a method and reads what comes of it. An answer that was lost may have been to something that was done.
    pub(super) async fn call<T: DeserializeOwned>(&mut self, method: &Method) -> Result<T, Failure> {
        let came = self.ask(method).await.map_err(|failure| self.framer.to.redact(failure))?;
        serde_json::from_value(came).map_err(|_| {
            let why = format!("what came of {} is not what was agreed", method.name);
            Failure::new(KIND, Cause::Protocol, why).in_doubt(method.changes)
        })
    }

    async fn ask(&mut self, method: &Method) -> Result<Value, Failure> {
        let left = self.until.since(self.framer.http.clock().now());
        if left.is_zero() {
            return Err(Failure::new(KIND, Cause::Timeout, "the session took too long"));
        }
        let id = self.next;
        self.next += 1;
        let lost = |failure: Failure| failure.in_doubt(method.changes);
        self.socket.say(method.frame(id)).await.map_err(lost)?;
        let answer = |said| match said {
            Said::Answer { id: of, came } if of == id => Some(came),
            _ => None,
        };
        let came = self.wait(left.min(self.framer.limits.attempt), answer).await.map_err(lost)?;
        // An answer that says no has done nothing.
        came.map_err(|words| Failure::new(KIND, Cause::Conflict, format!("{}: {words}", method.name)))
    }

    /// Waits for something in particular to be said. An error that Framer tells is an answer to whatever is waited for; what
    /// nobody waits for is passed over.
    async fn wait<T>(&mut self, within: Duration, pick: impl Fn(Said) -> Option<T>) -> Result<T, Failure> {
        let heard = tokio::time::timeout(within, async {
            loop {
                let Some(frame) = self.socket.hear(self.framer.ping).await? else {
                    self.socket.say(calls::ping()).await?;
                    continue;
                };
                let strange = |why: &str| {
                    Failure::new(KIND, Cause::Protocol, format!("a message cannot be read: {why}"))
                };
                let Some(text) = self.chunks.take(frame).map_err(strange)? else { continue };
                match read(&text).map_err(strange)? {
                    Said::Failed { code, message, reference, retryable } => {
                        let failure =
                            Failure::new(KIND, cause_of(&code, retryable), format!("{message} ({code})"));
                        return Err(failure.of_request(reference.as_deref()));
                    }
                    said => {
                        if let Some(picked) = pick(said) {
                            return Ok(picked);
                        }
                    }
                }
            }
        });
        heard.await.unwrap_or_else(|_| Err(Failure::new(KIND, Cause::Timeout, "no answer in time")))
    }

    /// Ends the session, so that the project is free for the next one. All was done by then, so how it ends changes nothing.
    pub(super) async fn end(mut self) {
        let within = LEAVE.min(self.framer.limits.attempt);
        if self.socket.say(calls::leave()).await.is_ok() {
            // A session that is not let go of in time ends by itself.
            let _ = self.wait(within, |said| matches!(said, Said::Over).then_some(())).await;
        }
        self.socket.close().await;
    }
}
