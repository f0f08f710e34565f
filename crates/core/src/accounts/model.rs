use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, Zone};
use crate::entity::{entity, words};
use crate::ids::{KeyId, MemberId, ShopId};
use crate::money::{Currency, Rounding};

/// A reselling business: everything else belongs to one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shop {
    /// Its identity.
    pub id: ShopId,
    /// What it is called.
    pub name: String,
    /// The currency its books are kept in.
    pub currency: Currency,
    /// Decides to which business day an instant belongs.
    pub time_zone: Zone,
    /// How a tax is rounded that falls between two units of the currency.
    pub rounding: Rounding,
    /// Whether an endpoint is told what happens in it; where none is, nobody looks for one.
    #[serde(default)]
    pub has_endpoints: bool,
    /// Counts its edits.
    pub version: i64,
    /// When it was founded.
    pub created_at: Timestamp,
}
entity!(Shop, ShopId, "shop", versioned);

/// A person who works in a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// Its identity.
    pub id: MemberId,
    /// Where the person is reached.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may come in at all.
    pub status: MemberStatus,
    /// Counts its edits.
    pub version: i64,
    /// When the person joined.
    pub created_at: Timestamp,
}
entity!(Member, MemberId, "member", versioned);

/// A secret that lets a program act with a role. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKey {
    /// Its identity.
    pub id: KeyId,
    /// What it is for, in the owner's words.
    pub name: String,
    /// The member on whose behalf it acts.
    pub member_id: MemberId,
    /// The first letters of the token, to recognise it by.
    pub prefix: String,
    /// SHA-256 of the token, in hex.
    #[serde(skip_serializing, default)]
    #[schemars(skip)]
    pub hash: String,
    /// What it may do at most.
    pub role: Role,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(ApiKey, KeyId, "api_key", versioned);

words! {
    /// Whether a member may come in.
    pub enum MemberStatus {
        /// Works here.
        Active "active",
        /// Shut out, with everything acting on its behalf.
        Suspended "suspended",
    }

    /// What a member may do.
    pub enum Role {
        /// Everything.
        Owner "owner",
        /// Everything but members and keys.
        Manager "manager",
        /// Sells, lists, packs and counts.
        Clerk "clerk",
        /// Reads everything, keeps the books.
        Accountant "accountant",
        /// Reads everything but the audit log.
        Viewer "viewer",
    }

    /// What an operation asks of its caller.
    pub enum Permission {
        /// See the shop's settings and members.
        AccountsRead "accounts:read",
        /// Change settings, members and keys.
        AccountsWrite "accounts:write",
        /// See products, items and media.
        CatalogRead "catalog:read",
        /// Change products, items and media.
        CatalogWrite "catalog:write",
        /// See stock.
        InventoryRead "inventory:read",
        /// Move, count and hold stock.
        InventoryWrite "inventory:write",
        /// See suppliers, purchases and hauls.
        PurchasingRead "purchasing:read",
        /// Buy and receive.
        PurchasingWrite "purchasing:write",
        /// See channels, listings and prices.
        ListingsRead "listings:read",
        /// List, reprice and end.
        ListingsWrite "listings:write",
        /// Connect and change channels.
        ChannelsWrite "channels:write",
        /// See orders and customers.
        OrdersRead "orders:read",
        /// Place, cancel, fulfil and take back.
        OrdersWrite "orders:write",
        /// See payments and payouts.
        PaymentsRead "payments:read",
        /// Capture, refund and record payouts.
        PaymentsWrite "payments:write",
        /// See the books and reports.
        LedgerRead "ledger:read",
        /// Post to the books by hand.
        LedgerWrite "ledger:write",
        /// See the audit log, events and jobs.
        AuditRead "audit:read",
    }
}

/// Who acts, and what the credential allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person, or a key on a person's behalf.
    Member {
        /// The member.
        id: MemberId,
        /// What the credential allows.
        role: Role,
    },
    /// The program that embeds the engine, and the engine's own worker: may do everything.
    System,
}

impl Actor {
    /// What this actor may do.
    pub fn role(self) -> Role {
        match self {
            Self::Member { role, .. } => role,
            Self::System => Role::Owner,
        }
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member { id, .. } => write!(f, "{id}"),
            Self::System => f.write_str("system"),
        }
    }
}
