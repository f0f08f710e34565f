//! A shop at Shopify as a sales channel.

use async_trait::async_trait;
use baddie_core::ids::{ListingId, hex};
use baddie_core::listings::{
    Capabilities, Channel, ChannelError, ChannelRefund, EndReason, GoodsPart, Observed, Offer, Presentation,
    Pulled, SalesChannel, SentParcel,
};
use baddie_core::money::Money;
use baddie_core::payments::{PaymentError, PaymentOutcome};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::calls::{
    self, CustomId, InventoryItemInput, MetafieldInput, OptionInput, OptionValue, OptionValueName,
    ProductInput, Quantity, QuantityInput, VariantInput, Which,
};
use super::ground::{KEY, NAMESPACE};
use super::plain::plain;
use super::wire::{Alone, ProductSet};
use super::{Ground, Level, Product, Settings, Shopify, Variant, pictures};
use crate::http::{Cause, Failure};

/// The longest title that Shopify takes.
const MAX_TITLE: u32 = 255;
/// The longest description that is read with ease; Shopify itself takes half a million bytes of HTML.
const MAX_DESCRIPTION: u32 = 60_000;

#[async_trait]
impl SalesChannel for Shopify {
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
            cancels: true,
            goods: true,
            max_title: MAX_TITLE,
            max_description: MAX_DESCRIPTION,
            concurrency: 4,
        }
    }

    /// In three steps, the last of which shows it: the product with nothing to sell, how many there are, and the online
    /// store. Whatever is lost on the way, the steps can be gone again: nothing that was sold meanwhile is offered twice.
    async fn publish(&self, at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        let ground = self.stand(at).await?;
        let set = calls::set_product(&ours(offer.key), &product_of(offer, &ground), &ground, true);
        let set: ProductSet = self.ask(&set).await.map_err(told)?;
        let product = set.product.ok_or_else(|| unfinished("Shopify tells of no product"))?;
        self.keep_in_step(&product, offer, &ground).await?;
        let publish = calls::publish(&product.id, std::slice::from_ref(&ground.publication));
        self.ask::<Value>(&publish).await.map_err(told)?;
        observed(&self.find(&product.id, &ground).await?, &product.id, offer, &ground)
    }

    async fn revise(&self, at: &Channel, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError> {
        let ground = self.stand(at).await?;
        let mut product = self.find(external_id, &ground).await?;
        if !is_ended(&product) {
            let mut changed = self.reword(&product, external_id, offer, &ground).await?;
            if !is_variant(external_id) {
                changed |= self.show(&product, offer, &ground).await?;
            }
            if self.keep_in_step(&product, offer, &ground).await? || changed {
                product = self.find(external_id, &ground).await?;
            }
        }
        observed(&product, external_id, offer, &ground)
    }

    /// A product is archived. Of a variant that has sisters nothing is left, because they are sold on.
    async fn end(&self, at: &Channel, external_id: &str) -> Result<(), ChannelError> {
        if is_variant(external_id) {
            return self.empty(at, external_id).await;
        }
        if !is_product(external_id) {
            return Err(ChannelError::NotThere);
        }
        let id = Some(external_id.to_owned());
        let archived = ProductInput { id, status: Some("ARCHIVED"), ..ProductInput::default() };
        self.ask::<Value>(&calls::update_product(&archived)).await.map(drop).map_err(told)
    }

    /// A product that is there and not shown was not finished: it is published again.
    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        known_as: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        let ground = self.stand(at).await?;
        if let Some(known) = known_as {
            return match self.find(known, &ground).await {
                Ok(product) => seen(&product, known, product.variants.first(), &ground).map(Some),
                Err(ChannelError::NotThere) => Ok(None),
                Err(error) => Err(error),
            };
        }
        let found: Option<Product> =
            self.ask(&calls::find_product(&ours(key), &ground)).await.map_err(told)?;
        let finished = found.filter(|product| is_ended(product) || product.published_on_publication);
        finished.map(|product| seen(&product, &product.id, product.variants.first(), &ground)).transpose()
    }

    async fn pull(&self, at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        self.orders_since(at, cursor).await
    }

    async fn tell_parcels(
        &self,
        _: &Channel,
        order: &str,
        parcels: &[SentParcel],
    ) -> Result<(), ChannelError> {
        self.fulfill(order, parcels).await
    }

    async fn call_off(&self, _: &Channel, order: &str) -> Result<(), ChannelError> {
        self.cancel(order).await
    }

    async fn refund(&self, _: &Channel, refund: &ChannelRefund) -> Result<PaymentOutcome, PaymentError> {
        self.give_back(refund).await
    }

    async fn goods(&self, at: &Channel, cursor: Option<&str>) -> Result<GoodsPart, ChannelError> {
        self.offered(at, cursor).await
    }
}

impl Shopify {
    pub(super) async fn stand(&self, at: &Channel) -> Result<Ground, ChannelError> {
        let ground = self.ground(&Settings::of(at)?).await.map_err(told)?;
        if ground.currency == at.currency {
            return Ok(ground);
        }
        let reason =
            format!("the shop {} sells in {}, the channel in {}", self.shop, ground.currency, at.currency);
        Err(ChannelError::Rejected { reason })
    }

