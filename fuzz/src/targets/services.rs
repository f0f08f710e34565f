//! What other services say: deliveries and answers.

use baddie::ai::listing::{rules_of, validate};
use baddie::catalog::Condition;
use baddie::clock::Timestamp;
use baddie::integrations::framer;
use baddie::integrations::hostinger::{self, CatalogItem, PurchaseOrder, ZoneEntry};
use baddie::integrations::http::{Answer, Http, Means, Settings};
use baddie::integrations::openai;
use baddie::integrations::railway;
use baddie::integrations::secret::Secret;
use baddie::integrations::shopify::{self, Order, Product};
use baddie::integrations::stripe::{self, Config, Event, Intent, List, Refund, Stripe};
use baddie::integrations::webflow;
use baddie::integrations::webhook;
use baddie::listings::{Facts, Text};
use baddie::money::Currency;

use super::{seeds, text};
use crate::Target;

const EVENT: &str = r#"{"id":"evt_1","object":"event","type":"refund.updated","created":1793491200,"livemode":false,
    "account":null,"data":{"object":{"id":"re_1"},"previous_attributes":{"status":"pending"}}}"#;
const INTENT: &str = r#"{"id":"pi_1","status":"requires_capture","amount":2000,"amount_capturable":2000,"currency":"gbp",
    "metadata":{"baddie_txn":"ptx_1"},"latest_charge":{"id":"ch_1"},"last_payment_error":{"code":"card_declined"}}"#;
const ERROR: &str = r#"{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card","message":"no","param":"x"}}"#;

const ORDERS: &str = r#"{"data":{"orders":{"nodes":[{"id":"gid://shopify/Order/1","processedAt":"2026-11-20T10:00:00Z",
    "updatedAt":"2026-11-20T10:05:00Z","cancelledAt":null,"taxesIncluded":true,"displayFinancialStatus":"PAID",
    "risk":{"recommendation":"ACCEPT","assessments":[]},"customer":{"displayName":"Ada"},
    "totalShippingPriceSet":{"shopMoney":{"amount":"3.95","currencyCode":"GBP"}},"lineItems":{"nodes":[{"sku":"MUG",
    "quantity":3,"product":{"id":"gid://shopify/Product/1"},
    "discountedTotalSet":{"shopMoney":{"amount":"10.00","currencyCode":"GBP"}},"taxLines":[{"title":"VAT",
    "ratePercentage":20.0,"channelLiable":false,"priceSet":{"shopMoney":{"amount":"1.67","currencyCode":"GBP"}}}]}],
    "pageInfo":{"hasNextPage":false,"endCursor":null}}}],"pageInfo":{"hasNextPage":false,"endCursor":"x"}}}}"#;
const PRODUCT: &str = r#"{"data":{"productByIdentifier":{"id":"gid://shopify/Product/1","title":"Mug","descriptionHtml":"",
    "status":"ACTIVE","onlineStoreUrl":null,"publishedOnPublication":true,"variants":{"nodes":[{"id":"v","sku":"MUG",
    "price":"12.50","inventoryItem":{"id":"i","inventoryLevel":{"updatedAt":"x","quantities":[{"quantity":3}]}}}]}}}}"#;
