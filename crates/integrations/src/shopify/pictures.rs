//! What a product shows beside its words: pictures, who made it, what it is in Shopify's taxonomy.
//!
//! Shopify fetches pictures and keeps them under addresses of its own, by which they are not known again. So the product
//! carries a note of what it was last shown with; pictures are given anew when that is something else, and only then.

use baddie_core::listings::{ChannelError, Offer, Presentation};
use serde_json::Value;

use super::calls::{self, FileInput, MetafieldInput, ProductInput, Which};
use super::channel::told;
use super::ground::{NAMESPACE, SHOWN};
use super::{Ground, Product, Shopify};

/// Where Shopify's taxonomy is.
const TAXONOMY: &str = "gid://shopify/TaxonomyCategory/";

impl Shopify {
    /// Makes what the product shows that of the offer, where it was last shown with something else; says whether it was.
    /// A list of files takes the place of the one that was there, so where there are none of ours it is not touched.
    pub(super) async fn show(
        &self,
        product: &Product,
        offer: &Offer,
        ground: &Ground,
    ) -> Result<bool, ChannelError> {
        let last = product.shown.as_ref().map(|note| note.value.as_str());
        if offer.shows == Presentation::default() || last == Some(&offer.shows.hash()) {
            return Ok(false);
        }
        if !offer.shows.pictures.is_empty() {
            let input = ProductInput { files: Some(files(&offer.shows)), ..ProductInput::default() };
            let set = calls::set_product(&Which::Id(product.id.clone()), &input, ground, true);
            self.ask::<Value>(&set).await.map_err(told)?;
        }
        // The note comes last: what is lost before it is shown again.
        let id = Some(product.id.clone());
        let input = ProductInput { id, metafields: Some(vec![note(&offer.shows)]), ..named(&offer.shows) };
        self.ask::<Value>(&calls::update_product(&input)).await.map_err(told)?;
        Ok(true)
    }
}

/// Who made it and what it is. A category that is none of Shopify's taxonomy is the shop's own word for it.
pub(super) fn named(shows: &Presentation) -> ProductInput {
    let known = shows.category.as_deref().and_then(in_taxonomy);
    ProductInput {
        vendor: shows.brand.clone(),
        product_type: shows.category.clone().filter(|_| known.is_none()),
        category: known,
        ..ProductInput::default()
    }
}

/// The pictures, for Shopify to fetch.
pub(super) fn files(shows: &Presentation) -> Vec<FileInput> {
    let file = |picture: &baddie_core::listings::Picture| FileInput {
        original_source: Some(picture.url.clone()),
        alt: Some(picture.alt.clone()),
        content_type: Some("IMAGE"),
        ..FileInput::default()
    };
    shows.pictures.iter().map(file).collect()
}

/// Our note of what it is shown with.
pub(super) fn note(shows: &Presentation) -> MetafieldInput {
    MetafieldInput {
        namespace: NAMESPACE.into(),
        key: SHOWN.into(),
        r#type: "single_line_text_field",
        value: shows.hash(),
    }
}

/// Shopify's name for a category that is given by its code in the open taxonomy, such as `aa-1-13-8`, or by that name.
fn in_taxonomy(category: &str) -> Option<String> {
    let code = category.strip_prefix(TAXONOMY).unwrap_or(category);
    let mut parts = code.split('-');
    let vertical =
        parts.next().is_some_and(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase()));
    let numbers = parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    (vertical && numbers).then(|| format!("{TAXONOMY}{code}"))
}

#[cfg(test)]
mod tests {
    use super::in_taxonomy;

    #[test]
    fn a_code_of_the_taxonomy_is_told_from_a_word() {
        for code in ["aa-1-13-8", "hg", "gid://shopify/TaxonomyCategory/aa-1-13-8"] {
            assert!(
                in_taxonomy(code).is_some_and(|id| id.starts_with("gid://shopify/TaxonomyCategory/")),
                "{code}"
            );
        }
        for word in ["", "Mugs", "Home & Garden > Mugs", "aa-", "aa--1", "aaa-1", "gid://shopify/Product/1"] {
            assert_eq!(in_taxonomy(word), None, "{word}");
        }
    }
}
