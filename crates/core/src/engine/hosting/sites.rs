//! Sites: begun, kept in step, retired.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::command::calls;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::hosting::{Exhibit, MOST_EXHIBITS, Showcase, Site, SiteState};
use crate::ids::{ChannelId, ConnectionId, SiteId};
use crate::listings::{Channel, ListingFilter, ListingState};
use crate::outbox::JobKind;
use crate::page::PageRequest;

/// Have a site show what is sold, from now on. It is made by the worker, and looked after every quarter of an hour.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepSite {
    /// The way to its service, such as a connection to `webflow`.
    pub connection_id: ConnectionId,
    /// Where on the site.
    pub showcase: Showcase,
    /// Whose listings it shows; those of all channels when absent.
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
}

#[async_trait]
impl Command for KeepSite {
    const NAME: &'static str = "sites.keep";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Site;

    async fn run(self, work: &mut Work) -> Result<Site> {
        self.showcase.check()?;
        let (service, account) = work.open_account(self.connection_id).await?;
        if account.ports().site.is_none() {
            let message = format!("{service} is no service that shows sites");
            return Err(Error::new(Kind::Refused, "hosting.no_site", message).on_field("connection_id"));
        }
        if let Some(channel) = self.channel_id {
            work.tx.load::<Channel>(channel).await?;
        }
        let known = work.tx.hosting().sites().await?;
        let same = |site: &&Site| site.connection_id == self.connection_id && site.showcase == self.showcase;
        let site = if let Some(site) = known.iter().find(same) {
            let mut site = work.tx.hold::<Site>(site.id).await?;
            site.keep(self.channel_id)?;
            work.tx.save(&mut site).await?;
            site
        } else {
            let site = Site::new(work.id(), self.connection_id, self.showcase, self.channel_id, work.now);
            work.tx.add(&site).await?;
            site
        };
        work.queue(JobKind::PublishSite, site.connection_id, site.id).await?;
        work.about(site.id);
        Ok(site)
    }
}

/// Look at a site now whether it is in step, instead of within a quarter of an hour.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishSite {
    /// The site.
    pub site_id: SiteId,
}

#[async_trait]
impl Command for PublishSite {
    const NAME: &'static str = "sites.publish";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Site;

    async fn run(self, work: &mut Work) -> Result<Site> {
        let mut site = work.tx.hold::<Site>(self.site_id).await?;
        // Somebody may have changed it over there: it is made anew, also when nothing changed here.
        site.digest = None;
        work.tx.save(&mut site).await?;
        work.queue(JobKind::PublishSite, site.connection_id, site.id).await?;
        work.about(site.id);
        Ok(site)
    }
}

/// Take all that is the shop's off a site, and leave it alone from then on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireSite {
    /// The site.
    pub site_id: SiteId,
}

#[async_trait]
impl Command for RetireSite {
    const NAME: &'static str = "sites.retire";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Site;

    async fn run(self, work: &mut Work) -> Result<Site> {
        let mut site = work.tx.hold::<Site>(self.site_id).await?;
        site.retire()?;
        work.tx.save(&mut site).await?;
        work.queue(JobKind::PublishSite, site.connection_id, site.id).await?;
        work.about(site.id);
        Ok(site)
    }
}

/// Look at a site.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSite {
    /// The site.
    pub site_id: SiteId,
}

#[async_trait]
impl Query for GetSite {
    const NAME: &'static str = "sites.get";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Site;

    async fn run(self, look: &mut Look) -> Result<Site> {
        look.tx.load::<Site>(self.site_id).await
    }
}

/// Look through the sites, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSites {}

#[async_trait]
impl Query for ListSites {
    const NAME: &'static str = "sites.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<Site>;

    async fn run(self, look: &mut Look) -> Result<Vec<Site>> {
        look.tx.hosting().sites().await
    }
}

impl Work {
    /// What a site shall show: what is live on its channel, each thing once; nothing when it is retired.
    pub(in crate::engine) async fn exhibits(&mut self, site: &Site) -> Result<Vec<Exhibit>> {
        let mut exhibits = Vec::new();
        if site.state == SiteState::Retired {
            return Ok(exhibits);
        }
        let filter = ListingFilter {
            channel_id: site.channel_id,
            state: Some(ListingState::Live),
            ..ListingFilter::default()
        };
        let mut page = PageRequest::first(200);
        loop {
            let found = self.tx.listings().find_listings(&filter, &page).await?;
            exhibits.extend(found.items.iter().filter_map(Exhibit::of));
            let Some(next) = found.next_cursor else { break };
            page.cursor = Some(next);
        }
        // The newest listing of a thing came first and stands for it.
        exhibits.sort_by(|one, other| one.key.cmp(&other.key));
        exhibits.dedup_by(|later, kept| later.key == kept.key);
        if exhibits.len() > MOST_EXHIBITS {
            let message = format!(
                "{} things are live, and a site shows {MOST_EXHIBITS} at most: name a channel",
                exhibits.len()
            );
            return Err(Error::new(Kind::Refused, "hosting.too_many", message));
        }
        Ok(exhibits)
    }
}

calls! {
    /// Sites that are kept in step.
    Sites by sites:
    /// Has one show what is sold.
    write keep: KeepSite;
    /// Looks at one now.
    write publish: PublishSite;
    /// Takes all off one.
    write retire: RetireSite;
    /// A site.
    read get: GetSite;
    /// All sites.
    read list: ListSites;
}
