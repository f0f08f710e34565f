//! Where it lies and how much of it is there.

use baddie_core::engine::inventory::{
    AdjustStock, CreateLocation, HoldStock, ListAlerts, ListLevels, ListLocations, ListMoves, ReleaseHold,
    TransferStock,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<CreateLocation>(),
    read::<ListLocations>(),
    write::<AdjustStock>(),
    write::<TransferStock>(),
    write::<HoldStock>(),
    write::<ReleaseHold>(),
    read::<ListLevels>(),
    read::<ListMoves>(),
    read::<ListAlerts>(),
];
