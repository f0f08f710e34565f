//! A folder for a command's own use, gone when the command ends.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A folder of its own, removed with all that is in it when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A fresh folder among the system's temporary files, or below `beside`, where the disk itself matters.
    pub(super) fn new(what: &str, beside: Option<&Path>) -> io::Result<Self> {
        let parent = beside.map_or_else(std::env::temp_dir, Path::to_owned);
        let process = std::process::id();
        let mut number = 0;
        loop {
            let path = parent.join(format!("baddie-{what}-{process}-{number}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the system, which clears its temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
