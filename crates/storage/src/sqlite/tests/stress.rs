//! Many tasks that commit, fail, drop and are cancelled at chosen moments: what lasts is what was acknowledged.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::time::{sleep, timeout};

use super::*;

const TASKS: i64 = 64;
const STEPS: i64 = 40;
const PARTS: i64 = 3;

/// What a transaction's author knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Kept,
    Undone,
    /// Cancelled while it ran: whole or absent.
    Either,
}

async fn attempt(store: &Sqlite, task: i64, step: i64, fate: u64) -> Result<Known> {
    let mut transaction = store.begin().await?;
    for part in 0..PARTS {
        transaction.execute(MARK, &[task.into(), step.into(), part.into()]).await?;
        if fate == 0 && part == 1 {
            return Ok(Known::Undone);
        }
        // Some hold the writer over a wait, as a transaction that is scheduled badly does.
        if fate == 1 {
            tokio::task::yield_now().await;
        }
    }
    if fate == 2 {
        let again = transaction.execute(MARK, &[task.into(), step.into(), 0.into()]).await;
        assert_eq!(code(again), "storage.duplicate");
        return Ok(Known::Undone);
    }
    if fate == 3 {
        return Ok(Known::Undone);
    }
    transaction.commit().await?;
    Ok(Known::Kept)
}

/// Lets a future wait `patience` times, then once more unwatched, so that what it waits for may come; then drops it.
async fn cut_short<T>(future: impl Future<Output = T>, mut patience: u64, unwatched: Duration) -> Option<T> {
    let mut future = pin!(future);
    let done = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if patience == 0 => Poll::Ready(None),
        Poll::Pending => {
            patience -= 1;
            Poll::Pending
        }
    })
    .await;
    if done.is_none() && !unwatched.is_zero() {
        sleep(unwatched).await;
    }
    done
}

async fn work(store: Arc<Sqlite>, task: i64, seed: u64) -> Vec<(i64, Known)> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::try_from(task + 1).unwrap());
    let mut known = Vec::new();
    for step in 0..STEPS {
        let (fate, cancelled) = (dice.roll(10), dice.roll(4) == 0);
        let attempt = attempt(&store, task, step, fate);
        let outcome = if cancelled {
            let unwatched = Duration::from_micros(dice.roll(2) * dice.roll(2000));
            cut_short(attempt, dice.roll(4), unwatched).await.unwrap_or(Ok(Known::Either))
        } else {
            attempt.await
        };
        known.push((step, outcome.unwrap()));
    }
    known
}

async fn trial(seed: u64, options: Options) {
    let store = Arc::new(open(options.clone()).await.unwrap());
    let tasks: Vec<_> =
        (0..TASKS).map(|task| (task, tokio::spawn(work(Arc::clone(&store), task, seed)))).collect();
    let mut known = BTreeMap::new();
    for (task, running) in tasks {
        for (step, outcome) in timeout(LONG, running).await.expect("no task hangs").unwrap() {
            known.insert((task, step), outcome);
        }
    }
    assert_eq!(store.writer.waiting(), 0);
    drop(timeout(LONG, store.begin()).await.unwrap().unwrap());
    let meter = store.meter();
    drop(store);

    let mut found = BTreeMap::<_, i64>::new();
    for (task, step, _) in marks(&open(options).await.unwrap()).await {
        *found.entry((task, step)).or_default() += 1;
    }
    let mut counts = [0; 3];
    for (which, outcome) in &known {
        let parts = found.remove(which).unwrap_or(0);
        let right = match outcome {
            Known::Kept => parts == PARTS,
            Known::Undone => parts == 0,
            Known::Either => parts == 0 || parts == PARTS,
        };
        assert!(right, "seed {seed}: {which:?} is {outcome:?} and has {parts} parts");
        counts[*outcome as usize] += 1;
    }
    assert!(found.is_empty(), "seed {seed}: never attempted: {found:?}");
    assert!(counts.iter().all(|&count| count > 50), "seed {seed}: every fate is met: {counts:?}");
    assert!(meter.commits < meter.transactions, "seed {seed}: {meter:?}");
    println!("seed {seed}: kept, undone, cancelled {counts:?}; {meter:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_lasts_is_what_was_acknowledged() {
    for seed in 1..=3 {
        let folder = Folder::new();
        trial(seed, folder.options()).await;
        let folder = Folder::new();
        trial(seed, Options { largest_batch: 7, ..folder.options() }).await;
    }
}
