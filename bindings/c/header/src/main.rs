//! Makes `baddie.h` from the source of the C door: `cargo run -p baddie-c-header`. A package of its own, because it needs
//! nothing of the engine and is quickly built.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn committed() -> PathBuf {
    home().join("include/baddie.h")
}

fn made() -> Result<Vec<u8>, Box<dyn Error>> {
    let settings = cbindgen::Config::from_file(home().join("cbindgen.toml"))?;
    // The other files are followed from here.
    let builder = cbindgen::Builder::new().with_config(settings).with_src(home().join("src/lib.rs"));
    let mut text = Vec::new();
    builder.generate()?.write(&mut text);
    Ok(text)
}

fn main() -> Result<(), Box<dyn Error>> {
    Ok(fs::write(committed(), made()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_header_is_that_of_the_source() {
        let copy = fs::read(committed()).unwrap();
        assert!(
            copy == made().unwrap(),
            "baddie.h differs: run `cargo run -p baddie-c-header` and look at it"
        );
    }
}
