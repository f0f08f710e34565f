use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;

use baddie_core::error::{Error, Result};
use serde::Deserialize;

/// A tree of categories, found by the words of a title.
///
/// Every category is a small text made of its own name and, with less weight, the names above it; a title finds the
/// nearest by the rarity of the words they share (BM25; Robertson & Zaragoza, 2009).
#[derive(Debug, Clone)]
pub struct Taxonomy {
    categories: Vec<Category>,
    /// For each word, the categories it stands in and its weight there.
    words: HashMap<String, Vec<(u32, f32)>>,
    /// Attributes by handle.
    attributes: BTreeMap<String, Attribute>,
}

/// Something that can be said of things in a category.
#[derive(Debug, Clone, Deserialize)]
struct Attribute {
    name: String,
    values: Vec<String>,
}

const CATEGORIES: &[u8] = include_bytes!("../../data/taxonomy/categories.csv.gz");
const ATTRIBUTES: &[u8] = include_bytes!("../../data/taxonomy/attributes.json.gz");

/// What a packed file of our own holds; a test reads both.
fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("a test reads this file");
    text
}

/// A category of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id: `aa-1-10-2`.
    pub id: String,
    /// Its path: `Apparel & Accessories > Clothing`.
    pub path: String,
    /// Handles of the attributes that describe things in it.
    pub attributes: Vec<String>,
}

/// What a name above counts, against the category's own.
const ABOVE: f32 = 0.25;
/// How fast repeated words count less, and long names.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.6;

/// The words of a text without their plurals.
fn stems(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1)
        .map(|word| {
            let word = word.to_lowercase();
            let n = word.len();
            if n > 4 && word.ends_with("ies") {
                format!("{}y", &word[..n - 3])
            } else if n > 4 && ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end)) {
                word[..n - 2].to_owned()
            } else if n > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
                word[..n - 1].to_owned()
            } else {
                word
            }
        })
        .collect()
}

impl Taxonomy {
    /// Shopify's open taxonomy, release 0.17.0, as it lies in `data/taxonomy` with its notice. Takes a moment: keep it.
    pub fn open() -> Self {
        let mut open = Self::parse(&unpacked(CATEGORIES)).expect("a test reads this file");
        open.attributes = serde_json::from_str(&unpacked(ATTRIBUTES)).expect("a test reads this file");
        open
    }

    /// The names of attributes by their handles, with the values they may have, as [`extract`] wants them. Handles that
    /// are not known are left out.
    pub fn values(&self, handles: &[&str]) -> Vec<(String, Vec<String>)> {
        let known = handles.iter().filter_map(|handle| self.attribute(handle));
        known.map(|attribute| (attribute.name.clone(), attribute.values.clone())).collect()
    }

    /// An attribute by its handle. A `blanket-color` that is not listed is a `color`.
    fn attribute(&self, handle: &str) -> Option<&Attribute> {
        let shorter = std::iter::successors(Some(handle), |rest| rest.split_once('-').map(|(_, rest)| rest));
        shorter.into_iter().find_map(|handle| self.attributes.get(handle))
    }

    /// Reads rows of `id,path,attributes`, the first of which is a heading; a path may stand in quotes.
    pub fn parse(text: &str) -> Result<Self> {
        let mut categories = Vec::new();
        for (row, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()) {
            let unreadable = || {
                let remedy = "write it as id,path,attributes";
                Error::invalid(format!("taxonomy.rows[{row}]"), format!("{line:?}"), remedy)
            };
            let (id, rest) = line.split_once(',').ok_or_else(unreadable)?;
            let (path, attributes) = rest.rsplit_once(',').ok_or_else(unreadable)?;
            categories.push(Category {
                id: id.to_owned(),
                path: path.trim_matches('"').to_owned(),
                attributes: attributes
                    .split_whitespace()
                    .map(|handle| handle.replace(['_', '/'], "-"))
                    .collect(),
            });
        }
        let mut counts: Vec<HashMap<String, f32>> = Vec::with_capacity(categories.len());
        let mut spread: HashMap<String, f32> = HashMap::new();
        for category in &categories {
            let mut own: HashMap<String, f32> = HashMap::new();
            let names: Vec<&str> = category.path.split(" > ").collect();
            for (depth, name) in names.iter().enumerate() {
                let weight = if depth + 1 == names.len() { 1.0 } else { ABOVE };
                for word in stems(name) {
                    let most = own.entry(word).or_default();
                    *most = f32::max(*most, weight);
                }
            }
            for word in own.keys() {
                *spread.entry(word.clone()).or_default() += 1.0;
            }
            counts.push(own);
        }
        let n = categories.len() as f32;
        let usual = counts.iter().map(|own| own.values().sum::<f32>()).sum::<f32>() / n.max(1.0);
        let mut words: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (place, own) in counts.into_iter().enumerate() {
            let length: f32 = own.values().sum();
            for (word, count) in own {
                let rarity = (1.0 + (n - spread[&word] + 0.5) / (spread[&word] + 0.5)).ln();
                let slack = SATURATION * (1.0 - LENGTH + LENGTH * length / usual);
                let weight = rarity * count * (SATURATION + 1.0) / (count + slack);
                words.entry(word).or_default().push((place as u32, weight));
            }
        }
        Ok(Self { categories, words, attributes: BTreeMap::new() })
    }

