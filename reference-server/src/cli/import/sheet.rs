//! A CSV file, a row at a time: its columns by their names, its rows by their lines, itself by its hash.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use baddie::journal::RowError;
use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use sha2::{Digest as _, Sha256};

use super::columns::{Column, find};

/// Why a file cannot be read at all.
#[derive(Debug)]
pub(super) struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is learnt of a file while its bytes go by.
#[derive(Default)]
struct Gist {
    hash: Sha256,
    /// Whether what comes next stands inside quotes.
    inside: bool,
}

/// Passes bytes on and notes what they are.
struct Tap {
    file: File,
    gist: Arc<Mutex<Gist>>,
}

impl Read for Tap {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        let mut gist = self.gist.lock().unwrap_or_else(PoisonError::into_inner);
        gist.hash.update(&into[..count]);
        for byte in &into[..count] {
            gist.inside ^= *byte == b'"';
        }
        Ok(count)
    }
}

/// A file with its columns.
pub(super) struct Sheet {
    path: PathBuf,
    bytes: u64,
    reader: Reader<BufReader<Tap>>,
    gist: Arc<Mutex<Gist>>,
    /// For each column of ours its place in the file, and what it is called there.
    places: Vec<Option<(usize, String)>>,
    ignored: Vec<String>,
    record: ByteRecord,
}

impl Sheet {
    /// Opens a file and reads its first line.
    pub(super) fn open(path: &Path, columns: &'static [Column]) -> Result<Self, Fault> {
        let fault = |words: String| Fault(format!("{}: {words}", path.display()));
        let file = File::open(path).map_err(|error| fault(error.to_string()))?;
        let bytes = file.metadata().map_err(|error| fault(error.to_string()))?.len();
        let gist = Arc::new(Mutex::new(Gist::default()));
        let tap = Tap { file, gist: Arc::clone(&gist) };
        let mut reader =
            ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(BufReader::with_capacity(1 << 16, tap));
        let header = reader.byte_headers().map_err(|error| fault(error.to_string()))?;
        let mut names = Vec::with_capacity(header.len());
        for name in header {
            let name = std::str::from_utf8(name)
                .map_err(|_| fault("the first line is not UTF-8: save the file as CSV in UTF-8".into()))?;
            // Spreadsheets begin their UTF-8 files with a mark that belongs to no name.
            names.push(name.trim_start_matches('\u{feff}').trim().to_owned());
        }
        let (places, ignored) = find(columns, &names);
        for (column, place) in columns.iter().zip(&places) {
            if column.needed && place.is_none() {
                let given = if names.len() > 12 { "others".to_owned() } else { names.join(", ") };
                let words = format!(
                    "there is no column `{}` (there are {given}): name it in the first line",
                    column.name
                );
                return Err(fault(words));
            }
        }
        let places = places.into_iter().map(|at| at.map(|at| (at, names[at].clone()))).collect();
        let path = path.to_owned();
        Ok(Self { path, bytes, reader, gist, places, ignored, record: ByteRecord::new() })
    }

    /// The columns of the file that say nothing to an import.
    pub(super) fn ignored(&self) -> Vec<String> {
        self.ignored.clone()
    }

    /// How large the file is.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How much of it was read.
    pub(super) fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Whether the file has this column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// The next row, or what is wrong with it; `None` after the last.
    pub(super) fn next_row(&mut self) -> Result<Option<Result<Row<'_>, RowError>>, Fault> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) => return self.odd(&error).map(|error| Some(Err(error))),
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        if let Some(at) = (0..self.record.len()).find(|at| std::str::from_utf8(&self.record[*at]).is_err()) {
            let column =
                self.places.iter().flatten().find(|(place, _)| *place == at).map(|(_, name)| name.clone());
            let value = String::from_utf8_lossy(&self.record[at]).into_owned();
            let message = "it is not UTF-8: save the file as CSV in UTF-8".to_owned();
            return Ok(Some(Err(RowError { line, column, value: Some(value), message })));
        }
        Ok(Some(Ok(Row { line, sheet: self })))
    }

    /// What an odd row means: one too short or too long is that row's affair, anything else the file's.
    fn odd(&self, error: &csv::Error) -> Result<RowError, Fault> {
        let ErrorKind::UnequalLengths { pos, expected_len, len } = error.kind() else {
            return Err(Fault(format!("{}: {error}", self.path.display())));
        };
        let line = pos.as_ref().map_or(0, csv::Position::line);
        let last = self.reader.is_done() || self.reader.position().byte() >= self.bytes;
        let message = if last && len < expected_len {
            format!("the last row ends after {len} of {expected_len} columns: the file was cut off")
        } else {
            format!("the row has {len} columns instead of {expected_len}: quote values that hold commas")
        };
        Ok(RowError { line, column: None, value: None, message })
    }

    /// The hash of the file, once all of it was read.
    pub(super) fn finish(self) -> Result<String, Fault> {
        let gist = self.gist.lock().unwrap_or_else(PoisonError::into_inner);
        if gist.inside {
            let line = self.record.position().map_or(0, csv::Position::line);
            let words = format!(
                "the file ends inside quotes; its last row begins in line {line}. It was cut off, or quote marks in it \
                 are not doubled"
            );
            return Err(Fault(format!("{}: {words}", self.path.display())));
        }
        let mut text = String::with_capacity(64);
        for byte in gist.hash.clone().finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// Its line in the file, counting from 1.
    pub(super) line: u64,
    sheet: &'a Sheet,
}

impl<'a> Row<'a> {
    /// What stands in a column of ours; nothing when that is empty.
    pub(super) fn get(&self, column: usize) -> Option<&'a str> {
        let (at, _) = self.sheet.places[column].as_ref()?;
        // Every field was found to be UTF-8 before the row was given out.
        std::str::from_utf8(self.sheet.record.get(*at)?).ok().filter(|text| !text.is_empty())
    }

    /// An error in a column.
    pub(super) fn wrong(&self, column: usize, message: impl Into<String>) -> RowError {
        let name = self.sheet.places[column].as_ref().map(|(_, name)| name.clone());
        RowError {
            line: self.line,
            column: name,
            value: self.get(column).map(str::to_owned),
            message: message.into(),
        }
    }

    /// An error that no column of the file is to blame for.
    pub(super) fn lacks(&self, name: &str, message: impl Into<String>) -> RowError {
        RowError { line: self.line, column: Some(name.to_owned()), value: None, message: message.into() }
    }
}
