//! Listings as a model would write them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::{Attributes, Item, ItemStatus, Product, Variant};
use crate::engine::{Command, Look, Query, Work};
use crate::error::Result;
use crate::ids::{TextId, VariantId};
use crate::listings::{Facts, ListingDraft, ListingText, Text, TextState};
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::storage::Tx;

/// Whose limits are kept where no channel is named: a shop of one's own.
const OWN: &str = "manual";

/// The connection that asking the hosted model counts as, among the worker's jobs.
const HOSTED: &str = "texts";

/// Ask for a listing's title, description and tags, written from what is known of a variant, within a channel's limits.
///
/// A text that is given is examined instead of written: what it claims must be known, too.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftListing {
    /// The variant.
    pub variant_id: VariantId,
    /// Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's own when absent.
    #[serde(default)]
    pub rules: Option<String>,
    /// Facts beyond those of the catalogue.
    #[serde(default)]
    pub attributes: Attributes,
    /// A title to examine.
    #[serde(default)]
    pub title: Option<String>,
    /// A description to examine; with a title only.
    #[serde(default)]
    pub description: Option<String>,
    /// Tags to examine; with a title only.
    #[serde(default)]
    pub tags: Vec<String>,
}

#[async_trait]
impl Query for DraftListing {
    const NAME: &'static str = "listings.draft";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = ListingDraft;

    async fn run(self, look: &mut Look) -> Result<ListingDraft> {
        let model = look.listing_model()?;
        let facts = facts_of(&mut *look.tx, self.variant_id, self.attributes).await?;
        let text = self.title.map(|title| Text {
            title,
            description: self.description.unwrap_or_default(),
            tags: self.tags,
            claims: Vec::new(),
        });
        model.draft(&facts, self.rules.as_deref().unwrap_or(OWN), text)
    }
}

/// Have a listing's title, description and tags written by the hosted model, the shop's own where it has connected one, from
/// what is known of a variant and within a channel's limits. It is asked afterwards: look at the text again. Where there is no
/// such model, or it writes nothing that may be said, or its budget is used up, the engine's own writer writes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteListing {
    /// The variant.
    pub variant_id: VariantId,
    /// Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's own when absent.
    #[serde(default)]
    pub rules: Option<String>,
    /// Facts beyond those of the catalogue.
    #[serde(default)]
    pub attributes: Attributes,
}

#[async_trait]
impl Command for WriteListing {
    const NAME: &'static str = "listings.write";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = ListingText;

    async fn run(self, work: &mut Work) -> Result<ListingText> {
        let own = work.engine.listing_model()?.clone();
        let facts = facts_of(&mut *work.tx, self.variant_id, self.attributes.clone()).await?;
        let rules = self.rules.unwrap_or_else(|| OWN.to_owned());
        let draft = own.draft(&facts, &rules, None)?;
        let mut text = ListingText {
            id: work.id(),
            variant_id: self.variant_id,
            rules,
            attributes: self.attributes,
            state: TextState::Asked,
            draft: None,
            problem: None,
            tokens: 0,
            version: 1,
            created_at: work.now,
        };
        if work.text_model().await?.is_some() {
            work.queue(JobKind::Write, HOSTED, text.id).await?;
        } else {
            text.written(draft, None)?;
        }
        work.tx.add(&text).await?;
        work.about(text.id);
        Ok(text)
    }
}

/// Look at a text that was asked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetText {
    /// The text.
    pub text_id: TextId,
}

#[async_trait]
impl Query for GetText {
    const NAME: &'static str = "listings.text";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = ListingText;

    async fn run(self, look: &mut Look) -> Result<ListingText> {
        look.tx.load::<ListingText>(self.text_id).await
    }
}

/// Look through the texts that were asked for, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListTexts {
    /// Those of this variant only.
    #[serde(default)]
    pub variant_id: Option<VariantId>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListTexts {
    const NAME: &'static str = "listings.texts";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Page<ListingText>;

    async fn run(self, look: &mut Look) -> Result<Page<ListingText>> {
        look.tx.listings().texts(self.variant_id, &self.page).await
    }
}

/// What may be said of a variant: what the catalogue knows of it and of the newest of its things in stock, and what else
/// its owner says.
pub(in crate::engine) async fn facts_of(tx: &mut Tx, id: VariantId, more: Attributes) -> Result<Facts> {
    let variant = tx.load::<Variant>(id).await?;
    let product = tx.load::<Product>(variant.product_id).await?;
    let items = tx.parts::<Item>(variant.id).await?;
    let item = items.into_iter().rev().find(|item| item.status == ItemStatus::InStock);
    let mut attributes = product.attributes;
    attributes.extend(variant.options);
    attributes.extend(more);
    Ok(Facts {
        name: product.title,
        brand: product.brand,
        condition: item.as_ref().map(|item| item.condition),
        condition_notes: item.map(|item| item.condition_notes).unwrap_or_default(),
        attributes,
    })
}
