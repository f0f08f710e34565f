//! Money: whole minor units of one currency. Adding pence to yen is an error, and no fraction is ever kept or lost.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Kind, Result};

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Z]{3}$"))]
pub struct Currency([u8; 3]);

impl Currency {
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Japanese yen, which has no minor unit.
    pub const JPY: Self = Self(*b"JPY");
    /// Kuwaiti dinar, of 1000 fils.
    pub const KWD: Self = Self(*b"KWD");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency is three ASCII letters")
    }

    /// How many decimals an amount has in text (ISO 4217, table A.1).
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// Nothing, in this currency.
    pub fn zero(self) -> Money {
        Money::new(0, self)
    }

    /// Reads an amount written with a decimal point, such as `12.50`; refuses more decimals than the currency has.
    pub fn parse_amount(self, text: &str) -> Result<Money, MoneyError> {
        let unreadable = || MoneyError::Unreadable { text: text.to_owned(), currency: self };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
            return Err(unreadable());
        }
        let decimals = self.decimals() as usize;
        if fraction.trim_end_matches('0').len() > decimals {
            return Err(MoneyError::TooPrecise { text: text.to_owned(), currency: self });
        }
        let mut minor = 0_i64;
        for digit in whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals)) {
            let digit = i64::from(digit - b'0');
            minor = minor
                .checked_mul(10)
                .and_then(|shifted| shifted.checked_add(digit))
                .ok_or(MoneyError::TooLarge)?;
        }
        Ok(Money::new(if negative { -minor } else { minor }, self))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(Error::invalid("currency", format!("{text:?}"), "use an ISO 4217 code, like GBP")),
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// What can go wrong with money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added: use one currency, or exchange first")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the other.
        right: Currency,
    },
    /// The amount does not fit.
    #[error("the amount is too large: it must stay below 92 quadrillion minor units")]
    TooLarge,
    /// The text has more decimals than the currency.
    #[error("{text:?} has too many decimals: {currency} has {}", currency.decimals())]
    TooPrecise {
        /// What was given.
        text: String,
        /// The currency it was to be in.
        currency: Currency,
    },
    /// The text is not an amount.
    #[error(
        "{text:?} is not an amount of {currency}: write it like 12.50, without signs or thousands separators"
    )]
    Unreadable {
        /// What was given.
        text: String,
        /// The currency it was to be in.
        currency: Currency,
    },
    /// There is nothing to share among.
    #[error("nothing to allocate to: at least one weight must be above zero, none below")]
    NoWeights,
}

impl Fault for MoneyError {
    fn kind(&self) -> Kind {
        match self {
            Self::CurrencyMismatch { .. } | Self::NoWeights => Kind::Refused,
            Self::TooLarge | Self::TooPrecise { .. } | Self::Unreadable { .. } => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::CurrencyMismatch { .. } => "money.currency_mismatch",
            Self::TooLarge => "money.too_large",
            Self::TooPrecise { .. } => "money.too_precise",
            Self::Unreadable { .. } => "money.unreadable",
            Self::NoWeights => "money.no_weights",
        }
    }
}

/// How a half is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Away from zero, as most tax offices do.
    #[default]
    HalfUp,
    /// To the even neighbour, so that errors do not add up.
    HalfEven,
}

impl Rounding {
    /// `numerator / denominator` in whole units; the denominator is positive.
    pub fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let (quotient, rest) = (numerator / denominator, numerator % denominator);
        let twice = rest.abs() * 2;
        let away = match self {
            Self::HalfUp => twice >= denominator,
            Self::HalfEven => twice > denominator || (twice == denominator && quotient % 2 != 0),
        };
        if away { quotient + numerator.signum() } else { quotient }
    }
}

/// A rate in parts per million: 20% is 200,000.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Ppm(pub i64);

impl Ppm {
    /// The whole: 100%.
    pub const ONE: Self = Self(1_000_000);
}

/// An amount of money.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Whole minor units: pence, cents, yen.
    minor: i64,
    /// The currency they are of.
    currency: Currency,
}

