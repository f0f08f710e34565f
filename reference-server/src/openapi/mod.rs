//! The API's description (`OpenAPI` 3.1), made from the table of routes and the operations' schemas.
//!
//! The document is the same whenever the code is: its committed copy, `openapi.json`, is compared by a test.

mod components;

use baddie::operations::{Effect, KeyRule};
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::endpoint::{EXPECTED_VERSION, Endpoint};
use crate::fields::Field;
use crate::routes::PREFIX;
use components::Schemas;

/// The document for these endpoints.
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let path = paths.entry(format!("{PREFIX}{}", endpoint.route.path)).or_insert_with(|| json!({}));
        path[endpoint.route.method.as_str().to_lowercase()] = operation(endpoint, &mut schemas);
    }
    let mut tags: Vec<_> = endpoints.iter().map(tag).collect();
    tags.sort_unstable();
    tags.dedup();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Baddie",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The engine of a reselling business.",
            "description": "Lists are pages: `limit` and `cursor` in, `items` and `next_cursor` out. Money is \
                `{\"minor\": 1234, \"currency\": \"GBP\"}`, times are RFC 3339 in UTC. Commands take an \
                `Idempotency-Key`; failures are problem details (RFC 9457) with a stable `code`.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "security": [{ "token": [] }],
        "tags": tags.into_iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": components::all(schemas),
    })
}

/// The document as text.
pub fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

fn tag(endpoint: &Endpoint) -> &'static str {
    endpoint.operation.name.split('.').next().unwrap_or_default()
}

fn operation(endpoint: &Endpoint, schemas: &mut Schemas) -> Value {
    let call = endpoint.operation;
    let request = (call.request)().to_value();
    let mut described = json!({
        "operationId": call.name,
        "summary": (call.summary)(),
        "tags": [tag(endpoint)],
        "x-permission": call.permission.to_string(),
    });
    let mut parameters = Vec::new();
    for (_, field) in &endpoint.path {
        parameters.push(parameter("path", field, &request, schemas));
    }
    for field in &endpoint.query {
        parameters.push(parameter("query", field, &request, schemas));
    }
    if let Effect::Write { key } = call.effect {
        let name = if key == KeyRule::Required { "IdempotencyKeyRequired" } else { "IdempotencyKey" };
        parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        if endpoint.takes_version {
            parameters.push(json!({ "$ref": "#/components/parameters/IfMatch" }));
        }
    } else if endpoint.gives_version {
        parameters.push(json!({ "$ref": "#/components/parameters/IfNoneMatch" }));
    }
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if endpoint.takes_body {
        let taken: Vec<_> = endpoint.path.iter().map(|(_, field)| field.name.as_str()).collect();
        if let Some((schema, required)) = schemas.body(call.name, request, &taken) {
            described["requestBody"] =
                json!({ "required": required, "content": { "application/json": { "schema": schema } } });
        }
    }
    described["responses"] = responses(endpoint, schemas);
    described
}

fn parameter(place: &str, field: &Field, request: &Value, schemas: &mut Schemas) -> Value {
    let (schema, description) = schemas.property(request, &field.name);
    let mut parameter = json!({
        "name": field.name,
        "in": place,
        "required": field.required || place == "path",
        "schema": schema,
    });
    if let Some(description) = description {
        parameter["description"] = description;
    }
    if field.name == EXPECTED_VERSION {
        parameter["description"] = "The version that is meant; `If-Match` says the same.".into();
    }
    parameter
}

fn responses(endpoint: &Endpoint, schemas: &mut Schemas) -> Value {
    let call = endpoint.operation;
    let answer = schemas.whole(call.name, (call.answer)().to_value());
    let mut headers = json!({
        "X-Request-Id": { "$ref": "#/components/headers/RequestId" },
        "RateLimit": { "$ref": "#/components/headers/RateLimit" },
        "RateLimit-Policy": { "$ref": "#/components/headers/RateLimitPolicy" },
    });
    if endpoint.gives_version {
        headers["ETag"] = json!({ "$ref": "#/components/headers/ETag" });
    }
    let success = endpoint.route.success;
    let words = if success == StatusCode::CREATED { "Made." } else { "Done." };
    let mut responses = Map::new();
    responses.insert(
        success.as_str().to_owned(),
        json!({ "description": words, "headers": headers, "content": { "application/json": { "schema": answer } } }),
    );
    let reads = matches!(call.effect, Effect::Read);
    if reads && endpoint.gives_version {
        responses.insert("304".to_owned(), json!({ "$ref": "#/components/responses/NotModified" }));
    }
    for problem in components::PROBLEMS {
        if problem.applies(endpoint.takes_body, reads) {
            let name = problem.name;
            responses.insert(
                problem.status.to_string(),
                json!({ "$ref": format!("#/components/responses/{name}") }),
            );
        }
    }
    responses.into()
}
