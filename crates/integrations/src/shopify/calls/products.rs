use serde::Serialize;
use serde_json::json;

use super::{Ask, document};
use crate::shopify::Ground;

/// Which product is meant: exactly one of the three.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Which {
    /// By Shopify's name for it.
    Id(String),
    /// By the end of its address.
    Handle(String),
    /// By a name that somebody else gave it.
    CustomId(CustomId),
}

/// A name that somebody else gave: a metafield of the type `id`, of which Shopify sees to it that no two things share it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomId {
    /// Who gave it.
    pub namespace: String,
    /// What kind of name it is.
    pub key: String,
    /// The name.
    pub value: String,
}

/// A product. What is `None` stays as it is; a list takes the place of the whole list that was there.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductInput {
    /// Shopify's name for it, where [`update_product`] changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description, in HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description_html: Option<String>,
    /// The end of its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// The shop's own word for what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_type: Option<String>,
    /// What it is in Shopify's taxonomy: `gid://shopify/TaxonomyCategory/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// `ACTIVE`, `ARCHIVED`, `DRAFT` or `UNLISTED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// In what its variants differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_options: Option<Vec<OptionInput>>,
    /// Its variants; only [`set_product`] takes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<VariantInput>>,
    /// Its pictures; only [`set_product`] takes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileInput>>,
    /// Names and notes of other programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metafields: Option<Vec<MetafieldInput>>,
}

/// Something in which variants differ.
#[derive(Debug, Clone, Serialize)]
pub struct OptionInput {
    /// `Size`; `Title` where there is one variant.
    pub name: String,
    /// Its values.
    pub values: Vec<OptionValueName>,
}

/// A value of an option.
#[derive(Debug, Clone, Serialize)]
pub struct OptionValueName {
    /// `Small`; `Default Title` where there is one variant.
    pub name: String,
}

/// A variant.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantInput {
    /// Shopify's name for it, when it is there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How it differs from the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option_values: Option<Vec<OptionValue>>,
    /// What it costs, as decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// What it cost before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_at_price: Option<String>,
    /// Its barcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// `DENY`: when there is none left, none is sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_policy: Option<&'static str>,
    /// The thing that lies on the shelf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_item: Option<InventoryItemInput>,
    /// How many there are, where; only [`set_product`] takes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_quantities: Option<Vec<QuantityInput>>,
}

/// How a variant differs from the others.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionValue {
    /// In what.
    pub option_name: String,
    /// How.
    pub name: String,
}

/// The thing that lies on the shelf.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InventoryItemInput {
    /// The SKU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Whether it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracked: Option<bool>,
    /// What it cost to buy, as decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
}

/// How many there are at one place.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuantityInput {
    /// Where.
    pub location_id: String,
    /// `available` or `on_hand`.
    pub name: &'static str,
    /// How many.
    pub quantity: i64,
}

/// A picture or another file.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileInput {
    /// Shopify's name for it, when it is there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// From where Shopify fetches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_source: Option<String>,
    /// What is to be seen on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// `IMAGE`, `VIDEO` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<&'static str>,
}

/// A note of another program.
#[derive(Debug, Clone, Serialize)]
pub struct MetafieldInput {
    /// Whose.
    pub namespace: String,
    /// What about.
    pub key: String,
    /// Its type, such as `id`.
    pub r#type: &'static str,
    /// The note.
    pub value: String,
}

/// Makes a product, or makes the one that is meant equal to this. Without `synchronous` Shopify answers before it is done,
/// with an operation to look at.
pub fn set_product(which: &Which, product: &ProductInput, ground: &Ground, synchronous: bool) -> Ask {
    Ask::set(document!("product_set"))
        .with("identifier", which)
        .with("input", product)
        .with("synchronous", synchronous)
        .with("location", &ground.location)
        .with("publication", &ground.publication)
}

/// Looks at how far a product is that is being set.
pub fn product_operation(id: &str) -> Ask {
    Ask::look(document!("product_operation")).with("id", id)
}

/// Looks at a product.
pub fn find_product(which: &Which, ground: &Ground) -> Ask {
    Ask::look(document!("product_by_identifier"))
        .with("identifier", which)
        .with("location", &ground.location)
        .with("publication", &ground.publication)
}

/// Looks at a variant, with its product.
pub fn find_variant(id: &str, ground: &Ground) -> Ask {
    Ask::look(document!("variant_by_id"))
        .with("id", id)
        .with("location", &ground.location)
        .with("publication", &ground.publication)
}

/// Lists products, the longest unchanged first; `query` as Shopify's search has it.
pub fn products(after: Option<&str>, query: Option<&str>) -> Ask {
    Ask::look(document!("products")).with("after", after).with("query", query)
}

/// Changes what a product says, without its variants.
pub fn update_product(product: &ProductInput) -> Ask {
    Ask::set(document!("product_update")).with("product", product)
}

/// Adds variants to a product; the one that stands for none goes when there are others.
pub fn add_variants(product: &str, variants: &[VariantInput]) -> Ask {
    Ask::once(document!("product_variants_bulk_create"))
        .with("productId", product)
        .with("variants", variants)
        .with("strategy", "REMOVE_STANDALONE_VARIANT")
}

/// Changes variants of a product: all of them, or none when one is refused.
pub fn change_variants(product: &str, variants: &[VariantInput]) -> Ask {
    Ask::set(document!("product_variants_bulk_update"))
        .with("productId", product)
        .with("variants", variants)
        .with("allowPartialUpdates", false)
}

/// Removes variants of a product.
pub fn remove_variants(product: &str, variants: &[String]) -> Ask {
    Ask::set(document!("product_variants_bulk_delete"))
        .with("productId", product)
        .with("variantsIds", variants)
}

/// Shows a product in these places.
pub fn publish(product: &str, publications: &[String]) -> Ask {
    let input: Vec<_> = publications.iter().map(|id| json!({ "publicationId": id })).collect();
    Ask::set(document!("publishable_publish")).with("id", product).with("input", input)
}

/// Says that products have a name by this namespace and key that no two of them share.
pub fn define_key(namespace: &str, key: &str, title: &str) -> Ask {
    Ask::set(document!("metafield_definition_create")).with(
        "definition",
        json!({ "namespace": namespace, "key": key, "name": title, "type": "id", "ownerType": "PRODUCT" }),
    )
}

/// Adds files, which Shopify fetches by itself.
pub fn add_files(files: &[FileInput]) -> Ask {
    Ask::once(document!("file_create")).with("files", files)
}

/// Changes what is said of files.
pub fn change_files(files: &[FileInput]) -> Ask {
    Ask::set(document!("file_update")).with("files", files)
}
