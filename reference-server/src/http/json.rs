//! Strict JSON (RFC 8259, and I-JSON where that leaves a choice): one pass over the bytes, before anything is built.
//!
//! Refused are duplicate names, numbers that no machine number holds, lone surrogates, bytes after the end, depth
//! beyond a bound, and everything that is not JSON. What passes is read alike by every reader.

use std::borrow::Cow;

/// What is wrong with a body, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes before the place.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

/// A body that is one object, and strict.
#[derive(Debug)]
pub struct Object<'a> {
    /// The whole text, from `{` to `}`.
    pub text: &'a str,
    /// The names of its own fields.
    pub names: Vec<Cow<'a, str>>,
}

/// Checks a body; it must be an object.
pub fn object(body: &[u8], max_depth: usize) -> Result<Object<'_>, Fault> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Fault { at: error.valid_up_to(), what: "this is not UTF-8" })?
        .trim_matches([' ', '\t', '\r', '\n']);
    let mut walk = Walk { text, bytes: text.as_bytes(), at: 0, depth: 0, max_depth, names: Vec::new() };
    if walk.peek() != Some(b'{') {
        return walk.fault("an object is expected here");
    }
    walk.value()?;
    if walk.at < text.len() {
        return walk.fault("nothing may follow the object");
    }
    Ok(Object { text, names: walk.names })
}

/// Whether a text is one JSON number that a machine number holds.
pub fn is_number(text: &str) -> bool {
    let mut walk = Walk { text, bytes: text.as_bytes(), at: 0, depth: 0, max_depth: 0, names: Vec::new() };
    walk.number().is_ok() && walk.at == text.len()
}

struct Walk<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    max_depth: usize,
    /// The names of all objects that are open; those of the innermost are last. Those of the outermost stay.
    names: Vec<Cow<'a, str>>,
}

