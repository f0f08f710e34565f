use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::{Error, Result};
use baddie_core::journal::{IdempotencyRecord, ImportKind, ImportRun, JournalStore};

use super::SqlTransaction;
use crate::seam::{Columns, Connection, Param};

const REMEMBER: &str = "
    INSERT INTO idempotency_records (shop_id, scope, key, request_hash, answer, at, keep_until)
    VALUES ($1::uuid, $2::text, $3::text, $4::bytea, $5::text, $6::timestamptz, $7::timestamptz)";

const ANSWERS: &str = "
    SELECT request_hash, answer, at, keep_until, scope, key FROM idempotency_records
    WHERE shop_id = $1 AND (scope, key) > ($2, $3) ORDER BY scope, key LIMIT $4";

fn record(row: &impl Columns, scope: &str, key: &str) -> Result<IdempotencyRecord> {
    Ok(IdempotencyRecord {
        scope: scope.to_owned(),
        key: key.to_owned(),
        request_hash: row.bytes(0)?.try_into().map_err(Error::internal)?,
        answer: serde_json::from_str(row.text(1)?).map_err(Error::internal)?,
        at: row.time(2)?,
        keep_until: row.time(3)?,
    })
}

#[async_trait]
impl<C: Connection> JournalStore for SqlTransaction<C> {
    async fn recall(&mut self, scope: &str, key: &str) -> Result<Option<IdempotencyRecord>> {
        let params = self.params([scope.into(), key.into()]);
        let read = |row: &C::Row<'_>| record(row, scope, key);
        Ok(self.connection.query(C::RECALL, &params, read).await?.pop())
    }

    async fn remember(&mut self, record: &IdempotencyRecord) -> Result<()> {
        let answer = serde_json::to_string(&record.answer).map_err(Error::internal)?;
        let params = self.params([
            record.scope.as_str().into(),
            record.key.as_str().into(),
            Param::Bytes(record.request_hash.as_slice().into()),
            Param::Text(answer.into()),
            record.at.into(),
            record.keep_until.into(),
        ]);
        self.connection.note_each(REMEMBER, params.len(), &params).await
    }

    async fn answers(&mut self, after: Option<(&str, &str)>, limit: usize) -> Result<Vec<IdempotencyRecord>> {
        let (scope, key) = after.unwrap_or_default();
        let limit = Param::Int(i64::try_from(limit).unwrap_or(i64::MAX));
        let params = self.params([scope.into(), key.into(), limit]);
        self.connection.query(ANSWERS, &params, |row| record(row, row.text(4)?, row.text(5)?)).await
    }

    async fn answers_run_out(&mut self, now: Timestamp) -> Result<bool> {
        let sql =
            "SELECT keep_until FROM idempotency_records WHERE shop_id = $1 AND keep_until <= $2 LIMIT 1";
        let params = self.params([now.into()]);
        Ok(!self.connection.query(sql, &params, |row| row.time(0)).await?.is_empty())
    }

    async fn forget_answers(&mut self, now: Timestamp) -> Result<u64> {
        self.change("DELETE FROM idempotency_records WHERE shop_id = $1 AND keep_until <= $2", [now.into()])
            .await
    }

    async fn import_of(&mut self, kind: ImportKind, file_hash: &str) -> Result<Option<ImportRun>> {
        self.row("AND kind = $2 AND file_hash = $3", [kind.as_str().into(), file_hash.into()]).await
    }
}
