//! The table of operations as JSON, with the schemas of requests and answers: what doors to other languages are made from.
//!
//! `cargo run --example operations --no-default-features`

use baddie::operations;

fn main() -> Result<(), serde_json::Error> {
    println!("{}", serde_json::to_string(&operations::describe())?);
    Ok(())
}
