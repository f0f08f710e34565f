//! Accounts at services.

use baddie_core::engine::connections::{
    ConnectService, ConnectionHealth, DisconnectService, GetConnection, ListConnections, TestConnection,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<ListConnections>(),
    write::<ConnectService>(),
    read::<ConnectionHealth>(),
    read::<GetConnection>(),
    write::<TestConnection>(),
    write::<DisconnectService>(),
];
