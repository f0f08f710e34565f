//! Stripe's way of writing a request: `application/x-www-form-urlencoded`, nested as `a[b][0][c]=v`.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

/// Writes a request as a form. What is `None` is left out; an empty text stands, and clears the field at Stripe.
pub(super) fn form(request: &impl Serialize) -> String {
    let value = serde_json::to_value(request).expect("a request is plain data with texts for keys");
    let mut pairs = Vec::new();
    flatten(String::new(), &value, &mut pairs);
    let mut form = String::new();
    for (key, value) in pairs {
        if !form.is_empty() {
            form.push('&');
        }
        encode(&key, &mut form);
        form.push('=');
        encode(&value, &mut form);
    }
    form
}

fn flatten(key: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    let inner = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}[{name}]") };
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(inner(name), value, pairs);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(inner(&index.to_string()), value, pairs);
            }
        }
        Value::String(text) => pairs.push((key, text.clone())),
        plain => pairs.push((key, plain.to_string())),
    }
}

/// Writes a part of a path or a form, so that it can be nothing else. The brackets of keys stay readable: Stripe takes
/// them either way.
pub(super) fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => into.push(byte.into()),
            byte => write!(into, "%{byte:02X}").expect("a text takes everything"),
        }
    }
}

/// An identifier as a part of a path.
pub(super) fn segment(id: &str) -> String {
    let mut text = String::new();
    encode(id, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_nested_by_brackets() {
        let request = json!({"a": {"b": [{"c": 1}, {"c": true}]}, "n": null, "e": "", "t": "a&b=c d/é"});
        let form = form(&request);
        assert_eq!(form, "a%5Bb%5D%5B0%5D%5Bc%5D=1&a%5Bb%5D%5B1%5D%5Bc%5D=true&e=&t=a%26b%3Dc%20d%2F%C3%A9");
    }

    #[test]
    fn an_identifier_cannot_leave_its_place() {
        assert_eq!(segment("pi_1/../x?y"), "pi_1%2F..%2Fx%3Fy");
    }
}
