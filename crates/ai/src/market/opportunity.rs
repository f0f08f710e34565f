use baddie_core::error::{Error, Result};
use baddie_core::money::Money;

/// How a thing of the shop stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand {
    /// Its name.
    pub id: String,
    /// What it costs the buyer.
    pub price: Money,
    /// What a sale leaves after everything, at that price.
    pub margin: Money,
    /// Units here.
    pub stock: i64,
    /// Expected demand of the next thirty days, at that price.
    pub demand: f64,
    /// Days the oldest unit has been here.
    pub age: i64,
    /// The price at which most profit is expected, and how much more that is in thirty days.
    pub better: Option<(Money, Money)>,
    /// Channels it is not listed on, though it could be.
    pub unlisted: u32,
}

/// What could be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Buy more: it will run out.
    Refill,
    /// Change its price.
    Reprice,
    /// Mark it down: it lies too long.
    Clear,
    /// Offer it in more places.
    Crosslist,
}

/// Something worth doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opportunity {
    /// The thing.
    pub id: String,
    /// What to do.
    pub kind: Kind,
    /// What it is expected to bring in thirty days.
    pub worth: Money,
    /// Why, in words.
    pub why: String,
}

/// Demand that a further channel adds, as a share.
const CHANNEL_LIFT: f64 = 0.25;
/// A month of lying costs about this share of the price: capital, room, wear.
const CARRYING: f64 = 0.03;
const OLD: i64 = 120;

/// What could be done for the things of a shop, the most valuable first.
pub fn opportunities(stands: &[Stand]) -> Result<Vec<Opportunity>> {
    let mut out = Vec::new();
    for (k, stand) in stands.iter().enumerate() {
        if !stand.demand.is_finite() || stand.demand < 0.0 {
            let field = format!("stands[{k}].demand");
            return Err(Error::invalid(field, stand.demand, "give a finite number that is not below zero"));
        }
        let currency = stand.price.currency();
        let money = |minor: f64| Money::new(minor.clamp(0.0, 9e15).round() as i64, currency);
        let margin = stand.margin.minor().max(0) as f64;
        let mut add = |kind, worth: Money, why: String| {
            if worth.is_positive() {
                out.push(Opportunity { id: stand.id.clone(), kind, worth, why });
            }
        };
        let stock = stand.stock.max(0) as f64;
        let missed = (stand.demand - stock).max(0.0);
        let why = format!("{:.1} wanted in thirty days, {} here", stand.demand, stand.stock);
        add(Kind::Refill, money(missed * margin), why);
        if let Some((price, gain)) = stand.better {
            add(Kind::Reprice, gain, format!("{price} instead of {} is expected to earn more", stand.price));
        }
        if stand.age > OLD {
            let left = (stock - stand.demand).max(0.0);
            let why =
                format!("{left:.0} would still lie after thirty days; the oldest for {} days", stand.age);
            add(Kind::Clear, money(left * stand.price.minor() as f64 * CARRYING), why);
        }
        let room = (stock - stand.demand).max(0.0);
        let more = (stand.demand * CHANNEL_LIFT * f64::from(stand.unlisted)).min(room);
        add(Kind::Crosslist, money(more * margin), format!("not yet offered on {} channels", stand.unlisted));
    }
    out.sort_by(|a, b| {
        b.worth.minor().cmp(&a.worth.minor()).then_with(|| a.id.cmp(&b.id)).then(a.kind.cmp(&b.kind))
    });
    Ok(out)
}

#[cfg(test)]
mod tests {
    use baddie_core::money::Currency;

    use super::*;

    #[test]
    fn the_most_valuable_comes_first() {
        let pounds = |minor| Money::new(minor, Currency::GBP);
        let stand = |id: &str, stock, demand, age| Stand {
            id: id.to_owned(),
            price: pounds(1_000),
            margin: pounds(400),
            stock,
            demand,
            age,
            better: None,
            unlisted: 1,
        };
        let said = opportunities(&[stand("a", 2, 10.0, 5), stand("b", 50, 1.0, 300)]).unwrap();
        assert_eq!((said[0].id.as_str(), said[0].kind, said[0].worth), ("a", Kind::Refill, pounds(3_200)));
        assert!(said.iter().any(|o| o.kind == Kind::Clear && o.id == "b"));
        assert!(said.is_sorted_by(|a, b| a.worth.minor() >= b.worth.minor()));
        assert!(opportunities(&[stand("c", 0, f64::NAN, 0)]).is_err());
    }
}
