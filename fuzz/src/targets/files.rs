//! Files to be imported.

use std::fs;

use baddie::accounts::Shop;
use baddie::journal::ImportKind;
use baddie_server::cli::import::look_through;

use super::{seeds, text};
use crate::Target;

const SHOP: &str = r#"{"id":"shp_01ke70ehg0e00b0nr0m9xgpgn4","name":"Corner shop","currency":"GBP",
    "time_zone":"Europe/London","rounding":"half_up","version":1,"created_at":"2026-01-05T12:00:00.000000Z"}"#;

pub(super) fn targets() -> Vec<Target> {
    let kinds: [(&str, ImportKind, &[&str]); 4] = [
        (
            "import of products",
            ImportKind::Products,
            &[
                "sku,title,price,currency\nMUG,A mug,9.00,GBP\n",
                "Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value\nmug,Mug,M-1,9.00,Colour,Blue\nmug,,M-2,9.50,,Red\n",
            ],
        ),
        (
            "import of sales",
            ImportKind::Sales,
            &[
                "date,order,sku,qty,price,cost,tax\n2024-01-05,O1,MUG,2,9.00,0.90,1.80\n2024-01-06 13:30,O2,MUG,1,\"9,00\",,\n",
            ],
        ),
        (
            "import of stock",
            ImportKind::Stock,
            &["sku,location,on_hand,cost\nMUG,Home,12,34.50\n\"A \"\"B\"\"\",,0,\n"],
        ),
        (
            "import of orders",
            ImportKind::Orders,
            &[
                "order,date,sku,qty,price,shipping,tax,paid,email\nO1,2024-01-05T10:00:00Z,MUG,1,9.00,3.50,1.80,yes,a@b.example\n",
            ],
        ),
    ];
    let shop: Shop = serde_json::from_str(SHOP).expect("a shop as it is written");
    let target = |(name, kind, texts): (&'static str, ImportKind, &[&str])| {
        let room = tempfile::tempdir().expect("a folder for a file to import");
        let shop = shop.clone();
        let read = move |input: &[u8]| {
            let file = room.path().join("rows.csv");
            fs::write(&file, input).map_err(|error| error.to_string())?;
            match look_through(kind, &file, &shop) {
                Ok((rows, rejected)) if !(0..=rows).contains(&rejected) => {
                    Err(format!("{rejected} of {rows} rows are refused"))
                }
                _ => Ok(()),
            }
        };
        Target { seeds: seeds(texts), cost: 5, read: Box::new(read), ..text(name, &[], |_| Ok(())) }
    };
    kinds.into_iter().map(target).collect()
}
