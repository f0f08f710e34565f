//! The showcase against its port's contract, on good days and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::hosting::{Exhibit, HostError, Showcase, SitePublisher};
use baddie_core::money::Money;
use baddie_core::site_conformance;
use baddie_core::testing::ports::site::{SiteRig, exhibit};
use baddie_integrations::http::Limits;
use baddie_integrations::webflow::{Config, Webflow};
use serde_json::{Map, Value, json};

use super::channel::{Rig, bad_day, config, rig};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

const NAME: &str = "Second Spring Things";

/// Where things are shown.
pub(crate) fn at() -> Showcase {
    Showcase { site: None, collection: NAME.into() }
}

/// The thing that visitors see, read back.
fn read(fields: &Map<String, Value>) -> Option<Exhibit> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = fields.get("baddie-key").and_then(Value::as_str)?.to_owned();
    let price = text("price");
    let (amount, currency) = price.split_once(' ').unwrap();
    let price: Money =
        currency.parse::<baddie_core::money::Currency>().unwrap().parse_amount(amount).unwrap();
    let url = Some(text("link")).filter(|url| !url.is_empty());
    let (title, description) = (text("name"), text("description"));
    Some(Exhibit {
        key,
        slug: text("slug"),
        title,
        description,
        price,
        qty: fields["quantity"].as_i64().unwrap(),
        url,
    })
}

#[async_trait]
impl SiteRig for Rig {
    fn port(&self) -> &dyn SitePublisher {
        &self.webflow
    }

    fn at(&self) -> Showcase {
        at()
    }

    async fn seen(&self) -> Vec<Exhibit> {
        let mut seen: Vec<_> = self.fake.look(|state| state.visible(NAME).iter().filter_map(read).collect());
        seen.sort_by(|a: &Exhibit, b| a.key.cmp(&b.key));
        seen
    }

    async fn intrude(&self, slug: &str) {
        self.fake.look(|state| {
            let id = state.collections.keys().next().unwrap().clone();
            let fields =
                Map::from_iter([("name".to_owned(), json!("A poem")), ("slug".to_owned(), json!(slug))]);
            let item = state.add_item(&id, fields.clone());
            state.collections.get_mut(&id).unwrap().live.insert(item, fields);
        });
    }

