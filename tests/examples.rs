//! The examples run, and say what they promise.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::env;
use std::process::Command;

/// Runs an example as it was built beside this test.
fn says(example: &str) -> String {
    let here = env::current_exe().unwrap();
    let folder = here.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let program = folder.join(format!("{example}{}", env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not built: run `cargo build --examples` first", program.display());
    let output = Command::new(program).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn sell_one_thing() {
    let said = says("sell_one_thing");
    assert!(said.contains("Order 1 over") && said.contains("A second buyer hears"), "{said}");
    assert!(said.contains(" 0 of them wrong"), "{said}");
}

#[test]
fn own_storage() {
    assert!(says("own_storage").contains("4 writing transactions"));
}

#[test]
fn own_marketplace() {
    let said = says("own_marketplace");
    assert!(said.contains("is live, on table-1") && said.contains("Now it is ended."), "{said}");
}

#[test]
fn embed_in_a_server() {
    let said = says("embed_in_a_server");
    let statuses: Vec<_> = said.lines().filter_map(|line| line.split("HTTP/1.1 ").nth(1)).collect();
    assert_eq!(statuses.len(), 4, "{said}");
    for (status, wanted) in statuses.iter().zip(["200", "409", "200", "404"]) {
        assert!(status.starts_with(wanted), "{said}");
    }
}
