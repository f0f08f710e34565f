use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use baddie_core::accounts::ApiKey;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::{Error, Result};
use baddie_core::ids::{ConnectionId, EntityId, EventId, ShopId};
use baddie_core::outbox::{Job, JobKind, JobState, OutboxStore, WorkStore, share_out};
use baddie_core::page::{Page, PageRequest};

use super::SqlTransaction;
use super::inventory::count;
use super::record::{Record, columns_text};
use crate::seam::{Columns, Connection, Param};

/// One that is queued already is enough, and is locked without being changed: nobody takes it, and looks at how things
/// stand, before what it is queued for again is there to be seen.
static QUEUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} ON CONFLICT (shop_id, kind, subject) WHERE state = 'queued' DO UPDATE SET version = jobs.version WHERE false",
        Job::insert()
    )
});

/// Due jobs of every shop; of one subject only while no other job of it is under way, and the first few of each
/// connection, so that a crowded one does not hide the others.
static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT d.shop_id, {} FROM (
            SELECT j.*, row_number() OVER (PARTITION BY shop_id, connection ORDER BY next_at, id) AS place
            FROM jobs j
            WHERE ((j.state IN ('queued', 'retry_wait', 'needs_reconcile') AND j.next_at <= $1)
            OR (j.state = 'leased' AND j.lease_until <= $1))
            AND NOT EXISTS (
                SELECT 1 FROM jobs other
                WHERE other.shop_id = j.shop_id AND other.subject = j.subject AND other.state = 'leased'
                    AND other.lease_until > $1 AND other.id <> j.id
            )
        ) d
        WHERE d.place <= $2 ORDER BY d.next_at, d.id LIMIT $3",
        columns_text(Job::COLUMNS, "d.")
    )
});

/// Whoever is taking the job at this moment has been faster: nobody waits for that.
const LEASE: &str = "
    UPDATE jobs SET state = 'leased', lease_until = $4, attempts = attempts + 1, version = version + 1
    WHERE shop_id = $1 AND id = (
        SELECT id FROM jobs WHERE shop_id = $1 AND id = $2 AND version = $3 FOR UPDATE SKIP LOCKED
    )";

static KEY_BY_HASH: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT shop_id, {} FROM api_keys WHERE hash = $1", columns_text(ApiKey::COLUMNS, ""))
});

#[async_trait]
impl<C: Connection> OutboxStore for SqlTransaction<C> {
    async fn last_event(&mut self) -> Result<Option<EventId>> {
        let last = "SELECT id FROM events WHERE shop_id = $1 ORDER BY id DESC LIMIT 1";
        let params = self.params([]);
        let found = self.connection.query(last, &params, |row| row.id(0)).await?;
        Ok(found.first().copied().map(EventId::from_u128))
    }

    async fn queue(&mut self, jobs: &[Job]) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        // Of equal ones the first; all in one order, so that two who lock the same ones never wait for each other.
        let mut once = BTreeMap::new();
        for job in jobs {
            once.entry((job.kind.as_str(), &job.subject)).or_insert(job);
        }
        let params = self.params_of(once.into_values());
        let sql: &'static str = &QUEUE;
        self.connection.note_each(sql, Job::COLUMNS.len() + 1, &params).await
    }

    async fn jobs(&mut self, state: Option<JobState>, page: &PageRequest) -> Result<Page<Job>> {
        let tail = "AND id < $2 AND ($4::text IS NULL OR state = $4)
            ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [state.map(Word::as_str).into()]).await
    }

    async fn job_counts(&mut self) -> Result<Vec<(JobState, i64)>> {
        let params = self.params([]);
        let sql = "SELECT state, count(*) FROM jobs WHERE shop_id = $1 GROUP BY state ORDER BY state";
        let read = |row: &C::Row<'_>| {
            let state = JobState::from_word(row.text(0)?);
            Ok((state.ok_or_else(|| Error::internal("a job is in an unknown state"))?, row.int(1)?))
        };
        self.connection.query(sql, &params, read).await
    }

    async fn waiting_for(&mut self, subjects: &[String]) -> Result<Vec<Job>> {
        let subjects = subjects.iter().map(String::as_str).collect();
        let tail = "AND state IN ('queued', 'retry_wait') AND subject = ANY($2::text[]) ORDER BY id";
        self.rows(tail, [Param::Words(subjects)]).await
    }

    async fn is_at_work(&mut self, kind: JobKind, connection: &str, queued_by: Timestamp) -> Result<bool> {
        let sql = "SELECT id FROM jobs WHERE shop_id = $1
            AND state IN ('queued', 'leased', 'retry_wait', 'needs_reconcile')
            AND kind = $2 AND connection = $3 AND created_at <= $4 LIMIT 1";
        let params = self.params([kind.as_str().into(), connection.into(), queued_by.into()]);
        Ok(!self.connection.query(sql, &params, |row| row.id(0)).await?.is_empty())
    }
}

#[async_trait]
impl<C: Connection> WorkStore for SqlTransaction<C> {
    async fn shops(&mut self) -> Result<Vec<ShopId>> {
        self.connection
            .query("SELECT id FROM shops ORDER BY id", &[], |row| row.id(0).map(ShopId::from_u128))
            .await
    }

    async fn due(
        &mut self,
        now: Timestamp,
        limit: usize,
        per_connection: usize,
        busy: &[(ShopId, String, usize)],
    ) -> Result<Vec<(ShopId, Job)>> {
        let sql: &'static str = &DUE;
        // More than wanted are read, because of some subjects and busy connections none is taken.
        let params = [now.into(), count(per_connection.saturating_mul(4)), count(limit.saturating_mul(8))];
        let read = |row: &C::Row<'_>| Ok((ShopId::from_u128(row.id(0)?), Job::read(row, 1)?));
        let due = self.connection.query(sql, &params, read).await?;
        Ok(share_out(due, limit, per_connection, busy))
    }

    async fn lease(&mut self, shop: ShopId, job: &Job, until: Timestamp) -> Result<bool> {
        let params = [Param::id(shop), Param::id(job.id), job.version.into(), until.into()];
        Ok(self.connection.execute(LEASE, &params).await? == 1)
    }

    async fn shop_of_connection(&mut self, connection: ConnectionId) -> Result<Option<ShopId>> {
        let sql = "SELECT shop_id FROM connections WHERE id = $1";
        let read = |row: &C::Row<'_>| row.id(0).map(ShopId::from_u128);
        Ok(self.connection.query(sql, &[Param::id(connection)], read).await?.pop())
    }

    async fn key_by_hash(&mut self, hash: &str) -> Result<Option<(ShopId, ApiKey)>> {
        let sql: &'static str = &KEY_BY_HASH;
        let read = |row: &C::Row<'_>| Ok((ShopId::from_u128(row.id(0)?), ApiKey::read(row, 1)?));
        Ok(self.connection.query(sql, &[hash.into()], read).await?.pop())
    }
}
