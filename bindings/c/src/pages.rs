//! Walks: a list operation called again and again, a page each time.

use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

use baddie::Error;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::border::{answer, enter, text, word};
use crate::registry::{self, Held};
use crate::shop::{self, CShop, OpenShop};
use crate::status::{Failure, Status};
use crate::text::{self, Text};

/// A walk through the pages of a list. Free it with `baddie_pages_free`.
#[repr(C)]
pub struct Pages {
    private: [u8; 0],
}

/// Where a walk stands.
pub struct Walk {
    shop: Arc<OpenShop>,
    operation: String,
    request: Map<String, Value>,
    done: bool,
}

/// What a walk needs to know of a page.
#[derive(serde::Deserialize)]
struct Seen<'a> {
    #[serde(borrow, rename = "items")]
    _items: &'a RawValue,
    next_cursor: Option<String>,
}

impl Walk {
    /// Begins a walk; the request is that of the list operation.
    pub fn new(shop: Arc<OpenShop>, operation: &str, request: &str) -> Result<Self, Failure> {
        let unreadable =
            |error: serde_json::Error| Error::invalid("request", "unreadable", &error.to_string());
        let request = serde_json::from_str(request).map_err(unreadable)?;
        Ok(Self { shop, operation: operation.to_owned(), request, done: false })
    }

    /// The next page, or nothing after the last.
    pub fn advance(&mut self) -> Result<Option<String>, Failure> {
        if self.done {
            return Ok(None);
        }
        let request = Value::Object(self.request.clone()).to_string();
        let page = self.shop.call(&self.operation, None, &request)?;
        let seen: Seen<'_> = serde_json::from_str(&page).map_err(|error| {
            let remedy = format!("name one whose answer is a page ({error})");
            Error::invalid("operation", format!("{:?}", self.operation), &remedy)
        })?;
        match seen.next_cursor {
            Some(cursor) => drop(self.request.insert("cursor".to_owned(), cursor.into())),
            None => self.done = true,
        }
        Ok(Some(page))
    }
}

fn of(held: &Held) -> Option<Arc<Mutex<Walk>>> {
    if let Held::Pages(walk) = held { Some(walk.clone()) } else { None }
}

/// Begins a walk through the pages of a list operation such as `orders.list`; nothing is asked yet.
///
/// # Safety
///
/// `operation` ends with a zero byte, `request` leads to `length` bytes, `pages` to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_pages_open(
    shop: *const CShop,
    operation: *const c_char,
    request: *const c_char,
    length: usize,
    pages: *mut *mut Pages,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (operation, request, pages) = unsafe {
            (word("operation", operation)?, text("request", request, length)?, answer("pages", pages)?)
        };
        let walk = Walk::new(registry::look_up(shop, shop::of)?, operation, request)?;
        *pages = registry::keep(Held::Pages(Arc::new(Mutex::new(walk))));
        Ok(())
    })
}

/// Asks for the next page: JSON with `items` and `next_cursor`. Answers `BADDIE_STATUS_DONE` after the last.
///
/// # Safety
///
/// `page_owned` leads to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_pages_next(pages: *const Pages, page_owned: *mut *mut Text) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let place = unsafe { answer("page_owned", page_owned) }?;
        let walk = registry::look_up(pages, of)?;
        let next = walk.lock().unwrap_or_else(PoisonError::into_inner).advance()?;
        let page = next.ok_or_else(|| Failure::new(Status::Done, "c.done", "there are no more pages"))?;
        *place = text::give(page);
        Ok(())
    })
}

/// Gives a walk back.
#[unsafe(no_mangle)]
pub extern "C" fn baddie_pages_free(pages: *mut Pages) -> Status {
    enter(|| registry::release(pages, of))
}
