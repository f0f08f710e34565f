//! Histories and covariates, from CSV to what the models take.

use std::collections::HashMap;
use std::path::Path;

use baddie::ai::forecast::{CovariateBuilder, Covariates, Frequency, Series};
use baddie::clock::Date;

use crate::cli::Failure;
use crate::cli::table::Table;

/// What was sold of one thing: its name, its group, its rows.
type Rows = (String, String, Vec<(Date, f64)>);

/// Reads `id,date,units[,group]`: one series for each id, in the order in which they first appear.
pub(super) fn series(path: &Path, frequency: Frequency) -> Result<Vec<Series>, Failure> {
    let mut table = Table::open(path, &["id", "date", "units"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, date, units) = (place("id"), place("date"), place("units"));
    let group = table.place("group");
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut histories: Vec<Rows> = Vec::new();
    while let Some(row) = table.next_row()? {
        let name = row.text(id);
        if name.is_empty() {
            return Err(row.wrong(id, "names nothing: give every row the id of its series"));
        }
        let sold = row.number(units)?;
        if sold < 0.0 {
            return Err(row.wrong(units, "is below zero: write what was sold, and leave out what came back"));
        }
        let at = if let Some(at) = places.get(name) {
            *at
        } else {
            places.insert(name.to_owned(), histories.len());
            let group = group.map_or("", |place| row.text(place)).to_owned();
            histories.push((name.to_owned(), group, Vec::new()));
            histories.len() - 1
        };
        histories[at].2.push((row.date(date)?, sold));
    }
    if histories.is_empty() {
        return Err(Failure::because(format!("{}: there are no rows to learn from", path.display())));
    }
    let told = |error| Failure::because(format!("{}: {error}", path.display()));
    let made = histories.iter().map(|(id, group, rows)| Series::from_dated(id, group, frequency, rows));
    made.collect::<Result<_, _>>().map_err(told)
}

/// Reads `id,date,<numbers…>` over the history and `reach` steps more. Rows without an id are about every series.
pub(super) fn covariates(
    path: &Path,
    series: &[Series],
    frequency: Frequency,
    reach: usize,
) -> Result<Covariates, Failure> {
    let mut table = Table::open(path, &["id", "date"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, date) = (place("id"), place("date"));
    let (columns, names): (Vec<_>, Vec<_>) = table.others(&["id", "date"]).into_iter().unzip();
    if columns.is_empty() {
        return Err(Failure::because(format!("{}: there is no column besides id and date", path.display())));
    }
    let mut known = CovariateBuilder::new(series, frequency, reach, names);
    while let Some(row) = table.next_row()? {
        let day = row.date(date)?;
        for (covariate, &column) in columns.iter().enumerate() {
            let Some(number) = row.number_if_any(column)? else { continue };
            let refused =
                |_| row.wrong(column, "is no price: give one above zero, or nothing where none is known");
            known.note(row.text(id), day, covariate, number).map_err(refused)?;
        }
    }
    Ok(known.build())
}
