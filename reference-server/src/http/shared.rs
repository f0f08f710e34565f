//! Buckets that several servers share, kept in Redis: a client that goes to another server finds its own bucket there.
//!
//! Redis may be slow, restart or vanish. Then each server counts by itself, as it does without Redis, and asks again
//! after a while; no request fails or waits for long because of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{Client, RedisError, Script};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};

use super::rate::Verdict;
use crate::log;

/// A request never waits longer than this for Redis.
const PATIENCE: Duration = Duration::from_millis(100);
/// After a failure, how long nobody asks again.
const REST: Duration = Duration::from_secs(1);

/// Takes one request from a bucket, as [`Limiter`](super::rate::Limiter) does, by Redis' own clock, in microseconds.
/// Answers what is left, when the bucket is full again, and how long to wait, or -1.
const TAKE: &str = "
    local interval, room = tonumber(ARGV[1]), tonumber(ARGV[2])
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
    local next = math.max(full_at, now) + interval
    local filled = next - now
    if filled > room then
        return { 0, filled - interval, filled - room }
    end
    redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil(filled / 1000))
    return { math.floor((room - filled) / interval), filled, -1 }";

/// The buckets in Redis.
pub struct Shared {
    client: Client,
    connection: OnceCell<ConnectionManager>,
    take: Script,
    started: Instant,
    /// When Redis may be asked again, in microseconds since the start; 0 while it answers.
    rests_until: AtomicU64,
}

impl Shared {
    /// Buckets in the Redis at this address; it is asked for the first time when the first request comes.
    pub fn at(address: &str) -> Result<Self, String> {
        let client = Client::open(address)
            // The address may hold a password: it is not repeated.
            .map_err(|_| {
                "the setting `redis` is no address: write redis://user:password@host:6379".to_owned()
            })?;
        Ok(Self {
            client,
            connection: OnceCell::new(),
            take: Script::new(TAKE),
            started: Instant::now(),
            rests_until: AtomicU64::new(0),
        })
    }

    /// Counts one request in the bucket of this name; nothing while Redis does not answer.
    pub async fn take(&self, bucket: &str, interval: Duration, room: Duration) -> Option<Verdict> {
        let now = self.micros();
        if now < self.rests_until.load(Ordering::Relaxed) {
            return None;
        }
        match timeout(PATIENCE, self.ask(bucket, interval, room)).await {
            Ok(Ok(verdict)) => {
                if self.rests_until.swap(0, Ordering::Relaxed) > 0 {
                    log::note(format_args!("Redis answers again: servers count together"));
                }
                Some(verdict)
            }
            failed => {
                let why = match failed {
                    Ok(Err(error)) => error.category().to_owned(),
                    _ => "no answer in time".to_owned(),
                };
                if self.rests_until.swap(now + micros(REST), Ordering::Relaxed) == 0 {
                    log::note(format_args!("Redis does not answer ({why}): each server counts by itself"));
                }
                None
            }
        }
    }

    async fn ask(&self, bucket: &str, interval: Duration, room: Duration) -> Result<Verdict, RedisError> {
        let connection = self.connection.get_or_try_init(|| ConnectionManager::new(self.client.clone()));
        let mut connection = connection.await?.clone();
        let (remaining, full_in, wait): (u64, u64, i64) = self
            .take
            .key(bucket)
            .arg(micros(interval).max(1))
            .arg(micros(room).max(1))
            .invoke_async(&mut connection)
            .await?;
        let wait = u64::try_from(wait).ok().map(Duration::from_micros);
        Ok(Verdict { remaining, full_in: Duration::from_micros(full_in), wait })
    }

    fn micros(&self) -> u64 {
        micros(self.started.elapsed())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 2)
}
