//! A pretend Webflow that keeps state: products and how many there are of them, orders, collections with what visitors see of
//! them, and when the site was last made public. What it says is what Webflow may say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::testing::FixedClock;
use serde_json::{Map, Value, json};

use super::calls::description;
use crate::kit::form::pairs;
use crate::kit::server::{Heard, Reply, Server};

/// The token that it takes.
pub(crate) const TOKEN: &str = "wf_canary7d20";
/// The site.
pub(crate) const SITE: &str = "580e63e98c9a982ac9b8b741";
/// The collections of what the site sells.
const PRODUCTS: &str = "products1";
const SKUS: &str = "skus1";

/// A product with one SKU.
#[derive(Clone)]
pub(crate) struct Product {
    pub(crate) fields: Map<String, Value>,
    pub(crate) sku: Map<String, Value>,
    /// How many; `None` where nobody counts.
    pub(crate) quantity: Option<i64>,
    pub(crate) archived: bool,
    pub(crate) draft: bool,
    pub(crate) shown: Option<Timestamp>,
}

/// An item of a collection.
#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) fields: Map<String, Value>,
    draft: bool,
    archived: bool,
    changed: Timestamp,
    shown: Option<Timestamp>,
}

/// A collection, with what visitors see of it once the site was made public.
pub(crate) struct Collection {
    pub(crate) name: String,
    changed: Timestamp,
    pub(crate) fields: Vec<Value>,
    pub(crate) items: BTreeMap<String, Item>,
    pub(crate) live: BTreeMap<String, Map<String, Value>>,
}

/// What the fake holds.
pub(crate) struct State {
    now: Timestamp,
    next: u64,
    pub(crate) products: BTreeMap<String, Product>,
    /// The newest first.
    pub(crate) orders: Vec<Value>,
    pub(crate) collections: BTreeMap<String, Collection>,
    pub(crate) published: Option<Timestamp>,
    /// How often the site was made public.
    pub(crate) publications: usize,
    /// The other sites of the token.
    pub(crate) others: Vec<&'static str>,
    /// The code that an owner was given last, while it is good.
    pub(crate) code: Option<String>,
    /// What Webflow says of the token, where it is one that a program was granted.
    pub(crate) granted: Option<Value>,
    /// Whether products are told of among the items of their collection.
    pub(crate) as_items: bool,
    /// Whether the site sells.
    pub(crate) sells: bool,
    /// How many of a list it tells at once, whatever is asked for.
    pub(crate) most: usize,
    /// Whether it has learnt words since its description was written.
    pub(crate) newer: bool,
    /// Buyers that were written to.
    pub(crate) letters: usize,
}

/// The pretend Webflow.
pub(crate) struct Fake {
    pub(crate) server: Server,
    clock: FixedClock,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(clock: &FixedClock) -> Self {
        let state = State {
            now: clock.now(),
            next: 0,
            products: BTreeMap::new(),
            orders: Vec::new(),
            collections: BTreeMap::new(),
            published: None,
            publications: 0,
            others: Vec::new(),
            code: None,
            granted: None,
            as_items: true,
            sells: true,
            most: 100,
            newer: false,
            letters: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let (serving, telling) = (state.clone(), clock.clone());
        let server = Server::start(move |heard| {
            let mut state = serving.lock().unwrap();
            state.now = telling.now();
            state.answer(heard).header("x-request-id", "req-fake")
        });
        Self { server, clock: clock.clone(), state }
    }

    /// Where it is called.
    pub(crate) fn base(&self) -> String {
        format!("{}/v2", self.server.base())
    }

    /// Looks at what it holds.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap();
        state.now = self.clock.now();
        look(&mut state)
    }
}

