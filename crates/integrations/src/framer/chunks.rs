use std::collections::BTreeMap;

use serde::Deserialize;

/// Pieces of messages that were too large for one frame.
#[derive(Debug)]
pub struct Chunks {
    /// How much may be kept at once, in bytes.
    most: usize,
    /// By the sender's name for the message: the last piece's number, and what came so far.
    open: BTreeMap<String, (i64, String)>,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(rename = "$chunk")]
    _mark: i64,
    id: serde_json::Value,
    seq: i64,
    data: String,
}

/// What a piece with this number ends.
const LAST: i64 = -1;

impl Chunks {
    /// Keeps no more than this.
    pub fn new(most: usize) -> Self {
        Self { most, open: BTreeMap::new() }
    }

    /// Takes a frame: a message, if it is one or ends one. Pieces come in order, or the message is given up.
    pub fn take(&mut self, frame: String) -> Result<Option<String>, &'static str> {
        // Only an object can be a piece; messages are lists.
        if !frame.starts_with('{') {
            return Ok(Some(frame));
        }
        let Ok(chunk) = serde_json::from_str::<Chunk>(&frame) else { return Ok(Some(frame)) };
        let id = chunk.id.to_string();
        let (before, text) = self.open.remove(&id).unwrap_or((LAST, String::new()));
        if chunk.seq != LAST && chunk.seq <= before {
            return Err("a piece of a message came out of order");
        }
        let kept: usize = self.open.iter().map(|(id, (_, text))| id.len() + text.len()).sum();
        if kept + id.len() + text.len() + chunk.data.len() > self.most {
            return Err("a message in pieces is too large");
        }
        let text = text + &chunk.data;
        if chunk.seq == LAST {
            return Ok(Some(text));
        }
        self.open.insert(id, (chunk.seq, text));
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(id: &str, seq: i64, data: &str) -> String {
        serde_json::json!({"$chunk": 1, "id": id, "seq": seq, "data": data}).to_string()
    }

    #[test]
    fn pieces_make_messages_whole_also_when_two_are_mixed() {
        let mut chunks = Chunks::new(100);
        assert_eq!(chunks.take(piece("a", 0, "[\"o")), Ok(None));
        assert_eq!(chunks.take(piece("b", 0, "[")), Ok(None));
        assert_eq!(chunks.take("[1]".into()), Ok(Some("[1]".into())));
        assert_eq!(chunks.take(piece("a", 1, "n")), Ok(None));
        assert_eq!(chunks.take(piece("b", -1, "2]")), Ok(Some("[2]".into())));
        assert_eq!(chunks.take(piece("a", -1, "e\"]")), Ok(Some("[\"one\"]".into())));
        assert!(chunks.open.is_empty());
    }

    #[test]
    fn pieces_out_of_order_or_without_end_are_refused() {
        let mut chunks = Chunks::new(100);
        assert_eq!(chunks.take(piece("a", 1, "x")), Ok(None));
        assert!(chunks.take(piece("a", 1, "x")).is_err());
        let mut chunks = Chunks::new(100);
        let taken: Result<Vec<_>, _> =
            (0..1_000).map(|seq| chunks.take(piece(&seq.to_string(), seq, "x"))).collect();
        assert!(taken.is_err());
        assert_eq!(chunks.take("{\"other\":1}".into()), Ok(Some("{\"other\":1}".into())));
    }
}