const OFFERED: &str = concat!(
    r#"0{"id":"gid://shopify/Product/1","title":"Shirt","descriptionHtml":"<p>Blue &amp; soft</p>","vendor":"Falcon","status":"ACTIVE","publishedOnPublication":true}"#,
    "\n",
    r#"{"id":"gid://shopify/ProductVariant/2","sku":"S","price":"12.50","selectedOptions":[{"name":"Size","value":"S"}],"inventoryItem":{"unitCost":{"amount":"4.0","currencyCode":"GBP"},"inventoryLevel":{"updatedAt":"x","quantities":[{"quantity":3}]}},"__parentId":"gid://shopify/Product/1"}"#,
    "\n",
    r#"{"id":"gid://shopify/Product/3","title":"Mug","status":"DRAFT"}"#,
);
const THROTTLED: &str = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":
    {"requestedQueryCost":300,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":100,"restoreRate":50.0}}}}"#;

const SITE_ORDERS: &str = r#"{"orders":[{"orderId":"fc7-128","status":"unfulfilled","acceptedOn":"2026-11-20T10:00:00.000Z",
    "fulfilledOn":null,"customerPaid":{"unit":"GBP","value":"1691"},"netAmount":{"unit":"GBP","value":"1600"},
    "customerInfo":{"fullName":"Ada"},"purchasedItems":[{"count":3,"rowTotal":{"unit":"GBP","value":"1000"},
    "productId":"p1","variantSKU":"MUG"},{"count":1,"rowTotal":{"unit":"GBP","value":500}}],"totals":{"extras":[
    {"type":"tax","name":"VAT","price":{"unit":"GBP","value":"96"}},{"type":"shipping","price":{"unit":"GBP","value":"395"}},
    {"type":"discount","price":{"unit":"GBP","value":"-300"}}],"total":{"unit":"GBP","value":"1691"}}}],
    "pagination":{"limit":100,"offset":0,"total":1}}"#;
const SITE_PRODUCT: &str = r#"{"product":{"id":"p1","lastPublished":null,"isDraft":true,"isArchived":false,"fieldData":
    {"name":"Mug","slug":"lst-1"}},"skus":[{"id":"s1","fieldData":{"price":{"value":1250,"unit":"GBP"},"sku":"MUG"}}]}"#;
const SITE_ITEMS: &str = r#"{"items":[{"id":"i1","lastPublished":null,"lastUpdated":"2026-11-20T10:00:00Z","isDraft":false,
    "isArchived":false,"fieldData":{"name":"Mug","slug":"mug","baddie-key":"mug_1","quantity":3}}],"pagination":{"total":1}}"#;
const SITE_REFUSAL: &str =
    r#"{"code":"validation_error","message":"no","details":[{"param":"slug","description":"taken"}]}"#;

const FRAMES: [&str; 4] = [
    r#"[{"type":1,"id":2,"result":3},"methodResponse",10,{"deployment":4,"hostnames":7},{"id":5,"createdAt":6,"updatedAt":6},"d1",["Date","2026-11-01T00:00:00.000Z"],[8],{"hostname":9,"isPrimary":10,"deploymentId":5},"demo.framer.app",true]"#,
    r#"[{"type":1,"id":2,"error":3,"result":-1},"methodResponse",7,"Item not found"]"#,
    r#"[{"type":1,"code":2,"message":3,"ref":4,"retryable":5},"error","UNAUTHORIZED","Invalid API key","ref_1",false]"#,
    concat!(
        r#"{"$chunk":1,"id":"m","seq":0,"data":"[{\"type\":1},"}"#,
        "\n",
        r#"{"$chunk":1,"id":"m","seq":-1,"data":"\"ready\"]"}"#
    ),
];

const COMPLETION: &str = r#"{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","refusal":null,
    "content":"{\"title\":\"Wax jacket\",\"description\":\"Green.\",\"tags\":[\"green\"]}"}}],"usage":{"total_tokens":9}}"#;

const CATALOGUE: &str = r#"[{"id":"hostingercom-domain-com","name":".COM Domain","category":"DOMAIN","metadata":null,"prices":
    [{"id":"hostingercom-domain-com-usd-1y","currency":"USD","price":1599,"first_period_price":999,"period":1,"period_unit":"year"}]}]"#;
const ORDER: &str = r#"{"id":2957086,"subscription_id":"Azz353Uhl1xC54pR0","status":"completed","currency":"USD","subtotal":999,"total":1209}"#;
const ZONE: &str = r#"[{"name":"@","type":"TXT","ttl":14400,"records":[{"content":"\"v=spf1 -all\"","is_disabled":false}]}]"#;
const WRONG: &str = r#"{"message":"The given data was invalid.","errors":{"zone":["DNS resource record is not valid"]},"correlation_id":"x"}"#;

