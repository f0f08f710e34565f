//! Migrations, as every database has them: named, forward only, each known by the checksum of its text.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// One step of the schema. Once released, neither its name nor its text changes.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its name, such as `0001_accounts`; a later one sorts behind it.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

impl Migration {
    /// What the text is known by. Line ends do not count: some tools that copy sources change them.
    pub(crate) fn checksum(&self) -> String {
        let text = self.sql.replace('\r', "");
        Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a String takes everything");
            hex
        })
    }
}
