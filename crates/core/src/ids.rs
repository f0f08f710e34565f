//! Identities: one type per entity, sortable by time, readable as `ord_01jq…`.
//!
//! An id is a UUID version 7 (RFC 9562); its text is a prefix and 26 characters of Crockford's base 32, as in `TypeID`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::{Entropy, Timestamp};
use crate::error::{Error, Result};

/// What all identities have in common; lets stores and pages be written once.
pub trait EntityId:
    Copy + Eq + Ord + std::hash::Hash + fmt::Debug + fmt::Display + Send + Sync + 'static
{
    /// The letters before the underscore in the text form.
    const PREFIX: &'static str;
    /// The id with these 128 bits.
    fn from_u128(bits: u128) -> Self;
    /// The 128 bits, most significant first in time.
    fn as_u128(self) -> u128;

    /// When it was made, to the millisecond, by the clock of its maker; later, if that maker had seen an id from further
    /// on.
    fn made_at(self) -> Timestamp {
        let millis = i64::try_from(self.as_u128() >> 80).expect("48 bits fit into 63");
        Timestamp::from_micros(millis * 1_000)
    }

    /// The first that could be made at this time: what was made before is less.
    fn earliest(at: Timestamp) -> Self {
        let millis = u128::try_from(at.as_micros().div_euclid(1_000)).unwrap_or_default();
        Self::from_u128(millis << 80)
    }

    /// Reads the text form.
    fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            let remedy = format!("it has the form {}_ and 26 letters or digits", Self::PREFIX);
            Error::invalid(Self::PREFIX, format!("{text:?}"), &remedy)
        };
        let (prefix, code) = text.rsplit_once('_').ok_or_else(wrong)?;
        if prefix != Self::PREFIX {
            return Err(wrong());
        }
        decode(code).map(Self::from_u128).ok_or_else(wrong)
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(bits: u128) -> [u8; 26] {
    let mut text = [0; 26];
    let mut rest = bits;
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[usize::try_from(rest & 31).expect("five bits fit")];
        rest >>= 5;
    }
    text
}

fn decode(code: &str) -> Option<u128> {
    // 26 characters hold 130 bits: the first may not exceed 7.
    if code.len() != 26 || code.as_bytes()[0] > b'7' {
        return None;
    }
    code.bytes().try_fold(0_u128, |bits, letter| {
        let digit = ALPHABET.iter().position(|&known| known == letter)?;
        Some(bits << 5 | u128::try_from(digit).ok()?)
    })
}

macro_rules! ids {
    ($($name:ident $prefix:literal $doc:literal;)*) => {$(
        #[doc = concat!("Identifies ", $doc, ": `", $prefix, "_…`.")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl EntityId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_u128(bits: u128) -> Self {
                Self(bits)
            }
            fn as_u128(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let code = encode(self.0);
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&code).expect("the alphabet is ASCII"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(|error| serde::de::Error::custom(error.message()))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": concat!("Identifies ", $doc, "."),
                    "pattern": concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$"),
                })
            }
        }
    )*};
}

ids! {
    ShopId "shp" "a shop";
    MemberId "mem" "a member of a shop";
    KeyId "key" "an API key";
    ProductId "prd" "a product";
    VariantId "var" "a variant";
    ComponentId "cmp" "a component of a bundle";
    MediaId "med" "a picture or film of a product";
    ItemId "itm" "one physical thing";
    LocationId "loc" "a place where stock lies";
    LevelId "lvl" "the stock of one variant at one location";
    MoveId "mov" "a stock move";
    ReservationId "rsv" "a reservation";
    LayerId "lay" "a cost layer";
    SupplierId "sup" "a supplier";
    OfferId "off" "a supplier's offer";
    PurchaseOrderId "pur" "a purchase order";
    PurchaseLineId "pul" "a line of a purchase order";
    ReceiptId "rec" "a receipt of goods";
    AcquisitionId "acq" "a haul";
    AcquisitionLineId "acl" "a line of a haul";
    ChannelId "chn" "a sales channel";
    FeeScheduleId "fee" "a channel's fee schedule";
    ListingId "lst" "a listing";
    PricingRuleId "rul" "a pricing rule";
    PriceChangeId "pch" "a price change";
    PriceProposalId "ppr" "a price proposal";
    CustomerId "cus" "a customer";
    OrderId "ord" "an order";
    OrderLineId "lin" "a line of an order";
    AdjustmentId "adj" "an adjustment of an order";
    PromotionId "prm" "a promotion";
    CouponId "cpn" "a coupon";
    RedemptionId "red" "a coupon's redemption";
    CheckoutId "chk" "a checkout session";
    PaymentId "pay" "a payment";
    PaymentTxnId "ptx" "one movement of a payment";
    PayoutId "out" "a payout";
    FulfilmentId "ful" "a fulfilment";
    ReturnId "ret" "a return case";
    EntryId "ent" "a ledger entry";
    PostingId "pst" "a posting of a ledger entry";
    RefillPolicyId "pol" "a refill policy";
    RefillProposalId "rfp" "a refill proposal";
    ForecastId "fct" "a forecast";
    AdviceRunId "adv" "a run of the models";
    EventId "evt" "an event";
    JobId "job" "a job";
    AuditId "aud" "an audit entry";
    NoticeId "ntc" "a notice received from a channel";
    SyncRunId "syn" "a run of a channel's synchronisation";
    ImportRunId "imp" "an import";
    ConnectionId "con" "a connection to a service";
    HintId "hnt" "something that a service told";
    TextId "ltx" "a text of a listing";
    EndpointId "whe" "an endpoint that is told";
    DeliveryId "whd" "something that an endpoint is told";
    SiteId "sit" "a site that shows what a shop sells";
    DataKeyId "dky" "the key of a shop's secrets";
}

