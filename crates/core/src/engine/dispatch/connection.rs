//! Asking a service whose account a connection's credentials open, and what may be done there.

use super::{Engine, Outcome};
use crate::connections::{Connection, ConnectionState, Ports, ServiceError};
use crate::engine::Boxed;
use crate::error::Result;
use crate::ids::{ConnectionId, EntityId, ShopId};
use crate::outbox::Job;

impl Engine {
    /// Asks the service of a connection now, instead of waiting for the worker to do it; the connection as it is then.
    pub fn check_connection(&self, shop: ShopId, id: ConnectionId) -> Boxed<'_, Connection> {
        Box::pin(async move {
            self.check(shop, id).await?;
            self.work(shop).await?.tx.load::<Connection>(id).await
        })
    }

    pub(super) async fn do_check(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        self.check(shop, ConnectionId::parse(&job.subject)?).await
    }

    async fn check(&self, shop: ShopId, id: ConnectionId) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let mut connection = work.tx.load::<Connection>(id).await?;
        if connection.candidate.is_some() && work.is_awaited(&mut connection).await? {
            return Ok(Outcome::Moot);
        }
        let Some(tried) = connection.to_try().map(str::to_owned) else { return Ok(Outcome::Moot) };
        let opened = if connection.candidate.is_some() {
            work.open(&connection, &tried).await?
        } else {
            work.account(id).await?.ok_or(ServiceError::Refused { reason: "there are no credentials".into() })
        };
        // An owner who did not come back is forgotten.
        work.tx.commit().await?;
        let (seen, ports) = match opened {
            Ok(account) => (account.probe().await, account.ports()),
            Err(error) => (Err(error), Ports::default()),
        };
        let delivered = match (&seen, ports.deliveries, &self.0.public_url) {
            (Ok(_), Some(deliveries), Some(here)) => {
                deliveries.deliver_to(&format!("{here}/webhooks/in/{}/{id}", connection.service)).await
            }
            _ => Ok(()),
        };
        let mut work = self.work(shop).await?;
        let mut connection = work.tx.hold::<Connection>(id).await?;
        if connection.to_try() != Some(&tried) {
            let error = "the credentials were changed meanwhile".to_owned();
            return Ok(Outcome::Again { error, wait: None });
        }
        let (was, now) = (connection.state, work.now);
        match seen {
            Ok(seen) => {
                let known = work.tx.connections().to_service(Some(&connection.service)).await?;
                let elsewhere =
                    known.iter().any(|other| other.id != id && other.account.as_ref() == Some(&seen.account));
                connection.opened(seen, elsewhere, now)?;
                if ports.renewal.is_some() && connection.is_open() {
                    connection.runs_out(now);
                }
                if let (Err(ServiceError::Refused { reason }), None) = (&delivered, &connection.problem) {
                    connection.not_delivered(reason);
                }
            }
            Err(ServiceError::Refused { reason }) => connection.turned_away(reason, now)?,
            Err(ServiceError::Unavailable { reason }) => {
                return Ok(Outcome::Again { error: reason, wait: None });
            }
        }
        work.tx.save(&mut connection).await?;
        if connection.state != was || was == ConnectionState::Pending {
            work.tell_connection(&connection).await?;
        }
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }
}
