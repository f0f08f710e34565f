use async_trait::async_trait;

use super::{AuditEntry, IdempotencyRecord, ImportKind, ImportRun};
use crate::clock::Timestamp;
use crate::entity::{Append, Keep};
use crate::error::Result;

/// Keeps the audit log, answers under idempotency keys, and imports.
#[async_trait]
pub trait JournalStore: Append<AuditEntry> + Keep<ImportRun> {
    /// The answer kept under a key. On databases with many writers, waits for whoever is using the key now.
    async fn recall(&mut self, scope: &str, key: &str) -> Result<Option<IdempotencyRecord>>;
    /// Keeps an answer under its key. A second one is a conflict, told by the commit.
    async fn remember(&mut self, record: &IdempotencyRecord) -> Result<()>;
    /// Kept answers by scope, then key: those behind `after`, at most `limit`.
    async fn answers(&mut self, after: Option<(&str, &str)>, limit: usize) -> Result<Vec<IdempotencyRecord>>;
    /// Whether an answer was kept long enough.
    async fn answers_run_out(&mut self, now: Timestamp) -> Result<bool>;
    /// Forgets answers kept long enough; says how many.
    async fn forget_answers(&mut self, now: Timestamp) -> Result<u64>;
    /// The import of a file, if one was begun.
    async fn import_of(&mut self, kind: ImportKind, file_hash: &str) -> Result<Option<ImportRun>>;
}
