//! How to list a thing: its category from its title, its text for a channel from its facts, and the checks that every
//! text passes before it is shown to anybody, whoever wrote it.

mod channel;
mod classifier;
mod taxonomy;
mod validator;
mod writer;

pub use baddie_core::listings::{Claim, Facts, Text, TextFault};

pub use channel::{ChannelRules, channels, rules_of};
pub use classifier::Classifier;
pub use taxonomy::{Category, Taxonomy, extract};
pub use validator::{quality, validate};
pub use writer::{claims, condition_words, write};
