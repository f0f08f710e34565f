//! Domains, their records, and what runs on machines of others.

use baddie_core::engine::hosting::{
    BuyDomain, ClearRecords, Deploy, GetDeployment, ListDomains, ListRecords, ListSnapshots, OfferDomains,
    PrepareDeployment, ReadLogs, RestoreZone, RollBack, SetRecords,
};

use super::{Operation, away};

pub(super) static OPERATIONS: &[Operation] = &[
    away::<ListDomains>(),
    away::<OfferDomains>(),
    away::<BuyDomain>(),
    away::<ListRecords>(),
    away::<SetRecords>(),
    away::<ClearRecords>(),
    away::<ListSnapshots>(),
    away::<RestoreZone>(),
    away::<PrepareDeployment>(),
    away::<Deploy>(),
    away::<GetDeployment>(),
    away::<ReadLogs>(),
    away::<RollBack>(),
];
