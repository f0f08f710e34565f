//! What happened in a shop, told to a callback.

use std::ffi::{CString, c_char, c_void};

use baddie::Error;
use serde_json::Value;

use crate::border::{enter, places, word};
use crate::pages::Walk;
use crate::registry;
use crate::shop::{self, CShop};
use crate::status::{Failure, Status};

/// Hears one event, as JSON with a zero byte at its end, and returns 0 to go on or anything else to stop. The text is
/// borrowed: it is there until the callback returns. The callback runs on the calling thread and may call any function of
/// this header, even free the shop. It must return: no exception and no longjmp may leave it.
pub type Hear = Option<extern "C" fn(context: *mut c_void, event: *const c_char) -> i32>;

/// Tells the callback what happened after the event `after`, oldest first; from the beginning when `after` is null.
/// `told`, which may be null, gets the number of events that were heard. When the callback asks to stop, the answer is
/// `BADDIE_STATUS_STOPPED`; ask again after the last event that was heard.
///
/// # Safety
///
/// `after` is null or ends with a zero byte, `told` is null or may be written, `context` is whatever `hear` takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_events(
    shop: *const CShop,
    after: *const c_char,
    hear: Hear,
    context: *mut c_void,
    told: *mut usize,
) -> Status {
    enter(|| {
        let hear = hear.ok_or_else(|| Failure::argument("hear", "is null"))?;
        // SAFETY: the caller's word.
        let after = if after.is_null() { "" } else { unsafe { word("after", after) }? };
        let walk = Walk::new(registry::look_up(shop, shop::of)?, "events.list", r#"{"limit":200}"#)?;
        let mut count = 0;
        let mut outcome = Ok(());
        for event in since(walk, after)?.into_iter().rev() {
            let text = CString::new(event.to_string()).map_err(Error::internal)?;
            count += 1;
            if hear(context, text.as_ptr()) != 0 {
                outcome = Err(Failure::new(Status::Stopped, "c.stopped", "the callback asked to stop"));
                break;
            }
        }
        if !told.is_null() {
            // SAFETY: not null; the rest is the caller's word.
            unsafe { places("told", told, 1) }?[0] = count;
        }
        outcome
    })
}

/// The events after one, newest first as pages give them. Ids rise with time.
fn since(mut walk: Walk, after: &str) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    while let Some(page) = walk.advance()? {
        let mut page: Value = serde_json::from_str(&page).map_err(Error::internal)?;
        let Value::Array(items) = page["items"].take() else {
            return Err(Error::internal("a page without items").into());
        };
        for event in items {
            if event["id"].as_str().is_some_and(|id| id <= after) {
                return Ok(found);
            }
            found.push(event);
        }
    }
    Ok(found)
}
