//! How entities lie in tables: one description per table, from which its plain statements are made.

use baddie_core::clock::{Date, Timestamp, Zone};
use baddie_core::entity::{Entity, Json, Word as Worded};
use baddie_core::error::{Error, Result};
use baddie_core::ids::EntityId;
use baddie_core::ledger::AccountCode;
use baddie_core::money::{Currency, Money, Ppm};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::seam::{Columns, Param};

/// What sort of values a column holds; each database has a type for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Id,
    Int,
    Flag,
    Text,
    Time,
    Day,
    Doc,
}

impl Sort {
    /// The type in SQLite.
    #[cfg(all(test, feature = "sqlite"))]
    pub(crate) fn in_sqlite(self) -> &'static str {
        match self {
            Self::Id => "BLOB",
            Self::Int | Self::Flag | Self::Time | Self::Day => "INTEGER",
            Self::Text | Self::Doc => "TEXT",
        }
    }

    /// The type in PostgreSQL.
    pub(crate) fn in_postgres(self) -> &'static str {
        match self {
            Self::Id => "uuid",
            Self::Int => "bigint",
            Self::Flag => "boolean",
            Self::Text => "text",
            Self::Time => "timestamptz",
            Self::Day => "date",
            Self::Doc => "jsonb",
        }
    }
}

/// A column: its name, what it holds, and whether it may hold nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) sort: Sort,
    pub(crate) nullable: bool,
}

/// An entity that lies in a table. The first column is `id`; `shop_id` stands before it in every table.
pub(crate) trait Record: Entity {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, without `shop_id`.
    const COLUMNS: &'static [Column];
    /// `INSERT INTO …`, for parameters in the order of the columns, the shop first.
    fn insert() -> &'static str;
    /// `UPDATE …` by shop, id and version, for the same parameters. Empty for entities without a version.
    fn update() -> &'static str;
    /// `SELECT … FROM … WHERE shop_id = $1`.
    fn select() -> &'static str;
    /// The values of the columns.
    fn bind<'a>(&'a self, params: &mut Vec<Param<'a>>);
    /// Reads the columns, the first of them at `at`.
    fn read(row: &impl Columns, at: usize) -> Result<Self>;
}

/// An entity found by the whole it is part of: the column that names the whole.
pub(crate) trait PartRecord: Record {
    /// `AND whole = $2 ORDER BY id`.
    fn of_one() -> &'static str;
    /// `AND whole = ANY($2) ORDER BY whole, id`.
    fn of_many() -> &'static str;
}

pub(crate) fn insert_text(table: &str, columns: &[Column]) -> String {
    let names: Vec<_> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let value = |(n, column): (usize, &Column)| format!("${n}::{}", column.sort.in_postgres());
    let values: Vec<_> = (2..).zip(columns).map(value).collect();
    format!("INSERT INTO {table} (shop_id, {}) VALUES ($1::uuid, {})", names.join(", "), values.join(", "))
}

pub(crate) fn update_text(table: &str, columns: &[Column]) -> String {
    let Some(version) = columns.iter().position(|column| column.name == "version") else {
        return String::new();
    };
    let version = version + 2;
    let sets: Vec<_> = columns
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, column)| match column.name {
            "version" => format!("version = ${version} + 1"),
            name => format!("\"{name}\" = ${}", index + 2),
        })
        .collect();
    format!("UPDATE {table} SET {} WHERE shop_id = $1 AND id = $2 AND version = ${version}", sets.join(", "))
}

pub(crate) fn columns_text(columns: &[Column], of: &str) -> String {
    let names: Vec<_> = columns.iter().map(|column| format!("{of}\"{}\"", column.name)).collect();
    names.join(", ")
}

/// What sort of column a codec asks for.
pub(crate) trait Kind {
    /// What the column holds.
    const SORT: Sort;
    /// Whether it may hold nothing.
    const NULLABLE: bool = false;
}

/// How a value of a model lies in a column.
pub(crate) trait Codec<T>: Kind {
    /// The value as a parameter.
    fn param(value: &T) -> Param<'_>;
    /// The value in column `i` of a row whose money is in `currency`.
    fn read(row: &impl Columns, i: usize, currency: Option<Currency>) -> Result<T>;
}

