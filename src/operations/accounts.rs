//! The shop, its members and their keys.

use baddie_core::engine::accounts::{
    AddMember, CreateKey, GetShop, ListKeys, ListMembers, RevokeKey, UpdateMember, UpdateShop,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<GetShop>(),
    write::<UpdateShop>(),
    write::<AddMember>(),
    write::<UpdateMember>(),
    read::<ListMembers>(),
    write::<CreateKey>(),
    write::<RevokeKey>(),
    read::<ListKeys>(),
];
