//! Where it is offered: channels and listings.

use baddie_core::engine::listings::{
    ConnectChannel, CreateListing, EndListing, GetListing, GetOversellWindows, ListChannels, ListListings,
    PublishListing, ReceiveNotice, Relist, ReviseListing, SetFees, SyncChannel, UpdateChannel,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<ConnectChannel>(),
    write::<UpdateChannel>(),
    write::<SetFees>(),
    read::<ListChannels>(),
    write::<SyncChannel>(),
    write::<ReceiveNotice>(),
    read::<GetOversellWindows>(),
    write::<CreateListing>(),
    write::<PublishListing>(),
    write::<ReviseListing>(),
    write::<EndListing>(),
    write::<Relist>(),
    read::<GetListing>(),
    read::<ListListings>(),
];
