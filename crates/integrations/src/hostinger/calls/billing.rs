use baddie_core::money::Money;
use serde_json::json;

use super::{Call, asked, get, paid};
use crate::hostinger::{CatalogItem, CatalogPrice, KIND};
use crate::http::{Cause, Failure};

/// Something that costs money, at the price that was agreed to. It can be had only from a catalogue that asks for just that,
/// so that nothing is bought by a slip of the pen or for another price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    item: String,
    price: Money,
}

impl Agreed {
    /// The price of a catalogue, `hostingercom-vps-kvm2-usd-1m`, that its buyer has agreed to pay.
    pub fn among(catalogue: &[CatalogItem], item: &str, price: Money) -> Result<Self, Failure> {
        let mut known = catalogue.iter().flat_map(|one| &one.prices).filter(|one| one.id == item);
        let refused = |why: String| Failure::new(KIND, Cause::Declined { code: "price".into() }, why);
        match (known.next().map(CatalogPrice::first), known.next()) {
            (Some(Some(asked)), None) if asked == price => Ok(Self { item: item.to_owned(), price }),
            (Some(Some(asked)), None) => Err(refused(format!("{item} costs {asked}, not {price}"))),
            _ => Err(refused(format!("the catalogue does not say what {item} costs"))),
        }
    }

    /// What is bought, as the catalogue names its price.
    pub fn item(&self) -> &str {
        &self.item
    }

    /// What is paid for it at first, without tax.
    pub fn price(&self) -> Money {
        self.price
    }
}

/// Looks through what there is to buy: of this category (`DOMAIN`, `VPS`, `EMAIL`), with such a name (`.COM*`).
pub fn catalog(category: Option<&str>, name: Option<&str>) -> Call {
    let given = |text: Option<&str>| text.map(str::to_owned);
    get(&asked("/api/billing/v1/catalog", &[("category", given(category)), ("name", given(name))]))
}

/// Looks through what the account pays for.
pub fn subscriptions() -> Call {
    get("/api/billing/v1/subscriptions")
}

/// Looks through the means to pay with.
pub fn payment_methods() -> Call {
    get("/api/billing/v1/payment-methods")
}

/// Orders one of something, with this means of payment or the usual one. It costs money.
pub fn order(agreed: &Agreed, payment_method: Option<i64>) -> Call {
    let mut body = json!({ "items": [{ "item_id": agreed.item, "quantity": 1 }] });
    if let Some(method) = payment_method {
        body["payment_method_id"] = method.into();
    }
    paid("/api/billing/v1/orders", &body)
}
