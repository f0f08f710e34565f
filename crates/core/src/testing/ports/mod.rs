//! The suites that hold an adapter to its port's contract. An adapter brings a *rig*: the adapter together with
//! whatever stands in for the other side, a fake server or a pretend world. The suite calls the port alone, as the
//! engine would: it waits when asked to, and looks up what may have happened before it does anything else. So a rig
//! may be as unreliable as it likes; the contract must hold all the same.
//!
//! Every case is a plain `async fn` and knows no runtime; the macros stamp them as tests under the attribute they are
//! given, such as `#[tokio::test]`. An adapter that cannot keep a case by its nature stamps the others by name, and
//! says why.
#![expect(clippy::missing_panics_doc, reason = "a suite speaks by panicking")]

pub mod carrier;
pub mod channel;
pub mod deploys;
pub mod domains;
pub mod payment;
pub mod site;
pub mod zones;

use std::time::Duration;

/// How often a call is repeated before the other side counts as dead.
const PATIENCE: usize = 500;
/// How long to wait after a failure that does not say.
const PAUSE: Duration = Duration::from_secs(1);
/// Within this time everything that happened has been told, settled or carried.
const IN_THE_END: Duration = Duration::from_hours(24 * 30);

/// Stamps cases of a suite as tests of a module; what the suites' own macros are made of.
#[doc(hidden)]
#[macro_export]
macro_rules! stamp_cases {
    ($attribute:tt $module:ident, $suite:path, $make:expr, [$($case:ident)+]) => {
        mod $module {
            #[allow(unused_imports, reason = "the rig may be made of names given in full")]
            use super::*;
            use $suite as suite;
            $(
                #$attribute
                async fn $case() {
                    suite::$case(&($make)()).await;
                }
            )+
        }
    };
}
