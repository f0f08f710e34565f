//! Sites, domains, their records, and what runs on machines of others.

use baddie_core::engine::hosting::{
    BuyDomain, ClearRecords, Deploy, GetDeployment, GetSite, KeepSite, ListDomains, ListRecords, ListSites,
    ListSnapshots, LookAtCertificate, OfferDomains, PrepareDeployment, PublishSite, ReadLogs, RestoreZone,
    RetireSite, RollBack, SetRecords,
};

use super::{Operation, away, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    read::<ListSites>(),
    write::<KeepSite>(),
    read::<GetSite>(),
    write::<PublishSite>(),
    write::<RetireSite>(),
    away::<ListDomains>(),
    away::<OfferDomains>(),
    away::<BuyDomain>(),
    away::<LookAtCertificate>(),
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
