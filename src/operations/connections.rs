//! Accounts at services.

use baddie_core::engine::connections::{
    Authorise, Authorised, ConnectService, ConnectionHealth, DisconnectService, GetConnection,
    ListConnections, TestConnection,
};

use super::{Operation, away, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<ListConnections>(),
    write::<ConnectService>(),
    write::<Authorise>(),
    away::<Authorised>(),
    read::<ConnectionHealth>(),
    read::<GetConnection>(),
    write::<TestConnection>(),
    write::<DisconnectService>(),
];
