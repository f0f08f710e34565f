//! The services' own descriptions, where they are at hand, and what is committed here.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

/// A file of the folder with the descriptions, unpacked; `None`, and a word about it, when the folder is not there.
pub(crate) fn spec(name: &str) -> Option<String> {
    let path = std::env::var_os("BADDIE_SPECS").map(|folder| PathBuf::from(folder).join(name));
    let Some((path, bytes)) = path.and_then(|path| fs::read(&path).ok().map(|bytes| (path, bytes))) else {
        println!(
            "skipped: {name} is not here; BADDIE_SPECS names the folder with the services' descriptions"
        );
        return None;
    };
    let mut text = String::new();
    if path.extension().is_some_and(|kind| kind == "gz") {
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("a description unpacks");
    } else {
        text = String::from_utf8(bytes).expect("a description is text");
    }
    Some(text)
}

/// A file of `fixtures/`.
pub(crate) fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/services/fixtures").join(name);
    fs::read_to_string(path).expect("what is committed is there")
}

/// A JSON file of `fixtures/`.
pub(crate) fn fixture_json(name: &str) -> Value {
    serde_json::from_str(&fixture(name)).expect("what is committed is JSON")
}
