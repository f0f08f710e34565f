//! A pretend Shopify that keeps state: products, quantities, orders, what was answered under each key, and the points that
//! questions cost. Its search lags behind its shop, as the real one does.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::testing::FixedClock;
use baddie_integrations::shopify::{SCOPES, VERSION};
use serde_json::{Value, json};

use super::service::SECRET;
use crate::kit::graphql::{Graph, projected};
use crate::kit::server::{Heard, Reply, Server};

/// The token that it takes.
pub(crate) const TOKEN: &str = "shpat_canary91f0";
/// The shop.
pub(crate) const SHOP: &str = "second-spring.myshopify.com";
/// Where its goods lie.
pub(crate) const LOCATION: &str = "gid://shopify/Location/1";
/// The client id of the app that its tokens are for.
pub(crate) const CLIENT: &str = "client-1";
/// How long a token lives that expires.
const HOUR: Duration = Duration::from_hours(1);
const PUBLICATION: &str = "gid://shopify/Publication/1";

/// The points that a shop has at most, and gets back in a second.
const POINTS: (f64, f64) = (2_000.0, 100.0);

/// Shopify's own schema, where it is at hand.
pub(crate) fn graph() -> Option<&'static Graph> {
    static OPEN: LazyLock<Option<Graph>> = LazyLock::new(|| Graph::open("shopify/admin-2026-10.graphql.gz"));
    OPEN.as_ref()
}

/// A variant, with its product, which most have to themselves.
#[derive(Clone)]
pub(crate) struct Product {
    /// The number of the product, where it is shared with sisters.
    pub(crate) of: Option<u64>,
    /// How it differs from its sisters.
    pub(crate) size: Option<String>,
    /// What one cost to buy.
    pub(crate) cost: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) title: String,
    pub(crate) html: String,
    pub(crate) status: String,
    pub(crate) sku: String,
    pub(crate) price: String,
    pub(crate) available: i64,
    changed: Timestamp,
    pub(crate) shown: bool,
    /// From where its pictures were fetched, with what they show; each fetch is counted.
    pub(crate) pictures: Vec<(String, String)>,
    pub(crate) fetched: usize,
    /// Who made it, the shop's word for it, and what it is in the taxonomy.
    pub(crate) named: [Option<String>; 3],
    /// Our note of what it was shown with.
    note: Option<String>,
}

impl Product {
    /// Takes what is given of it beside its words, and leaves the rest.
    fn take(&mut self, input: &Value) {
        for (name, field) in ["vendor", "productType", "category"].into_iter().zip(&mut self.named) {
            *field = input[name].as_str().map(str::to_owned).or(field.take());
        }
        if let Some(files) = input["files"].as_array() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            self.pictures =
                files.iter().map(|file| (text(&file["originalSource"]), text(&file["alt"]))).collect();
            self.fetched += files.len();
        }
        for note in input["metafields"].as_array().into_iter().flatten() {
            match note["key"].as_str() {
                Some("listing") => self.key = note["value"].as_str().map(str::to_owned),
                Some("shown") => self.note = note["value"].as_str().map(str::to_owned),
                other => panic!("the fake knows no note called {other:?}"),
            }
        }
    }
}

/// What the fake holds.
pub(crate) struct State {
    now: Timestamp,
    pub(crate) products: BTreeMap<u64, Product>,
    pub(crate) orders: Vec<Value>,
    keys: BTreeMap<String, (Value, Value)>,
    defined: bool,
    pub(crate) scopes: Vec<&'static str>,
    /// How far its search lags behind.
    pub(crate) lag: Duration,
    pub(crate) points: f64,
    counted_at: Timestamp,
    /// Questions that it had no points for.
    pub(crate) throttled: usize,
    /// Whether the token may see who bought.
    pub(crate) people: bool,
    /// What it delivers where.
    pub(crate) hooks: Vec<(String, String)>,
    /// Whether it delivers nowhere new.
    pub(crate) deaf: bool,
    /// The token that it takes now, and until when.
    token: (String, Option<Timestamp>),
    /// What the next token is had for, where this one expires.
    pub(crate) refresh: Option<String>,
    /// How many tokens it gave for others.
    pub(crate) renewed: usize,
    /// The code that an owner was given last, while it is good.
    pub(crate) code: Option<String>,
    /// What the owner grants.
    pub(crate) grants: Vec<&'static str>,
    /// The file of what is on offer, and when it is written.
    pub(crate) file: Option<(String, Timestamp)>,
    /// How often the file was asked for, and whether ranges of it are known.
    pub(crate) ranges: (usize, bool),
    /// Where it is.
    base: String,
}

