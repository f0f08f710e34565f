//! The table of operations: every use case of the engine under its name, as JSON in and JSON out.
//!
//! Doors that speak another language than Rust are made from this table: HTTP routes, the calls of C and Python, the
//! API description. A use case is one row, made from its type; nothing about it is said twice.

mod accounts;
mod catalog;
mod connections;
mod hosting;
mod imports;
mod insights;
mod inventory;
mod journal;
mod ledger;
mod listings;
mod orders;
mod payments;
mod pricing;
mod purchasing;
mod request;
mod shipping;
mod webhooks;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use baddie_core::engine::{Command, Errand, Query};

pub use baddie_core::engine::Told;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use crate::{Error, Kind, Permission, Result, Shop};

/// Whether a command needs an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRule {
    /// A key is welcome.
    Optional,
    /// Without a key a door refuses the command: money or stock moves.
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

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Told>> + Send + 'a>>;

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
    /// The schema of its request, self-contained.
    pub request: fn() -> Schema,
    /// The schema of its answer, self-contained.
    pub answer: fn() -> Schema,
    run: for<'a> fn(&'a Shop, &'a str) -> Answer<'a>,
}

impl Operation {
    /// Calls it with a request in JSON; the answer is JSON too.
    pub async fn call(&self, shop: &Shop, request: &str) -> Result<String> {
        Ok(self.tell(shop, request).await?.json)
    }

    /// Calls it, and says also whether the answer may be told again while nothing has changed.
    pub async fn tell(&self, shop: &Shop, request: &str) -> Result<Told> {
        (self.run)(shop, request).await
    }
}

/// The row of a use case that changes something.
const fn write<C: Command>() -> Operation {
    Operation {
        name: C::NAME,
        summary: summary::<C>,
        permission: C::PERMISSION,
        effect: Effect::Write { key: if C::MOVES { KeyRule::Required } else { KeyRule::Optional } },
        request: schema::<C>,
        answer: schema::<C::Answer>,
        run: |shop, request| {
            Box::pin(async move {
                let json = shop.run_json(request::read::<C>(request)?).await?;
                Ok(Told { json, timeless: false })
            })
        },
    }
}

/// The row of a use case that only looks.
const fn read<Q: Query>() -> Operation {
    Operation {
        name: Q::NAME,
        summary: summary::<Q>,
        permission: Q::PERMISSION,
        effect: Effect::Read,
        request: schema::<Q>,
        answer: schema::<Q::Answer>,
        run: |shop, request| Box::pin(async move { shop.ask_json(request::read::<Q>(request)?).await }),
    }
}

/// The row of a use case that is carried out at a service while its caller waits.
const fn away<E: Errand>() -> Operation {
    let key = if E::MOVES { KeyRule::Required } else { KeyRule::Optional };
    Operation {
        name: E::NAME,
        summary: summary::<E>,
        permission: E::PERMISSION,
        effect: if E::CHANGES { Effect::Write { key } } else { Effect::Read },
        request: schema::<E>,
        answer: schema::<E::Answer>,
        run: |shop, request| {
            Box::pin(async move {
                let json = shop.send_json(request::read::<E>(request)?).await?;
                Ok(Told { json, timeless: false })
            })
        },
    }
}

fn schema<T: JsonSchema>() -> Schema {
    schema_for!(T)
}

/// The first sentence of what is written above the request's type.
fn summary<T: JsonSchema>() -> String {
    let schema = schema_for!(T);
    let text = schema.get("description").and_then(|text| text.as_str()).unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}

static TABLE: LazyLock<Vec<&'static Operation>> = LazyLock::new(|| {
    let domains = [
        accounts::OPERATIONS,
        catalog::OPERATIONS,
        inventory::OPERATIONS,
        purchasing::OPERATIONS,
        pricing::OPERATIONS,
        listings::OPERATIONS,
        orders::OPERATIONS,
        payments::OPERATIONS,
        shipping::OPERATIONS,
        connections::OPERATIONS,
        webhooks::OPERATIONS,
        hosting::OPERATIONS,
        ledger::OPERATIONS,
        insights::OPERATIONS,
        journal::OPERATIONS,
        imports::OPERATIONS,
    ];
    domains.into_iter().flatten().collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, &'static Operation>> =
    LazyLock::new(|| all().map(|operation| (operation.name, operation)).collect());

/// All operations, domain by domain.
pub fn all() -> impl ExactSizeIterator<Item = &'static Operation> {
    TABLE.iter().copied()
}

/// The operation of this name.
pub fn find(name: &str) -> Option<&'static Operation> {
    BY_NAME.get(name).copied()
}

/// Calls the operation of this name with a request in JSON.
pub async fn call(shop: &Shop, name: &str, request: &str) -> Result<String> {
    let unknown = || {
        let message = format!("there is no operation {name:?}: the table of operations lists their names");
        Error::new(Kind::NotFound, "operations.unknown", message)
    };
    find(name).ok_or_else(unknown)?.call(shop, request).await
}

/// What there is to know of an operation, for a door that is made from the table.
#[derive(Debug, Clone, Serialize)]
pub struct Description {
    /// Its name, `domain.verb`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: String,
    /// What the caller must be allowed to do.
    pub permission: Permission,
    /// Whether it changes something.
    pub writes: bool,
    /// Whether money or stock moves, so that whoever may lose the answer gives a key.
    pub moves: bool,
    /// The schema of its request, self-contained.
    pub request: Schema,
    /// The schema of its answer, self-contained.
    pub answer: Schema,
}

/// The whole table in words and schemas, domain by domain.
pub fn describe() -> Vec<Description> {
    let described = |operation: &Operation| Description {
        name: operation.name,
        summary: (operation.summary)(),
        permission: operation.permission,
        writes: operation.effect != Effect::Read,
        moves: operation.effect == Effect::Write { key: KeyRule::Required },
        request: (operation.request)(),
        answer: (operation.answer)(),
    };
    all().map(described).collect()
}
