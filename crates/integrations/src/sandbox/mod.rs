//! A pretend world to try the engine in: marketplaces of several kinds, a bank and a carrier, with buyers, and with
//! everything that goes wrong between a shop and its marketplaces. It calls nobody.
//!
//! Whatever happens here follows from the seed, the clock and the order of the calls; the same three give the same
//! world. The world holds the truth, and its ports tell it badly where [`Faults`] say so: an answer may be lost on its
//! way, but what the world has sold is sold, and it never sells more than it shows.
//!
//! ```
//! use std::sync::Arc;
//! use baddie_core::clock::SystemClock;
//! use baddie_integrations::sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::new(Config::demo(7), Arc::new(SystemClock));
//! let (shops, bank, post) = (sandbox.marketplaces(), sandbox.bank(), sandbox.post());
//! # let _ = (shops, bank, post);
//! ```

mod bank;
mod buyers;
mod call;
mod dice;
mod faults;
mod feed;
mod market;
mod place;
mod post;
mod settings;
mod world;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io};

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::ids::ChannelId;
use baddie_core::listings::ImportedOrder;
use serde::{Deserialize, Serialize};

pub use bank::{Bank, DECLINE, SLOW};
pub use buyers::Bought;
pub use faults::{Fault, Faults, PerMille, Tally};
pub use market::Marketplaces;
pub use place::Shown;
pub use post::Post;
pub use settings::{Market, Settings};

pub use crate::sleeper::{Awake, Sleeper, Timer};

use world::World;

/// The kind of channel, and the name of provider and carrier, under which the world is known.
pub const KIND: &str = "sandbox";

/// What a world is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Decides all luck.
    pub seed: u64,
    /// What goes wrong, where a channel's settings do not say otherwise; at the bank and the carrier too.
    pub faults: Faults,
    /// How many notices are told at once.
    pub page: usize,
    /// How long a slow payment takes.
    pub slow_payment_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, faults: Faults::none(), page: 50, slow_payment_ms: 5_000 }
    }
}

impl Config {
    /// A world as a shop meets it on a middling day.
    pub fn demo(seed: u64) -> Self {
        Self { seed, faults: Faults::demo(), ..Self::default() }
    }
}

/// Why something did not happen in the world.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is not so much on offer.
    #[error("there are only {left} to be had")]
    SoldOut {
        /// What there is.
        left: i64,
    },
    /// The marketplace has no such listing, or was never called at.
    #[error("there is no such listing")]
    NoSuchListing,
    /// The marketplace has no such order.
    #[error("there is no such order")]
    NoSuchOrder,
    /// A bid stands in the way.
    #[error("a bid stands")]
    BidStands,
    /// It happened, but could not be written down.
    #[error("the world could not be kept: {reason}")]
    NotKept {
        /// What the system said.
        reason: String,
    },
}

/// A pretend world. Its clones are the same world.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    sleeper: Arc<dyn Sleeper>,
}

struct Shared {
    config: Config,
    clock: Arc<dyn Clock>,
    file: Option<PathBuf>,
    world: Mutex<World>,
}

impl Sandbox {
    /// A new world, kept nowhere. Its calls take no time until [`sleeping`](Self::sleeping) says how to wait.
    pub fn new(config: Config, clock: Arc<dyn Clock>) -> Self {
        let world = World::new(&config);
        Self::of(config, clock, world, None)
    }

    /// The world that was saved as this text.
    pub fn load(text: &str, config: Config, clock: Arc<dyn Clock>) -> Result<Self, serde_json::Error> {
        Ok(Self::of(config, clock, serde_json::from_str(text)?, None))
    }

    /// The world kept in this file, or a new one to be kept there. Every change is in the file before anybody hears of
    /// it, so the world outlives the death of its process. The whole world is written each time: that suits a demo of a
    /// few thousand orders; a race of buyers is better run in a world kept nowhere.
    pub fn kept_in(file: impl Into<PathBuf>, config: Config, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let file = file.into();
        let world = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => World::new(&config),
            Err(error) => return Err(error),
        };
        Ok(Self::of(config, clock, world, Some(file)))
    }

    fn of(config: Config, clock: Arc<dyn Clock>, world: World, file: Option<PathBuf>) -> Self {
        let shared = Shared { config, clock, file, world: Mutex::new(world) };
        Self { shared: Arc::new(shared), sleeper: Arc::new(Awake) }
    }

    /// Waits like this while calls are on their way.
    #[must_use]
    pub fn sleeping(mut self, sleeper: Arc<dyn Sleeper>) -> Self {
        self.sleeper = sleeper;
        self
    }

    /// The world as text, for [`load`](Self::load).
    #[expect(clippy::missing_panics_doc, reason = "it cannot fail: the reason is given where it is expected")]
    pub fn save(&self) -> String {
        let world = self.shared.world.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::to_string(&*world).expect("a world is plain data with texts for keys")
    }

    /// Its marketplaces: one for each channel, of the kind that the channel's [`Settings`] name.
    pub fn marketplaces(&self) -> Marketplaces {
        Marketplaces(self.clone())
    }

    /// Its bank.
    pub fn bank(&self) -> Bank {
        Bank(self.clone())
    }

    /// Its carrier.
    pub fn post(&self) -> Post {
        Post(self.clone())
    }

    /// The listings of a marketplace, ended ones too, as they truly are.
    pub fn listings(&self, channel: ChannelId) -> Result<Vec<Shown>, Refusal> {
        self.enter(|world, _| {
            let place = world.place(channel);
            place.map(|place| place.listings.values().cloned().collect()).unwrap_or_default()
        })
    }

    /// The orders of a marketplace, as they truly are.
    pub fn orders(&self, channel: ChannelId) -> Result<Vec<ImportedOrder>, Refusal> {
        self.enter(|world, _| {
            let place = world.place(channel);
            place.map(|place| place.orders.values().cloned().collect()).unwrap_or_default()
        })
    }

    /// How much went wrong so far, everywhere.
    pub fn tally(&self) -> Tally {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner).tally()
    }

    /// Does something in the world, at its present time, and keeps what changed.
    fn enter<T>(&self, act: impl FnOnce(&mut World, Timestamp) -> T) -> Result<T, Refusal> {
        let mut world = self.shared.world.lock().unwrap_or_else(PoisonError::into_inner);
        let now = world.turn(self.shared.clock.now());
        let done = act(&mut world, now);
        if let (true, Some(file)) = (world.changed, &self.shared.file) {
            let kept = keep(&world, file);
            kept.map_err(|error| Refusal::NotKept { reason: error.to_string() })?;
            world.changed = false;
        }
        Ok(done)
    }

    async fn sleep(&self, time: Duration) {
        if !time.is_zero() {
            self.sleeper.sleep(time).await;
        }
    }
}

/// Writes the world beside its file and then puts it in its place, so that the file is always whole.
fn keep(world: &World, file: &Path) -> io::Result<()> {
    let fresh = file.with_extension("new");
    fs::write(&fresh, serde_json::to_vec(world)?)?;
    fs::rename(&fresh, file)
}
