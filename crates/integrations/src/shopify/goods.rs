//! What a shop has on offer, taken over whole: Shopify writes it to a file, which is read part by part
//! ([bulk operations](https://shopify.dev/docs/api/usage/bulk-operations/queries)).
//!
//! The file is asked for in ranges of bytes, so that nothing is held but a part of it, and who is cut off goes on from where
//! the last part ended. Its address is asked for anew each time, because it runs out.

use baddie_core::catalog::Attributes;
use baddie_core::listings::{Channel, ChannelError, GoodsPart, OnOffer};
use baddie_core::money::Currency;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::amount::money;
use super::channel::told;
use super::plain::plain;
use super::wire::Level;
use super::{Ground, KIND, Node, Shopify, ShopifyMoney, calls};
use crate::http::{Answer, Call, Cause, Connection, Failure, Limits, Manners};

/// How much of the file is read at once; more where one product takes more.
const PARTS: [usize; 2] = [64 << 10, 4 << 20];

/// How far it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// Shopify's name for what writes the file.
    of: String,
    /// How many bytes of the file are taken.
    at: u64,
}

/// How far Shopify is with the file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Writing {
    status: String,
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    object_count: Value,
    #[serde(default)]
    root_object_count: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Begun {
    bulk_operation: Option<Node>,
}

/// A product, on a line of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProductLine {
    id: String,
    title: String,
    #[serde(default)]
    description_html: String,
    #[serde(default)]
    vendor: Option<String>,
    #[serde(default)]
    product_type: Option<String>,
    #[serde(default)]
    category: Option<Node>,
    status: String,
    #[serde(default)]
    online_store_url: Option<String>,
    #[serde(default)]
    published_on_publication: bool,
}

/// A variant, on a line behind its product's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VariantLine {
    id: String,
    #[serde(rename = "__parentId")]
    parent: String,
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    barcode: Option<String>,
    price: String,
    #[serde(default)]
    selected_options: Vec<SelectedOption>,
    #[serde(default)]
    inventory_item: Option<Stocked>,
}

#[derive(Deserialize)]
struct SelectedOption {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stocked {
    #[serde(default)]
    unit_cost: Option<ShopifyMoney>,
    #[serde(default)]
    inventory_level: Option<Level>,
}

/// How a file is answered: it is there, or not.
struct FileManners;

impl Manners for FileManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        answer.cause().map_or(Ok(()), |cause| {
            let message = format!("the file of what is on offer is answered with status {}", answer.status);
            Err(Failure::new(KIND, cause, message))
        })
    }
}

impl Shopify {
    pub(super) async fn offered(
        &self,
        at: &Channel,
        cursor: Option<&str>,
    ) -> Result<GoodsPart, ChannelError> {
        let ground = self.stand(at).await?;
        let Some(cursor) = cursor else { return self.begin(&ground).await.map_err(told) };
        let cursor: Cursor = serde_json::from_str(cursor).map_err(|_| ChannelError::Rejected {
            reason: "this cursor is not one of Shopify's: take over from the beginning".into(),
        })?;
        let writing: Option<Writing> = self.ask(&calls::bulk_operation(&cursor.of)).await.map_err(told)?;
        let writing = writing.ok_or_else(|| again("Shopify has no such file any more"))?;
        match writing.status.as_str() {
            "COMPLETED" => {}
            "CREATED" | "RUNNING" | "CANCELING" => return Ok(later(&cursor)),
            status => {
                let code = writing.error_code.as_deref().unwrap_or("no reason given");
                return Err(again(&format!("the file of what is on offer is {status} ({code})")));
            }
        }
        let total = count(&writing.object_count)
            .zip(count(&writing.root_object_count))
            .map(|(all, products)| (all - products).max(0));
        // A shop with nothing has no file.
        let Some(url) = &writing.url else {
            return Ok(GoodsPart { goods: Vec::new(), cursor: None, busy: false, total: Some(0) });
        };
        for size in PARTS {
            let (bytes, last) = self.read(url, cursor.at, size).await.map_err(told)?;
            let (goods, taken) = goods_in(&bytes, last, ground.currency).map_err(told)?;
            if taken > 0 || last {
                let next = Cursor { at: cursor.at + taken as u64, ..cursor };
                let cursor = (!last).then(|| text_of(&next));
                return Ok(GoodsPart { goods, cursor, busy: false, total });
            }
        }
        Err(ChannelError::Rejected { reason: "a product of the shop is larger than is read at once".into() })
    }

    /// Has the file written.
    async fn begin(&self, ground: &Ground) -> Result<GoodsPart, Failure> {
        // Variants have to follow their products: only so it can be read part by part.
        let begun: Begun = self.ask(&calls::run_query(&calls::products_at(ground), true)).await?;
        let of = begun.bulk_operation.map(|begun| begun.id).ok_or_else(|| {
            Failure::new(KIND, Cause::Protocol, "Shopify does not say what writes the file")
        })?;
        Ok(later(&Cursor { of, at: 0 }))
    }

