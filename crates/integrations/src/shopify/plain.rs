//! Descriptions in HTML, read as plain text: what a person would read, with its lines.

/// The text of HTML. White space counts as HTML has it; what is between tags of scripts and styles is no text.
pub(super) fn plain(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '<' => {
                let Some(end) = rest.find('>') else { break };
                let tag = rest[1..end].trim().to_ascii_lowercase();
                rest = &rest[end + 1..];
                let name: String =
                    tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                match name.as_str() {
                    "br" => text.break_line(),
                    "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" => text.apart(2),
                    "div" | "li" | "tr" => text.apart(1),
                    "script" | "style" if !tag.starts_with('/') => {
                        let end = rest.to_ascii_lowercase().find(&format!("</{name}"));
                        rest = end.map_or("", |end| &rest[end..]);
                    }
                    _ => {}
                }
            }
            '&' => {
                let (letter, taken) = entity(rest);
                text.letter(letter);
                rest = &rest[taken..];
            }
            letter if letter.is_ascii_whitespace() => {
                text.space();
                rest = &rest[1..];
            }
            letter => {
                text.letter(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    text.said
}

/// The letter that an entity stands for, and how long it is; what is none is an ampersand.
fn entity(text: &str) -> (char, usize) {
    let end = text.bytes().take(12).position(|byte| byte == b';');
    let Some(end) = end else { return ('&', 1) };
    let name = &text[1..end];
    let letter = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "rsquo" => Some('’'),
        "lsquo" => Some('‘'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "pound" => Some('£'),
        "euro" => Some('€'),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| !letter.is_control())
        }),
    };
    letter.map_or(('&', 1), |letter| (letter, end + 1))
}

/// Text as it comes together.
#[derive(Default)]
struct Text {
    said: String,
    /// Ends of lines that are due before the next letter.
    lines: usize,
    /// Whether a space is.
    space: bool,
}

impl Text {
    fn letter(&mut self, letter: char) {
        if !self.said.is_empty() {
            (0..self.lines).for_each(|_| self.said.push('\n'));
            if self.lines == 0 && self.space {
                self.said.push(' ');
            }
        }
        (self.lines, self.space) = (0, false);
        self.said.push(letter);
    }

    fn space(&mut self) {
        self.space = true;
    }

    /// Ends a line; twice leaves one empty.
    fn break_line(&mut self) {
        self.lines = (self.lines + 1).min(2);
    }

    /// Puts what comes next so many ends of lines apart, however many ask for it.
    fn apart(&mut self, ends: usize) {
        self.lines = self.lines.max(ends);
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn html_is_read_as_a_person_reads_it() {
        for (html, text) in [
            ("", ""),
            ("White,\n  blue rim", "White, blue rim"),
            ("a<br>\nb", "a\nb"),
            ("a<br/><br/>b", "a\n\nb"),
            ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
            ("A<ul><li>One</li><li>Two</li></ul>", "A\n\nOne\nTwo"),
            ("5 &lt; 6 &amp; &quot;7&quot; &#39;8&#x27; &pound;9", "5 < 6 & \"7\" '8' £9"),
            ("a & b; &nothing; &#0; &", "a & b; &nothing; &#0; &"),
            ("<script>alert('<b>')</script>Mug<style>p{}</style>", "Mug"),
            ("a<b", "a"),
            ("<b>Br</b>eak", "Break"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }
}
