//! Jobs, as their shop sees them.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::outbox::{Event, Job, JobKind, JobState};
use crate::storage::Storage;
use crate::testing::builders::{Sample, at, id};

pub(super) fn job(n: u128, kind: JobKind, connection: &str, subject: &str, state: JobState) -> Job {
    Job {
        kind,
        connection: connection.into(),
        subject: subject.into(),
        state,
        lease_until: None,
        ..Job::sample(n, n, true)
    }
}

/// While a job waits, an equal one is passed over; once it is taken, the next one waits for its turn.
pub async fn equal_jobs_become_one(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::{End, Revise};
    use JobState::Queued;
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let first = job(1, Revise, "c", "s", Queued);
    tx.outbox().queue(std::slice::from_ref(&first)).await.unwrap();
    let more = [
        job(2, Revise, "c", "s", Queued),
        job(3, End, "c", "s", Queued),
        job(4, Revise, "c", "t", Queued),
        job(5, Revise, "c", "t", Queued),
    ];
    tx.outbox().queue(&more).await.unwrap();
    tx.outbox().queue(&[]).await.unwrap();
    assert_eq!(
        numbers(tx.many::<Job>(&more.each_ref().map(|job| job.id)).await.unwrap().iter().map(|job| job.id)),
        [3, 4]
    );
    assert_eq!(tx.find::<Job>(first.id).await.unwrap(), Some(first.clone()), "the first stays as it was");
    let mut taken = first;
    taken.state = JobState::Leased;
    tx.save(&mut taken).await.unwrap();
    tx.outbox().queue(&[job(6, Revise, "c", "s", Queued), job(7, Revise, "c", "s", Queued)]).await.unwrap();
    tx.commit().await.unwrap();
    let kept =
        stage.read().await.outbox().jobs(Some(Queued), &crate::page::PageRequest::default()).await.unwrap();
    assert_eq!(numbers(kept.items.iter().map(|job| job.id)), [6, 4, 3]);
}

/// Jobs are found by state, counted by state, and found by the subjects that nobody is at yet.
pub async fn jobs_are_found_and_counted(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::{End, Publish, Revise};
    use JobState as S;
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let jobs = [
        job(1, Revise, "c", "s", S::Queued),
        job(2, Revise, "c", "s", S::Dead),
        job(3, End, "c", "s", S::RetryWait),
        job(4, Publish, "c", "s", S::Leased),
        job(5, Revise, "c", "t", S::Queued),
    ];
    tx.add_all(&jobs).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (state, expected) in
        [(None, vec![5, 4, 3, 2, 1]), (Some(S::Queued), vec![5, 1]), (Some(S::Cancelled), vec![])]
    {
        let found = walk(2, async |page| tx.outbox().jobs(state, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|job| job.id)), expected, "{state:?}");
    }
    let counts = tx.outbox().job_counts().await.unwrap();
    assert_eq!(counts, [(S::Dead, 1), (S::Leased, 1), (S::Queued, 2), (S::RetryWait, 1)]);
    for (subjects, expected) in [(vec!["s"], vec![1, 3]), (vec!["t", "s"], vec![1, 3, 5]), (vec![], vec![])] {
        let subjects: Vec<_> = subjects.into_iter().map(str::to_owned).collect();
        let found = tx.outbox().waiting_for(&subjects).await.unwrap();
        assert_eq!(numbers(found.iter().map(|job| job.id)), expected, "{subjects:?}");
    }
    let mut tx = stage.read_there().await;
    assert_eq!(tx.outbox().job_counts().await.unwrap(), []);
    assert_eq!(tx.outbox().waiting_for(&["s".into()]).await.unwrap(), []);
}

/// Work that is not concluded is known by its kind, its connection and the time by which it was queued.
pub async fn unfinished_work_is_known(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::{Hear, Pay};
    use JobState as S;
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let (early, late) = (at(1, 0), at(1, 1));
    let states = [S::Queued, S::Leased, S::RetryWait, S::NeedsReconcile, S::Succeeded, S::Dead, S::Cancelled];
    for (n, state) in (1..).zip(states) {
        let kept = job(n, Pay, &format!("{state}"), &format!("s{n}"), state);
        tx.add(&Job { created_at: late, ..kept }).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (n, state) in states.into_iter().enumerate() {
        let name = state.to_string();
        assert_eq!(tx.outbox().is_at_work(Pay, &name, late).await.unwrap(), n < 4, "{name}");
        assert!(!tx.outbox().is_at_work(Pay, &name, early).await.unwrap(), "{name}, earlier");
        assert!(!tx.outbox().is_at_work(Hear, &name, late).await.unwrap(), "{name}, another kind");
    }
    let mut tx = stage.read_there().await;
    assert!(!tx.outbox().is_at_work(Pay, "queued", late).await.unwrap(), "of another shop");
}

/// The newest event is the one with the greatest id, whenever it was added.
pub async fn the_newest_event_is_known(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    assert_eq!(tx.outbox().last_event().await.unwrap(), None);
    tx.add_all(&[Event::number(3), Event::number(9), Event::number(4)]).await.unwrap();
    assert_eq!(tx.outbox().last_event().await.unwrap(), Some(id(9)));
    tx.commit().await.unwrap();
    assert_eq!(stage.read().await.outbox().last_event().await.unwrap(), Some(id(9)));
    assert_eq!(stage.read_there().await.outbox().last_event().await.unwrap(), None);
}
