//! Where it is offered: channels and listings.

use baddie_core::engine::arming::{Arm, Disarm};
use baddie_core::engine::listings::{
    ConnectChannel, CreateListing, DraftListing, EndListing, GetListing, GetOversellWindows, GetSyncRun,
    GetText, ListChannels, ListListings, ListTexts, PublishListing, ReceiveNotice, Relist, ReviseListing,
    SetFees, SyncChannel, TakeOverChannel, UpdateChannel, WriteListing,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<ConnectChannel>(),
    write::<UpdateChannel>(),
    write::<SetFees>(),
    read::<ListChannels>(),
    write::<SyncChannel>(),
    write::<TakeOverChannel>(),
    read::<GetSyncRun>(),
    write::<ReceiveNotice>(),
    write::<Disarm>(),
    write::<Arm>(),
    read::<GetOversellWindows>(),
    write::<CreateListing>(),
    write::<PublishListing>(),
    write::<ReviseListing>(),
    write::<EndListing>(),
    write::<Relist>(),
    read::<DraftListing>(),
    write::<WriteListing>(),
    read::<GetText>(),
    read::<ListTexts>(),
    read::<GetListing>(),
    read::<ListListings>(),
];
