use baddie_core::listings::Capabilities;
use serde::{Deserialize, Serialize};

use super::faults::Faults;

/// What kind of marketplace a channel is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Market {
    /// A web shop: a listing offers many, and stays when the last is sold.
    #[default]
    MultiQuantity,
    /// A place for second-hand things: a listing offers one, and is gone with it.
    SingleQuantity,
    /// An auction house: a listing offers one, and cannot be ended while a bid stands.
    Auction,
}

impl Market {
    pub(super) fn capabilities(self) -> Capabilities {
        let many = self == Self::MultiQuantity;
        Capabilities {
            multi_qty: many,
            zero_qty: many,
            look_up: true,
            webhooks: false,
            end: true,
            revise: true,
            offers: self == Self::Auction,
            parcels: false,
            pictures: false,
            refunds: false,
            cancels: false,
            goods: false,
            max_title: match self {
                Self::MultiQuantity => 140,
                Self::SingleQuantity => 100,
                Self::Auction => 80,
            },
            max_description: 4_000,
            concurrency: 4,
        }
    }
}

/// What a sandbox channel's settings say: `{"market": "auction", "faults": {"lost_answers": 50}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What kind of marketplace it is; multi-quantity when absent.
    pub market: Market,
    /// How often things go wrong there; as everywhere in the world when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Faults>,
}

impl Settings {
    /// Reads a channel's settings; none at all are the defaults.
    pub fn read(settings: &serde_json::Value) -> Result<Self, serde_json::Error> {
        if settings.is_null() { Ok(Self::default()) } else { Self::deserialize(settings) }
    }
}