    /// Reads a range of the file; says whether it is the last.
    async fn read(&self, url: &str, at: u64, size: usize) -> Result<(Vec<u8>, bool), Failure> {
        let wrong =
            |why: &str| Failure::new(KIND, Cause::Protocol, format!("the file of what is on offer {why}"));
        let url = Url::parse(url).map_err(|_| wrong("has no address"))?;
        // What the address holds lets anybody read the file: it is no credential of ours, and sent nowhere else.
        let origin = url.origin().ascii_serialization();
        let limits = Limits { answer: size + (64 << 10), ..Limits::default() };
        let to = Connection::new(Box::new(FileManners), &origin, limits)?;
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let range = format!("bytes={at}-{}", at + size as u64 - 1);
        let answer = self.http.send(&to, &Call::get(path).header("range", &range)).await?;
        if answer.status != 206 {
            // Who knows no ranges sends all of it.
            let skip = usize::try_from(at).unwrap_or(usize::MAX).min(answer.body.len());
            return Ok((answer.body[skip..].to_vec(), true));
        }
        let total =
            answer.header("content-range").and_then(|range| range.rsplit('/').next()?.parse::<u64>().ok());
        let total = total.ok_or_else(|| wrong("does not say how long it is"))?;
        Ok((answer.body.to_vec(), at + answer.body.len() as u64 >= total))
    }
}

fn text_of(cursor: &Cursor) -> String {
    serde_json::to_string(cursor).expect("a cursor is plain data with texts for keys")
}

/// Nothing yet: the file is being written.
fn later(cursor: &Cursor) -> GoodsPart {
    GoodsPart { goods: Vec::new(), cursor: Some(text_of(cursor)), busy: true, total: None }
}

fn again(why: &str) -> ChannelError {
    ChannelError::Rejected { reason: format!("{why}: take over from the beginning") }
}

/// A count, which Shopify writes as text.
fn count(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The things on these lines, and how many bytes of them are dealt with: a product that may go on behind them is left, unless
/// they are the last. What makes no sense is a failure.
pub fn goods_in(bytes: &[u8], last: bool, currency: Currency) -> Result<(Vec<OnOffer>, usize), Failure> {
    let wrong = |why: String| {
        Failure::new(KIND, Cause::Protocol, format!("a line of what is on offer makes no sense: {why}"))
    };
    let (mut goods, mut product, mut variants) = (Vec::new(), None::<ProductLine>, Vec::new());
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length);
        let Some(end) = end.or_else(|| last.then_some(bytes.len())) else { break };
        let line = &bytes[at..end];
        if !line.trim_ascii().is_empty() {
            let line: Value = serde_json::from_slice(line).map_err(|error| wrong(error.to_string()))?;
            if line.get("__parentId").is_some() {
                let variant = VariantLine::deserialize(line).map_err(|error| wrong(error.to_string()))?;
                if product.as_ref().is_none_or(|product| product.id != variant.parent) {
                    return Err(wrong(format!("{} does not follow its product", variant.id)));
                }
                variants.push(variant);
            } else {
                let next = ProductLine::deserialize(line).map_err(|error| wrong(error.to_string()))?;
                if let Some(product) = product.replace(next) {
                    on_offer(&product, &std::mem::take(&mut variants), currency, &mut goods)?;
                }
                start = at;
            }
        }
        at = (end + 1).min(bytes.len());
    }
    if !last {
        return Ok((goods, start));
    }
    if let Some(product) = product {
        on_offer(&product, &variants, currency, &mut goods)?;
    }
    Ok((goods, bytes.len()))
}

/// The variants of a product, as the engine takes them.
fn on_offer(
    product: &ProductLine,
    variants: &[VariantLine],
    currency: Currency,
    goods: &mut Vec<OnOffer>,
) -> Result<(), Failure> {
    let mut first: Option<String> = None;
    for variant in variants {
        let price = currency.parse_amount(&variant.price).map_err(|error| {
            Failure::new(KIND, Cause::Protocol, format!("the price of {} is none: {error}", variant.id))
        })?;
        let number = variant.id.rsplit('/').next().unwrap_or_default();
        let named = variant.sku.clone().filter(|sku| !sku.trim().is_empty());
        let sku = named.unwrap_or_else(|| format!("SHOPIFY-{number}"));
        let stocked = variant.inventory_item.as_ref();
        let level = stocked.and_then(|item| item.inventory_level.as_ref());
        let alone = variants.len() == 1;
        let own = |option: &&SelectedOption| option.name != "Title" || option.value != "Default Title";
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let code = product.category.as_ref().and_then(|category| category.id.rsplit('/').next());
        goods.push(OnOffer {
            external_id: if alone { product.id.clone() } else { variant.id.clone() },
            sister: first.clone(),
            title: product.title.clone(),
            description: plain(&product.description_html),
            brand: filled(&product.vendor),
            category: code.map(str::to_owned).or_else(|| filled(&product.product_type)),
            options: variant
                .selected_options
                .iter()
                .filter(own)
                .map(|option| (option.name.clone(), option.value.clone()))
                .collect::<Attributes>(),
            gtin: filled(&variant.barcode),
            price,
            unit_cost: stocked.and_then(|item| money(item.unit_cost.as_ref()?)),
            qty: level.map_or(0, Level::available).max(0),
            url: product.online_store_url.clone(),
            // What is not counted where we sell from cannot be kept in step.
            live: product.status == "ACTIVE" && product.published_on_publication && level.is_some(),
            sku: sku.clone(),
        });
        first.get_or_insert(sku);
    }
    Ok(())
}
