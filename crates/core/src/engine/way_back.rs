//! Where people come back to who were sent elsewhere: to pay, or to let the shop in.

use crate::error::{Error, Result};

/// Refuses to send people back to anywhere but the web.
pub(super) fn check_way_back(return_url: &str) -> Result<()> {
    if is_way_back(return_url) {
        return Ok(());
    }
    let remedy = "give an address of yours that begins with https://";
    Err(Error::invalid("return_url", format!("{return_url:?}"), remedy))
}

/// Whether it is an address on the web, or of this machine, where things are tried.
fn is_way_back(url: &str) -> bool {
    let host = |rest: &str| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let host = &rest[..end];
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b))
    };
    let plain = url.len() <= 2_000 && url.bytes().all(|b| b.is_ascii_graphic());
    let here = ["http://localhost", "http://127.0.0.1"].iter().any(|here| {
        url.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    plain && (here || url.strip_prefix("https://").is_some_and(host))
}

#[cfg(test)]
mod tests {
    use super::is_way_back;

    #[test]
    fn people_are_sent_back_to_the_web_alone() {
        for good in [
            "https://shop.example",
            "https://shop.example/thanks?order=1",
            "http://localhost:3000/",
            "http://127.0.0.1/a",
        ] {
            assert!(is_way_back(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "http://shop.example",
            "javascript:alert(1)",
            "https://a b",
            "https:///x",
            "https://me@evil.example",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(!is_way_back(bad), "{bad}");
        }
    }
}
