//! Who is told what happens.

use baddie_core::engine::webhooks::{
    CreateEndpoint, GetEndpoint, ListDeliveries, ListEndpoints, ReplayDelivery, ReplayFailed, RotateSecret,
    UpdateEndpoint,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<ListEndpoints>(),
    write::<CreateEndpoint>(),
    read::<GetEndpoint>(),
    write::<UpdateEndpoint>(),
    write::<RotateSecret>(),
    read::<ListDeliveries>(),
    write::<ReplayDelivery>(),
    write::<ReplayFailed>(),
];
