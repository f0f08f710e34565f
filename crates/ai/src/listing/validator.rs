use baddie_core::listings::{Facts, Text, TextFault};

use super::channel::ChannelRules;
use super::writer::{condition_words, find};

/// Words that say nothing about a thing and need no fact behind them: those that only join others (articles, pronouns,
/// prepositions, conjunctions, auxiliary verbs), and the names of what is told about every thing. Words that deny or
/// measure are not among them: with them a flaw could be talked away.
const PLAIN: &str = "\
    a about above across after against along also although am among an and are around as at be because been \
    before behind being below beneath beside besides between beyond both brand but by came can color colour come \
    comes condition could did do does doing during each either else etc even for from further get gets give \
    given gives go goes had has have having he her here hers herself him himself his how however i if in inside \
    instead into is it item its itself just let like made make makes material may me might mine model must my \
    myself near next now of off on onto or other others our ours ourselves out outside over per please see shall \
    she should show shown shows since size so sold some style take taken than that the their theirs them \
    themselves then there therefore these they thing things this those though through throughout thus to \
    together too toward towards type under unless until up upon us use via was we well were what whatever when \
    where whether which while who whom whose why will with within would you your yours yourself";

/// The words of a text in small letters. Letters are made small first: some of them become a letter with a mark.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Checks a text against its channel's limits and its facts. The same checks guard what a hosted model writes and what
/// the offline writer does: every word that could be a claim stands in a fact.
pub fn validate(text: &Text, facts: &Facts, rules: &ChannelRules) -> Vec<TextFault> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, what: String| faults.push(TextFault { field: field.to_owned(), what });
    let long = |text: &str, most: usize| {
        let have = text.chars().count();
        (have > most).then(|| format!("{have} characters; {} takes {most}", rules.channel))
    };
    if text.title.trim().is_empty() {
        fault("title", "empty; say what it is".to_owned());
    }
    if let Some(what) = long(&text.title, rules.title) {
        fault("title", what);
    }
    if let Some(what) = long(&text.description, rules.description) {
        fault("description", what);
    }
    if text.tags.len() > rules.tags {
        fault("tags", format!("{} of them; {} takes {}", text.tags.len(), rules.channel, rules.tags));
    }
    for (k, tag) in text.tags.iter().enumerate() {
        if tag.is_empty() {
            fault("tags", "an empty one; leave it out".to_owned());
        }
        if let Some(what) = long(tag, rules.tag) {
            fault("tags", format!("{tag:?} has {what}"));
        }
        if text.tags[..k].iter().any(|other| other.eq_ignore_ascii_case(tag)) {
            fault("tags", format!("{tag:?} twice; say it once"));
        }
    }
    for (field, part) in [("title", &text.title), ("description", &text.description)] {
        for phrase in rules.forbidden.iter().filter(|phrase| find(part, phrase).is_some()) {
            fault(field, format!("{phrase:?} is refused by {}; leave it out", rules.channel));
        }
    }
    if let Some(condition) = facts.condition.filter(|&condition| !rules.takes(condition)) {
        let taken: Vec<String> = rules.conditions.keys().map(ToString::to_string).collect();
        fault("condition", format!("{condition}; {} takes {}", rules.channel, taken.join(", ")));
    }
    let mut known: Vec<String> = PLAIN.split_whitespace().map(str::to_owned).collect();
    known.extend(words(&facts.name));
    known.extend(facts.brand.iter().flat_map(|brand| words(brand)));
    known.extend(words(&facts.condition_notes));
    for (name, value) in &facts.attributes {
        known.extend(words(name));
        known.extend(words(value));
    }
    if let Some(condition) = facts.condition {
        known.extend(words(condition_words(condition)));
    }
    known.sort_unstable();
    let tags = text.tags.join(" ");
    for (field, part) in [("title", &text.title), ("description", &text.description), ("tags", &tags)] {
        let mut unknown: Vec<String> =
            words(part).into_iter().filter(|word| known.binary_search(word).is_err()).collect();
        unknown.dedup();
        for word in unknown {
            fault(field, format!("{word:?} stands in no fact; add the fact or leave it out"));
        }
    }
    faults
}

