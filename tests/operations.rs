//! The table of operations against the engine that it stands for.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use baddie::operations;

fn source(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { source(&path) } else { fs::read_to_string(path).unwrap() })
        .collect()
}

/// The names that the engine's own source gives its use cases.
fn written() -> BTreeSet<String> {
    let source = source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/core/src/engine"));
    let names = source.split("const NAME: &'static str = \"").skip(1);
    names.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn every_use_case_is_an_operation() {
    let names: Vec<_> = operations::all().map(|operation| operation.name.to_owned()).collect();
    let unique: BTreeSet<_> = names.iter().cloned().collect();
    assert_eq!(unique.len(), names.len(), "a name stands twice");
    assert_eq!(unique, written());
}

#[test]
fn every_operation_explains_itself() {
    for operation in operations::all() {
        let name = operation.name;
        let (domain, verb) = name.split_once('.').unwrap();
        let plain =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(plain(domain) && plain(verb), "{name} is not domain.verb");
        let summary = (operation.summary)();
        assert!(summary.ends_with('.') && summary.len() > 10, "{name}: {summary:?}");
        let request = (operation.request)();
        assert_eq!(request.get("type").and_then(|kind| kind.as_str()), Some("object"), "{name}");
        assert!(operations::find(name).is_some_and(|found| std::ptr::eq(found, operation)));
    }
    assert!(operations::find("orders.lose").is_none());
}
