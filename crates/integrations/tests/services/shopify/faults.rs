//! Stories of lost answers and wrong ones. However they go, each listing is there once, with what it shall offer.

use std::time::Duration;

use baddie_core::listings::{ChannelError, Observed, Offer, SalesChannel};
use baddie_core::testing::ports::channel::offer;
use serde_json::json;

use super::channel::{Rig, rig_within};
use crate::kit::server::{Fault, Reply};

/// Every way to fail, on every one of the tries that a call has.
fn storms() -> Vec<(&'static str, Vec<Fault>)> {
    let all = |fault: Fault| vec![fault; 4];
    let says = |status, body: &str| all(Fault::Instead(Reply::new(status, body.to_owned())));
    let throttled =
        json!({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}).to_string();
    let inside =
        json!({"errors": [{"message": "oh", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}).to_string();
    vec![
        ("no answer, nothing done", all(Fault::HangBefore)),
        ("no answer, all done", all(Fault::HangAfter)),
        ("broken before", all(Fault::DropBefore)),
        ("broken after", all(Fault::DropAfter)),
        ("cut off", all(Fault::Truncated)),
        ("without end", all(Fault::Giant)),
        ("failing inside", says(500, "<html>")),
        ("failing inside, with status 200", says(200, &inside)),
        ("too many calls", says(429, "")),
        ("too many points", says(200, &throttled)),
    ]
}

/// What is done to a listing.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Publish,
    Revise,
    End,
}

/// Does it as the engine does: tries, and looks before it tries again.
async fn carry(rig: &Rig, deed: Deed, offer: &Offer) -> Option<Observed> {
    let mut known: Option<Observed> = None;
    let mut may_have_happened = !matches!(deed, Deed::Publish);
    for _ in 0..40 {
        if may_have_happened {
            match rig.shopify.look_up(&rig.at, offer.key, None).await {
                Ok(found) => known = found,
                Err(_) => continue,
            }
        }
        let id = known.as_ref().map(|shown| shown.external_id.clone());
        let seen = known.as_ref().map(|shown| shown.qty);
        let answer = match (deed, id) {
            (Deed::Publish, Some(_)) => return known,
            (Deed::Publish, None) => rig.shopify.publish(&rig.at, offer).await.map(Some),
            (Deed::Revise, Some(id)) => {
                rig.shopify.revise(&rig.at, &id, &Offer { seen, ..offer.clone() }).await.map(Some)
            }
            (Deed::End, Some(id)) => rig.shopify.end(&rig.at, &id).await.map(|()| None),
            (_, None) => panic!("a listing that was there is not found"),
        };
        match answer {
            Ok(shown) => return shown,
            Err(ChannelError::Unknown { .. }) => may_have_happened = true,
            Err(ChannelError::RateLimited { .. } | ChannelError::Unavailable { .. }) => {}
            Err(error) => panic!("nobody refused it: {error}"),
        }
        rig.clock.advance(Duration::from_mins(7));
    }
    panic!("it never came to anything");
}

/// How many stories end with one listing that is as it shall be.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, faults) in storms() {
        // The storm breaks over the first call of a deed, over the second, over the third …
        for calm in 0..6 {
            for deed in [Deed::Publish, Deed::Revise, Deed::End] {
                let rig = rig_within(Duration::from_millis(100), []);
                let storm = std::iter::repeat_n(Fault::None, calm).chain(faults.clone());
                let first = Offer { qty: 3, ..offer(1) };
                if matches!(deed, Deed::Publish) {
                    rig.fake.server.plan(storm);
                    carry(&rig, deed, &first).await;
                } else {
                    carry(&rig, Deed::Publish, &first).await;
                    rig.fake.server.plan(storm);
                    carry(&rig, deed, &Offer { qty: 5, title: "Mug".into(), ..first }).await;
                }
                rig.fake.server.forgive();
                let expected = match deed {
                    Deed::Publish => ("Enamel mug, number 1", "ACTIVE", 3),
                    Deed::Revise => ("Mug", "ACTIVE", 5),
                    Deed::End => ("Enamel mug, number 1", "ARCHIVED", 3),
                };
                rig.fake.look(|state| {
                    let seen: Vec<_> = state.products.values().collect();
                    let there = (seen[0].title.as_str(), seen[0].status.as_str(), seen[0].available);
                    assert_eq!((seen.len(), there), (1, expected), "{name} after {calm}: {deed:?}");
                    assert!(seen[0].shown, "{name} after {calm}: {deed:?}");
                });
                stories += 1;
            }
        }
    }
    stories
}

#[tokio::test]
async fn a_listing_is_there_once_whatever_is_lost() {
    assert_eq!(survived().await, 180);
}
