//! What is sold: products, variants, one-of-a-kind items, media.

use baddie_core::engine::catalog::{
    AddVariant, AttachMedia, CreateItem, CreateProduct, DetachMedia, GetItem, GetProduct, ListItems,
    ListMedia, ListProducts, UpdateItem, UpdateProduct, UpdateVariant,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<CreateProduct>(),
    write::<UpdateProduct>(),
    read::<GetProduct>(),
    read::<ListProducts>(),
    write::<AddVariant>(),
    write::<UpdateVariant>(),
    write::<CreateItem>(),
    write::<UpdateItem>(),
    read::<GetItem>(),
    read::<ListItems>(),
    write::<AttachMedia>(),
    write::<DetachMedia>(),
    read::<ListMedia>(),
];
