use baddie_core::error::{Error, Result};
use baddie_core::insights::{Opportunity, OpportunityKind as Kind, Stand};
use baddie_core::money::Money;

/// Demand that a further channel adds, as a share.
const CHANNEL_LIFT: f64 = 0.25;
/// A month of lying costs about this share of the price: capital, room, wear.
const CARRYING: f64 = 0.03;
const OLD: i64 = 120;

/// What could be done for the things of a shop, the most valuable first.
pub fn opportunities(stands: &[Stand]) -> Result<Vec<Opportunity>> {
    let mut out = Vec::new();
    for (k, stand) in stands.iter().enumerate() {
        if stand.demand < 0 {
            let field = format!("stands[{k}].demand");
            return Err(Error::invalid(field, stand.demand, "give a number that is not below zero"));
        }
        let demand = stand.demand as f64 / 1000.0;
        let currency = stand.price.currency();
        let money = |minor: f64| Money::new(minor.clamp(0.0, 9e15).round() as i64, currency);
        let margin = stand.margin.minor().max(0) as f64;
        let mut add = |kind, worth: Money, why: String| {
            if worth.is_positive() {
                out.push(Opportunity { variant_id: stand.variant_id, kind, worth, why });
            }
        };
        let stock = stand.stock.max(0) as f64;
        let missed = (demand - stock).max(0.0);
        let why = format!("{demand:.1} wanted in four weeks, {} here", stand.stock);
        add(Kind::Refill, money(missed * margin), why);
        if let Some((price, gain)) = stand.better {
            add(Kind::Reprice, gain, format!("{price} instead of {} is expected to earn more", stand.price));
        }
        if stand.age > OLD {
            let left = (stock - demand).max(0.0);
            let why =
                format!("{left:.0} would still lie after four weeks; the oldest for {} days", stand.age);
            add(Kind::Clear, money(left * stand.price.minor() as f64 * CARRYING), why);
        }
        let room = (stock - demand).max(0.0);
        let more = (demand * CHANNEL_LIFT * stand.unlisted as f64).min(room);
        add(Kind::Crosslist, money(more * margin), format!("not yet offered on {} channels", stand.unlisted));
    }
    out.sort_by(|a, b| {
        b.worth
            .minor()
            .cmp(&a.worth.minor())
            .then_with(|| a.variant_id.cmp(&b.variant_id))
            .then(a.kind.cmp(&b.kind))
    });
    Ok(out)
}

#[cfg(test)]
mod tests {
    use baddie_core::ids::{EntityId, VariantId};
    use baddie_core::money::Currency;

    use super::*;

    #[test]
    fn the_most_valuable_comes_first() {
        let pounds = |minor| Money::new(minor, Currency::GBP);
        let id = VariantId::from_u128;
        let stand = |n, stock, demand, age| Stand {
            variant_id: id(n),
            price: pounds(1_000),
            margin: pounds(400),
            stock,
            demand,
            age,
            better: None,
            unlisted: 1,
        };
        let said = opportunities(&[stand(1, 2, 10_000, 5), stand(2, 50, 1_000, 300)]).unwrap();
        assert_eq!((said[0].variant_id, said[0].kind, said[0].worth), (id(1), Kind::Refill, pounds(3_200)));
        assert!(said.iter().any(|o| o.kind == Kind::Clear && o.variant_id == id(2)));
        assert!(said.is_sorted_by(|a, b| a.worth.minor() >= b.worth.minor()));
        assert!(opportunities(&[stand(3, 0, -1, 0)]).is_err());
    }
}
