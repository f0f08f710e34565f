//! From the text of a cell to what it means.

use std::collections::BTreeMap;
use std::str::FromStr;

use baddie::catalog::Condition;
use baddie::clock::{Date, Timestamp, Zone};
use baddie::entity::Word;
use baddie::journal::RowError;
use baddie::{Currency, Money};

use super::sheet::Row;
use crate::cli::spreadsheet;

/// A cell, or what is wrong with it.
pub(super) type Cell<T> = Result<T, RowError>;

impl Row<'_> {
    /// Words, as they were before a spreadsheet was kept from calculating with them.
    pub(super) fn text(&self, column: usize) -> Option<String> {
        self.get(column).map(|text| spreadsheet::bare(text).to_owned())
    }

    /// Words that must be there.
    pub(super) fn needed_text(&self, column: usize, name: &str) -> Cell<String> {
        self.text(column).ok_or_else(|| self.lacks(name, "it is empty: fill it in"))
    }

    /// A whole number.
    pub(super) fn integer(&self, column: usize) -> Cell<Option<i64>> {
        self.parsed(column, "write a whole number, such as 12")
    }

    /// A whole number that must be there.
    pub(super) fn needed_integer(&self, column: usize, name: &str) -> Cell<i64> {
        self.integer(column)?.ok_or_else(|| self.lacks(name, "it is empty: write a whole number"))
    }

    /// A word of a list.
    pub(super) fn word<W: Word>(&self, column: usize) -> Cell<Option<W>> {
        let Some(text) = self.get(column).map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let lower = text.to_lowercase();
        W::from_word(&lower).map(Some).ok_or_else(|| {
            let known: Vec<_> = W::ALL.iter().map(|word| word.as_str()).collect();
            self.wrong(column, format!("write one of {}", known.join(", ")))
        })
    }

    /// The currency of the row's amounts.
    pub(super) fn currency(&self, column: usize, usual: Currency) -> Cell<Currency> {
        Ok(self.parsed(column, "use an ISO 4217 code, like GBP")?.unwrap_or(usual))
    }

    /// An amount.
    pub(super) fn money(&self, column: usize, currency: Currency) -> Cell<Option<Money>> {
        let Some(text) = self.get(column).map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        currency.parse_amount(text).map(Some).map_err(|error| self.wrong(column, error.to_string()))
    }

    /// An instant: RFC 3339, or a day, which is its first instant.
    pub(super) fn instant(&self, column: usize, name: &str, zone: &Zone) -> Cell<Timestamp> {
        let text = self.get(column).map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| self.lacks(name, "it is empty: write a day, like 2026-01-31"))?;
        if let Ok(day) = Date::from_str(text)
            .map_err(drop)
            .and_then(|day| if text.len() == 10 { Ok(day) } else { Err(()) })
        {
            return Ok(zone.start_of(day));
        }
        text.parse().map_err(|_| {
            self.wrong(column, "write a day like 2026-01-31, or an instant like 2026-01-31T17:05:00Z")
        })
    }

    /// Yes or no.
    pub(super) fn flag(&self, column: usize) -> Cell<bool> {
        match self.get(column).map(|text| text.trim().to_lowercase()).as_deref() {
            None | Some("" | "false" | "no" | "0" | "n") => Ok(false),
            Some("true" | "yes" | "1" | "y" | "paid") => Ok(true),
            Some(_) => Err(self.wrong(column, "write true or false")),
        }
    }

    /// Facts by name, as a JSON object of texts.
    pub(super) fn facts(&self, column: usize) -> Cell<Option<BTreeMap<String, String>>> {
        let Some(text) = self.text(column) else { return Ok(None) };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|_| self.wrong(column, r#"write a JSON object of texts, such as {"colour":"red"}"#))
    }

    /// Numbers by name, as a JSON list of pairs, so that their order stays.
    pub(super) fn counts(&self, column: usize) -> Cell<Vec<(String, i64)>> {
        let Some(text) = self.text(column) else { return Ok(Vec::new()) };
        serde_json::from_str(&text)
            .map_err(|_| self.wrong(column, r#"write a JSON list of SKUs and numbers, such as [["MUG",2]]"#))
    }

    /// A condition, in our words or in those of marketplaces.
    pub(super) fn condition(&self, column: usize) -> Cell<Option<Condition>> {
        let Some(text) = self.get(column).map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
        let known: &[(&str, Condition)] = &[
            ("likenew", Condition::LikeNew),
            ("newwithouttags", Condition::LikeNew),
            ("newother", Condition::LikeNew),
            ("openbox", Condition::LikeNew),
            ("new", Condition::New),
            ("verygood", Condition::VeryGood),
            ("excellent", Condition::VeryGood),
            ("usedexcellent", Condition::VeryGood),
            ("usedlikenew", Condition::LikeNew),
            ("good", Condition::Good),
            ("used", Condition::Good),
            ("preowned", Condition::Good),
            ("acceptable", Condition::Acceptable),
            ("fair", Condition::Acceptable),
            ("poor", Condition::Acceptable),
            ("forparts", Condition::ForParts),
        ];
        let found =
            known.iter().filter(|(word, _)| plain.starts_with(word)).max_by_key(|(word, _)| word.len());
        found.map(|(_, condition)| Some(*condition)).ok_or_else(|| {
            let words: Vec<_> = Condition::ALL.iter().map(|word| word.as_str()).collect();
            self.wrong(column, format!("write one of {}", words.join(", ")))
        })
    }

    fn parsed<T: FromStr>(&self, column: usize, remedy: &str) -> Cell<Option<T>> {
        let Some(text) = self.get(column).map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| self.wrong(column, remedy))
    }
}
