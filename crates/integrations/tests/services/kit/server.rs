//! A server on loopback that stands for a service, and fails as told.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What the fake says.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// The connection breaks before anything is done.
    DropBefore,
    /// It is done, and the connection breaks before the answer.
    DropAfter,
    /// Nothing is done, and no answer comes.
    HangBefore,
    /// It is done, and no answer comes.
    HangAfter,
    /// Nothing is done, and this is said instead.
    Instead(Reply),
    /// It is done, and half of the answer comes.
    Truncated,
    /// It is done, and the answer does not end for 64 MiB.
    Giant,
}

type Handler = Arc<dyn Fn(&Heard) -> Reply + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, io::Error>;

struct Shared {
    handler: Handler,
    faults: Mutex<VecDeque<Fault>>,
    heard: Mutex<Vec<Heard>>,
}

/// The server; gone when it is dropped.
pub(crate) struct Server {
    base: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl Server {
    /// Serves requests by this handler, which does what it says at once.
    pub(crate) fn start(handler: impl Fn(&Heard) -> Reply + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        listener.set_nonblocking(true).expect("a listener can be made not to block");
        let base = format!("http://{}", listener.local_addr().expect("a listener has an address"));
        let listener = TcpListener::from_std(listener).expect("it can be handed to the runtime");
        let shared = Arc::new(Shared {
            handler: Arc::new(handler),
            faults: Mutex::default(),
            heard: Mutex::default(),
        });
        let serving = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = serving.clone();
                tokio::spawn(async move {
                    let serve = service_fn(move |request| serve(shared.clone(), request));
                    // A fault breaks the connection; that is all there is to know of it.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), serve).await;
                });
            }
        });
        Self { base, shared, task: task.abort_handle() }
    }

    /// Where it is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// What goes wrong with the next requests, one after the other.
    pub(crate) fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.faults.lock().unwrap().extend(faults);
    }

    /// Nothing more goes wrong.
    pub(crate) fn forgive(&self) {
        self.shared.faults.lock().unwrap().clear();
    }

    /// What arrived so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let heard = Heard { method: parts.method.to_string(), path, headers: parts.headers, body };
    shared.heard.lock().unwrap().push(heard.clone());
    let fault = shared.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
    let broken = || Err(io::Error::other("the connection breaks"));
    match fault {
        Fault::DropBefore => return broken(),
        Fault::HangBefore => std::future::pending().await,
        Fault::Instead(reply) => return Ok(whole(reply)),
        Fault::None | Fault::DropAfter | Fault::HangAfter | Fault::Truncated | Fault::Giant => {}
    }
    let reply = (shared.handler)(&heard);
    match fault {
        Fault::DropAfter => broken(),
        Fault::HangAfter => std::future::pending().await,
        Fault::Truncated => Ok(cut(&reply)),
        Fault::Giant => Ok(endless(&reply)),
        _ => Ok(whole(reply)),
    }
}

fn head(reply: &Reply) -> hyper::http::response::Builder {
    let mut head = Response::builder().status(reply.status).header("content-type", "application/json");
    for (name, value) in &reply.headers {
        head = head.header(*name, HeaderValue::from_str(value).expect("a header of a fake is plain text"));
    }
    head
}

fn whole(reply: Reply) -> Response<Body> {
    let head = head(&reply);
    let body = Full::new(reply.body).map_err(|never: Infallible| match never {});
    head.body(UnsyncBoxBody::new(body)).expect("a reply of a fake is well formed")
}

/// Promises the whole answer and sends half of it.
fn cut(reply: &Reply) -> Response<Body> {
    let half = reply.body.slice(..reply.body.len() / 2);
    let frames = [Ok(Frame::data(half)), Err(io::Error::other("the connection breaks"))];
    let body = UnsyncBoxBody::new(StreamBody::new(stream::iter(frames)));
    let promised = head(reply).header("content-length", reply.body.len());
    promised.body(body).expect("a reply of a fake is well formed")
}

fn endless(reply: &Reply) -> Response<Body> {
    let chunk = Bytes::from(vec![b' '; 64 << 10]);
    let frames = stream::repeat_with(move || Ok(Frame::data(chunk.clone()))).take(1 << 10);
    let body = UnsyncBoxBody::new(StreamBody::new(frames));
    head(reply).body(body).expect("a reply of a fake is well formed")
}
