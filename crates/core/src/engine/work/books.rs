use super::Work;
use crate::error::Result;
use crate::ledger::{Draft, Entry};

impl Work {
    /// Posts a draft to the books on today's business day. A draft that moves nothing posts nothing.
    pub(in crate::engine) async fn post(&mut self, draft: Draft) -> Result<Option<Entry>> {
        if draft.is_empty() {
            return Ok(None);
        }
        let day = self.today().await?;
        let (entry, postings) = draft.seal(&self.engine.ids, self.now, day)?;
        self.tx.ledger().post(&entry, &postings).await?;
        Ok(Some(entry))
    }
}
