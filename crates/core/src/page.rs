//! Pages: every list is bounded, and goes on from where it stopped instead of counting rows it has shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::ids::{EntityId, base32};

/// How many things a page holds when nobody says.
pub const DEFAULT_LIMIT: u32 = 20;
/// How many things a page may hold.
pub const MAX_LIMIT: u32 = 200;

/// Which page is wanted. Newest things come first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PageRequest {
    /// How many things at most: 1 to 200, 20 when absent.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before; absent for the first page.
    pub cursor: Option<String>,
}

impl PageRequest {
    /// The first page with this many things.
    pub fn first(limit: u32) -> Self {
        Self { limit: Some(limit), cursor: None }
    }

    /// The number of things wanted, checked.
    pub fn limit(&self) -> Result<usize> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if limit == 0 || limit > MAX_LIMIT {
            return Err(Error::invalid("limit", limit, "choose 1 to 200"));
        }
        Ok(limit as usize)
    }

    /// The last thing of the page before, when this is not the first page.
    pub fn after<I: EntityId>(&self) -> Result<Option<I>> {
        self.cursor.as_deref().map(open_cursor).transpose()
    }
}

/// Some things, and how to ask for the following ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    /// The things of this page, newest first.
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page from up to `limit + 1` rows: the one too many only proves that there is a next page.
    pub fn cut<I: EntityId>(mut rows: Vec<T>, limit: usize, id: impl Fn(&T) -> I) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| close_cursor(id(row))) } else { None };
        Self { items: rows, next_cursor }
    }

    /// The same page with each thing turned into another.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// Cursors say nothing to their reader but which list they belong to; a stray one is refused, not misread.
fn close_cursor<I: EntityId>(id: I) -> String {
    format!("{}{}", base32(I::PREFIX.as_bytes()), &id.to_string()[I::PREFIX.len() + 1..])
}

fn open_cursor<I: EntityId>(cursor: &str) -> Result<I> {
    cursor
        .strip_prefix(&base32(I::PREFIX.as_bytes()))
        .and_then(|code| I::parse(&format!("{}_{code}", I::PREFIX)).ok())
        .ok_or_else(|| {
            Error::invalid(
                "cursor",
                format!("{cursor:?}"),
                "pass next_cursor of this list's last page unchanged",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{OrderId, ShopId};

    #[test]
    fn a_page_goes_on_after_its_last_thing() {
        let ids: Vec<_> = (1..=4).rev().map(OrderId::from_u128).collect();
        let page = Page::cut(ids.clone(), 3, |id| *id);
        assert_eq!(page.items, ids[..3]);
        let next = PageRequest { limit: None, cursor: page.next_cursor };
        assert_eq!(next.after::<OrderId>().unwrap(), Some(ids[2]));
        assert!(next.after::<ShopId>().is_err(), "a cursor of another list is refused");
        assert_eq!(Page::cut(ids, 4, |id| *id).next_cursor, None);
    }

    #[test]
    fn limits_are_bounded() {
        for (limit, fine) in [(0, false), (1, true), (200, true), (201, false), (u32::MAX, false)] {
            assert_eq!(PageRequest::first(limit).limit().is_ok(), fine, "{limit}");
        }
    }
}
