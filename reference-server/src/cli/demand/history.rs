//! Histories and covariates, from CSV to what the models take.

use std::collections::HashMap;
use std::path::Path;

use baddie::ai::forecast::{Covariates, Frequency, Series};
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

/// The sums and counts of what falls on each step of one covariate.
type Steps = Vec<(f64, u32)>;

/// Reads `id,date,<numbers…>` over the history and `horizon` steps more. Rows without an id are about every series;
/// of several numbers on one step the mean counts.
pub(super) fn covariates(
    path: &Path,
    series: &[Series],
    frequency: Frequency,
    horizon: usize,
) -> Result<Covariates, Failure> {
    let mut table = Table::open(path, &["id", "date"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (id, date) = (place("id"), place("date"));
    let columns = table.others(&["id", "date"]);
    if columns.is_empty() {
        return Err(Failure::because(format!("{}: there is no column besides id and date", path.display())));
    }
    let places: HashMap<&str, usize> =
        series.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let all: Vec<usize> = (0..series.len()).collect();
    let mut found: Vec<Vec<Steps>> =
        series.iter().map(|one| vec![vec![(0.0, 0); one.y.len() + horizon]; columns.len()]).collect();
    while let Some(row) = table.next_row()? {
        let day = row.date(date)?;
        let about = match row.text(id) {
            "" => &all[..],
            // What is known of things without a history helps nobody.
            name => places.get(name).map_or(&[][..], std::slice::from_ref),
        };
        for (column, (place, name)) in columns.iter().enumerate() {
            let Some(number) = row.number_if_any(*place)? else { continue };
            if name == "price" && number <= 0.0 {
                return Err(
                    row.wrong(*place, "is no price: give one above zero, or nothing where none is known")
                );
            }
            for &at in about {
                let Some(step) = step_of(&series[at], frequency, day) else { continue };
                if let Some(seen) = found[at][column].get_mut(step) {
                    *seen = (seen.0 + number, seen.1 + 1);
                }
            }
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "covariates are known to seven digits at best")]
    let mean =
        |&(sum, count): &(f64, u32)| if count == 0 { f32::NAN } else { (sum / f64::from(count)) as f32 };
    let values = found
        .iter()
        .map(|columns| columns.iter().map(|steps| steps.iter().map(mean).collect()).collect())
        .collect();
    Ok(Covariates { names: columns.into_iter().map(|(_, name)| name).collect(), values })
}

/// On which step of a series a day falls; none before its first.
fn step_of(series: &Series, frequency: Frequency, day: Date) -> Option<usize> {
    let start = series.start?;
    let step = match frequency {
        // The weeks of a series begin on the weekday of its first row.
        Frequency::Weekly => (day.as_days() - start.as_days()).div_euclid(7),
        _ => frequency.index(day) - frequency.index(start),
    };
    usize::try_from(step).ok()
}
