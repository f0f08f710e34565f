//! The schema: the same tables and columns for every database, made by migrations that only go forward.

use crate::migration::Migration;

/// The migrations of one database: those that all have under the same name, and its own.
macro_rules! migrations {
    ($folder:literal, $own:literal) => {
        migrations!(
            $folder: "0001_accounts", "0002_ledger", "0003_catalog", "0004_inventory", "0005_purchasing",
            "0006_listings", "0007_pricing", "0008_orders", "0009_payments", "0010_shipping", "0011_insights",
            "0012_outbox", "0013_journal", $own, "0015_advice", "0016_prices", "0017_connections", "0018_hints",
            "0019_webhooks", "0020_texts", "0021_renewal", "0022_sites", "0024_channels"
        )
    };
    ($folder:literal: $($name:literal),*) => {
        &[$(Migration {
            name: $name,
            sql: include_str!(concat!("../migrations/", $folder, "/", $name, ".sql")),
        }),*]
    };
}

/// What makes the schema on SQLite, in order.
#[cfg(feature = "sqlite")]
pub(crate) const SQLITE: &[Migration] = migrations!("sqlite", "0014_statistics");

/// What makes the schema on PostgreSQL, in order.
#[cfg(feature = "postgres")]
pub(crate) const POSTGRES: &[Migration] = migrations!("postgres", "0014_walls");
