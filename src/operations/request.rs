//! A request's JSON becomes its type, or an error that names the field, shows what stood there, and says what would be
//! right.

use std::fmt::Write as _;

use baddie_core::error::{Error, Kind, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// How much of a wrong value is shown.
const SHOWN: usize = 80;

pub(super) fn read<T: DeserializeOwned>(request: &str) -> Result<T> {
    let mut json = serde_json::Deserializer::from_str(request);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| explain(request, &error))?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::new(Kind::Invalid, "request.json", format!("the request is not JSON: {error}"))
}

fn explain(request: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if !inner.is_data() {
        return not_json(inner);
    }
    let text = inner.to_string();
    let words = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
    let path = steps(error.path());
    let name = |last: &str| if path.is_empty() { last.to_owned() } else { format!("{path}.{last}") };
    if let Some((field, _)) = named(words, "missing field `") {
        return Error::invalid(name(field), "absent", "it is needed");
    }
    if let Some((field, known)) = named(words, "unknown field `") {
        // The path may or may not lead to the stray field itself.
        let at = if last(error.path()) == Some(field) { path.clone() } else { name(field) };
        let known = known.trim_start_matches(", ");
        return Error::invalid(at, "unknown", if known.is_empty() { "leave it out" } else { known });
    }
    let whole = "request".to_owned();
    let at = if path.is_empty() { whole } else { path };
    let given = serde_json::from_str(request).ok().and_then(|root| found(&root, error.path()));
    let remedy = words.split_once(", expected ").map(|(_, wanted)| format!("give {wanted}"));
    Error::invalid(at, given.unwrap_or_else(|| "unreadable".to_owned()), remedy.as_deref().unwrap_or(words))
}

/// The name in backticks after these words, and what follows it.
fn named<'a>(text: &'a str, before: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(before)?.split_once('`')
}

fn last(path: &Path) -> Option<&str> {
    match path.iter().next_back() {
        Some(Segment::Map { key }) => Some(key),
        _ => None,
    }
}

/// The path as people write it: `lines[2].qty`.
fn steps(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Segment::Seq { index } => {
                let _ = write!(text, "[{index}]");
            }
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Segment::Unknown => {}
        }
    }
    text
}

/// What stands at a path, cut to a length that can be shown.
fn found(root: &Value, path: &Path) -> Option<String> {
    let mut value = root;
    for step in path {
        value = match step {
            Segment::Seq { index } => value.get(index)?,
            Segment::Map { key } => value.get(key)?,
            Segment::Enum { .. } | Segment::Unknown => value,
        };
    }
    let text = value.to_string();
    Some(match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use baddie_core::engine::orders::PlaceOrder;

    use super::*;

    #[test]
    fn a_wrong_request_is_told_where_what_and_how() {
        for (request, field, words) in [
            (r#"{"lines":[{"sku":"A","qty":"two"}]}"#, "lines[0].qty", r#"is "two": give i64"#),
            (r#"{"lines":[{"sku":"A","qty":1,"price":2}]}"#, "lines[0].price", "unknown: expected one of"),
            (r#"{"lines":[{"variant_id":"x","qty":1}]}"#, "lines[0].variant_id", r#"is "x": "#),
            ("{}", "lines", "is absent"),
            (r#"{"lines":[],"shipping":{"minor":1}}"#, "shipping.currency", "is absent"),
            (r#"{"lines":{}}"#, "lines", "is {}: give a sequence"),
            ("[]", "request", "is []: "),
        ] {
            let error = read::<PlaceOrder>(request).unwrap_err();
            assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some(field)), "{request}: {error}");
            assert!(error.message().contains(words), "{error}");
        }
        for request in ["", "{", "nonsense", r#"{"lines":[]} x"#] {
            let error = read::<PlaceOrder>(request).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Invalid, "request.json"), "{request}");
        }
    }
}
