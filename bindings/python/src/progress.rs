//! Long work tells Python how far it is.

use std::sync::mpsc;
use std::thread;

use baddie::{Error, Result};
use pyo3::prelude::*;

use crate::fault::work;

/// How far a work is: so much is done of so much in all, or of nobody knows how much where that is 0.
pub(crate) type Tell = Box<dyn Fn(u64, u64) + Send + Sync>;

/// Works on a thread of its own while the calling thread tells Python how far it is; on the calling thread where nobody
/// listens. What `progress` raises is raised after.
pub(crate) fn heard<T: Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    body: impl FnOnce(Tell) -> Result<T> + Send,
) -> PyResult<T> {
    let Some(hear) = progress else { return work(py, || body(Box::new(|_, _| ()))) };
    let (sender, told) = mpsc::channel();
    let tell: Tell = Box::new(move |done, total| {
        // Nobody listens any more once the callback has raised.
        let _ = sender.send((done, total));
    });
    let mut raised = None;
    let outcome = work(py, || {
        thread::scope(|scope| {
            let working = scope.spawn(|| body(tell));
            for (done, total) in told {
                if let Err(error) = Python::attach(|py| hear.call1(py, (done, total))) {
                    raised = Some(error);
                    break;
                }
            }
            working.join().unwrap_or_else(|_| Err(Error::internal("the work panicked")))
        })
    })?;
    raised.map_or(Ok(outcome), Err)
}
