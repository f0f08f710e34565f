//! Time and chance: the only place where the system's clock and randomness are read.
//!
//! The engine asks once per use case and hands `now` and fresh ids down; rules and stores never ask.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An instant: microseconds since 1970 in UTC; RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String", extend("format" = "date-time"))]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many microseconds after the start of 1970, UTC.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970, UTC.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved on by `by`; the end of time stays the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This instant moved back by `by`.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        // RFC 3339 knows the years 0000 to 9999. A sign begins a year beyond them, where the reader below is not safe.
        let year = text.starts_with(|first: char| first.is_ascii_digit());
        let at = year.then(|| text.parse::<jiff::Timestamp>().ok()).flatten();
        at.map(|at| Self(at.as_microsecond())).ok_or_else(|| {
            Error::invalid("time", format!("{text:?}"), "write it as RFC 3339, like 2026-01-31T09:30:00Z")
        })
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// A day in the shop's own calendar; `2026-01-31` in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String", extend("format" = "date"))]
pub struct Date(jiff::civil::Date);

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

impl Date {
    /// The day this many days after 1970-01-01.
    pub fn from_days(days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        EPOCH.checked_add(span).ok().map(Self)
    }

    /// Days since 1970-01-01.
    pub fn as_days(self) -> i64 {
        i64::from((self.0 - EPOCH).get_days())
    }

    /// The day `days` later (or earlier, when negative); `None` outside the calendar.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_days(self.as_days().checked_add(days)?)
    }

    /// The year of this day.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month of this day, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The weekday, 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// A day by its year, month and day of month.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse::<jiff::civil::Date>().map(Self).map_err(|_| {
            Error::invalid("date", format!("{text:?}"), "write it as year-month-day, like 2026-01-31")
        })
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// A place's time, by its name in the IANA database (`Europe/London`); decides to which business day an instant belongs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".into(), zone: TimeZone::UTC }
    }

    /// The name in the IANA database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The business day of an instant here.
    pub fn date_of(&self, at: Timestamp) -> Date {
        Date(at.to_jiff().to_zoned(self.zone.clone()).date())
    }

    /// The instant at which a business day begins here.
    pub fn start_of(&self, date: Date) -> Timestamp {
        match date.0.to_zoned(self.zone.clone()) {
            Ok(start) => Timestamp(start.timestamp().as_microsecond()),
            Err(_) => Timestamp(if date.as_days() < 0 { i64::MIN } else { i64::MAX }),
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let zone = TimeZone::get(name).map_err(|_| {
            Error::invalid(
                "time_zone",
                format!("{name:?}"),
                "use a name of the IANA database, like Europe/London",
            )
        })?;
        Ok(Self { name: name.to_owned(), zone })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl TryFrom<String> for Zone {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        name.parse()
    }
}

/// Where the engine reads the time. Contract: UTC; may jump; never fails.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the system clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(0).plus(since)
    }
}

/// Where the engine takes chance from, for ids and secrets. Contract: unpredictable in production, repeatable in tests.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The machine's randomness, drawn in blocks because an order alone needs a dozen ids.
pub struct SystemEntropy {
    block: Mutex<Block>,
}

struct Block {
    bytes: [u8; Self::SIZE],
    used: usize,
}

impl Block {
    const SIZE: usize = 4096;
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self { block: Mutex::new(Block { bytes: [0; Block::SIZE], used: Block::SIZE }) }
    }
}

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the system's randomness")]
    fn fill(&self, buffer: &mut [u8]) {
        let mut block = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(Block::SIZE) {
            if block.used + chunk.len() > Block::SIZE {
                getrandom::fill(&mut block.bytes).expect("the system always has randomness once it is up");
                block.used = 0;
            }
            let (from, to) = (block.used, block.used + chunk.len());
            chunk.copy_from_slice(&block.bytes[from..to]);
            // Handed-out bytes are wiped: a secret must not linger beside later ids.
            block.bytes[from..to].fill(0);
            block.used = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text() {
        let at = Timestamp::from_micros(1_769_851_800_000_001);
        assert_eq!(at.to_string(), "2026-01-31T09:30:00.000001Z");
        assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
    }

    #[test]
    fn years_beyond_four_digits_are_refused() {
        // The first of these made the reader panic, found by mangled input.
        for text in ["-009999-01-02T01:59:58.01Z", "+010000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        assert!("0000-01-01T00:00:00Z".parse::<Timestamp>().is_ok());
    }

    #[test]
    fn the_business_day_follows_the_zone() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let at: Timestamp = "2026-01-31T03:00:00Z".parse().unwrap();
        assert_eq!(zone.date_of(at).to_string(), "2026-01-30");
        assert_eq!(zone.start_of(zone.date_of(at)).to_string(), "2026-01-30T05:00:00.000000Z");
    }

    #[test]
    fn a_day_survives_its_number() {
        let date: Date = "2024-02-29".parse().unwrap();
        assert_eq!(Date::from_days(date.as_days()), Some(date));
        assert_eq!(date.plus_days(366).unwrap().to_string(), "2025-03-01");
    }

    #[test]
    fn unknown_zones_are_refused_with_a_remedy() {
        let error = "Europe/Lundon".parse::<Zone>().unwrap_err();
        assert!(error.message().contains("Europe/Lundon") && error.message().contains("IANA"));
    }

    #[test]
    fn chance_differs_each_time() {
        let entropy = SystemEntropy::default();
        let (mut a, mut b) = ([0; 32], [0; 32]);
        entropy.fill(&mut a);
        entropy.fill(&mut b);
        assert_ne!(a, b);
    }
}
