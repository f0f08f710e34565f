//! Texts of listings that a model elsewhere writes: what may be said is checked, what it costs has a bound, and where nothing
//! comes of it the engine's own writer writes.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::catalog::Attributes;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved, OpenAccount,
    Ports, Service, ServiceError,
};
use baddie_core::engine::connections::{ConnectService, DisconnectService};
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::listings::{GetText, ListTexts, WriteListing};
use baddie_core::error::{Error, Kind, Result};
use baddie_core::ids::VariantId;
use baddie_core::listings::{
    Facts, HostedWriter, ListingDraft, ListingModel, ListingText, Text, TextAnswer, TextFailure, TextFault,
    TextLimits, TextModel, TextState, TextTask,
};
use baddie_core::testing::FixedClock;
use support::{Drawer, House, on_every_backend};

/// Writes the name and nothing else; on `tiny` a title has eight characters. Whoever says `rare` must have it from a fact.
struct Plain;

impl ListingModel for Plain {
    fn name(&self) -> String {
        "plain/1".into()
    }

    fn limits(&self, rules: &str) -> Result<TextLimits> {
        let title = match rules {
            "manual" => 80,
            "tiny" => 8,
            other => return Err(Error::invalid("rules", other, "choose manual or tiny")),
        };
        Ok(TextLimits {
            channel: rules.into(),
            title,
            description: 500,
            tags: 3,
            tag: 20,
            forbidden: Vec::new(),
        })
    }

    fn draft(&self, facts: &Facts, rules: &str, text: Option<Text>) -> Result<ListingDraft> {
        let limits = self.limits(rules)?;
        let title = facts.name.chars().take(limits.title).collect();
        let own = Text { title, description: facts.name.clone(), tags: Vec::new(), claims: Vec::new() };
        let text = text.unwrap_or(own);
        let mut faults = Vec::new();
        if text.title.chars().count() > limits.title {
            faults.push(TextFault { field: "title".into(), what: "too long".into() });
        }
        if text.title.contains("rare") && facts.attributes.values().all(|value| value != "rare") {
            faults.push(TextFault { field: "title".into(), what: "\"rare\" stands in no fact".into() });
        }
        // A condition that the channel does not take is no fault of the words.
        faults.push(TextFault { field: "condition".into(), what: "unknown".into() });
        Ok(ListingDraft {
            rules: rules.into(),
            text,
            condition: None,
            quality: 50,
            advice: Vec::new(),
            faults,
            categories: Vec::new(),
            found: Attributes::new(),
            model: self.name(),
        })
    }
}

/// Says what it was told to say, one thing after the other, and takes 100 tokens at most.
#[derive(Default)]
struct Elsewhere {
    says: Mutex<VecDeque<Result<TextAnswer, TextFailure>>>,
    asked: Mutex<Vec<TextTask>>,
}

impl Elsewhere {
    fn will(&self, says: impl IntoIterator<Item = Result<TextAnswer, TextFailure>>) {
        self.says.lock().unwrap().extend(says);
    }

    fn faults_told(&self) -> Vec<usize> {
        self.asked.lock().unwrap().iter().map(|task| task.faults.len()).collect()
    }
}

#[async_trait]
impl TextModel for Elsewhere {
    fn name(&self) -> String {
        "elsewhere/7".into()
    }

    fn most_tokens(&self, _: &TextTask) -> i64 {
        100
    }

