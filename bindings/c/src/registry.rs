//! Handles: what C holds is a number that looks like a pointer, and is looked up here. Nothing behind it is ever read
//! through it, so a handle that was freed, doubled, mixed up or made up is an error and nothing worse.

use std::collections::HashMap;
use std::process;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::engine::OpenEngine;
use crate::pages::Walk;
use crate::shop::OpenShop;
use crate::status::{Failure, Status};

/// What a handle stands for.
#[derive(Clone)]
pub enum Held {
    /// An engine.
    Engine(Arc<OpenEngine>),
    /// A shop.
    Shop(Arc<OpenShop>),
    /// A text that the engine answered, with a zero byte at its end.
    Text(Arc<[u8]>),
    /// A walk through pages.
    Pages(Arc<Mutex<Walk>>),
}

/// The handles of one process. A child after a fork begins one of its own: the parent's may be locked for ever, and
/// what lies in it belongs to threads that the child does not have.
struct Registry {
    process: u32,
    first: usize,
    entries: RwLock<HashMap<usize, Held>>,
}

/// The next handle; handles are never given twice.
static NEXT: AtomicUsize = AtomicUsize::new(FIRST);
static CURRENT: AtomicPtr<Registry> = AtomicPtr::new(ptr::null_mut());
/// Above all that is taken for a small error number, and odd steps apart from what an allocator gives.
const FIRST: usize = 0x1001;
const STRIDE: usize = 2;

fn registry() -> &'static Registry {
    let process = process::id();
    loop {
        let found = CURRENT.load(Ordering::Acquire);
        // SAFETY: the pointer is null or comes from `Box::into_raw` below, and what it leads to is never freed.
        if let Some(registry) = unsafe { found.as_ref() }
            && registry.process == process
        {
            return registry;
        }
        let first = NEXT.load(Ordering::Relaxed);
        let fresh = Box::into_raw(Box::new(Registry { process, first, entries: RwLock::default() }));
        if CURRENT.compare_exchange(found, fresh, Ordering::AcqRel, Ordering::Acquire).is_err() {
            // SAFETY: another thread was faster, so nobody else has seen this box.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}

/// Keeps something and gives its handle.
pub fn keep<T>(held: Held) -> *mut T {
    // The registry comes before its first number, so that all its numbers are its own.
    let registry = registry();
    let number = NEXT.fetch_add(STRIDE, Ordering::Relaxed);
    registry.entries.write().unwrap_or_else(PoisonError::into_inner).insert(number, held);
    ptr::without_provenance_mut(number)
}

/// What a handle stands for, if `kind` finds it to be of the right kind.
pub fn look_up<T, H>(handle: *const T, kind: impl FnOnce(&Held) -> Option<H>) -> Result<H, Failure> {
    let entries = registry().entries.read().unwrap_or_else(PoisonError::into_inner);
    match entries.get(&handle.addr()) {
        Some(held) => kind(held).ok_or_else(|| wrong("is of another kind")),
        None => Err(missing(handle.addr())),
    }
}

/// Takes a handle back. What it stood for goes when the last call that uses it ends.
pub fn release<T, H>(handle: *const T, kind: impl FnOnce(&Held) -> Option<H>) -> Result<(), Failure> {
    let mut entries = registry().entries.write().unwrap_or_else(PoisonError::into_inner);
    let held = entries.get(&handle.addr()).ok_or_else(|| missing(handle.addr()))?;
    kind(held).ok_or_else(|| wrong("is of another kind"))?;
    let gone = entries.remove(&handle.addr());
    // Closing an engine takes time, and must not hold the others up.
    drop(entries);
    drop(gone);
    Ok(())
}

fn missing(number: usize) -> Failure {
    if number == 0 {
        return Failure::argument("handle", "is null");
    }
    let given = number >= FIRST && number % STRIDE == FIRST % STRIDE && number < NEXT.load(Ordering::Relaxed);
    if given && number < registry().first {
        let message = "the handle was opened before a fork: open the engine anew in the child";
        return Failure::new(Status::Forked, "c.forked", message);
    }
    wrong(if given { "was freed before" } else { "is none that was given out" })
}

fn wrong(fault: &str) -> Failure {
    Failure::new(Status::BadHandle, "c.handle", &format!("the handle {fault}"))
}
