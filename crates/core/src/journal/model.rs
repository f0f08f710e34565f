use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{Json, entity, states, words};
use crate::ids::{AuditId, ImportRunId};

/// That somebody changed something. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// Its identity.
    pub id: AuditId,
    /// Who.
    pub actor: String,
    /// Which operation: `orders.place`.
    pub operation: String,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// What was asked for, without personal data and secrets.
    pub request: Json,
    /// The request's id at the door.
    pub request_id: Option<String>,
    /// When.
    pub at: Timestamp,
}
entity!(AuditEntry, AuditId, "audit_entry");

/// An answer kept under the key its request came with, so that a retry gets the same answer and no second effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Who asked, and the operation: keys of others, and of other operations, are other keys.
    pub scope: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
    /// What was answered.
    pub answer: KeptAnswer,
    /// When.
    pub at: Timestamp,
    /// Until when it is kept.
    pub keep_until: Timestamp,
}

/// An answer, as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptAnswer {
    /// The answer, as JSON.
    Done(String),
    /// The refusal.
    Refused {
        /// The word of its kind.
        kind: String,
        /// Its code.
        code: String,
        /// Its message.
        message: String,
        /// The field to blame.
        field: Option<String>,
    },
}

words! {
    /// What an import brings.
    pub enum ImportKind {
        /// Products and variants.
        Products "products",
        /// Past sales.
        Sales "sales",
        /// Stock on hand.
        Stock "stock",
        /// Orders.
        Orders "orders",
    }
}

states! {
    /// Where an import stands.
    pub enum ImportState of "import" {
        /// The file is known.
        Uploaded "uploaded" => [Validating, Failed],
        /// Its rows are being looked at; nothing is written.
        Validating "validating" => [Ready, Failed],
        /// Looked at; the report is there.
        Ready "ready" => [Applying, Failed],
        /// Its rows are being written.
        Applying "applying" => [Applied, Partial, Failed],
        /// Every row is written.
        Applied "applied" => [],
        /// All but the refused rows are written.
        Partial "partial" => [],
        /// Given up.
        Failed "failed" => [],
    }
}

/// An import and how far it is: a second run of the same file goes on from there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportRun {
    /// Its identity.
    pub id: ImportRunId,
    /// What it brings.
    pub kind: ImportKind,
    /// SHA-256 of the file, in hex.
    pub file_hash: String,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows were dealt with.
    pub rows_done: i64,
    /// How many of them were written.
    pub accepted: i64,
    /// How many were refused.
    pub rejected: i64,
    /// Counts its edits.
    pub version: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}
entity!(ImportRun, ImportRunId, "import", versioned);

/// A row that an import refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// The line of the file, counting from 1.
    pub line: u64,
    /// The column's name.
    pub column: Option<String>,
    /// What stood there.
    pub value: Option<String>,
    /// What is wrong and what would be right.
    pub message: String,
}
