//! The named use cases, and a stand-in for the engine behind them.
//!
//! A stand-in: it has the shape that doors rely on, and keeps a handful of products in memory. Nothing of it is meant
//! to last but the signatures.

#![expect(clippy::unused_async, clippy::struct_field_names, reason = "a stand-in")]

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::{JsonSchema, Schema, schema_for};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Result};

/// Whether a command needs an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRule {
    /// A key is welcome.
    Optional,
    /// Without a key the command is refused: money or stock moves.
    Required,
}

/// What calling an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It looks.
    Read,
    /// It changes something.
    Write {
        /// Whether it needs an idempotency key.
        key: KeyRule,
    },
}

/// What a credential must allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission(&'static str);

impl Permission {
    /// The permission's stable name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>>;

/// One named use case.
pub struct Operation {
    /// Its name, `domain.verb`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: fn() -> String,
    /// What the caller must be allowed to do.
    pub permission: Permission,
    /// What calling it does.
    pub effect: Effect,
    /// The schema of its request.
    pub request: fn() -> Schema,
    /// The schema of its answer.
    pub answer: fn() -> Schema,
    run: for<'a> fn(&'a Shop, &'a str) -> Answer<'a>,
}

impl Operation {
    /// Calls it with a request in JSON; the answer is JSON too.
    pub async fn call(&self, shop: &Shop, request: &str) -> Result<String> {
        (self.run)(shop, request).await
    }
}

/// All operations.
pub fn all() -> &'static [Operation] {
    OPERATIONS
}

/// The operation of this name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// What one turn of the worker did.
#[derive(Debug, Clone, Copy, Default)]
pub struct TickReport {
    /// Jobs done.
    pub done: usize,
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Credential {
    shop: Arc<str>,
    may_write: bool,
}

impl Credential {
    /// The shop that the credential belongs to.
    pub fn shop_id(&self) -> &str {
        &self.shop
    }
}

#[derive(Default)]
struct Shelf {
    products: BTreeMap<String, Product>,
    answered: HashMap<String, (String, String)>,
    next: u64,
}

/// The engine.
#[derive(Clone, Default)]
pub struct Engine(Arc<Mutex<Shelf>>);

impl Engine {
    /// Opens the store at `url`.
    pub async fn open(url: &str) -> Result<Self> {
        if !url.contains(':') {
            return Err(Error::invalid(
                "database",
                format!("{url:?}"),
                "give sqlite://FILE, postgres://… or memory:",
            ));
        }
        Ok(Self::default())
    }

    /// Who this token belongs to.
    pub async fn authenticate(&self, token: &str) -> Result<Credential> {
        match token {
            "toy-owner" => Ok(Credential { shop: "shp_toy".into(), may_write: true }),
            "toy-reader" => Ok(Credential { shop: "shp_toy".into(), may_write: false }),
            _ => Err(Error::new(Kind::Unauthenticated, "auth.token", "this token is not known")),
        }
    }

    /// The engine as this credential sees it.
    pub fn enter(&self, credential: &Credential) -> Shop {
        Shop { engine: self.clone(), credential: credential.clone(), key: None, request_id: None }
    }

    /// Whether the engine can serve.
    pub async fn ready(&self) -> Result<()> {
        Ok(())
    }

