//! Values on their way to the server and back, in its own binary form.

use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::{Error, Result};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, PgValueRef, Postgres};
use sqlx::{Column as _, Row as _, Type, TypeInfo as _, ValueRef as _};

use crate::seam::{Columns, Param};

/// A type of the server: its number, and that of lists of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    one: u32,
    list: u32,
}

const BOOLEAN: Sort = Sort { one: 16, list: 1000 };
const BYTEA: Sort = Sort { one: 17, list: 1001 };
const BIGINT: Sort = Sort { one: 20, list: 1016 };
const TEXT: Sort = Sort { one: 25, list: 1009 };
const DATE: Sort = Sort { one: 1082, list: 1182 };
const TIMESTAMPTZ: Sort = Sort { one: 1184, list: 1185 };
const UUID: Sort = Sort { one: 2950, list: 2951 };
const JSONB: Sort = Sort { one: 3802, list: 3807 };
/// To be found out by the server, from where it stands.
const UNKNOWN: u32 = 0;

/// Of how many days and microseconds 2000-01-01, from which the server counts, is later than 1970-01-01.
const EPOCH_DAYS: i64 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS * 86_400_000_000;

impl Sort {
    /// The type of this name in a statement.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => BOOLEAN,
            "bytea" => BYTEA,
            "bigint" => BIGINT,
            "text" => TEXT,
            "date" => DATE,
            "timestamptz" => TIMESTAMPTZ,
            "uuid" => UUID,
            "jsonb" => JSONB,
            _ => return None,
        })
    }
}

fn info(oid: u32) -> PgTypeInfo {
    PgTypeInfo::with_oid(Oid(oid))
}

/// One parameter.
pub(super) struct One<'a>(pub(super) &'a Param<'a>);

impl Type<Postgres> for One<'_> {
    fn type_info() -> PgTypeInfo {
        info(UNKNOWN)
    }
}

impl Encode<'_, Postgres> for One<'_> {
    fn produces(&self) -> Option<PgTypeInfo> {
        Some(info(match self.0 {
            Param::Null => UNKNOWN,
            Param::Int(_) => BIGINT.one,
            Param::Flag(_) => BOOLEAN.one,
            Param::Text(_) => TEXT.one,
            Param::Json(_) => JSONB.one,
            Param::Id(_) => UUID.one,
            Param::Time(_) => TIMESTAMPTZ.one,
            Param::Day(_) => DATE.one,
            Param::Bytes(_) => BYTEA.one,
            Param::Ids(_) => UUID.list,
            Param::Words(_) => TEXT.list,
        }))
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self.0 {
            Param::Ids(ids) => {
                list(buffer, UUID, ids.len(), ids.iter().copied().map(Param::Id))?;
                Ok(IsNull::No)
            }
            Param::Words(words) => {
                list(buffer, TEXT, words.len(), words.iter().map(|word| Param::from(*word)))?;
                Ok(IsNull::No)
            }
            one => write(buffer, one),
        }
    }
}

/// One column of many rows: every `width`th of the parameters.
pub(super) struct Lane<'a> {
    pub(super) params: &'a [Param<'a>],
    pub(super) column: usize,
    pub(super) width: usize,
    pub(super) sort: Sort,
}

impl Type<Postgres> for Lane<'_> {
    fn type_info() -> PgTypeInfo {
        info(UNKNOWN)
    }
}

impl Encode<'_, Postgres> for Lane<'_> {
    fn produces(&self) -> Option<PgTypeInfo> {
        Some(info(self.sort.list))
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let rows = self.params.len() / self.width.max(1);
        list(buffer, self.sort, rows, self.params.iter().skip(self.column).step_by(self.width))?;
        Ok(IsNull::No)
    }
}

/// Writes a list: its dimension, whether something in it is nothing, the type, the length, where it begins, the values.
fn list<'a, P: std::borrow::Borrow<Param<'a>>>(
    buffer: &mut PgArgumentBuffer,
    sort: Sort,
    len: usize,
    values: impl Iterator<Item = P>,
) -> Result<(), BoxDynError> {
    buffer.extend_from_slice(&i32::from(len > 0).to_be_bytes());
    buffer.extend_from_slice(&1_i32.to_be_bytes());
    buffer.extend_from_slice(&sort.one.to_be_bytes());
    if len == 0 {
        return Ok(());
    }
    buffer.extend_from_slice(&i32::try_from(len)?.to_be_bytes());
    buffer.extend_from_slice(&1_i32.to_be_bytes());
    for value in values {
        let at = buffer.len();
        buffer.extend_from_slice(&(-1_i32).to_be_bytes());
        if let IsNull::No = write(buffer, value.borrow())? {
            let long = i32::try_from(buffer.len() - at - 4)?;
            buffer[at..at + 4].copy_from_slice(&long.to_be_bytes());
        }
    }
    Ok(())
}

