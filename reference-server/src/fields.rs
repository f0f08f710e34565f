//! The fields of a request as its schema names them, and how text from a path or a query becomes their JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use crate::http::{Problem, json};

/// What a field holds, as far as text can be turned into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Text, also ids, dates and words of an enumeration.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Several of them: the name is repeated.
    List(Box<Shape>),
    /// Something that only a body can express.
    Other,
}

/// One field of a request.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub shape: Shape,
    /// Whether the request is nothing without it.
    pub required: bool,
}

/// The fields of the object that `schema`, a self-contained root schema, describes.
pub fn of(schema: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    gather(schema, schema, &mut fields);
    fields
}

fn gather(root: &Value, schema: &Value, fields: &mut Vec<Field>) {
    let schema = resolve(root, schema);
    let required: Vec<_> = list(schema, "required").filter_map(Value::as_str).collect();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if !fields.iter().any(|field| field.name == *name) {
            let shape = shape(root, property, 0);
            fields.push(Field { name: name.clone(), shape, required: required.contains(&name.as_str()) });
        }
    }
    for part in ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|word| list(schema, word)) {
        gather(root, part, fields);
    }
}

/// Follows references within the root schema.
pub fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    // Schemas are finite; a chain of references longer than this is a circle.
    for _ in 0..16 {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
        match target.and_then(|path| root.pointer(path)) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
}

fn list<'a>(schema: &'a Value, word: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(word).and_then(Value::as_array).into_iter().flatten()
}

fn shape(root: &Value, schema: &Value, depth: usize) -> Shape {
    let schema = resolve(root, schema);
    if depth > 8 {
        return Shape::Other;
    }
    let mut types = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    types.retain(|name| *name != "null");
    match types[..] {
        ["string"] => Shape::Text,
        ["integer"] => Shape::Integer,
        ["number"] => Shape::Number,
        ["boolean"] => Shape::Boolean,
        ["array"] => match schema.get("items").map(|items| shape(root, items, depth + 1)) {
            Some(item) if !matches!(item, Shape::Other | Shape::List(_)) => Shape::List(Box::new(item)),
            _ => Shape::Other,
        },
        [] if schema.get("const").or_else(|| schema.pointer("/enum/0")).is_some_and(Value::is_string) => {
            Shape::Text
        }
        [] => alternatives(root, schema, depth),
        _ => Shape::Other,
    }
}

/// The one shape that all alternatives share, `null` aside.
fn alternatives(root: &Value, schema: &Value, depth: usize) -> Shape {
    let mut shapes = ["anyOf", "oneOf", "allOf"]
        .into_iter()
        .flat_map(|word| list(schema, word))
        .filter(|part| part.get("type").and_then(Value::as_str) != Some("null"))
        .map(|part| shape(root, part, depth + 1));
    match shapes.next() {
        Some(first) if shapes.all(|other| other == first) => first,
        _ => Shape::Other,
    }
}

/// A JSON object in the making, written field by field.
#[derive(Debug)]
pub struct Writer(String);

impl Default for Writer {
    fn default() -> Self {
        Self(String::from("{"))
    }
}

impl Writer {
    /// Adds a field from the text of a path or a query.
    pub fn text(&mut self, field: &Field, text: &str) -> Result<(), Problem> {
        self.name(&field.name);
        self.value(&field.name, &field.shape, text)
    }

    /// Adds a list from the texts of a repeated name.
    pub fn list<'a>(
        &mut self,
        field: &Field,
        item: &Shape,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<(), Problem> {
        self.name(&field.name);
        self.0.push('[');
        for (index, text) in texts.enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.value(&field.name, item, text)?;
        }
        self.0.push(']');
        Ok(())
    }

    /// Adds a whole number.
    pub fn integer(&mut self, name: &str, value: i64) {
        self.name(name);
        let _ = write!(self.0, "{value}");
    }

    /// The object, with the fields of `body` (a checked object, or nothing) after its own.
    pub fn finish(mut self, body: Option<&str>) -> String {
        let rest = body.and_then(|body| body.strip_prefix('{')).unwrap_or("}");
        if self.0.len() > 1 && !rest.trim_start().starts_with('}') {
            self.0.push(',');
        }
        self.0.push_str(rest);
        self.0
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.quoted(name);
        self.0.push(':');
    }

    fn quoted(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            self.0.push_str(&Value::from(text).to_string());
        } else {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        }
    }

    fn value(&mut self, name: &str, shape: &Shape, text: &str) -> Result<(), Problem> {
        let wanted = match shape {
            Shape::Text => {
                self.quoted(text);
                return Ok(());
            }
            Shape::Integer if json::is_number(text) && !text.contains(['.', 'e', 'E']) => None,
            Shape::Integer => Some("a whole number"),
            Shape::Number if json::is_number(text) => None,
            Shape::Number => Some("a number"),
            Shape::Boolean if matches!(text, "true" | "false") => None,
            Shape::Boolean => Some("`true` or `false`"),
            Shape::List(_) | Shape::Other => Some("something that only a body can hold"),
        };
        if let Some(wanted) = wanted {
            return Err(baddie::Error::invalid(
                name.to_owned(),
                format!("{text:?}"),
                &format!("give {wanted}"),
            )
            .into());
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// A name and a value of a query, decoded.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of a query, in their order. What is not UTF-8 once decoded is refused.
pub fn pairs(query: &str) -> Result<Vec<Pair<'_>>, Problem> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name, true)?, decode(value, true)?))
        })
        .collect()
}

