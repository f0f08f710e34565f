//! Bodies of requests: read whole, within a size, a time and a share of memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use hyper::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::limits::Limits;
use super::problem::Problem;

const PAGE: usize = 1024;

/// Reads bodies; all that are held at once share one bound.
pub struct Reader {
    most: usize,
    time: Duration,
    memory: Arc<Semaphore>,
}

/// A body, and its share of memory for as long as it is held.
#[derive(Default)]
pub struct Held {
    /// The body; empty when there was none.
    pub bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

impl Reader {
    /// A reader with these bounds.
    pub fn new(limits: &Limits) -> Self {
        let memory = Arc::new(Semaphore::new(limits.bodies_bytes.div_ceil(PAGE)));
        Self { most: limits.body_bytes, time: limits.body_time, memory }
    }

    /// A JSON body, whole.
    pub async fn json(&self, headers: &HeaderMap, body: Body) -> Result<Held, Problem> {
        if body.is_end_stream() {
            return Ok(Held::default());
        }
        let announced =
            headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let most = announced.unwrap_or(self.most);
        if most > self.most {
            return Err(self.too_large());
        }
        if !is_json(headers) {
            let detail = "send the body as `content-type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.not_json", detail));
        }
        let share = u32::try_from(most.div_ceil(PAGE)).unwrap_or(u32::MAX);
        let share = Arc::clone(&self.memory).try_acquire_many_owned(share).map_err(|_| Problem::busy())?;
        let bytes = timeout(self.time, self.collect(body, most)).await.unwrap_or_else(|_| {
            let detail = "the body did not come in time";
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "request.body_timeout", detail))
        })?;
        Ok(Held { bytes, _share: Some(share) })
    }

    /// One piece is taken as it is; several are copied together, so that many tiny ones cost no more than their bytes.
    async fn collect(&self, mut body: Body, most: usize) -> Result<Bytes, Problem> {
        let mut first = Bytes::new();
        let mut all = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|_| Problem::invalid("request.body_broken", "the body ends too early"))?;
            let Ok(piece) = frame.into_data() else { continue };
            if first.len() + all.len() + piece.len() > most {
                return Err(self.too_large());
            }
            if all.is_empty() && first.is_empty() {
                first = piece;
            } else {
                if all.is_empty() {
                    all.extend_from_slice(&std::mem::take(&mut first));
                }
                all.extend_from_slice(&piece);
            }
        }
        Ok(if all.is_empty() { first } else { all.into() })
    }

    fn too_large(&self) -> Problem {
        let detail = format!("a body has at most {} bytes", self.most);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.body_too_large", detail)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let parameters = parameters.trim();
    kind.trim().eq_ignore_ascii_case("application/json")
        && (parameters.is_empty() || parameters.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<_> =
            pieces.iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from(*piece))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    fn headers() -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, "application/json".parse().unwrap())])
    }

    #[tokio::test]
    async fn bodies_held_at_once_share_a_bound() {
        let limits = Limits { body_bytes: 2 * PAGE, bodies_bytes: 3 * PAGE, ..Limits::default() };
        let reader = Reader::new(&limits);
        let first = reader.json(&headers(), pieces(&["{", "}", ""])).await.unwrap();
        assert_eq!(first.bytes, "{}");
        let problem = reader.json(&headers(), pieces(&["{}"])).await.err().unwrap();
        assert_eq!((problem.status().as_u16(), problem.code()), (503, "server.busy"));
        drop(first);
        assert!(reader.json(&headers(), pieces(&["{}"])).await.is_ok());
    }

    #[tokio::test]
    async fn s26_an_unannounced_body_has_the_same_bound() {
        let reader = Reader::new(&Limits { body_bytes: 4, ..Limits::default() });
        assert_eq!(reader.json(&headers(), pieces(&["12", "34"])).await.unwrap().bytes, "1234");
        let problem = reader.json(&headers(), pieces(&["12", "34", "5"])).await.err().unwrap();
        assert_eq!(problem.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
