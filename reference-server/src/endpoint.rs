//! One route at work: a request becomes a call of its operation, and the operation's answer a response.
//!
//! Everything that can be known before the first request is worked out when the server starts.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use baddie::operations::{self, Effect, KeyRule, Operation};
use baddie::{Credential, Shop};
use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, StatusCode};

use crate::api::Api;
use crate::fields::{self, Field, Shape, Writer};
use crate::http::body::Held;
use crate::http::metrics::RouteIndex;
use crate::http::{Problem, Seen, json};
use crate::ready::Found;
use crate::routes::{PREFIX, Route};

/// The header of a command's idempotency key.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The field that an `If-Match` header fills.
pub const EXPECTED_VERSION: &str = "expected_version";
const MAX_KEY: usize = 255;

/// One route, with all that its requests need.
pub struct Endpoint {
    /// Its row.
    pub route: &'static Route,
    /// What it calls.
    pub operation: &'static Operation,
    /// The fields in the path, each with the number of its segment.
    pub path: Vec<(usize, Field)>,
    /// The fields that may come in the query.
    pub query: Vec<Field>,
    /// Whether a body may come.
    pub takes_body: bool,
    /// Whether the request can say which version it means.
    pub takes_version: bool,
    /// Whether the answer carries its version.
    pub gives_version: bool,
}

