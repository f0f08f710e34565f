use baddie_core::catalog::Condition;
use baddie_core::listings::{Claim, Facts, Text};

use super::channel::ChannelRules;

/// Attributes in the order in which buyers look for them; others follow by name.
const FIRST: [&str; 8] = ["model", "size", "colour", "color", "material", "type", "era", "style"];

/// The condition in words that every channel's buyers understand.
pub fn condition_words(condition: Condition) -> &'static str {
    match condition {
        Condition::New => "New",
        Condition::LikeNew => "Unused, opened",
        Condition::VeryGood => "Used, very good",
        Condition::Good => "Used, good",
        Condition::Acceptable => "Used, with visible wear",
        Condition::ForParts => "For parts or repair",
    }
}

/// At most so many characters, cut after the last whole word; nothing when not one word fits.
fn fit(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    match cut.rfind(' ') {
        Some(at) if at > 0 => cut[..at].trim_end().to_owned(),
        _ => String::new(),
    }
}

fn clean(text: &str, rules: &ChannelRules) -> String {
    let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for phrase in &rules.forbidden {
        while let Some((from, to)) = find(&out, phrase) {
            // Whole words go, so that no half of one is left.
            let from = out[..from].rfind(' ').map_or(0, |at| at + 1);
            let to = out[to..].find(' ').map_or(out.len(), |at| to + at);
            out.replace_range(from..to, "");
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a phrase in small letters stands in a text, whatever the text's letters; as byte positions.
pub(super) fn find(text: &str, phrase: &str) -> Option<(usize, usize)> {
    if phrase.is_empty() {
        return None;
    }
    text.char_indices().find_map(|(begin, _)| {
        let mut rest = phrase.chars();
        let mut wanted = rest.next();
        for (at, c) in text[begin..].char_indices() {
            for lower in c.to_lowercase() {
                if wanted != Some(lower) {
                    return None;
                }
                wanted = rest.next();
            }
            if wanted.is_none() {
                return Some((begin, begin + at + c.len_utf8()));
            }
        }
        None
    })
}

fn ordered(facts: &Facts) -> Vec<(&String, &String)> {
    let rank =
        |name: &str| FIRST.iter().position(|first| *first == name.to_lowercase()).unwrap_or(FIRST.len());
    let mut all: Vec<_> = facts.attributes.iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    all.sort_by_key(|(name, _)| (rank(name), name.to_lowercase()));
    all
}

/// Writes title, description and tags for a channel from the facts alone, within its limits.
pub fn write(facts: &Facts, rules: &ChannelRules) -> Text {
    let mut claims = Vec::new();
    let claim = |claim: &str, fact: &str| Claim { claim: claim.to_owned(), fact: fact.to_owned() };
    let mut title = String::new();
    let mut add = |word: &str, fact: String, claims: &mut Vec<Claim>| {
        let word = clean(word, rules);
        if word.is_empty() || find(&title, &word.to_lowercase()).is_some() {
            return;
        }
        let longer = if title.is_empty() { word.clone() } else { format!("{title} {word}") };
        if longer.chars().count() <= rules.title {
            title = longer;
            claims.push(Claim { claim: word, fact });
        }
    };
    if let Some(brand) = &facts.brand {
        add(brand, "brand".to_owned(), &mut claims);
    }
    add(&fit(&facts.name, rules.title), "name".to_owned(), &mut claims);
    for (name, value) in ordered(facts) {
        let sized = if name.eq_ignore_ascii_case("size") { format!("Size {value}") } else { value.clone() };
        add(&sized, format!("attributes.{name}"), &mut claims);
    }
    // Parts that are clean by themselves can meet to something that is not.
    let mut title = clean(&title, rules);
    if title.is_empty() {
        "Item".clone_into(&mut title);
    }
    let mut lines = Vec::new();
    let what = match &facts.brand {
        Some(brand) => format!("{brand} {}", facts.name),
        None => facts.name.clone(),
    };
    lines.push(what);
    if let Some(condition) = facts.condition {
        let words = condition_words(condition);
        claims.push(claim(words, "condition"));
        lines.push(format!("Condition: {words}"));
    }
    if !facts.condition_notes.trim().is_empty() {
        claims.push(claim(&facts.condition_notes, "condition_notes"));
        lines.push(facts.condition_notes.clone());
    }
    for (name, value) in ordered(facts) {
        claims.push(claim(value, &format!("attributes.{name}")));
        lines.push(format!("{name}: {value}"));
    }
    let mut description = String::new();
    for line in lines.iter().map(|line| clean(line, rules)).filter(|line| !line.is_empty()) {
        let longer = if description.is_empty() { line } else { format!("{description}\n{line}") };
        if longer.chars().count() > rules.description {
            break;
        }
        description = longer;
    }
    let mut tags: Vec<String> = Vec::new();
    let values = facts.brand.iter().chain(std::iter::once(&facts.name));
    for value in values.chain(ordered(facts).into_iter().map(|(_, value)| value)) {
        let tag = clean(value, rules).to_lowercase();
        let fits = !tag.is_empty() && tag.chars().count() <= rules.tag;
        if tags.len() < rules.tags && fits && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Text { title, description, tags, claims }
}

/// The facts that a text claims in their own words, whoever wrote it: each with where it is known from.
pub fn claims(text: &Text, facts: &Facts) -> Vec<Claim> {
    let condition = facts.condition.map(|condition| condition_words(condition).to_owned());
    let known = [
        (facts.brand.clone(), "brand".to_owned()),
        (Some(facts.name.clone()), "name".to_owned()),
        (condition, "condition".to_owned()),
        (Some(facts.condition_notes.clone()), "condition_notes".to_owned()),
    ];
    let attributes =
        ordered(facts).into_iter().map(|(name, value)| (Some(value.clone()), format!("attributes.{name}")));
    let said = format!("{}\n{}\n{}", text.title, text.description, text.tags.join("\n"));
    let said_of = |(value, fact): (Option<String>, String)| {
        let claim = value?.trim().to_owned();
        find(&said, &claim.to_lowercase()).map(|_| Claim { claim, fact })
    };
    known.into_iter().chain(attributes).filter_map(said_of).collect()
}
