//! Answers kept ready: what was asked before is told again, byte for byte, as long as nothing has changed.
//!
//! The store says by its revision whether anything has. The revision is taken before an answer is looked up or worked
//! out, so a kept answer is never older than what its asker could have seen.

use std::sync::Arc;

use baddie::ids::ShopId;
use baddie::operations::{Operation, Told};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How large an answer with its question is taken to be, to have room for enough of them.
const USUAL: u64 = 4 << 10;

/// What was asked: of which shop, which operation, with which request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    shop: ShopId,
    operation: &'static str,
    request: Arc<str>,
}

#[derive(Debug, Clone)]
struct Kept {
    revision: u64,
    answer: Bytes,
}

#[derive(Debug, Clone)]
struct Size;

impl Weighter<Question, Kept> for Size {
    fn weight(&self, question: &Question, kept: &Kept) -> u64 {
        (question.request.len() + kept.answer.len() + size_of::<(Question, Kept)>()) as u64
    }
}

/// The answers kept ready; the ones asked for least are let go first.
pub struct Ready(Option<Cache<Question, Kept, Size>>);

/// An answer looked for: there, or where to put it once it is worked out.
pub enum Found<'a> {
    /// It is ready.
    Ready(Bytes),
    /// It has to be worked out.
    Asked(Place<'a>),
}

/// Where an answer goes.
pub struct Place<'a>(Option<(&'a Cache<Question, Kept, Size>, Question, u64)>);

impl Ready {
    /// Keeps answers of at most so many bytes together; with 0 none.
    pub fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        Self((bytes > 0).then(|| Cache::with_weighter(items, bytes, Size)))
    }

    /// Looks for the answer to a request, while the store is at this revision.
    pub fn find(
        &self,
        shop: ShopId,
        operation: &Operation,
        request: &str,
        revision: Option<u64>,
    ) -> Found<'_> {
        let (Some(cache), Some(revision)) = (&self.0, revision) else { return Found::Asked(Place(None)) };
        let question = Question { shop, operation: operation.name, request: request.into() };
        match cache.get(&question) {
            Some(kept) if kept.revision == revision => Found::Ready(kept.answer),
            _ => Found::Asked(Place(Some((cache, question, revision)))),
        }
    }
}

impl Place<'_> {
    /// Keeps an answer, if it can be told again.
    pub fn keep(self, told: Told) -> Bytes {
        let answer = Bytes::from(told.json);
        if let Some((cache, question, revision)) = self.0.filter(|_| told.timeless) {
            cache.insert(question, Kept { revision, answer: answer.clone() });
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use baddie::ids::EntityId as _;

    use super::*;

    fn told(json: &str, timeless: bool) -> Told {
        Told { json: json.to_owned(), timeless }
    }

    #[test]
    fn an_answer_is_ready_until_something_changes() {
        let operation = baddie::operations::find("products.list").unwrap();
        let ready = Ready::new(1 << 20);
        let shop = ShopId::from_u128(7);
        let ask = |shop, request, revision| match ready.find(shop, operation, request, revision) {
            Found::Ready(answer) => Ok(answer),
            Found::Asked(place) => Err(place),
        };
        assert_eq!(ask(shop, "{}", Some(1)).err().unwrap().keep(told("[1]", true)), "[1]");
        assert_eq!(ask(shop, "{}", Some(1)).ok().unwrap(), "[1]");
        let others = [
            (ShopId::from_u128(8), "{}", Some(1)),
            (shop, r#"{"limit":1}"#, Some(1)),
            (shop, "{}", Some(2)),
            (shop, "{}", None),
        ];
        for (shop, request, revision) in others {
            assert!(ask(shop, request, revision).is_err(), "{shop} {request} {revision:?}");
        }
        ask(shop, "{}", Some(2)).err().unwrap().keep(told("[2]", true));
        assert_eq!(ask(shop, "{}", Some(2)).ok().unwrap(), "[2]");
        // What holds only at its moment is not kept.
        ask(shop, "{}", Some(3)).err().unwrap().keep(told("[3]", false));
        assert!(ask(shop, "{}", Some(3)).is_err());
        assert!(matches!(Ready::new(0).find(shop, operation, "{}", Some(1)), Found::Asked(Place(None))));
    }
}
