//! Listings at their channels: published, revised, ended, compared.

use std::sync::Arc;
use std::time::Duration;

use super::{Engine, Work};
use crate::catalog::{Media, Product, Variant};
use crate::error::Result;
use crate::ids::{ChannelId, EntityId, ListingId, ShopId};
use crate::listings::{
    Channel, ChannelError, ChannelStatus, Desired, EndReason, Listing, ListingState, Observed, Offer,
    Picture, Presentation, SalesChannel, offer_of,
};
use crate::outbox::{Job, JobKind, MAX_ATTEMPTS, Outcome};

/// What is to be said to the channel.
enum Call {
    Publish(Offer),
    Revise { external_id: String, offer: Offer },
    End { external_id: String },
    LookUp { known_as: Option<String> },
}

/// What the channel said.
enum Answer {
    Shows(Observed),
    Ended,
    Found(Option<Observed>),
}

/// What the listing asks for.
enum Plan {
    Say(Box<Call>),
    Over(Outcome),
}

/// The same, with whom to say it to.
enum Step {
    Say(Box<Channel>, Arc<dyn SalesChannel>, Box<Call>),
    Over(Outcome),
}

/// How often a quantity that moved at its channel may be told by nobody: a channel's orders come a little after its
/// quantities. After that somebody has counted anew there, and what the shop knows goes before it.
const UNTOLD: i64 = 3;
/// How long is waited for what moved it to be told.
const TELLING: Duration = Duration::from_secs(5);