/// What comes of a request: a status, and what is said.
type Said = Result<(u16, Value), (u16, &'static str, Value)>;

fn refused(status: u16, code: &'static str) -> Said {
    Err((status, code, json!([])))
}

fn taken() -> Said {
    let detail = json!([{"param": "slug", "description": "Unique value is already in database: 'slug'"}]);
    Err((400, "validation_error", detail))
}

fn long(field: &Value) -> bool {
    field.as_str().is_some_and(|text| text.chars().count() > 256)
}

impl State {
    /// Gives a token for a code, once.
    fn redeem(&mut self, asked: &Value) -> Reply {
        let right = asked["grant_type"] == "authorization_code"
            && asked["client_secret"] == "app_canary61d0"
            && asked["redirect_uri"] == "https://shop.example/back";
        if !right || self.code.take().as_deref() != asked["code"].as_str() {
            return Reply::new(400, json!({"error": "invalid_grant", "error_description": "no"}).to_string());
        }
        Reply::new(
            200,
            json!({"token_type": "Bearer", "access_token": TOKEN, "scope": "cms:read"}).to_string(),
        )
    }

    fn answer(&mut self, heard: &Heard) -> Reply {
        if heard.path == "/oauth/access_token" {
            return self.redeem(&serde_json::from_slice(&heard.body).unwrap());
        }
        let path = heard.path.strip_prefix("/v2").expect("the base holds the version");
        let said = if heard.header("authorization") == Some(&format!("Bearer {TOKEN}")) {
            if let Some(description) = description() {
                description.check_call(&heard.method, path, &heard.body).unwrap();
            }
            self.act(&heard.method, path, &serde_json::from_slice(&heard.body).unwrap_or_default())
        } else {
            refused(401, "not_authorized")
        };
        let (status, body) = said.unwrap_or_else(|(status, code, details)| {
            let body = json!({"code": code, "message": "No", "externalReference": null, "details": details});
            (status, body)
        });
        if status == 204 {
            return Reply::new(204, "");
        }
        if let Some(description) = description().filter(|_| !self.newer)
            && description.route(&heard.method, path).is_some()
            // Of a token that programs were not granted nothing is said but that it is so.
            && !(path.starts_with("/token") && status != 200)
        {
            description.check_answer(&heard.method, path, status, &body).unwrap();
        }
        Reply::new(status, body.to_string())
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("{:024x}", self.next)
    }

    fn act(&mut self, method: &str, path: &str, body: &Value) -> Said {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: BTreeMap<String, String> = pairs(query).into_iter().collect();
        let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method, &steps[..]) {
            ("GET", ["token", "introspect"]) => match &self.granted {
                Some(granted) => Ok((200, granted.clone())),
                None => refused(403, "forbidden"),
            },
            ("GET", ["sites"]) => {
                let sites = [SITE].iter().chain(&self.others).map(|id| self.site(id));
                Ok((200, json!({ "sites": sites.collect::<Vec<_>>() })))
            }
            ("GET", ["sites", SITE, "custom_domains"]) => Ok((
                200,
                json!({"customDomains": [{"id": "d1", "url": "shop.example.com", "lastPublished": null}]}),
            )),
            ("POST", ["sites", SITE, "publish"]) => self.publish(body),
            ("GET", ["sites", SITE, "ecommerce", "settings"]) if self.sells => {
                Ok((200, json!({"siteId": SITE, "createdOn": self.now, "defaultCurrency": "GBP"})))
            }
            ("GET", ["sites", SITE, "ecommerce", "settings"]) => refused(409, "ecommerce_not_enabled"),
            ("GET", ["sites", SITE, "collections"]) => Ok((200, self.list_collections())),
            ("POST", ["sites", SITE, "collections"]) => self.create_collection(body),
            ("POST", ["sites", SITE, "products"]) => self.create_product(body),
            ("GET", ["sites", SITE, "products"]) => {
                let all = self.products.keys().map(|id| self.told(id)).collect();
                Ok((200, self.page("items", all, &query)))
            }
            ("GET", ["sites", SITE, "products", id]) if self.products.contains_key(*id) => {
                Ok((200, self.told(id)))
            }
            ("PATCH", ["sites", SITE, "products", id]) if self.products.contains_key(*id) => {
                self.update_product(id, body)
            }
            ("PATCH", ["sites", SITE, "products", id, "skus", _]) if self.products.contains_key(*id) => {
                let product = self.products.get_mut(*id).unwrap();
                product.sku.extend(body["sku"]["fieldData"].as_object().unwrap().clone());
                Ok((200, self.told(id)["skus"][0].clone()))
            }
            (_, ["collections", SKUS, "items", sku, "inventory"]) => self.count(sku, body),
            ("GET", ["collections", PRODUCTS, "items"]) if self.as_items => {
                let with = |product: &&Product| {
                    query.get("slug").is_none_or(|slug| product.fields["slug"] == **slug)
                };
                let found = self.products.iter().filter(|(_, product)| with(product));
                let found = found.map(|(id, product)| {
                    json!({
                        "id": id, "fieldData": product.fields, "lastPublished": product.shown,
                        "lastUpdated": self.now, "createdOn": self.now,
                    })
                });
                Ok((200, self.page("items", found.collect(), &query)))
            }
            ("GET", ["sites", SITE, "orders"]) => {
                let status = query.get("status");
                let fit = |order: &&Value| status.is_none_or(|status| order["status"] == **status);
                let found = self.orders.iter().filter(fit).cloned().collect();
                Ok((200, self.page("orders", found, &query)))
            }
            (method, ["sites", SITE, "orders", id, rest @ ..]) => self.order(method, id, rest, body),
            (method, ["collections", id, rest @ ..]) if self.collections.contains_key(*id) => {
                self.collection(method, id, rest, body, &query)
            }
            _ => refused(404, "resource_not_found"),
        }
    }

    fn site(&self, id: &str) -> Value {
        let published = if id == SITE { self.published } else { None };
        json!({"id": id, "workspaceId": "w1", "displayName": "Second Spring", "shortName": "second-spring",
            "lastPublished": published, "customDomains": [], "newField": {"new": [1]}})
    }

    fn publish(&mut self, body: &Value) -> Said {
        let rest = self
            .published
            .map_or(Duration::ZERO, |at| Duration::from_mins(1).saturating_sub(self.now.since(at)));
        if !rest.is_zero() {
            return refused(429, "too_many_requests");
        }
        assert_eq!(body, &json!({"customDomains": ["d1"], "publishToWebflowSubdomain": true}));
        self.published = Some(self.now);
        self.publications += 1;
        Ok((202, json!({"customDomains": [], "publishToWebflowSubdomain": true})))
    }

    /// A page of a list, and how much there is.
    fn page(&self, name: &str, all: Vec<Value>, query: &BTreeMap<String, String>) -> Value {
        let number = |name: &str| query.get(name).map(|text| text.parse::<usize>().unwrap());
        let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(100).min(self.most));
        let total = all.len();
        let page: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
        json!({name: page, "pagination": {"offset": offset, "limit": limit, "total": total}})
    }
}