/// The pretend Shopify.
pub(crate) struct Fake {
    pub(crate) server: Server,
    clock: FixedClock,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(clock: &FixedClock) -> Self {
        let state = State {
            now: clock.now(),
            products: BTreeMap::new(),
            orders: Vec::new(),
            keys: BTreeMap::new(),
            defined: false,
            scopes: vec![
                "write_products",
                "write_inventory",
                "read_locations",
                "write_publications",
                "read_orders",
            ],
            lag: Duration::ZERO,
            points: POINTS.0,
            counted_at: clock.now(),
            throttled: 0,
            people: true,
            deaf: false,
            hooks: vec![("ORDERS_CREATE".into(), "https://another.example/hook".into())],
            token: (TOKEN.into(), None),
            refresh: None,
            renewed: 0,
            code: None,
            grants: SCOPES.to_vec(),
            file: None,
            ranges: (0, true),
            base: String::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let (serving, telling) = (state.clone(), clock.clone());
        let server = Server::start(move |heard| {
            let mut state = serving.lock().unwrap();
            state.now = telling.now();
            let reply = state.answer(heard);
            reply.header("x-request-id", "req-fake").header("x-shopify-api-version", VERSION)
        });
        server.base().clone_into(&mut state.lock().unwrap().base);
        Self { server, clock: clock.clone(), state }
    }

    /// Looks at what it holds.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap();
        state.now = self.clock.now();
        look(&mut state)
    }

    /// Somebody buys and pays; the order's name.
    pub(crate) fn sell(&self, product: &str, qty: i64) -> String {
        self.look(|state| state.sell(product, qty))
    }
}

impl Fake {
    /// What it knows to be on its way of an order: how many in each parcel, and how that is followed.
    pub(crate) fn parcels(&self, order: &str) -> Vec<(i64, String)> {
        let units = |parcel: &Value| {
            let lines = parcel["fulfillmentLineItems"]["nodes"].as_array().unwrap().iter();
            lines.map(|line| line["quantity"].as_i64().unwrap()).sum()
        };
        self.look(|state| {
            let order = state.orders.iter().find(|known| known["id"] == order).unwrap();
            let parcels = order["fulfillments"].as_array().unwrap().iter();
            parcels
                .map(|parcel| {
                    (units(parcel), parcel["tracking"]["number"].as_str().unwrap_or_default().to_owned())
                })
                .collect()
        })
    }
}