impl Engine {
    pub(super) async fn do_listing(&self, shop: ShopId, job: &mut Job) -> Result<Outcome> {
        let id = ListingId::parse(&job.subject)?;
        // A lost answer is looked up first, and what moved a quantity is heard first; what comes of it decides whether
        // anything is left to be said.
        for _ in 0..3 {
            let (channel, port, call) = match self.next_step(shop, id, job).await? {
                Step::Say(channel, port, call) => (channel, port, call),
                Step::Over(outcome) => return Ok(outcome),
            };
            let looked_up = matches!(*call, Call::LookUp { .. });
            let answer = match &*call {
                Call::Publish(offer) => port.publish(&channel, offer).await.map(Answer::Shows),
                Call::Revise { external_id, offer } => {
                    port.revise(&channel, external_id, offer).await.map(Answer::Shows)
                }
                Call::End { external_id } => port.end(&channel, external_id).await.map(|()| Answer::Ended),
                Call::LookUp { known_as } => {
                    port.look_up(&channel, id, known_as.as_deref()).await.map(Answer::Found)
                }
            };
            if let Err(ChannelError::Moved { qty }) = answer {
                match self.hear_first(shop, channel.id, id, job, qty).await? {
                    Outcome::Done => continue,
                    outcome => return Ok(outcome),
                }
            }
            let outcome = self.take_answer(shop, id, job, &call, answer).await?;
            if !looked_up || outcome != Outcome::Done || job.kind == JobKind::Reconcile {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Again { error: "looked up; to be done next".into(), wait: None })
    }

    /// Hears what moved the quantity of a listing at its channel, before anything is said to it.
    async fn hear_first(
        &self,
        shop: ShopId,
        channel: ChannelId,
        id: ListingId,
        job: &Job,
        qty: i64,
    ) -> Result<Outcome> {
        let (outcome, told) = self.pull(shop, channel).await?;
        if outcome != Outcome::Done {
            return Ok(outcome);
        }
        if told == 0 && job.attempts < UNTOLD {
            let error = format!("the channel has {qty} by now, and does not tell why yet");
            return Ok(Outcome::Again { error, wait: Some(TELLING) });
        }
        let mut work = self.work(shop).await?;
        let mut listing = work.tx.load::<Listing>(id).await?;
        listing.published_qty = qty;
        work.tx.save(&mut listing).await?;
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }

    /// Decides, in one transaction, what is to be said next.
    async fn next_step(&self, shop: ShopId, id: ListingId, job: &mut Job) -> Result<Step> {
        let mut work = self.work(shop).await?;
        let Some(mut listing) = work.tx.find::<Listing>(id).await? else {
            return Ok(Step::Over(Outcome::Moot));
        };
        let channel = work.tx.load::<Channel>(listing.channel_id).await?;
        if channel.status != ChannelStatus::Active {
            let error = format!("the channel {} is {}", channel.name, channel.status);
            return Ok(Step::Over(Outcome::Again { error, wait: Some(Duration::from_mins(1)) }));
        }
        // A publishing that nobody is at was cut off: it may have reached the channel.
        if listing.state == ListingState::Publishing {
            listing.step(ListingState::Unknown)?;
            work.tx.save(&mut listing).await?;
        }
        let port = work.market(&channel).await?;
        let plan = match job.kind {
            _ if listing.state == ListingState::Unknown => Plan::Say(Box::new(looking(&listing))),
            JobKind::Publish => work.plan_publish(&mut listing, &channel).await?,
            JobKind::End => work.plan_end(&mut listing).await?,
            JobKind::Reconcile if listing.is_out() => Plan::Say(Box::new(looking(&listing))),
            _ => work.plan_revise(&mut listing, &channel).await?,
        };
        if matches!(&plan, Plan::Say(call) if !matches!(**call, Call::LookUp { .. })) {
            Engine::dispatched(&mut work, job).await?;
        }
        work.tx.commit().await?;
        Ok(match plan {
            Plan::Say(call) => Step::Say(Box::new(channel), port, call),
            Plan::Over(outcome) => Step::Over(outcome),
        })
    }

    /// Notes, in a transaction of its own, what came of it.
    async fn take_answer(
        &self,
        shop: ShopId,
        id: ListingId,
        job: &mut Job,
        call: &Call,
        answer: Result<Answer, ChannelError>,
    ) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let mut listing = work.tx.load::<Listing>(id).await?;
        let outcome = match answer {
            Ok(Answer::Shows(observed)) => work.shown(&mut listing, &observed, call).await?,
            Ok(Answer::Ended) => work.gone(&mut listing, EndReason::Seller).await?,
            Ok(Answer::Found(found)) => work.found(&mut listing, found).await?,
            Err(error) => work.failed(&mut listing, job, call, error).await?,
        };
        work.tx.commit().await?;
        Ok(outcome)
    }
}

/// A look at how a listing stands.
fn looking(listing: &Listing) -> Call {
    Call::LookUp { known_as: listing.external_id.clone() }
}

impl Work {
    async fn plan_publish(&mut self, listing: &mut Listing, channel: &Channel) -> Result<Plan> {
        if listing.state != ListingState::Ready {
            return Ok(Plan::Over(Outcome::Moot));
        }
        if listing.desired == Desired::Unlisted {
            self.gone(listing, EndReason::Seller).await?;
            return Ok(Plan::Over(Outcome::Moot));
        }
        let qty = self.offered_qty(listing, channel).await?;
        if qty == 0 {
            listing.last_error = Some("nothing can be had: restock, then publish again".into());
            self.tx.save(listing).await?;
            return Ok(Plan::Over(Outcome::Moot));
        }
        listing.step(ListingState::Publishing)?;
        self.tx.save(listing).await?;
        let offer = self.offer(listing, channel, qty).await?;
        Ok(Plan::Say(Box::new(Call::Publish(offer))))
    }

    async fn plan_end(&mut self, listing: &mut Listing) -> Result<Plan> {
        match (listing.state, listing.external_id.clone()) {
            (ListingState::Ended, _) => Ok(Plan::Over(Outcome::Moot)),
            (state, Some(external_id)) if listing.is_out() => {
                if state != ListingState::Ending {
                    listing.step(ListingState::Ending)?;
                    self.tx.save(listing).await?;
                }
                Ok(Plan::Say(Box::new(Call::End { external_id })))
            }
            _ => {
                self.gone(listing, EndReason::Seller).await?;
                Ok(Plan::Over(Outcome::Done))
            }
        }
    }

