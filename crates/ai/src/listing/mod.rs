//! How to list a thing: its category and attributes from its title, its text for a channel from its facts, and the
//! checks that every text passes before it is shown to anybody.

mod classifier;

pub use classifier::Classifier;
