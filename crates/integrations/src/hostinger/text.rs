//! Texts in a zone, as zone files write them (RFC 1035, 5.1): in quotes, no more than 255 bytes at a time, and what means
//! something there with a backslash before it.

use std::fmt::Write;

/// The longest piece of a text.
const PIECE: usize = 255;

/// Writes a text for a zone. What can stand by itself does, because that is what people see at Hostinger.
pub(super) fn quoted(text: &str) -> String {
    if text.len() <= PIECE
        && !text.is_empty()
        && !text.contains(|letter: char| matches!(letter, '"' | '\\') || letter.is_ascii_control())
    {
        return text.to_owned();
    }
    let mut written = String::from("\"");
    let mut piece = 0;
    for letter in text.chars() {
        if piece + letter.len_utf8() > PIECE {
            written.push_str("\" \"");
            piece = 0;
        }
        piece += letter.len_utf8();
        match letter {
            '"' | '\\' => written.extend(['\\', letter]),
            _ if letter.is_ascii_control() => {
                write!(written, "\\{:03}", u32::from(letter)).expect("a text takes everything");
            }
            _ => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// Reads a text of a zone, in quotes or not.
pub(super) fn unquoted(written: &str) -> String {
    if !written.starts_with('"') {
        return written.to_owned();
    }
    let mut text = String::with_capacity(written.len());
    let (mut inside, mut letters) = (false, written.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '"' => inside = !inside,
            '\\' if inside => text.push(escaped(&mut letters)),
            _ if inside => text.push(letter),
            // Between two pieces.
            _ => {}
        }
    }
    text
}

/// What a backslash stands before: a letter, or three digits that are a byte.
fn escaped(letters: &mut std::str::Chars<'_>) -> char {
    let digits: String = letters.clone().take(3).filter(char::is_ascii_digit).collect();
    match digits.parse::<u8>() {
        Ok(byte) if digits.len() == 3 && byte.is_ascii() => {
            letters.nth(2);
            char::from(byte)
        }
        _ => letters.next().unwrap_or('\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_went() {
        let long = "k".repeat(600);
        let accents = "é".repeat(300);
        for text in
            ["v=spf1 -all", "say \"hi\"", "\"all\"", "a\\b", "", "\\034", "a\nb\u{7f}", &long, &accents]
        {
            assert_eq!(unquoted(&quoted(text)), text);
        }
        assert_eq!(quoted(&long).matches("\" \"").count(), 2);
        assert_eq!(quoted("v=spf1 -all"), "v=spf1 -all");
    }

    #[test]
    fn texts_of_others_are_read() {
        for (written, text) in [
            ("\"v=spf1 -all\"", "v=spf1 -all"),
            ("\"one\" \"two\"", "onetwo"),
            ("\"a\\034b\"", "a\"b"),
            ("\"open", "open"),
            ("\"end\\", "end\\"),
            ("\"\\2", "2"),
        ] {
            assert_eq!(unquoted(written), text, "{written}");
        }
    }
}