impl<'a> Walk<'a> {
    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault { at: self.at, what })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'{') => self.nested(Self::members),
            Some(b'[') => self.nested(Self::elements),
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.fault("a value is expected here"),
        }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Fault> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return self.fault("a value is expected here");
        }
        self.at += word.len();
        Ok(())
    }

    fn nested(&mut self, inside: fn(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        if self.depth == self.max_depth {
            return self.fault("this is nested too deeply");
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        inside(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn elements(&mut self) -> Result<(), Fault> {
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.space();
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.fault("`,` or `]` is expected here");
            }
            self.space();
        }
    }

    fn members(&mut self) -> Result<(), Fault> {
        let first = self.names.len();
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.fault("a name in quotes is expected here");
            }
            let name = self.string()?;
            self.names.push(name);
            self.space();
            if !self.eat(b':') {
                return self.fault("`:` is expected here");
            }
            self.space();
            self.value()?;
            self.space();
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return self.fault("`,` or `}` is expected here");
            }
            self.space();
        }
        if has_twins(&mut self.names[first..]) {
            return self.fault("a name stands twice in the object that ends here");
        }
        if self.depth > 1 {
            self.names.truncate(first);
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let mut run = self.at;
        let mut unescaped = String::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = &self.text[run..self.at];
                    self.at += 1;
                    if unescaped.is_empty() {
                        return Ok(Cow::Borrowed(rest));
                    }
                    unescaped.push_str(rest);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(&self.text[run..self.at]);
                    unescaped.push(self.escape()?);
                    run = self.at;
                }
                Some(0..0x20) => return self.fault("control characters must be escaped"),
                Some(_) => self.at += 1,
                None => return self.fault("the text ends too early"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = match self.bytes.get(self.at + 1) {
            Some(b'u') => return self.code_point(),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(&same @ (b'"' | b'\\' | b'/')) => char::from(same),
            _ => return self.fault("there is no such escape"),
        };
        self.at += 2;
        Ok(letter)
    }

    fn code_point(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let high = self.code_unit()?;
        let code = if (0xd800..0xdc00).contains(&high) {
            match self.code_unit() {
                Ok(low) if (0xdc00..0xe000).contains(&low) => {
                    0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                }
                _ => high,
            }
        } else {
            high
        };
        char::from_u32(code).ok_or(Fault { at: start, what: "half of a surrogate pair stands alone" })
    }

    /// `\uXXXX`.
    fn code_unit(&mut self) -> Result<u32, Fault> {
        let digits = self
            .text
            .get(self.at..self.at + 6)
            .and_then(|escape| escape.strip_prefix("\\u"))
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(unit) = digits else {
            return self.fault("four hexadecimal digits are expected here");
        };
        self.at += 6;
        Ok(unit)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { self.fault("a digit is expected here") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let negative = self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        let mut whole = true;
        if self.eat(b'.') {
            whole = false;
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            whole = false;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let held = match (whole, negative) {
            // Up to 18 digits always fit; longer ones are rare enough to be read for it.
            (true, _) if text.len() <= 18 => true,
            (true, true) => text.parse::<i64>().is_ok(),
            (true, false) => text.parse::<u64>().is_ok(),
            (false, _) => text.parse::<f64>().is_ok_and(f64::is_finite),
        };
        if held { Ok(()) } else { Err(Fault { at: start, what: "this number is too large" }) }
    }
}

/// Objects are small as a rule, and then comparing all pairs beats everything; large ones are sorted.
fn has_twins(names: &mut [Cow<'_, str>]) -> bool {
    if names.len() <= 16 {
        return names.iter().enumerate().any(|(index, name)| names[..index].contains(name));
    }
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(body: &str) -> &'static str {
        object(body.as_bytes(), 4).expect_err(body).what
    }

    #[test]
    fn s27_what_readers_could_read_differently_is_refused() {
        assert_eq!(fault(r#"{"a":1,"a":2}"#), "a name stands twice in the object that ends here");
        assert_eq!(fault(r#"{"x":{"a":1,"\u0061":2}}"#), "a name stands twice in the object that ends here");
        assert_eq!(fault(r#"{"a":1} {}"#), "nothing may follow the object");
        assert_eq!(fault(r#"{"a":NaN}"#), "a value is expected here");
        for number in ["1e999", "-1e999", "18446744073709551616", "-9223372036854775809"] {
            assert_eq!(fault(&format!("{{\"a\":{number}}}")), "this number is too large", "{number}");
        }
        for text in [r"\ud800", r"\ud800x", r"\udc00", r"\ud800\ud800", r"\ud800\n"] {
            assert_eq!(
                fault(&format!("{{\"a\":\"{text}\"}}")),
                "half of a surrogate pair stands alone",
                "{text}"
            );
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}", 4).unwrap_err().at, 6);
        assert_eq!(fault(r#"{"a":[[[[]]]]}"#), "this is nested too deeply");
        assert_eq!(fault(r#"["a"]"#), "an object is expected here");
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for body in [
            "",
            "{",
            "{}}",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":+1}",
            "{\"a\":-}",
            "{\"a\":1e}",
            "{\"a\":tru}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"",
            "{\"a\":[1 2]}",
            "{\"a\":[1,]}",
            "{/**/}",
            "\u{feff}{}",
            "{\"a\":\u{a0}1}",
        ] {
            assert!(object(body.as_bytes(), 9).is_err(), "{body}");
        }
    }

    #[test]
    fn what_passes_is_what_serde_reads() {
        let body = r#" { "a" : [ 1, -0.5e-3, 18446744073709551615, true, false, null ], "b\"\u00e9\ud83d\ude00" : {"a":{}} } "#;
        let object = object(body.as_bytes(), 9).unwrap();
        let value: serde_json::Value = serde_json::from_str(object.text).unwrap();
        let mut names: Vec<_> = object.names.iter().map(ToString::to_string).collect();
        names.sort();
        assert_eq!(names, value.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn p18_nothing_passes_that_the_reader_would_refuse(body in r#"\{("[a-c\\"]{0,3}"|[{}\[\],:0-9eE.+\-\\ \"u]|true|null|\\ud83d|\\ude00){0,24}\}"#) {
            if object(body.as_bytes(), 32).is_ok() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok(), "{}", body);
            }
        }

        #[test]
        fn p18_bytes_of_any_kind_are_survived(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = object(&body, 32);
        }

        #[test]
        fn what_a_writer_writes_passes(texts in proptest::collection::hash_map(".{0,8}", (any::<i64>(), any::<f64>(), ".{0,8}"), 0..20)) {
            let body = serde_json::to_string(&texts).unwrap();
            let checked = object(body.as_bytes(), 32);
            prop_assert_eq!(checked.map(|object| object.names.len()).ok(), Some(texts.len()), "{}", body);
        }
    }

    #[test]
    fn large_objects_are_checked_too() {
        let member = |index: usize| format!("\"name{index}\":{index}");
        let body = |names: Vec<String>| format!("{{{}}}", names.join(","));
        assert!(object(body((0..1000).map(member).collect()).as_bytes(), 1).is_ok());
        assert!(object(body((0..1000).chain([500]).map(member).collect()).as_bytes(), 1).is_err());
    }
}
