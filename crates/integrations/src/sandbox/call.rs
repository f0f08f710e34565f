use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::listings::ChannelError;
use baddie_core::payments::PaymentError;
use baddie_core::shipping::CarrierError;

use super::Sandbox;
use super::faults::{Fault, Trip};
use super::world::World;

/// Whether a call changes anything. One that only looks can be repeated, so nothing is unknown when it goes astray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Looks,
    Changes,
}

/// How a port's error says what went wrong on the way.
pub(super) trait Astray {
    /// Too many calls.
    fn rate_limited(wait: Duration) -> Self;
    /// Nothing happened.
    fn unavailable(reason: String) -> Self;
    /// Perhaps it happened.
    fn unknown(reason: String) -> Self;
}

impl Astray for ChannelError {
    fn rate_limited(wait: Duration) -> Self {
        Self::RateLimited { wait }
    }
    fn unavailable(reason: String) -> Self {
        Self::Unavailable { reason }
    }
    fn unknown(reason: String) -> Self {
        Self::Unknown { reason }
    }
}

impl Astray for PaymentError {
    fn rate_limited(_wait: Duration) -> Self {
        Self::unavailable("too many calls".into())
    }
    fn unavailable(reason: String) -> Self {
        Self::Unavailable { reason }
    }
    fn unknown(reason: String) -> Self {
        Self::Unknown { reason }
    }
}

/// A carrier's calls may all be repeated, so whatever goes wrong looks the same.
impl Astray for CarrierError {
    fn rate_limited(_wait: Duration) -> Self {
        Self::unavailable("too many calls".into())
    }
    fn unavailable(reason: String) -> Self {
        Self::Unavailable { reason }
    }
    fn unknown(reason: String) -> Self {
        Self::unavailable(reason)
    }
}

impl Sandbox {
    /// Carries a call there and its answer back, as well as luck allows: `fate` draws it, `effect` is what the other
    /// side does. While the call is on its way, the world goes on.
    pub(super) async fn carry<T: Send, E: Astray + Send>(
        &self,
        call: Call,
        fate: impl FnOnce(&mut World) -> Result<Trip, E> + Send,
        effect: impl FnOnce(&mut World, Timestamp) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        let astray = |reason: String| match call {
            Call::Looks => E::unavailable(reason),
            Call::Changes => E::unknown(reason),
        };
        let trip =
            self.enter(|world, _| fate(world)).map_err(|unkept| astray(unkept.to_string())).flatten()?;
        self.sleep(trip.half).await;
        let answer = match trip.fault {
            Some(Fault::RateLimited) => Err(E::rate_limited(trip.wait)),
            Some(Fault::Unavailable) => Err(E::unavailable("nobody is there".into())),
            Some(Fault::LostRequest) => Err(astray("the line went dead".into())),
            fault => {
                let done = self.enter(|world, now| {
                    world.changed |= call == Call::Changes;
                    effect(world, now)
                });
                match done {
                    _ if fault.is_some() => Err(astray("the line went dead".into())),
                    Ok(answer) => answer,
                    Err(unkept) => Err(astray(unkept.to_string())),
                }
            }
        };
        self.sleep(trip.half).await;
        answer
    }
}