    async fn find(&self, external_id: &str, ground: &Ground) -> Result<Product, ChannelError> {
        if is_variant(external_id) {
            let found: Option<Alone> =
                self.ask(&calls::find_variant(external_id, ground)).await.map_err(told)?;
            return found.map(Product::from).ok_or(ChannelError::NotThere);
        }
        if !is_product(external_id) {
            return Err(ChannelError::NotThere);
        }
        let which = Which::Id(external_id.to_owned());
        let found: Option<Product> = self.ask(&calls::find_product(&which, ground)).await.map_err(told)?;
        found.ok_or(ChannelError::NotThere)
    }

    /// Takes away what is left of a variant.
    async fn empty(&self, at: &Channel, variant: &str) -> Result<(), ChannelError> {
        let ground = self.stand(at).await?;
        for _ in 0..3 {
            let product = self.find(variant, &ground).await?;
            let Some(there) = product.variants.first() else { return Err(ChannelError::NotThere) };
            let Some(level) = &there.inventory_item.inventory_level else { return Ok(()) };
            let left = level.available();
            if left <= 0 {
                return Ok(());
            }
            let quantity = Quantity {
                inventory_item_id: there.inventory_item.id.clone(),
                location_id: ground.location.clone(),
                quantity: 0,
                change_from_quantity: Some(left),
            };
            let key = key_of(&format!("{variant} {} {left} 0", level.updated_at));
            match self.ask::<Value>(&calls::set_quantities(&key, "baddie://listings", &[quantity])).await {
                Ok(_) => return Ok(()),
                // Somebody bought one of them: what is left now goes.
                Err(Failure { cause: Cause::Conflict, may_have_happened: false, .. }) => {}
                Err(failure) => return Err(told(failure)),
            }
        }
        Err(ChannelError::Unavailable { reason: "its quantity does not stand still".into() })
    }

    /// Makes the words and the price those of the offer, where they differ; says whether they did. Other variants, pictures
    /// and notes that somebody added there stay as they are; so do words in HTML of somebody's that read the same, and those
    /// that a variant shares with its sisters.
    async fn reword(
        &self,
        product: &Product,
        external_id: &str,
        offer: &Offer,
        ground: &Ground,
    ) -> Result<bool, ChannelError> {
        let words = html(&offer.description);
        let reads = plain(&product.description_html) == plain(&words);
        let worded = !is_variant(external_id) && (product.title != offer.title || !reads);
        if worded {
            let update = ProductInput {
                id: Some(product.id.clone()),
                title: Some(offer.title.clone()),
                description_html: Some(words),
                ..ProductInput::default()
            };
            self.ask::<Value>(&calls::update_product(&update)).await.map_err(told)?;
        }
        let variant = variant_of(product, offer)?;
        let priced = price_of(variant, ground)? != offer.price || variant.sku.as_deref() != Some(&offer.sku);
        if priced {
            let change = VariantInput {
                id: Some(variant.id.clone()),
                price: Some(offer.price.to_decimal()),
                inventory_item: Some(counted(&offer.sku)),
                ..VariantInput::default()
            };
            self.ask::<Value>(&calls::change_variants(&product.id, &[change])).await.map_err(told)?;
        }
        Ok(worded || priced)
    }

    /// Makes the quantity that of the offer, unless it moved by itself since the channel was told the last one: then
    /// somebody bought, and what the engine counts with is old. Says whether it was another.
    async fn keep_in_step(
        &self,
        product: &Product,
        offer: &Offer,
        ground: &Ground,
    ) -> Result<bool, ChannelError> {
        let variant = variant_of(product, offer)?;
        let level = variant.inventory_item.inventory_level.as_ref();
        let Some(level) = level else { return Err(uncounted(ground)) };
        let there = level.available();
        if there == offer.qty {
            return Ok(false);
        }
        if offer.seen.is_some_and(|seen| seen != there) {
            return Err(ChannelError::Moved { qty: there.max(0) });
        }
        let quantity = Quantity {
            inventory_item_id: variant.inventory_item.id.clone(),
            location_id: ground.location.clone(),
            quantity: offer.qty,
            change_from_quantity: Some(there),
        };
        let document = format!("baddie://listings/{}", offer.key);
        // One key for one change: from what there is, as of when it last changed, to what there shall be. The same
        // change made again another day has another key.
        let key = key_of(&format!("{} {} {there} {}", offer.key, level.updated_at, offer.qty));
        let set = calls::set_quantities(&key, &document, &[quantity]);
        match self.ask::<Value>(&set).await {
            Ok(_) => Ok(true),
            Err(Failure { cause: Cause::Conflict, may_have_happened: false, .. }) => {
                let now = self.find(&variant.id, ground).await?;
                let level = variant_of(&now, offer)?.inventory_item.inventory_level.as_ref();
                Err(ChannelError::Moved { qty: level.map_or(0, Level::available).max(0) })
            }
            Err(failure) => Err(told(failure)),
        }
    }
}

