//! An engine on a store, and the threads that wait for it.

use std::future::Future;
use std::mem;
use std::path::PathBuf;
use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use baddie::ids::{EntityId as _, ShopId};
use baddie::{Actor, Config, Error, Kind, Result};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};

use crate::fault::{raise, read, work, write};
use crate::progress::heard;
use crate::shop::Shop;

/// What an engine needs to run; it belongs to the process that opened it.
pub(crate) struct Open {
    engine: Option<baddie::Engine>,
    runtime: Option<Runtime>,
    process: u32,
}

impl Open {
    fn new(config: &Config) -> Result<Self> {
        let runtime =
            Builder::new_multi_thread().worker_threads(2).thread_name("baddie").enable_all().build();
        let runtime = runtime.map_err(Error::internal)?;
        let engine = runtime.block_on(baddie::Engine::open_with(config))?;
        Ok(Self { engine: Some(engine), runtime: Some(runtime), process: process::id() })
    }

    /// Waits on the calling thread for what the engine does.
    pub(crate) fn wait<T, F: Future<Output = Result<T>>>(
        &self,
        ask: impl FnOnce(baddie::Engine) -> F,
    ) -> Result<T> {
        if self.process != process::id() {
            let message = "the engine was opened before a fork: open it anew in the child";
            return Err(Error::new(Kind::Invalid, "python.forked", message));
        }
        let (Some(engine), Some(runtime)) = (&self.engine, &self.runtime) else {
            return Err(Error::internal("an engine without a runtime"));
        };
        runtime.block_on(ask(engine.clone()))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // The threads that hold the other end of these do not exist in a child, so nobody waits for them.
        if self.process != process::id() {
            mem::forget(self.engine.take());
            mem::forget(self.runtime.take());
        }
    }
}

/// An engine; closed by `close`, or when nobody knows it any more.
#[pyclass(frozen, module = "baddie._native")]
pub(crate) struct Engine(Mutex<Option<Arc<Open>>>);

impl Engine {
    fn open(&self, py: Python<'_>) -> PyResult<Arc<Open>> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = || Error::new(Kind::Invalid, "python.closed", "the engine is closed: open it anew");
        open.clone().ok_or_else(|| raise(py, &closed()))
    }
}

#[pymethods]
impl Engine {
    /// Opens an engine with settings in JSON.
    #[new]
    fn new(py: Python<'_>, config: &str) -> PyResult<Self> {
        let open = work(py, || Open::new(&read("config", config)?))?;
        Ok(Self(Mutex::new(Some(Arc::new(open)))))
    }

    /// Founds a shop; its owner's view of it, its id and the owner's token.
    fn found(&self, py: Python<'_>, founding: &str) -> PyResult<(Shop, String, String)> {
        let open = self.open(py)?;
        let founded = work(py, || {
            let founding = read("founding", founding)?;
            open.wait(|engine| async move { engine.found(founding).await })
        })?;
        let id = founded.shop.id().to_string();
        Ok((Shop::new(founded.shop, open), id, founded.token))
    }

    /// The shop that a token belongs to, seen by the token's owner.
    fn enter(&self, py: Python<'_>, token: &str) -> PyResult<Shop> {
        let open = self.open(py)?;
        let shop = work(py, || {
            open.wait(|engine| async move { Ok(engine.enter(&engine.authenticate(token).await?)) })
        })?;
        Ok(Shop::new(shop, open))
    }

    /// A shop, seen by the program that embeds the engine.
    fn shop(&self, py: Python<'_>, id: &str) -> PyResult<Shop> {
        let open = self.open(py)?;
        let shop = work(py, || {
            open.wait(|engine| async move { Ok(engine.shop(Actor::System, ShopId::parse(id)?)) })
        })?;
        Ok(Shop::new(shop, open))
    }

    /// The ids of all shops.
    fn shops(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let open = self.open(py)?;
        let shops = work(py, || open.wait(|engine| async move { engine.shops().await }))?;
        Ok(shops.iter().map(ToString::to_string).collect())
    }

    /// Does what waits at the ports; a report in JSON.
    fn tick(&self, py: Python<'_>) -> PyResult<String> {
        let open = self.open(py)?;
        work(py, || write(&open.wait(|engine| async move { engine.tick().await })?))
    }

    /// Checks every invariant; a verdict in JSON. What `progress(done)` raises is raised after.
    #[pyo3(signature = (progress=None))]
    fn verify(&self, py: Python<'_>, progress: Option<Py<PyAny>>) -> PyResult<String> {
        let open = self.open(py)?;
        heard(py, progress, |tell| {
            let tell = move |done| tell(done, 0);
            write(&open.wait(|engine| async move { engine.verify(&tell).await })?)
        })
    }

    /// Copies the database to a new file while work goes on. What `progress(done, total)` raises is raised after.
    #[pyo3(signature = (path, progress=None))]
    fn backup(&self, py: Python<'_>, path: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<()> {
        let open = self.open(py)?;
        heard(py, progress, |tell| {
            let path =
                path.to_str().ok_or_else(|| Error::invalid("path", "not UTF-8", "name the file in UTF-8"))?;
            open.wait(|engine| async move { engine.storage().backup(path, Arc::new(tell)).await })
        })
    }

    /// Closes the engine; its shops go on until nobody knows them any more.
    fn close(&self, py: Python<'_>) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(open));
    }
}