impl Money {
    /// This many minor units of a currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Whole minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The letters of the currency.
    pub fn currency_code(&self) -> &str {
        self.currency.as_str()
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    fn beside(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    fn fit(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        i64::try_from(minor).map(|minor| Self { minor, currency }).map_err(|_| MoneyError::TooLarge)
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.beside(other)?;
        Self::fit(i128::from(self.minor) + i128::from(other.minor), self.currency)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.beside(other)?;
        Self::fit(i128::from(self.minor) - i128::from(other.minor), self.currency)
    }

    /// This many times the amount.
    pub fn times(self, count: i64) -> Result<Self, MoneyError> {
        Self::fit(i128::from(self.minor) * i128::from(count), self.currency)
    }

    /// The same amount with the other sign.
    pub fn negated(self) -> Result<Self, MoneyError> {
        Self::fit(-i128::from(self.minor), self.currency)
    }

    /// This rate of the amount, rounded.
    pub fn rate(self, rate: Ppm, rounding: Rounding) -> Result<Self, MoneyError> {
        let exact = i128::from(self.minor) * i128::from(rate.0);
        Self::fit(rounding.divide(exact, i128::from(Ppm::ONE.0)), self.currency)
    }

    /// `self × numerator / denominator`, rounded: a share by quantity. The denominator must be above zero.
    pub fn share(self, numerator: i64, denominator: i64, rounding: Rounding) -> Result<Self, MoneyError> {
        if denominator <= 0 {
            return Err(MoneyError::NoWeights);
        }
        let exact = i128::from(self.minor) * i128::from(numerator);
        Self::fit(rounding.divide(exact, i128::from(denominator)), self.currency)
    }

    /// The smaller of two amounts.
    pub fn min(self, other: Self) -> Result<Self, MoneyError> {
        self.beside(other)?;
        Ok(if other.minor < self.minor { other } else { self })
    }

    /// The greater of two amounts.
    pub fn max(self, other: Self) -> Result<Self, MoneyError> {
        self.beside(other)?;
        Ok(if other.minor > self.minor { other } else { self })
    }

    /// The sum of many; nothing in `currency` when there are none.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(currency.zero(), Self::plus)
    }

    /// Shares the amount in proportion to the weights, by the method of largest remainders.
    ///
    /// The parts add up to the whole; each differs from its exact share by less than one minor unit and has the
    /// whole's sign; equal remainders go to the earlier part.
    pub fn allocate(self, weights: &[i64]) -> Result<Vec<Self>, MoneyError> {
        let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        if total <= 0 || weights.iter().any(|&weight| weight < 0) {
            return Err(MoneyError::NoWeights);
        }
        let whole = i128::from(self.minor);
        // Remainders may exceed what i128 products hold only for sums no i64 weights can reach.
        let mut parts = Vec::with_capacity(weights.len());
        let mut order: Vec<(usize, i128)> = Vec::with_capacity(weights.len());
        for (index, &weight) in weights.iter().enumerate() {
            let exact = whole * i128::from(weight);
            parts.push(exact / total);
            order.push((index, (exact % total).abs()));
        }
        let missing = whole - parts.iter().sum::<i128>();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let missing_count = usize::try_from(missing.abs()).map_err(|_| MoneyError::TooLarge)?;
        for &(index, _) in order.iter().take(missing_count) {
            parts[index] += missing.signum();
        }
        parts.into_iter().map(|part| Self::fit(part, self.currency)).collect()
    }

    /// The amount as decimal text without the currency: `12.50`.
    pub fn to_decimal(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency() -> impl Strategy<Value = Currency> {
        prop_oneof![Just(Currency::JPY), Just(Currency::GBP), Just(Currency::KWD)]
    }

    proptest! {
        #[test]
        fn an_amount_survives_its_text(minor in any::<i64>().prop_filter("has an opposite", |m| *m != i64::MIN),
                                       currency in currency()) {
            let money = Money::new(minor, currency);
            prop_assert_eq!(currency.parse_amount(&money.to_decimal()).unwrap(), money);
        }

        #[test]
        fn parts_add_up_to_the_whole(minor in -1_000_000_000_i64..1_000_000_000,
                                     weights in prop::collection::vec(0_i64..10_000, 1..20)) {
            prop_assume!(weights.iter().sum::<i64>() > 0);
            let whole = Money::new(minor, Currency::GBP);
            let parts = whole.allocate(&weights).unwrap();
            prop_assert_eq!(Money::sum(Currency::GBP, parts.clone()).unwrap(), whole);
            let total: i64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(part.minor()) * i128::from(total) - i128::from(minor) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(total), "{} of {}", part, whole);
                prop_assert!(part.is_zero() || part.is_negative() == whole.is_negative());
            }
        }

        #[test]
        fn rounding_is_never_off_by_more_than_half(n in -1_000_000_i128..1_000_000, d in 1_i128..1000) {
            for rounding in [Rounding::HalfUp, Rounding::HalfEven] {
                prop_assert!((rounding.divide(n, d) * d - n).abs() * 2 <= d);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}", currency in currency()) {
            let _ = currency.parse_amount(&text);
        }
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let cases = [
            ("JPY", "0", "-5"),
            ("GBP", "0.00", "-0.05"),
            ("KWD", "0.000", "-0.005"),
            ("CLF", "0.0000", "-0.0005"),
        ];
        for (currency, nothing, debt) in cases {
            let currency: Currency = currency.parse().unwrap();
            assert_eq!(currency.zero().to_decimal(), nothing);
            assert_eq!(Money::new(-5, currency).to_decimal(), debt);
        }
    }