impl Endpoint {
    /// Makes the endpoint of a route, or says what is wrong with the row.
    pub fn prepare(route: &'static Route) -> Result<Self, String> {
        let row = format!("{} {}", route.method, route.path);
        let operation = operations::find(route.operation)
            .ok_or_else(|| format!("{row}: there is no operation {}", route.operation))?;
        let reads = matches!(operation.effect, Effect::Read);
        if route.method == Method::GET && !reads {
            return Err(format!("{row}: {} changes something, so it cannot be a GET", operation.name));
        }
        let mut fields = fields::of((operation.request)().as_value());
        let mut path = Vec::new();
        for (index, segment) in PREFIX.split('/').chain(route.path.split('/').skip(1)).enumerate() {
            if let Some(name) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
                let at = fields
                    .iter()
                    .position(|field| field.name == name)
                    .ok_or_else(|| format!("{row}: the request of {} has no field {name}", operation.name))?;
                path.push((index, fields.remove(at)));
            }
        }
        let takes_version = fields.iter().any(|field| field.name == EXPECTED_VERSION);
        let takes_body = !matches!(route.method, Method::GET | Method::DELETE);
        if takes_body {
            fields.clear();
        }
        if let Some(field) = fields.iter().find(|field| field.shape == Shape::Other) {
            return Err(format!("{row}: {} cannot be said in a query", field.name));
        }
        let gives_version = fields::of((operation.answer)().as_value())
            .iter()
            .any(|field| field.name == "version" && field.shape == Shape::Integer);
        Ok(Self { route, operation, path, query: fields, takes_body, takes_version, gives_version })
    }

    /// Answers a request that came to this route.
    pub async fn answer(&self, api: &Api, index: RouteIndex, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let (toll, credential) = api.admit(&parts).await;
        let outcome = match credential {
            Ok(credential) => self.call(api, &credential, parts, body).await,
            Err(problem) => Err(problem),
        };
        let mut response = outcome.unwrap_or_else(Problem::into_response);
        if let Some((limiter, verdict)) = toll {
            limiter.tell(verdict, response.headers_mut());
        }
        response.extensions_mut().insert(index);
        response
    }

    async fn call(
        &self,
        api: &Api,
        credential: &Credential,
        parts: Parts,
        body: Body,
    ) -> Result<Response, Problem> {
        let shop = self.shop(api, credential, &parts)?;
        let body =
            if self.takes_body { api.bodies.json(&parts.headers, body).await? } else { Held::default() };
        let request = self.request(api.json_depth, &parts, &body.bytes)?;
        let operation = self.operation;
        let answer = match operation.effect {
            Effect::Read => self.read(api, &shop, &request).await?,
            Effect::Write { .. } => {
                api.commands.run(async move { operation.call(&shop, &request).await }).await??.into()
            }
        };
        Ok(self.respond(&parts, answer))
    }

    /// The answer to a question: the one kept ready, when nothing has changed since.
    async fn read(&self, api: &Api, shop: &Shop, request: &str) -> Result<Bytes, Problem> {
        shop.actor().require(self.operation.permission)?;
        let revision = api.engine.storage().revision();
        match api.ready.find(shop.id(), self.operation, request, revision) {
            Found::Ready(answer) => Ok(answer),
            Found::Asked(place) => Ok(place.keep(self.operation.tell(shop, request).await?)),
        }
    }

    /// The shop as this request may see it.
    fn shop(&self, api: &Api, credential: &Credential, parts: &Parts) -> Result<Shop, Problem> {
        let mut shop = api.engine.enter(credential);
        if let Some(id) = parts.extensions.get::<Seen>().and_then(|seen| seen.request_id.to_str().ok()) {
            shop = shop.with_request_id(id.to_owned());
        }
        if let Effect::Write { key: rule } = self.operation.effect
            && let Some(key) = key(&parts.headers, rule)?
        {
            shop = shop.with_key(key);
        }
        Ok(shop)
    }

    /// The operation's request: the fields of the path, of the query, of `If-Match` and of the body as one object.
    fn request(&self, depth: usize, parts: &Parts, body: &[u8]) -> Result<String, Problem> {
        let mut writer = Writer::default();
        let mut segments = parts.uri.path().split('/').enumerate();
        for (index, field) in &self.path {
            let (_, text) = segments.find(|(at, _)| at == index).unwrap_or_default();
            writer.text(field, &fields::decode(text, false)?)?;
        }
        let expected = self.expected_version(&parts.headers)?;
        if let Some(version) = expected {
            writer.integer(EXPECTED_VERSION, version);
        }
        self.read_query(parts.uri.query().unwrap_or_default(), expected.is_some(), &mut writer)?;
        if body.is_empty() {
            return Ok(writer.finish(None));
        }
        let object = json::object(body, depth).map_err(|fault| {
            Problem::invalid(
                "request.json",
                format!("the body is not strict JSON: at byte {}, {}", fault.at, fault.what),
            )
        })?;
        let taken = self.path.iter().map(|(_, field)| field.name.as_str());
        for name in taken.chain(expected.map(|_| EXPECTED_VERSION)) {
            if object.names.iter().any(|given| given == name) {
                return Err(twice(name));
            }
        }
        Ok(writer.finish(Some(object.text)))
    }

    fn read_query(&self, query: &str, versioned: bool, writer: &mut Writer) -> Result<(), Problem> {
        if query.is_empty() {
            return Ok(());
        }
        let pairs = fields::pairs(query)?;
        for (place, (name, text)) in pairs.iter().enumerate() {
            let field =
                self.query.iter().find(|field| field.name == *name).ok_or_else(|| self.unknown(name))?;
            let first = !pairs[..place].iter().any(|(before, _)| before == name);
            match &field.shape {
                Shape::List(item) if first => {
                    let same = pairs.iter().filter(|(other, _)| other == name);
                    writer.list(field, item, same.map(|(_, text)| &**text))?;
                }
                Shape::List(_) => {}
                _ if !first || versioned && name == EXPECTED_VERSION => return Err(twice(name)),
                _ => writer.text(field, text)?,
            }
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> Problem {
        let known: Vec<_> = self.query.iter().map(|field| field.name.as_str()).collect();
        let remedy = if known.is_empty() {
            "this address takes none".to_owned()
        } else {
            format!("this address takes {}", known.join(", "))
        };
        Problem::invalid(
            "request.unknown_parameter",
            format!("`{name}` is no query parameter here: {remedy}"),
        )
        .on_field(name.to_owned())
    }

    fn expected_version(&self, headers: &HeaderMap) -> Result<Option<i64>, Problem> {
        let Some(tag) = headers.get(IF_MATCH).filter(|_| !matches!(self.operation.effect, Effect::Read))
        else {
            return Ok(None);
        };
        // A condition that cannot be kept must not be passed over.
        if !self.takes_version {
            return Err(Problem::invalid("request.if_match", "this address does not take If-Match"));
        }
        let version =
            tag.to_str().ok().and_then(|tag| tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok());
        version.map(Some).ok_or_else(|| {
            Problem::invalid(
                "request.if_match",
                "If-Match takes the ETag of an earlier answer, such as \"v3\"",
            )
        })
    }

    fn respond(&self, parts: &Parts, answer: Bytes) -> Response {
        let tag = self.gives_version.then(|| version(&answer)).flatten();
        let tag = tag.and_then(|version| HeaderValue::try_from(format!("\"v{version}\"")).ok());
        let unchanged = tag.as_ref().is_some_and(|tag| {
            matches!(self.operation.effect, Effect::Read) && has_tag(&parts.headers, tag.as_bytes())
        });
        let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(answer) });
        *response.status_mut() = if unchanged { StatusCode::NOT_MODIFIED } else { self.route.success };
        if let Some(tag) = tag {
            response.headers_mut().insert(ETAG, tag);
        }
        if !unchanged {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response
    }
}

