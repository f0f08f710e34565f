//! Jobs and keys, as the worker sees them: of all shops.

use std::sync::Arc;

use super::outbox::job;
use super::{Stage, here, numbers, there};
use crate::accounts::{ApiKey, Member};
use crate::clock::Timestamp;
use crate::ids::ShopId;
use crate::outbox::{Job, JobKind, JobState};
use crate::storage::{Scope, Storage};
use crate::testing::builders::{Sample, at, lay};

async fn queued(open: &impl AsyncFn() -> Arc<dyn Storage>, here_jobs: &[Job], there_jobs: &[Job]) -> Stage {
    let stage = Stage::set(open).await;
    for (shop, jobs) in [(here(), here_jobs), (there(), there_jobs)] {
        let mut tx = stage.0.begin(Scope::Shop(shop)).await.unwrap();
        tx.add_all(jobs).await.unwrap();
        tx.commit().await.unwrap();
    }
    stage
}

async fn due(stage: &Stage, now: Timestamp, limit: usize, busy: &[(ShopId, String, usize)]) -> Vec<u128> {
    let mut tx = stage.0.read(Scope::System).await.unwrap();
    let due = tx.work().due(now, limit, 2, busy).await.unwrap();
    numbers(due.iter().map(|(_, job)| job.id))
}

fn at_time(mut job: Job, next: u128) -> Job {
    job.next_at = at(next, 0);
    job
}

/// Due jobs come from all shops, those waiting longest first, and no more of a connection than its share.
pub async fn due_jobs_are_shared_out(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::Revise;
    use JobState as S;
    let mine = [
        at_time(job(1, Revise, "a", "1", S::Queued), 9),
        at_time(job(2, Revise, "a", "2", S::Queued), 1),
        at_time(job(3, Revise, "a", "3", S::RetryWait), 2),
        at_time(job(4, Revise, "a", "4", S::NeedsReconcile), 3),
        at_time(job(5, Revise, "b", "5", S::Queued), 4),
        at_time(job(6, Revise, "b", "6", S::Succeeded), 1),
        at_time(job(7, Revise, "b", "7", S::Dead), 1),
    ];
    let theirs = [at_time(job(8, Revise, "a", "2", S::Queued), 5)];
    let stage = queued(open, &mine, &theirs).await;
    assert_eq!(due(&stage, at(0, 99), 9, &[]).await, [0; 0], "nothing before its time");
    assert_eq!(due(&stage, at(8, 0), 9, &[]).await, [2, 3, 5, 8], "another shop's connection is another one");
    assert_eq!(due(&stage, at(8, 0), 3, &[]).await, [2, 3, 5]);
    let busy = [(here(), "a".to_owned(), 1), (there(), "a".to_owned(), 2)];
    assert_eq!(due(&stage, at(8, 0), 9, &busy).await, [2, 5], "who is busy gets less");
    let mut tx = stage.0.read(Scope::System).await.unwrap();
    let (shop, found) = tx.work().due(at(1, 0), 1, 1, &[]).await.unwrap().remove(0);
    assert_eq!((shop, found), (here(), mine[1].clone()));
}

/// A connection with more due than anybody can do does not hide the jobs of another.
pub async fn a_crowd_hides_nobody(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::Revise;
    let mut jobs: Vec<_> =
        (1..=700).map(|n| at_time(job(n, Revise, "crowded", &n.to_string(), JobState::Queued), 1)).collect();
    jobs.push(at_time(job(900, Revise, "quiet", "q", JobState::Queued), 2));
    let stage = queued(open, &jobs, &[]).await;
    assert_eq!(due(&stage, at(5, 0), 64, &[]).await, [1, 2, 900]);
    let busy = [(here(), "crowded".to_owned(), 2)];
    assert_eq!(due(&stage, at(5, 0), 64, &busy).await, [900]);
}

/// Of all who want a job one gets it, and its count of tries goes up.
pub async fn a_lease_is_taken_once(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let first = at_time(job(1, JobKind::End, "a", "1", JobState::Queued), 1);
    let stage = queued(open, std::slice::from_ref(&first), &[]).await;
    let mut tx = stage.system().await;
    assert!(!tx.work().lease(there(), &first, at(9, 0)).await.unwrap(), "it is no job of that shop");
    assert!(tx.work().lease(here(), &first, at(9, 0)).await.unwrap());
    assert!(!tx.work().lease(here(), &first, at(9, 0)).await.unwrap(), "somebody was faster");
    tx.commit().await.unwrap();
    let kept = stage.read().await.load::<Job>(first.id).await.unwrap();
    let expected = Job {
        state: JobState::Leased,
        lease_until: Some(at(9, 0)),
        attempts: first.attempts + 1,
        version: 2,
        ..first
    };
    assert_eq!(kept, expected);
}

/// A job whose worker is gone is due again when its lease has run out, and not before.
pub async fn a_lease_that_ran_out_is_taken_over(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let first = at_time(job(1, JobKind::End, "a", "1", JobState::Queued), 1);
    let stage = queued(open, std::slice::from_ref(&first), &[]).await;
    let mut tx = stage.system().await;
    assert!(tx.work().lease(here(), &first, at(9, 0)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(due(&stage, at(8, 99), 9, &[]).await, [0; 0]);
    assert_eq!(due(&stage, at(9, 0), 9, &[]).await, [1]);
    let orphan = stage.read().await.load::<Job>(first.id).await.unwrap();
    let mut tx = stage.system().await;
    assert!(tx.work().lease(here(), &orphan, at(20, 0)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(stage.read().await.load::<Job>(first.id).await.unwrap().attempts, first.attempts + 2);
}

/// What is said of one thing is said in order: its next job waits for the one under way.
pub async fn one_job_of_a_subject_at_a_time(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use JobKind::{End, Revise};
    let first = at_time(job(1, Revise, "a", "s", JobState::Queued), 1);
    let second = at_time(job(2, End, "a", "s", JobState::Queued), 2);
    let stage = queued(open, &[first.clone(), second], &[]).await;
    assert_eq!(due(&stage, at(5, 0), 9, &[]).await, [1]);
    let mut tx = stage.system().await;
    assert!(tx.work().lease(here(), &first, at(9, 0)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(due(&stage, at(5, 0), 9, &[]).await, [0; 0]);
    let mut tx = stage.write().await;
    let mut under_way = tx.load::<Job>(first.id).await.unwrap();
    under_way.state = JobState::Succeeded;
    under_way.lease_until = None;
    tx.save(&mut under_way).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(&stage, at(5, 0), 9, &[]).await, [2]);
}

/// A token's hash leads to its key and shop, whichever that is.
pub async fn a_key_is_found_by_its_hash(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    for (shop, n) in [(here(), 1), (there(), 2)] {
        let mut tx = stage.0.begin(Scope::Shop(shop)).await.unwrap();
        lay::<Member>(&mut *tx, 2).await.unwrap();
        tx.add(&ApiKey::number(n)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = stage.0.read(Scope::System).await.unwrap();
    let hash = |n: u128| format!("{n:064x}");
    assert_eq!(tx.work().key_by_hash(&hash(1)).await.unwrap(), Some((here(), ApiKey::number(1))));
    assert_eq!(tx.work().key_by_hash(&hash(2)).await.unwrap(), Some((there(), ApiKey::number(2))));
    assert_eq!(tx.work().key_by_hash(&hash(3)).await.unwrap(), None);
}