/// Makes ids: time first, then chance, each greater than the one before it from the same source.
pub struct IdSource {
    entropy: Arc<dyn Entropy>,
    last: Mutex<u64>,
}

impl IdSource {
    /// A source that draws chance from `entropy`.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, last: Mutex::new(0) }
    }

    /// A fresh id for something made at `now`.
    ///
    /// The 60 leading bits are milliseconds and a fraction of one (RFC 9562, 6.2, method 3); when the clock has not
    /// moved on, they count up instead, so ids of one process keep their order even when the clock jumps back.
    pub fn next<I: EntityId>(&self, now: Timestamp) -> I {
        let micros = u64::try_from(now.as_micros()).unwrap_or(0);
        let stamp = ((micros / 1000) << 12) | ((micros % 1000) * 4096 / 1000);
        let stamp = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = stamp.max(*last + 1);
            *last
        };
        let mut random = [0; 8];
        self.entropy.fill(&mut random);
        let high = u128::from(stamp >> 12) << 16 | 0x7000 | u128::from(stamp & 0xfff);
        let low = u128::from(u64::from_be_bytes(random) >> 2 | 1 << 63);
        I::from_u128(high << 64 | low)
    }

    /// Notes an id that another source may have made: ids from here on are greater, whatever the clocks say.
    pub fn witness<I: EntityId>(&self, id: I) {
        let high = u64::try_from(id.as_u128() >> 64).unwrap_or(0);
        let stamp = (high >> 16) << 12 | (high & 0xfff);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = stamp.max(*last);
    }

    /// Random bytes for secrets such as API keys.
    pub fn secret<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

/// Writes bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pair = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
    bytes.iter().flat_map(pair).collect()
}

/// Writes bytes in the same alphabet as ids, for tokens that people copy.
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        text.push(char::from(ALPHABET[(bits << (5 - held) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::SystemEntropy;

    proptest! {
        #[test]
        fn an_id_survives_its_text(bits in any::<u128>()) {
            let id = OrderId::from_u128(bits);
            prop_assert_eq!(id.to_string().parse::<OrderId>().unwrap(), id);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<OrderId>();
        }

        #[test]
        fn text_order_is_id_order(a in any::<u128>(), b in any::<u128>()) {
            let (x, y) = (OrderId::from_u128(a), OrderId::from_u128(b));
            prop_assert_eq!(x.cmp(&y), x.to_string().cmp(&y.to_string()));
        }
    }

    #[test]
    fn the_published_typeid_vector_holds() {
        // TypeID specification, valid.yml: uuid 0188a5eb-4c84-724c-b2ae-6a4b8d2d2b1b in base 32.
        let id = OrderId::from_u128(0x0110_c853_1d09_52d8_d73e_1194_e95b_5f19);
        assert_eq!(id.to_string(), "ord_0123456789abcdefghjkmnpqrs");
    }

    #[test]
    fn ids_grow_even_when_the_clock_jumps_back() {
        let ids = IdSource::new(Arc::new(SystemEntropy::default()));
        let late: OrderId = ids.next(Timestamp::from_micros(2_000_000));
        let early: OrderId = ids.next(Timestamp::from_micros(1_000_000));
        assert!(early > late);
        let begins = |at| OrderId::earliest(Timestamp::from_micros(at));
        assert!(begins(2_000_999) <= late && late < begins(2_001_000) && begins(-1) <= begins(0));
        assert_eq!(early.as_u128() >> 76 & 0xf, 7, "version 7");
        assert_eq!(early.as_u128() >> 62 & 3, 2, "RFC variant");
    }

    #[test]
    fn ids_grow_beyond_those_of_another_clock() {
        let source = || IdSource::new(Arc::new(SystemEntropy::default()));
        let (ahead, behind) = (source(), source());
        let theirs: OrderId = ahead.next(Timestamp::from_micros(2_000_500));
        behind.witness(theirs);
        let ours: OrderId = behind.next(Timestamp::from_micros(1_000_000));
        assert!(ours > theirs);
        assert!(ours.as_u128() >> 80 == theirs.as_u128() >> 80, "by no more than it takes");
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let source = IdSource::new(Arc::new(SystemEntropy::default()));
        let at = Timestamp::from_micros(1_769_851_800_123_456);
        let id: OrderId = source.next(at);
        assert_eq!(id.made_at(), Timestamp::from_micros(1_769_851_800_123_000));
    }

    #[test]
    fn a_wrong_prefix_is_refused() {
        let shop = ShopId::from_u128(7).to_string();
        let error = shop.parse::<OrderId>().unwrap_err();
        assert!(error.message().contains("ord_"), "{error}");
    }
}
