//! A service's own `OpenAPI` description: which operations there are, what they take and what they answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::form::{nested, typed};
use super::specs::spec;

/// A description, with the schemas that were needed so far made ready.
pub(crate) struct Description {
    document: Value,
    ready: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Description {
    /// The description in this file, if the folder with the descriptions is there.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let mut document: Value = serde_json::from_str(&spec(name)?).expect("a description is JSON");
        if document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0")) {
            allow_null(&mut document);
        }
        Some(Self { document, ready: Mutex::default() })
    }

    /// The same, mended first where it is known to be wrong.
    #[cfg(feature = "webflow")]
    pub(crate) fn open_mended(name: &str, mend: impl FnOnce(&mut Value)) -> Option<Self> {
        let mut description = Self::open(name)?;
        mend(&mut description.document);
        Some(description)
    }

    /// The path of the operation that a request is for, as the description writes it.
    pub(crate) fn route(&self, method: &str, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap();
        let asked: Vec<&str> = path.split('/').collect();
        let paths = self.document["paths"].as_object().unwrap();
        let suits = |(template, operations): &(&String, &Value)| {
            let steps: Vec<&str> = template.split('/').collect();
            let same = |(step, asked): (&&str, &&str)| step.starts_with('{') || step == asked;
            operations.get(method.to_lowercase()).is_some()
                && steps.len() == asked.len()
                && steps.iter().zip(&asked).all(same)
        };
        // A step that is written out goes before one that is filled in.
        let fitting = paths.iter().filter(suits).map(|(template, _)| template);
        fitting.min_by_key(|template| template.matches('{').count()).cloned()
    }

    /// What is wrong with a request whose body is a form.
    #[cfg(feature = "stripe")]
    pub(crate) fn check_form(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        let route = self.route(method, path).ok_or_else(|| format!("there is no {method} {path}"))?;
        let operation = &self.document["paths"][&route][method.to_lowercase()];
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let of_query = self.query_schema(operation);
        self.check(
            &format!("{method} {route} query"),
            &of_query,
            &typed(&self.document, &of_query, &nested(query)),
        )?;
        let of_body = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        if of_body.is_null() {
            return if body.is_empty() { Ok(route) } else { Err(format!("{route} takes no body")) };
        }
        self.check(
            &format!("{method} {route} body"),
            of_body,
            &typed(&self.document, of_body, &nested(body)),
        )?;
        Ok(route)
    }

    /// What is wrong with a request whose body is JSON.
    #[cfg(feature = "openai")]
    pub(crate) fn check_json(&self, method: &str, path: &str, body: &Value) -> Result<String, String> {
        let route = self.route(method, path).ok_or_else(|| format!("there is no {method} {path}"))?;
        let operation = &self.document["paths"][&route][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.check(&format!("{method} {route} body"), schema, body)?;
        Ok(route)
    }

    /// What is wrong with a request, its query and its body of JSON; nothing that the description does not name may be said.
    #[cfg(feature = "hostinger")]
    pub(crate) fn check_request(&self, method: &str, path: &str, body: &[u8]) -> Result<String, String> {
        let route = self.route(method, path).ok_or_else(|| format!("there is no {method} {path}"))?;
        let operation = &self.document["paths"][&route][method.to_lowercase()];
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let of_query = self.query_schema(operation);
        let said = typed(&self.document, &of_query, &nested(query));
        self.check(&format!("{method} {route} query"), &of_query, &said)?;
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return if body.is_empty() { Ok(route) } else { Err(format!("{route} takes no body")) };
        }
        let body: Value = serde_json::from_slice(body).map_err(|wrong| format!("{route}: {wrong}"))?;
        let mut closed = self.whole(schema);
        close(&mut closed);
        self.check(&format!("{method} {route} body"), &closed, &body)?;
        Ok(route)
    }

    /// What is wrong with a call: its query, and its body, which is JSON or nothing.
    #[cfg(feature = "webflow")]
    pub(crate) fn check_call(&self, method: &str, path: &str, body: &[u8]) -> Result<String, String> {
        let route = self.route(method, path).ok_or_else(|| format!("there is no {method} {path}"))?;
        let operation = &self.document["paths"][&route][method.to_lowercase()];
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let of_query = self.query_schema(operation);
        let asked = typed(&self.document, &of_query, &nested(query));
        self.check(&format!("{method} {route} query"), &of_query, &asked)?;
        let of_body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if of_body.is_null() || body.is_empty() {
            let fits = body.is_empty() && (of_body.is_null() || operation["requestBody"]["required"] != true);
            return if fits { Ok(route) } else { Err(format!("{method} {route} takes another body")) };
        }
        let body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        self.check(&format!("{method} {route} body"), of_body, &body)?;
        Ok(route)
    }

    /// What is wrong with an answer.
    pub(crate) fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &Value,
    ) -> Result<(), String> {
        let route = self.route(method, path).ok_or_else(|| format!("there is no {method} {path}"))?;
        let answers = &self.document["paths"][&route][method.to_lowercase()]["responses"];
        let (name, answer) = match answers.get(status.to_string()) {
            Some(answer) => (status.to_string(), self.led(answer)),
            None => ("default".to_owned(), &answers["default"]),
        };
        let schema = &answer["content"]["application/json"]["schema"];
        self.check(&format!("{method} {route} answer {name}"), schema, body)
    }

    fn check(&self, name: &str, schema: &Value, value: &Value) -> Result<(), String> {
        let validator = self
            .ready
            .lock()
            .unwrap()
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(self.validator(schema)))
            .clone();
        let wrong: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{name}: {}", wrong.join("; "))) }
    }

    /// What a reference leads to; anything else is itself.
    fn led<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(path) => {
                self.document.pointer(path.trim_start_matches('#')).expect("a reference leads somewhere")
            }
            None => value,
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        jsonschema::validator_for(&self.whole(schema)).expect("a description holds schemas")
    }

    /// The schema with the parts of the description that it leads to: making all of them ready would take seconds.
    fn whole(&self, schema: &Value) -> Value {
        if schema.get("components").is_some() {
            return schema.clone();
        }
        let mut parts = Map::new();
        let mut open = vec![schema];
        while let Some(value) = open.pop() {
            if let Some(name) = value.get("$ref").and_then(Value::as_str) {
                let name = name.rsplit('/').next().unwrap();
                if !parts.contains_key(name) {
                    let part = &self.document["components"]["schemas"][name];
                    parts.insert(name.to_owned(), part.clone());
                    open.push(part);
                }
            }
            match value {
                Value::Object(fields) => open.extend(fields.values()),
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        let mut root = schema.clone();
        root["components"] = json!({ "schemas": parts });
        root
    }

    /// A schema of all that a query may hold.
    fn query_schema(&self, operation: &Value) -> Value {
        let none = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&none);
        let parameters = parameters.iter().map(|parameter| self.led(parameter));
        let parameters = parameters.filter(|parameter| parameter["in"] == "query");
        let named =
            |parameter: &Value| (parameter["name"].as_str().unwrap().to_owned(), parameter["schema"].clone());
        let (required, properties): (Vec<_>, Map<_, _>) = (
            parameters.clone().filter(|one| one["required"] == true).map(|one| one["name"].clone()).collect(),
            parameters.map(named).collect(),
        );
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

/// Makes what may be absent by the words of `OpenAPI` 3.0 so by those of JSON Schema.
fn allow_null(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.remove("nullable") == Some(Value::Bool(true)) {
                if let Some(kind) = fields.get_mut("type").filter(|kind| kind.is_string()) {
                    *kind = json!([kind.clone(), "null"]);
                }
                if let Some(words) = fields.get_mut("enum").and_then(Value::as_array_mut) {
                    words.push(Value::Null);
                }
                if let Some(choices) = fields.get_mut("oneOf").and_then(Value::as_array_mut) {
                    choices.push(json!({ "type": "null" }));
                }
            }
            fields.values_mut().for_each(allow_null);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        _ => {}
    }
}

/// Lets objects hold what is named and nothing else.
#[cfg(feature = "hostinger")]
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let names = fields.get("properties").and_then(Value::as_object);
            if names.is_some_and(|names| !names.is_empty()) && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".into(), false.into());
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
