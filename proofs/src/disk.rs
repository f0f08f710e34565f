//! What a disk holds after a power cut, told from a record of what programs did to it.
//!
//! What was synced is there. Of everything else any part may be: a write whole, not at all, or some of its sectors; a
//! change of length or not; of the changes to a folder as many of the first as you like, as journals keep them.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::dice::Dice;
use crate::report::Broken;

const MAGIC: u32 = 0xba44_d1e5;
const HEADER: usize = 32;

/// Something that was done, in the order of the record.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Bytes written to a file from an offset on.
    Write { path: PathBuf, offset: usize, bytes: Vec<u8> },
    /// A file's length set, or at least made so long.
    Length { path: PathBuf, length: usize, grow_only: bool },
    /// A sync of a file or a folder began.
    SyncBegins { sync: u32 },
    /// It has succeeded.
    SyncDone { sync: u32, path: PathBuf },
    /// A file made.
    Create { path: PathBuf },
    /// A file renamed.
    Rename { from: PathBuf, to: PathBuf },
    /// A file removed.
    Unlink { path: PathBuf },
    /// A client heard that something is done.
    Acknowledged { what: String },
}

/// A line for the record: that a client heard something.
pub(crate) fn acknowledgement(what: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + what.len());
    for number in [8_u32, 0] {
        bytes.extend(number.to_ne_bytes());
    }
    bytes.extend(0_i64.to_ne_bytes());
    for number in [0, 0, u32::try_from(what.len()).unwrap_or(0), MAGIC] {
        bytes.extend(number.to_ne_bytes());
    }
    bytes.extend(what.as_bytes());
    bytes
}

/// Reads a record. Its last line may be cut off.
pub(crate) fn read_record(file: &Path) -> Result<Vec<Deed>, Broken> {
    let bytes = fs::read(file)?;
    let mut deeds = Vec::new();
    let mut rest = bytes.as_slice();
    while rest.len() >= HEADER {
        let word = |at: usize| u32::from_ne_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        let (path, second, count) = (word(16) as usize, word(20) as usize, word(24) as usize);
        if word(28) != MAGIC {
            return Err(Broken::because("the record is garbled"));
        }
        let Some(body) = rest.get(HEADER..HEADER + path + second + count) else { break };
        let low = u64::from(word(8)) | u64::from(word(12)) << 32;
        let at = usize::try_from(low).unwrap_or(0);
        let name =
            |from: usize, to: usize| PathBuf::from(String::from_utf8_lossy(&body[from..to]).into_owned());
        let first = name(0, path);
        let data = &body[path + second..];
        deeds.push(match word(0) {
            1 => Deed::Write { path: first, offset: at, bytes: data.to_vec() },
            2 => Deed::Length { path: first, length: at, grow_only: word(4) == 1 },
            3 => Deed::SyncBegins { sync: word(4) },
            4 => Deed::SyncDone { sync: word(4), path: first },
            5 => Deed::Create { path: first },
            6 => Deed::Rename { from: first, to: name(path, path + second) },
            7 => Deed::Unlink { path: first },
            8 => Deed::Acknowledged { what: String::from_utf8_lossy(data).into_owned() },
            other => return Err(Broken::because(format!("the record holds the deed {other}"))),
        });
        rest = &rest[HEADER + path + second + count..];
    }
    Ok(deeds)
}

/// The files of one folder and all below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    names: BTreeMap<PathBuf, usize>,
    files: Vec<Arc<Vec<u8>>>,
    folders: Vec<PathBuf>,
}

impl Disk {
    /// What is there now.
    pub(crate) fn read(folder: &Path) -> Result<Self, Broken> {
        let mut disk = Self::default();
        let mut folders = vec![folder.canonicalize()?];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.is_file() {
                    disk.add(path.clone(), fs::read(&path)?);
                }
            }
            disk.folders.push(folder);
        }
        Ok(disk)
    }

    fn add(&mut self, path: PathBuf, bytes: Vec<u8>) -> usize {
        self.files.push(Arc::new(bytes));
        self.names.insert(path, self.files.len() - 1);
        self.files.len() - 1
    }

    /// Takes a file away, if it is there.
    pub(crate) fn remove(&mut self, path: &Path) {
        self.names.remove(path);
    }

    /// Puts it all into a folder that stands for the one it was read from; everything belongs to `owner`.
    pub(crate) fn write(&self, from: &Path, to: &Path, owner: Option<(u32, u32)>) -> Result<(), Broken> {
        let from = from.canonicalize()?;
        let place = |path: &Path| to.join(path.strip_prefix(&from).unwrap_or(path));
        let own = |path: &Path, mode| -> Result<(), Broken> {
            fs::set_permissions(path, Permissions::from_mode(mode))?;
            if let Some((user, group)) = owner {
                chown(path, Some(user), Some(group))?;
            }
            Ok(())
        };
        for folder in &self.folders {
            let folder = place(folder);
            fs::create_dir_all(&folder)?;
            own(&folder, 0o700)?;
        }
        for (name, file) in &self.names {
            let name = place(name);
            fs::write(&name, self.files[*file].as_slice())?;
            own(&name, 0o600)?;
        }
        Ok(())
    }
}

