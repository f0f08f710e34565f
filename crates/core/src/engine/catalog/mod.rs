//! Describing what is sold.

mod items;
mod look;
mod media;
mod products;

pub use self::items::*;
pub use self::look::*;
pub use self::media::*;
pub use self::products::*;

use super::command::calls;

calls! {
    /// What is sold.
    Catalog by catalog:
    /// Describes a product.
    write create_product: CreateProduct;
    /// Changes a product's description.
    write update_product: UpdateProduct;
    /// Adds a variant.
    write add_variant: AddVariant;
    /// Changes a variant.
    write update_variant: UpdateVariant;
    /// Takes in a one-of-a-kind thing.
    write create_item: CreateItem;
    /// Changes what is said of a one-of-a-kind thing.
    write update_item: UpdateItem;
    /// Attaches a picture.
    write attach_media: AttachMedia;
    /// Detaches a picture.
    write detach_media: DetachMedia;
    /// A product with variants, stock and offers.
    read product: GetProduct;
    /// A page of products.
    read products: ListProducts;
    /// A one-of-a-kind thing.
    read item: GetItem;
    /// A page of one-of-a-kind things.
    read items: ListItems;
    /// A product's pictures.
    read media: ListMedia;
}
