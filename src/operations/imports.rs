//! Taking in what was kept elsewhere, and giving out what an import takes back.

use baddie_core::engine::imports::{
    BeginImport, ExportOrders, ExportProducts, ExportSales, ExportStock, FinishImport, ImportOrders,
    ImportProducts, ImportSales, ImportStock,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<BeginImport>(),
    write::<ImportProducts>(),
    write::<ImportStock>(),
    write::<ImportSales>(),
    write::<ImportOrders>(),
    write::<FinishImport>(),
    read::<ExportProducts>(),
    read::<ExportStock>(),
    read::<ExportSales>(),
    read::<ExportOrders>(),
];
