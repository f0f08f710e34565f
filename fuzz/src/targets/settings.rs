//! Settings: of the server, of a channel, of the pretend world.

use std::fs;
use std::sync::Arc;

use baddie::clock::SystemClock;
use baddie::integrations::sandbox::{Config as WorldConfig, Sandbox};
use baddie::listings::SalesChannel as _;
use baddie_server::config::Config;

use super::text;
use crate::Target;

pub(super) fn targets() -> Vec<Target> {
    let room = tempfile::tempdir().expect("a folder for a file of settings");
    let world = Sandbox::new(WorldConfig::default(), Arc::new(SystemClock)).save();
    let toml = "database = \"sqlite://shop.db\"\nlisten = \"127.0.0.1:8080\"\nproxies = 1\n[limits]\nbody_bytes = 65536\n";
    vec![
        Target {
            cost: 5,
            ..text(
                "settings file",
                &[toml, "worker = \"only\"\norigins = [\"https://shop.example\"]"],
                move |input| {
                    let file = room.path().join("baddie.toml");
                    fs::write(&file, input).map_err(|error| error.to_string())?;
                    let _ = Config::load(Some(&file), []);
                    Ok(())
                },
            )
        },
        text(
            "settings environment",
            &[
                "BADDIE_LISTEN=127.0.0.1:80",
                "BADDIE_LIMITS__BODY_BYTES=1",
                "BADDIE_RATE__CREDENTIAL__PER_SECOND=0",
            ],
            |input| {
                let (name, value) = input.split_once('=').unwrap_or((input, ""));
                let _ = Config::load(None, [(name.to_owned(), value.to_owned())]);
                Ok(())
            },
        ),
        text(
            "channel settings",
            &[
                r#"{"market":"multi_quantity"}"#,
                r#"{"market":"single_quantity","faults":{"latency_least_ms":1,"latency_most_ms":2}}"#,
            ],
            |input| {
                let Ok(settings) = serde_json::from_str(input) else { return Ok(()) };
                let world = Sandbox::new(WorldConfig::default(), Arc::new(SystemClock));
                let _ = world.marketplaces().capabilities(&settings);
                Ok(())
            },
        ),
        text("pretend world", &[&world], |input| {
            if let Ok(world) = Sandbox::load(input, WorldConfig::default(), Arc::new(SystemClock)) {
                let _ = (world.save(), world.tally());
            }
            Ok(())
        }),
    ]
}