    #[test]
    fn what_money_cannot_do_is_named() {
        let (pound, yen) = (Money::new(100, Currency::GBP), Money::new(100, Currency::JPY));
        let most = Money::new(i64::MAX, Currency::GBP);
        let unlike = [pound.plus(yen), pound.minus(yen), pound.min(yen), pound.max(yen)];
        for error in unlike.map(Result::unwrap_err) {
            assert_eq!((error.kind(), error.code()), (Kind::Refused, "money.currency_mismatch"));
        }
        let too_large = [most.plus(pound), most.times(2), Money::new(i64::MIN, Currency::GBP).negated()];
        for error in too_large.map(Result::unwrap_err) {
            assert_eq!(error.code(), "money.too_large");
        }
        let unreadable = |text| Currency::GBP.parse_amount(text).unwrap_err().code();
        assert_eq!((unreadable("1.234"), unreadable("1,2")), ("money.too_precise", "money.unreadable"));
        assert_eq!(pound.allocate(&[0]).unwrap_err().code(), "money.no_weights");
        assert_eq!(pound.allocate(&[0, 1]).unwrap(), [Currency::GBP.zero(), pound]);
        for wrong in ["gbp", "gBp", "GbP", "GB", "GBPP"] {
            assert_eq!(wrong.parse::<Currency>().unwrap_err().field(), Some("currency"), "{wrong}");
        }
    }

    #[test]
    fn a_share_is_of_something() {
        let pound = Money::new(100, Currency::GBP);
        assert_eq!(pound.share(1, 1, Rounding::HalfUp), Ok(pound));
        for denominator in [0, -1] {
            assert_eq!(pound.share(1, denominator, Rounding::HalfUp), Err(MoneyError::NoWeights));
        }
    }

    #[test]
    fn halves_go_where_the_mode_says() {
        let cases = [(5, 10, 1, 0), (15, 10, 2, 2), (-5, 10, -1, 0), (-15, 10, -2, -2), (4, 10, 0, 0)];
        for (n, d, up, even) in cases {
            assert_eq!(
                (Rounding::HalfUp.divide(n, d), Rounding::HalfEven.divide(n, d)),
                (up, even),
                "{n}/{d}"
            );
        }
    }

    #[test]
    fn currencies_do_not_mix_and_sums_do_not_wrap() {
        let pound = Money::new(100, Currency::GBP);
        assert!(matches!(pound.plus(Money::new(1, Currency::EUR)), Err(MoneyError::CurrencyMismatch { .. })));
        assert_eq!(Money::new(i64::MAX, Currency::GBP).plus(pound), Err(MoneyError::TooLarge));
        assert_eq!(pound.times(i64::MAX), Err(MoneyError::TooLarge));
    }

    #[test]
    fn amounts_are_read_to_the_last_digit() {
        let kwd: Currency = "KWD".parse().unwrap();
        for (currency, text, minor) in [
            (Currency::GBP, "12", 1_200),
            (Currency::GBP, "12.5", 1_250),
            (Currency::GBP, "0.07", 7),
            (Currency::GBP, "-3", -300),
            (Currency::GBP, "92233720368547758.07", i64::MAX),
            (Currency::GBP, "-92233720368547758.07", -i64::MAX),
            (Currency::JPY, "12", 12),
            (kwd, "1.5", 1_500),
        ] {
            assert_eq!(currency.parse_amount(text).unwrap().minor(), minor, "{text}");
        }
        for text in ["92233720368547758.08", "922337203685477580", "99999999999999999999999"] {
            assert_eq!(Currency::GBP.parse_amount(text), Err(MoneyError::TooLarge), "{text}");
        }
    }

    #[test]
    fn what_has_no_weights_is_not_shared() {
        let pound = Money::new(100, Currency::GBP);
        for weights in [&[][..], &[0, 0], &[3, -1], &[-2, -1], &[1, -1]] {
            assert_eq!(pound.allocate(weights), Err(MoneyError::NoWeights), "{weights:?}");
        }
    }

    #[test]
    fn too_many_decimals_are_refused_not_rounded() {
        assert!(matches!(Currency::GBP.parse_amount("1.005"), Err(MoneyError::TooPrecise { .. })));
        assert!(matches!(Currency::JPY.parse_amount("1.5"), Err(MoneyError::TooPrecise { .. })));
        assert_eq!(Currency::GBP.parse_amount("1.500").unwrap().minor(), 150);
        for text in ["", "-", ".5", "1.", "1,000", "+1", "1e3", " 1", "--1", "1.-5"] {
            assert!(Currency::GBP.parse_amount(text).is_err(), "{text}");
        }
    }
}
