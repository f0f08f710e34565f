//! What is said to PostgreSQL in its own way: the few words in which our statements differ, and one statement for any
//! number of rows.

use crate::seam::Sql;
use crate::search::words;

/// The tail of a page of products that hold the words in `$5`.
pub(super) const FOUND_PRODUCTS: &str = "
    AND id < $2 AND ($4::text IS NULL OR status = $4) AND id IN (SELECT found_products($5))
    ORDER BY id DESC LIMIT $3";

/// The database waits for whoever is using the key, then looks.
pub(super) const RECALL: &str = "SELECT request_hash, answer, at, keep_until FROM recall_answer($1, $2, $3)";

/// What somebody typed, as the database wants to be asked: words, which it makes plain as it did those it keeps.
pub(super) fn search_words(typed: &str) -> String {
    words(typed).collect::<Vec<_>>().join(" ")
}

/// The whole text of a statement.
pub(super) fn text(sql: Sql) -> String {
    format!("{} {}", sql.head, sql.tail)
}

/// An `INSERT` of one row as one of any number: each of its values comes as a list, with the types in which they stand
/// in the `VALUES`.
pub(super) fn for_rows(text: &str) -> Option<(String, Vec<&str>)> {
    let (head, rest) = text.split_once("VALUES (")?;
    let (values, tail) = rest.split_once(')')?;
    let types = values.split(',').map(|value| value.split_once("::").map(|(_, name)| name.trim()));
    let types = types.collect::<Option<Vec<_>>>()?;
    let lists: Vec<_> = (1..).zip(&types).map(|(n, name)| format!("${n}::{name}[]")).collect();
    Some((format!("{head}SELECT * FROM unnest({}){tail}", lists.join(", ")), types))
}

/// The types of a statement's parameters, each of them a list, in their order: each is named once, where it first stands.
pub(super) fn list_types(text: &str) -> impl Iterator<Item = &str> {
    text.split('$')
        .skip(1)
        .filter_map(|piece| piece.split_once("::")?.1.split_once("[]").map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_becomes_any_number() {
        let one = "INSERT INTO t (a, b) VALUES ($1::uuid, $2::text) ON CONFLICT (a) DO NOTHING";
        let many =
            "INSERT INTO t (a, b) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT (a) DO NOTHING";
        assert_eq!(for_rows(one), Some((many.to_owned(), vec!["uuid", "text"])));
        assert_eq!(for_rows("INSERT INTO t (a) VALUES ($1)"), None, "without its type");
        let lists = list_types("SELECT * FROM unnest($1::uuid[], $2::bigint[])");
        assert_eq!(lists.collect::<Vec<_>>(), ["uuid", "bigint"]);
        assert_eq!(search_words("tea \"pot-01\" *"), "tea pot 01");
    }
}
