//! Orders of Webflow as the engine takes them. Webflow tells discounts and taxes of a whole order; the engine wants them line
//! by line, in prices without tax.

use baddie_core::clock::Timestamp;
use baddie_core::listings::{ImportedLine, ImportedOrder, TaxLine};
use baddie_core::money::{Currency, Money, MoneyError, Ppm};

use super::{Amount, KIND, Order};
use crate::http::{Cause, Failure};

/// How an order stands, by its words, in the order in which it comes to that; `None` of a word that is new.
fn rank(status: &str) -> Option<i64> {
    let words = ["pending", "unfulfilled", "fulfilled", "disputed", "dispute-lost", "refunded"];
    words.iter().position(|word| *word == status).and_then(|rank| i64::try_from(rank).ok())
}

/// When an order last changed, as far as Webflow tells; `None` of one that was not accepted yet.
pub(super) fn changed_at(order: &Order) -> Option<Timestamp> {
    let later = [order.fulfilled_on, order.refunded_on, order.disputed_on, order.dispute_updated_on];
    later.into_iter().flatten().chain(order.accepted_on).max().filter(|_| order.accepted_on.is_some())
}

/// An order as the engine takes it; `None` of one that was not accepted yet, or that stands as nobody here knows. One that
/// makes no sense is a failure.
pub fn imported(order: &Order) -> Result<Option<ImportedOrder>, Failure> {
    let (Some(placed_at), Some(changed_at), Some(rank)) =
        (order.accepted_on, changed_at(order), rank(&order.status))
    else {
        return Ok(None);
    };
    let wrong = |why: String| Failure::new(KIND, Cause::Protocol, format!("an order makes no sense: {why}"));
    let sum = Sum::of(order).map_err(wrong)?;
    let paid = order.status != "pending";
    // Webflow gives an order back whole.
    let refunded = if order.status == "refunded" { paid_by(order, sum.currency) } else { None };
    let buyer = order.customer_info.as_ref().and_then(|info| info.full_name.clone());
    let addressee = order.shipping_address.as_ref().and_then(|address| address.addressee.clone());
    Ok(Some(ImportedOrder {
        external_id: order.order_id.clone(),
        // Times are told to the millisecond; how it stands is what grows in between.
        external_version: changed_at.as_micros().saturating_add(rank),
        placed_at,
        lines: sum.lines(order).map_err(wrong)?,
        shipping: sum.shipping,
        fees: fees_of(order, &sum, paid),
        paid,
        // Money that went back before anything left is a sale that was called off.
        cancelled: order.status == "refunded" && order.fulfilled_on.is_none(),
        refunded,
        buyer: buyer.or(addressee).filter(|name| !name.is_empty()),
    }))
}

/// What the buyer paid.
pub(super) fn paid_by(order: &Order, currency: Currency) -> Option<Money> {
    let paid = order.customer_paid.as_ref().filter(|paid| paid.unit == currency.as_str())?;
    Some(Money::new(paid.value, currency))
}

/// What Webflow and the bank keep: what the buyer paid and the shop does not get.
fn fees_of(order: &Order, sum: &Sum, paid: bool) -> Option<Money> {
    let read = |amount: &Amount| sum.money(amount).ok();
    let whole = read(order.customer_paid.as_ref()?)?;
    let net = read(order.net_amount.as_ref()?)?;
    let fees = whole.minus(net).ok()?;
    (paid && net.minor() > 0 && fees.minor() >= 0).then_some(fees)
}

/// What an order comes to, beside its goods.
struct Sum {
    currency: Currency,
    discount: Money,
    shipping: Money,
    taxes: Vec<(String, Money)>,
    /// Whether the taxes are in the prices already.
    included: bool,
}

