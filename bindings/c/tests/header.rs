//! The header and its committed copy.

use std::path::Path;

/// `BADDIE_BLESS=1 cargo test -p baddie-c --test header` writes the copy anew.
#[test]
fn the_committed_copy_is_up_to_date() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = cbindgen::Config::from_file(home.join("cbindgen.toml")).unwrap();
    let made = cbindgen::Builder::new().with_crate(home).with_config(settings).generate().unwrap();
    let mut text = Vec::new();
    made.write(&mut text);
    let path = home.join("include/baddie.h");
    if std::env::var_os("BADDIE_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let copy = std::fs::read(&path).unwrap_or_default();
    assert!(
        copy == text,
        "baddie.h differs from the source: run with BADDIE_BLESS=1 and look at the difference"
    );
}
