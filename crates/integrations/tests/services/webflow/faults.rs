//! Stories of lost answers and wrong ones. However they go, each listing is there once, with what it shall offer; each thing is
//! shown once, as it shall be; and each buyer is written to once.

use std::time::Duration;

use baddie_core::hosting::{HostError, SitePublisher};
use baddie_core::listings::{ChannelError, Observed, Offer, SalesChannel, SentGoods, SentParcel};
use baddie_core::testing::ports::channel::offer;
use baddie_core::testing::ports::site::{SiteRig, exhibit};

use super::channel::{Rig, rig_within};
use super::showcase::at;
use crate::kit::server::{Fault, Reply};

/// Every way to fail, on every one of the tries that a call has.
fn storms() -> Vec<(&'static str, Vec<Fault>)> {
    let all = |fault: Fault| vec![fault; 4];
    let says = |status, body: &str| all(Fault::Instead(Reply::new(status, body.to_owned())));
    let wait = Reply::new(429, r#"{"code":"too_many_requests"}"#).header("retry-after", "45");
    vec![
        ("no answer, nothing done", all(Fault::HangBefore)),
        ("no answer, all done", all(Fault::HangAfter)),
        ("broken before", all(Fault::DropBefore)),
        ("broken after", all(Fault::DropAfter)),
        ("cut off", all(Fault::Truncated)),
        ("without end", all(Fault::Giant)),
        ("failing inside", says(500, "<html>")),
        ("down", says(503, r#"{"code":"service_unavailable","message":"later"}"#)),
        ("too many calls", says(429, "")),
        ("too many calls, with a time to wait", all(Fault::Instead(wait))),
    ]
}

fn storm(faults: &[Fault], calm: usize) -> impl Iterator<Item = Fault> {
    std::iter::repeat_n(Fault::None, calm).chain(faults.to_vec())
}

fn rig() -> Rig {
    rig_within(Duration::from_millis(60), [])
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
            let Ok(found) = rig.webflow.look_up(&rig.at, offer.key, None).await else {
                rig.clock.advance(Duration::from_mins(7));
                continue;
            };
            known = found;
        }
        let id = known.as_ref().map(|shown| shown.external_id.clone());
        let seen = known.as_ref().map(|shown| shown.qty);
        let answer = match (deed, id) {
            (Deed::Publish, Some(_)) => return known,
            (Deed::Publish, None) => SalesChannel::publish(&rig.webflow, &rig.at, offer).await.map(Some),
            (Deed::Revise, Some(id)) => {
                rig.webflow.revise(&rig.at, &id, &Offer { seen, ..offer.clone() }).await.map(Some)
            }
            (Deed::End, Some(id)) => rig.webflow.end(&rig.at, &id).await.map(|()| None),
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

/// A storm over a listing, after so many calls that went well.
async fn over_a_listing(name: &str, faults: &[Fault], calm: usize, deed: Deed) {
    let rig = rig();
    let first = Offer { qty: 3, ..offer(1) };
    if matches!(deed, Deed::Publish) {
        rig.fake.server.plan(storm(faults, calm));
        carry(&rig, deed, &first).await;
    } else {
        carry(&rig, Deed::Publish, &first).await;
        rig.fake.server.plan(storm(faults, calm));
        carry(&rig, deed, &Offer { qty: 5, title: "Mug".into(), ..first }).await;
    }
    let expected = match deed {
        Deed::Publish => ("Enamel mug, number 1", false, Some(3)),
        Deed::Revise => ("Mug", false, Some(5)),
        Deed::End => ("Enamel mug, number 1", true, Some(0)),
    };
    rig.fake.look(|state| {
        let seen: Vec<_> = state.products.values().collect();
        let there = (seen[0].fields["name"].as_str().unwrap(), seen[0].archived, seen[0].quantity);
        assert_eq!((seen.len(), there), (1, expected), "{name} after {calm}: {deed:?}");
        assert!(seen[0].shown.is_some(), "{name} after {calm}: {deed:?}");
    });
}

/// A storm over a site that shows two things, and shall show one of them changed, another one anew, and one no longer.
async fn over_a_showcase(name: &str, faults: &[Fault], calm: usize, begun: bool) {
    let rig = rig();
    if begun {
        SitePublisher::publish(&rig.webflow, &at(), &[exhibit(1), exhibit(2)]).await.unwrap();
        rig.intrude("a-poem").await;
        rig.clock.advance(Duration::from_mins(7));
    }
    rig.fake.server.plan(storm(faults, calm));
    let mut wanted = [exhibit(2), exhibit(3)];
    wanted[0].qty += 1;
    let mut ended = false;
    for _ in 0..40 {
        match SitePublisher::publish(&rig.webflow, &at(), &wanted).await {
            Ok(_) => {
                ended = true;
                break;
            }
            Err(
                HostError::Unknown { .. } | HostError::Unavailable { .. } | HostError::RateLimited { .. },
            ) => {}
            Err(error) => panic!("nobody refused it: {name} after {calm}: {error}"),
        }
        rig.clock.advance(Duration::from_mins(7));
    }
    assert!(ended, "{name} after {calm}");
    rig.fake.server.forgive();
    assert_eq!(rig.seen().await, wanted, "{name} after {calm}");
    assert_eq!(rig.webflow.shown(&at()).await.unwrap(), [&*wanted[0].key, &*wanted[1].key]);
    assert_eq!(rig.others().await.len(), usize::from(begun), "{name} after {calm}");
    rig.fake.look(|state| assert_eq!(state.collections.len(), 1, "{name} after {calm}"));
}

/// A storm over the word that an order is on its way.
async fn over_a_parcel(name: &str, faults: &[Fault], calm: usize) {
    let rig = rig();
    let id = super::channel::published(&rig, 2).await;
    let order = rig.fake.look(|state| state.sell(&id, 2));
    let goods = vec![SentGoods { listing_external_id: Some(id), sku: "MUG-1".into(), qty: 2 }];
    let parcel = SentParcel { carrier: Some("Swift Post".into()), tracking: Some("SP-1".into()), goods };
    rig.fake.server.plan(storm(faults, calm));
    let mut told = Err(ChannelError::NotThere);
    for _ in 0..40 {
        told = rig.webflow.tell_parcels(&rig.at, &order, std::slice::from_ref(&parcel)).await;
        if told.is_ok() {
            break;
        }
        rig.clock.advance(Duration::from_mins(7));
    }
    assert_eq!(told, Ok(()), "{name} after {calm}");
    rig.fake.look(|state| {
        assert_eq!(
            (state.orders[0]["status"].as_str(), state.letters),
            (Some("fulfilled"), 1),
            "{name} after {calm}"
        );
        assert_eq!(state.orders[0]["shippingTracking"], "SP-1", "{name} after {calm}");
    });
}

/// How many stories end as they shall.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, faults) in storms() {
        // The storm breaks over the first call of a deed, over the second, over the third …
        for calm in 0..9 {
            for deed in [Deed::Publish, Deed::Revise, Deed::End] {
                over_a_listing(name, &faults, calm, deed).await;
                stories += 1;
            }
        }
        for calm in 0..12 {
            for begun in [false, true] {
                over_a_showcase(name, &faults, calm, begun).await;
                stories += 1;
            }
        }
        for calm in 0..3 {
            over_a_parcel(name, &faults, calm).await;
            stories += 1;
        }
    }
    stories
}

#[tokio::test]
async fn each_thing_is_there_once_whatever_is_lost() {
    assert_eq!(survived().await, 540);
}
