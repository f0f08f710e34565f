use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{AcquisitionLineId, ComponentId, ItemId, LocationId, MediaId, ProductId, VariantId};
use crate::money::Money;

/// Facts about a product, by name: `{"colour": "red"}`.
pub type Attributes = BTreeMap<String, String>;

words! {
    /// Whether a product is for sale.
    pub enum ProductStatus {
        /// Being described.
        Draft "draft",
        /// For sale.
        Active "active",
        /// Put away; kept for the history.
        Archived "archived",
    }

    /// How a variant's stock is thought of.
    pub enum VariantKind {
        /// One physical thing with its own condition and price.
        Unique "unique",
        /// Any number of equal things.
        Stocked "stocked",
        /// Made of other variants; has no stock of its own.
        Bundle "bundle",
    }

    /// The condition of a one-of-a-kind thing.
    pub enum Condition {
        /// New, with tags or sealed.
        New "new",
        /// Unused, opened.
        LikeNew "like_new",
        /// Used, hardly to be seen.
        VeryGood "very_good",
        /// Used.
        Good "good",
        /// Well used, works.
        Acceptable "acceptable",
        /// For parts or repair.
        ForParts "for_parts",
    }
}

states! {
    /// Where a one-of-a-kind thing is in its life.
    pub enum ItemStatus of "item" {
        /// Here, for sale.
        InStock "in_stock" => [Reserved, WrittenOff],
        /// Promised to somebody.
        Reserved "reserved" => [InStock, Sold],
        /// Sent to its buyer.
        Sold "sold" => [InStock, WrittenOff],
        /// Lost, broken or given away.
        WrittenOff "written_off" => [],
    }
}

/// Something a shop sells, in one or more variants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    /// Its identity.
    pub id: ProductId,
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub brand: Option<String>,
    /// Where it stands in a taxonomy, as a path.
    pub category: Option<String>,
    /// What there is to say about it.
    pub description: String,
    /// Facts about it.
    pub attributes: Attributes,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
}
entity!(Product, ProductId, "product", versioned);

/// A variant of a product: what stock, prices and orders are about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Its identity.
    pub id: VariantId,
    /// The product it is a variant of.
    pub product_id: ProductId,
    /// The shop's own name for it; unique in the shop.
    pub sku: String,
    /// What sets it apart from its sisters: `{"size": "M"}`.
    pub options: Attributes,
    /// Its global trade item number.
    pub gtin: Option<String>,
    /// How its stock is thought of.
    pub kind: VariantKind,
    /// What it costs where no listing says otherwise.
    pub price: Option<Money>,
    /// Its weight in grams.
    pub weight_g: Option<i64>,
    /// Length, width and height in millimetres.
    pub dims_mm: Option<[i64; 3]>,
    /// What the tax office calls it.
    pub tax_code: Option<String>,
    /// Decimals of its unit of measure: 0 for pieces, 3 for grams counted in kilograms.
    pub scale: i64,
    /// How many may be promised beyond what is here.
    pub backorder_limit: i64,
    /// How many are kept from the channels.
    pub safety_stock: i64,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(Variant, VariantId, "variant", versioned, part of ProductId = product_id);

/// That a bundle holds so many of a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BundleComponent {
    /// Its identity.
    pub id: ComponentId,
    /// The bundle.
    pub bundle_id: VariantId,
    /// What it holds.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
}
entity!(BundleComponent, ComponentId, "bundle_component", part of VariantId = bundle_id);

/// A picture or film of a product. The bytes live elsewhere, named by their hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Media {
    /// Its identity.
    pub id: MediaId,
    /// The product it shows.
    pub product_id: ProductId,
    /// SHA-256 of the bytes, in hex.
    pub content_hash: String,
    /// Where the bytes can be had.
    pub url: Option<String>,
    /// Its place among the product's media, lowest first.
    pub sort: i64,
    /// What it shows, in words.
    pub alt: String,
}
entity!(Media, MediaId, "media", part of ProductId = product_id);

/// One physical thing; a unique variant has exactly one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Its identity.
    pub id: ItemId,
    /// The variant it is the only one of.
    pub variant_id: VariantId,
    /// Its condition.
    pub condition: Condition,
    /// What a buyer should know about the condition.
    pub condition_notes: String,
    /// A grade in the words of its trade, like `VG+`.
    pub grade: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// What it cost, with its share of everything paid to get it.
    pub unit_cost: Money,
    /// The line of the haul it came with.
    pub acquisition_line_id: Option<AcquisitionLineId>,
    /// Where it lies.
    pub location_id: LocationId,
    /// The shelf or box.
    pub bin: Option<String>,
    /// Since when it is the shop's.
    pub acquired_on: Date,
    /// Where it is in its life.
    pub status: ItemStatus,
    /// Counts its edits.
    pub version: i64,
}
entity!(Item, ItemId, "item", versioned, part of VariantId = variant_id);