    /// All categories.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The categories nearest to a title, best first, with their scores; none when no word is known.
    pub fn suggest(&self, title: &str, most: usize) -> Vec<(&Category, f32)> {
        let mut scores: HashMap<u32, f32> = HashMap::new();
        let stems = stems(title);
        for (k, word) in stems.iter().enumerate() {
            // English names end with what the thing is: later words count more.
            let place = 0.7 + 0.6 * (k + 1) as f32 / stems.len() as f32;
            for &(category, weight) in self.words.get(word).into_iter().flatten() {
                *scores.entry(category).or_default() += place * weight;
            }
        }
        let mut ranked: Vec<(u32, f32)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| {
            let depth = |k: u32| self.categories[k as usize].path.matches('>').count();
            b.1.total_cmp(&a.1).then(depth(a.0).cmp(&depth(b.0))).then(a.0.cmp(&b.0))
        });
        ranked.truncate(most);
        ranked.into_iter().map(|(k, score)| (&self.categories[k as usize], score)).collect()
    }
}

/// Reads attributes out of a title and notes: a value is taken only where its words stand there, whole.
///
/// `known` lists attributes with the values they may have; the longest value that stands in the text wins.
pub fn extract(text: &str, known: &[(String, Vec<String>)]) -> Vec<(String, String)> {
    let lower = format!(" {} ", words_of(text));
    known
        .iter()
        .filter_map(|(name, values)| {
            let found = values.iter().filter(|value| {
                let value = words_of(value);
                !value.is_empty() && lower.contains(&format!(" {value} "))
            });
            found
                .max_by_key(|value| (value.len(), std::cmp::Reverse(value.as_str())))
                .map(|v| (name.clone(), v.clone()))
        })
        .collect()
}

fn words_of(text: &str) -> String {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROWS: &str = "id,path,attributes\n\
        aa,Apparel & Accessories,color\n\
        aa-1-10,Apparel & Accessories > Clothing > Outerwear > Coats & Jackets,color size\n\
        aa-5,Apparel & Accessories > Handbags,color\n\
        hg-1,\"Home & Garden > Decor > Clocks, Wall\",color\n\
        pa-1,Party & Celebration > Paper Parasols,color pattern\n";

    #[test]
    fn titles_find_their_place() {
        let taxonomy = Taxonomy::parse(ROWS).unwrap();
        assert_eq!(taxonomy.categories().len(), 5);
        assert_eq!(taxonomy.suggest("Barbour wax jacket", 1)[0].0.id, "aa-1-10");
        assert_eq!(taxonomy.suggest("PINK PAPER PARASOL", 3)[0].0.id, "pa-1");
        assert_eq!(taxonomy.suggest("red wall clock", 1)[0].0.id, "hg-1");
        assert!(taxonomy.suggest("zzz", 3).is_empty());
        assert!(Taxonomy::parse("id\nbroken").is_err());
    }

    #[test]
    fn the_open_taxonomy_is_read_whole() {
        let open = Taxonomy::open();
        assert_eq!(open.categories().len(), 10_282);
        let known = open.values(&["color", "unheard-of"]);
        assert_eq!(known.len(), 1);
        assert!(known[0].1.iter().any(|value| value == "Green"), "{known:?}");
        let handles: usize = open.categories().iter().map(|one| one.attributes.len()).sum();
        let missing: Vec<_> = open
            .categories()
            .iter()
            .flat_map(|one| &one.attributes)
            .filter(|handle| open.attribute(handle).is_none())
            .collect();
        assert!(handles > 10_000 && missing.len() * 50 < handles, "{handles} {missing:?}");
    }

    proptest! {
        #[test]
        fn no_attribute_is_made_up(text in "[a-z ]{0,60}",
                                   values in prop::collection::vec("[a-z]{1,4}( [a-z]{1,3})?", 1..8)) {
            let known = vec![("colour".to_owned(), values)];
            for (_, value) in extract(&text, &known) {
                for word in value.split(' ') {
                    prop_assert!(text.split(' ').any(|other| other == word));
                }
            }
        }
    }
}
