use baddie_core::money::{Currency, Money};

use super::ShopifyMoney;

/// The money that an amount of Shopify's is; nothing where its currency is no code, or it is finer than that is counted.
/// Shopify writes amounts as decimal text, with as many zeros as it likes.
pub(super) fn money(amount: &ShopifyMoney) -> Option<Money> {
    let currency: Currency = amount.currency_code.parse().ok()?;
    currency.parse_amount(&amount.amount).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        let read = |amount: &str, code: &str| {
            money(&ShopifyMoney { amount: amount.into(), currency_code: code.into() }).map(Money::minor)
        };
        assert_eq!(read("12.5", "GBP"), Some(1250));
        assert_eq!(read("12.50", "GBP"), Some(1250));
        assert_eq!(read("1000.0", "JPY"), Some(1000));
        assert_eq!(read("0.0", "USD"), Some(0));
        assert_eq!(read("1.005", "USD"), None);
        assert_eq!(read("1e3", "USD"), None);
        assert_eq!(read("1.00", "gbp"), None);
    }
}
