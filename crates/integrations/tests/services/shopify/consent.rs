//! An owner who is sent to Shopify and comes back: the shop is connected, once, and only by who sent them; whatever else comes
//! back leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::{Connection, ConnectionState};
use baddie_core::engine::connections::{
    Authorise, Authorised, DisconnectService, GetConnection, ListConnections, Sent, TestConnection,
};
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::error::{Error, Result};
use baddie_core::ids::{ConnectionId, hex};
use baddie_core::money::Currency;
use baddie_core::testing::FixedClock;
use baddie_integrations::secret::Secret;
use baddie_integrations::shopify::access::App;
use baddie_integrations::shopify::{KIND, SCOPES, ShopifyService};
use baddie_integrations::vault::Envelope;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use super::engine::HERE;
use super::fake::{CLIENT, Fake, SHOP, TOKEN};
use super::service::SECRET;
use crate::kit::canary::hidden;
use crate::kit::http;
use crate::kit::server::Fault;

/// What comes back of an owner who was sent.
type Odd<'a> = &'a dyn Fn(&Sent) -> String;

struct Place {
    clock: FixedClock,
    fake: Fake,
    engine: Engine,
    shop: Shop,
}

async fn found(engine: &Engine, name: &str) -> Shop {
    let found = Found {
        name: name.into(),
        email: format!("{name}@example.org"),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    engine.found(found).await.unwrap().shop
}

async fn place(url: &str) -> Place {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.look(|state| state.scopes = SCOPES.to_vec());
    let app = App { client_id: CLIENT.into(), client_secret: Secret::new(SECRET) };
    let service = ShopifyService::new(http(&clock), Some(fake.server.base())).app(app);
    let vault = Envelope::new(&Secret::new(STANDARD.encode([1; 32]))).unwrap();
    let storage = baddie_storage::connect(url, SystemClock.now()).await.unwrap();
    let engine = Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .service(KIND, Arc::new(service))
        .vault(Arc::new(vault))
        .public_url(HERE)
        .build();
    let shop = found(&engine, "here").await;
    Place { clock, fake, engine, shop }
}

fn asked(connection_id: Option<ConnectionId>) -> Authorise {
    let known = BTreeMap::from([("shop".to_owned(), SHOP.to_owned())]);
    Authorise { service: KIND.into(), known, connection_id, return_url: None }
}

/// The value of a field of an address.
fn field(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let found = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    found.unwrap().replace("%3A", ":").replace("%2F", "/")
}

impl Place {
    async fn send(&self, connection_id: Option<ConnectionId>) -> Sent {
        self.shop.integrations().authorise(asked(connection_id)).await.unwrap()
    }

    /// The owner agrees; where they come back to, signed by Shopify.
    fn agree(&self, sent: &Sent, shop: &str, code: &str) -> String {
        self.fake.look(|state| state.code = Some(code.into()));
        let now = self.clock.now().as_micros() / 1_000_000;
        let state = field(&sent.address, "state");
        let query = format!("code={code}&shop={shop}&state={state}&timestamp={now}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signature = hex(hmac::sign(&key, query.as_bytes()).as_ref());
        format!("{}?{query}&hmac={signature}", field(&sent.address, "redirect_uri"))
    }

    async fn finish(&self, shop: &Shop, returned: &str) -> Result<Connection> {
        let connection = shop.integrations().authorised(Authorised { returned: returned.into() }).await?;
        self.engine.settle().await.unwrap();
        shop.integrations().get(GetConnection { connection_id: connection.id }).await
    }

    async fn refused(&self, returned: &str) -> Error {
        self.finish(&self.shop, returned).await.unwrap_err()
    }
}

#[tokio::test]
async fn an_owner_who_comes_back_has_connected_the_shop() {
    let room = tempfile::tempdir().unwrap();
    let place = place(&format!("sqlite://{}/shop.db", room.path().display())).await;
    let sent = place.send(None).await;
    assert!(
        sent.address.starts_with(&format!("https://{SHOP}/admin/oauth/authorize?client_id={CLIENT}")),
        "{sent:?}"
    );
    assert_eq!(field(&sent.address, "redirect_uri"), format!("{HERE}/oauth/return"));
    // Looked at meanwhile, it waits.
    let test = TestConnection { connection_id: sent.connection_id };
    place.shop.integrations().test(test).await.unwrap();
    place.engine.settle().await.unwrap();
    let waiting =
        place.shop.integrations().get(GetConnection { connection_id: sent.connection_id }).await.unwrap();
    assert_eq!(waiting.state, ConnectionState::Pending);

    let returned = place.agree(&sent, SHOP, "code-1");
    let connection = place.finish(&place.shop, &returned).await.unwrap();
    assert_eq!(
        (connection.state, connection.id),
        (ConnectionState::Active, sent.connection_id),
        "{connection:?}"
    );
    assert_eq!(connection.account.as_deref(), Some("gid://shopify/Shop/1"));
    assert!(connection.renew_at.is_some(), "its token expires, and is renewed");
    // What they bring is good once.
    let again = place.refused(&returned).await;
    assert_eq!(again.code(), "connections.not_sent");
    let said = format!("{connection:?} {again:?} {sent:?}");
    let secrets = [TOKEN.trim_start_matches("shpat_"), SECRET.trim_start_matches("shpss_"), "canary40aa"];
    hidden(&secrets, &said, room.path(), "here");
}

#[tokio::test]
async fn what_was_not_sent_from_here_connects_nothing() {
    let place = place("memory:").await;
    let other = found(&place.engine, "elsewhere").await;
    let state = |sent: &Sent| field(&sent.address, "state");
    let sent = place.send(None).await;
    let good = place.agree(&sent, SHOP, "code-1");
    // Another shop's owner finishes nothing of this one's, and this one's return stays good.
    assert_eq!(place.finish(&other, &good).await.unwrap_err().code(), "connections.not_sent");
    let forged = good.replace(&state(&sent), &format!("{}.{}", sent.connection_id, "0".repeat(40)));
    for odd in ["", "?code=1", "?state=x.y", &forged] {
        assert_eq!(place.refused(odd).await.code(), "connections.not_sent", "{odd}");
    }
    assert_eq!(place.finish(&place.shop, &good).await.unwrap().state, ConnectionState::Active);

    let cases: [(&str, Odd); 5] = [
        ("it is not signed", &|sent| place.agree(sent, SHOP, "code-2").replace("code=code-2", "code=code-3")),
        ("the owner of another shop", &|sent| place.agree(sent, "other.myshopify.com", "code-2")),
        ("is no something.myshopify.com", &|sent| place.agree(sent, "evil.example", "code-2")),
        ("too far from now", &|sent| {
            let late = place.agree(sent, SHOP, "code-2");
            place.clock.advance(Duration::from_secs(91));
            late
        }),
        ("was not let in: denied", &|sent| format!("?error=denied&state={}", state(sent))),
    ];
    for (why, returned) in cases {
        let sent = place.send(None).await;
        let returned = returned(&sent);
        let error = place.refused(&returned).await;
        assert_eq!(error.code(), "connections.not_consented", "{why}: {error}");
        assert!(error.to_string().contains(why), "{why}: {error}");
        // It is not tried a second time.
        assert_eq!(place.refused(&returned).await.code(), "connections.not_sent", "{why}");
    }
    let sent = place.send(None).await;
    place.clock.advance(Duration::from_mins(61));
    let late = place.agree(&sent, SHOP, "code-2");
    assert_eq!(place.refused(&late).await.code(), "connections.consent_expired");
    let open = place.shop.integrations().list(ListConnections::default()).await.unwrap();
    assert_eq!(open.iter().filter(|one| one.state == ConnectionState::Active).count(), 1);
}

#[tokio::test]
async fn a_code_that_came_to_nothing_is_said_so_and_asked_for_anew() {
    let place = place("memory:").await;
    for (fault, code) in [(Fault::DropAfter, "connections.lost"), (Fault::Truncated, "connections.lost")] {
        let sent = place.send(None).await;
        let returned = place.agree(&sent, SHOP, "code-1");
        place.fake.server.plan([fault]);
        let error = place.refused(&returned).await;
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains("begin again"), "{error}");
    }
    place.fake.look(|state| state.grants = vec!["write_products"]);
    let sent = place.send(None).await;
    let error = place.refused(&place.agree(&sent, SHOP, "code-2")).await;
    assert!(error.to_string().contains("did not grant write_inventory"), "{error}");
    place.fake.look(|state| state.grants = SCOPES.to_vec());
    let sent = place.send(None).await;
    let returned = place.agree(&sent, SHOP, "code-3");
    assert_eq!(place.finish(&place.shop, &returned).await.unwrap().state, ConnectionState::Active);
}

#[tokio::test]
async fn credentials_in_use_stay_until_the_owner_is_back() {
    let place = place("memory:").await;
    let sent = place.send(None).await;
    let connected = place.finish(&place.shop, &place.agree(&sent, SHOP, "code-1")).await.unwrap();
    let sealed = connected.sealed.clone();
    // Sent again, and not back: after a while nobody waits for them any longer.
    place.send(Some(connected.id)).await;
    let look = async || place.engine.check_connection(place.shop.id(), connected.id).await.unwrap();
    let waiting = look().await;
    assert_eq!((waiting.state, &waiting.sealed), (ConnectionState::Active, &sealed));
    assert!(waiting.candidate.is_some());
    place.clock.advance(Duration::from_mins(61));
    place.engine.settle().await.unwrap();
    let forgotten = look().await;
    assert_eq!((forgotten.state, &forgotten.candidate), (ConnectionState::Active, &None), "{forgotten:?}");
    let sent = place.send(Some(connected.id)).await;
    let again = place.finish(&place.shop, &place.agree(&sent, SHOP, "code-2")).await.unwrap();
    assert_eq!((again.id, again.state), (connected.id, ConnectionState::Active));
    assert_ne!(again.sealed, sealed);
}

#[tokio::test]
async fn who_is_let_go_of_meanwhile_stays_so() {
    let place = place("memory:").await;
    let sent = place.send(None).await;
    let gone = DisconnectService { connection_id: sent.connection_id };
    let returned = place.agree(&sent, SHOP, "code-1");
    place.shop.integrations().disconnect(gone).await.unwrap();
    assert_eq!(place.refused(&returned).await.code(), "connections.not_sent");
    // The newest way back is the one that counts.
    let first = place.send(None).await;
    let old = place.agree(&first, SHOP, "code-2");
    let second = place.send(Some(first.connection_id)).await;
    assert_eq!(place.refused(&old).await.code(), "connections.not_sent");
    let new = place.agree(&second, SHOP, "code-3");
    assert_eq!(place.finish(&place.shop, &new).await.unwrap().state, ConnectionState::Active);
}

#[tokio::test]
async fn what_is_asked_for_is_said() {
    let place = place("memory:").await;
    let ask = async |request: Authorise| place.shop.integrations().authorise(request).await.unwrap_err();
    let nothing = ask(Authorise { known: BTreeMap::new(), ..asked(None) }).await;
    assert!(nothing.to_string().contains("shopify asks for the shop"), "{nothing}");
    let odd = BTreeMap::from([("shop".to_owned(), "evil.example".to_owned())]);
    let odd = ask(Authorise { known: odd, ..asked(None) }).await;
    assert!(odd.to_string().contains("myshopify.com"), "{odd}");
    let elsewhere = ask(Authorise { return_url: Some("http://evil.example".into()), ..asked(None) }).await;
    assert_eq!(elsewhere.field(), Some("return_url"), "{elsewhere}");
    let unknown = ask(Authorise { service: "nowhere".into(), ..asked(None) }).await;
    assert_eq!(unknown.field(), Some("service"), "{unknown}");
}
