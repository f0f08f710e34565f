//! What was found at pretend house clearances and charity shops: one of each.

use baddie::Money;
use baddie::catalog::Condition;
use baddie::money::Currency;
use baddie::purchasing::{Find, FoundItem, RecordHaul};

use Condition::{Acceptable, Good, LikeNew, VeryGood};

type Row = (&'static str, &'static str, Condition, &'static str, i64);

/// Title, brand or maker, condition, what a buyer should know, asking price in pence.
const ATTIC: &[Row] = &[
    (
        "Anglepoise 1227 desk lamp, black",
        "Herbert Terry",
        Good,
        "rewired in 2019; two chips to the shade",
        14_500,
    ),
    ("Roberts R200 transistor radio, red", "Roberts", VeryGood, "works on all bands; strap replaced", 4_800),
    ("Stoneware coffee pot, Arabia Ruska", "Arabia", VeryGood, "no chips; lid sits tight", 3_900),
    ("Ercol stick-back chair, elm and beech", "Ercol", Good, "old ring mark on the seat", 8_900),
    ("Olympus Trip 35 camera with case", "Olympus", Good, "shutter and meter tested", 6_500),
    ("Hornsea Saffron storage jars, set of three", "Hornsea", LikeNew, "seals still supple", 4_200),
    ("Brass carriage clock, eight day", "Mappin & Webb", Acceptable, "runs; loses five minutes a day", 9_500),
    ("Welsh tapestry blanket, double weave", "", VeryGood, "one small darn at the hem", 12_000),
    ("Meccano No. 4 set, boxed", "Meccano", Acceptable, "box worn; nine parts missing", 3_600),
    ("Imperial Good Companion typewriter", "Imperial", Good, "all keys type; new ribbon", 11_000),
    ("Whitefriars bark vase, kingfisher blue", "Whitefriars", LikeNew, "no marks", 7_800),
    ("Harris tweed jacket, 42 regular", "Harris Tweed", VeryGood, "lining sound; one button replaced", 5_500),
];

const CLEARANCE: &[Row] = &[
    ("Le Creuset casserole, volcanic, 24 cm", "Le Creuset", Good, "enamel stained inside", 5_200),
    ("First edition: Watership Down, no jacket", "", Acceptable, "spine faded; name on the endpaper", 3_400),
    ("Poole Delphis charger, orange", "Poole", VeryGood, "light scratches under lamp light", 8_200),
    ("Singer 99K sewing machine in case", "Singer", Good, "serviced; sews evenly", 7_500),
    ("Art deco mirror, peach glass", "", Good, "foxing at one corner", 6_800),
    ("Denby Arabesque teapot", "Denby", VeryGood, "no chips or hairlines", 2_900),
    ("Hohner Echo harmonica in C, boxed", "Hohner", Good, "all reeds sound", 1_800),
    ("Parker 51 fountain pen, burgundy", "Parker", VeryGood, "fills and writes", 6_200),
    ("Kilim rug, 90 by 150 cm", "", Good, "one fringe short", 9_800),
    ("Mid-century teak nest of tables", "G Plan", Good, "top refinished", 13_500),
    ("Silver plated toast rack, 1930s", "Walker & Hall", Acceptable, "plate worn at the feet", 1_600),
    ("Vinyl: Rumours, first UK pressing", "Warner", VeryGood, "two light marks; plays through", 3_200),
];

const CHARITY: &[Row] = &[
    ("Barbour Bedale wax jacket, 40", "Barbour", Good, "rewaxed; small repair at the cuff", 7_200),
    ("Levi's 501, W32 L32, 1990s", "Levi's", VeryGood, "made in UK; even fade", 4_500),
    ("Burberry trench coat, size 12", "Burberry", Good, "belt replaced", 14_000),
    ("Doc Martens 1460, UK 8, cherry", "Dr. Martens", Good, "soles half worn", 4_000),
    ("Mulberry Bayswater bag, oak", "Mulberry", Good, "corners rubbed; lock works", 18_500),
    ("Fair Isle jumper, hand knitted, M", "", LikeNew, "no pulls", 3_800),
    ("Liberty silk scarf, peacock print", "Liberty", VeryGood, "no marks; hem intact", 3_300),
    ("Clarks desert boots, UK 9, sand", "Clarks", VeryGood, "worn twice", 3_600),
    ("Laura Ashley dress, 1980s, size 10", "Laura Ashley", VeryGood, "zip works", 4_800),
    ("Pringle cashmere cardigan, L, navy", "Pringle", Good, "one moth hole mended", 3_900),
    ("Omega Geneve watch, manual, 1971", "Omega", Good, "keeps time; glass polished", 39_500),
    ("Hermes tie, navy with stirrups", "Hermes", LikeNew, "no creases", 5_500),
];

/// The hauls: where, how many days ago, what was paid in pence, and what was found.
pub(super) fn hauls() -> Vec<(i64, RecordHaul)> {
    let hauls = [
        ("Car boot sale at the race course (pretend)", 96, 19_350, "ATT", ATTIC),
        ("House clearance, Mill Lane (pretend)", 41, 16_200, "CLR", CLEARANCE),
        ("Charity shops, round of six (pretend)", 12, 31_775, "CHA", CHARITY),
    ];
    hauls
        .into_iter()
        .map(|(source, days_ago, paid, mark, rows)| (days_ago, haul(source, paid, mark, rows)))
        .collect()
}

fn haul(source: &str, paid: i64, mark: &str, rows: &[Row]) -> RecordHaul {
    let find = |(number, (title, brand, condition, notes, price)): (usize, &Row)| Find {
        weight: *price,
        item: FoundItem {
            title: (*title).to_owned(),
            sku: format!("{mark}-{:02}", number + 1),
            condition: *condition,
            condition_notes: (*notes).to_owned(),
            brand: (!brand.is_empty()).then(|| (*brand).to_owned()),
            category: None,
            description: format!("{title}. Condition: {notes}."),
            attributes: std::collections::BTreeMap::new(),
            price: Some(Money::new(*price, Currency::GBP)),
            bin: None,
        },
    };
    RecordHaul {
        source: source.to_owned(),
        supplier_id: None,
        date: None,
        total_paid: Money::new(paid, Currency::GBP),
        tax: None,
        mileage_m: None,
        receipt_media: None,
        finds: rows.iter().enumerate().map(find).collect(),
    }
}
