use std::collections::BTreeMap;
use std::sync::OnceLock;

use baddie_core::catalog::Condition;
use baddie_core::clock::Date;
use baddie_core::error::{Error, Result};
use serde::Deserialize;

/// What a channel accepts in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChannelRules {
    /// Its name: `ebay`.
    pub channel: String,
    /// The longest title, in characters.
    pub title: usize,
    /// The longest description, in characters.
    pub description: usize,
    /// The most tags.
    pub tags: usize,
    /// The longest tag, in characters.
    pub tag: usize,
    /// Phrases it refuses, in small letters.
    pub forbidden: Vec<String>,
    /// What it calls a condition; where it names some, it does not take things of another.
    pub conditions: BTreeMap<Condition, String>,
    /// Where its service writes this down.
    pub source: String,
    /// When these figures were last compared with that; `None` when they never were.
    #[serde(default)]
    pub compared: Option<Date>,
}

impl ChannelRules {
    /// Whether it takes things of a condition.
    pub fn takes(&self, condition: Condition) -> bool {
        self.conditions.is_empty() || self.conditions.contains_key(&condition)
    }
}

#[derive(Deserialize)]
struct File {
    channels: Vec<ChannelRules>,
}

/// The rules of all known channels, from the data file `data/channels.json`.
pub fn channels() -> &'static [ChannelRules] {
    static RULES: OnceLock<Vec<ChannelRules>> = OnceLock::new();
    RULES.get_or_init(|| {
        let file: File = serde_json::from_str(include_str!("../../data/channels.json"))
            .expect("the data file is read by a test of its own");
        file.channels
    })
}

/// The rules of one channel.
pub fn rules_of(channel: &str) -> Result<&'static ChannelRules> {
    channels().iter().find(|rules| rules.channel == channel).ok_or_else(|| {
        let known: Vec<&str> = channels().iter().map(|rules| rules.channel.as_str()).collect();
        Error::invalid("channel", format!("{channel:?}"), &format!("choose one of {}", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_has_its_rules_and_their_source() {
        assert!(channels().len() >= 6);
        for rules in channels() {
            assert!(rules.title >= 50 && !rules.source.is_empty());
            assert!(rules.forbidden.iter().all(|phrase| *phrase == phrase.to_lowercase()));
        }
        assert_eq!(rules_of("etsy").unwrap().tags, 13);
        assert!(rules_of("ebay").unwrap().compared.is_some());
        let amazon = rules_of("amazon").unwrap();
        assert!(amazon.takes(Condition::Good) && !amazon.takes(Condition::ForParts));
        assert!(rules_of("manual").unwrap().takes(Condition::ForParts));
        assert!(rules_of("nowhere").unwrap_err().message().contains("ebay"));
    }
}