fn damaged(i: usize, what: &str) -> Error {
    Error::internal(format!("column {i} holds {what}"))
}

/// An identity.
pub(crate) struct Id;
/// A whole number.
pub(crate) struct Int;
/// Yes or no.
pub(crate) struct Flag;
/// Words.
pub(crate) struct Text;
/// An instant.
pub(crate) struct Time;
/// A business day.
pub(crate) struct Day;
/// An enum, by its word.
pub(crate) struct Word;
/// An amount, in minor units of the row's currency.
pub(crate) struct Cash;
/// Anything without a fixed shape.
pub(crate) struct Doc;
/// What may be absent.
pub(crate) struct Maybe<C>(std::marker::PhantomData<C>);

macro_rules! kinds {
    ($($codec:ident $sort:ident;)*) => {
        $(impl Kind for $codec {
            const SORT: Sort = Sort::$sort;
        })*
    };
}

kinds! {
    Id Id;
    Int Int;
    Flag Flag;
    Text Text;
    Time Time;
    Day Day;
    Word Text;
    Cash Int;
    Doc Doc;
}

impl<C: Kind> Kind for Maybe<C> {
    const SORT: Sort = C::SORT;
    const NULLABLE: bool = true;
}

impl<T: EntityId> Codec<T> for Id {
    fn param(value: &T) -> Param<'_> {
        Param::id(*value)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<T> {
        row.id(i).map(T::from_u128)
    }
}

impl Codec<i64> for Int {
    fn param(value: &i64) -> Param<'_> {
        Param::Int(*value)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<i64> {
        row.int(i)
    }
}

impl Codec<Ppm> for Int {
    fn param(value: &Ppm) -> Param<'_> {
        Param::Int(value.0)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Ppm> {
        row.int(i).map(Ppm)
    }
}

impl Codec<bool> for Flag {
    fn param(value: &bool) -> Param<'_> {
        Param::Flag(*value)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<bool> {
        row.flag(i)
    }
}

impl Codec<String> for Text {
    fn param(value: &String) -> Param<'_> {
        Param::from(value.as_str())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<String> {
        row.text(i).map(str::to_owned)
    }
}

impl Codec<AccountCode> for Text {
    fn param(value: &AccountCode) -> Param<'_> {
        Param::from(value.as_str())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<AccountCode> {
        AccountCode::try_from(row.text(i)?.to_owned()).map_err(Error::internal)
    }
}

impl Codec<Zone> for Text {
    fn param(value: &Zone) -> Param<'_> {
        Param::from(value.name())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Zone> {
        row.text(i)?.parse().map_err(Error::internal)
    }
}

impl Codec<Currency> for Text {
    fn param(value: &Currency) -> Param<'_> {
        Param::from(value.as_str())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Currency> {
        row.text(i)?.parse().map_err(Error::internal)
    }
}

impl Codec<Timestamp> for Time {
    fn param(value: &Timestamp) -> Param<'_> {
        Param::Time(*value)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Timestamp> {
        row.time(i)
    }
}

impl Codec<Date> for Day {
    fn param(value: &Date) -> Param<'_> {
        Param::Day(*value)
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Date> {
        row.day(i)
    }
}

impl<T: Worded> Codec<T> for Word {
    fn param(value: &T) -> Param<'_> {
        Param::from(value.as_str())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<T> {
        let word = row.text(i)?;
        T::from_word(word).ok_or_else(|| damaged(i, &format!("the unknown word {word:?}")))
    }
}

impl Codec<Money> for Cash {
    fn param(value: &Money) -> Param<'_> {
        Param::Int(value.minor())
    }
    fn read(row: &impl Columns, i: usize, currency: Option<Currency>) -> Result<Money> {
        let currency = currency.ok_or_else(|| damaged(i, "an amount without a currency"))?;
        Ok(Money::new(row.int(i)?, currency))
    }
}

impl Codec<Json> for Text {
    fn param(value: &Json) -> Param<'_> {
        Param::from(value.as_str())
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<Json> {
        row.text(i).map(Json::from_text)
    }
}

