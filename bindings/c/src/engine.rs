//! Opening an engine, and what is done with it as a whole.

use std::ffi::c_char;
use std::sync::{Arc, mpsc};
use std::{ffi::c_void, future::Future, thread};

use baddie::{Config, Engine, Error};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use crate::border::{answer, enter, text, word};
use crate::registry::{self, Held};
use crate::status::{Failure, Status};
use crate::text::{self, Text};

/// An engine on a store. Close it with `baddie_engine_close`.
#[repr(C)]
pub struct CEngine {
    private: [u8; 0],
}

/// An engine with the threads that wait for it.
pub struct OpenEngine {
    engine: Engine,
    runtime: Runtime,
}

impl OpenEngine {
    fn open(config: &Config) -> Result<Self, Failure> {
        let runtime =
            Builder::new_multi_thread().worker_threads(2).thread_name("baddie").enable_all().build();
        let runtime = runtime.map_err(Error::internal)?;
        let engine = runtime.block_on(Engine::open_with(config))?;
        Ok(Self { engine, runtime })
    }

    /// The engine itself.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Waits on the calling thread.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// Finds the engine of a handle.
pub fn of(held: &Held) -> Option<Arc<OpenEngine>> {
    if let Held::Engine(engine) = held { Some(engine.clone()) } else { None }
}

/// A text for the caller, in JSON.
pub fn give_json(value: &impl Serialize) -> Result<*mut Text, Failure> {
    Ok(text::give(serde_json::to_string(value).map_err(Error::internal)?))
}

/// Reads settings: JSON when they begin with a brace, else TOML.
fn settings(text: &str) -> Result<Config, Failure> {
    let unreadable = |error: String| Failure::from(Error::invalid("config", "unreadable", &error));
    if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))
    } else {
        toml::from_str(text).map_err(|error| unreadable(error.to_string()))
    }
}

/// Opens an engine with settings in JSON or TOML, such as `{"database":"sqlite://shop.db"}`; makes the store when it is
/// not there. The engine may be used by any number of threads at once.
///
/// # Safety
///
/// `config` leads to `length` bytes, `engine` to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_open(
    config: *const c_char,
    length: usize,
    engine: *mut *mut CEngine,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let (config, engine) = unsafe { (text("config", config, length)?, answer("engine", engine)?) };
        *engine = registry::keep(Held::Engine(Arc::new(OpenEngine::open(&settings(config)?)?)));
        Ok(())
    })
}

/// Closes an engine. Its shops go on until they are freed too.
#[unsafe(no_mangle)]
pub extern "C" fn baddie_engine_close(engine: *mut CEngine) -> Status {
    enter(|| registry::release(engine, of))
}

/// Does what waits at channels, payment providers, carriers and models: call it in a loop, as often as news should
/// travel. The answer counts jobs `taken`, `done`, to be tried `again` and `given_up`.
///
/// # Safety
///
/// `report_owned` leads to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_engine_tick(engine: *const CEngine, report_owned: *mut *mut Text) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let report = unsafe { answer("report_owned", report_owned) }?;
        let engine = registry::look_up(engine, of)?;
        *report = give_json(&engine.wait(engine.engine.tick())?)?;
        Ok(())
    })
}

/// Hears how far a long work is, and returns 0 to go on or anything else to stop hearing of it. It runs on the calling
/// thread and may call any function of this header. It must return: no exception and no longjmp may leave it.
pub type Progress = Option<extern "C" fn(context: *mut c_void, done: u64) -> i32>;

/// Checks every invariant of every shop. The verdict counts `checks` and `violations`, with `details`. `progress` may be
/// null; when it asks to stop, the answer is `BADDIE_STATUS_STOPPED`.
///
/// # Safety
///
/// `verdict_owned` leads to a pointer that may be written; `context` is whatever `progress` takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_engine_verify(
    engine: *const CEngine,
    progress: Progress,
    context: *mut c_void,
    verdict_owned: *mut *mut Text,
) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let place = unsafe { answer("verdict_owned", verdict_owned) }?;
        let engine = registry::look_up(engine, of)?;
        // The work has a thread of its own, so that the callback runs on the caller's, outside of everything.
        let (tell, told) = mpsc::channel();
        let verdict = thread::scope(|scope| {
            let working = scope.spawn(|| {
                let hear = move |done| {
                    // Nobody listens any more once the callback asked to stop.
                    let _ = tell.send(done);
                };
                engine.wait(engine.engine.verify(&hear))
            });
            let go_on = told.into_iter().all(|done| progress.is_none_or(|hear| hear(context, done) == 0));
            let verdict = working.join().map_err(|_| Error::internal("the check panicked"))?;
            if go_on {
                Ok(verdict?)
            } else {
                Err(Failure::new(Status::Stopped, "c.stopped", "the callback asked to stop"))
            }
        })?;
        *place = give_json(&verdict)?;
        Ok(())
    })
}

/// Copies a database to a new file while work goes on; an existing file is never replaced.
///
/// # Safety
///
/// `path` ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn baddie_engine_backup(engine: *const CEngine, path: *const c_char) -> Status {
    enter(|| {
        // SAFETY: the caller's word.
        let path = unsafe { word("path", path) }?;
        let engine = registry::look_up(engine, of)?;
        Ok(engine.wait(engine.engine.storage().backup(path, Arc::new(|_, _| ())))?)
    })
}