fn write(buffer: &mut PgArgumentBuffer, value: &Param<'_>) -> Result<IsNull, BoxDynError> {
    match value {
        Param::Null => return Ok(IsNull::Yes),
        Param::Int(number) => buffer.extend_from_slice(&number.to_be_bytes()),
        Param::Flag(flag) => buffer.push(u8::from(*flag)),
        Param::Text(text) => buffer.extend_from_slice(text.as_bytes()),
        Param::Json(text) => {
            buffer.push(1);
            buffer.extend_from_slice(text.as_bytes());
        }
        Param::Id(id) => buffer.extend_from_slice(&id.to_be_bytes()),
        Param::Time(at) => {
            let micros = at.as_micros().checked_sub(EPOCH_MICROS).ok_or("an instant out of range")?;
            buffer.extend_from_slice(&micros.to_be_bytes());
        }
        Param::Day(day) => {
            let days = i32::try_from(day.as_days() - EPOCH_DAYS)?;
            buffer.extend_from_slice(&days.to_be_bytes());
        }
        Param::Bytes(bytes) => buffer.extend_from_slice(bytes),
        Param::Ids(_) | Param::Words(_) => return Err("a list within a list".into()),
    }
    Ok(IsNull::No)
}

impl Columns for PgRow {
    fn is_null(&self, i: usize) -> Result<bool> {
        Ok(value(self, i)?.is_null())
    }

    fn int(&self, i: usize) -> Result<i64> {
        Ok(i64::from_be_bytes(fixed(self, i, BIGINT, "a bigint")?))
    }

    fn flag(&self, i: usize) -> Result<bool> {
        Ok(fixed::<1>(self, i, BOOLEAN, "a boolean")? == [1])
    }

    fn text(&self, i: usize) -> Result<&str> {
        let found = value(self, i)?;
        let bytes = if is(&found, JSONB) {
            found.as_bytes().ok().and_then(|bytes| bytes.strip_prefix(&[1]))
        } else if is(&found, TEXT) {
            found.as_bytes().ok()
        } else {
            None
        };
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or_else(|| odd(self, i, &found, "text"))
    }

    fn id(&self, i: usize) -> Result<u128> {
        Ok(u128::from_be_bytes(fixed(self, i, UUID, "a uuid")?))
    }

    fn time(&self, i: usize) -> Result<Timestamp> {
        let micros = i64::from_be_bytes(fixed(self, i, TIMESTAMPTZ, "an instant")?);
        Ok(Timestamp::from_micros(micros.saturating_add(EPOCH_MICROS)))
    }

    fn day(&self, i: usize) -> Result<Date> {
        let days = i64::from(i32::from_be_bytes(fixed(self, i, DATE, "a day")?));
        Date::from_days(days + EPOCH_DAYS).ok_or_else(|| Error::internal(format!("column {i} is no day")))
    }

    fn bytes(&self, i: usize) -> Result<&[u8]> {
        let found = value(self, i)?;
        let bytes = found.as_bytes().ok().filter(|_| is(&found, BYTEA));
        bytes.ok_or_else(|| odd(self, i, &found, "bytes"))
    }
}

fn value(row: &PgRow, i: usize) -> Result<PgValueRef<'_>> {
    row.try_get_raw(i).map_err(|error| Error::internal(format!("there is no column {i}: {error}")))
}

fn is(found: &PgValueRef<'_>, sort: Sort) -> bool {
    found.type_info().oid() == Some(Oid(sort.one))
}

fn fixed<const N: usize>(row: &PgRow, i: usize, sort: Sort, wanted: &str) -> Result<[u8; N]> {
    let found = value(row, i)?;
    let bytes = found.as_bytes().ok().filter(|_| is(&found, sort)).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| odd(row, i, &found, wanted))
}

/// Says what a column holds instead of what it should; the value itself stays out of the log.
fn odd(row: &PgRow, i: usize, found: &PgValueRef<'_>, wanted: &str) -> Error {
    let name = row.columns().get(i).map_or("?", |column| column.name());
    let holds = if found.is_null() { "nothing".to_owned() } else { found.type_info().name().to_owned() };
    Error::internal(format!("column {i}, `{name}`, holds {holds} where {wanted} should be"))
}
