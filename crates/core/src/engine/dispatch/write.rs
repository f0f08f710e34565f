//! Asking the hosted model for a text: within the shop's budget, and its text is checked like every other. Where nothing
//! comes of it, the engine's own writer writes.

use std::time::Duration;

use super::{Engine, Work};
use crate::accounts::{Actor, Shop};
use crate::clock::{Date, Timestamp, Zone};
use crate::engine::listings::facts_of;
use crate::error::Result;
use crate::ids::{EntityId, ShopId, TextId};
use crate::listings::{
    Facts, HostedWriter, ListingDraft, ListingModel, ListingText, Text, TextAnswer, TextFault, TextState,
    TextTask,
};
use crate::outbox::{Job, Outcome};
use crate::storage::Scope;

/// How often a model that does not answer is asked.
const PATIENCE: i64 = 3;
/// How often it may write in one go: a text that breaks rules goes back once, with what is wrong.
const ROUNDS: usize = 2;

/// No text takes more tokens than this, whatever its model says.
const MOST_BELIEVED: i64 = 10_000_000;

/// A text being asked for: of whom, for whom, and from what.
struct Asking<'a> {
    engine: &'a Engine,
    shop: ShopId,
    id: TextId,
    own: &'a dyn ListingModel,
    hosted: &'a HostedWriter,
    facts: &'a Facts,
    rules: &'a str,
}

/// What came of asking.
enum Heard {
    /// A text that may be said.
    Draft(Box<ListingDraft>),
    /// Nothing, and why.
    Nothing(String),
    /// Nothing now.
    Later { problem: String, wait: Duration },
}

impl Engine {
    pub(super) async fn do_write(&self, shop: ShopId, job: &mut Job) -> Result<Outcome> {
        let id = TextId::parse(&job.subject)?;
        let own = self.0.listing_model()?.clone();
        let look = self.0.storage.read(Scope::Shop(shop)).await?;
        let mut look = Work::new(look, self.0.clone(), Actor::System);
        let text = look.tx.load::<ListingText>(id).await?;
        if text.state == TextState::Written {
            return Ok(Outcome::Moot);
        }
        let facts = facts_of(&mut *look.tx, text.variant_id, text.attributes).await?;
        let hosted = look.text_model().await?;
        drop(look);
        let heard = match &hosted {
            Some(hosted) => {
                let (engine, facts, rules) = (self, &facts, text.rules.as_str());
                Asking { engine, shop, id, own: &*own, hosted, facts, rules }.ask(job).await?
            }
            None => Heard::Nothing("there is no hosted model any longer".to_owned()),
        };
        let (draft, problem) = match heard {
            Heard::Draft(draft) => (*draft, None),
            Heard::Later { problem, wait } if job.attempts < PATIENCE => {
                return Ok(Outcome::Again { error: problem, wait: Some(wait) });
            }
            Heard::Nothing(problem) | Heard::Later { problem, .. } => {
                (own.draft(&facts, &text.rules, None)?, Some(problem))
            }
        };
        let mut work = self.work(shop).await?;
        let mut text = work.tx.hold::<ListingText>(id).await?;
        if text.state == TextState::Asked {
            let told = serde_json::json!({
                "variant_id": text.variant_id, "model": draft.model, "problem": problem
            });
            text.written(draft, problem)?;
            work.tx.save(&mut text).await?;
            work.emit("listing.text_written", id, &told).await?;
        }
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }
}

impl Asking<'_> {
    /// Asks the model until its text may be said, or there is no use in asking again.
    async fn ask(&self, job: &mut Job) -> Result<Heard> {
        let Self { own, hosted, facts, rules, .. } = *self;
        let mut task = TextTask { facts: facts.clone(), limits: own.limits(rules)?, faults: Vec::new() };
        for _ in 0..ROUNDS {
            let most = hosted.model.most_tokens(&task);
            if let Some(problem) = self.set_aside(job, most).await? {
                return Ok(Heard::Nothing(problem));
            }
            let answer = hosted.model.write(&task).await;
            let took = match &answer {
                Ok(answer) => answer.tokens,
                Err(failure) => failure.tokens,
            };
            let took = took.unwrap_or(most).clamp(0, MOST_BELIEVED);
            self.give_back(most - took).await?;
            let answer = match answer {
                Ok(answer) => answer,
                Err(failure) => {
                    return Ok(match failure.later {
                        Some(wait) => Heard::Later { problem: failure.reason, wait },
                        None => Heard::Nothing(failure.reason),
                    });
                }
            };
            let mut draft = own.draft(facts, rules, Some(text_of(answer)))?;
            task.faults = draft.faults.iter().filter(|fault| is_in_text(fault)).cloned().collect();
            if task.faults.is_empty() {
                draft.model = hosted.model.name();
                return Ok(Heard::Draft(Box::new(draft)));
            }
        }
        let faults: Vec<String> =
            task.faults.iter().map(|fault| format!("{}: {}", fault.field, fault.what)).collect();
        let name = hosted.model.name();
        Ok(Heard::Nothing(format!("what {name} wrote may not be said: {}", faults.join("; "))))
    }

    /// Sets aside what a call may take, and keeps the job; why not, where the month's budget does not reach.
    async fn set_aside(&self, job: &mut Job, most: i64) -> Result<Option<String>> {
        let mut work = self.engine.work(self.shop).await?;
        // Whoever else sets aside for this shop waits and sees.
        let zone = work.tx.hold::<Shop>(self.shop).await?.time_zone;
        let taken = work.tx.listings().tokens_since(start_of_month(&zone, work.now)).await?;
        let budget = self.hosted.tokens_per_month;
        if taken.saturating_add(most) > budget {
            return Ok(Some(format!(
                "the month's {budget} tokens for texts do not reach: {taken} are taken, and this may take {most}"
            )));
        }
        let mut text = work.tx.hold::<ListingText>(self.id).await?;
        text.tokens = text.tokens.saturating_add(most);
        work.tx.save(&mut text).await?;
        job.lease_until = Some(work.now.plus(job.kind.lease()));
        work.tx.save(job).await?;
        work.tx.commit().await?;
        Ok(None)
    }

    /// Gives back what a call was known not to take.
    async fn give_back(&self, tokens: i64) -> Result<()> {
        let mut work = self.engine.work(self.shop).await?;
        let mut text = work.tx.hold::<ListingText>(self.id).await?;
        text.tokens = text.tokens.saturating_sub(tokens).max(0);
        work.tx.save(&mut text).await?;
        work.tx.commit().await
    }
}

fn text_of(answer: TextAnswer) -> Text {
    let TextAnswer { title, description, tags, .. } = answer;
    Text { title, description, tags, claims: Vec::new() }
}

/// Whether a fault is one of the words, which a writer can mend.
fn is_in_text(fault: &TextFault) -> bool {
    fault.field != "condition"
}

fn start_of_month(zone: &Zone, now: Timestamp) -> Timestamp {
    let today = zone.date_of(now);
    zone.start_of(Date::from_ymd(today.year(), today.month(), 1).unwrap_or(today))
}