fn twice(name: &str) -> Problem {
    Problem::invalid("request.field_twice", format!("`{name}` is given twice: say it in one place"))
        .on_field(name.to_owned())
}

fn key(headers: &HeaderMap, rule: KeyRule) -> Result<Option<String>, Problem> {
    let mut lines = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (lines.next(), lines.next()) {
        (None, _) if rule == KeyRule::Required => Err(Problem::invalid(
            "idempotency.key_missing",
            "send an Idempotency-Key header, a fresh one for each command and the same one for its repetition",
        )),
        (None, _) => Ok(None),
        (Some(key), None)
            if (1..=MAX_KEY).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic) =>
        {
            Ok(key.to_str().ok().map(str::to_owned))
        }
        _ => Err(Problem::invalid(
            "idempotency.key_invalid",
            "Idempotency-Key is one header of 1 to 255 visible ASCII characters",
        )),
    }
}

/// Whether the client already has what this tag stands for.
fn has_tag(headers: &HeaderMap, tag: &[u8]) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
        .map(<[u8]>::trim_ascii)
        .any(|given| given == b"*" || given.strip_prefix(b"W/").unwrap_or(given) == tag)
}

/// The field `version` of an answer, without reading the rest of it into anything.
fn version(bytes: &[u8]) -> Option<i64> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(bytes, at + 1)?;
                let value = bytes.get(end + 1..).map(<[u8]>::trim_ascii_start);
                if depth == 1
                    && &bytes[at + 1..end] == b"version"
                    && let Some(value) = value.and_then(|rest| rest.strip_prefix(b":"))
                {
                    let value = value.trim_ascii_start();
                    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    return std::str::from_utf8(&value[..digits]).ok()?.parse().ok();
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_at_the_top_only() {
        assert_eq!(
            version(br#"{"a":{"version":1},"b":["version",2],"s":"\"version\":3","version": 4}"#),
            Some(4)
        );
        assert_eq!(version(br#"{"version":7,"x":1}"#), Some(7));
        for none in [
            "{}",
            "[]",
            r#"{"x":"version"}"#,
            r#"{"version":null}"#,
            r#"{"version":"1"}"#,
            "\"",
            "{\"version\"",
        ] {
            assert_eq!(version(none.as_bytes()), None, "{none}");
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        let headers = |text: &str| HeaderMap::from_iter([(IF_NONE_MATCH, text.parse().unwrap())]);
        for (given, same) in
            [("\"v3\"", true), ("\"v1\", W/\"v3\"", true), ("*", true), ("\"v33\"", false), ("v3", false)]
        {
            assert_eq!(has_tag(&headers(given), b"\"v3\""), same, "{given}");
        }
    }
}