/// How well a text serves a buyer, from 0 to 100, and what would make it better.
pub fn quality(text: &Text, facts: &Facts, rules: &ChannelRules) -> (u32, Vec<String>) {
    let mut score = 100_u32;
    let mut reasons = Vec::new();
    let mut less = |points: u32, why: &str| {
        score = score.saturating_sub(points);
        reasons.push(why.to_owned());
    };
    if text.title.chars().count() < rules.title.min(80) / 3 {
        less(15, "the title is short: add what buyers search for, such as model, size or colour");
    }
    if facts.brand.is_none() {
        less(15, "no brand is known: buyers filter by it");
    }
    if facts.condition.is_none() {
        less(20, "no condition is known: buyers ask for it first");
    }
    if facts.attributes.len() < 3 {
        less(20, "fewer than three attributes are known");
    }
    if text.description.chars().count() < 60 {
        less(15, "the description is short");
    }
    if rules.tags > 0 && text.tags.len() < rules.tags.min(4) {
        less(10, "few tags: each is another way to be found");
    }
    if !validate(text, facts, rules).is_empty() {
        less(50, "the text breaks rules or claims what no fact says");
    }
    (score, reasons)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use baddie_core::catalog::Condition;
    use proptest::prelude::*;

    use super::super::channel::{channels, rules_of};
    use super::super::writer::write;
    use super::*;

    fn jacket() -> Facts {
        Facts {
            name: "Bedale wax jacket".to_owned(),
            brand: Some("Barbour".to_owned()),
            condition: Some(Condition::Good),
            condition_notes: "Small mark on the left cuff.".to_owned(),
            attributes: BTreeMap::from([
                ("colour".to_owned(), "green".to_owned()),
                ("size".to_owned(), "C40".to_owned()),
                ("material".to_owned(), "waxed cotton".to_owned()),
            ]),
        }
    }

    #[test]
    fn a_jacket_is_described_by_its_facts() {
        let text = write(&jacket(), rules_of("ebay").unwrap());
        assert_eq!(text.title, "Barbour Bedale wax jacket Size C40 green waxed cotton");
        assert!(text.description.contains("Small mark on the left cuff."));
        assert!(validate(&text, &jacket(), rules_of("ebay").unwrap()).is_empty());
        assert_eq!(quality(&text, &jacket(), rules_of("ebay").unwrap()).0, 100);
        assert!(text.claims.iter().any(|one| one.claim == "green" && one.fact == "attributes.colour"));
    }

    #[test]
    fn what_no_fact_says_is_found() {
        let rules = rules_of("amazon").unwrap();
        let mut text = write(&jacket(), rules);
        text.description.push_str(" Vintage, free shipping!");
        let faults = validate(&text, &jacket(), rules);
        assert!(faults.iter().any(|f| f.what.contains("vintage")));
        assert!(faults.iter().any(|f| f.what.contains("free shipping")));
    }

    #[test]
    fn a_flaw_is_not_talked_away() {
        let rules = rules_of("ebay").unwrap();
        for wrong in ["This is new.", "Unused.", "No mark on the cuff.", "Without wear.", "Never used."] {
            let mut text = write(&jacket(), rules);
            text.description.push(' ');
            text.description.push_str(wrong);
            assert!(!validate(&text, &jacket(), rules).is_empty(), "{wrong}");
        }
        let mut text = write(&jacket(), rules);
        text.description = "This Barbour is green, and there is a small mark on its left cuff.".to_owned();
        assert!(validate(&text, &jacket(), rules).is_empty());
    }

    #[test]
    fn a_condition_that_a_channel_does_not_take_is_found() {
        let broken = Facts { condition: Some(Condition::ForParts), ..jacket() };
        let fault = |channel: &str| {
            let rules = rules_of(channel).unwrap();
            validate(&write(&broken, rules), &broken, rules).into_iter().find(|one| one.field == "condition")
        };
        assert_eq!(fault("ebay"), None);
        assert_eq!(
            fault("amazon").unwrap().what,
            "for_parts; amazon takes new, like_new, very_good, good, acceptable"
        );
    }

    proptest! {
        #[test]
        fn every_text_is_valid_on_every_channel(
            name in "[A-Za-z !]{0,120}", brand in prop::option::of("[A-Za-zÀ-ÿ ]{0,40}"), notes in "\\PC{0,80}",
            attributes in prop::collection::btree_map("[a-z]{1,12}", "\\PC{0,60}", 0..8),
        ) {
            let facts = Facts { name, brand, condition: Some(Condition::Good), condition_notes: notes, attributes };
            for rules in channels() {
                let text = write(&facts, rules);
                let faults = validate(&text, &facts, rules);
                prop_assert!(faults.is_empty(), "{text:?} {faults:?}");
            }
        }
    }
}
