//! A CSV file as models take it: columns found by their names, whatever their order, and errors that say where.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use baddie::clock::Date;
use csv::{Reader, ReaderBuilder, StringRecord};

use super::Failure;

/// A file with named columns, read a row at a time.
pub(super) struct Table {
    path: PathBuf,
    reader: Reader<File>,
    names: Vec<String>,
    record: StringRecord,
}

impl Table {
    /// Opens a file and reads its first line, in which these columns must be named.
    pub(super) fn open(path: &Path, needed: &[&str]) -> Result<Self, Failure> {
        let told = |error: &dyn Display| Failure::because(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(|error| told(&error))?;
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 18).from_reader(file);
        let header = reader.headers().map_err(|error| told(&error))?;
        // Spreadsheets begin their UTF-8 files with a mark that belongs to no name.
        let names: Vec<String> =
            header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        if let Some(missing) = needed.iter().find(|name| !names.iter().any(|own| own == *name)) {
            let there = names.join(",");
            let words = format!("there is no column `{missing}` in `{there}`: name it in the first line");
            return Err(told(&words));
        }
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                return Err(told(&format!("the column `{name}` is there twice: name each once")));
            }
        }
        Ok(Self { path: path.to_owned(), reader, names, record: StringRecord::new() })
    }

    /// Where a column stands, if it is there.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }

    /// The columns that are none of these: their places and names.
    pub(super) fn others(&self, known: &[&str]) -> Vec<(usize, String)> {
        let others = self.names.iter().enumerate().filter(|(_, name)| !known.contains(&name.as_str()));
        others.map(|(place, name)| (place, name.clone())).collect()
    }

    /// The next row; none after the last.
    pub(super) fn next_row(&mut self) -> Result<Option<Row<'_>>, Failure> {
        match self.reader.read_record(&mut self.record) {
            Ok(true) => Ok(Some(Row { table: self })),
            Ok(false) => Ok(None),
            Err(error) => Err(Failure::because(format!("{}: {error}", self.path.display()))),
        }
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
}

impl<'a> Row<'a> {
    /// What stands in a column, without blanks around it.
    pub(super) fn text(self, place: usize) -> &'a str {
        self.table.record.get(place).unwrap_or_default().trim()
    }

    /// A date: `2026-03-31`; of a month or a quarter also `2026-03` and `2026-Q1`.
    pub(super) fn date(self, place: usize) -> Result<Date, Failure> {
        let text = self.text(place);
        date(text).ok_or_else(|| {
            self.wrong(place, "is no date: write it as 2026-03-31, a month as 2026-03, a quarter as 2026-Q1")
        })
    }

    /// A finite number.
    pub(super) fn number(self, place: usize) -> Result<f64, Failure> {
        let number: Option<f64> = self.text(place).parse().ok();
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| self.wrong(place, "is no number: write it with digits and a point, such as 12.5"))
    }

    /// A finite number, where something stands.
    pub(super) fn number_if_any(self, place: usize) -> Result<Option<f64>, Failure> {
        if self.text(place).is_empty() { Ok(None) } else { self.number(place).map(Some) }
    }

    /// Its line in the file, counting from 1.
    pub(super) fn line(self) -> u64 {
        self.table.record.position().map_or(0, csv::Position::line)
    }

    /// Says that what stands in a column will not do.
    pub(super) fn wrong(self, place: usize, why: &str) -> Failure {
        let line = self.line();
        let (path, column) = (self.table.path.display(), &self.table.names[place]);
        Failure::because(format!("{path}: line {line}, column `{column}`: {:?} {why}", self.text(place)))
    }
}

/// Reads a day, or the first day of a month or a quarter.
fn date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    if rest.contains('-') {
        return Date::from_str(text).ok();
    }
    let month = match rest.strip_prefix(['Q', 'q']) {
        Some(quarter) => {
            (quarter.parse::<i8>().ok().filter(|quarter| (1..=4).contains(quarter))? - 1) * 3 + 1
        }
        None => rest.parse().ok()?,
    };
    Date::from_ymd(year.parse().ok()?, month, 1)
}

/// Where rows go: a file that is there when it is whole, or standard output.
pub(super) struct Output {
    to: Option<(PathBuf, PathBuf)>,
    writer: csv::Writer<Box<dyn Write>>,
}

impl Output {
    /// Begins a file, or standard output where none is named, with the names of its columns.
    pub(super) fn new(path: Option<&Path>, columns: &[&str]) -> Result<Self, Failure> {
        let (to, sink): (_, Box<dyn Write>) = match path {
            None => (None, Box::new(BufWriter::new(io::stdout().lock()))),
            Some(path) => {
                let mut part = path.as_os_str().to_owned();
                part.push(".part");
                let part = PathBuf::from(part);
                let file = File::create(&part)
                    .map_err(|error| Failure::because(format!("{}: {error}", part.display())))?;
                (Some((part, path.to_owned())), Box::new(BufWriter::new(file)))
            }
        };
        let mut writer = csv::Writer::from_writer(sink);
        writer.write_record(columns)?;
        Ok(Self { to, writer })
    }

    /// Writes a row: what it is about, and numbers.
    pub(super) fn row(
        &mut self,
        about: &[&str],
        numbers: impl IntoIterator<Item = f64>,
    ) -> Result<(), Failure> {
        for text in about {
            self.writer.write_field(text)?;
        }
        for number in numbers {
            // Millionths say more than any model knows.
            self.writer.write_field(((number * 1e6).round() / 1e6).to_string())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Ends it; a file takes the place of an older one only now.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.writer.flush()?;
        if let Some((part, path)) = self.to {
            std::fs::rename(part, path)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_quarters_are_dates_too() {
        for (text, day) in
            [("2026-03-31", (2026, 3, 31)), ("2026-03", (2026, 3, 1)), ("2026-Q4", (2026, 10, 1))]
        {
            assert_eq!(date(text), Date::from_ymd(day.0, day.1, day.2), "{text}");
        }
        for text in ["", "2026", "2026-13", "2026-Q5", "2026-02-30", "31.3.2026", "2026-Q-1"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
