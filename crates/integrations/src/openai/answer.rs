use baddie_core::listings::{TextAnswer, TextFailure};
use serde::Deserialize;

use crate::http::Answer;

/// A completion, as far as we read it.
#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    total_tokens: Option<i64>,
}

#[derive(Deserialize)]
struct Choice {
    /// `stop`, `length`, `content_filter`, or a word that is new.
    #[serde(default)]
    finish_reason: Option<String>,
    #[serde(default)]
    message: Message,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

/// A text, as the schema asks for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    description: String,
    tags: Vec<String>,
}

/// Reads what a model answered. What cannot be read is a failure that says what was seen and what would help, and nothing
/// of what the model said beyond its own word for a refusal.
pub fn read(answer: &Answer) -> Result<TextAnswer, TextFailure> {
    let nothing = |reason: String, tokens| Err(TextFailure { reason, tokens, later: None });
    let Ok(completion) = serde_json::from_slice::<Completion>(&answer.body) else {
        return nothing(
            "openai: the answer is no chat completion: is the base address right?".to_owned(),
            None,
        );
    };
    let tokens = completion.usage.and_then(|usage| usage.total_tokens);
    let Some(choice) = completion.choices.into_iter().next() else {
        return nothing("openai: the answer holds no choice".to_owned(), tokens);
    };
    if let Some(refusal) = choice.message.refusal.filter(|refusal| !refusal.is_empty()) {
        return nothing(format!("openai: the model refused: {}", short(&refusal)), tokens);
    }
    match choice.finish_reason.as_deref() {
        Some("length") => {
            let reason = "openai: the answer was cut off: raise answer_tokens".to_owned();
            return nothing(reason, tokens);
        }
        Some("content_filter") => {
            return nothing("openai: the host's filter held the answer back".to_owned(), tokens);
        }
        _ => {}
    }
    let content = choice.message.content.unwrap_or_default();
    match serde_json::from_str::<Written>(&content) {
        Ok(Written { title, description, tags }) => Ok(TextAnswer { title, description, tags, tokens }),
        Err(error) => {
            let at = format!("line {}, column {}", error.line(), error.column());
            let reason = format!(
                "openai: the text is not of the shape that was asked for ({at}): choose a model that can keep to a schema"
            );
            nothing(reason, tokens)
        }
    }
}

/// The beginning of what somebody else said, on one line.
fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
