//! Time limits of a connection. The parts that are on the way of every byte only count and flag; a glance now and then
//! compares the counts with the last glance and with the clock, so a busy connection pays for no timer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::limits::Limits;

/// What happened on one connection so far.
#[derive(Debug, Default)]
pub(super) struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
    written: AtomicU64,
    /// Bytes came that belong to no request yet.
    speaking: AtomicBool,
    /// The client does not take what we write.
    blocked: AtomicBool,
    http2: AtomicBool,
}

impl Activity {
    /// A request's headers are complete.
    pub(super) fn begin(self: &Arc<Self>, http2: bool) -> Underway {
        self.begun.fetch_add(1, Relaxed);
        self.speaking.store(false, Relaxed);
        self.http2.store(http2, Relaxed);
        Underway(Arc::clone(self))
    }

    fn is_busy(&self) -> bool {
        self.begun.load(Relaxed) != self.ended.load(Relaxed)
    }
}

/// A request under way, until its answer is handed to the connection whole, or given up.
pub(super) struct Underway(Arc<Activity>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Relaxed);
    }
}

/// The body of an answer, which keeps its request under way.
pub(super) struct Attended {
    pub(super) body: Body,
    pub(super) _underway: Underway,
}

impl HttpBody for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What is to be done about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advice {
    /// It may go on.
    Stay,
    /// It should end after what it does now.
    Leave,
    /// It has used up its time.
    Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Idle,
    Speaking,
    Busy,
    Blocked,
}

/// Looks at one connection from time to time.
pub(super) struct Watch {
    activity: Arc<Activity>,
    opened: Instant,
    last: (State, u64),
    since: Instant,
}

impl Watch {
    pub(super) fn new(activity: Arc<Activity>) -> Self {
        let now = Instant::now();
        Self { activity, opened: now, last: (State::Fresh, 0), since: now }
    }

    /// How often to look: often enough to be exact to a quarter of the shortest limit.
    pub(super) fn pace(limits: &Limits) -> Duration {
        let shortest = limits.header_time.min(limits.idle_time).min(limits.write_time);
        (shortest / 4).clamp(Duration::from_millis(10), Duration::from_secs(1))
    }

    pub(super) fn look(&mut self, limits: &Limits) -> Advice {
        let now = Instant::now();
        let seen = self.state();
        if seen != self.last {
            (self.last, self.since) = (seen, now);
        }
        let still = now - self.since;
        let (limit, advice) = match seen.0 {
            State::Fresh | State::Speaking => (limits.header_time, Advice::Cut),
            State::Idle => (limits.idle_time, Advice::Leave),
            State::Blocked => (limits.write_time, Advice::Cut),
            // Nothing asked, nothing answered, nothing written for longer than any handler may take: over HTTP/2, a
            // client that opens no window.
            State::Busy => (limits.request_time + limits.body_time + limits.write_time, Advice::Cut),
        };
        if still >= limit {
            return advice;
        }
        if now - self.opened >= limits.connection_time { Advice::Leave } else { Advice::Stay }
    }

    /// The state, and a number that moves when there is progress in it.
    fn state(&self) -> (State, u64) {
        let activity = &self.activity;
        let begun = activity.begun.load(Relaxed);
        if activity.blocked.load(Relaxed) {
            (State::Blocked, activity.written.load(Relaxed))
        } else if activity.is_busy() {
            (State::Busy, begun + activity.written.load(Relaxed))
        } else if begun == 0 {
            (State::Fresh, 0)
        } else if activity.speaking.load(Relaxed) && !activity.http2.load(Relaxed) {
            (State::Speaking, begun)
        } else {
            (State::Idle, begun)
        }
    }
}

/// A connection's bytes, with what happens to them noted.
pub(super) struct Watched {
    stream: TcpStream,
    activity: Arc<Activity>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn wrote(&self, poll: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &poll {
            Poll::Ready(Ok(bytes)) => {
                self.activity.written.fetch_add(*bytes as u64, Relaxed);
                self.activity.blocked.store(false, Relaxed);
            }
            Poll::Ready(Err(_)) => self.activity.blocked.store(false, Relaxed),
            Poll::Pending => self.activity.blocked.store(true, Relaxed),
        }
        poll
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before && !self.activity.is_busy() {
            self.activity.speaking.store(true, Relaxed);
        }
        poll
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
