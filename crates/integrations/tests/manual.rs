//! The manual channel against the port's contract, as far as a channel that remembers nothing can keep it: it cannot
//! say what it has never seen, and nobody buys there.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::channel_conformance;
use baddie_core::ids::ListingId;
use baddie_core::listings::{Channel, SalesChannel};
use baddie_core::testing::ports::channel::{ChannelRig, connect, offer};
use baddie_integrations::manual::{KIND, Manual};

struct Rig(Channel);

#[async_trait]
impl ChannelRig for Rig {
    fn port(&self) -> &dyn SalesChannel {
        &Manual
    }
    fn at(&self) -> &Channel {
        &self.0
    }
    async fn sell(&self, _external_id: &str, _qty: i64) -> String {
        unreachable!("nobody buys on paper")
    }
    async fn count(&self, _key: ListingId) -> usize {
        1
    }
    async fn wait(&self, _time: Duration) {}
}

fn rig() -> Rig {
    Rig(connect(1, KIND, &Manual, serde_json::Value::Null))
}

channel_conformance!([tokio::test] contract, rig, [each_key_has_one_listing ending_twice_succeeds]);

#[tokio::test]
async fn what_is_said_is_what_is_shown() {
    let Rig(at) = rig();
    let shown = Manual.publish(&at, &offer(1)).await.unwrap();
    assert_eq!((shown.qty, shown.price), (1, offer(1).price));
    assert_eq!(shown.external_id, offer(1).key.to_string());
    let pulled = Manual.pull(&at, Some("here")).await.unwrap();
    assert_eq!((pulled.notices.len(), pulled.cursor.as_deref(), pulled.more), (0, Some("here"), false));
}
