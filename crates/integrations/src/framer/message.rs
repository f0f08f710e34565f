use serde::Deserialize;
use serde_json::{Map, Value};

use super::devalue::decode;

/// What Framer says in a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// The project is open.
    Ready,
    /// The session may be used.
    Admitted {
        /// What may be done, by name, where that is told.
        permissions: Map<String, Value>,
    },
    /// What came of a call.
    Answer {
        /// The call's number.
        id: i64,
        /// What was asked for, or what went wrong.
        came: Result<Value, String>,
    },
    /// The session is of no more use.
    Failed {
        /// The code.
        code: String,
        /// In words.
        message: String,
        /// Framer's name for it, to ask its support with.
        reference: Option<String>,
        /// Whether another session may go better.
        retryable: bool,
    },
    /// The session is over.
    Over,
    /// Something else, which is passed over.
    Other,
}

#[derive(Deserialize)]
struct Frame {
    r#type: String,
    #[serde(default, rename = "permissionMap")]
    permissions: Value,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    r#ref: Value,
    #[serde(default)]
    retryable: Value,
}

/// Reads a message. The reason for which it cannot be read holds nothing of it.
pub fn read(text: &str) -> Result<Said, &'static str> {
    let frame: Frame = serde_json::from_value(decode(text)?).map_err(|_| "it is no message")?;
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(match &*frame.r#type {
        "ready" => Said::Ready,
        "pluginReadyResponse" => {
            Said::Admitted { permissions: frame.permissions.as_object().cloned().unwrap_or_default() }
        }
        "methodResponse" => Said::Answer {
            id: frame.id.as_i64().ok_or("an answer has no number")?,
            came: if frame.error.is_null() { Ok(frame.result) } else { Err(words(&frame.error)) },
        },
        "error" => Said::Failed {
            code: words(&frame.code),
            message: words(&frame.message),
            reference: frame.r#ref.as_str().map(str::to_owned),
            retryable: frame.retryable == true,
        },
        "disconnect-ack" => Said::Over,
        _ => Said::Other,
    })
}
