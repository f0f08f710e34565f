//! Looks for secrets where none may be: as they are, in base64 wherever they stand in it, and in hexadecimal.

use std::path::Path;

use baddie_core::ids::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Every form in which a secret could be read again.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let hex = hex(bytes);
    let mut forms = vec![bytes.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for before in 0..3 {
        let text = STANDARD_NO_PAD.encode([&vec![0; before], bytes].concat());
        // The first and the last letters hold bits of what stands beside it.
        let whole = (before * 4).div_ceil(3)..(before + bytes.len()) * 4 / 3;
        forms.push(text[whole].into());
    }
    forms
}

fn holds(text: &[u8], form: &[u8]) -> bool {
    text.windows(form.len()).any(|window| window == form)
}

/// Checks that none of the secrets can be read in what was said, or in any file of a folder; `plain` is in it, and is found.
pub(crate) fn hidden(secrets: &[&str], said: &str, folder: &Path, plain: &str) {
    let mut kept = said.as_bytes().to_vec();
    for file in std::fs::read_dir(folder).unwrap() {
        kept.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    for secret in secrets {
        for form in forms(secret) {
            assert!(!holds(&kept, &form), "{} can be read", String::from_utf8_lossy(&form));
        }
    }
    assert!(holds(&kept, plain.as_bytes()), "what is no secret is found, so the search can find");
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = "shpat_canary";
    for before in ["", "a", "ab", "abc"] {
        let inside = base64::engine::general_purpose::STANDARD.encode(format!("{before}{secret}&more"));
        assert!(forms(secret).iter().any(|form| holds(inside.as_bytes(), form)), "{inside}");
    }
    assert!(forms(secret).iter().any(|form| holds(b"73687061745f63616e617279", form)));
}
