//! Texts that the engine answers: they belong to the caller until given back.

use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

use crate::border::{enter, places};
use crate::registry::{self, Held};
use crate::status::Status;

/// A text that the engine answered; the caller owns it. Give it back with `baddie_text_free`.
#[repr(C)]
pub struct Text {
    private: [u8; 0],
}

/// Keeps a text for the caller.
pub fn give(text: String) -> *mut Text {
    let mut bytes = text.into_bytes();
    bytes.push(0);
    registry::keep(Held::Text(bytes.into()))
}

fn of(held: &Held) -> Option<Arc<[u8]>> {
    if let Held::Text(text) = held { Some(text.clone()) } else { None }
}

/// The bytes of a text, in UTF-8 and with a zero byte behind them; `length`, which may be null, gets their number
/// without it. Borrowed: they are there until the text is freed. Null when `text` is no text.
///
/// # Safety
///
/// `length` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_text_borrow(text: *const Text, length: *mut usize) -> *const c_char {
    let mut start = ptr::null();
    enter(|| {
        let bytes = registry::look_up(text, of)?;
        if !length.is_null() {
            // SAFETY: not null; the rest is the caller's word.
            unsafe { places("length", length, 1) }?[0] = bytes.len() - 1;
        }
        start = bytes.as_ptr().cast();
        Ok(())
    });
    start
}

/// Gives a text back.
#[unsafe(no_mangle)]
pub extern "C" fn baddie_text_free(text: *mut Text) -> Status {
    enter(|| registry::release(text, of))
}
