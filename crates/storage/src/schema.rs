//! The schema: the same tables and columns for every database, made by migrations that only go forward.

#[cfg(feature = "sqlite")]
pub(crate) use self::sqlite::MIGRATIONS as SQLITE;

#[cfg(feature = "sqlite")]
mod sqlite {
    use crate::sqlite::Migration;

    macro_rules! migrations {
        ($($name:literal),* $(,)?) => {
            &[$(Migration { name: $name, sql: include_str!(concat!("../migrations/sqlite/", $name, ".sql")) }),*]
        };
    }

    /// What makes the schema on SQLite, in order.
    pub(crate) const MIGRATIONS: &[Migration] = migrations![
        "0001_accounts",
        "0002_ledger",
        "0003_catalog",
        "0004_inventory",
        "0005_purchasing",
        "0006_listings",
        "0007_pricing",
        "0008_orders",
        "0009_payments",
        "0010_shipping",
        "0011_insights",
        "0012_outbox",
        "0013_journal",
        "0014_statistics",
    ];
}
