//! The border: what comes in is checked, what goes wrong is kept, and no panic gets out.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use crate::status::{Failure, Status};

thread_local! {
    /// What went wrong last on this thread, in JSON; empty after a success.
    static LAST_ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs the body of an entry: keeps its failure, and turns a panic into one.
pub fn enter(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(of_panic(&*panic)));
    let (status, told) = match outcome {
        Ok(()) => (Status::Ok, String::new()),
        Err(failure) => (failure.status, failure.told),
    };
    // A thread at its very end has no place for it any more.
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = told);
    status
}

fn of_panic(panic: &(dyn Any + Send)) -> Failure {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    Failure::new(Status::Internal, "c.panic", &format!("a defect of the engine was stopped: {words}"))
}

/// Copies what went wrong last on the calling thread, as JSON with `kind`, `code`, `message`, `field` and
/// `retry_after_ms`, and a zero byte. Empty when the last call succeeded.
///
/// Returns how many bytes it needs, with the zero byte; copies as many as fit. `buffer` may be null when `capacity` is 0.
///
/// # Safety
///
/// `buffer` leads to `capacity` bytes that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_last_error(buffer: *mut c_char, capacity: usize) -> usize {
    let text = LAST_ERROR.try_with(|last| last.borrow().clone()).unwrap_or_default();
    if !buffer.is_null() && capacity > 0 {
        let mut kept = text.len().min(capacity - 1);
        while !text.is_char_boundary(kept) {
            kept -= 1;
        }
        // SAFETY: the caller gives `capacity` writable bytes, and `kept` is less than that.
        let target = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), kept + 1) };
        target[..kept].copy_from_slice(&text.as_bytes()[..kept]);
        target[kept] = 0;
    }
    text.len() + 1
}

/// The longest array that is taken: what does not fit half the address space is a slip.
const MOST: usize = isize::MAX as usize / 16;

/// The values at a pointer.
///
/// # Safety
///
/// `start`, when it is not null, leads to `count` values that nobody changes during the call.
pub unsafe fn values<'a, T>(name: &str, start: *const T, count: usize) -> Result<&'a [T], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    check(name, start, count)?;
    // SAFETY: not null, aligned, of a possible size; the rest is the caller's word.
    Ok(unsafe { slice::from_raw_parts(start, count) })
}

/// The places at a pointer, to be written.
///
/// # Safety
///
/// `start`, when it is not null, leads to `count` values that nobody else uses during the call.
pub unsafe fn places<'a, T>(name: &str, start: *mut T, count: usize) -> Result<&'a mut [T], Failure> {
    if count == 0 {
        return Ok(&mut []);
    }
    check(name, start, count)?;
    // SAFETY: not null, aligned, of a possible size; the rest is the caller's word.
    Ok(unsafe { slice::from_raw_parts_mut(start, count) })
}

/// The text at a pointer.
///
/// # Safety
///
/// `start`, when it is not null, leads to `length` bytes that nobody changes during the call.
pub unsafe fn text<'a>(name: &str, start: *const c_char, length: usize) -> Result<&'a str, Failure> {
    if start.is_null() {
        return Err(Failure::argument(name, "is null"));
    }
    // SAFETY: the caller's word, passed on.
    let bytes = unsafe { values(name, start.cast::<u8>(), length) }?;
    str::from_utf8(bytes).map_err(|error| Failure::argument(name, &format!("is not UTF-8: {error}")))
}

/// The text at a pointer, up to its zero byte.
///
/// # Safety
///
/// `start`, when it is not null, leads to bytes that end with a zero byte and that nobody changes during the call.
pub unsafe fn word<'a>(name: &str, start: *const c_char) -> Result<&'a str, Failure> {
    if start.is_null() {
        return Err(Failure::argument(name, "is null"));
    }
    // SAFETY: not null; the zero byte is the caller's word.
    let text = unsafe { std::ffi::CStr::from_ptr(start) };
    text.to_str().map_err(|error| Failure::argument(name, &format!("is not UTF-8: {error}")))
}

/// The place where an answer goes; emptied first, so that nobody takes an old handle for the answer.
///
/// # Safety
///
/// `place`, when it is not null, leads to a pointer that may be written.
pub unsafe fn answer<'a, T>(name: &str, place: *mut *mut T) -> Result<&'a mut *mut T, Failure> {
    // SAFETY: the caller's word, passed on.
    let place = &mut unsafe { places(name, place, 1) }?[0];
    *place = std::ptr::null_mut();
    Ok(place)
}

fn check<T>(name: &str, start: *const T, count: usize) -> Result<(), Failure> {
    if start.is_null() {
        Err(Failure::argument(name, "is null"))
    } else if !start.is_aligned() {
        Err(Failure::argument(name, "is not aligned"))
    } else if count > MOST / size_of::<T>().max(1) {
        Err(Failure::argument(name, "is longer than memory"))
    } else {
        Ok(())
    }
}
