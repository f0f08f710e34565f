//! How many requests one client may make: a bucket for each, that fills again with time.
//!
//! Kept as one number per client, the moment at which its bucket would be full again (GCRA). The table is bounded:
//! clients that find no place in it share one bucket, so a flood of new names cannot buy itself room.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::peer::Peer;
use super::shared::Shared;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
const SHARDS: usize = 16;

/// How fast one client may go. In the settings file: `[rate.credential]` and `[rate.peer]`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// Requests per second in the long run; 0 sets no bound.
    pub per_second: u32,
    /// Requests that may come at once after a quiet time.
    pub burst: u32,
}

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    /// The holder of a valid credential, by the head of its token's digest.
    Credential(u128),
    /// An address from which nobody has proved anything yet.
    Peer(Peer),
    /// All who came when the table was full.
    Crowd,
}

impl Client {
    /// What several servers call it.
    fn name(self) -> String {
        match self {
            Self::Credential(digest) => format!("{digest:032x}"),
            Self::Peer(peer) => format!("{:032x}", peer.mixed()),
            Self::Crowd => "crowd".to_owned(),
        }
    }
}

/// What is left in a bucket after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Requests that may follow at once.
    pub remaining: u64,
    /// When the bucket is full again.
    pub full_in: Duration,
    /// How long to wait when this request was one too many.
    pub wait: Option<Duration>,
}

/// All the buckets of one allowance.
pub struct Limiter {
    started: Instant,
    interval: u64,
    room: u64,
    capacity: usize,
    shards: [Mutex<HashMap<Client, u64>>; SHARDS],
    policy: HeaderValue,
    name: &'static str,
    shared: Option<Arc<Shared>>,
}

impl Limiter {
    /// Buckets for at most about `capacity` clients; nothing when the allowance sets no bound.
    pub fn new(name: &'static str, allowance: Allowance, capacity: usize) -> Option<Self> {
        let per_second = u64::from(allowance.per_second);
        if per_second == 0 {
            return None;
        }
        let burst = u64::from(allowance.burst.max(1));
        let interval = (1_000_000_000 / per_second).max(1);
        let window = burst.div_ceil(per_second);
        let policy = format!("\"{name}\";q={burst};w={window}");
        Some(Self {
            started: Instant::now(),
            interval,
            room: interval * burst,
            capacity: capacity.div_ceil(SHARDS),
            shards: Default::default(),
            policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("")),
            name,
            shared: None,
        })
    }

    /// The same buckets for all servers that name the same Redis.
    #[must_use]
    pub fn shared(mut self, shared: Option<Arc<Shared>>) -> Self {
        self.shared = shared;
        self
    }

    /// Counts one request: together with other servers where they share their buckets, else by itself.
    pub async fn take(&self, client: Client) -> Verdict {
        if let Some(shared) = &self.shared {
            let bucket = format!("baddie:rate:{}:{}", self.name, client.name());
            let (interval, room) = (Duration::from_nanos(self.interval), Duration::from_nanos(self.room));
            if let Some(verdict) = shared.take(&bucket, interval, room).await {
                return verdict;
            }
        }
        self.take_at(client, self.started.elapsed())
    }

    fn take_at(&self, client: Client, now: Duration) -> Verdict {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX / 2);
        let mut shard = self.shard(client);
        let client = self.seat(&mut shard, client, now);
        let full_at = shard.entry(client).or_insert(now);
        let next = (*full_at).max(now) + self.interval;
        let filled = next - now;
        if filled > self.room {
            let wait = Duration::from_nanos(filled - self.room);
            return Verdict {
                remaining: 0,
                full_in: Duration::from_nanos(filled - self.interval),
                wait: Some(wait),
            };
        }
        *full_at = next;
        let remaining = (self.room - filled) / self.interval;
        Verdict { remaining, full_in: Duration::from_nanos(filled), wait: None }
    }

    fn shard(&self, client: Client) -> MutexGuard<'_, HashMap<Client, u64>> {
        let mixed = match client {
            Client::Credential(digest) => digest,
            Client::Peer(peer) => peer.mixed(),
            Client::Crowd => 0,
        };
        let index = usize::try_from(mixed % SHARDS as u128).unwrap_or(0);
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for this client: its own, or the crowd's when all are taken by clients whose buckets are not full.
    fn seat(&self, shard: &mut HashMap<Client, u64>, client: Client, now: u64) -> Client {
        if shard.len() < self.capacity {
            return client;
        }
        if let Entry::Occupied(_) = shard.entry(client) {
            return client;
        }
        shard.retain(|_, full_at| *full_at > now);
        if shard.len() < self.capacity { client } else { Client::Crowd }
    }

    /// Tells the client where it stands.
    pub fn tell(&self, verdict: Verdict, headers: &mut HeaderMap) {
        headers.insert(POLICY, self.policy.clone());
        let mut state = String::with_capacity(40);
        let seconds = verdict.full_in.as_millis().div_ceil(1_000);
        let _ = write!(state, "\"{}\";r={};t={seconds}", self.name, verdict.remaining);
        if let Ok(state) = HeaderValue::try_from(state) {
            headers.insert(STATE, state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Allowance = Allowance { per_second: 10, burst: 3 };

    fn after(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn s36_a_burst_is_followed_by_a_steady_pace() {
        let limiter = Limiter::new("test", SLOW, 100).unwrap();
        let me = Client::Credential(1);
        let left: Vec<_> = (0..3).map(|_| limiter.take_at(me, after(0)).remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        assert_eq!(limiter.take_at(me, after(0)).wait, Some(after(100)));
        assert_eq!(limiter.take_at(me, after(99)).wait, Some(after(1)));
        assert_eq!(limiter.take_at(me, after(100)).wait, None);
        assert_eq!(limiter.take_at(me, after(100)).wait, Some(after(100)), "a refusal costs nothing more");
        assert_eq!(limiter.take_at(Client::Credential(2), after(100)).remaining, 2, "others are not touched");
        assert_eq!(
            limiter.take_at(me, after(100_000)).remaining,
            2,
            "a quiet time fills the bucket, not more"
        );
    }

    #[test]
    fn a_flood_of_names_shares_one_bucket() {
        let limiter = Limiter::new("test", SLOW, SHARDS).unwrap();
        for name in 0..1_000 {
            limiter.take_at(Client::Credential(name), after(0));
        }
        let held: usize = limiter.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(held <= 2 * SHARDS, "{held}");
        assert!(limiter.take_at(Client::Credential(5_000), after(0)).wait.is_some());
        assert_eq!(
            limiter.take_at(Client::Credential(5_000), after(5_000)).wait,
            None,
            "room comes back with time"
        );
    }

    #[test]
    fn no_allowance_means_no_bound() {
        assert!(Limiter::new("test", Allowance { per_second: 0, burst: 1 }, 1).is_none());
    }
}
