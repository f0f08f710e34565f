//! Making sites show what is sold.

use std::time::Duration;

use super::{Engine, outcome_of};
use crate::engine::Boxed;
use crate::error::{Error, Kind, Result};
use crate::hosting::{HostError, Published, Site, digest_of};
use crate::ids::{EntityId, ShopId, SiteId};
use crate::outbox::{Job, Outcome};

/// How long a site is believed to show what it was made to show.
const BELIEVED: Duration = Duration::from_hours(24);

impl Engine {
    /// Makes a site show what it shall now, instead of waiting for the worker to do it; the site as it is then.
    pub fn publish_site(&self, shop: ShopId, id: SiteId) -> Boxed<'_, Site> {
        Box::pin(async move {
            if let Outcome::Again { error, .. } | Outcome::Hopeless { error } = self.publish(shop, id).await?
            {
                return Err(Error::new(Kind::Unavailable, "hosting.unavailable", error));
            }
            self.work(shop).await?.tx.load::<Site>(id).await
        })
    }

    pub(super) async fn do_publish_site(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        self.publish(shop, SiteId::parse(&job.subject)?).await
    }

    async fn publish(&self, shop: ShopId, id: SiteId) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let site = work.tx.load::<Site>(id).await?;
        let port = match work.open_account(site.connection_id).await {
            Ok((_, account)) => account.ports().site,
            Err(error) => return Ok(outcome_of(error)),
        };
        let Some(port) = port else {
            return Ok(Outcome::Hopeless { error: "the connection shows no sites".into() });
        };
        let exhibits = match work.exhibits(&site).await {
            Ok(exhibits) => exhibits,
            Err(error) => {
                drop(work);
                return self.note_site(shop, id, Err(error.message().to_owned()), None).await;
            }
        };
        let digest = digest_of(&exhibits);
        let fresh = site.published_at.is_some_and(|at| at.plus(BELIEVED) > work.now);
        drop(work);
        if fresh && site.digest.as_ref() == Some(&digest) {
            return self.note_site(shop, id, Ok(None), Some(digest)).await;
        }
        match port.publish(&site.showcase, &exhibits).await {
            Ok(published) => self.note_site(shop, id, Ok(Some(published)), Some(digest)).await,
            Err(HostError::RateLimited { wait }) => {
                Ok(Outcome::Again { error: "the site asks to wait".into(), wait: Some(wait) })
            }
            // It is made to show what it shall, however it stands: a lost answer needs no look of its own.
            Err(error @ (HostError::Unavailable { .. } | HostError::Unknown { .. })) => {
                Ok(Outcome::Again { error: error.to_string(), wait: None })
            }
            Err(error) => self.note_site(shop, id, Err(error.to_string()), None).await,
        }
    }

    /// Writes down how a site stands, and tells of it where that is new.
    async fn note_site(
        &self,
        shop: ShopId,
        id: SiteId,
        came: Result<Option<Published>, String>,
        digest: Option<String>,
    ) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let mut site = work.tx.hold::<Site>(id).await?;
        let before = (site.shown.clone(), site.problem.clone());
        site.looked_at(came, digest, work.now);
        if (&site.shown, &site.problem) != (&before.0, &before.1) {
            let told = serde_json::json!({
                "collection": site.showcase.collection, "shown": site.shown, "problem": site.problem
            });
            work.emit("site.published", site.id, &told).await?;
        }
        work.tx.save(&mut site).await?;
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }
}
