//! From PostgreSQL's dialect to SQLite's: the few words in which our statements differ.

use crate::seam::Sql;
use crate::search::words;

/// The tail of a page of products that hold the words in `$5`.
pub(super) const FOUND_PRODUCTS: &str = "
    AND id < $2 AND ($4 IS NULL OR status = $4) AND id IN (
        SELECT k.product_id FROM product_search f JOIN product_search_keys k ON k.search_id = f.rowid
        WHERE product_search MATCH $5 AND k.shop_id = $1
    )
    ORDER BY id DESC LIMIT $3";

/// There is one writer: whoever asks is alone with the key.
pub(super) const RECALL: &str = "
    SELECT request_hash, answer, at, keep_until FROM idempotency_records
    WHERE shop_id = $1 AND scope = $2 AND key = $3";

/// What somebody typed, as FTS5 wants to be asked: each word quoted, so that it is no operator, and open at its end.
pub(super) fn search_words(typed: &str) -> String {
    words(typed).map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

/// The statement as SQLite wants it.
///
/// `$n` becomes `?n` (to SQLite `$n` is a name, numbered by its first appearance), casts go, and so do row locks: there
/// is one writer, and it has the whole file. A list becomes as many parameters as it is `many`, the second and later
/// ones after the `width` that the statement has anyway; without `many`, a look into a JSON array.
pub(super) fn translate(sql: Sql, width: usize, many: Option<usize>) -> String {
    let text = format!("{} {}", sql.head, sql.tail);
    let mut rest = text.trim();
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some(first) = rest.chars().next() {
        if let '\'' | '"' = first {
            // A doubled quote inside reads as two literals side by side, which copies just the same.
            let end = rest[1..].find(first).map_or(rest.len(), |at| at + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if rest.starts_with("--") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if let Some((list, after)) = list(rest, width, many) {
            out.push_str(&list);
            rest = after;
        } else if let Some(after) = row_lock(rest) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("::") {
            let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            rest = name.strip_prefix("[]").unwrap_or(name);
        } else {
            out.push(if first == '$' { '?' } else { first });
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// An `INSERT` of one row as one of several: its list of values comes again for each row, the numbers going on.
pub(super) fn for_rows(text: &str, rows: usize) -> String {
    let parts = text.split_once("VALUES (").and_then(|(head, rest)| Some((head, rest.split_once(')')?)));
    let Some((head, (values, tail))) = parts.filter(|_| rows > 1) else { return text.to_owned() };
    let width = values.split(',').count();
    let row = |row| {
        let numbers: Vec<_> = (row * width + 1..=(row + 1) * width).map(|n| format!("?{n}")).collect();
        format!("({})", numbers.join(", "))
    };
    format!("{head}VALUES {}{tail}", (0..rows).map(row).collect::<Vec<_>>().join(", "))
}

/// `= ANY($n::uuid[])` or `= ANY($n::text[])` at the start of the text, in SQLite's words, and what follows it.
fn list(text: &str, width: usize, many: Option<usize>) -> Option<(String, &str)> {
    let from_number = text.strip_prefix("= ANY($")?;
    let from_type = from_number.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &from_number[..from_number.len() - from_type.len()];
    for (kind, value) in [("::uuid[])", "unhex(value)"), ("::text[])", "value")] {
        if let Some(after) = from_type.strip_prefix(kind) {
            let list = many.map_or_else(
                || format!("SELECT {value} FROM json_each(?{number})"),
                |many| (1..many).fold(format!("?{number}"), |list, n| format!("{list}, ?{}", width + n)),
            );
            return Some((format!("IN ({list})"), after));
        }
    }
    None
}

fn row_lock(text: &str) -> Option<&str> {
    let after = text.strip_prefix(" FOR UPDATE")?;
    Some([" SKIP LOCKED", " NOWAIT"].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_said_in_the_other_dialect() {
        let cases = [
            ("SELECT a FROM t WHERE x = $2 AND y = $11", "SELECT a FROM t WHERE x = ?2 AND y = ?11"),
            (
                "SELECT 1 WHERE id = ANY($2::uuid[])",
                "SELECT 1 WHERE id IN (SELECT unhex(value) FROM json_each(?2))",
            ),
            (
                "SELECT 1 WHERE s = ANY($12::text[]) AND z",
                "SELECT 1 WHERE s IN (SELECT value FROM json_each(?12)) AND z",
            ),
            ("INSERT INTO t VALUES ($1::jsonb, $2::text[])", "INSERT INTO t VALUES (?1, ?2)"),
            (
                "SELECT '$1::x -- no', \"a$1\", 'it''s $2' -- $3 isn't",
                "SELECT '$1::x -- no', \"a$1\", 'it''s $2' ",
            ),
            ("SELECT a FROM t LIMIT $1 FOR UPDATE SKIP LOCKED", "SELECT a FROM t LIMIT ?1"),
            ("SELECT a FROM t FOR UPDATE", "SELECT a FROM t"),
            ("SELECT 'unclosed $1", "SELECT 'unclosed $1"),
            ("SELECT 'Zoë', $1", "SELECT 'Zoë', ?1"),
        ];
        for (postgres, sqlite) in cases {
            assert_eq!(translate(postgres.into(), 12, None), sqlite);
        }
        let chosen = "SELECT 1 WHERE a = $1 AND id = ANY($2::uuid[]) OR b = ANY($2::uuid[])";
        for (many, list) in [(1, "?2"), (3, "?2, ?4, ?5")] {
            let sqlite = format!("SELECT 1 WHERE a = ?1 AND id IN ({list}) OR b IN ({list})");
            assert_eq!(translate(chosen.into(), 3, Some(many)), sqlite);
        }
        let one = "INSERT INTO t (a, b) VALUES (?1, ?2) ON CONFLICT (a) DO NOTHING";
        let three = "INSERT INTO t (a, b) VALUES (?1, ?2), (?3, ?4), (?5, ?6) ON CONFLICT (a) DO NOTHING";
        assert_eq!((for_rows(one, 1), for_rows(one, 3)), (one.to_owned(), three.to_owned()));
        let both = Sql { head: "SELECT a FROM t", tail: "WHERE b = $1" };
        assert_eq!(translate(both, 1, None), "SELECT a FROM t WHERE b = ?1");
    }
}
