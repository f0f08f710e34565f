//! Credentials. They are wiped from memory when they are let go of, and never print.

use std::fmt;

use zeroize::Zeroizing;

/// A key, token or password. It has no `Display`, no `Serialize` and no `PartialEq`; [`expose`](Self::expose) is the
/// one way to read it, so that every place where a credential leaves can be found by that word.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a credential in. What surrounds it, such as the line break of a file, is cut off.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The credential itself, for the one who must show it to its service.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it. An empty credential proves nothing, so it is refused wherever one is checked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text without this credential, should it stand in there.
    pub fn hide_in(&self, text: &str) -> String {
        if self.is_empty() { text.to_owned() } else { text.replace(self.expose(), "(hidden)") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::new("canary-7f31\n");
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(secret.expose(), "canary-7f31");
        assert_eq!(secret.hide_in("no such key: canary-7f31!"), "no such key: (hidden)!");
    }
}