/// The product that carries our name for the listing.
fn ours(key: ListingId) -> Which {
    Which::CustomId(CustomId { namespace: NAMESPACE.into(), key: KEY.into(), value: key.to_string() })
}

/// A product with one variant, and nothing of it to sell yet.
fn product_of(offer: &Offer, ground: &Ground) -> ProductInput {
    let default = || "Default Title".to_owned();
    let nothing = QuantityInput { location_id: ground.location.clone(), name: "available", quantity: 0 };
    let variant = VariantInput {
        option_values: Some(vec![OptionValue { option_name: "Title".into(), name: default() }]),
        price: Some(offer.price.to_decimal()),
        inventory_policy: Some("DENY"),
        inventory_item: Some(counted(&offer.sku)),
        inventory_quantities: Some(vec![nothing]),
        ..VariantInput::default()
    };
    let mut metafields = vec![MetafieldInput {
        namespace: NAMESPACE.into(),
        key: KEY.into(),
        r#type: "id",
        value: offer.key.to_string(),
    }];
    if offer.shows != Presentation::default() {
        metafields.push(pictures::note(&offer.shows));
    }
    let files = pictures::files(&offer.shows);
    ProductInput {
        title: Some(offer.title.clone()),
        description_html: Some(html(&offer.description)),
        status: Some("ACTIVE"),
        files: (!files.is_empty()).then_some(files),
        product_options: Some(vec![OptionInput {
            name: "Title".into(),
            values: vec![OptionValueName { name: default() }],
        }]),
        variants: Some(vec![variant]),
        metafields: Some(metafields),
        ..pictures::named(&offer.shows)
    }
}

fn counted(sku: &str) -> InventoryItemInput {
    InventoryItemInput { sku: Some(sku.to_owned()), tracked: Some(true), cost: None }
}

/// The key of a change.
fn key_of(change: &str) -> String {
    hex(&digest(&SHA256, change.as_bytes()).as_ref()[..16])
}

/// A description in HTML: what means something there is written out, and lines stay lines.
fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' => html.push_str("<br>\n"),
            other => html.push(other),
        }
    }
    html
}

/// Whether this can be a product's name; what cannot is not asked for.
pub(super) fn is_product(id: &str) -> bool {
    let number = id.strip_prefix("gid://shopify/Product/").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this can be the name of a variant that has sisters.
fn is_variant(id: &str) -> bool {
    let number = id.strip_prefix("gid://shopify/ProductVariant/").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether nobody can buy it any longer. What is `UNLISTED` can be bought by who knows its address.
fn is_ended(product: &Product) -> bool {
    matches!(product.status.as_str(), "ARCHIVED" | "DRAFT")
}

/// The variant that the listing is: the one with its SKU where somebody added others, otherwise the only one.
fn variant_of<'a>(product: &'a Product, offer: &Offer) -> Result<&'a Variant, ChannelError> {
    let own = product.variants.iter().find(|variant| variant.sku.as_deref() == Some(&offer.sku));
    own.or(product.variants.first()).ok_or(ChannelError::NotThere)
}

fn price_of(variant: &Variant, ground: &Ground) -> Result<Money, ChannelError> {
    ground.currency.parse_amount(&variant.price).map_err(|error| unfinished(&error.to_string()))
}

fn observed(
    product: &Product,
    external_id: &str,
    offer: &Offer,
    ground: &Ground,
) -> Result<Observed, ChannelError> {
    seen(product, external_id, Some(variant_of(product, offer)?), ground)
}

fn seen(
    product: &Product,
    external_id: &str,
    variant: Option<&Variant>,
    ground: &Ground,
) -> Result<Observed, ChannelError> {
    let variant = variant.ok_or(ChannelError::NotThere)?;
    Ok(Observed {
        external_id: external_id.to_owned(),
        url: product.online_store_url.clone(),
        qty: variant.inventory_item.inventory_level.as_ref().map_or(0, Level::available).max(0),
        price: price_of(variant, ground)?,
        ended: is_ended(product).then_some(EndReason::Channel),
    })
}

fn uncounted(ground: &Ground) -> ChannelError {
    let reason =
        format!("the product is not stocked at {}: stock it there, or end the listing", ground.location);
    ChannelError::Refused { reason }
}

/// An answer that makes no sense: it may have happened all the same.
fn unfinished(reason: &str) -> ChannelError {
    ChannelError::Unknown { reason: reason.to_owned() }
}

/// A failure in the engine's words.
pub(super) fn told(failure: Failure) -> ChannelError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => ChannelError::Unknown { reason },
        Cause::RateLimited { retry_after } => {
            ChannelError::RateLimited { wait: retry_after.unwrap_or_default() }
        }
        Cause::NotFound => ChannelError::NotThere,
        Cause::Validation { .. } => ChannelError::Rejected { reason },
        Cause::Conflict | Cause::Declined { .. } => ChannelError::Refused { reason },
        // A token that is withdrawn or may too little is somebody's to mend; until then the shop waits.
        Cause::Auth | Cause::Permission | Cause::Unavailable | Cause::Timeout | Cause::Protocol => {
            ChannelError::Unavailable { reason }
        }
    }
}