    /// Does the work that waits.
    pub async fn tick(&self) -> Result<TickReport> {
        Ok(TickReport::default())
    }
}

/// One shop, seen by one actor.
#[derive(Clone)]
pub struct Shop {
    engine: Engine,
    credential: Credential,
    key: Option<String>,
    request_id: Option<String>,
}

impl Shop {
    /// The same, with an idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    /// The same, with the id of the request at the door.
    #[must_use]
    pub fn with_request_id(mut self, id: String) -> Self {
        self.request_id = Some(id);
        self
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.engine.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Product {
    /// Its name in this shop.
    product: String,
    /// What it says on the tin.
    title: String,
    /// In which state it is.
    state: State,
    /// Grows with each edit.
    version: i64,
}

/// A product's life.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Not for sale yet.
    Draft,
    /// For sale.
    Active,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetProduct {
    /// The product wanted.
    product: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListProducts {
    /// How many at most: 1 to 200, 20 when absent.
    #[serde(default)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Only those in one of these states.
    #[serde(default)]
    state: Vec<State>,
    /// Only those that are for sale.
    #[serde(default)]
    for_sale: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
struct ProductPage {
    items: Vec<Product>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateProduct {
    /// What it says on the tin.
    title: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateProduct {
    /// The product to edit.
    product: String,
    /// Its new title.
    title: String,
    /// Edit only when this is still its version.
    #[serde(default)]
    expected_version: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlaceOrder {
    /// What is bought.
    lines: Vec<Line>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a stand-in takes the order and keeps nothing of it")]
struct Line {
    /// Which product.
    product: String,
    /// How many.
    #[schemars(range(min = 1))]
    qty: u32,
}

#[derive(Serialize, JsonSchema)]
struct Placed {
    /// The order's name.
    order: String,
}

fn read<T: DeserializeOwned>(request: &str) -> Result<T> {
    serde_json::from_str(request)
        .map_err(|error| Error::new(Kind::Invalid, "request.invalid", error.to_string()))
}

fn write<T: Serialize>(answer: &T) -> Result<String> {
    serde_json::to_string(answer).map_err(Error::internal)
}

fn once(shop: &Shop, request: &str, act: impl FnOnce(&mut Shelf) -> Result<String>) -> Result<String> {
    if !shop.credential.may_write {
        return Err(Error::new(Kind::Forbidden, "auth.forbidden", "this credential may only look"));
    }
    let mut shelf = shop.shelf();
    if let Some(key) = &shop.key
        && let Some((asked, answer)) = shelf.answered.get(key)
    {
        return if asked == request {
            Ok(answer.clone())
        } else {
            Err(Error::new(Kind::Refused, "idempotency.reused", "this key came with another request"))
        };
    }
    let answer = act(&mut shelf)?;
    if let Some(key) = &shop.key {
        shelf.answered.insert(key.clone(), (request.to_owned(), answer.clone()));
    }
    Ok(answer)
}

/// Products named `fail_conflict` and so on answer with that kind of error.
fn failure(name: &str) -> Option<Error> {
    let word = name.strip_prefix("fail_")?;
    let kinds = [
        Kind::Invalid,
        Kind::Unauthenticated,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Conflict,
        Kind::Refused,
        Kind::TooMany,
        Kind::Unavailable,
    ];
    match word {
        "internal" => Some(Error::internal("the secret of the house")),
        "in_flight" => {
            Some(Error::new(Kind::Conflict, "idempotency.in_flight", "the first is still under way"))
        }
        "panic" => panic!("asked to"),
        _ => kinds
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .map(|kind| Error::new(kind, format!("toy.{word}"), "as you asked")),
    }
}

fn missing(name: &str) -> Error {
    Error::not_found("product", name)
}

static OPERATIONS: &[Operation] = &[
    Operation {
        name: "products.get",
        summary: || "One product.".into(),
        permission: Permission("catalog.read"),
        effect: Effect::Read,
        request: || schema_for!(GetProduct),
        answer: || schema_for!(Product),
        run: |shop, request| {
            Box::pin(async move {
                let GetProduct { product } = read(request)?;
                if let Some(error) = failure(&product) {
                    return Err(error);
                }
                write(shop.shelf().products.get(&product).ok_or_else(|| missing(&product))?)
            })
        },
    },
    Operation {
        name: "products.list",
        summary: || "The products, newest first.".into(),
        permission: Permission("catalog.read"),
        effect: Effect::Read,
        request: || schema_for!(ListProducts),
        answer: || schema_for!(ProductPage),
        run: |shop, request| {
            Box::pin(async move {
                let asked: ListProducts = read(request)?;
                let limit = asked.limit.unwrap_or(20) as usize;
                let shelf = shop.shelf();
                let mut items: Vec<_> = shelf.products.values().rev().cloned().collect();
                items.retain(|product| {
                    asked.cursor.as_ref().is_none_or(|cursor| product.product < *cursor)
                        && (asked.state.is_empty() || asked.state.contains(&product.state))
                        && asked.for_sale.is_none_or(|wanted| wanted == (product.state == State::Active))
                });
                let next_cursor = items.get(limit).map(|_| items[limit - 1].product.clone());
                items.truncate(limit);
                write(&ProductPage { items, next_cursor })
            })
        },
    },
    Operation {
        name: "products.create",
        summary: || "Adds a product.".into(),
        permission: Permission("catalog.write"),
        effect: Effect::Write { key: KeyRule::Optional },
        request: || schema_for!(CreateProduct),
        answer: || schema_for!(Product),
        run: |shop, request| {
            Box::pin(async move {
                let CreateProduct { title } = read(request)?;
                once(shop, request, |shelf| {
                    shelf.next += 1;
                    let product = Product {
                        product: format!("prd_{}", shelf.next),
                        title,
                        state: State::Draft,
                        version: 1,
                    };
                    shelf.products.insert(product.product.clone(), product.clone());
                    write(&product)
                })
            })
        },
    },
    Operation {
        name: "products.update",
        summary: || "Edits a product.".into(),
        permission: Permission("catalog.write"),
        effect: Effect::Write { key: KeyRule::Optional },
        request: || schema_for!(UpdateProduct),
        answer: || schema_for!(Product),
        run: |shop, request| {
            Box::pin(async move {
                let UpdateProduct { product, title, expected_version } = read(request)?;
                once(shop, request, |shelf| {
                    let found = shelf.products.get_mut(&product).ok_or_else(|| missing(&product))?;
                    if expected_version.is_some_and(|version| version != found.version) {
                        return Err(Error::new(Kind::Conflict, "product.changed", "somebody was faster"));
                    }
                    found.title = title;
                    found.version += 1;
                    write(found)
                })
            })
        },
    },
    Operation {
        name: "orders.place",
        summary: || "Places an order.".into(),
        permission: Permission("orders.write"),
        effect: Effect::Write { key: KeyRule::Required },
        request: || schema_for!(PlaceOrder),
        answer: || schema_for!(Placed),
        run: |shop, request| {
            Box::pin(async move {
                let PlaceOrder { lines } = read(request)?;
                if lines.is_empty() {
                    return Err(Error::invalid("lines", "empty", "order at least one thing"));
                }
                once(shop, request, |shelf| {
                    shelf.next += 1;
                    write(&Placed { order: format!("ord_{}", shelf.next) })
                })
            })
        },
    },
];
