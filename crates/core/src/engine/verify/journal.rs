//! What is written down beside the trade: jobs, kept answers, imports, numbers, people.

use super::{Checker, Pages, Seen};
use crate::accounts::{ApiKey, Member, MemberStatus, Role, Series};
use crate::clock::Timestamp;
use crate::entity::Word;
use crate::error::Result;
use crate::ids::{EntityId, OrderId};
use crate::journal::{IdempotencyRecord, ImportRun, ImportState, KeptAnswer};
use crate::outbox::{Event, Job, JobState};
use crate::storage::Tx;

/// Answers read at once.
const ANSWERS: usize = 500;
/// By how much the clocks of two workers may differ.
const SKEW: std::time::Duration = std::time::Duration::from_mins(10);

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen, now: Timestamp) -> Result<()> {
    people(tx, checker, seen).await?;
    jobs(tx, checker, seen, now).await?;
    for id in &seen.unsent {
        checker.check("M5", seen.waiting.contains(&id.to_string()), id, || {
            "it was never sent, and nothing will send it".into()
        });
    }
    events(tx, checker).await?;
    answers(tx, checker, seen).await?;
    imports(tx, checker).await?;
    numbers(tx, checker, seen).await
}

async fn people(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut owners = 0;
    let mut pages = Pages::new();
    while let Some(members) = pages.next::<Member>(tx).await? {
        for member in members {
            owners += i64::from(member.role == Role::Owner && member.status == MemberStatus::Active);
            seen.members.insert(member.id);
        }
    }
    checker.check("owners", owners > 0, "members", || "the shop has no active owner".into());
    let mut pages = Pages::new();
    while let Some(keys) = pages.next::<ApiKey>(tx).await? {
        for key in keys {
            let hashed = key.hash.len() == 64 && key.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            checker.check("F8", hashed, key.id, || "it is not kept as a hash".into());
        }
    }
    Ok(())
}

async fn jobs(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen, now: Timestamp) -> Result<()> {
    let mut queued = std::collections::HashSet::new();
    let mut pages = Pages::new();
    while let Some(jobs) = pages.next::<Job>(tx).await? {
        for job in jobs {
            let leased = job.state == JobState::Leased;
            let latest = now.plus(job.kind.lease()).plus(SKEW);
            let ends = job.lease_until.is_some_and(|until| until <= latest);
            checker.check("jobs", !leased || ends, job.id, || {
                format!("a worker has it until {:?}: nobody else will take it", job.lease_until)
            });
            checker.check("jobs", job.attempts >= 0, job.id, || format!("tried {} times", job.attempts));
            if job.state == JobState::Queued {
                let place = (job.kind.as_str(), job.subject.clone());
                checker.check("jobs", queued.insert(place), job.id, || {
                    format!("a second {} waits for {}", job.kind, job.subject)
                });
            }
            if !matches!(job.state, JobState::Succeeded | JobState::Cancelled) {
                seen.waiting.insert(job.subject);
            }
        }
    }
    Ok(())
}

async fn events(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(events) = pages.next::<Event>(tx).await? {
        for event in events {
            let readable = serde_json::from_str::<serde::de::IgnoredAny>(event.data.as_str()).is_ok();
            checker.check("F2", readable && !event.subject.is_empty(), event.id, || {
                format!("what there is to know of {} cannot be read", event.kind)
            });
        }
    }
    Ok(())
}

async fn answers(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    let mut after: Option<(String, String)> = None;
    loop {
        let from = after.as_ref().map(|(scope, key)| (scope.as_str(), key.as_str()));
        let answers = tx.journal().answers(from, ANSWERS).await?;
        for record in &answers {
            let IdempotencyRecord { scope, key, at, keep_until, .. } = record;
            let named = !key.is_empty() && scope.contains('/') && keep_until > at;
            checker.check("F1", named, format!("{scope} {key}"), || {
                "an answer without a key, an operation or a time to keep it".into()
            });
            let about = about(&record.answer);
            let there = about.is_none_or(|order| seen.orders.contains(&order));
            checker.check("F1", there, format!("{scope} {key}"), || {
                format!("it answers with an order that is not there: {about:?}")
            });
        }
        match answers.last() {
            Some(last) if answers.len() == ANSWERS => after = Some((last.scope.clone(), last.key.clone())),
            _ => return Ok(()),
        }
    }
}

/// The order that an answer tells of.
fn about(answer: &KeptAnswer) -> Option<OrderId> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
    }
    let KeptAnswer::Done(json) = answer else { return None };
    OrderId::parse(&serde_json::from_str::<Named>(json).ok()?.id).ok()
}

async fn imports(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(runs) = pages.next::<ImportRun>(tx).await? {
        for run in runs {
            let counted =
                run.accepted >= 0 && run.rejected >= 0 && run.rows_done == run.accepted + run.rejected;
            let ended = run.state.is_final() == run.ended_at.is_some();
            let whole = run.state != ImportState::Applied || run.rejected == 0;
            checker.check("imports", counted && ended && whole, run.id, || {
                let ImportRun { state, rows_done, accepted, rejected, .. } = run;
                format!("it is {state}: {rows_done} rows, {accepted} written, {rejected} refused")
            });
        }
    }
    Ok(())
}

/// Numbers for people have no gaps, and none was given that the series does not know of.
async fn numbers(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    for series in Series::ALL {
        let last = tx.accounts().last_number(*series).await?;
        let given = seen.numbers.get(series.as_str());
        let count = given.map_or(0, |numbers| i64::try_from(numbers.len()).unwrap_or(i64::MAX));
        let greatest = given.and_then(|numbers| numbers.last()).copied().unwrap_or(0);
        checker.check("numbers", count == last && greatest == last, series, || {
            let lacks = given.and_then(|numbers| (1..=last).find(|number| !numbers.contains(number)));
            format!(
                "{last} were taken, {count} are in use up to {greatest}; the first that lacks is {lacks:?}"
            )
        });
    }
    Ok(())
}
