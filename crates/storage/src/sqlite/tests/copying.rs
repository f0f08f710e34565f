//! Backups under load, looking for damage, and replays of recorded work.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole() {
    let folder = Folder::new();
    let store = Arc::new(folder.open().await);
    let mut fill = store.begin().await.unwrap();
    for id in 0..200 {
        let values = [Param::Id(id), Param::Bytes(vec![1; 50_000].into())];
        fill.execute("INSERT INTO things (id, raw) VALUES ($1, $2)", &values).await.unwrap();
    }
    fill.commit().await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let (store, stop, acknowledged) =
                (Arc::clone(&store), Arc::clone(&stop), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for step in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    keep(&store, task, step).await.unwrap();
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let steps = Arc::new(AtomicU32::new(0));
    for round in 0..3 {
        let before = acknowledged.load(Ordering::SeqCst);
        let (to, counted) = (folder.0.join(format!("copy{round}.db")), Arc::clone(&steps));
        let progress = move |at: super::super::Progress| {
            assert!(at.copied <= at.total);
            counted.fetch_add(1, Ordering::SeqCst);
        };
        store.backup(&to, progress).await.unwrap();
        let copy = open(Options::new(&to, MIGRATIONS)).await.unwrap();
        assert_eq!(copy.check(super::super::Check::Full).await.unwrap(), [""; 0]);
        assert!(marks(&copy).await.len() >= before as usize);
        assert_eq!(code(store.backup(&to, |_| ()).await), "storage.exists");
        keep(&copy, 1000, 1).await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.unwrap();
    }
    assert!(steps.load(Ordering::SeqCst) > 6, "progress is shown on the way");
    let left = fs::read_dir(&folder.0)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().to_string_lossy().contains(".part"));
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn damage_is_found() {
    let folder = Folder::new();
    let store = folder.open().await;
    assert_eq!(store.check(super::super::Check::Quick).await.unwrap(), [""; 0]);
    let bare = rusqlite::Connection::open(folder.file()).unwrap();
    bare.execute_batch(
        "PRAGMA foreign_keys = OFF; INSERT INTO things (id, owner) VALUES (zeroblob(16), x'01')",
    )
    .unwrap();
    let found = store.check(super::super::Check::Full).await.unwrap();
    assert_eq!(found, ["row 1 of things refers to a row of things that is not there"]);
    let refused = store.backup(folder.0.join("copy.db"), |_| ()).await.unwrap_err();
    assert_eq!(refused.code(), "storage.damaged");
    assert!(!folder.0.join("copy.db").exists() && !folder.0.join("copy.db.part").exists());
}

#[tokio::test]
async fn a_backup_removes_nothing_of_others() {
    let folder = Folder::new();
    let store = folder.open().await;
    fs::write(folder.0.join("copy.db.part"), "mine").unwrap();
    assert_eq!(code(store.backup(folder.0.join("copy.db"), |_| ()).await), "storage.exists");
    assert!(!folder.0.join("copy.db").exists());
    assert_eq!(fs::read(folder.0.join("copy.db.part")).unwrap(), b"mine");
    assert_eq!(code(store.backup(folder.0.join("nowhere/copy.db"), |_| ()).await), "storage.no_folder");
}

#[tokio::test]
async fn recorded_work_can_be_done_again() {
    let folder = Folder::new();
    let store = folder.open().await;
    keep(&store, 0, 0).await.unwrap();
    let copy = folder.0.join("copy.db");
    store.backup(&copy, |_| ()).await.unwrap();

    store.start_recording();
    for step in 1..=20 {
        let mut transaction = store.begin().await.unwrap();
        mark(&mut transaction, 1, step).await.unwrap();
        transaction.query(MARKS, &[], |row| row.int(0)).await.unwrap();
        if step % 5 == 0 {
            drop(transaction);
        } else {
            transaction.commit().await.unwrap();
        }
    }
    let here = marks(&store).await;
    let recording = store.take_recording();
    keep(&store, 9, 9).await.unwrap();
    assert_eq!(recording.transactions(), (16, 4, 1));

    let replay = recording.replay(&copy, 5).unwrap();
    assert_eq!((replay.transactions, replay.commits, replay.statements, replay.different), (16, 4, 33, 0));
    let copied = open(Options::new(&copy, MIGRATIONS)).await.unwrap();
    assert_eq!(marks(&copied).await, here);
    assert_eq!(store.take_recording().transactions(), (0, 0, 0));
}
