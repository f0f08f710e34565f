//! A site at Webflow as a sales channel.

use async_trait::async_trait;
use baddie_core::ids::ListingId;
use baddie_core::listings::{
    Capabilities, Channel, ChannelError, ChannelRefund, EndReason, Observed, Offer, Pulled, SalesChannel,
    SentParcel,
};
use baddie_core::money::{Currency, Money};
use baddie_core::payments::{PaymentError, PaymentOutcome};
use serde_json::Value;

use super::calls::{self, ListItems, Page, Price, ProductChange, ProductInput, SkuInput};
use super::{Ground, Inventory, Items, MINUTE, Products, Settings, Sku, Stocked, Webflow};
use crate::http::{Cause, Failure, Repeat};

/// The longest name that Webflow takes.
const MAX_TITLE: u32 = 256;
/// The longest description that is read with ease; Webflow names no bound.
const MAX_DESCRIPTION: u32 = 10_000;

/// Where products are made ready, and where they are seen.
const STAGING: &str = "staging";
const LIVE: &str = "live";

#[async_trait]
impl SalesChannel for Webflow {
    fn capabilities(&self, _: &Value) -> Capabilities {
        Capabilities {
            multi_qty: true,
            zero_qty: true,
            look_up: true,
            webhooks: true,
            end: true,
            revise: true,
            offers: false,
            parcels: true,
            pictures: true,
            refunds: true,
            cancels: false,
            goods: false,
            max_title: MAX_TITLE,
            max_description: MAX_DESCRIPTION,
            // Sixty calls a minute are few: who works on two things at once waits for both.
            concurrency: 2,
        }
    }

    /// In three steps, the last of which shows it: the product out of sight, how many there are, and the live site. What is
    /// lost on the way is found by its name, and the steps are gone again. Until Webflow is told how many there are, it sells
    /// without end; so that comes before anybody sees it.
    async fn publish(&self, at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        let ground = self.stand(at).await?;
        let mut there = match self.find_by_key(offer.key, &ground).await.map_err(told)? {
            Some(there) => self.reword(there, offer, &ground, STAGING).await?,
            None => self.make(offer, &ground).await?,
        };
        let qty = self.keep_in_step(&there, offer, &ground).await?;
        // What somebody ended over there stays so.
        if !there.product.is_archived {
            let shown = ProductChange { is_draft: Some(false), ..ProductChange::default() };
            let update = calls::update_product(&ground.site, &there.product.id, LIVE, &shown);
            there.product = self.send(&update).await.map_err(told)?;
        }
        observed(&there, qty, &ground)
    }

    async fn revise(&self, at: &Channel, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError> {
        let ground = self.stand(at).await?;
        let mut there = self.find(external_id, &ground).await?;
        let qty = if there.product.is_archived {
            self.count(sku_in(&there)?, &ground).await?
        } else {
            there = self.reword(there, offer, &ground, LIVE).await?;
            self.keep_in_step(&there, offer, &ground).await?
        };
        observed(&there, qty, &ground)
    }

    /// Takes what is left away first: that stops the sale at once, wherever the product is still seen.
    async fn end(&self, at: &Channel, external_id: &str) -> Result<(), ChannelError> {
        let ground = self.ground(&Settings::of(at)?).await.map_err(told)?;
        let there = self.find(external_id, &ground).await?;
        for sku in &there.skus {
            let nothing = calls::set_inventory(&ground.skus, &sku.id, 0).repeat(Repeat::UnderItsKey);
            self.tell(&nothing).await.map_err(told)?;
        }
        let archived = ProductChange { is_archived: Some(true), ..ProductChange::default() };
        let update = calls::update_product(&ground.site, external_id, LIVE, &archived);
        self.tell(&update).await.map_err(told)
    }

    /// A product that is there and was never shown was not finished: it is published again.
    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        _: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        let ground = self.stand(at).await?;
        let found = self.find_by_key(key, &ground).await.map_err(told)?;
        match found.filter(|there| there.product.is_archived || is_shown(there)) {
            Some(there) => {
                let qty = self.count(sku_in(&there)?, &ground).await?;
                observed(&there, qty, &ground).map(Some)
            }
            None => Ok(None),
        }
    }

    async fn pull(&self, at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        self.orders_since(at, cursor).await
    }

    async fn tell_parcels(
        &self,
        at: &Channel,
        order: &str,
        parcels: &[SentParcel],
    ) -> Result<(), ChannelError> {
        self.fulfill(at, order, parcels).await
    }

    async fn refund(&self, at: &Channel, refund: &ChannelRefund) -> Result<PaymentOutcome, PaymentError> {
        self.give_back(at, refund).await
    }
}

