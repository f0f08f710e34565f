//! What the operations of the description share: schemas, hoisted out of where they were written, and problems.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// One way in which every operation, or every command, may fail.
pub(super) struct Failing {
    pub(super) status: u16,
    pub(super) name: &'static str,
    description: &'static str,
    when: When,
}

#[derive(PartialEq, Eq)]
enum When {
    Always,
    WithBody,
    Writing,
}

impl Failing {
    pub(super) fn applies(&self, takes_body: bool, reads: bool) -> bool {
        match self.when {
            When::Always => true,
            When::WithBody => takes_body,
            When::Writing => !reads,
        }
    }
}

const fn failing(status: u16, name: &'static str, when: When, description: &'static str) -> Failing {
    Failing { status, name, description, when }
}

pub(super) const PROBLEMS: [Failing; 12] = [
    failing(400, "Invalid", When::Always, "The request is malformed; `field` names what to mend."),
    failing(401, "Unauthenticated", When::Always, "No valid credential came with the request."),
    failing(403, "Forbidden", When::Always, "The credential does not allow this."),
    failing(404, "NotFound", When::Always, "There is no such thing in this shop."),
    failing(408, "Late", When::WithBody, "The body did not come in time."),
    failing(409, "Conflict", When::Writing, "The present state does not allow this, or somebody was faster."),
    failing(413, "TooLarge", When::WithBody, "The body is too large."),
    failing(415, "NotJson", When::WithBody, "The body is not plain JSON."),
    failing(422, "Refused", When::Always, "A rule of the business refuses this."),
    failing(429, "TooMany", When::Always, "Too many requests; `Retry-After` says when to go on."),
    failing(500, "Internal", When::Always, "Something went wrong on the server's side."),
    failing(503, "Unavailable", When::Always, "Not available now; `Retry-After` says when to try again."),
];

/// The `components` of the document.
pub(super) fn all(schemas: Schemas) -> Value {
    let mut schemas = schemas.by_name;
    schemas.insert("Problem".to_owned(), problem());
    let mut responses: Map<_, _> = PROBLEMS
        .iter()
        .map(|problem| {
            let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/RequestId" } });
            if matches!(problem.status, 429 | 503) {
                headers["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
            }
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            let response = json!({
                "description": problem.description,
                "headers": headers,
                "content": { "application/problem+json": { "schema": schema } },
            });
            (problem.name.to_owned(), response)
        })
        .collect();
    responses.insert(
        "NotModified".to_owned(),
        json!({
            "description": "The client has this version already.",
            "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
        }),
    );
    json!({
        "schemas": schemas,
        "responses": responses,
        "parameters": parameters(),
        "headers": headers(),
        "securitySchemes": {
            "token": { "type": "http", "scheme": "bearer", "description": "An API key or an access token." },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "A failure, as problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Names this sort of failure." },
            "title": { "type": "string", "description": "The status in words." },
            "status": { "type": "integer", "description": "The status of the answer." },
            "detail": { "type": "string", "description": "What happened, and what to do about it." },
            "code": { "type": "string", "description": "A stable name such as `orders.out_of_stock`." },
            "field": { "type": "string", "description": "The field to blame, such as `lines[0].qty`." },
            "request_id": { "type": "string", "description": "Names this request in the server's log." },
        },
    })
}

fn parameters() -> Value {
    let key = |required: bool, description: &str| {
        json!({
            "name": "Idempotency-Key", "in": "header", "required": required, "description": description,
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        })
    };
    let tag = |name: &str, description: &str| json!({ "name": name, "in": "header", "required": false, "description": description, "schema": { "type": "string" } });
    json!({
        "IdempotencyKey": key(false, "A fresh name for this command; sent again with it, it is done once."),
        "IdempotencyKeyRequired": key(true, "A fresh name for this command, which moves money or stock; sent again with it, it is done once."),
        "IfMatch": tag("If-Match", "The `ETag` of the version that is meant: the edit is refused when it is no longer the present one."),
        "IfNoneMatch": tag("If-None-Match", "The `ETag` of the version at hand: 304 when it is still the present one."),
    })
}

