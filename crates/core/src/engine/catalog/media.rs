//! Pictures of products.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, check_text};
use crate::catalog::{Media, Product};
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{MediaId, ProductId};

/// Attach a picture or film to a product. The bytes live elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachMedia {
    /// The product.
    pub product_id: ProductId,
    /// SHA-256 of the bytes, in hex.
    pub content_hash: String,
    /// Where the bytes can be had. Channels that show pictures fetch them there.
    #[serde(default)]
    pub url: Option<String>,
    /// Its place among the product's media, lowest first.
    #[serde(default)]
    pub sort: i64,
    /// What it shows, in words.
    pub alt: String,
}

#[async_trait]
impl Command for AttachMedia {
    const NAME: &'static str = "media.attach";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Media;

    async fn run(self, work: &mut Work) -> Result<Media> {
        check_text("alt", &self.alt, 500)?;
        let hash = &self.content_hash;
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            let remedy = "give the SHA-256 of the bytes as 64 lower-case hex digits";
            return Err(Error::invalid("content_hash", format!("{hash:?}"), remedy));
        }
        let product = work.tx.load::<Product>(self.product_id).await?;
        let media = Media {
            id: work.id(),
            product_id: product.id,
            content_hash: self.content_hash,
            url: self.url,
            sort: self.sort,
            alt: self.alt,
        };
        work.tx.add(&media).await?;
        work.show_anew(product.id).await?;
        work.about(media.id);
        Ok(media)
    }
}

/// Detach a picture or film from its product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetachMedia {
    /// The medium.
    pub media_id: MediaId,
}

#[async_trait]
impl Command for DetachMedia {
    const NAME: &'static str = "media.detach";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Media;

    async fn run(self, work: &mut Work) -> Result<Media> {
        let media = work.tx.load::<Media>(self.media_id).await?;
        work.tx.catalog().remove_media(media.id).await?;
        work.show_anew(media.product_id).await?;
        work.about(media.id);
        Ok(media)
    }
}

/// Look through a product's pictures and films.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMedia {
    /// The product.
    pub product_id: ProductId,
}

#[async_trait]
impl Query for ListMedia {
    const NAME: &'static str = "media.list";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Vec<Media>;

    async fn run(self, look: &mut Look) -> Result<Vec<Media>> {
        let mut media = look.tx.parts::<Media>(self.product_id).await?;
        media.sort_by_key(|one| (one.sort, one.id));
        Ok(media)
    }
}