    async fn plan_revise(&mut self, listing: &mut Listing, channel: &Channel) -> Result<Plan> {
        let live = matches!(listing.state, ListingState::Live | ListingState::Paused);
        let (true, Some(external_id)) = (live, listing.external_id.clone()) else {
            return Ok(Plan::Over(Outcome::Moot));
        };
        let qty = self.offered_qty(listing, channel).await?;
        if qty == listing.published_qty && self.shows_all(listing, channel).await? {
            return Ok(Plan::Over(Outcome::Done));
        }
        if qty == 0 && !channel.capabilities.zero_qty {
            // A channel that cannot show an empty listing must take it down.
            let job = self.take_down(listing, None, EndReason::Stock).await?;
            self.tx.outbox().queue(&Vec::from_iter(job)).await?;
            return Ok(Plan::Over(Outcome::Done));
        }
        let offer = self.offer(listing, channel, qty).await?;
        Ok(Plan::Say(Box::new(Call::Revise { external_id, offer })))
    }

    async fn offer(&mut self, listing: &Listing, channel: &Channel, qty: i64) -> Result<Offer> {
        let variant = self.tx.load::<Variant>(listing.variant_id).await?;
        let shows = self.presentation(&variant, channel).await?;
        Ok(offer_of(listing, &variant.sku, qty, shows))
    }

    /// What there is to show of a variant beside its words, where the channel shows it.
    async fn presentation(&mut self, variant: &Variant, channel: &Channel) -> Result<Presentation> {
        if !channel.capabilities.pictures {
            return Ok(Presentation::default());
        }
        let product = self.tx.load::<Product>(variant.product_id).await?;
        let mut media = self.tx.parts::<Media>(product.id).await?;
        media.sort_by_key(|one| (one.sort, one.id));
        let pictures = media.into_iter().filter_map(|one| Some(Picture { url: one.url?, alt: one.alt }));
        Ok(Presentation { brand: product.brand, category: product.category, pictures: pictures.collect() })
    }

    /// Whether the channel confirmed the words and the price as they are wanted now, and what is shown beside them.
    async fn shows_all(&mut self, listing: &Listing, channel: &Channel) -> Result<bool> {
        if listing.observed_hash.as_ref() != Some(&listing.desired_hash) {
            return Ok(false);
        }
        if !channel.capabilities.pictures {
            return Ok(true);
        }
        let variant = self.tx.load::<Variant>(listing.variant_id).await?;
        Ok(listing.shown_hash == Some(self.presentation(&variant, channel).await?.hash()))
    }

    async fn shown(&mut self, listing: &mut Listing, observed: &Observed, call: &Call) -> Result<Outcome> {
        if matches!(listing.state, ListingState::Ending | ListingState::Ended | ListingState::NeedsAttention)
        {
            return Ok(Outcome::Done);
        }
        if let Some(reason) = observed.ended {
            return self.gone(listing, reason).await;
        }
        listing.confirm(&observed.external_id, observed.url.as_deref(), observed.qty, self.now)?;
        if let Call::Publish(offer) | Call::Revise { offer, .. } = call {
            let hash = crate::listings::content_hash(&offer.title, &offer.description, offer.price);
            listing.observed_hash = Some(hash);
            listing.shown_hash = Some(offer.shows.hash());
        }
        self.tx.save(listing).await?;
        self.follow_up(listing).await?;
        Ok(Outcome::Done)
    }

