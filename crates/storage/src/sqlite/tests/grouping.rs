//! Transactions share a COMMIT, and nothing else: not their errors, not their ends.

use std::future::{Future, poll_fn};
use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use baddie_core::error::{Kind, Retry};
use rusqlite::ffi;
use tokio::time::{sleep, timeout};

use super::*;

/// Lets a future run until it first waits.
async fn poll_once<F: Future>(future: &mut std::pin::Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

/// Holds the writer until `number` transactions stand behind it, then lets them all go.
async fn together(store: &Arc<Sqlite>, number: i64) -> Vec<Result<()>> {
    together_from(store, 0, number).await
}

/// The same, with tasks numbered from `from`.
async fn together_from(store: &Arc<Sqlite>, from: i64, number: i64) -> Vec<Result<()>> {
    let first = store.begin().await.unwrap();
    let tasks: Vec<_> = (from..from + number)
        .map(|task| {
            let store = Arc::clone(store);
            tokio::spawn(async move { keep(&store, task, 1).await })
        })
        .collect();
    queue(store, tasks.len()).await;
    drop(first);
    let mut results = Vec::new();
    for task in tasks {
        results.push(timeout(LONG, task).await.unwrap().unwrap());
    }
    results
}

#[tokio::test]
async fn alone_each_has_its_own_commit() {
    let folder = Folder::new();
    let store = folder.open().await;
    for step in 0..5 {
        keep(&store, 1, step).await.unwrap();
    }
    drop(store.begin().await.unwrap());
    store.begin().await.unwrap().commit().await.unwrap();
    let meter = store.meter();
    assert_eq!((meter.transactions, meter.commits, meter.statements), (6, 5, 5));
}

#[tokio::test]
async fn together_they_share_one_up_to_the_largest_batch() {
    for (largest_batch, commits) in [(128, 1), (4, 3)] {
        let folder = Folder::new();
        let store = Arc::new(open(Options { largest_batch, ..folder.options() }).await.unwrap());
        // The one that holds them back is undone, and counts in its batch.
        assert!(together(&store, 11).await.into_iter().all(|result| result.is_ok()));
        assert_eq!((store.meter().transactions, store.meter().commits), (11, commits));
        assert_eq!(marks(&store).await.len(), 11);
    }
}

#[tokio::test]
async fn the_answer_comes_after_the_commit() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut first = store.begin().await.unwrap();
    mark(&mut first, 1, 1).await.unwrap();
    let mut second = pin!(store.begin());
    assert!(poll_once(&mut second).await.is_pending());
    let mut commit = pin!(first.commit());
    assert!(poll_once(&mut commit).await.is_pending());
    let mut second = second.await.unwrap();
    mark(&mut second, 2, 1).await.unwrap();
    // Released, seen by the next one, but not durable: not answered, and unseen by readers.
    sleep(Duration::from_millis(20)).await;
    assert!(poll_once(&mut commit).await.is_pending());
    assert_eq!((marks(&store).await.len(), store.meter().commits), (0, 0));
    drop(second);
    timeout(LONG, commit).await.unwrap().unwrap();
    assert_eq!((marks(&store).await, store.meter().commits), (vec![(1, 1, 0)], 1));
}

#[tokio::test]
async fn what_only_looked_waits_for_what_it_saw() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut first = store.begin().await.unwrap();
    mark(&mut first, 1, 1).await.unwrap();
    let mut second = pin!(store.begin());
    assert!(poll_once(&mut second).await.is_pending());
    let mut commit = pin!(first.commit());
    assert!(poll_once(&mut commit).await.is_pending());
    let mut second = second.await.unwrap();
    assert_eq!(second.query(MARKS, &[], |row| row.int(0)).await.unwrap(), [1]);
    second.core().failing = Some(ffi::Error::new(ffi::SQLITE_FULL));
    assert_eq!(code(timeout(LONG, second.commit()).await.unwrap()), "storage.full");
    assert_eq!(code(timeout(LONG, commit).await.unwrap()), "storage.full");
}