/// What becomes of the deeds that no sync covers.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Nothing,
    Everything,
    Some(u64),
}

/// What each deed is about, and what is durable, for the first so many deeds of a record.
struct Reading {
    /// The file that a deed changes.
    file: HashMap<usize, usize>,
    /// Up to which deed a file is durable.
    files: HashMap<usize, usize>,
    /// Up to which deed the names in a folder are.
    folders: HashMap<PathBuf, usize>,
    /// How many files there are in the end.
    count: usize,
}

fn read(base: &Disk, deeds: &[Deed], synced_files_are_named: bool) -> Reading {
    let mut names = base.names.clone();
    let mut reading = Reading {
        file: HashMap::new(),
        files: HashMap::new(),
        folders: HashMap::new(),
        count: base.files.len(),
    };
    let (mut begun, mut made): (HashMap<u32, usize>, HashMap<usize, (usize, PathBuf)>) = Default::default();
    for (at, deed) in deeds.iter().enumerate() {
        match deed {
            Deed::Write { path, .. } | Deed::Length { path, .. } => {
                if let Some(file) = names.get(path) {
                    reading.file.insert(at, *file);
                }
            }
            Deed::SyncBegins { sync } => {
                begun.insert(*sync, at);
            }
            Deed::SyncDone { sync, path } => {
                let from = begun.remove(sync).unwrap_or(0);
                let Some(file) = names.get(path) else {
                    let folder = reading.folders.entry(path.clone()).or_default();
                    *folder = from.max(*folder);
                    continue;
                };
                let durable = reading.files.entry(*file).or_default();
                *durable = from.max(*durable);
                if let (true, Some((birth, folder))) = (synced_files_are_named, made.get(file)) {
                    let folder = reading.folders.entry(folder.clone()).or_default();
                    *folder = (birth + 1).max(*folder);
                }
            }
            Deed::Create { path } => {
                names.insert(path.clone(), reading.count);
                reading.file.insert(at, reading.count);
                made.insert(reading.count, (at, folder_of(path)));
                reading.count += 1;
            }
            Deed::Rename { from, to } => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                    reading.file.insert(at, file);
                }
            }
            Deed::Unlink { path } => {
                names.remove(path);
            }
            Deed::Acknowledged { .. } => {}
        }
    }
    reading
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_owned()
}

/// The disk after a cut behind these deeds. `synced_files_are_named`: syncing a new file makes its name durable too, as
/// every file system in use does, though no standard asks for it.
pub(crate) fn after_cut(base: &Disk, deeds: &[Deed], synced_files_are_named: bool, dice: &mut Dice) -> Disk {
    let reading = read(base, deeds, synced_files_are_named);
    let mood = match dice.below(4) {
        0 => Mood::Nothing,
        1 => Mood::Everything,
        _ => Mood::Some(5 + dice.below(90)),
    };
    let mut disk = base.clone();
    disk.files.resize(reading.count, Arc::default());
    let mut stopped: Vec<PathBuf> = Vec::new();
    for (at, deed) in deeds.iter().enumerate() {
        let durable = match deed {
            Deed::Write { .. } | Deed::Length { .. } => reading
                .file
                .get(&at)
                .and_then(|file| reading.files.get(file))
                .is_some_and(|synced| at < *synced),
            Deed::Create { path } | Deed::Unlink { path } | Deed::Rename { to: path, .. } => {
                let folder = folder_of(path);
                let kept = reading.folders.get(&folder).is_some_and(|synced| at < *synced)
                    || (!stopped.contains(&folder) && keeps(mood, dice));
                if !kept {
                    stopped.push(folder);
                }
                kept
            }
            _ => continue,
        };
        let file = reading.file.get(&at);
        match (deed, file) {
            (Deed::Write { offset, bytes, .. }, Some(file)) if durable || keeps(mood, dice) => {
                let torn = !durable && matches!(mood, Mood::Some(_)) && dice.percent(25);
                let torn = torn.then_some(&mut *dice);
                write_at(Arc::make_mut(&mut disk.files[*file]), *offset, bytes, torn);
            }
            (Deed::Length { length, grow_only, .. }, Some(file)) => {
                let bytes = Arc::make_mut(&mut disk.files[*file]);
                if (durable || keeps(mood, dice)) && (!grow_only || bytes.len() < *length) {
                    bytes.resize(*length, 0);
                }
            }
            (Deed::Create { path }, Some(file)) if durable => {
                disk.names.insert(path.clone(), *file);
            }
            (Deed::Rename { from, to }, _) if durable => {
                if let Some(file) = disk.names.remove(from) {
                    disk.names.insert(to.clone(), file);
                }
            }
            (Deed::Unlink { path }, _) if durable => disk.remove(path),
            _ => {}
        }
    }
    disk
}

