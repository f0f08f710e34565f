//! What it takes to be kept: an identity, a version where it changes, a whole where it is a part.
//!
//! Stores keep whole values. [`Append`], [`Keep`] and [`Parts`] are written once per backend for every entity; a
//! domain's own store trait adds only the questions and guarded changes that are its own.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::{Error, Fault, Kind, Result};
use crate::ids::EntityId;
use crate::page::{Page, PageRequest};

/// A thing with an identity.
pub trait Entity: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// The type of its identity.
    type Id: EntityId;
    /// What people call it, in messages and codes: `order`, `purchase_order`.
    const NAME: &'static str;
    /// Its identity.
    fn id(&self) -> Self::Id;
}

/// A thing that changes: whoever saves it must have seen its latest version.
pub trait Versioned: Entity {
    /// 1 when new, one more at each save.
    fn version(&self) -> i64;
    /// Used by stores after a save.
    fn set_version(&mut self, version: i64);
}

/// A thing that belongs to another and is read with it.
pub trait Part: Entity {
    /// The identity of what it belongs to.
    type Whole: EntityId;
    /// What it belongs to.
    fn whole(&self) -> Self::Whole;
}

/// Keeps things that are only ever added.
#[async_trait]
pub trait Append<E: Entity>: Send {
    /// Adds new things. A clash with a unique key is a [`Kind::Conflict`] and nothing is added.
    async fn insert(&mut self, rows: &[E]) -> Result<()>;
    /// Adds new things that clash with nothing, by their nature. A store that is far away may say it later, together with
    /// what else is to be said: every later question sees them, and what went wrong is told by then.
    async fn insert_later(&mut self, rows: &[E]) -> Result<()> {
        self.insert(rows).await
    }
    /// The thing with this id, in this shop.
    async fn get(&mut self, id: E::Id) -> Result<Option<E>>;
    /// The things with these ids, in order of id; ids that are not there are passed over.
    async fn get_many(&mut self, ids: &[E::Id]) -> Result<Vec<E>>;
    /// A page of them, newest first.
    async fn get_page(&mut self, page: &PageRequest) -> Result<Page<E>>;
}

/// Keeps things that change.
#[async_trait]
pub trait Keep<E: Versioned>: Append<E> {
    /// Replaces the thing if the kept one still has `row.version()`, and counts the version up. Says whether it did.
    async fn update(&mut self, row: &E) -> Result<bool>;
    /// The thing with this id, which nobody else changes or holds until this transaction ends. Who asks meanwhile
    /// waits, and then sees what was changed.
    async fn get_held(&mut self, id: E::Id) -> Result<Option<E>>;
}

/// Finds the parts of a whole.
#[async_trait]
pub trait Parts<E: Part>: Append<E> {
    /// All parts of this whole, in the order they were made.
    async fn of(&mut self, whole: E::Whole) -> Result<Vec<E>>;
    /// All parts of these wholes, by whole, then in the order they were made.
    async fn of_all(&mut self, wholes: &[E::Whole]) -> Result<Vec<E>>;
}

/// A piece of JSON kept as the text it was written as: nothing here asks what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Any value as JSON.
    pub fn of<T: serde::Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::to_string(value).map(Self).map_err(Error::internal)
    }

    /// The JSON of a text that is known to be JSON, such as one this type has written.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &serde_json::value::RawValue =
            serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<serde_json::value::RawValue>::deserialize(deserializer).map(|raw| Self(raw.get().to_owned()))
    }
}

impl schemars::JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!(true)
    }
    fn inline_schema() -> bool {
        true
    }
}

/// An enum that is kept and written as a word.
pub trait Word: Copy + Eq + Debug + Send + Sync + 'static {
    /// Every value.
    const ALL: &'static [Self];
    /// The word.
    fn as_str(self) -> &'static str;
    /// The value with this word.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.as_str() == word)
    }
}

/// A state machine forbids the step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{entity} is {from} and cannot become {to}: from {from} it can become {}",
        if allowed.is_empty() { "nothing else".to_owned() } else { allowed.join(" or ") })]
pub struct IllegalStep {
    /// What was to change.
    pub entity: &'static str,
    /// Its state.
    pub from: &'static str,
    /// The state that was asked for.
    pub to: &'static str,
    /// The states it may take.
    pub allowed: Vec<&'static str>,
}

impl Fault for IllegalStep {
    fn kind(&self) -> Kind {
        Kind::Conflict
    }
    fn code(&self) -> &'static str {
        "state.illegal_step"
    }
}

/// Somebody else changed the thing since it was read.
pub fn changed_meanwhile<E: Entity>(id: E::Id) -> Error {
    Error::new(
        Kind::Conflict,
        format!("{}.changed_meanwhile", E::NAME),
        format!("{} `{id}` was changed by somebody else: read it again, then repeat the edit", E::NAME),
    )
}

/// An enum kept as a word: `words! { /// Doc. pub enum Grade { A "a", … } }`.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident $word:literal),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant,)*
        }

        impl $crate::entity::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::entity::Word::as_str(*self))
            }
        }
    )*};
}

/// A state machine: `states! { /// Doc. pub enum OrderState of "order" { Draft "draft" => [Placed, Cancelled], … } }`.
/// Only the steps listed exist; anything else is an [`IllegalStep`].
macro_rules! states {
    ($($(#[$meta:meta])* pub enum $name:ident of $entity:literal {
        $($(#[$vmeta:meta])* $variant:ident $word:literal => [$($next:ident),*]),* $(,)?
    })*) => {$(
        $crate::entity::words! {
            $(#[$meta])*
            pub enum $name { $($(#[$vmeta])* $variant $word),* }
        }

        impl $name {
            /// The states this one may become.
            pub fn allowed(self) -> &'static [Self] {
                match self { $(Self::$variant => &[$(Self::$next),*]),* }
            }

            /// Whether nothing follows.
            pub fn is_final(self) -> bool {
                self.allowed().is_empty()
            }

            /// The next state, if the machine allows the step.
            pub fn step(self, next: Self) -> Result<Self, $crate::entity::IllegalStep> {
                use $crate::entity::Word;
                if self.allowed().contains(&next) {
                    return Ok(next);
                }
                Err($crate::entity::IllegalStep {
                    entity: $entity,
                    from: self.as_str(),
                    to: next.as_str(),
                    allowed: self.allowed().iter().map(|state| state.as_str()).collect(),
                })
            }
        }
    )*};
}

/// Says how a type is an entity: `entity!(Order, OrderId, "order", versioned)`, `entity!(OrderLine, OrderLineId, "order_line", versioned, part of OrderId by order)`.
macro_rules! entity {
    ($type:ty, $id:ty, $name:literal $(, $rest:tt $($more:tt)*)?) => {
        impl $crate::entity::Entity for $type {
            type Id = $id;
            const NAME: &'static str = $name;
            fn id(&self) -> $id {
                self.id
            }
        }
        $($crate::entity::entity!(@ $type, $rest $($more)*);)?
    };
    (@ $type:ty, versioned $(, $rest:tt $($more:tt)*)?) => {
        impl $crate::entity::Versioned for $type {
            fn version(&self) -> i64 {
                self.version
            }
            fn set_version(&mut self, version: i64) {
                self.version = version;
            }
        }
        $($crate::entity::entity!(@ $type, $rest $($more)*);)?
    };
    (@ $type:ty, part of $whole:ty = $field:ident) => {
        impl $crate::entity::Part for $type {
            type Whole = $whole;
            fn whole(&self) -> $whole {
                self.$field
            }
        }
    };
}

pub(crate) use {entity, states, words};