#[tokio::test]
async fn one_that_fails_harms_no_other() {
    let folder = Folder::new();
    let store = Arc::new(folder.open().await);
    keep(&store, 3, 1).await.unwrap();
    let results = together(&store, 6).await;
    for (task, result) in results.into_iter().enumerate() {
        assert_eq!(code(result), if task == 3 { "storage.duplicate" } else { "fine" });
    }
    assert_eq!(marks(&store).await.len(), 6);
    assert_eq!(store.meter().commits, 2);
}

#[tokio::test]
async fn a_place_given_up_forgets_no_batch() {
    // The waiter goes before the holder leaves, or after it was handed the writer and before it took it.
    for late in [false, true] {
        let folder = Folder::new();
        let store = folder.open().await;
        let mut first = store.begin().await.unwrap();
        mark(&mut first, 1, 1).await.unwrap();
        let mut waiter = Box::pin(store.begin());
        assert!(poll_once(&mut waiter.as_mut()).await.is_pending());
        let mut commit = pin!(first.commit());
        if late {
            assert!(poll_once(&mut commit).await.is_pending());
            assert_eq!(store.meter().commits, 0, "it relies on the waiter");
        }
        drop(waiter);
        timeout(LONG, commit).await.unwrap().unwrap();
        assert_eq!(marks(&store).await.len(), 1);
        assert_eq!(store.writer.waiting(), 0);
    }
}

#[tokio::test]
async fn a_dropped_holder_flushes_what_it_leaves_behind() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut first = store.begin().await.unwrap();
    mark(&mut first, 1, 1).await.unwrap();
    let mut waiter = pin!(store.begin());
    assert!(poll_once(&mut waiter).await.is_pending());
    let mut commit = pin!(first.commit());
    assert!(poll_once(&mut commit).await.is_pending());
    let mut second = waiter.await.unwrap();
    mark(&mut second, 2, 1).await.unwrap();
    drop(second);
    timeout(LONG, commit).await.unwrap().unwrap();
    assert_eq!(marks(&store).await, [(1, 1, 0)]);
}

#[tokio::test]
async fn a_commit_nobody_waits_for_lasts() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut transaction = store.begin().await.unwrap();
    mark(&mut transaction, 1, 1).await.unwrap();
    {
        let mut commit = pin!(transaction.commit());
        assert!(poll_once(&mut commit).await.is_pending());
    }
    drop(timeout(LONG, store.begin()).await.unwrap().unwrap());
    assert_eq!(marks(&store).await.len(), 1);

    let mut transaction = store.begin().await.unwrap();
    mark(&mut transaction, 2, 1).await.unwrap();
    drop(transaction.commit());
    assert_eq!(marks(&store).await.len(), 1, "a commit that never ran is no commit");
}

#[test]
fn a_runtime_that_ends_loses_nothing() {
    let folder = Folder::new();
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).max_blocking_threads(1).enable_time().build().unwrap()
    };
    let ending = runtime();
    let store = ending.block_on(async {
        let store = folder.open().await;
        let mut transaction = store.begin().await.unwrap();
        mark(&mut transaction, 1, 1).await.unwrap();
        // The one thread that may block is taken, so that the flush is still in its queue when the runtime ends.
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(200)));
        let mut commit = pin!(transaction.commit());
        assert!(poll_once(&mut commit).await.is_pending());
        store
    });
    drop(ending);
    drop(store);
    assert_eq!(runtime().block_on(async { marks(&folder.open().await).await }).len(), 1);
}

#[tokio::test]
async fn another_process_is_awaited_without_blocking() {
    let folder = Folder::new();
    let store = open(Options { patience: Duration::from_millis(200), ..folder.options() }).await.unwrap();
    let other = rusqlite::Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = keep(&store, 1, 1).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "storage.busy"));
    assert!(matches!(error.retry(), Retry::After(_)));

    // One thread runs both: were it blocked, the other would never let go.
    let leave = async {
        sleep(Duration::from_millis(50)).await;
        other.execute_batch("COMMIT").unwrap();
    };
    let (kept, ()) = tokio::join!(keep(&store, 1, 1), leave);
    kept.unwrap();
    assert_eq!(store.writer.waiting(), 0);
}