// What is sold.
impl State {
    fn told(&self, id: &str) -> Value {
        let product = &self.products[id];
        let about = |id: String, fields: &Map<String, Value>| {
            json!({"id": id, "cmsLocaleId": "l1", "lastPublished": product.shown, "lastUpdated": self.now,
                "createdOn": self.now, "fieldData": fields})
        };
        let mut told = about(id.to_owned(), &product.fields);
        told["isArchived"] = product.archived.into();
        told["isDraft"] = product.draft.into();
        json!({"product": told, "skus": [about(format!("sku{id}"), &product.sku)]})
    }

    fn create_product(&mut self, body: &Value) -> Said {
        let fields = body["product"]["fieldData"].as_object().unwrap().clone();
        if long(&fields["name"]) {
            return Err((400, "validation_error", json!([{"param": "name", "description": "too long"}])));
        }
        if self.products.values().any(|known| known.fields["slug"] == fields["slug"]) {
            return taken();
        }
        assert_eq!(body["publishStatus"], "staging", "what nobody counted yet must not be sold");
        let id = self.id();
        let product = Product {
            fields,
            sku: body["sku"]["fieldData"].as_object().unwrap().clone(),
            quantity: None,
            archived: false,
            draft: true,
            shown: None,
        };
        self.products.insert(id.clone(), product);
        Ok((200, self.told(&id)))
    }

