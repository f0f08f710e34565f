//! Forms, read back: `a[b][0][c]=v` becomes JSON, of texts at first, then of what a schema says they are.

use serde_json::{Map, Value};

/// The pairs of a form or a query, decoded.
pub(crate) fn pairs(form: &str) -> Vec<(String, String)> {
    let parts = form.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// A form as nested objects of texts.
pub(crate) fn nested(form: &str) -> Value {
    let mut root = Value::Object(Map::new());
    for (key, value) in pairs(form) {
        let mut place = &mut root;
        for step in key.split(['[', ']']).filter(|step| !step.is_empty()) {
            let fields = place.as_object_mut().expect("a key of a form goes one way");
            place = fields.entry(step).or_insert_with(|| Value::Object(Map::new()));
        }
        *place = Value::String(value);
    }
    root
}

/// What the texts are by this schema: numbers, booleans, lists.
pub(crate) fn typed(document: &Value, schema: &Value, value: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let fitting = choices.iter().find_map(|choice| {
            let read = typed(document, choice, value);
            fits(document, choice, &read).then_some(read)
        });
        return fitting.unwrap_or_else(|| value.clone());
    }
    // A value that may also be absent has two types; the first is its own.
    match (schema["type"].as_str().or(schema["type"][0].as_str()), value) {
        (Some("number" | "integer"), Value::String(text)) => {
            text.parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        (Some("boolean"), Value::String(text)) if text == "true" || text == "false" => {
            (text == "true").into()
        }
        (Some("array"), Value::Object(items)) => {
            let mut items: Vec<_> = items.iter().collect();
            items.sort_by_key(|(index, _)| index.parse::<usize>().unwrap_or(usize::MAX));
            items.into_iter().map(|(_, item)| typed(document, &schema["items"], item)).collect()
        }
        (Some("object"), Value::Object(fields)) => {
            let of = |name: &str| {
                let own = schema["properties"].get(name);
                own.or(schema.get("additionalProperties")).cloned().unwrap_or(Value::Bool(true))
            };
            let read = |(name, value): (&String, &Value)| (name.clone(), typed(document, &of(name), value));
            Value::Object(fields.iter().map(read).collect())
        }
        _ => value.clone(),
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.trim_start_matches('#')).expect("a reference leads somewhere"),
        None => schema,
    }
}

/// Whether a value has the outer shape of a schema: enough to choose between the branches there are.
fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    let schema = resolved(document, schema);
    if let Some(allowed) = schema["enum"].as_array() {
        return allowed.contains(value);
    }
    match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("number" | "integer") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        _ => true,
    }
}