impl Webflow {
    async fn stand(&self, at: &Channel) -> Result<Ground, ChannelError> {
        let ground = self.ground(&Settings::of(at)?).await.map_err(told)?;
        if ground.currency == at.currency {
            return Ok(ground);
        }
        let reason = format!("the site sells in {}, the channel in {}", ground.currency, at.currency);
        Err(ChannelError::Rejected { reason })
    }

    async fn find(&self, external_id: &str, ground: &Ground) -> Result<Stocked, ChannelError> {
        if !is_id(external_id) {
            return Err(ChannelError::NotThere);
        }
        self.send(&calls::get_product(&ground.site, external_id)).await.map_err(told)
    }

    /// The product that carries our name for the listing. Products are items of a collection too, and of those Webflow can
    /// be asked by the part of an address; where it does not tell of them there, all products are looked through.
    async fn find_by_key(&self, key: ListingId, ground: &Ground) -> Result<Option<Stocked>, Failure> {
        let slug = slug_of(key);
        let which = ListItems {
            page: Page { offset: 0, limit: 1 },
            slug: Some(slug.clone()),
            ..ListItems::default()
        };
        let items: Items = match self.send(&calls::list_items(&ground.products, &which)).await {
            Err(Failure {
                cause: Cause::NotFound | Cause::Permission | Cause::Validation { .. } | Cause::Conflict,
                ..
            }) => return self.look_through(&slug, ground).await,
            items => items?,
        };
        let ours =
            items.items.into_iter().find(|item| item.field_data.get("slug") == Some(&slug.clone().into()));
        let Some(item) = ours else { return Ok(None) };
        match self.send(&calls::get_product(&ground.site, &item.id)).await {
            Err(Failure { cause: Cause::NotFound, .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    async fn look_through(&self, slug: &str, ground: &Ground) -> Result<Option<Stocked>, Failure> {
        let mut page = Page::after(0);
        loop {
            let told: Products = self.send(&calls::list_products(&ground.site, page)).await?;
            let count = u32::try_from(told.items.len()).unwrap_or(u32::MAX);
            let ours = |there: &Stocked| there.product.field_data.slug.as_deref() == Some(slug);
            if let Some(there) = told.items.into_iter().find(ours) {
                return Ok(Some(there));
            }
            page.offset = page.offset.saturating_add(count);
            if count == 0 || told.pagination.total.is_none_or(|total| u64::from(page.offset) >= total) {
                return Ok(None);
            }
        }
    }

    /// Makes the product, seen by nobody yet. Where its part of an address turns out to be taken, it was made before.
    async fn make(&self, offer: &Offer, ground: &Ground) -> Result<Stocked, ChannelError> {
        let product =
            ProductInput { slug: Some(slug_of(offer.key)), shippable: Some(true), ..words_of(offer) };
        // Whatever was confirmed of another product before, this one shows nothing yet.
        let sku = sku_of(&Offer { shown: None, ..offer.clone() });
        let create = calls::create_product(&ground.site, STAGING, &product, &sku);
        match self.send::<Stocked>(&create).await {
            Err(failure)
                if !failure.may_have_happened
                    && matches!(failure.cause, Cause::Conflict | Cause::Validation { .. }) =>
            {
                let slug = slug_of(offer.key);
                let found = self.look_through(&slug, ground).await.map_err(told)?;
                self.reword(found.ok_or_else(|| told(failure))?, offer, ground, STAGING).await
            }
            made => made.map_err(told),
        }
    }

    /// Makes the words, the price and the picture those of the offer, where they differ. Webflow fetches a picture and keeps it
    /// under an address of its own, so it is told only when the last one that was confirmed was another. Further pictures,
    /// categories and SKUs that somebody added there stay as they are.
    async fn reword(
        &self,
        mut there: Stocked,
        offer: &Offer,
        ground: &Ground,
        publish: &str,
    ) -> Result<Stocked, ChannelError> {
        let (id, fields) = (there.product.id.clone(), &there.product.field_data);
        if fields.name.as_deref() != Some(&offer.title)
            || fields.description.as_deref().unwrap_or_default() != offer.description
        {
            let change = ProductChange { field_data: words_of(offer), ..ProductChange::default() };
            let update = calls::update_product(&ground.site, &id, publish, &change);
            there.product = self.send(&update).await.map_err(told)?;
        }
        let sku = there.skus.first_mut().ok_or(ChannelError::NotThere)?;
        let known = &sku.field_data;
        if price_of(sku, ground.currency) != Some(offer.price)
            || known.sku.as_deref() != Some(&offer.sku)
            || known.name.as_deref() != Some(&offer.title)
            || picture_of(offer).is_some()
        {
            let slug = known.slug.clone().unwrap_or_else(|| slug_of(offer.key));
            let kept = SkuInput { slug, ..sku_of(offer) };
            let update = calls::update_sku(&ground.site, &id, &sku.id, publish, &kept);
            *sku = self.send(&update).await.map_err(told)?;
        }
        Ok(there)
    }

    /// Makes the quantity that of the offer, unless it moved by itself since the channel was told the last one: then somebody
    /// bought, and what the engine counts with is old. Webflow cannot compare and set, so it is looked at just before. Answers
    /// how many there are then.
    async fn keep_in_step(
        &self,
        there: &Stocked,
        offer: &Offer,
        ground: &Ground,
    ) -> Result<Option<i64>, ChannelError> {
        let sku = sku_in(there)?;
        let counted = self.count(sku, ground).await?;
        match (offer.seen, counted) {
            (_, Some(qty)) if qty == offer.qty => return Ok(counted),
            (Some(seen), Some(qty)) if seen != qty => return Err(ChannelError::Moved { qty }),
            _ => {}
        }
        let set = calls::set_inventory(&ground.skus, &sku.id, offer.qty);
        self.send(&set).await.map(|inventory| counted_in(&inventory)).map_err(told)
    }

    /// How many Webflow has to sell; `None` where nobody counts.
    async fn count(&self, sku: &Sku, ground: &Ground) -> Result<Option<i64>, ChannelError> {
        let look = calls::get_inventory(&ground.skus, &sku.id);
        self.send(&look).await.map(|inventory| counted_in(&inventory)).map_err(told)
    }
}

fn counted_in(inventory: &Inventory) -> Option<i64> {
    (inventory.inventory_type != "infinite").then(|| inventory.quantity.unwrap_or_default().max(0))
}

fn observed(there: &Stocked, qty: Option<i64>, ground: &Ground) -> Result<Observed, ChannelError> {
    let slug = there.product.field_data.slug.as_ref();
    let url = ground.host.as_ref().zip(slug).map(|(host, slug)| format!("https://{host}/product/{slug}"));
    let price = price_of(sku_in(there)?, ground.currency).ok_or_else(|| ChannelError::Refused {
        reason: format!("the product has no price in {}", ground.currency),
    })?;
    Ok(Observed {
        external_id: there.product.id.clone(),
        url,
        // Where nobody counts it sells without end.
        qty: qty.unwrap_or(i64::from(u32::MAX)),
        price,
        ended: there.product.is_archived.then_some(EndReason::Channel),
    })
}

/// Our name for a listing, as a part of an address.
fn slug_of(key: ListingId) -> String {
    key.to_string().replace('_', "-")
}

fn words_of(offer: &Offer) -> ProductInput {
    ProductInput {
        name: Some(offer.title.clone()),
        description: Some(offer.description.clone()),
        ..ProductInput::default()
    }
}

fn sku_of(offer: &Offer) -> SkuInput {
    let currency = offer.price.currency().to_string();
    SkuInput {
        name: offer.title.clone(),
        slug: slug_of(offer.key),
        price: Price { value: offer.price.minor(), unit: currency.clone(), currency },
        sku: Some(offer.sku.clone()),
        main_image: picture_of(offer),
    }
}

/// The foremost picture, where it is not known to be shown already.
fn picture_of(offer: &Offer) -> Option<String> {
    let is_shown = offer.shown.as_ref() == Some(&offer.shows.hash());
    offer.shows.pictures.first().filter(|_| !is_shown).map(|picture| picture.url.clone())
}

/// Whether this can be a name of Webflow's; what cannot is not asked for.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether visitors see it.
fn is_shown(there: &Stocked) -> bool {
    there.product.last_published.is_some() && !there.product.is_draft
}

/// The SKU that the listing is: the first, which the product was made with.
fn sku_in(there: &Stocked) -> Result<&Sku, ChannelError> {
    there.skus.first().ok_or(ChannelError::NotThere)
}

fn price_of(sku: &Sku, currency: Currency) -> Option<Money> {
    let price = sku.field_data.price.as_ref().filter(|price| price.unit == currency.as_str())?;
    Some(Money::new(price.value, currency))
}

/// A failure in the engine's words.
pub(super) fn told(failure: Failure) -> ChannelError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => ChannelError::Unknown { reason },
        Cause::RateLimited { retry_after } => {
            ChannelError::RateLimited { wait: retry_after.unwrap_or(MINUTE) }
        }
        Cause::NotFound => ChannelError::NotThere,
        Cause::Validation { .. } => ChannelError::Rejected { reason },
        Cause::Conflict | Cause::Declined { .. } => ChannelError::Refused { reason },
        // A token that is withdrawn or may too little is somebody's to mend; until then the site waits.
        Cause::Auth | Cause::Permission | Cause::Unavailable | Cause::Timeout | Cause::Protocol => {
            ChannelError::Unavailable { reason }
        }
    }
}
