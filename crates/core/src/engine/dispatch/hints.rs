//! What services tell of their own accord: it is kept before it is answered, looked at afterwards, and asked for again, in
//! case it was not heard.
//!
//! A hint says what to look at, never how it stands. So hints may come twice, late and in any order: whatever comes, the
//! present state is asked for, and what it says is applied once.

use std::time::Duration;

use super::{Engine, Outcome, outcome_of};
use crate::accounts::Actor;
use crate::connections::{Connection, Delivery, Heard, ServiceError};
use crate::engine::{Boxed, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::{ConnectionId, EntityId, HintId, ShopId};
use crate::listings::ChannelStatus;
use crate::outbox::{Job, JobKind};
use crate::storage::Scope;

/// How far back is asked again, beyond what is known to have been heard: services are late themselves.
const OVERLAP: Duration = Duration::from_mins(10);
/// How long it is known what was heard: three times as long as any service tells of a thing again.
const REMEMBER: Duration = Duration::from_hours(90 * 24);
/// How long a service that turns a question down is left alone: somebody must mend the key, and that takes a while.
pub(super) const MENDING: Duration = Duration::from_hours(1);

impl Engine {
    /// Takes a delivery of a service in. When this answers, it is kept: it will be looked at, whatever happens. A delivery
    /// that proves nothing is refused, without a word on why.
    pub fn receive<'a>(
        &'a self,
        service: &'a str,
        connection: &'a str,
        headers: &'a [(String, String)],
        body: &'a [u8],
    ) -> Boxed<'a, ()> {
        Box::pin(async move {
            let refused = |why: String| {
                Error::new(Kind::Unauthenticated, "webhooks.refused", "the delivery proves nothing")
                    .caused_by(why)
            };
            let id = ConnectionId::parse(connection).map_err(|_| refused("no such connection".into()))?;
            let shop = self.0.storage.read(Scope::System).await?.work().shop_of_connection(id).await?;
            let shop = shop.ok_or_else(|| refused("no such connection".into()))?;
            // Until it has proved itself, a delivery keeps nobody from writing.
            let look = self.0.storage.read(Scope::Shop(shop)).await?;
            let mut work = Work::new(look, self.0.clone(), Actor::System);
            let connection = work.tx.load::<Connection>(id).await?;
            if connection.service != service || !connection.is_open() {
                return Err(refused("the connection is closed, or another service's".into()));
            }
            let account = work.account(id).await?.ok_or_else(|| refused("no credentials".into()))?;
            let delivery = Delivery { headers, body, at: work.now };
            let heard = account.read_delivery(&delivery).map_err(|why| refused(why.to_string()))?;
            drop(work);
            if let Some(heard) = heard {
                let mut work = self.work(shop).await?;
                work.keep_heard(id, vec![heard]).await?;
                work.tx.commit().await?;
            }
            Ok(())
        })
    }

    pub(super) async fn do_catch_up(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = ConnectionId::parse(&job.subject)?;
        let mut work = self.work(shop).await?;
        let connection = work.tx.load::<Connection>(id).await?;
        if !connection.is_open() {
            return Ok(Outcome::Moot);
        }
        let Some(account) = work.account(id).await? else { return Ok(Outcome::Moot) };
        let begun = work.now;
        drop(work);
        let since = connection.heard_until.unwrap_or(connection.created_at).minus(OVERLAP);
        let mut part = None;
        loop {
            let heard = match account.heard_since(since, part.as_deref()).await {
                Ok(heard) => heard,
                Err(error) => return Ok(failed(error)),
            };
            let mut work = self.work(shop).await?;
            work.keep_heard(id, heard.heard).await?;
            if heard.next.is_none() {
                let mut connection = work.tx.hold::<Connection>(id).await?;
                connection.heard_until = connection.heard_until.max(Some(begun));
                work.tx.save(&mut connection).await?;
                work.tx.connections().forget_heard(HintId::earliest(begun.minus(REMEMBER))).await?;
            }
            work.tx.commit().await?;
            part = heard.next;
            if part.is_none() {
                return Ok(Outcome::Done);
            }
        }
    }

    pub(super) async fn do_hear(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = ConnectionId::parse(&job.connection)?;
        let mut work = self.work(shop).await?;
        let account = match work.account(id).await {
            Ok(Some(account)) => account,
            Ok(None) => return Ok(unheard("the connection is closed".into())),
            Err(error) => return Ok(outcome_of(error)),
        };
        drop(work);
        let news = match account.look(&job.subject).await {
            Ok(news) => news,
            Err(error) => return Ok(failed(error)),
        };
        let mut work = self.work(shop).await?;
        if account.ports().channel.is_some() {
            work.fetch_through(id).await?;
        }
        let mut known = true;
        for news in news {
            known &= work.apply_news(id, &news).await?;
        }
        // What is known of no payment is another's, or a payment's whose answer is still on its way.
        let unsure =
            !known && work.tx.outbox().is_at_work(JobKind::Pay, &job.connection, job.created_at).await?;
        work.tx.commit().await?;
        Ok(if unsure { Outcome::UnderWay } else { Outcome::Done })
    }
}

fn failed(error: ServiceError) -> Outcome {
    match error {
        ServiceError::Refused { reason } => unheard(reason),
        ServiceError::Unavailable { reason } => Outcome::Again { error: reason, wait: None },
    }
}

/// What a service does not tell must not be lost, nor asked for at every tick: it is asked for again when somebody may have
/// mended the key.
fn unheard(error: String) -> Outcome {
    Outcome::Again { error, wait: Some(MENDING) }
}

impl Work {
    /// Has the channels fetched from that sell through this connection.
    async fn fetch_through(&mut self, connection: ConnectionId) -> Result<()> {
        for channel in self.tx.listings().channels().await? {
            if channel.connection() == Some(connection) && channel.status == ChannelStatus::Active {
                self.queue(JobKind::Pull, channel.id, channel.id).await?;
            }
        }
        Ok(())
    }

    /// Keeps what is new of this, and queues a look at each thing it is about.
    async fn keep_heard(&mut self, connection: ConnectionId, heard: Vec<Heard>) -> Result<()> {
        // One after the other: told twice at once, the second finds what the first has kept.
        self.tx.hold::<Connection>(connection).await?;
        let names: Vec<&str> = heard.iter().map(|heard| heard.name.as_str()).collect();
        let mut known = self.tx.connections().heard(connection, &names).await?;
        for heard in heard {
            if known.contains(&heard.name) {
                continue;
            }
            self.note_hint(connection, &heard).await?;
            let mut job = self.job(JobKind::Hear, connection, connection);
            // One look is enough for all that is told of one thing, and two of them are never under way at once.
            job.subject.clone_from(&heard.topic);
            self.tx.outbox().queue(&[job]).await?;
            known.push(heard.name);
        }
        Ok(())
    }
}
