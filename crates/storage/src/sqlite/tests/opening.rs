//! Files that may be opened, and those that are refused and left alone.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection as Bare;

use super::*;

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// Opens what must be refused, and looks that nothing was written.
async fn refused(folder: &Folder, options: Options) -> Error {
    let before = contents(&folder.0);
    let error = open(options).await.unwrap_err();
    assert_eq!(contents(&folder.0), before);
    error
}

#[tokio::test]
async fn a_new_file_is_private_and_safe() {
    let folder = Folder::new();
    let store = folder.open().await;
    keep(&store, 1, 1).await.unwrap();
    for name in ["shop.db", "shop.db-wal", "shop.db-shm"] {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.0.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    let core = store.writer.core().await;
    let setting = |name: &str| {
        core.connection()
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
    };
    assert_eq!(setting("journal_mode").unwrap(), "wal".to_owned().into());
    for (name, value) in [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("mmap_size", 0),
        ("busy_timeout", 0),
        ("temp_store", 2),
        ("trusted_schema", 0),
    ] {
        // A pragma without a value answers nothing where memory maps are not built in: that is off, too.
        assert_eq!(setting(name).unwrap_or(0.into()), value.into(), "{name}");
    }
}

#[tokio::test]
async fn what_is_no_database_is_left_alone() {
    let folder = Folder::new();
    fs::write(
        folder.file(),
        "a letter to my aunt, long enough to be read as a header by a careless program".repeat(20),
    )
    .unwrap();
    let error = refused(&folder, folder.options()).await;
    assert_eq!(error.code(), "storage.not_a_database");
    assert!(error.message().contains("shop.db") && error.message().contains("another path"));
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = Folder::new();
    Bare::open(folder.file()).unwrap().execute_batch("CREATE TABLE letters (text)").unwrap();
    assert_eq!(refused(&folder, folder.options()).await.code(), "storage.foreign_file");
}

#[tokio::test]
async fn places_that_cannot_be_are_named() {
    let folder = Folder::new();
    let at = |path: PathBuf| Options::new(path, MIGRATIONS);
    let missing = refused(&folder, at(folder.0.join("nowhere/shop.db"))).await;
    assert_eq!(missing.code(), "storage.no_folder");
    assert!(missing.message().contains("nowhere") && missing.message().contains("create it"));
    assert_eq!(refused(&folder, at(folder.0.clone())).await.code(), "storage.not_a_file");
    fs::write(folder.0.join("file"), "").unwrap();
    assert_eq!(refused(&folder, at(folder.0.join("file/shop.db"))).await.code(), "storage.no_folder");
    // Tests may run as root, whom permissions do not stop; nobody can make a file in /proc.
    if cfg!(target_os = "linux") {
        let error = open(at("/proc/shop.db".into())).await.unwrap_err();
        assert_eq!(error.code(), "storage.not_writable");
        assert!(error.message().contains("/proc/shop.db"));
    }
}

#[tokio::test]
async fn paths_are_paths_whatever_they_say() {
    let folder = Folder::new();
    for name in [":memory:", "file:x?mode=memory", "a b#c?.db"] {
        open(Options::new(folder.0.join(name), MIGRATIONS)).await.unwrap();
        assert!(folder.0.join(name).metadata().unwrap().len() > 0, "{name}");
    }
}

#[tokio::test]
async fn a_newer_file_asks_for_a_newer_program() {
    let folder = Folder::new();
    drop(folder.open().await);
    let older = Options::new(folder.file(), &MIGRATIONS[..1]);
    let error = refused(&folder, older).await;
    assert_eq!(error.code(), "storage.newer_schema");
    assert!(error.message().contains("0002_marks") && error.message().contains("update the program"));
}

#[tokio::test]
async fn a_changed_migration_is_noticed() {
    const SPOILT: &[Migration] = &[Migration { name: "0001_things", sql: "CREATE TABLE things (id)" }];
    const OTHER_LINES: &[Migration] =
        &[Migration { name: "0001_things", sql: "CREATE TABLE things\r\n(id)" }];
    const LINES: &[Migration] = &[Migration { name: "0001_things", sql: "CREATE TABLE things\n(id)" }];
    let folder = Folder::new();
    drop(folder.open().await);
    let error = refused(&folder, Options::new(folder.file(), SPOILT)).await;
    assert_eq!(error.code(), "storage.changed_migration");
    assert!(error.message().contains("0001_things"));

    let folder = Folder::new();
    drop(open(Options::new(folder.file(), LINES)).await.unwrap());
    open(Options::new(folder.file(), OTHER_LINES)).await.unwrap();
}

#[tokio::test]
async fn a_schema_grows_and_a_failed_step_leaves_nothing() {
    const BAD: &[Migration] = &[
        MIGRATIONS[0],
        Migration { name: "0002_bad", sql: "CREATE TABLE half (id); CREATE TABLE things (id);" },
    ];
    const DEFERRED: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            name: "0002_deferred",
            sql: "CREATE TABLE late (thing BLOB REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)",
        },
    ];
    let folder = Folder::new();
    for (bad, says) in [(BAD, "already exists"), (DEFERRED, "deferred")] {
        let error = open(Options::new(folder.file(), bad)).await.unwrap_err();
        let told = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        assert!(error.message().contains(bad[1].name));
        assert!(told.map(ToString::to_string).any(|text| text.contains(says)), "{error:?}");
    }
    let bare = Bare::open(folder.file()).unwrap();
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('things', 'half', 'late')";
    assert_eq!(bare.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    drop(bare);
    let store = folder.open().await;
    keep(&store, 1, 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_open_a_new_file_at_once() {
    for _ in 0..20 {
        let folder = Folder::new();
        let openings: Vec<_> = (0..4).map(|_| tokio::spawn(open(folder.options()))).collect();
        for (task, opening) in (1..).zip(openings) {
            let store = opening.await.unwrap().unwrap();
            keep(&store, task, 1).await.unwrap();
        }
        assert_eq!(marks(&folder.open().await).await.len(), 4);
    }
}
