use baddie_core::money::{Currency, Money};

use crate::http::{Cause, Failure};

/// How many decimals Stripe counts a currency with, where that is not what ISO 4217 says: the krona and the shilling had
/// minor units once and keep them there, the ariary has none.
/// <https://docs.stripe.com/currencies#special-cases>, <https://docs.stripe.com/currencies#zero-decimal>
fn decimals(currency: Currency) -> u32 {
    match currency.as_str() {
        "ISK" | "UGX" => 2,
        "MGA" => 0,
        _ => currency.decimals(),
    }
}

/// An amount in Stripe's smallest unit, and the currency in small letters. Refuses what Stripe cannot count: parts of its
/// smallest unit, and the last digit of currencies with three.
pub fn amount(money: Money) -> Result<(i64, String), Failure> {
    let refused = |why: &str| Failure::new("stripe", Cause::Validation { field: Some("amount".into()) }, why);
    let (ours, theirs) = (money.currency().decimals(), decimals(money.currency()));
    let counted = if theirs >= ours {
        money
            .minor()
            .checked_mul(10_i64.pow(theirs - ours))
            .ok_or_else(|| refused("the amount is too large"))?
    } else {
        let part = 10_i64.pow(ours - theirs);
        if money.minor() % part != 0 {
            return Err(refused("Stripe does not count this currency so finely"));
        }
        money.minor() / part
    };
    if theirs == 3 && counted % 10 != 0 {
        return Err(refused("Stripe takes this currency in tens of its smallest unit"));
    }
    Ok((counted, money.currency().as_str().to_ascii_lowercase()))
}

/// The money that an amount of Stripe's is; nothing where it is in no currency that is known, or cannot be counted here.
pub fn money(counted: i64, code: &str) -> Option<Money> {
    let currency: Currency = code.to_ascii_uppercase().parse().ok()?;
    let (ours, theirs) = (currency.decimals(), decimals(currency));
    let minor = if ours >= theirs {
        counted.checked_mul(10_i64.pow(ours - theirs))?
    } else {
        let part = 10_i64.pow(theirs - ours);
        if counted % part != 0 {
            return None;
        }
        counted / part
    };
    Some(Money::new(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(minor: i64, code: &str) -> Option<i64> {
        amount(Money::new(minor, code.parse().unwrap())).ok().map(|(counted, _)| counted)
    }

    #[test]
    fn amounts_are_counted_as_stripe_counts() {
        assert_eq!(amount(Money::new(1_250, Currency::GBP)).unwrap(), (1_250, "gbp".to_owned()));
        assert_eq!(counted(500, "JPY"), Some(500));
        assert_eq!(counted(500, "ISK"), Some(50_000));
        assert_eq!(counted(500, "UGX"), Some(50_000));
        assert_eq!(counted(500, "MGA"), Some(5));
        assert_eq!(counted(510, "MGA"), None);
        assert_eq!(counted(5_120, "KWD"), Some(5_120));
        assert_eq!(counted(5_124, "KWD"), None);
        assert_eq!(counted(i64::MAX, "ISK"), None);
    }

    #[test]
    fn what_is_counted_is_read_back() {
        for (minor, code) in [(1_250, "GBP"), (500, "JPY"), (7, "ISK"), (300, "MGA"), (1_230, "KWD")] {
            let ours = Money::new(minor, code.parse().unwrap());
            let Ok((counted, theirs)) = amount(ours) else { continue };
            assert_eq!(money(counted, &theirs), Some(ours), "{code}");
        }
        assert_eq!((money(1, "isk"), money(1, "nonsense")), (None, None));
    }
}