#[tokio::test]
async fn a_full_disk_at_commit_fails_all_and_heals() {
    let folder = Folder::new();
    let store = Arc::new(folder.open().await);
    store.writer.core().await.failing = Some(ffi::Error::new(ffi::SQLITE_FULL));
    for result in together(&store, 5).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "storage.full"));
        assert!(matches!(error.retry(), Retry::After(_)));
    }
    assert_eq!(marks(&store).await, []);
    assert!(together(&store, 5).await.into_iter().all(|result| result.is_ok()));
    assert_eq!((marks(&store).await.len(), store.meter().transactions, store.meter().commits), (5, 5, 1));
}

#[tokio::test]
async fn a_failed_disk_is_final() {
    let folder = Folder::new();
    let store = Arc::new(folder.open().await);
    keep(&store, 99, 1).await.unwrap();
    store.writer.core().await.failing = Some(ffi::Error::new(ffi::SQLITE_IOERR_FSYNC));
    for result in together(&store, 5).await {
        assert_eq!(code(result), "storage.broken");
    }
    let error = keep(&store, 1, 1).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "storage.broken"));
    assert_eq!(marks(&store).await.len(), 1, "what was answered can still be read");
    drop(store);
    keep(&folder.open().await, 1, 1).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_undoes_the_batch_tells_everybody() {
    let folder = Folder::new();
    let store = folder.open().await;
    keep(&store, 0, 0).await.unwrap();
    let limit = |pages: &str| format!("PRAGMA max_page_count = {pages}");
    let now =
        store.writer.core().await.connection().query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0));
    let limited = limit(&(now.unwrap() + 1).to_string());
    store.writer.core().await.connection().query_row(&limited, [], |_| Ok(())).unwrap();

    let mut first = store.begin().await.unwrap();
    mark(&mut first, 1, 1).await.unwrap();
    let mut waiter = pin!(store.begin());
    assert!(poll_once(&mut waiter).await.is_pending());
    let mut commit = pin!(first.commit());
    assert!(poll_once(&mut commit).await.is_pending());
    let mut second = waiter.await.unwrap();
    // SQLite can undo a statement that might abort by itself, but for this one it keeps no journal.
    let big = [Param::Bytes(vec![7; 100_000].into())];
    assert_eq!(code(second.execute("INSERT INTO scraps (raw) VALUES ($1)", &big).await), "storage.full");
    assert_eq!(code(timeout(LONG, commit).await.unwrap()), "storage.full");
    assert_eq!(second.commit().await.unwrap_err().kind(), Kind::Internal);
    assert_eq!(marks(&store).await, [(0, 0, 0)]);

    store.writer.core().await.connection().query_row(&limit("1000000"), [], |_| Ok(())).unwrap();
    keep(&store, 1, 1).await.unwrap();
}

/// Wants a disk of a few megabytes at `BADDIE_SMALL_DISK`, such as a small tmpfs; only root can make one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a small disk"]
async fn a_disk_that_is_really_full_heals() {
    let disk = PathBuf::from(env::var("BADDIE_SMALL_DISK").unwrap());
    let store = Arc::new(open(Options::new(disk.join("shop.db"), MIGRATIONS)).await.unwrap());
    let filler = disk.join("filler");
    let mut acknowledged = 0;
    for round in 0..20 {
        // A file takes the rest of the disk, but for some pages more each time: the failing write is another one.
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[1; 4096]).is_ok() {}
        let size = file.metadata().unwrap().len();
        file.set_len(size - u64::try_from(round).unwrap() * 4096).unwrap();
        drop(file);
        let mut kept = 0;
        let failed = loop {
            let results = together_from(&store, 1000 + round * 100_000 + kept, 8).await;
            kept += 8;
            acknowledged += results.iter().filter(|result| result.is_ok()).count();
            if let Some(error) = results.into_iter().find_map(Result::err) {
                break error;
            }
        };
        assert_eq!(failed.code(), "storage.full", "{failed:?}");
        fs::remove_file(&filler).unwrap();
        keep(&store, round, 1).await.unwrap();
        acknowledged += 1;
    }
    assert_eq!(marks(&store).await.len(), acknowledged);
}
