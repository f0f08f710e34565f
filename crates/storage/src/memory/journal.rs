use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::error::Result;
use baddie_core::journal::{IdempotencyRecord, ImportKind, ImportRun, JournalStore};

use super::MemoryTransaction;
use super::table::duplicate;

#[async_trait]
impl JournalStore for MemoryTransaction {
    async fn recall(&mut self, scope: &str, key: &str) -> Result<Option<IdempotencyRecord>> {
        let place = (self.shop, scope.to_owned(), key.to_owned());
        Ok(self.state().answers.rows().get(&place).cloned())
    }

    async fn remember(&mut self, record: &IdempotencyRecord) -> Result<()> {
        let place = (self.shop, record.scope.clone(), record.key.clone());
        let answers = &mut self.state_mut()?.answers;
        if answers.rows().contains_key(&place) {
            return Err(duplicate(&record.key));
        }
        answers.set(place, Some(record.clone()));
        Ok(())
    }

    async fn answers(&mut self, after: Option<(&str, &str)>, limit: usize) -> Result<Vec<IdempotencyRecord>> {
        let shop = self.shop;
        let mut mine: Vec<_> = self
            .state()
            .answers
            .rows()
            .iter()
            .filter(|(place, _)| place.0 == shop && after.is_none_or(|after| (&*place.1, &*place.2) > after))
            .map(|(_, kept)| kept.clone())
            .collect();
        mine.sort_by(|a, b| (&a.scope, &a.key).cmp(&(&b.scope, &b.key)));
        mine.truncate(limit);
        Ok(mine)
    }

    async fn answers_run_out(&mut self, now: Timestamp) -> Result<bool> {
        let shop = self.shop;
        Ok(self.state().answers.rows().iter().any(|(place, kept)| place.0 == shop && kept.keep_until <= now))
    }

    async fn forget_answers(&mut self, now: Timestamp) -> Result<u64> {
        let shop = self.shop;
        let answers = &mut self.state_mut()?.answers;
        let old: Vec<_> =
            answers.rows().iter().filter(|(place, kept)| place.0 == shop && kept.keep_until <= now).collect();
        let old: Vec<_> = old.into_iter().map(|(place, _)| place.clone()).collect();
        for place in &old {
            answers.set(place.clone(), None);
        }
        Ok(old.len() as u64)
    }

    async fn import_of(&mut self, kind: ImportKind, file_hash: &str) -> Result<Option<ImportRun>> {
        Ok(self.one(|run: &ImportRun| run.kind == kind && run.file_hash == file_hash))
    }
}