fn headers() -> Value {
    let header =
        |kind: &str, description: &str| json!({ "description": description, "schema": { "type": kind } });
    json!({
        "RequestId": header("string", "Names this request in the server's log."),
        "ETag": header("string", "The version of the thing, such as `\"v3\"`."),
        "RetryAfter": header("integer", "Seconds to wait."),
        "RateLimit": header("string", "What is left: `r` requests at once, and `t` seconds until all are back."),
        "RateLimitPolicy": header("string", "What is allowed: `q` requests at once, given back over `w` seconds."),
    })
}

/// The schemas of the document, by name.
#[derive(Default)]
pub(super) struct Schemas {
    by_name: BTreeMap<String, Value>,
}

impl Schemas {
    /// A reference to a whole root schema; `operation` lends its name when the schema has none.
    pub(super) fn whole(&mut self, operation: &str, root: Value) -> Value {
        let (root, renames) = self.unpack(root);
        self.named(operation, root, &renames)
    }

    /// The schema of a body: the request without the fields that the path gives, and whether it must come. Nothing
    /// when no field is left.
    pub(super) fn body(&mut self, operation: &str, root: Value, taken: &[&str]) -> Option<(Value, bool)> {
        let (mut root, renames) = self.unpack(root);
        if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, _| !taken.contains(&name.as_str()));
            if properties.is_empty() && !taken.is_empty() {
                return None;
            }
        }
        let mut required = false;
        if let Some(names) = root.get_mut("required").and_then(Value::as_array_mut) {
            names.retain(|name| name.as_str().is_none_or(|name| !taken.contains(&name)));
            required = !names.is_empty();
            if names.is_empty() {
                root.as_object_mut().map(|root| root.remove("required"));
            }
        }
        let empty = root.as_object().is_none_or(|root| {
            !["properties", "allOf", "anyOf", "oneOf", "$ref"].iter().any(|word| root.contains_key(*word))
        });
        (!empty).then(|| (self.named(operation, root, &renames), required))
    }

    /// The schema of one field, and its description.
    pub(super) fn property(&mut self, root: &Value, name: &str) -> (Value, Option<Value>) {
        let (root, renames) = self.unpack(root.clone());
        let mut found = find(&root, name).cloned().unwrap_or_else(|| json!({}));
        rewrite(&mut found, &renames);
        let description = found.as_object_mut().and_then(|schema| schema.remove("description"));
        (found, description)
    }

    /// Moves the definitions of a root schema to the document's, and says under which names they are now.
    fn unpack(&mut self, root: Value) -> (Value, BTreeMap<String, String>) {
        let mut root = fold_root(root);
        let definitions = root.as_object_mut().and_then(|root| {
            root.remove("$schema");
            root.remove("$defs")
        });
        let Some(Value::Object(definitions)) = definitions else {
            return (root, BTreeMap::new());
        };
        // A name may already be taken by another schema; then all of this root's references follow it to a new one.
        // Trying again with the new names settles those that refer to each other.
        let mut renames: BTreeMap<_, _> =
            definitions.keys().map(|name| (name.clone(), name.clone())).collect();
        loop {
            let clash = definitions.iter().find_map(|(name, schema)| {
                let mut schema = schema.clone();
                rewrite(&mut schema, &renames);
                let free = self.free_name(&renames[name], &schema);
                (free != renames[name]).then(|| (name.clone(), free))
            });
            let Some((name, free)) = clash else { break };
            renames.insert(name, free);
        }
        for (name, mut schema) in definitions {
            rewrite(&mut schema, &renames);
            self.by_name.insert(renames[&name].clone(), schema);
        }
        (root, renames)
    }

    /// This name, or the first of `Name2`, `Name3` … that is free or means the same.
    fn free_name(&self, name: &str, schema: &Value) -> String {
        let base = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let mut candidate = name.to_owned();
        let mut number = 2;
        while self.by_name.get(&candidate).is_some_and(|taken| taken != schema) || candidate == "Problem" {
            candidate = format!("{base}{number}");
            number += 1;
        }
        candidate
    }

    fn named(&mut self, operation: &str, mut root: Value, renames: &BTreeMap<String, String>) -> Value {
        let title = root.as_object_mut().and_then(|root| root.remove("title"));
        let title = title.as_ref().and_then(Value::as_str).unwrap_or(operation);
        let title = title.replace("Array_of_", "ListOf").replace(['<', '>', ' ', ','], "_");
        rewrite(&mut root, renames);
        let name = self.free_name(&title, &root);
        self.by_name.insert(name.clone(), root);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

fn find<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("properties").and_then(|properties| properties.get(name)).or_else(|| {
        ["allOf", "anyOf", "oneOf"]
            .iter()
            .filter_map(|word| schema.get(word)?.as_array())
            .flatten()
            .find_map(|part| find(part, name))
    })
}

