//! The accept loop: how many connections there are, how long they may take, and how they end.
//!
//! It is ours because its promises are: the framework's own loop sets none of these bounds.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::Version;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::front::Front;
use super::limits::Limits;
use super::metrics::Metrics;
use super::peer::Peer;
use super::watch::{Activity, Advice, Attended, Watch, Watched};
use crate::log;

/// How many refused connections are seen off politely at once; others beyond that are just closed.
const FAREWELLS: usize = 64;
/// After the system refused a connection (no more descriptors, say), trying again at once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Connections that were cut because the grace was over.
    pub cut: usize,
    /// Commands that were still not done.
    pub unfinished: usize,
}

/// Serves until `stop` is done; then takes no more connections, and lets those there are finish within the grace.
pub async fn serve(listener: TcpListener, front: Arc<Front>, stop: impl Future<Output = ()>) -> Ended {
    let house = Arc::new(House {
        protocol: protocol(&front.limits),
        census: Arc::new(Census::new(Arc::clone(&front.metrics), &front.limits, front.hops)),
        farewells: Arc::new(Semaphore::new(FAREWELLS)),
        closing: CancellationToken::new(),
        front,
    });
    let connections = TaskTracker::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, socket)) => house.welcome(stream, socket, &connections),
                Err(error) => {
                    log::error(format_args!("accept: {error}"));
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    house.close(&connections).await
}

/// What all connections share.
struct House {
    front: Arc<Front>,
    protocol: auto::Builder<TokioExecutor>,
    census: Arc<Census>,
    farewells: Arc<Semaphore>,
    closing: CancellationToken,
}

impl House {
    fn welcome(self: &Arc<Self>, stream: TcpStream, socket: SocketAddr, connections: &TaskTracker) {
        // Answers are written whole: waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        if let Some(seat) = self.census.seat(socket.ip().into()) {
            let house = Arc::clone(self);
            connections.spawn(async move {
                let _seat = seat;
                house.attend(stream, socket).await;
            });
        } else {
            self.front.metrics.refused.fetch_add(1, Ordering::Relaxed);
            if let Ok(permit) = Arc::clone(&self.farewells).try_acquire_owned() {
                connections.spawn(async move {
                    let _ = timeout(Duration::from_secs(1), turn_away(stream)).await;
                    drop(permit);
                });
            }
        }
    }

    async fn attend(&self, stream: TcpStream, socket: SocketAddr) {
        let limits = &self.front.limits;
        let activity = Arc::new(Activity::default());
        let mut watch = Watch::new(Arc::clone(&activity));
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&activity)));
        let service = service_fn(|request: hyper::Request<_>| {
            let underway = activity.begin(request.version() == Version::HTTP_2);
            let front = Arc::clone(&self.front);
            async move {
                let answer = front.answer(request, socket).await;
                Ok::<_, Infallible>(answer.map(|body| Attended { body, _underway: underway }))
            }
        });
        let mut connection = pin!(self.protocol.serve_connection(io, service));
        let mut closing = pin!(self.closing.cancelled());
        let mut ticks = interval(Watch::pace(limits));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut leaving: Option<Instant> = None;
        loop {
            tokio::select! {
                biased;
                // How a connection broke is the client's affair; what it asked for was answered or counted.
                _ = &mut connection => return,
                () = &mut closing, if leaving.is_none() => {
                    connection.as_mut().graceful_shutdown();
                    leaving = Some(Instant::now() + limits.grace);
                }
                now = ticks.tick() => match watch.look(limits) {
                    Advice::Stay => {}
                    Advice::Leave if leaving.is_none() => {
                        connection.as_mut().graceful_shutdown();
                        leaving = Some(now + limits.header_time + limits.request_time);
                    }
                    Advice::Leave if leaving.is_some_and(|end| now < end) => {}
                    Advice::Leave | Advice::Cut => return,
                },
            }
        }
    }

    async fn close(&self, connections: &TaskTracker) -> Ended {
        let commands = &self.front.commands;
        let end = Instant::now() + self.front.limits.grace;
        self.closing.cancel();
        connections.close();
        let _ = timeout_at(end, connections.wait()).await;
        let _ = timeout_at(end, commands.finish()).await;
        Ended { cut: connections.len(), unfinished: commands.at_work() }
    }
}

/// How HTTP is spoken. The header timer is [`Watch`]'s, which costs nothing per request.
fn protocol(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut protocol = auto::Builder::new(TokioExecutor::new());
    // Twice what is allowed, so that most requests that are too large can be told so as a problem.
    let buffer = (2 * (limits.header_bytes + limits.uri_bytes)).max(16 * 1024);
    protocol.http1().header_read_timeout(None).half_close(false).max_buf_size(buffer);
    protocol
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(2 * limits.header_bytes).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(limits.pending_resets)
        .max_local_error_reset_streams(limits.error_resets)
        .keep_alive_interval(limits.ping_interval)
        .keep_alive_timeout(limits.ping_time);
    protocol
}

/// Says why, and hears the client out for a moment: closing on unread bytes would take the answer back.
async fn turn_away(mut stream: TcpStream) -> std::io::Result<()> {
    const BODY: &str = r#"{"type":"urn:baddie:problem:server.full","title":"Not available now","status":503,"detail":"there are too many connections","code":"server.full"}"#;
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         retry-after: 1\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n{BODY}",
        BODY.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// Who is connected.
struct Census {
    metrics: Arc<Metrics>,
    most: usize,
    most_per_peer: usize,
    peers: Mutex<HashMap<Peer, usize>>,
}

impl Census {
    fn new(metrics: Arc<Metrics>, limits: &Limits, hops: usize) -> Self {
        // Behind a proxy all connections come from its address.
        let most_per_peer = if hops == 0 { limits.connections_per_peer } else { usize::MAX };
        Self { metrics, most: limits.connections, most_per_peer, peers: Mutex::default() }
    }

    /// A place for one more connection, when there is one.
    fn seat(self: &Arc<Self>, peer: Peer) -> Option<Seat> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        // Only this place counts up, under the lock, so the bound is exact.
        if self.metrics.connections.load(Ordering::Relaxed) >= self.most {
            return None;
        }
        let here = peers.entry(peer).or_insert(0);
        if *here >= self.most_per_peer {
            return None;
        }
        *here += 1;
        self.metrics.connections.fetch_add(1, Ordering::Relaxed);
        Some(Seat { census: Arc::clone(self), peer })
    }
}

/// One connection's place; free again when dropped.
struct Seat {
    census: Arc<Census>,
    peer: Peer,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut peers = self.census.peers.lock().unwrap_or_else(PoisonError::into_inner);
        self.census.metrics.connections.fetch_sub(1, Ordering::Relaxed);
        if let Some(here) = peers.get_mut(&self.peer) {
            *here -= 1;
            if *here == 0 {
                peers.remove(&self.peer);
            }
        }
    }
}