const DEPLOYMENT: &str = r#"{"data":{"deployment":{"id":"d","status":"SUCCESS","staticUrl":"a.example.com","url":null,"canRollback":true}}}"#;
const DOMAINS: &str = r#"{"data":{"domains":{"serviceDomains":[{"domain":"a.up.railway.app"}],"customDomains":[{"id":"c",
    "domain":"a.example.com","status":{"verified":false,"dnsRecords":[{"hostlabel":"a","recordType":"DNS_RECORD_TYPE_CNAME",
    "requiredValue":"x.up.railway.app","zone":"example.com"}]}}]}}}"#;
const SERVICES: &str = r#"{"data":{"project":{"services":{"edges":[{"node":{"id":"s","name":"shop","templateId":null}}],
    "pageInfo":{"hasNextPage":false,"endCursor":null}}}}}"#;
const DENIED: &str = r#"{"data":null,"errors":[{"message":"Not Authorized","path":["deployment"]}]}"#;

pub(super) fn targets() -> Vec<Target> {
    vec![signatures(), events(), answers(), shops(), offered(), sites(), frames(), texts(), rented(), run()]
}

/// Headers of deliveries: nothing made up is believed.
fn signatures() -> Target {
    let secret = Secret::new("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    let now = Timestamp::from_micros(1_793_491_200_000_000);
    let headers =
        ["t=1793491200,v1=5979e777,v0=00", "v1,tou5tTD+X/rkdYb523+4XkTiWUyHQlhFIpGtc8vHvCE= v1,AAAA"];
    text("signatures of services", &headers, move |header| {
        let (time, rest) = header.split_once(',').unwrap_or((header, ""));
        let believed = [
            webhook::stripe(&secret, header, b"{}", now).is_ok(),
            webhook::shopify(&secret, header, b"{}").is_ok(),
            webhook::webflow(&secret, time, rest, b"{}", now).is_ok(),
            webhook::standard(&secret, "msg", time, rest, b"{}", now).is_ok(),
        ];
        if believed.contains(&true) { Err(format!("it was believed: {believed:?}")) } else { Ok(()) }
    })
}

/// Deliveries of Stripe whose signature was right.
fn events() -> Target {
    let http = Http::new(&Settings::default(), Means::default()).expect("a client can be made");
    let stripe = Stripe::new(http, &Config::new(Secret::new("sk_test_1"))).expect("the settings are right");
    let read = move |input: &[u8]| match stripe.read_event(input) {
        Ok(Event { livemode: false, account: None, .. }) | Err(_) => Ok(()),
        Ok(event) => Err(format!("it is for somebody else: {event:?}")),
    };
    Target { name: "events of Stripe", seeds: seeds(&[EVENT]), cost: 1, read: Box::new(read) }
}

/// Answers of Stripe, good ones and refusals; the first byte chooses the status.
fn answers() -> Target {
    let statuses = [200, 400, 401, 402, 403, 404, 409, 429, 500, 503];
    let read = move |input: &[u8]| {
        let Some((first, body)) = input.split_first() else { return Ok(()) };
        let status = statuses[usize::from(*first) % statuses.len()];
        let answer = Answer::new(status, body.to_vec());
        let read = [
            stripe::read::<Intent>(&answer).is_ok(),
            stripe::read::<Refund>(&answer).is_ok(),
            stripe::read::<List<Intent>>(&answer).is_ok(),
        ];
        if status == 200 || read == [false; 3] { Ok(()) } else { Err(format!("{status} is taken for good")) }
    };
    let good = |body: &str| format!("\u{0}{body}").into_bytes();
    let refused = format!("\u{3}{ERROR}").into_bytes();
    let list = format!(r#"{{"data":[{INTENT}],"has_more":true}}"#);
    let seeds = vec![good(INTENT), good(&list), refused];
    Target { name: "answers of Stripe", seeds, cost: 1, read: Box::new(read) }
}

/// Answers of Shopify: products and orders, and refusals with status 200. What is taken for an order can be one.
fn shops() -> Target {
    let read = |input: &[u8]| {
        let answer = Answer::new(200, input.to_vec());
        let product = shopify::read::<Option<Product>>(&answer).is_ok();
        let Ok(pages) = shopify::read::<shopify::Page<Order>>(&answer) else { return Ok(()) };
        let odd = pages
            .nodes
            .iter()
            .filter_map(|order| shopify::imported(order).ok())
            .find(|order| order.lines.iter().any(|line| line.qty < 1 || line.unit_price.minor() < 0));
        match odd {
            Some(order) => Err(format!("it was taken: {order:?}")),
            None if product => Err("a page of orders is taken for a product".to_owned()),
            None => Ok(()),
        }
    };
    Target {
        name: "answers of Shopify",
        seeds: seeds(&[ORDERS, PRODUCT, THROTTLED]),
        cost: 1,
        read: Box::new(read),
    }
}

/// The file of what a shop at Shopify has on offer, cut anywhere: no more of it is dealt with than there is, and what is taken
/// has a name and a quantity that can be.
fn offered() -> Target {
    let read = |input: &[u8]| {
        let (last, lines) =
            input.split_first().map_or((false, input), |(first, rest)| (first % 2 == 0, rest));
        let Ok((goods, taken)) = shopify::goods_in(lines, last, Currency::GBP) else { return Ok(()) };
        let odd =
            goods.iter().find(|found| found.sku.is_empty() || found.external_id.is_empty() || found.qty < 0);
        match odd {
            Some(found) => Err(format!("it was taken: {found:?}")),
            None if taken > lines.len() => Err(format!("{taken} of {} bytes are dealt with", lines.len())),
            None => Ok(()),
        }
    };
    Target { name: "what Shopify has on offer", seeds: seeds(&[OFFERED]), cost: 1, read: Box::new(read) }
}

/// Answers of Webflow, good ones and refusals; the first byte chooses the status. What is taken for an order can be one.
fn sites() -> Target {
    let statuses = [200, 202, 400, 401, 404, 409, 429, 500];
    let read = move |input: &[u8]| {
        let Some((first, body)) = input.split_first() else { return Ok(()) };
        let status = statuses[usize::from(*first) % statuses.len()];
        let answer = Answer::new(status, body.to_vec());
        let orders = webflow::read::<webflow::Orders>(&answer);
        let read = [
            orders.is_ok(),
            webflow::read::<webflow::Stocked>(&answer).is_ok(),
            webflow::read::<webflow::Items>(&answer).is_ok(),
            webflow::read::<webflow::Inventory>(&answer).is_ok(),
        ];
        if status >= 300 && read != [false; 4] {
            return Err(format!("{status} is taken for good"));
        }
        let told = orders.into_iter().flat_map(|orders| orders.orders);
        let odd = told
            .filter_map(|order| webflow::imported(&order).ok().flatten())
            .find(|order| order.lines.iter().any(|line| line.qty < 1 || line.unit_price.minor() < 0));
        odd.map_or(Ok(()), |order| Err(format!("it was taken: {order:?}")))
    };
    let seed = |status: u8, body: &str| [&[status], body.as_bytes()].concat();
    let seeds = vec![seed(0, SITE_ORDERS), seed(0, SITE_PRODUCT), seed(1, SITE_ITEMS), seed(2, SITE_REFUSAL)];
    Target { name: "answers of Webflow", seeds, cost: 1, read: Box::new(read) }
}

/// What Framer says in a session, a frame in each line: what is read can be said again, and is then read too.
fn frames() -> Target {
    text("frames of Framer", &FRAMES, |session| {
        let mut chunks = framer::Chunks::new(1 << 16);
        for frame in session.lines() {
            let Ok(Some(whole)) = chunks.take(frame.to_owned()) else { continue };
            let said = framer::read(&whole);
            let Ok(read) = framer::decode(&whole) else {
                return if said.is_ok() { Err(format!("nothing was said: {said:?}")) } else { Ok(()) };
            };
            if let Err(wrong) = framer::decode(&framer::encode(&read.clone().into())) {
                return Err(format!("{read} is not read again: {wrong}"));
            }
        }
        Ok(())
    })
}

/// Answers of Hostinger, good ones and refusals; the first byte chooses the status. What can be agreed to is in the catalogue.
fn rented() -> Target {
    let statuses = [200, 401, 403, 404, 422, 429, 500];
    let read = move |input: &[u8]| {
        let Some((first, body)) = input.split_first() else { return Ok(()) };
        let status = statuses[usize::from(*first) % statuses.len()];
        let answer = Answer::new(status, body.to_vec());
        let order = hostinger::read::<PurchaseOrder>(&answer).map(|order| order.cost());
        let zone = hostinger::read::<Vec<ZoneEntry>>(&answer);
        let catalogue = hostinger::read::<Vec<CatalogItem>>(&answer);
        if status != 200 && (order.is_ok() || zone.is_ok() || catalogue.is_ok()) {
            return Err(format!("{status} is taken for good"));
        }
        let catalogue = catalogue.unwrap_or_default();
        let mut prices = catalogue.iter().flat_map(|item| &item.prices);
        match prices.find(|price| price.first().is_some_and(|first| first.minor() < 0)) {
            Some(price) => Err(format!("it costs less than nothing: {price:?}")),
            None => Ok(()),
        }
    };
    let with = |first: char, body: &str| format!("{first}{body}").into_bytes();
    let seeds =
        vec![with('\u{0}', CATALOGUE), with('\u{0}', ORDER), with('\u{0}', ZONE), with('\u{4}', WRONG)];
    Target { name: "answers of Hostinger", seeds, cost: 1, read: Box::new(read) }
}

/// Answers of Railway, and refusals with status 200: what holds errors is never taken for good.
fn run() -> Target {
    let read = |input: &[u8]| {
        let answer = Answer::new(200, input.to_vec());
        let taken = [
            railway::read::<railway::Deployment>(&answer).is_ok(),
            railway::read::<railway::Domains>(&answer).is_ok(),
            railway::read::<railway::Services>(&answer).is_ok(),
            railway::read::<Vec<railway::Log>>(&answer).is_ok(),
        ];
        let body = serde_json::from_slice::<serde_json::Value>(input).unwrap_or_default();
        let errors = body["errors"].as_array().is_some_and(|errors| !errors.is_empty());
        if errors && taken.contains(&true) { Err("an error is taken for good".to_owned()) } else { Ok(()) }
    };
    let seeds = seeds(&[DEPLOYMENT, DOMAINS, SERVICES, DENIED]);
    Target { name: "answers of Railway", seeds, cost: 1, read: Box::new(read) }
}

/// Answers of a model elsewhere: what is found fit to be said keeps the limits.
fn texts() -> Target {
    let facts = Facts {
        name: "wax jacket".to_owned(),
        brand: None,
        condition: Some(Condition::Good),
        condition_notes: String::new(),
        attributes: [("colour".to_owned(), "green".to_owned())].into(),
    };
    let rules = rules_of("ebay").expect("its rules are known");
    let read = move |input: &[u8]| {
        let Ok(answer) = openai::read(&Answer::new(200, input.to_vec())) else { return Ok(()) };
        let text = Text {
            title: answer.title,
            description: answer.description,
            tags: answer.tags,
            claims: Vec::new(),
        };
        let fit = validate(&text, &facts, rules).is_empty();
        if fit && text.title.chars().count() > rules.title {
            Err("too long a title".to_owned())
        } else {
            Ok(())
        }
    };
    Target { name: "texts of a model", seeds: seeds(&[COMPLETION]), cost: 1, read: Box::new(read) }
}