impl<T: Serialize + DeserializeOwned> Codec<T> for Doc {
    fn param(value: &T) -> Param<'_> {
        Param::Json(
            serde_json::to_string(value).expect("models have string keys and no failing parts").into(),
        )
    }
    fn read(row: &impl Columns, i: usize, _: Option<Currency>) -> Result<T> {
        serde_json::from_str(row.text(i)?).map_err(Error::internal)
    }
}

impl<T, C: Codec<T>> Codec<Option<T>> for Maybe<C> {
    fn param(value: &Option<T>) -> Param<'_> {
        value.as_ref().map_or(Param::Null, C::param)
    }
    fn read(row: &impl Columns, i: usize, currency: Option<Currency>) -> Result<Option<T>> {
        if row.is_null(i)? { Ok(None) } else { C::read(row, i, currency).map(Some) }
    }
}

/// Describes tables: `Order "orders" in total { id: Id, … }` lies in `orders`, its money in the currency of `total`,
/// which a last column `currency` keeps; `maybe_in price` says that the amount may be absent.
macro_rules! records {
    ($($entity:ident $table:literal $(in $money:ident)? $(maybe_in $maybe:ident)? $(of $whole:ident)? {
        $($field:ident: $codec:ty),* $(,)?
    })*) => {
        /// Every table described here, with its columns.
        #[cfg(test)]
        pub(crate) const TABLES: &[(&str, &[Column])] = &[$(($table, $entity::COLUMNS)),*];

        $(
        impl Record for $entity {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [Column] = &[
                $(Column {
                    name: stringify!($field),
                    sort: <$codec as Kind>::SORT,
                    nullable: <$codec as Kind>::NULLABLE,
                },)*
                $($crate::sql::record::currency_column!($money, false),)?
                $($crate::sql::record::currency_column!($maybe, true),)?
            ];

            fn insert() -> &'static str {
                static SQL: LazyLock<String> = LazyLock::new(|| insert_text($entity::TABLE, $entity::COLUMNS));
                &SQL
            }

            fn update() -> &'static str {
                static SQL: LazyLock<String> = LazyLock::new(|| update_text($entity::TABLE, $entity::COLUMNS));
                &SQL
            }

            fn select() -> &'static str {
                static SQL: LazyLock<String> = LazyLock::new(|| {
                    let columns = columns_text($entity::COLUMNS, "");
                    format!("SELECT {columns} FROM {} WHERE shop_id = $1", $entity::TABLE)
                });
                &SQL
            }

            fn bind<'a>(&'a self, params: &mut Vec<Param<'a>>) {
                $(params.push(<$codec as Codec<_>>::param(&self.$field));)*
                $(params.push(self.$money.currency_code().into());)?
                $(params.push(self.$maybe.as_ref().map(Money::currency_code).into());)?
            }

            fn read(row: &impl Columns, at: usize) -> Result<Self> {
                let currency = $crate::sql::record::row_currency!(row, at, $entity, $($money)? $($maybe)?);
                let mut i = at;
                $(
                    let $field = <$codec as Codec<_>>::read(row, i, currency)?;
                    i += 1;
                )*
                let _ = i;
                Ok(Self { $($field),* })
            }
        }

        $(
            impl PartRecord for $entity {
                fn of_one() -> &'static str {
                    concat!("AND ", stringify!($whole), " = $2 ORDER BY id")
                }
                fn of_many() -> &'static str {
                    concat!("AND ", stringify!($whole), " = ANY($2::uuid[]) ORDER BY ", stringify!($whole), ", id")
                }
            }
        )?
    )*};
}

/// The last column of a row with money.
macro_rules! currency_column {
    ($money:ident, $nullable:literal) => {
        Column { name: "currency", sort: $crate::sql::record::Sort::Text, nullable: $nullable }
    };
}

/// The currency of a row with money; none of a row without.
macro_rules! row_currency {
    ($row:ident, $at:ident, $entity:ident,) => {
        None
    };
    ($row:ident, $at:ident, $entity:ident, $money:ident) => {
        <Maybe<Text> as Codec<Option<Currency>>>::read($row, $at + $entity::COLUMNS.len() - 1, None)?
    };
}

pub(crate) use {currency_column, records, row_currency};
