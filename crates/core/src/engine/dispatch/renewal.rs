//! Renewing credentials that run out.

use super::{Engine, Outcome};
use crate::connections::{Connection, Credentials, Holder, ServiceError};
use crate::engine::Work;
use crate::error::Result;
use crate::ids::{ConnectionId, EntityId, ShopId};
use crate::outbox::Job;

impl Engine {
    pub(super) async fn do_renew(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = ConnectionId::parse(&job.subject)?;
        let mut work = self.work(shop).await?;
        let connection = work.tx.load::<Connection>(id).await?;
        if !connection.is_open() || connection.renew_at.is_none_or(|at| at > work.now) {
            return Ok(Outcome::Moot);
        }
        let Some(old) = work.credentials_in_use(&connection).await? else { return Ok(Outcome::Moot) };
        let renewal = work.account(id).await?.and_then(|account| account.ports().renewal);
        drop(work);
        let answer = match renewal {
            Some(renewal) => renewal.renew().await,
            None => Err(ServiceError::Refused { reason: "they lack what new ones are had for".into() }),
        };
        if let Err(ServiceError::Unavailable { reason }) = answer {
            return Ok(Outcome::Again { error: reason, wait: None });
        }
        let mut work = self.work(shop).await?;
        let mut connection = work.tx.hold::<Connection>(id).await?;
        // Sealed anew under another key they are the same; others that an owner gave meanwhile are not.
        let now = work.credentials_in_use(&connection).await?;
        if now.is_none_or(|now| now.packed().expose() != old.packed().expose()) {
            return Ok(Outcome::Moot);
        }
        match answer {
            Ok(renewed) => {
                let packed = old.replaced_by(renewed.credentials).packed();
                let sealed = work.seal(Holder::Connection(id), &packed).await?;
                connection.renewed(sealed, renewed.until, work.now);
            }
            Err(error) => {
                connection.not_renewed(&error.to_string())?;
                work.tell_connection(&connection).await?;
            }
        }
        work.tx.save(&mut connection).await?;
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }
}

impl Work {
    /// The credentials in use, opened; `None` when there are none.
    async fn credentials_in_use(&mut self, connection: &Connection) -> Result<Option<Credentials>> {
        let Some(sealed) = &connection.sealed else { return Ok(None) };
        Ok(Some(self.credentials(connection, sealed).await?))
    }
}
