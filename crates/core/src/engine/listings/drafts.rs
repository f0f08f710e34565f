//! Listings as a model would write them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::{Attributes, Item, ItemStatus, Product, Variant};
use crate::engine::{Look, Query};
use crate::error::Result;
use crate::ids::VariantId;
use crate::listings::{Facts, ListingDraft, Text};

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
        let variant = look.tx.load::<Variant>(self.variant_id).await?;
        let product = look.tx.load::<Product>(variant.product_id).await?;
        let items = look.tx.parts::<Item>(variant.id).await?;
        let item = items.into_iter().rev().find(|item| item.status == ItemStatus::InStock);
        let mut attributes = product.attributes;
        attributes.extend(variant.options);
        attributes.extend(self.attributes);
        let facts = Facts {
            name: product.title,
            brand: product.brand,
            condition: item.as_ref().map(|item| item.condition),
            condition_notes: item.map(|item| item.condition_notes).unwrap_or_default(),
            attributes,
        };
        let text = self.title.map(|title| Text {
            title,
            description: self.description.unwrap_or_default(),
            tags: self.tags,
            claims: Vec::new(),
        });
        model.draft(&facts, self.rules.as_deref().unwrap_or("manual"), text)
    }
}
