//! The notation of messages at Framer, that of the JavaScript library `devalue`: a list in which the first thing is the whole,
//! and lists and objects hold the places of what is in them. Things that are alike are written once.
//!
//! What comes from outside is bounded: how deep it goes, and how much it is once nothing is shared any longer.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

/// Something to be said. Objects keep the order in which they were written.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// Things in a row.
    List(Vec<Data>),
    /// Things by name.
    Object(Vec<(&'static str, Data)>),
    /// Things by names that are not ours.
    Named(Vec<(String, Data)>),
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Data {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<i64> for Data {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&[String]> for Data {
    fn from(texts: &[String]) -> Self {
        Self::List(texts.iter().map(|text| text.as_str().into()).collect())
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(yes) => Self::Bool(yes),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Named(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

/// How deep a message may go.
const DEEPEST: usize = 64;
/// How many things a message may hold, each counted as often as it is held.
const MOST: usize = 1_000_000;

/// Writes something down, letter by letter as the library does.
pub fn encode(data: &Data) -> String {
    let mut writer = Writer::default();
    writer.place(data);
    format!("[{}]", writer.parts.join(","))
}

#[derive(Default)]
struct Writer {
    parts: Vec<String>,
    /// Where texts, numbers, yes, no and nothing were written.
    known: HashMap<String, usize>,
}

impl Writer {
    fn place(&mut self, data: &Data) -> usize {
        let plain = match data {
            Data::Null => Some("null".to_owned()),
            Data::Bool(yes) => Some(yes.to_string()),
            Data::Number(number) => Some(number.to_string()),
            Data::Text(text) => Some(quoted(text)),
            Data::List(_) | Data::Object(_) | Data::Named(_) => None,
        };
        if let Some(&place) = plain.as_ref().and_then(|plain| self.known.get(plain)) {
            return place;
        }
        let place = self.parts.len();
        if let Some(plain) = plain {
            self.known.insert(plain.clone(), place);
            self.parts.push(plain);
            return place;
        }
        self.parts.push(String::new());
        self.parts[place] = match data {
            Data::List(items) => {
                let places: Vec<_> = items.iter().map(|item| self.place(item).to_string()).collect();
                format!("[{}]", places.join(","))
            }
            Data::Object(fields) => self.object(fields.iter().map(|(name, value)| (*name, value))),
            Data::Named(fields) => self.object(fields.iter().map(|(name, value)| (name.as_str(), value))),
            _ => String::new(),
        };
        place
    }

    fn object<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Data)>) -> String {
        let fields: Vec<_> =
            fields.map(|(name, value)| format!("{}:{}", quoted(name), self.place(value))).collect();
        format!("{{{}}}", fields.join(","))
    }
}

/// A text as the library writes it: it may stand inside HTML.
fn quoted(text: &str) -> String {
    let text = Value::from(text).to_string();
    text.replace('<', "\\u003C").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Reads what was written down. What is not set is left out of objects, and is nothing elsewhere; what JSON has no word for is
/// nothing too. The reason for which something cannot be read holds nothing of it.
pub fn decode(text: &str) -> Result<Value, &'static str> {
    let parts = match serde_json::from_str(text) {
        Ok(Value::Array(parts)) => parts,
        // What is not set stands alone.
        Ok(Value::Number(_)) => return Ok(Value::Null),
        _ => return Err("it is no list"),
    };
    let mut reader = Reader { parts: &parts, left: MOST };
    reader.at(0, 0)
}

struct Reader<'a> {
    parts: &'a [Value],
    left: usize,
}

impl Reader<'_> {
    /// The thing at a place; nothing at the places below the first, which stand for what is not set and for odd numbers.
    fn held(&mut self, place: &Value, depth: usize) -> Result<Option<Value>, &'static str> {
        match place.as_i64() {
            Some(-6..=-1) => Ok(None),
            Some(place) => {
                let place = usize::try_from(place).map_err(|_| "a place is not there")?;
                self.at(place, depth + 1).map(Some)
            }
            None => Err("a place is no number"),
        }
    }

    fn at(&mut self, place: usize, depth: usize) -> Result<Value, &'static str> {
        self.left = self.left.checked_sub(1).ok_or("it holds too much")?;
        if depth > DEEPEST {
            return Err("it goes too deep");
        }
        match self.parts.get(place).ok_or("a place is not there")? {
            Value::Array(items) if items.first().is_some_and(Value::is_string) => self.odd(items, depth),
            Value::Array(items) => {
                let held = items.iter().map(|item| self.held(item, depth).map(Option::unwrap_or_default));
                held.collect::<Result<_, _>>().map(Value::Array)
            }
            Value::Object(fields) => {
                let mut read = Map::new();
                for (name, place) in fields {
                    if let Some(value) = self.held(place, depth)? {
                        read.insert(name.clone(), value);
                    }
                }
                Ok(Value::Object(read))
            }
            plain => Ok(plain.clone()),
        }
    }

    /// Something of a kind that JSON does not know. Times and large numbers are texts; the rest is nothing to us.
    fn odd(&mut self, items: &[Value], depth: usize) -> Result<Value, &'static str> {
        match (items[0].as_str(), items.get(1)) {
            (Some("Date" | "BigInt"), Some(Value::String(text))) => Ok(text.clone().into()),
            (Some("Object"), Some(plain)) => Ok(plain.clone()),
            // An object without ancestors: names and places by turns.
            (Some("null"), _) => {
                let mut read = Map::new();
                for pair in items[1..].chunks_exact(2) {
                    let name = pair[0].as_str().ok_or("a name is no text")?;
                    if let Some(value) = self.held(&pair[1], depth)? {
                        read.insert(name.to_owned(), value);
                    }
                }
                Ok(Value::Object(read))
            }
            _ => Ok(Value::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for value in [
            json!({"type": "ping"}),
            json!({"a": [1, 1, "1", null, null, true, {"b": {}}, []], "c": "<b>\u{2028}\"\\\n", "d": -5, "e": 120.5}),
            json!([[[["deep"]]], "deep", "deep"]),
            json!("alone"),
        ] {
            assert_eq!(decode(&encode(&value.clone().into())), Ok(value));
        }
    }

    #[test]
    fn what_json_has_no_word_for_is_left_out_or_nothing() {
        assert_eq!(decode("-1"), Ok(Value::Null));
        assert_eq!(decode(r#"[{"a":-1,"b":1},[-2,-3,2],7]"#), Ok(json!({"b": [null, null, 7]})));
        let times =
            r#"[[1,2,3,4],["Date","2026-11-01T00:00:00.000Z"],["BigInt","12"],["Set",1],["null","x",1]]"#;
        let time = "2026-11-01T00:00:00.000Z";
        assert_eq!(decode(times), Ok(json!([time, "12", null, {"x": time}])));
    }

    #[test]
    fn what_is_too_much_is_not_read() {
        // Each list holds the next one twice: two to the thirtieth things in a few bytes.
        let lists: Vec<_> = (1..=30).map(|place| format!("[{place},{place}]")).collect();
        assert_eq!(decode(&format!("[{},1]", lists.join(","))), Err("it holds too much"));
        assert_eq!(decode("[[0]]"), Err("it goes too deep"));
        for wrong in
            ["", "{}", "[]", "[[9]]", r#"[{"a":-9}]"#, "[[0.5]]", r#"[["null",1,2]]"#, "\"x\"", "null"]
        {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }
}
