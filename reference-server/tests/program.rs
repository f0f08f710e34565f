//! The program itself: what it prints, how it ends.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

fn baddie(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baddie"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    baddie(arguments).output().unwrap()
}

#[test]
fn exit_codes_tell_failure_from_misuse() {
    assert_eq!(run(&["openapi"]).status.code(), Some(0));
    assert_eq!(run(&["openapi", "--colour"]).status.code(), Some(2));
    assert_eq!(run(&[]).status.code(), Some(2));
    let failed = run(&["serve", "--database", "nowhere"]);
    assert_eq!(failed.status.code(), Some(1));
    let failed = [run(&["serve", "--config", "/does/not/exist.toml"]), failed].map(|output| output.stderr);
    for (stderr, hint) in failed.iter().zip(["cannot read /does/not/exist.toml", "database"]) {
        let text = String::from_utf8_lossy(stderr);
        assert!(text.contains(hint), "{text}");
    }
}

#[test]
fn the_description_is_printed() {
    let printed = run(&["openapi"]).stdout;
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&printed).unwrap()["openapi"], "3.1.0");
}

#[test]
fn p12_it_serves_until_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let mut server = baddie(&["serve", "--json", "--database", "memory:", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: serde_json::Value = serde_json::from_str(&line).unwrap();
        let mut stream = TcpStream::connect(started["listening"].as_str().unwrap()).unwrap();
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("ready\n"), "{answer}");
        let stopped = Command::new("kill").args(["-s", signal, &server.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert_eq!(server.wait().unwrap().code(), Some(0), "{signal}");
    }
}
