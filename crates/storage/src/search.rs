//! The words of texts, as searches see them.

/// The marks that SQLite takes for accents, and so for no letters of their own.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{331}').contains(&c)
}

/// The words of a text: letters and digits, with the accents that stand beside their letters.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !is_accent(c)).filter(|word| !word.is_empty())
}

/// Letters that are written with an accent, by the letter beneath it. Those that only look so, like ø and ł, are
/// letters of their own.
#[cfg(feature = "memory")]
const ACCENTED: &[(char, &str)] = &[
    ('a', "àáâãäåāăąǎ"),
    ('c', "çćĉċč"),
    ('d', "ď"),
    ('e', "èéêëēĕėęě"),
    ('g', "ĝğġģ"),
    ('h', "ĥ"),
    ('i', "ìíîïĩīĭįǐ"),
    ('j', "ĵ"),
    ('k', "ķ"),
    ('l', "ĺļľ"),
    ('n', "ñńņň"),
    ('o', "òóôõöōŏőǒ"),
    ('r', "ŕŗř"),
    ('s', "śŝşšș"),
    ('t', "ţťț"),
    ('u', "ùúûüũūŭůűųǔ"),
    ('w', "ŵ"),
    ('y', "ýÿŷ"),
    ('z', "źżž"),
];

/// A word in small letters without accents.
#[cfg(feature = "memory")]
pub(crate) fn fold(word: &str) -> String {
    let plain =
        |c: char| ACCENTED.iter().find(|(_, forms)| forms.contains(c)).map_or(c, |(letter, _)| *letter);
    word.to_lowercase().chars().filter(|c| !is_accent(*c)).map(plain).collect()
}