/// A schema that refers to itself as `#` becomes one of its own definitions too, so that it has a name to be called by.
fn fold_root(mut root: Value) -> Value {
    let title = root.get("title").and_then(Value::as_str).unwrap_or("Root").to_owned();
    if point_root(&mut root, &format!("#/$defs/{title}")) {
        let mut itself = root.clone();
        if let Some(members) = itself.as_object_mut() {
            members.retain(|word, _| !matches!(word.as_str(), "$schema" | "$defs" | "title"));
        }
        root["$defs"][title] = itself;
    }
    root
}

/// Points references to the root at `target`, and says whether there were any.
fn point_root(schema: &mut Value, target: &str) -> bool {
    match schema {
        Value::Object(members) => members.iter_mut().fold(false, |found, (word, member)| {
            if word == "$ref" && *member == "#" {
                *member = target.into();
                return true;
            }
            point_root(member, target) || found
        }),
        Value::Array(items) => {
            items.iter_mut().filter_map(|item| point_root(item, target).then_some(())).count() > 0
        }
        _ => false,
    }
}

/// Points references at the document's schemas.
fn rewrite(schema: &mut Value, renames: &BTreeMap<String, String>) {
    match schema {
        Value::Object(members) => {
            for (word, member) in members {
                let target = (word == "$ref").then(|| member.as_str()).flatten().and_then(|path| {
                    let name = path.strip_prefix("#/$defs/")?;
                    Some(format!("#/components/schemas/{}", renames.get(name).map_or(name, String::as_str)))
                });
                match target {
                    Some(target) => *member = target.into(),
                    None => rewrite(member, renames),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, renames)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(kind: &str) -> Value {
        json!({
            "$schema": "x", "title": "Ask", "type": "object",
            "properties": { "a": { "$ref": "#/$defs/A" }, "b": { "type": "string" } },
            "required": ["a", "b"],
            "$defs": { "A": { "properties": { "b": { "$ref": "#/$defs/B" } } }, "B": { "type": kind } },
        })
    }

    #[test]
    fn definitions_move_up_and_references_follow() {
        let mut schemas = Schemas::default();
        assert_eq!(schemas.whole("x.y", root("string")), json!({ "$ref": "#/components/schemas/Ask" }));
        assert_eq!(schemas.by_name["A"]["properties"]["b"]["$ref"], "#/components/schemas/B");
        assert_eq!(schemas.by_name["Ask"]["properties"]["a"]["$ref"], "#/components/schemas/A");
        schemas.whole("x.y", root("string"));
        assert_eq!(schemas.by_name.len(), 3, "the same schema again changes nothing");
        schemas.whole("x.y", root("integer"));
        assert_eq!(schemas.by_name["Ask2"]["properties"]["a"]["$ref"], "#/components/schemas/A2");
        assert_eq!(schemas.by_name["A2"]["properties"]["b"]["$ref"], "#/components/schemas/B2");
        assert_eq!(
            schemas.by_name["A"]["properties"]["b"]["$ref"], "#/components/schemas/B",
            "the first stays"
        );
    }

    #[test]
    fn a_schema_may_refer_to_itself() {
        let mut schemas = Schemas::default();
        let tree = json!({ "title": "Tree", "properties": { "twigs": { "items": { "$ref": "#" } } } });
        assert_eq!(schemas.whole("x.y", tree)["$ref"], "#/components/schemas/Tree");
        assert_eq!(
            schemas.by_name["Tree"]["properties"]["twigs"]["items"]["$ref"],
            "#/components/schemas/Tree"
        );
        assert_eq!(schemas.by_name.len(), 1);
    }

    #[test]
    fn a_body_lacks_what_the_path_gives() {
        let mut schemas = Schemas::default();
        let (_, required) = schemas.body("x.y", root("string"), &["b"]).unwrap();
        assert!(required);
        assert_eq!(schemas.by_name["Ask"]["required"], json!(["a"]));
        assert!(schemas.body("x.y", root("string"), &["a", "b"]).is_none());
    }
}
