//! A shop seen by somebody, and the calls of its operations.

use std::ffi::c_char;
use std::sync::Arc;

use baddie::ids::{EntityId as _, ShopId};
use baddie::{Actor, Error, Found, Shop, operations};
use serde_json::json;

use crate::border::{answer, enter, text, word};
use crate::engine::{self, CEngine, OpenEngine, give_json};
use crate::registry::{self, Held};
use crate::status::{Failure, Status};
use crate::text::{self, Text};

/// A shop, seen by somebody. Free it with `baddie_shop_free`.
#[repr(C)]
pub struct CShop {
    private: [u8; 0],
}

/// A shop and the engine it belongs to.
pub struct OpenShop {
    shop: Shop,
    engine: Arc<OpenEngine>,
}

impl OpenShop {
    /// Calls an operation, once for a key, on the calling thread.
    pub fn call(&self, operation: &str, key: Option<&str>, request: &str) -> Result<String, Failure> {
        let keyed = key.map(|key| self.shop.clone().with_key(key));
        let shop = keyed.as_ref().unwrap_or(&self.shop);
        Ok(self.engine.wait(operations::call(shop, operation, request))?)
    }
}

/// Finds the shop of a handle.
pub fn of(held: &Held) -> Option<Arc<OpenShop>> {
    if let Held::Shop(shop) = held { Some(shop.clone()) } else { None }
}

fn keep(shop: Shop, engine: Arc<OpenEngine>) -> *mut CShop {
    registry::keep(Held::Shop(Arc::new(OpenShop { shop, engine })))
}

/// Founds a shop: `founding` is JSON with `name`, `email`, `currency` and `time_zone`. The shop is seen by its owner,
/// whose token, shown this once, stands in `founded_owned` as `token`, beside `shop_id`.
///
/// # Safety
///
/// `founding` leads to `length` bytes; `shop` and `founded_owned` lead to pointers that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_shop_found(
    engine: *const CEngine,
    founding: *const c_char,
    length: usize,
    shop: *mut *mut CShop,
    founded_owned: *mut *mut Text,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (founding, shop, told) = unsafe {
            (
                text("founding", founding, length)?,
                answer("shop", shop)?,
                answer("founded_owned", founded_owned)?,
            )
        };
        let engine = registry::look_up(engine, engine::of)?;
        let found: Found = serde_json::from_str(founding)
            .map_err(|error| Error::invalid("founding", "unreadable", &error.to_string()))?;
        let founded = engine.wait(engine.engine().found(found))?;
        *told = give_json(&json!({ "shop_id": founded.shop.id(), "token": founded.token }))?;
        *shop = keep(founded.shop, engine);
        Ok(())
    })
}

/// Opens the shop to which a token belongs, seen by the token's owner.
///
/// # Safety
///
/// `token` ends with a zero byte; `shop` leads to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_shop_enter(
    engine: *const CEngine,
    token: *const c_char,
    shop: *mut *mut CShop,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (token, shop) = unsafe { (word("token", token)?, answer("shop", shop)?) };
        let engine = registry::look_up(engine, engine::of)?;
        let credential = engine.wait(engine.engine().authenticate(token))?;
        *shop = keep(engine.engine().enter(&credential), engine);
        Ok(())
    })
}

/// Opens a shop as the program that embeds the engine, which may do everything. `shop_id` may be null where the store
/// holds one shop.
///
/// # Safety
///
/// `shop_id` is null or ends with a zero byte; `shop` leads to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_shop_open(
    engine: *const CEngine,
    shop_id: *const c_char,
    shop: *mut *mut CShop,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let shop = unsafe { answer("shop", shop) }?;
        let engine = registry::look_up(engine, engine::of)?;
        let id = if shop_id.is_null() {
            match engine.wait(engine.engine().shops())?[..] {
                [only] => only,
                [] => return Err(Error::not_found("shop", "").into()),
                _ => return Err(Error::invalid("shop_id", "null", "the store holds several shops").into()),
            }
        } else {
            // SAFETY: the caller's word.
            ShopId::parse(unsafe { word("shop_id", shop_id) }?)?
        };
        *shop = keep(engine.engine().shop(Actor::System, id), engine);
        Ok(())
    })
}

/// Gives a shop back.
#[unsafe(no_mangle)]
pub extern "C" fn baddie_shop_free(shop: *mut CShop) -> Status {
    enter(|| registry::release(shop, of))
}

/// Calls an operation by its name, such as `orders.place`, with a request in JSON; the answer is JSON too.
///
/// # Safety
///
/// `operation` ends with a zero byte, `request` leads to `length` bytes, `response_owned` to a pointer that may be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_call(
    shop: *const CShop,
    operation: *const c_char,
    request: *const c_char,
    length: usize,
    response_owned: *mut *mut Text,
) -> Status {
    // SAFETY: the caller's word, passed on.
    enter(|| unsafe { call(shop, operation, None, request, length, response_owned) })
}

/// Calls an operation under an idempotency key: however often it is called, it has one effect and one answer.
///
/// # Safety
///
/// As `baddie_call`; `key` ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_call_once(
    shop: *const CShop,
    operation: *const c_char,
    key: *const c_char,
    request: *const c_char,
    length: usize,
    response_owned: *mut *mut Text,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word, passed on.
        unsafe { call(shop, operation, Some(word("key", key)?), request, length, response_owned) }
    })
}

/// # Safety
///
/// As `baddie_call`.
unsafe fn call(
    shop: *const CShop,
    operation: *const c_char,
    key: Option<&str>,
    request: *const c_char,
    length: usize,
    response: *mut *mut Text,
) -> Result<(), Failure> {
    // SAFETY: the caller's word.
    let (operation, request, response) = unsafe {
        (
            word("operation", operation)?,
            text("request", request, length)?,
            answer("response_owned", response)?,
        )
    };
    let answer = registry::look_up(shop, of)?.call(operation, key, request)?;
    *response = text::give(answer);
    Ok(())
}

/// The table of operations, as a JSON list: `name`, `summary`, `permission`, `writes`, and the JSON schemas of `request`
/// and `answer`.
///
/// # Safety
///
/// `table_owned` leads to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_operations(table_owned: *mut *mut Text) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let table = unsafe { answer("table_owned", table_owned) }?;
        *table = give_json(&operations::describe())?;
        Ok(())
    })
}