fn keeps(mood: Mood, dice: &mut Dice) -> bool {
    match mood {
        Mood::Nothing => false,
        Mood::Everything => true,
        Mood::Some(percent) => dice.percent(percent),
    }
}

/// Writes bytes into a file; torn, only some of their sectors.
fn write_at(file: &mut Vec<u8>, offset: usize, bytes: &[u8], torn: Option<&mut Dice>) {
    if file.len() < offset + bytes.len() {
        file.resize(offset + bytes.len(), 0);
    }
    let Some(dice) = torn else {
        file[offset..offset + bytes.len()].copy_from_slice(bytes);
        return;
    };
    let sector = if dice.percent(50) { 512 } else { 4096 };
    let whole = dice.percent(50);
    let mut kept = true;
    let mut from = 0;
    while from < bytes.len() {
        // Sectors end where the disk's do, not where the write began.
        let to = (from + sector - (offset + from) % sector).min(bytes.len());
        kept = if whole { kept && dice.percent(70) } else { dice.percent(50) };
        if kept {
            file[offset + from..offset + to].copy_from_slice(&bytes[from..to]);
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deeds() -> Vec<Deed> {
        let path = PathBuf::from("/shop/log");
        let write =
            |offset: usize, byte: u8| Deed::Write { path: path.clone(), offset, bytes: vec![byte; 1024] };
        vec![
            Deed::Create { path: path.clone() },
            write(0, 1),
            Deed::SyncBegins { sync: 7 },
            write(1024, 2),
            Deed::SyncDone { sync: 7, path: path.clone() },
            Deed::SyncBegins { sync: 8 },
            Deed::SyncDone { sync: 8, path: PathBuf::from("/shop") },
            Deed::Rename { from: path.clone(), to: PathBuf::from("/shop/old") },
        ]
    }

    /// Each disk that cuts behind all these deeds have left: its names, and the bytes of its only file.
    fn outcomes(deeds: &[Deed], synced_files_are_named: bool) -> Vec<(Vec<String>, Vec<u8>)> {
        let cut = |seed| {
            let disk = after_cut(&Disk::default(), deeds, synced_files_are_named, &mut Dice::new(seed, 0));
            let names = disk.names.keys().map(|name| name.display().to_string()).collect();
            (names, disk.names.values().next().map(|file| disk.files[*file].to_vec()).unwrap_or_default())
        };
        (0..200).map(cut).collect()
    }

    #[test]
    fn what_was_synced_is_there_and_the_rest_may_be() {
        let found = outcomes(&deeds(), false);
        assert!(found.iter().all(|(_, bytes)| bytes[..1024] == [1; 1024]), "written before the sync began");
        assert!(found.iter().any(|(_, bytes)| bytes.len() == 1024), "what came while it ran may be lost");
        assert!(found.iter().any(|(_, bytes)| bytes[1024..] == [2; 1024]), "or kept");
        let torn = |bytes: &[u8]| bytes.len() == 2048 && bytes[1024..1536] != bytes[1536..];
        assert!(found.iter().any(|(_, bytes)| torn(bytes)), "or torn");
        for name in ["/shop/log", "/shop/old"] {
            assert!(found.iter().any(|(names, _)| *names == [name]), "it may be called {name}");
        }
        assert!(found.iter().all(|(names, _)| names.len() == 1));
    }

    #[test]
    fn a_name_lasts_when_its_folder_was_synced() {
        let unnamed: Vec<_> = deeds().into_iter().take(5).collect();
        assert!(outcomes(&unnamed, false).iter().any(|(names, _)| names.is_empty()));
        assert!(outcomes(&unnamed, true).iter().all(|(names, _)| *names == ["/shop/log"]));
    }
}
