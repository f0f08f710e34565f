//! How to list a thing, as the engine asks it.

use std::sync::OnceLock;

use baddie_core::catalog::Attributes;
use baddie_core::error::Result;
use baddie_core::listings::{CategoryGuess, Facts, ListingDraft, ListingModel, Text, TextLimits};

use super::Advisor;
use crate::listing::{Taxonomy, claims, extract, quality, rules_of, validate, write};

/// How many categories are shown to choose from.
const SHOWN: usize = 5;
/// How many of them say which attributes may stand in the words.
const TRUSTED: usize = 3;
/// Attributes that most things have.
const COMMON: [&str; 3] = ["color", "material", "pattern"];

impl ListingModel for Advisor {
    fn name(&self) -> String {
        super::NAME.to_owned()
    }

    fn limits(&self, rules: &str) -> Result<TextLimits> {
        let rules = rules_of(rules).map_err(|error| error.on_field("rules"))?;
        Ok(TextLimits {
            channel: rules.channel.clone(),
            title: rules.title,
            description: rules.description,
            tags: rules.tags,
            tag: rules.tag,
            forbidden: rules.forbidden.clone(),
        })
    }

    fn draft(&self, facts: &Facts, rules: &str, text: Option<Text>) -> Result<ListingDraft> {
        let rules = rules_of(rules).map_err(|error| error.on_field("rules"))?;
        let taxonomy = taxonomy();
        let guesses = taxonomy.suggest(&facts.name, SHOWN);
        let handles = guesses.iter().take(TRUSTED).flat_map(|(category, _)| &category.attributes);
        let handles: Vec<&str> = COMMON.into_iter().chain(handles.map(String::as_str)).collect();
        let words = format!("{} {}", facts.name, facts.condition_notes);
        let mut found: Attributes = extract(&words, &taxonomy.values(&handles)).into_iter().collect();
        found.retain(|name, value| {
            let mut known = facts.attributes.iter();
            let said = known.any(|(own, said)| same(own, name) || said.eq_ignore_ascii_case(value));
            !said
        });
        let text = match text {
            Some(text) => Text { claims: claims(&text, facts), ..text },
            None => write(facts, rules),
        };
        let (score, advice) = quality(&text, facts, rules);
        Ok(ListingDraft {
            rules: rules.channel.clone(),
            condition: facts.condition.and_then(|own| rules.conditions.get(&own)).cloned(),
            quality: i64::from(score),
            advice,
            faults: validate(&text, facts, rules),
            text,
            categories: guesses
                .into_iter()
                .map(|(category, score)| CategoryGuess {
                    id: category.id.clone(),
                    path: category.path.clone(),
                    score: f64::from((score * 100.0).round()) / 100.0,
                })
                .collect(),
            found,
            model: super::NAME.to_owned(),
        })
    }
}

/// Whether two names of an attribute mean the same: British shops write `colour` where the taxonomy has `Color`.
fn same(own: &str, name: &str) -> bool {
    own.to_lowercase().replace("colour", "color") == name.to_lowercase()
}

/// Shopify's open taxonomy, read when it is first asked for.
fn taxonomy() -> &'static Taxonomy {
    static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
    TAXONOMY.get_or_init(Taxonomy::open)
}
