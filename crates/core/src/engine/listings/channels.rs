//! Connections to channels.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, check_text};
use crate::clock::Date;
use crate::connections::Connection;
use crate::engine::accounts::expect_version;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::ChannelId;
use crate::listings::{Channel, ChannelStatus, FeeRule, FeeSchedule, connection_in};
use crate::money::Currency;
use crate::outbox::JobKind;

/// Connect a channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectChannel {
    /// What the shop calls it.
    pub name: String,
    /// Which adapter speaks to it.
    pub kind: String,
    /// The shop's account there.
    #[serde(default)]
    pub external_account: String,
    /// The currency of its prices; the shop's when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Where its secret is kept; never the secret. For a channel at a service, such as `shopify`, the id of the connection;
    /// when absent, the only one there is.
    #[serde(default)]
    pub secret_ref: Option<String>,
    /// Units of each variant kept back from it.
    #[serde(default)]
    pub buffer_qty: i64,
    /// What its adapter needs to know.
    #[serde(default)]
    pub settings: serde_json::Value,
    /// What it charges.
    #[serde(default)]
    pub fees: Vec<FeeRule>,
}

#[async_trait]
impl Command for ConnectChannel {
    const NAME: &'static str = "channels.connect";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        check_text("name", &self.name, 100)?;
        if !(0..=1_000_000).contains(&self.buffer_qty) {
            return Err(Error::invalid("buffer_qty", self.buffer_qty, "choose 0 to 1,000,000"));
        }
        let (secret_ref, external_account) = self.account(work).await?;
        let connection = connection_in(secret_ref.as_deref());
        let capabilities = work.market_at(connection, &self.kind).await?.capabilities(&self.settings);
        let channel = Channel {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            external_account,
            currency: match self.currency {
                Some(currency) => currency,
                None => work.shop().await?.currency,
            },
            secret_ref,
            capabilities,
            buffer_qty: self.buffer_qty,
            settings: self.settings,
            status: ChannelStatus::Active,
            cursor: None,
            synced_at: None,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&channel).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                let message = format!("a channel called {:?} exists: choose another name", channel.name);
                return Error::new(Kind::Conflict, "channels.duplicate", message);
            }
            error
        })?;
        if !self.fees.is_empty() {
            work.add_fees(&channel, self.fees, None).await?;
        }
        work.about(channel.id);
        Ok(channel)
    }
}

impl ConnectChannel {
    /// Where the secret is kept, and whose account it opens: of a channel at a service that is its connection, and the
    /// account there.
    async fn account(&self, work: &mut Work) -> Result<(Option<String>, String)> {
        let mut secret_ref = self.secret_ref.clone();
        if secret_ref.is_none() && work.engine.service(&self.kind).is_ok() {
            let only = work.only_open(&self.kind, "secret_ref").await?.ok_or_else(|| {
                let message = format!("no account at {} is open: connect one first", self.kind);
                Error::new(Kind::Refused, "channels.not_connected", message).on_field("kind")
            })?;
            secret_ref = Some(only.to_string());
        }
        let account = match connection_in(secret_ref.as_deref()) {
            Some(id) => work.tx.load::<Connection>(id).await?.account.unwrap_or_default(),
            None => self.external_account.clone(),
        };
        Ok((secret_ref, account))
    }
}

impl Work {
    async fn add_fees(
        &mut self,
        channel: &Channel,
        rules: Vec<FeeRule>,
        from: Option<Date>,
    ) -> Result<FeeSchedule> {
        let effective_from = match from {
            Some(day) => day,
            None => self.today().await?,
        };
        let schedule = FeeSchedule { id: self.id(), channel_id: channel.id, effective_from, rules };
        schedule.check(channel)?;
        self.tx.add(&schedule).await?;
        Ok(schedule)
    }
}

/// Change how a channel is worked with. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateChannel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Whether it is worked with.
    #[serde(default)]
    pub status: Option<ChannelStatus>,
    /// Units of each variant kept back from it.
    #[serde(default)]
    pub buffer_qty: Option<i64>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateChannel {
    const NAME: &'static str = "channels.update";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        let mut channel = work.tx.load::<Channel>(self.channel_id).await?;
        expect_version(self.expected_version, &channel)?;
        channel.status = self.status.unwrap_or(channel.status);
        if let Some(buffer) = self.buffer_qty {
            if !(0..=1_000_000).contains(&buffer) {
                return Err(Error::invalid("buffer_qty", buffer, "choose 0 to 1,000,000"));
            }
            channel.buffer_qty = buffer;
        }
        work.tx.save(&mut channel).await?;
        work.about(channel.id);
        Ok(channel)
    }
}

/// Say what a channel charges from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFees {
    /// The channel.
    pub channel_id: ChannelId,
    /// The first day it applies; today when absent.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// The fees.
    pub rules: Vec<FeeRule>,
}

#[async_trait]
impl Command for SetFees {
    const NAME: &'static str = "channels.set_fees";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = FeeSchedule;

    async fn run(self, work: &mut Work) -> Result<FeeSchedule> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        work.about(channel.id);
        work.add_fees(&channel, self.rules, self.effective_from).await
    }
}

/// Look through the channels.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChannels {}

#[async_trait]
impl Query for ListChannels {
    const NAME: &'static str = "channels.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<Channel>;

    async fn run(self, look: &mut Look) -> Result<Vec<Channel>> {
        look.tx.listings().channels().await
    }
}

/// Ask a channel what happened there, now instead of when its turn comes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

#[async_trait]
impl Command for SyncChannel {
    const NAME: &'static str = "channels.sync";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        work.queue(JobKind::Pull, channel.id, channel.id).await?;
        work.about(channel.id);
        Ok(channel)
    }
}
