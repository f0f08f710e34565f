//! How often the right category of the open taxonomy is found for a title, and what is taken for what:
//! `cargo run --release -p baddie-ai --example categories`.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measuring stick, not a part of the house: it stops at what it cannot read"
)]

use std::collections::BTreeMap;

use baddie_ai::listing::{Category, Taxonomy};

/// Titles with the ids that are right for them: read one by one before any model saw them.
const LABELLED: &str = include_str!("../tests/fixtures/or_titles_labelled.csv");

fn main() {
    let taxonomy = Taxonomy::open();
    let path_of: BTreeMap<&str, &str> =
        taxonomy.categories().iter().map(|one| (one.id.as_str(), one.path.as_str())).collect();

    let mut first = 0;
    let mut among = [0, 0];
    let mut near = 0;
    let mut confused: BTreeMap<(String, String), usize> = BTreeMap::new();
    let rows: Vec<_> = LABELLED.lines().skip(1).map(labels).collect();
    for (title, right) in &rows {
        let said: Vec<&Category> = taxonomy.suggest(title, 10).into_iter().map(|(one, _)| one).collect();
        let hit = said.iter().position(|one| right.contains(&one.id.as_str()));
        first += usize::from(hit == Some(0));
        among[0] += usize::from(hit.is_some_and(|at| at < 5));
        among[1] += usize::from(hit.is_some());
        let top = |path: &str| path.split(" > ").take(2).collect::<Vec<_>>().join(" > ");
        let wanted = top(path_of[right[0]]);
        let given = said.first().map_or_else(|| "nothing".to_owned(), |one| top(&one.path));
        if wanted == given {
            near += 1;
        } else {
            *confused.entry((wanted, given)).or_default() += 1;
        }
    }
    let share = |count: usize| count as f64 / rows.len() as f64;
    println!("{} titles, {} categories", rows.len(), taxonomy.categories().len());
    println!("hit@1 {:.3}  hit@5 {:.3}  hit@10 {:.3}", share(first), share(among[0]), share(among[1]));
    println!("the first two levels right: {:.3}; most often confused:", share(near));
    let mut confused: Vec<_> = confused.into_iter().collect();
    confused.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), pair.clone()));
    for ((wanted, given), count) in confused.iter().take(12) {
        println!("{count:4}  {wanted}  taken for  {given}");
    }
}

/// A title and the ids that are right for it.
fn labels(line: &str) -> (String, Vec<&str>) {
    let (title, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\",").unwrap(),
        None => line.split_once(',').unwrap(),
    };
    let ids = rest.split(',').take(2).filter(|id| !id.is_empty());
    (title.replace("\"\"", "\""), ids.collect())
}
