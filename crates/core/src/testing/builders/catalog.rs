use std::collections::BTreeMap;

use super::{at, day, id, int, pence, samples, whole, words};
use crate::catalog::{
    BundleComponent, Condition, Item, ItemStatus, Media, Product, ProductStatus, Variant, VariantKind,
};
use crate::inventory::Location;

samples! {
    Product on [] |id, n, full| Product {
        id,
        title: words("product", n),
        brand: full.then(|| words("brand", n)),
        category: full.then(|| words("category", n)),
        description: words("description", n),
        attributes: if full { BTreeMap::from([(words("name", n), words("value", n))]) } else { BTreeMap::new() },
        status: if full { ProductStatus::Active } else { ProductStatus::Archived },
        version: 1,
        created_at: at(n, 1),
        updated_at: at(n, 2),
    };
    Variant on [Product] named |id, n, full| Variant {
        id,
        product_id: whole(n),
        sku: format!("SKU-{n}"),
        options: if full { BTreeMap::from([("size".into(), words("size", n))]) } else { BTreeMap::new() },
        gtin: full.then(|| format!("{n:013}")),
        kind: if full { VariantKind::Stocked } else { VariantKind::Unique },
        price: full.then(|| pence(n, 1)),
        weight_g: full.then(|| int(n, 2)),
        dims_mm: full.then(|| [int(n, 3), int(n, 4), int(n, 5)]),
        tax_code: full.then(|| words("tax", n)),
        scale: i64::from(full) * 3,
        backorder_limit: int(n, 6),
        safety_stock: int(n, 7),
        version: 1,
        created_at: at(n, 8),
    };
    BundleComponent on [Variant] named |part, n, full| BundleComponent {
        id: part,
        bundle_id: whole(n),
        variant_id: id(n),
        qty: int(n, 1),
    };
    Media on [Product] |id, n, full| Media {
        id,
        product_id: whole(n),
        content_hash: format!("{n:064x}"),
        url: full.then(|| format!("https://pictures.example/{n}?a=b&c")),
        sort: int(n, 1),
        alt: words("picture", n),
    };
    Item on [Variant, Location] named |item, n, full| Item {
        id: item,
        variant_id: id(n),
        condition: if full { Condition::LikeNew } else { Condition::ForParts },
        condition_notes: words("notes", n),
        grade: full.then(|| "VG+".into()),
        serial: full.then(|| format!("serial {n}")),
        unit_cost: pence(n, 1),
        acquisition_line_id: full.then(|| id(n)),
        location_id: whole(n),
        bin: full.then(|| words("bin", n)),
        acquired_on: day(n, 2),
        status: if full { ItemStatus::InStock } else { ItemStatus::WrittenOff },
        version: 1,
    };
}