/// The number in a name such as `gid://shopify/Product/7`.
pub(crate) fn number(id: &str) -> u64 {
    id.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn money(amount: &str) -> Value {
    json!({"shopMoney": {"amount": amount, "currencyCode": "GBP"}})
}

/// Pence, of money.
fn minor(money: &Value) -> i64 {
    let amount = money["shopMoney"]["amount"].as_str().unwrap_or_default();
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    // Orders that make no sense are none to give money back of.
    let read = |digits: &str| digits.parse::<i64>().unwrap_or_default();
    read(whole) * 100 + read(&format!("{part:0<2}"))
}

fn pounds(minor: i64) -> Value {
    money(&format!("{}.{:02}", minor / 100, minor % 100))
}

fn no_more() -> Value {
    json!({"hasNextPage": false, "endCursor": null})
}

fn complaint(code: Option<&str>, field: &[&str], message: &str) -> Value {
    let mut complaint = json!({"field": field, "message": message});
    if let Some(code) = code {
        complaint["code"] = code.into();
    }
    json!([complaint])
}

/// What is asked for, by its name: the first word inside.
fn root(query: &str) -> String {
    let inside = query.split_once('{').map_or("", |(_, inside)| inside);
    inside.trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect()
}

/// The amount of one, times so many.
fn times(price: &str, qty: i64) -> String {
    let minor: i64 = price.replace('.', "").parse().unwrap();
    format!("{}.{:02}", minor * qty / 100, minor * qty % 100)
}

impl State {
    /// From now on its tokens live for an hour each.
    pub(crate) fn let_expire(&mut self) {
        self.token.1 = Some(self.now.plus(HOUR));
        self.refresh = Some("shprt_canary40aa-0".into());
    }

    /// Gives the next token for what the last one came with; that is good no more.
    fn renew(&mut self, heard: &Heard) -> Reply {
        let asked: Value = serde_json::from_slice(&heard.body).unwrap();
        assert_eq!(heard.header("x-shopify-access-token"), None, "a token is no part of it");
        let known = asked["client_id"] == CLIENT && asked["client_secret"] == SECRET;
        if let Some(code) = asked["code"].as_str() {
            return self.redeem(code, known && asked["expiring"] == "1");
        }
        if !known
            || asked["grant_type"] != "refresh_token"
            || asked["refresh_token"].as_str() != self.refresh.as_deref()
        {
            return Reply::new(400, json!({"error": "invalid_request"}).to_string());
        }
        self.renewed += 1;
        let (token, next) =
            (format!("shpat_canary77d1-{}", self.renewed), format!("shprt_canary40aa-{}", self.renewed));
        self.token = (token.clone(), Some(self.now.plus(HOUR)));
        self.refresh = Some(next.clone());
        let said = json!({
            "access_token": token, "scope": "write_products", "expires_in": HOUR.as_secs(),
            "refresh_token": next, "refresh_token_expires_in": 7_776_000,
        });
        Reply::new(200, said.to_string())
    }

    /// Gives a token for a code, once.
    fn redeem(&mut self, code: &str, known: bool) -> Reply {
        if !known || self.code.take().as_deref() != Some(code) {
            return Reply::new(400, json!({"error": "invalid_request"}).to_string());
        }
        self.let_expire();
        let granted = self.grants.join(",");
        let said = json!({
            "access_token": self.token.0, "scope": granted, "expires_in": HOUR.as_secs(),
            "refresh_token": self.refresh, "refresh_token_expires_in": 7_776_000,
        });
        Reply::new(200, said.to_string())
    }

    fn answer(&mut self, heard: &Heard) -> Reply {
        if heard.path == "/admin/oauth/access_token" {
            return self.renew(heard);
        }
        if heard.path == "/bulk/1.jsonl?signature=x" {
            return self.read_file(heard);
        }
        let good = self.token.1.is_none_or(|until| self.now < until);
        if !good || heard.header("x-shopify-access-token") != Some(&self.token.0) {
            return Reply::new(401, json!({"errors": "[API] Invalid API key or access token"}).to_string());
        }
        if heard.method != "POST" || heard.path != format!("/admin/api/{VERSION}/graphql.json") {
            return Reply::new(404, json!({"errors": "Not Found"}).to_string());
        }
        let body: Value = serde_json::from_slice(&heard.body).unwrap();
        let query = body["query"].as_str().unwrap();
        if let Some(graph) = graph() {
            graph.check_request(&body).unwrap();
        }
        let cost = graph().map_or(10.0, |graph| f64::from(i32::try_from(graph.cost(query)).unwrap()));
        let restored = self.now.since(self.counted_at).as_secs_f64() * POINTS.1;
        (self.points, self.counted_at) = ((self.points + restored).min(POINTS.0), self.now);
        if self.points < cost {
            self.throttled += 1;
            let error = json!([{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]);
            return Reply::new(200, json!({"errors": error, "extensions": self.cost(cost)}).to_string());
        }
        self.points -= cost;
        let name = root(query);
        let vars = &body["variables"];
        let mutation = query.starts_with("mutation");
        // Under a key things are done once, and the same is said again.
        let key = vars["key"].as_str().map(str::to_owned);
        let known = key.as_ref().and_then(|key| self.keys.get(key)).cloned();
        let said = match known {
            Some((with, said)) if with == *vars => said,
            Some(_) => {
                let code = Some("IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
                json!({"userErrors": complaint(code, &[], "the key was used for something else")})
            }
            None => self.act(&name, vars),
        };
        if let Some(key) = key {
            self.keys.entry(key).or_insert((vars.clone(), said.clone()));
        }
        if let Some(error) = said.get("denied") {
            let error = json!([{"message": error, "extensions": {"code": "ACCESS_DENIED"}, "path": [name]}]);
            let said = json!({"data": null, "errors": error, "extensions": self.cost(cost)});
            return Reply::new(200, said.to_string());
        }
        let data = projected(graph(), &body, json!({ name: complete(said, mutation) }));
        if let Some(graph) = graph() {
            graph.check_answer(&body, &data).unwrap();
        }
        Reply::new(200, json!({"data": data, "extensions": self.cost(cost)}).to_string())
    }

    fn cost(&self, requested: f64) -> Value {
        json!({"cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": requested,
            "throttleStatus": {
                "maximumAvailable": POINTS.0, "currentlyAvailable": self.points.floor(), "restoreRate": POINTS.1,
            },
        }})
    }

    fn act(&mut self, name: &str, vars: &Value) -> Value {
        match name {
            "shop" => json!({
                "id": "gid://shopify/Shop/1", "name": "Second Spring", "myshopifyDomain": SHOP, "currencyCode": "GBP",
                "plan": {"partnerDevelopment": true},
            }),
            "currentAppInstallation" => {
                let scopes: Vec<_> = self.scopes.iter().map(|scope| json!({"handle": scope})).collect();
                json!({"accessScopes": scopes})
            }
            "webhookSubscriptions" => {
                let from = vars["after"].as_str().map_or(0, |after| after.parse().unwrap());
                let hook = |(at, (topic, uri)): (usize, &(String, String))| {
                    let id = format!("gid://shopify/WebhookSubscription/{at}");
                    json!({"id": id, "topic": topic, "uri": uri, "format": "JSON"})
                };
                // Two a page, so that there are several.
                let nodes: Vec<_> = self.hooks.iter().enumerate().skip(from).take(2).map(hook).collect();
                let more = from + 2 < self.hooks.len();
                let end = more.then(|| (from + 2).to_string());
                json!({"nodes": nodes, "pageInfo": {"hasNextPage": more, "endCursor": end}})
            }
            "webhookSubscriptionCreate" if self.deaf => {
                let field = ["webhookSubscription", "uri"];
                let sorry = complaint(None, &field, "Address is not allowed");
                json!({"webhookSubscription": null, "userErrors": sorry})
            }
            "webhookSubscriptionCreate" => {
                let said = |value: &Value| value.as_str().unwrap().to_owned();
                let (topic, uri) = (said(&vars["topic"]), said(&vars["webhookSubscription"]["uri"]));
                self.hooks.push((topic.clone(), uri.clone()));
                let id = format!("gid://shopify/WebhookSubscription/{}", self.hooks.len() - 1);
                json!({"webhookSubscription": {"id": id, "topic": topic, "uri": uri, "format": "JSON"}})
            }
            "locations" => json!({
                "nodes": [
                    {"id": "gid://shopify/Location/9", "name": "Attic", "fulfillsOnlineOrders": false},
                    {"id": LOCATION, "name": "Shed", "fulfillsOnlineOrders": true},
                ],
                "pageInfo": no_more(),
            }),
            "publications" => json!({
                "nodes": [
                    {"id": "gid://shopify/Publication/9", "catalog": {"title": "Point of Sale"}},
                    {"id": PUBLICATION, "catalog": {"title": "Online Store"}},
                ],
                "pageInfo": no_more(),
            }),
            "metafieldDefinitionCreate" if std::mem::replace(&mut self.defined, true) => {
                json!({"createdDefinition": null, "userErrors": complaint(Some("TAKEN"), &["definition", "key"], "Key is in use")})
            }
            "metafieldDefinitionCreate" => {
                json!({"createdDefinition": {"id": "gid://shopify/MetafieldDefinition/1"}})
            }
            "productByIdentifier" => self.meant(&vars["identifier"]).map_or(Value::Null, |id| self.told(id)),
            "productVariant" => {
                let id = number(vars["id"].as_str().unwrap());
                self.products.get(&id).map_or(Value::Null, |known| {
                    let mut variant = self.variant(id);
                    variant["product"] = self.told(known.of.unwrap_or(id));
                    variant
                })
            }
            "bulkOperationRunQuery" => self.write_file(vars),
            "bulkOperation" => self.tell_file(),
            "productSet" => self.set(vars),
            "productUpdate" => self.update(&vars["product"]),
            "productVariantsBulkUpdate" => self.update_variant(vars),
            "inventorySetQuantities" => self.count(&vars["input"]["quantities"][0]),
            "publishablePublish" => self.show(vars),
            "orders" => self.list_orders(vars),
            "order" => self.more_lines(vars),
            "fulfillment" => {
                let mut parcels =
                    self.orders.iter().flat_map(|order| order["fulfillments"].as_array().unwrap());
                parcels.find(|parcel| parcel["id"] == vars["id"]).cloned().unwrap_or_default()
            }
            "fulfillmentCreate" => self.send(&vars["fulfillment"]),
            "refundCreate" => self.refund(&vars["input"]),
            "orderCancel" => self.call_off(vars),
            other => panic!("the fake knows no {other}"),
        }
    }

    fn meant(&self, which: &Value) -> Option<u64> {
        if let Some(id) = which["id"].as_str() {
            return Some(number(id)).filter(|id| !self.family(*id).is_empty());
        }
        let key = which["customId"]["value"].as_str()?;
        assert!(self.defined, "Shopify looks up by a key that was defined only");
        self.products.iter().find(|(_, product)| product.key.as_deref() == Some(key)).map(|(id, _)| *id)
    }

    /// Puts something on offer, as if it had always been there.
    pub(crate) fn put(&mut self, id: u64, title: &str, sku: &str, available: i64) -> &mut Product {
        let product = Product {
            of: None,
            size: None,
            cost: Some("4.0".into()),
            key: None,
            title: title.into(),
            html: format!("<p>{title}</p>"),
            status: "ACTIVE".into(),
            sku: sku.into(),
            price: "20.00".into(),
            available,
            changed: self.now,
            shown: true,
            pictures: Vec::new(),
            fetched: 0,
            named: [Some("Falcon".into()), None, None],
            note: None,
        };
        self.products.insert(id, product);
        self.products.get_mut(&id).expect("it was put there just now")
    }

    /// The variants of a product.
    fn family(&self, id: u64) -> Vec<u64> {
        let of = self.products.iter().filter(|(own, product)| product.of.unwrap_or(**own) == id);
        of.map(|(own, _)| *own).collect()
    }

    fn variant(&self, id: u64) -> Value {
        let product = &self.products[&id];
        json!({
            "id": format!("gid://shopify/ProductVariant/{id}"),
            "sku": product.sku,
            "price": product.price,
            "inventoryItem": {
                "id": format!("gid://shopify/InventoryItem/{id}"),
                "inventoryLevel": {
                    "updatedAt": product.changed.to_string(),
                    "quantities": [{"quantity": product.available}],
                },
            },
        })
    }

    /// Writes all that is on offer to a file, which takes a while.
    fn write_file(&mut self, vars: &Value) -> Value {
        assert_eq!(vars["groupObjects"], true, "otherwise variants follow anywhere");
        let query = vars["query"].as_str().unwrap();
        assert!(query.contains(LOCATION) && query.contains(PUBLICATION), "{query}");
        if let Some(graph) = graph() {
            graph.document(query).unwrap();
        }
        if self.file.as_ref().is_some_and(|(_, ready)| self.now < *ready) {
            let busy = complaint(Some("OPERATION_IN_PROGRESS"), &[], "A bulk query operation is in progress");
            return json!({"bulkOperation": null, "userErrors": busy});
        }
        let mut products: Vec<u64> =
            self.products.iter().map(|(own, product)| product.of.unwrap_or(*own)).collect();
        products.dedup();
        let mut file = String::new();
        for id in products {
            let mut product = self.told(id);
            let family = self.family(id);
            let first = &self.products[&family[0]];
            product.as_object_mut().unwrap().retain(|name, _| !["variants", "shown"].contains(&&**name));
            product["vendor"] = first.named[0].clone().into();
            product["productType"] = first.named[1].clone().into();
            product["category"] = first.named[2].as_ref().map(|id| json!({ "id": id })).into();
            file.extend([product.to_string(), "\n".to_owned()]);
            for own in family {
                let mut variant = self.variant(own);
                let known = &self.products[&own];
                let size = known.size.as_deref();
                variant["selectedOptions"] = match size {
                    Some(size) => json!([{"name": "Size", "value": size}]),
                    None => json!([{"name": "Title", "value": "Default Title"}]),
                };
                variant["inventoryItem"]["unitCost"] =
                    known.cost.as_ref().map(|cost| json!({"amount": cost, "currencyCode": "GBP"})).into();
                variant["__parentId"] = product["id"].clone();
                file.extend([variant.to_string(), "\n".to_owned()]);
            }
        }
        self.file = Some((file, self.now.plus(Duration::from_secs(25))));
        json!({ "bulkOperation": self.tell_file() })
    }

    fn tell_file(&self) -> Value {
        let Some((file, ready)) = &self.file else { return Value::Null };
        let written = self.now >= *ready;
        let url = (written && !file.is_empty()).then(|| format!("{}/bulk/1.jsonl?signature=x", self.base));
        let (all, products) =
            (file.lines().count(), file.lines().filter(|line| !line.contains("__parentId")).count());
        json!({
            "id": "gid://shopify/BulkOperation/1", "status": if written { "COMPLETED" } else { "RUNNING" },
            "errorCode": null, "objectCount": all.to_string(), "rootObjectCount": products.to_string(),
            "url": url, "partialDataUrl": null,
        })
    }

    /// A range of the file.
    fn read_file(&mut self, heard: &Heard) -> Reply {
        assert_eq!(
            heard.header("x-shopify-access-token"),
            None,
            "the file is nobody's to whom the token is shown"
        );
        self.ranges.0 += 1;
        let Some((file, _)) = &self.file else { return Reply::new(404, "") };
        if !self.ranges.1 {
            return Reply::new(200, file.clone());
        }
        let range = heard.header("range").unwrap().strip_prefix("bytes=").unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let from: usize = from.parse().unwrap();
        let to = (to.parse::<usize>().unwrap() + 1).min(file.len());
        if from >= file.len() {
            return Reply::new(416, "");
        }
        Reply::new(206, file[from..to].to_owned())
            .header("content-range", format!("bytes {from}-{}/{}", to - 1, file.len()))
    }

    fn told(&self, id: u64) -> Value {
        let family = self.family(id);
        let product = &self.products[&family[0]];
        let variants: Vec<_> = family.iter().map(|own| self.variant(*own)).collect();
        json!({
            "id": format!("gid://shopify/Product/{id}"),
            "title": product.title,
            "descriptionHtml": product.html,
            "status": product.status,
            "onlineStoreUrl": product.shown.then(|| format!("https://{SHOP}/products/{id}")),
            "shown": product.note.as_ref().map(|note| json!({"value": note})),
            "publishedOnPublication": product.shown,
            "variants": {"nodes": variants},
        })
    }

    fn set(&mut self, vars: &Value) -> Value {
        let input = &vars["input"];
        if let (Some(files), None) = (input["files"].as_array(), input["title"].as_str()) {
            return self.set_files(vars, files.len());
        }
        let title = input["title"].as_str().unwrap();
        if title.chars().count() > 255 {
            let long = complaint(
                Some("INVALID_INPUT"),
                &["input", "title"],
                "Title is too long (maximum is 255 characters)",
            );
            return json!({"product": null, "productSetOperation": null, "userErrors": long});
        }
        let next = self.products.keys().last().map_or(1, |last| last + 1);
        let id = self.meant(&vars["identifier"]).unwrap_or(next);
        let variant = &input["variants"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let known = self.products.get(&id);
        let mut product = Product {
            key: None,
            of: None,
            size: None,
            cost: None,
            title: title.to_owned(),
            html: text(&input["descriptionHtml"]),
            status: text(&input["status"]),
            sku: text(&variant["inventoryItem"]["sku"]),
            price: text(&variant["price"]),
            available: variant["inventoryQuantities"][0]["quantity"].as_i64().unwrap(),
            changed: self.now,
            shown: known.is_some_and(|known| known.shown),
            pictures: Vec::new(),
            fetched: known.map_or(0, |known| known.fetched),
            named: [None, None, None],
            note: None,
        };
        product.take(input);
        self.products.insert(id, product);
        json!({"product": self.told(id), "productSetOperation": null})
    }

    fn update(&mut self, input: &Value) -> Value {
        let Some(id) = self.meant(input) else {
            return json!({"product": null, "userErrors": complaint(None, &["id"], "Product does not exist")});
        };
        let product = self.products.get_mut(&id).unwrap();
        for (name, field) in [
            ("title", &mut product.title),
            ("descriptionHtml", &mut product.html),
            ("status", &mut product.status),
        ] {
            if let Some(text) = input[name].as_str() {
                text.clone_into(field);
            }
        }
        product.take(input);
        json!({"product": self.told(id)})
    }

    /// Gives a product that is there other pictures, and nothing else.
    fn set_files(&mut self, vars: &Value, count: usize) -> Value {
        assert_eq!(vars["input"].as_object().unwrap().len(), 1, "what else is given is set anew");
        assert!(count <= 250, "Shopify takes no more");
        let id = self.meant(&vars["identifier"]).unwrap();
        self.products.get_mut(&id).unwrap().take(&vars["input"]);
        json!({"product": self.told(id), "productSetOperation": null})
    }

    fn update_variant(&mut self, vars: &Value) -> Value {
        let id = number(vars["productId"].as_str().unwrap());
        let own = number(vars["variants"][0]["id"].as_str().unwrap());
        let Some(product) = self.products.get_mut(&own).filter(|known| known.of.unwrap_or(own) == id) else {
            let gone = complaint(Some("PRODUCT_DOES_NOT_EXIST"), &["productId"], "Product does not exist");
            return json!({"productVariants": null, "userErrors": gone});
        };
        let variant = &vars["variants"][0];
        variant["price"].as_str().unwrap().clone_into(&mut product.price);
        variant["inventoryItem"]["sku"].as_str().unwrap().clone_into(&mut product.sku);
        json!({"productVariants": self.told(id)["variants"]["nodes"]})
    }

    fn count(&mut self, wanted: &Value) -> Value {
        assert!(wanted.as_object().unwrap().contains_key("changeFromQuantity"), "Shopify asks for the word");
        assert_eq!(wanted["locationId"], LOCATION);
        let now = self.now;
        let product = self.products.get_mut(&number(wanted["inventoryItemId"].as_str().unwrap())).unwrap();
        if wanted["changeFromQuantity"].as_i64().is_some_and(|from| from != product.available) {
            let field = ["input", "quantities", "0", "changeFromQuantity"];
            let stale = complaint(Some("CHANGE_FROM_QUANTITY_STALE"), &field, "The quantity has changed");
            return json!({"inventoryAdjustmentGroup": null, "userErrors": stale});
        }
        let quantity = wanted["quantity"].as_i64().unwrap();
        let delta = quantity - product.available;
        (product.available, product.changed) = (quantity, now);
        let changes = json!([{"name": "available", "delta": delta}]);
        json!({"inventoryAdjustmentGroup": {"id": "gid://shopify/InventoryAdjustmentGroup/1", "changes": changes}})
    }

    fn show(&mut self, vars: &Value) -> Value {
        assert_eq!(vars["input"][0]["publicationId"], PUBLICATION);
        let product = self.products.get_mut(&number(vars["id"].as_str().unwrap())).unwrap();
        product.shown = true;
        json!({"publishable": {"availablePublicationsCount": {"count": 1}}})
    }

    pub(super) fn sell(&mut self, product: &str, qty: i64) -> String {
        let now = self.now;
        let sold = self.products.get_mut(&number(product)).expect("what is bought is there");
        let fit = sold.available >= qty && sold.shown && sold.status == "ACTIVE";
        assert!(fit, "Shopify sells no more than it shows");
        (sold.available, sold.changed) = (sold.available - qty, now);
        let (sku, total) = (sold.sku.clone(), times(&sold.price, qty));
        let of = sold.of.unwrap_or_else(|| number(product));
        self.order(&[json!({
            "id": "gid://shopify/LineItem/1",
            "sku": sku,
            "quantity": qty,
            "product": {"id": format!("gid://shopify/Product/{of}")},
            "discountedTotalSet": money(&total),
            "taxLines": [],
        })])
    }

    /// An order of these lines, paid.
    pub(crate) fn order(&mut self, lines: &[Value]) -> String {
        let id = format!("gid://shopify/Order/{}", self.orders.len() + 1);
        let now = self.now.to_string();
        let shipping = minor(&money("3.95"));
        let goods: i64 = lines.iter().map(|line| minor(&line["discountedTotalSet"])).sum();
        let taken = json!([{
            "id": format!("gid://shopify/OrderTransaction/{}", (self.orders.len() + 1) * 100),
            "kind": "SALE", "status": "SUCCESS", "gateway": "shopify_payments", "parentTransaction": null,
            "amountSet": pounds(goods + shipping),
        }]);
        self.orders.push(json!({
            "id": id, "name": "#1001", "createdAt": now, "updatedAt": now, "processedAt": now, "cancelledAt": null,
            "currencyCode": "GBP", "taxesIncluded": false, "displayFinancialStatus": "PAID",
            "displayFulfillmentStatus": "UNFULFILLED",
            "risk": {"recommendation": "ACCEPT", "assessments": [{"riskLevel": "LOW"}]},
            "totalPriceSet": money("0.0"), "totalShippingPriceSet": money("3.95"),
            "shippingAddress": {"name": "Ada Byron"}, "customer": {"displayName": "Ada Byron"},
            "lines": lines, "fulfillments": [],
            "transactions": taken, "refunds": [], "totalRefundedSet": money("0.0"),
        }));
        id
    }

    /// Changes an order, now.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Value)) {
        let now = self.now.to_string();
        let order = self.orders.iter_mut().find(|order| order["id"] == id).unwrap();
        order["updatedAt"] = now.into();
        change(order);
    }

    /// Gives money of an order back, unless there is less.
    pub(crate) fn refund(&mut self, input: &Value) -> Value {
        let id = input["orderId"].as_str().unwrap().to_owned();
        let order = self.orders.iter().find(|order| order["id"] == id).unwrap();
        let mut transactions = order["transactions"].as_array().unwrap().clone();
        let mut sum = 0;
        for wanted in input["transactions"].as_array().unwrap() {
            let of = |back: &&Value| back["parentTransaction"]["id"] == wanted["parentId"];
            let taken = transactions.iter().find(|taken| taken["id"] == wanted["parentId"]).unwrap();
            let gone: i64 = transactions.iter().filter(of).map(|back| minor(&back["amountSet"])).sum();
            let amount = minor(&money(wanted["amount"].as_str().unwrap()));
            assert_eq!(wanted["kind"], "REFUND");
            if amount > minor(&taken["amountSet"]) - gone {
                let much = complaint(None, &["transactions"], "Refund amount is more than is available");
                return json!({"refund": null, "userErrors": much});
            }
            sum += amount;
            transactions.push(json!({
                "id": format!("gid://shopify/OrderTransaction/{}", number(&id) * 100 + 1 + transactions.len() as u64),
                "kind": "REFUND", "status": "SUCCESS", "gateway": taken["gateway"],
                "parentTransaction": {"id": wanted["parentId"]}, "amountSet": pounds(amount),
            }));
        }
        let refunds = order["refunds"].as_array().unwrap().len();
        let name = format!("gid://shopify/Refund/{}", number(&id) * 100 + refunds as u64);
        let refund = json!({"id": name, "note": input["note"], "totalRefundedSet": pounds(sum)});
        self.change(&id, |order| {
            let back = minor(&order["totalRefundedSet"]) + sum;
            order["totalRefundedSet"] = pounds(back);
            order["transactions"] = transactions.into();
            order["displayFinancialStatus"] = "PARTIALLY_REFUNDED".into();
            order["refunds"].as_array_mut().unwrap().push(refund.clone());
        });
        json!({ "refund": refund })
    }

    fn call_off(&mut self, vars: &Value) -> Value {
        let id = vars["orderId"].as_str().unwrap().to_owned();
        let order = self.orders.iter().find(|order| order["id"] == id).unwrap();
        if !order["cancelledAt"].is_null() {
            let twice = complaint(Some("INVALID"), &["orderId"], "Order has already been cancelled");
            return json!({"job": null, "orderCancelUserErrors": twice});
        }
        assert!(vars["restock"] == false && vars["refundMethod"].is_null(), "that is done apart: {vars}");
        let now = self.now.to_string();
        self.change(&id, |order| order["cancelledAt"] = now.into());
        let job = json!({"id": "gid://shopify/Job/0a1b", "done": false});
        json!({"job": job, "orderCancelUserErrors": []})
    }

    /// Somebody gives money of an order back over there.
    pub(crate) fn refund_there(&mut self, order: &str, amount: &str) {
        let parent = format!("gid://shopify/OrderTransaction/{}", number(order) * 100);
        let transactions = json!([{"parentId": parent, "amount": amount, "kind": "REFUND"}]);
        let said = self.refund(&json!({"orderId": order, "note": "sorry", "transactions": transactions}));
        assert!(said["refund"].is_object(), "{said}");
    }

    /// Whether an order is called off.
    pub(crate) fn is_called_off(&self, order: &str) -> bool {
        self.orders.iter().any(|known| known["id"] == order && !known["cancelledAt"].is_null())
    }

    /// What went back of an order, in pence, one refund after another.
    pub(crate) fn refunds_of(&self, order: &str) -> Vec<i64> {
        let order = self.orders.iter().find(|known| known["id"] == order).unwrap();
        let refunds = order["refunds"].as_array().unwrap().iter();
        refunds.map(|refund| minor(&refund["totalRefundedSet"])).collect()
    }

    fn list_orders(&self, vars: &Value) -> Value {
        if vars["people"] == true && !self.people {
            return json!({"denied": "This app is not approved to access the Customer object"});
        }
        let from =
            vars["query"].as_str().unwrap().strip_prefix("updated_at:>='").unwrap().trim_end_matches('\'');
        let from: Timestamp = from.parse().unwrap();
        let changed = |order: &&Value| order["updatedAt"].as_str().unwrap().parse::<Timestamp>().unwrap();
        let visible = self.now.minus(self.lag);
        let mut found: Vec<&Value> =
            self.orders.iter().filter(|order| (from..=visible).contains(&changed(order))).collect();
        found.sort_by_key(changed);
        let skip: usize = vars["after"].as_str().map_or(0, |after| after.parse().unwrap());
        let mut page: Vec<Value> =
            found.iter().skip(skip).take(5).map(|order| lines_of(order, 0, 10)).collect();
        if vars["people"] == false {
            for order in &mut page {
                order
                    .as_object_mut()
                    .unwrap()
                    .retain(|name, _| !["customer", "shippingAddress"].contains(&&**name));
            }
        }
        let end = skip + page.len();
        json!({"nodes": page, "pageInfo": {"hasNextPage": end < found.len(), "endCursor": end.to_string()}})
    }

    fn more_lines(&self, vars: &Value) -> Value {
        let skip = vars["after"].as_str().map_or(0, |after| after.parse().unwrap());
        self.orders.iter().find(|order| order["id"] == vars["id"]).map_or(Value::Null, |order| {
            let mut order = lines_of(order, skip, 50);
            order["fulfillmentOrders"] = json!({"nodes": [errand(&order)], "pageInfo": no_more()});
            order
        })
    }

    /// Notes that goods are on their way.
    fn send(&mut self, wanted: &Value) -> Value {
        let [goods] = &wanted["lineItemsByFulfillmentOrder"].as_array().unwrap()[..] else {
            panic!("one place at a time: {wanted}")
        };
        let at = number(goods["fulfillmentOrderId"].as_str().unwrap());
        let id = format!("gid://shopify/Order/{at}");
        let errand = errand(self.orders.iter().find(|order| order["id"] == id).unwrap());
        let lines = errand["lineItems"]["nodes"].as_array().unwrap();
        let mut sent = Vec::new();
        for part in goods["fulfillmentOrderLineItems"].as_array().unwrap() {
            let line = lines.iter().find(|line| line["id"] == part["id"]).unwrap();
            if line["remainingQuantity"].as_i64() < part["quantity"].as_i64() || errand["status"] != "OPEN" {
                let field = ["fulfillment", "lineItemsByFulfillmentOrder"];
                let much = complaint(None, &field, "Invalid fulfillment order line item quantity requested.");
                return json!({"fulfillment": null, "userErrors": much});
            }
            sent.push(json!({"quantity": part["quantity"], "lineItem": line["lineItem"]}));
        }
        let known = self.orders.iter().map(|order| order["fulfillments"].as_array().unwrap().len());
        let said = json!({
            "id": format!("gid://shopify/Fulfillment/{}", 1 + known.sum::<usize>()),
            "status": "SUCCESS",
            "tracking": wanted["trackingInfo"],
            "fulfillmentLineItems": {"nodes": sent, "pageInfo": no_more()},
        });
        self.change(&id, |order| order["fulfillments"].as_array_mut().unwrap().push(said.clone()));
        json!({"fulfillment": said})
    }
}

/// What is still to be sent of an order, all from one place.
fn errand(order: &Value) -> Value {
    let lines = order.get("lines").unwrap_or(&order["lineItems"]["nodes"]).as_array().unwrap();
    let sent = |line: &Value| -> i64 {
        let parcels = order["fulfillments"].as_array().unwrap().iter();
        parcels
            .filter(|parcel| parcel["status"] != "CANCELLED")
            .flat_map(|parcel| parcel["fulfillmentLineItems"]["nodes"].as_array().unwrap())
            .filter(|part| part["lineItem"]["id"] == line["id"])
            .map(|part| part["quantity"].as_i64().unwrap())
            .sum()
    };
    let at = number(order["id"].as_str().unwrap());
    let lines: Vec<_> = lines
        .iter()
        .zip(at * 100..)
        .map(|(line, id)| {
            json!({
                "id": format!("gid://shopify/FulfillmentOrderLineItem/{id}"),
                "remainingQuantity": line["quantity"].as_i64().unwrap() - sent(line),
                "lineItem": line,
            })
        })
        .collect();
    json!({
        "id": format!("gid://shopify/FulfillmentOrder/{at}"),
        "status": if order["held"] == true { "ON_HOLD" } else { "OPEN" },
        "lineItems": {"nodes": lines, "pageInfo": no_more()},
    })
}

/// The order with a page of its lines.
fn lines_of(order: &Value, skip: usize, most: usize) -> Value {
    let mut order = order.clone();
    let lines = order["lines"].as_array().unwrap().clone();
    let page: Vec<_> = lines.iter().skip(skip).take(most).collect();
    let end = skip + page.len();
    order["lineItems"] =
        json!({"nodes": page, "pageInfo": {"hasNextPage": end < lines.len(), "endCursor": end.to_string()}});
    order.as_object_mut().unwrap().remove("lines");
    order
}

/// A change that says of nothing what was wrong says that nothing was.
fn complete(mut said: Value, mutation: bool) -> Value {
    if mutation && said.get("userErrors").is_none() {
        said["userErrors"] = json!([]);
    }
    for complaint in said.get_mut("userErrors").and_then(Value::as_array_mut).into_iter().flatten() {
        if complaint.get("code").is_none() {
            complaint["code"] = Value::Null;
        }
    }
    if mutation && said.get("inventoryAdjustmentGroup").is_none() {
        said["inventoryAdjustmentGroup"] = Value::Null;
    }
    said
}
