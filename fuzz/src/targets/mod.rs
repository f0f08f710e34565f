//! Everything that reads what others wrote.

mod files;
mod http;
mod requests;
mod services;
mod settings;
mod texts;

use baddie::{Error, Kind};

use crate::Target;

/// Every target, ready to read.
pub fn targets() -> Vec<Target> {
    let mut all = texts::targets();
    all.extend(settings::targets());
    all.extend(files::targets());
    all.extend(requests::targets());
    all.extend(http::targets());
    all.extend(services::targets());
    all
}

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// A target that reads text; what is not UTF-8 never reaches it.
fn text(
    name: &'static str,
    texts: &[&str],
    mut read: impl FnMut(&str) -> Result<(), String> + 'static,
) -> Target {
    let read = move |input: &[u8]| read(&String::from_utf8_lossy(input));
    Target { name, seeds: seeds(texts), cost: 1, read: Box::new(read) }
}

/// A refusal is right, a defect is not.
fn no_defect<T>(outcome: Result<T, Error>) -> Result<(), String> {
    match outcome {
        Err(error) if error.kind() == Kind::Internal => Err(format!("{error:?}")),
        _ => Ok(()),
    }
}

/// What was read and written again is read as the same.
fn same<T: PartialEq + std::fmt::Debug>(read: &T, again: Option<T>) -> Result<(), String> {
    if again.as_ref() == Some(read) { Ok(()) } else { Err(format!("{read:?} is read back as {again:?}")) }
}