    fn update_product(&mut self, id: &str, body: &Value) -> Said {
        let (now, change) = (self.now, &body["product"]);
        let product = self.products.get_mut(id).unwrap();
        if long(&change["fieldData"]["name"]) {
            return Err((400, "validation_error", json!([{"param": "name", "description": "too long"}])));
        }
        for (name, value) in change["fieldData"].as_object().unwrap() {
            product.fields.insert(name.clone(), value.clone());
        }
        product.archived = change["isArchived"].as_bool().unwrap_or(product.archived);
        product.draft = change["isDraft"].as_bool().unwrap_or(product.draft);
        if body["publishStatus"] == "live" {
            product.shown = Some(now);
        }
        Ok((200, self.told(id)["product"].clone()))
    }

    fn count(&mut self, sku: &str, body: &Value) -> Said {
        let Some(product) = sku.strip_prefix("sku").and_then(|id| self.products.get_mut(id)) else {
            return refused(404, "resource_not_found");
        };
        if let Some(quantity) = body["quantity"].as_i64() {
            product.quantity = Some(quantity);
        }
        let kind = if product.quantity.is_some() { "finite" } else { "infinite" };
        Ok((200, json!({"id": sku, "quantity": product.quantity.unwrap_or_default(), "inventoryType": kind})))
    }

    /// Somebody buys and pays; the order's name.
    pub(crate) fn sell(&mut self, id: &str, qty: i64) -> String {
        let product = self.products.get_mut(id).expect("what is bought is there");
        let fit = product.shown.is_some() && !product.archived && !product.draft;
        assert!(
            fit && product.quantity.is_none_or(|left| left >= qty),
            "Webflow sells no more than it shows"
        );
        product.quantity = product.quantity.map(|left| left - qty);
        let (price, sku) = (product.sku["price"]["value"].as_i64().unwrap(), product.sku["sku"].clone());
        let line = json!({
            "count": qty, "rowTotal": money(price * qty), "productId": id, "productName": product.fields["name"],
            "variantId": format!("sku{id}"), "variantSKU": sku, "variantPrice": money(price),
        });
        self.place(vec![line], &[extra("shipping", "Flat", 395)], price * qty + 395)
    }

    /// An order of these lines, paid.
    pub(crate) fn place(&mut self, lines: Vec<Value>, extras: &[Value], total: i64) -> String {
        self.next += 1;
        let id = format!("fc7-{}", self.next);
        let order = json!({
            "orderId": id, "status": "unfulfilled", "acceptedOn": self.now, "fulfilledOn": null, "refundedOn": null,
            "disputedOn": null, "disputeUpdatedOn": null, "disputeLastStatus": null,
            "customerPaid": money(total), "netAmount": money(total - 40), "applicationFee": money(10),
            "shippingAddress": {"type": "shipping", "addressee": "Ada Byron", "line1": "1 Road"},
            "shippingProvider": null, "shippingTracking": null,
            "customerInfo": {"fullName": "Ada Byron", "email": "ada@example.com"},
            "purchasedItems": lines, "purchasedItemsCount": lines.len(),
            "totals": {"subtotal": money(0), "extras": extras, "total": money(total)},
            "somethingNew": {"new": true},
        });
        self.orders.insert(0, order);
        id
    }

    /// Changes an order.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Value, Timestamp)) {
        let now = self.now;
        change(self.orders.iter_mut().find(|order| order["orderId"] == id).unwrap(), now);
    }

    fn order(&mut self, method: &str, id: &str, rest: &[&str], body: &Value) -> Said {
        let now = self.now;
        let Some(order) = self.orders.iter_mut().find(|order| order["orderId"] == id) else {
            return refused(404, "order_not_found");
        };
        match (method, rest) {
            ("GET", []) => {}
            ("PATCH", []) => {
                for (name, value) in body.as_object().unwrap() {
                    order[name] = value.clone();
                }
            }
            ("POST", ["refund"]) if order["status"] != "refunded" => {
                order["status"] = "refunded".into();
                order["refundedOn"] = json!(now);
            }
            ("POST", ["fulfill"]) if order["status"] == "unfulfilled" => {
                order["status"] = "fulfilled".into();
                order["fulfilledOn"] = json!(now);
                self.letters += usize::from(body["sendOrderFulfilledEmail"] == true);
            }
            _ => return refused(409, "conflict"),
        }
        Ok((200, order.clone()))
    }
}

