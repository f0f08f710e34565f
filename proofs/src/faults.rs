//! The layer between a program and its disk: it writes down what happens there, and can let a call fail or be the last.
//! It is C, built here when it is first needed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::report::Broken;

const SOURCE: &str = include_str!("../preload/faults.c");

/// What a call may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies.
    Kill = 1,
    /// The disk does not do it.
    IoError = 2,
    /// The disk is full.
    NoSpace = 3,
    /// Half of it is written.
    ShortWrite = 4,
}

impl Fault {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Kill, Self::IoError, Self::NoSpace, Self::ShortWrite];
}

/// The layer, ready to be put under programs.
#[derive(Debug)]
pub(crate) struct Layer {
    room: TempDir,
    under: PathBuf,
}

impl Layer {
    /// A layer under everything in a folder.
    pub(crate) fn under(folder: &Path) -> Result<Self, Broken> {
        let room = tempfile::tempdir()?;
        fs::set_permissions(room.path(), Permissions::from_mode(0o755))?;
        let layer = Self { room, under: folder.canonicalize()? };
        let source = layer.file("faults.c");
        fs::write(&source, SOURCE)?;
        let mut cc = Command::new("cc");
        cc.args(["-O2", "-shared", "-fPIC", "-o"]).arg(layer.file("faults.so")).arg(&source).arg("-lpthread");
        let built = cc.output()?;
        if !built.status.success() {
            return Err(Broken::because(String::from_utf8_lossy(&built.stderr).into_owned()));
        }
        // Whoever runs the database writes here too.
        for (name, bytes) in [("control", vec![0; 24]), ("record", Vec::new())] {
            fs::write(layer.file(name), bytes)?;
            fs::set_permissions(layer.file(name), Permissions::from_mode(0o666))?;
        }
        Ok(layer)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.room.path().join(name)
    }

    /// What a program must be started with, so that the layer lies under it.
    pub(crate) fn environment(&self, recording: bool) -> Vec<(String, String)> {
        let set = |name: &str, path: &Path| (name.to_owned(), path.display().to_string());
        let mut environment = vec![
            set("LD_PRELOAD", &self.file("faults.so")),
            set("FAULTS_CONTROL", &self.file("control")),
            set("FAULTS_UNDER", &self.under),
        ];
        if recording {
            environment.push(set("FAULTS_RECORD", &self.file("record")));
        }
        environment
    }

    /// The call that comes after `calls - 1` others meets a fault. Zero calls: none does.
    pub(crate) fn arm(&self, fault: Fault, calls: u64) -> Result<(), Broken> {
        // The count comes last: until then nothing fails.
        let mut control = OpenOptions::new().write(true).open(self.file("control"))?;
        control.write_all(&0_i64.to_ne_bytes())?;
        control.write_all(&0_i64.to_ne_bytes())?;
        control.write_all(&(fault as i32).to_ne_bytes())?;
        control.write_all(&0_i32.to_ne_bytes())?;
        control.seek(SeekFrom::Start(0))?;
        control.write_all(&i64::try_from(calls).unwrap_or(i64::MAX).to_ne_bytes())?;
        Ok(())
    }

    /// No call fails any more.
    pub(crate) fn disarm(&self) -> Result<(), Broken> {
        self.arm(Fault::Kill, 0)
    }

    /// How many calls there were since the layer was armed or disarmed, and whether one has met the fault.
    pub(crate) fn seen(&self) -> Result<(u64, bool), Broken> {
        let mut bytes = [0; 24];
        File::open(self.file("control"))?.read_exact(&mut bytes)?;
        let seen =
            i64::from_ne_bytes(bytes[8..16].try_into().map_err(|_| Broken::because("a short control"))?);
        Ok((u64::try_from(seen).unwrap_or(0), bytes[20..24] != [0; 4]))
    }

    /// Where the record is written.
    pub(crate) fn record(&self) -> PathBuf {
        self.file("record")
    }
}