impl Sum {
    fn of(order: &Order) -> Result<Self, String> {
        let totals = order.totals.as_ref().ok_or("it comes to nothing")?;
        let currency: Currency =
            totals.total.unit.parse().map_err(|_| format!("{:?} is no currency", totals.total.unit))?;
        let zero = currency.zero();
        let (discount, shipping) = (zero, zero);
        let mut sum = Self { currency, discount, shipping, taxes: Vec::new(), included: false };
        let mut off_shipping = zero;
        for extra in &totals.extras {
            let amount = sum.money(&extra.price)?;
            // What is taken off is told above nothing by some, and below it by others.
            let off = if amount.is_negative() { amount.negated().map_err(text)? } else { amount };
            match &*extra.r#type {
                "discount" => sum.discount = sum.discount.plus(off).map_err(text)?,
                "discount-shipping" => off_shipping = off_shipping.plus(off).map_err(text)?,
                "shipping" => sum.shipping = sum.shipping.plus(amount).map_err(text)?,
                "tax" if !amount.is_zero() => {
                    let name = extra.name.clone().unwrap_or_else(|| "tax".to_owned());
                    sum.taxes.push((name, amount));
                }
                _ => {}
            }
        }
        sum.shipping = sum.shipping.minus(off_shipping).and_then(|left| left.max(zero)).map_err(text)?;
        let goods = order.purchased_items.iter().map(|bought| sum.money(&bought.row_total));
        let goods = goods.collect::<Result<Vec<_>, _>>()?;
        let goods = Money::sum(currency, goods).map_err(text)?;
        sum.discount = sum.discount.min(goods).map_err(text)?;
        let without_taxes =
            goods.minus(sum.discount).and_then(|left| left.plus(sum.shipping)).map_err(text)?;
        sum.included = !sum.taxes.is_empty() && without_taxes == sum.money(&totals.total)?;
        Ok(sum)
    }

    fn money(&self, amount: &Amount) -> Result<Money, String> {
        if amount.unit == self.currency.as_str() {
            Ok(Money::new(amount.value, self.currency))
        } else {
            Err(format!("it is in {} and in {:?}", self.currency, amount.unit))
        }
    }

    /// The lines, with their shares of what is taken off and of the taxes.
    fn lines(&self, order: &Order) -> Result<Vec<ImportedLine>, String> {
        let bought: Vec<_> = order.purchased_items.iter().filter(|bought| bought.count != 0).collect();
        if bought.iter().any(|bought| bought.count < 0 || bought.row_total.value < 0) {
            return Err("there is less than nothing of something".to_owned());
        }
        let mut goods: Vec<Money> =
            bought.iter().map(|bought| self.money(&bought.row_total)).collect::<Result<_, _>>()?;
        let off = share(self.discount, &goods)?;
        for (goods, off) in goods.iter_mut().zip(off) {
            *goods = goods.minus(off).map_err(text)?;
        }
        let mut taxes = vec![Vec::new(); bought.len()];
        let weights = goods.clone();
        for (name, amount) in &self.taxes {
            for (index, amount) in share(*amount, &weights)?.into_iter().enumerate() {
                if self.included {
                    goods[index] = goods[index].minus(amount).map_err(text)?;
                }
                // Webflow tells of its rates in words alone.
                let tax = TaxLine { jurisdiction: name.clone(), rate: Ppm(0), amount, facilitator: false };
                taxes[index].push(tax);
            }
        }
        let mut lines = Vec::with_capacity(bought.len());
        for ((bought, goods), taxes) in bought.into_iter().zip(goods).zip(taxes) {
            if goods.is_negative() {
                return Err("its taxes are more than its prices".to_owned());
            }
            // What cannot be shared out evenly makes two lines, so that no penny is lost.
            let (each, odd) = (goods.minor() / bought.count, goods.minor() % bought.count);
            let of = |qty, minor, taxes| ImportedLine {
                listing_external_id: bought.product_id.clone(),
                sku: bought.variant_sku.clone().filter(|sku| !sku.is_empty()),
                qty,
                unit_price: Money::new(minor, self.currency),
                taxes,
            };
            lines.push(of(bought.count - odd, each, taxes));
            if odd > 0 {
                lines.push(of(odd, each + 1, Vec::new()));
            }
        }
        Ok(lines)
    }
}

/// An amount shared out by what the lines cost; by nothing but their number where none costs anything.
fn share(amount: Money, goods: &[Money]) -> Result<Vec<Money>, String> {
    let weights: Vec<i64> = goods.iter().map(|goods| goods.minor()).collect();
    if amount.is_zero() || goods.is_empty() {
        return Ok(vec![amount.currency().zero(); goods.len()]);
    }
    let weights = if weights.iter().all(|&weight| weight == 0) { vec![1; weights.len()] } else { weights };
    amount.allocate(&weights).map_err(text)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn text(error: MoneyError) -> String {
    error.to_string()
}