/// An amount as orders tell it.
pub(crate) fn money(minor: i64) -> Value {
    json!({"unit": "GBP", "value": minor.to_string(), "string": format!("£ {minor} GBP")})
}

/// Something that is added to the goods of an order, or taken off.
pub(crate) fn extra(kind: &str, name: &str, minor: i64) -> Value {
    json!({"type": kind, "name": name, "description": "", "price": money(minor)})
}

// What is shown.
impl State {
    fn list_collections(&self) -> Value {
        let own = self.collections.iter().map(|(id, collection)| {
            json!({"id": id, "displayName": collection.name, "slug": slug(&collection.name),
                "lastUpdated": collection.changed})
        });
        let shop = [(PRODUCTS, "Products", "product"), (SKUS, "SKUs", "sku")];
        let shop = shop.map(|(id, name, slug)| json!({"id": id, "displayName": name, "slug": slug}));
        json!({"collections": shop.into_iter().filter(|_| self.sells).chain(own).collect::<Vec<_>>()})
    }

    fn create_collection(&mut self, body: &Value) -> Said {
        let name = body["displayName"].as_str().unwrap().to_owned();
        if self.collections.values().any(|known| known.name == name) {
            return refused(409, "duplicate_collection");
        }
        let mut fields: Vec<_> = body["fields"].as_array().unwrap().iter().map(field).collect();
        fields.extend(["Name", "Slug"].map(|name| field(&json!({"displayName": name, "type": "PlainText"}))));
        let id = self.id();
        let (items, live) = (BTreeMap::new(), BTreeMap::new());
        self.collections.insert(id.clone(), Collection { name, changed: self.now, fields, items, live });
        Ok((200, self.whole(&id)))
    }

    fn whole(&self, id: &str) -> Value {
        let Collection { name, changed, fields, .. } = &self.collections[id];
        json!({"id": id, "displayName": name, "singularName": name, "slug": slug(name), "lastUpdated": changed,
            "fields": fields})
    }

    fn item(&self, collection: &str, id: &str) -> Value {
        let item = &self.collections[collection].items[id];
        json!({"id": id, "lastPublished": item.shown, "lastUpdated": item.changed, "createdOn": item.changed,
            "isArchived": item.archived, "isDraft": item.draft, "fieldData": item.fields})
    }

    fn collection(
        &mut self,
        method: &str,
        id: &str,
        rest: &[&str],
        body: &Value,
        query: &BTreeMap<String, String>,
    ) -> Said {
        let now = self.now;
        let named: Vec<String> =
            body["items"].as_array().into_iter().flatten().map(|item| name_of(&item["id"])).collect();
        match (method, rest) {
            ("GET", []) => Ok((200, self.whole(id))),
            ("POST", ["fields"]) => {
                let collection = self.collections.get_mut(id).unwrap();
                collection.fields.push(field(body));
                collection.changed = now;
                Ok((200, body.clone()))
            }
            ("GET", ["items"]) => {
                let all = self.collections[id].items.keys().map(|item| self.item(id, item)).collect();
                Ok((200, self.page("items", all, query)))
            }
            ("POST", ["items", "bulk"]) => self.create_items(id, body),
            ("PATCH", ["items"]) => self.update_items(id, body),
            ("DELETE", ["items"]) => {
                assert!(named.len() <= 100, "a hundred at once");
                let collection = self.collections.get_mut(id).unwrap();
                collection.items.retain(|item, _| !named.contains(item));
                Ok((204, Value::Null))
            }
            ("DELETE", ["items", "live"]) => {
                assert!(named.len() <= 100, "a hundred at once");
                let collection = self.collections.get_mut(id).unwrap();
                if !named.iter().any(|item| collection.live.contains_key(item)) {
                    return refused(404, "item_not_found");
                }
                for item in &named {
                    collection.live.remove(item);
                    if let Some(item) = collection.items.get_mut(item) {
                        (item.draft, item.shown) = (true, None);
                    }
                }
                Ok((204, Value::Null))
            }
            ("POST", ["items", "publish"]) => {
                let ids: Vec<String> = body["itemIds"].as_array().unwrap().iter().map(name_of).collect();
                assert!(ids.len() <= 100, "a hundred at once");
                let collection = self.collections.get_mut(id).unwrap();
                for id in &ids {
                    let item = collection.items.get_mut(id).unwrap();
                    (item.shown, item.draft) = (Some(now), false);
                    collection.live.insert(id.clone(), item.fields.clone());
                }
                Ok((202, json!({"publishedItemIds": ids, "errors": []})))
            }
            _ => refused(404, "resource_not_found"),
        }
    }