    /// What changed while the call was under way is done next.
    async fn follow_up(&mut self, listing: &Listing) -> Result<()> {
        if listing.desired == Desired::Unlisted {
            return self.queue(JobKind::End, listing.channel_id, listing.id).await;
        }
        let channel = self.tx.load::<Channel>(listing.channel_id).await?;
        let qty = self.offered_qty(listing, &channel).await?;
        if qty != listing.published_qty || !self.shows_all(listing, &channel).await? {
            self.queue(JobKind::Revise, listing.channel_id, listing.id).await?;
        }
        Ok(())
    }

    async fn gone(&mut self, listing: &mut Listing, reason: EndReason) -> Result<Outcome> {
        if listing.is_open() {
            listing.end(reason, self.now)?;
            self.tx.save(listing).await?;
            let told = serde_json::json!({"channel": listing.channel_id, "reason": listing.end_reason});
            self.emit("listing.ended", listing.id, &told).await?;
        }
        Ok(Outcome::Done)
    }

    /// What a look at the channel showed.
    async fn found(&mut self, listing: &mut Listing, found: Option<Observed>) -> Result<Outcome> {
        match found {
            None if listing.state == ListingState::Unknown => {
                listing.step(ListingState::Ready)?;
                if listing.desired == Desired::Unlisted {
                    return self.gone(listing, EndReason::Seller).await;
                }
                self.tx.save(listing).await?;
                Ok(Outcome::Done)
            }
            None => self.gone(listing, EndReason::Channel).await,
            Some(seen) if seen.ended.is_some() => {
                self.gone(listing, seen.ended.unwrap_or(EndReason::Channel)).await
            }
            Some(seen) => {
                let settled = matches!(listing.state, ListingState::Ending | ListingState::NeedsAttention);
                if settled {
                    listing.reconciled_at = Some(self.now);
                    self.tx.save(listing).await?;
                    self.queue(JobKind::End, listing.channel_id, listing.id).await?;
                    return Ok(Outcome::Done);
                }
                let healed = seen.price == listing.price;
                listing.confirm(&seen.external_id, seen.url.as_deref(), seen.qty, self.now)?;
                if !healed {
                    listing.observed_hash = None;
                }
                self.tx.save(listing).await?;
                self.follow_up(listing).await?;
                Ok(Outcome::Done)
            }
        }
    }

    async fn failed(
        &mut self,
        listing: &mut Listing,
        job: &Job,
        call: &Call,
        error: ChannelError,
    ) -> Result<Outcome> {
        let text = error.to_string();
        listing.last_error = Some(text.clone());
        let (outcome, certain) = match error {
            ChannelError::NotThere if !matches!(call, Call::Publish(_)) => {
                return self.gone(listing, EndReason::Channel).await;
            }
            ChannelError::Rejected { .. }
            | ChannelError::Refused { .. }
            | ChannelError::Moved { .. }
            | ChannelError::NotThere => (Outcome::Hopeless { error: text }, true),
            ChannelError::RateLimited { wait } => (Outcome::Again { error: text, wait: Some(wait) }, true),
            ChannelError::Unavailable { .. } => (Outcome::Again { error: text, wait: None }, true),
            ChannelError::Unknown { .. } => (Outcome::Unknown { error: text }, false),
        };
        let hopeless = matches!(outcome, Outcome::Hopeless { .. });
        match call {
            Call::Publish(_) if listing.state == ListingState::Publishing => {
                if hopeless {
                    listing.step(ListingState::Rejected)?;
                } else {
                    listing.step(ListingState::Unknown)?;
                    if certain {
                        listing.step(ListingState::Ready)?;
                    }
                }
            }
            Call::End { .. }
                if listing.state == ListingState::Ending && (hopeless || job.attempts >= MAX_ATTEMPTS) =>
            {
                listing.step(ListingState::NeedsAttention)?;
                let told = serde_json::json!({"channel": listing.channel_id, "error": listing.last_error});
                self.emit("listing.needs_attention", listing.id, &told).await?;
            }
            _ => {}
        }
        self.tx.save(listing).await?;
        Ok(outcome)
    }
}