/// Undoes percent-encoding, and `+` for a space where forms write it so.
pub fn decode(text: &str, form: bool) -> Result<Cow<'_, str>, Problem> {
    if !text.bytes().any(|byte| byte == b'%' || form && byte == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let wrong = || Problem::invalid("request.encoding", "the address holds a `%` that encodes no text");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else { return Err(wrong()) };
                u8::try_from(high << 4 | low).map_err(|_| wrong())?
            }
            b'+' if form => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shapes_are_found_behind_references_and_options() {
        let schema = json!({
            "type": "object",
            "properties": {
                "id": {"$ref": "#/$defs/Id"},
                "limit": {"type": ["integer", "null"]},
                "state": {"anyOf": [{"$ref": "#/$defs/State"}, {"type": "null"}]},
                "tags": {"type": "array", "items": {"type": "string"}},
                "money": {"$ref": "#/$defs/Money"},
                "loop": {"$ref": "#/$defs/Loop"},
            },
            "required": ["id"],
            "allOf": [{"properties": {"flag": {"type": "boolean"}}}],
            "$defs": {
                "Id": {"type": "string"},
                "State": {"oneOf": [{"const": "a", "description": "A."}, {"type": "string", "enum": ["b"]}]},
                "Money": {"type": "object"},
                "Loop": {"$ref": "#/$defs/Loop"},
            },
        });
        let found: Vec<_> =
            of(&schema).into_iter().map(|field| (field.name, field.shape, field.required)).collect();
        assert_eq!(
            found,
            [
                ("id".to_owned(), Shape::Text, true),
                ("limit".to_owned(), Shape::Integer, false),
                ("loop".to_owned(), Shape::Other, false),
                ("money".to_owned(), Shape::Other, false),
                ("state".to_owned(), Shape::Text, false),
                ("tags".to_owned(), Shape::List(Box::new(Shape::Text)), false),
                ("flag".to_owned(), Shape::Boolean, false),
            ]
        );
    }

    #[test]
    fn fields_and_body_become_one_object() {
        let field = |name: &str, shape| Field { name: name.to_owned(), shape, required: false };
        let mut writer = Writer::default();
        writer.text(&field("id", Shape::Text), "a\"b").unwrap();
        writer.text(&field("limit", Shape::Integer), "-5").unwrap();
        let tags = field("tags", Shape::List(Box::new(Shape::Boolean)));
        writer.list(&tags, &Shape::Boolean, ["true", "false"].into_iter()).unwrap();
        assert_eq!(writer.finish(Some("{\"x\":1}")), r#"{"id":"a\"b","limit":-5,"tags":[true,false],"x":1}"#);
        assert_eq!(Writer::default().finish(None), "{}");
        assert_eq!(Writer::default().finish(Some("{ }")), "{ }");
        let mut writer = Writer::default();
        writer.integer("n", 3);
        assert_eq!(writer.finish(Some("{ }")), r#"{"n":3 }"#);
        for (shape, text) in
            [(Shape::Integer, "1.0"), (Shape::Integer, ""), (Shape::Boolean, "1"), (Shape::Other, "x")]
        {
            assert!(Writer::default().text(&field("f", shape), text).is_err(), "{text}");
        }
    }

    #[test]
    fn encoded_text_is_decoded_once() {
        assert_eq!(decode("a%20b+c%25", false).unwrap(), "a b+c%");
        assert_eq!(decode("a+b%C3%A9", true).unwrap(), "a bé");
        for wrong in ["%", "%4", "%g0", "%ff", "%C3"] {
            assert!(decode(wrong, false).is_err(), "{wrong}");
        }
        assert_eq!(
            pairs("a=1&&b&a=2%26").unwrap(),
            [("a", "1"), ("b", ""), ("a", "2&")].map(|(a, b)| (a.into(), b.into()))
        );
    }
}