    async fn write(&self, task: &TextTask) -> Result<TextAnswer, TextFailure> {
        self.asked.lock().unwrap().push(task.clone());
        tokio::task::yield_now().await;
        let said = self.says.lock().unwrap().pop_front();
        said.unwrap_or_else(|| says("Thing", Some(60)))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands among failures")]
fn says(title: &str, tokens: Option<i64>) -> Result<TextAnswer, TextFailure> {
    Ok(TextAnswer { title: title.into(), description: "A thing.".into(), tags: vec!["thing".into()], tokens })
}

fn fails(reason: &str, tokens: Option<i64>, later: Option<Duration>) -> Result<TextAnswer, TextFailure> {
    Err(TextFailure { reason: reason.into(), tokens, later })
}

/// A shop with a mug, and a hosted model with this budget.
async fn shop(backend: &str, budget: i64) -> (House, Arc<Elsewhere>, FixedClock, VariantId) {
    let (clock, model) = (FixedClock::default(), Arc::new(Elsewhere::default()));
    let furnish = |engine: baddie_core::engine::EngineBuilder| {
        let engine = engine.clock(Arc::new(clock.clone())).listing_model(Arc::new(Plain));
        engine.text_model(model.clone(), budget)
    };
    let house = House::build(backend, furnish).await;
    house.stocked("MUG", 900, 5, 1_500).await;
    let variant_id = house.variant("MUG").await.id;
    (house, model, clock, variant_id)
}

fn order(variant_id: VariantId) -> WriteListing {
    WriteListing { variant_id, rules: None, attributes: Attributes::new() }
}

/// Asks for a text and lets time go by until it is there.
async fn written(house: &House, clock: &FixedClock, order: WriteListing) -> ListingText {
    let asked = house.shop.listings().write(order).await.unwrap();
    for _ in 0..10 {
        house.engine.settle().await.unwrap();
        let text = house.shop.listings().text(GetText { text_id: asked.id }).await.unwrap();
        if text.state == TextState::Written {
            return text;
        }
        clock.advance(Duration::from_mins(1));
    }
    panic!("it was never written");
}

fn told(text: &ListingText) -> (String, String, Option<&str>, i64) {
    let draft = text.draft.clone().unwrap();
    (draft.model, draft.text.title, text.problem.as_deref(), text.tokens)
}

#[test]
fn a_hosted_model_writes_and_what_it_took_is_counted() {
    on_every_backend(async |backend| {
        let (house, model, clock, mug) = shop(backend, 1_000).await;
        model.will([says("Mug of a thing", Some(42))]);
        let asked = house.shop.listings().write(order(mug)).await.unwrap();
        assert_eq!((asked.state, asked.draft, asked.tokens), (TextState::Asked, None, 0), "{backend}");
        house.engine.settle().await.unwrap();
        let text = house.shop.listings().text(GetText { text_id: asked.id }).await.unwrap();
        assert_eq!(told(&text), ("elsewhere/7".into(), "Mug of a thing".into(), None, 42));
        // Who says nothing of tokens took what it may take.
        model.will([says("Another", None)]);
        assert_eq!(told(&written(&house, &clock, order(mug)).await).3, 100);
        let listed = house.shop.listings().texts(ListTexts::default()).await.unwrap().items;
        assert_eq!(listed.iter().map(|text| text.tokens).collect::<Vec<_>>(), [100, 42]);
        let events = house.shop.journal().events(ListEvents::default()).await.unwrap().items;
        assert_eq!(events.iter().filter(|event| event.kind == "listing.text_written").count(), 2);
        house.prove().await;
    });
}

#[test]
fn what_may_not_be_said_goes_back_once_and_is_not_said() {
    on_every_backend(async |backend| {
        let (house, model, clock, mug) = shop(backend, 10_000).await;
        model.will([says("A rare mug", Some(10)), says("A mug", Some(20))]);
        let text = written(&house, &clock, order(mug)).await;
        assert_eq!(told(&text), ("elsewhere/7".into(), "A mug".into(), None, 30), "{backend}");
        assert_eq!(model.faults_told(), [0, 1], "the second time it is told what was wrong");
        model.will([says("A rare mug", Some(10)), says("A rarest mug", Some(20))]);
        let text = written(&house, &clock, order(mug)).await;
        let (by, title, problem, tokens) = told(&text);
        assert_eq!((by.as_str(), title.as_str(), tokens), ("plain/1", "Thing MUG", 30));
        assert!(problem.unwrap().contains("\"rare\" stands in no fact"));
        // What a fact says may be said.
        model.will([says("A rare mug", Some(10))]);
        let attributes = Attributes::from([("edition".to_owned(), "rare".to_owned())]);
        let text = written(&house, &clock, WriteListing { attributes, ..order(mug) }).await;
        assert_eq!(told(&text).1, "A rare mug");
        // The limits are those of the channel that is meant.
        let order = WriteListing { rules: Some("tiny".into()), ..order(mug) };
        model.will([says("Far too long", Some(10)), says("Short", Some(10))]);
        assert_eq!(told(&written(&house, &clock, order).await).1, "Short");
    });
}

#[test]
fn a_model_that_does_not_answer_is_asked_again_and_then_left() {
    on_every_backend(async |backend| {
        let (house, model, clock, mug) = shop(backend, 10_000).await;
        let soon = Some(Duration::from_secs(5));
        model.will([fails("busy", Some(0), soon), says("A mug", Some(20))]);
        assert_eq!(
            told(&written(&house, &clock, order(mug)).await),
            ("elsewhere/7".into(), "A mug".into(), None, 20)
        );
        model.will([fails("away", None, soon), fails("away", None, soon), fails("away", None, soon)]);
        let text = written(&house, &clock, order(mug)).await;
        // Of answers that were lost nobody knows what they cost.
        assert_eq!(told(&text), ("plain/1".into(), "Thing MUG".into(), Some("away"), 300), "{backend}");
        model.will([fails("no such model", Some(0), None)]);
        let text = written(&house, &clock, order(mug)).await;
        assert_eq!(told(&text), ("plain/1".into(), "Thing MUG".into(), Some("no such model"), 0));
        assert_eq!(model.asked.lock().unwrap().len(), 6);
    });
}

#[test]
fn a_shop_takes_no_more_than_its_budget_in_a_month() {
    on_every_backend(async |backend| {
        let (house, model, clock, mug) = shop(backend, 330).await;
        // Ten at once may take 100 each: three fit, and each of them gives back 40.
        for _ in 0..10 {
            house.shop.listings().write(order(mug)).await.unwrap();
        }
        house.engine.settle().await.unwrap();
        let texts = house.shop.listings().texts(ListTexts::default()).await.unwrap().items;
        let taken: i64 = texts.iter().map(|text| text.tokens).sum();
        let hosted = texts.iter().filter(|text| told(text).0 == "elsewhere/7").count();
        assert!(taken <= 330 && taken > 330 - 100, "{backend}: {taken}");
        assert_eq!(i64::try_from(hosted).unwrap() * 60, taken);
        let refused = texts.iter().find(|text| text.tokens == 0).unwrap();
        let problem = told(refused).2.unwrap().to_owned();
        assert!(problem.contains("330 tokens"), "{problem}");
        assert_eq!(model.asked.lock().unwrap().len(), hosted);
        // A model that claims to have taken everything ends the month, and nothing else.
        clock.advance(Duration::from_hours(31 * 24));
        model.will([says("Greedy", Some(i64::MAX))]);
        assert_eq!(told(&written(&house, &clock, order(mug)).await).3, 10_000_000);
        assert_eq!(told(&written(&house, &clock, order(mug)).await).0, "plain/1");
        clock.advance(Duration::from_hours(31 * 24));
        assert_eq!(told(&written(&house, &clock, order(mug)).await).0, "elsewhere/7", "a new month");
        house.prove().await;
    });
}

/// A host at which shops have models of their own: `budget` says how many tokens they give it.
struct Host(Arc<Elsewhere>);

struct Account(Arc<Elsewhere>, i64);

impl Service for Host {
    fn fields(&self) -> &'static [CredentialField] {
        &[CredentialField { name: "budget", needed: true }]
    }
    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let budget = credentials.get("budget").unwrap().expose().parse().unwrap();
        Ok(Arc::new(Account(self.0.clone(), budget)))
    }
}

