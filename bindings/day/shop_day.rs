//! Tells a shop a day that is written in a file, operation by operation, and prints the exports at its end.
//!
//! `cargo run -p baddie-c --example shop_day bindings/day/shop_day.txt`

use std::collections::BTreeMap;
use std::error::Error;

use baddie::clock::Zone;
use baddie::{Currency, Engine, Found, operations};

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(tell())
}

async fn tell() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name the file that tells the day")?;
    let engine = Engine::open("memory:").await?;
    let found = Found {
        name: "Day".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|line| !line.starts_with('#')) {
        let [operation, key, request, keep] = line.split('|').collect::<Vec<_>>()[..] else {
            return Err(format!("not four parts: {line}").into());
        };
        let request = kept
            .iter()
            .fold(request.to_owned(), |text, (name, word)| text.replace(&format!("${name}"), word));
        let caller = if key.is_empty() { shop.clone() } else { shop.clone().with_key(key) };
        let answer = operations::call(&caller, operation.trim_start_matches('='), &request).await?;
        if let Some((name, prefix)) = keep.split_once('=') {
            let at = answer.find(&format!("\"{prefix}")).ok_or("nothing to keep")? + 1;
            let word = answer[at..].split('"').next().unwrap_or_default();
            kept.insert(name.to_owned(), word.to_owned());
        }
        if operation.starts_with('=') {
            println!("{answer}");
        }
    }
    Ok(())
}