    async fn others(&self) -> Vec<String> {
        let slug = |fields: &Map<String, Value>| {
            (read(fields).is_none()).then(|| fields["slug"].as_str().unwrap().to_owned())
        };
        let mut others: Vec<_> =
            self.fake.look(|state| state.visible(NAME).iter().filter_map(slug).collect());
        others.sort();
        others
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

site_conformance!([tokio::test] a_good_day, || rig([]));
site_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

#[tokio::test]
async fn a_showcase_that_is_as_it_shall_be_costs_no_publication() {
    let rig = rig([]);
    rig.webflow.publish(&at(), &[exhibit(1)]).await.unwrap();
    let published = rig.webflow.publish(&at(), &[exhibit(1)]).await.unwrap();
    assert_eq!(published.hostnames, ["shop.example.com", "second-spring.webflow.io"]);
    assert_eq!(rig.fake.look(|state| state.publications), 1);
}

#[tokio::test]
async fn pages_are_gone_through_to_their_end() {
    for (most, count) in [(3, 0), (3, 1), (3, 3), (3, 6), (3, 7), (100, 100), (100, 101)] {
        let rig = rig([]);
        rig.fake.look(|state| state.most = most);
        let exhibits: Vec<_> = (1..=count).map(exhibit).collect();
        rig.webflow.publish(&at(), &exhibits).await.unwrap();
        assert_eq!(rig.webflow.shown(&at()).await.unwrap().len(), exhibits.len(), "{count} by {most}");
        let again = rig.webflow.publish(&at(), &exhibits).await.unwrap();
        assert_eq!((again.added, again.changed, again.removed), (0, 0, 0), "{count} by {most}");
    }
}

#[tokio::test]
async fn a_collection_that_was_there_is_given_what_it_lacks() {
    let rig = rig([]);
    rig.webflow.publish(&at(), &[exhibit(1)]).await.unwrap();
    let retype = |kind: Option<&str>| {
        rig.fake.look(|state| {
            let fields = &mut state.collections.values_mut().next().unwrap().fields;
            fields.retain(|field| field["slug"] != "link");
            if let Some(kind) = kind {
                fields.push(json!({"id": "l", "isRequired": false, "type": kind, "slug": "link", "displayName": "Link"}));
            }
        });
    };
    retype(None);
    rig.clock.advance(Duration::from_mins(2));
    rig.webflow.publish(&at(), &[exhibit(1), exhibit(2)]).await.unwrap();
    assert_eq!(rig.seen().await, [exhibit(1), exhibit(2)]);
    retype(Some("Image"));
    let refused = rig.webflow.publish(&at(), &[exhibit(1)]).await;
    assert!(
        matches!(&refused, Err(HostError::Refused { reason }) if reason.contains("Image")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_slug_of_somebody_else_is_refused() {
    let rig = rig([]);
    rig.webflow.publish(&at(), &[]).await.unwrap();
    rig.intrude("enamel-mug-1").await;
    let refused = rig.webflow.publish(&at(), &[exhibit(1)]).await;
    assert!(
        matches!(&refused, Err(HostError::Refused { reason }) if reason.contains("Unique")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_not_shown_is_told() {
    let rig = rig([]);
    rig.webflow.publish(&at(), &[]).await.unwrap();
    let answer = json!({"publishedItemIds": [], "errors": ["the collection has no page"]});
    // The site, its collections, this one, its items, the new one, its items again; then showing it fails.
    let calm = std::iter::repeat_n(Fault::None, 6);
    rig.fake.server.plan(calm.chain([Fault::Instead(Reply::new(202, answer.to_string()))]));
    let refused = rig.webflow.publish(&at(), &[exhibit(1)]).await;
    assert!(
        matches!(&refused, Err(HostError::Refused { reason }) if reason.contains("has no page")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_site_that_may_not_be_made_public_yet_is_waited_for_elsewhere() {
    let rig = rig([]);
    let config = Config {
        limits: Limits { total: Duration::from_secs(5), ..config(&rig.fake).limits },
        ..config(&rig.fake)
    };
    let webflow = Webflow::new(http(&rig.clock), &config).unwrap();
    webflow.publish(&at(), &[exhibit(1)]).await.unwrap();
    let soon = webflow.publish(&at(), &[exhibit(2)]).await;
    let Err(HostError::RateLimited { wait }) = soon else { panic!("{soon:?}") };
    rig.clock.advance(wait);
    let done = webflow.publish(&at(), &[exhibit(2)]).await.unwrap();
    assert_eq!((done.added, rig.seen().await), (0, vec![exhibit(2)]), "all but the last step was done");
}

#[tokio::test]
async fn a_site_is_named_where_there_are_several() {
    let rig = rig([]);
    rig.fake.look(|state| state.others.push("780e63e98c9a982ac9b8b741"));
    let refused = rig.webflow.publish(&at(), &[exhibit(1)]).await;
    assert!(
        matches!(&refused, Err(HostError::Refused { reason }) if reason.contains("several")),
        "{refused:?}"
    );
    let named = Showcase { site: Some(super::fake::SITE.into()), ..at() };
    rig.webflow.publish(&named, &[exhibit(1)]).await.unwrap();
    assert_eq!(rig.webflow.shown(&named).await.unwrap(), [exhibit(1).key]);
    let strange = Showcase { site: Some("elsewhere".into()), ..at() };
    let refused = rig.webflow.shown(&strange).await;
    assert!(matches!(refused, Err(HostError::Refused { .. })), "{refused:?}");
}