#[async_trait]
impl OpenAccount for Account {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        Ok(AccountSeen { account: "own".into(), live: false, abilities: Vec::new() })
    }
    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Ok(None)
    }
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }
    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }
    fn ports(self: Arc<Self>) -> Ports {
        let writer = HostedWriter { model: self.0.clone(), tokens_per_month: self.1 };
        Ports { texts: Some(writer), ..Ports::default() }
    }
}

#[test]
fn a_shop_that_connects_a_model_of_its_own_is_written_for_by_that_one() {
    on_every_backend(async |backend| {
        let (clock, ours) = (FixedClock::default(), Arc::new(Elsewhere::default()));
        let own = Arc::new(Elsewhere::default());
        let furnish = |engine: baddie_core::engine::EngineBuilder| {
            let engine = engine.clock(Arc::new(clock.clone())).listing_model(Arc::new(Plain));
            let engine = engine.service("host", Arc::new(Host(own.clone()))).vault(Arc::new(Drawer));
            engine.text_model(ours.clone(), 1_000)
        };
        let house = House::build(backend, furnish).await;
        house.stocked("MUG", 900, 5, 1_500).await;
        let mug = house.variant("MUG").await.id;
        let asked = || (own.asked.lock().unwrap().len(), ours.asked.lock().unwrap().len());
        written(&house, &clock, order(mug)).await;
        assert_eq!(asked(), (0, 1), "{backend}");
        let credentials = BTreeMap::from([("budget".to_owned(), "190".to_owned())]).into();
        let request = ConnectService { service: "host".into(), credentials, connection_id: None };
        let connection_id = house.shop.integrations().connect(request).await.unwrap().id;
        house.engine.settle().await.unwrap();
        assert_eq!(told(&written(&house, &clock, order(mug)).await).3, 60);
        assert_eq!(asked(), (1, 1));
        // Its budget is its own: 120 of 190 are taken, and 100 may be.
        assert_eq!(
            told(&written(&house, &clock, order(mug)).await).2.map(|why| why.contains("190")),
            Some(true)
        );
        assert_eq!(asked(), (1, 1));
        // Let go of, it is asked no longer.
        house.shop.integrations().disconnect(DisconnectService { connection_id }).await.unwrap();
        written(&house, &clock, order(mug)).await;
        assert_eq!(asked(), (1, 2));
        house.prove().await;
    });
}

#[test]
fn without_a_hosted_model_the_own_writer_writes_at_once() {
    on_every_backend(async |backend| {
        let house = House::build(backend, |engine| engine.listing_model(Arc::new(Plain))).await;
        house.stocked("MUG", 900, 5, 1_500).await;
        let mug = house.variant("MUG").await.id;
        let text = house.shop.listings().write(order(mug)).await.unwrap();
        assert_eq!(told(&text), ("plain/1".into(), "Thing MUG".into(), None, 0), "{backend}");
        let wrong = WriteListing { rules: Some("nowhere".into()), ..order(mug) };
        let error = house.shop.listings().write(wrong).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("rules")));
        let bare = House::build(backend, |engine| engine).await;
        bare.stocked("MUG", 900, 5, 1_500).await;
        let order = order(bare.variant("MUG").await.id);
        assert_eq!(bare.shop.listings().write(order).await.unwrap_err().code(), "listings.no_model");
    });
}