    fn create_items(&mut self, collection: &str, body: &Value) -> Said {
        let new: Vec<_> = body["fieldData"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_object().unwrap().clone())
            .collect();
        assert!((1..=100).contains(&new.len()), "a hundred at once");
        let known = &self.collections[collection].items;
        if new.iter().any(|new| known.values().any(|known| known.fields["slug"] == new["slug"])) {
            return taken();
        }
        let mut first = None;
        for fields in new {
            let id = self.add_item(collection, fields);
            first.get_or_insert(id);
        }
        let mut said = self.item(collection, &first.unwrap());
        said["cmsLocaleIds"] = json!([]);
        Ok((202, said))
    }

    /// Puts an item there, as whoever edits the site may.
    pub(crate) fn add_item(&mut self, collection: &str, mut fields: Map<String, Value>) -> String {
        let (id, changed) = (self.id(), self.now);
        // What is nothing is left out.
        fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
        let collection = self.collections.get_mut(collection).unwrap();
        for name in fields.keys() {
            let known = |field: &Value| field["slug"] == **name;
            assert!(collection.fields.iter().any(known), "{name} is no field");
        }
        let item = Item { fields, draft: false, archived: false, changed, shown: None };
        collection.items.insert(id.clone(), item);
        id
    }

    fn update_items(&mut self, collection: &str, body: &Value) -> Said {
        let now = self.now;
        let changes = body["items"].as_array().unwrap();
        assert!((1..=100).contains(&changes.len()), "a hundred at once");
        for change in changes {
            let id = name_of(&change["id"]);
            let items = &mut self.collections.get_mut(collection).unwrap().items;
            let slug = &change["fieldData"]["slug"];
            if items.iter().any(|(other, item)| *other != id && item.fields["slug"] == *slug) {
                return taken();
            }
            let Some(item) = items.get_mut(&id) else { return refused(404, "item_not_found") };
            for (name, value) in change["fieldData"].as_object().unwrap() {
                item.fields.insert(name.clone(), value.clone());
            }
            item.draft = change["isDraft"].as_bool().unwrap_or(item.draft);
            item.archived = change["isArchived"].as_bool().unwrap_or(item.archived);
            item.changed = now;
        }
        Ok((200, self.item(collection, &name_of(&changes[0]["id"]))))
    }

    /// What visitors see of a collection: what was shown of it, once the site was made public with it.
    pub(crate) fn visible(&self, name: &str) -> Vec<Map<String, Value>> {
        let named = self.collections.values().find(|collection| collection.name == name);
        let public = named.filter(|collection| self.published >= Some(collection.changed));
        public.into_iter().flat_map(|collection| collection.live.values().cloned()).collect()
    }
}

fn name_of(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn field(new: &Value) -> Value {
    let name = new["displayName"].as_str().unwrap();
    json!({"id": slug(name), "isRequired": false, "type": new["type"], "slug": slug(name), "displayName": name,
        "validations": null})
}
