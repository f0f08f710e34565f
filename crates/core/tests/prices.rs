//! Prices by a model: what it is asked, and that what it says stays within the owner's limits.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::engine::insights::{LookAtMarket, RefreshForecasts};
use baddie_core::engine::listings::{ConnectChannel, CreateListing, DraftListing};
use baddie_core::engine::pricing::{
    Competition, DecidePrice, Decision, GetQuote, ListPriceProposals, OptimizePrices, PricesOptimized,
};
use baddie_core::error::{Kind, Result};
use baddie_core::ids::{ChannelId, ListingId, VariantId};
use baddie_core::insights::{DemandModel, DemandPlan, DemandTask, ForecastSum, Foreseen};
use baddie_core::listings::{FeeBase, FeeKind, FeeRule, FeeSchedule, Listing};
use baddie_core::money::{Currency, Money, Ppm};
use baddie_core::pricing::{
    Appraisal, Comparable, Costs, MarkdownStep, PriceAdvice, PriceCase, PriceModel, PricePoint,
    PriceResponse, ProposalState, Strategy, Subject,
};
use baddie_core::testing::FixedClock;
use baddie_integrations::manual;
use support::{House, gbp, on_every_backend};

const DAY: Duration = Duration::from_hours(24);

/// Would give everything away, and thinks that things are worth what they sold for on average.
#[derive(Default)]
struct Generous {
    asked: Mutex<Vec<PriceCase>>,
    compared: Mutex<Vec<Vec<Comparable>>>,
}

impl PriceModel for Generous {
    fn name(&self) -> String {
        "generous/1".into()
    }

    fn charge(&self, case: &PriceCase) -> Result<PriceAdvice> {
        self.asked.lock().unwrap().push(case.clone());
        let none = case.current.currency().zero();
        Ok(PriceAdvice { price: none, profit: [none; 3], units: case.units, explanation: "a gift.".into() })
    }

    fn appraise(
        &self,
        subject: &Subject,
        comparables: &[Comparable],
        _: Option<&FeeSchedule>,
        _: &Costs,
    ) -> Result<Appraisal> {
        self.compared.lock().unwrap().push(comparables.to_vec());
        let count = i64::try_from(comparables.len()).unwrap();
        let typical = gbp(comparables.iter().map(|one| one.price.minor()).sum::<i64>() / count);
        let part = |of: i64| gbp(typical.minor() * of / 100);
        let step = |after_days, of| MarkdownStep { after_days, price: part(of) };
        Ok(Appraisal {
            low: part(60),
            typical,
            high: part(150),
            weight: 1.0,
            per_day: 0.02,
            asking: part(120),
            profit: typical.minus(subject.cost)?,
            days: 30.0,
            path: vec![step(0, 120), step(14, 90)],
            curve: vec![PricePoint { price: typical, profit: gbp(1) }],
        })
    }
}

/// Foresees one a day, and that demand falls by twice what the price rises by.
struct Even;

#[async_trait]
impl DemandModel for Even {
    fn name(&self) -> String {
        "even/1".into()
    }

    async fn plan(&self, task: DemandTask) -> Result<DemandPlan> {
        let foreseen = task.histories.iter().map(|history| {
            let sum = |&days: &i64| {
                let q = 1_000 * days;
                ForecastSum { days, mean: q, q05: q, q25: q, q50: q, q75: q, q90: q, q95: q, q99: q }
            };
            let last = history.sales.last();
            Foreseen {
                variant_id: history.series.variant_id,
                class: "smooth".into(),
                steps: Vec::new(),
                sums: task.sums.iter().map(sum).collect(),
                response: last.map(|last| PriceResponse {
                    price: last.price,
                    elasticity: -2_000,
                    error: 300,
                }),
                backtest: None,
            }
        });
        Ok(DemandPlan {
            foreseen: foreseen.collect(),
            refills: vec![Vec::new(); task.baskets.len()],
            backtest: None,
        })
    }
}

struct Stage {
    house: House,
    model: Arc<Generous>,
    clock: FixedClock,
    channel: ChannelId,
}

/// A shop with a channel that keeps a tenth, mugs at nine pounds that cost three, and a lamp of which there is one.
async fn stage(backend: &str) -> Stage {
    let (clock, model) = (FixedClock::default(), Arc::new(Generous::default()));
    let house = House::build(backend, |engine| {
        let engine = engine.channel(manual::KIND, Arc::new(manual::Manual)).clock(Arc::new(clock.clone()));
        engine.demand_model(Arc::new(Even)).price_model(model.clone())
    })
    .await;
    let fee = FeeRule {
        kind: FeeKind::FinalValue,
        base: FeeBase::Total,
        rate: Ppm(100_000),
        fixed: None,
        least: None,
        most: None,
    };
    let connect = ConnectChannel {
        name: "Fair".into(),
        kind: manual::KIND.into(),
        external_account: String::new(),
        currency: None,
        secret_ref: None,
        buffer_qty: 0,
        settings: serde_json::Value::Null,
        fees: vec![fee],
    };
    let channel = house.shop.channels().connect(connect).await.unwrap().id;
    house.stocked("MUG", 900, 40, 40 * 300).await;
    Stage { house, model, clock, channel }
}

impl Stage {
    async fn list(&self, variant_id: VariantId, min_price: Option<i64>) -> Listing {
        let new = CreateListing {
            channel_id: self.channel,
            variant_id,
            title: None,
            description: None,
            price: None,
            min_price: min_price.map(gbp),
            draft: false,
        };
        let listing = self.house.shop.listings().create(new).await.unwrap();
        self.house.engine.settle().await.unwrap();
        listing
    }

    async fn optimize(&self, strategy: Strategy, listing: ListingId) -> Result<PricesOptimized> {
        let mut asked = asked(strategy);
        asked.listing_ids = vec![listing];
        self.house.shop.pricing().optimize(asked).await
    }

    /// A lamp is bought for so much, and sold.
    async fn lamp_sold(&self, sku: &str, price: i64) {
        self.house.item(sku, price, 1_000).await;
        self.house.place(&[(sku, 1)]).await.unwrap();
    }
}

fn asked(strategy: Strategy) -> OptimizePrices {
    OptimizePrices {
        strategy,
        listing_ids: Vec::new(),
        channel_id: None,
        cursor: None,
        days: None,
        max_step: None,
        ending: None,
        label: None,
        competition: Vec::new(),
    }
}

#[test]
fn a_model_is_asked_with_what_the_shop_knows_and_kept_within_its_limits() {
    on_every_backend(async |backend| {
        let stage = stage(backend).await;
        let Stage { house, model, clock, .. } = &stage;
        let mug = house.variant("MUG").await.id;
        let listing = stage.list(mug, None).await;
        let early = stage.optimize(Strategy::MaximizeProfit, listing.id).await.unwrap();
        assert!(early.kept[0].why.contains("forecasts.refresh"), "{early:?}");
        for _ in 0..3 {
            let order = house.place(&[("MUG", 2)]).await.unwrap();
            house.send(order.order.id).await;
            clock.advance(DAY);
        }
        house.shop.insights().refresh(RefreshForecasts {}).await.unwrap();
        house.engine.settle().await.unwrap();

        let competition = vec![Competition {
            listing_id: listing.id,
            prices: vec![gbp(850), Money::new(1, Currency::EUR)],
        }];
        let mut ask = OptimizePrices {
            days: Some(14),
            label: Some(gbp(150)),
            competition,
            ..asked(Strategy::ClearStock)
        };
        ask.listing_ids = vec![listing.id];
        let said = house.shop.pricing().optimize(ask.clone()).await.unwrap();
        let case = model.asked.lock().unwrap().pop().unwrap();
        assert_eq!((case.units, case.stock, case.cost, case.costs.label), (14_000, 34, gbp(300), gbp(150)));
        assert_eq!((case.others.clone(), case.response.price), (vec![gbp(850)], gbp(900)), "{backend}");
        assert_eq!(case.fees.as_ref().map(|fees| fees.rules.len()), Some(1));
        // Cost and fees: 3.34 leaves three pounds after a tenth. Half off is as far as one step goes.
        assert_eq!(case.limits.floor, gbp(333));
        let proposal = &said.proposals[0];
        assert_eq!((proposal.proposed, proposal.model.as_str()), (gbp(450), "generous/1"));
        assert!(!proposal.inputs_hash.is_empty() && proposal.explanation.starts_with("a gift."));

        // The model's price is below what the shop may ask, however far a step may go.
        ask.max_step = Some(Ppm::ONE);
        let again = house.shop.pricing().optimize(ask).await.unwrap();
        assert_eq!(again.proposals[0].proposed, gbp(333), "{backend}");
        let old =
            ListPriceProposals { state: Some(ProposalState::Superseded), ..ListPriceProposals::default() };
        assert_eq!(house.shop.pricing().proposals(old).await.unwrap().items.len(), 1, "one waits at a time");
        let decide = DecidePrice { price_proposal_id: again.proposals[0].id, decision: Decision::Approve };
        assert_eq!(house.shop.pricing().decide(decide).await.unwrap().state, ProposalState::Executed);
        let none = stage.optimize(Strategy::MaximizeProfit, listing.id).await.unwrap();
        assert!(none.proposals.is_empty() && none.kept[0].why.contains("limits"), "{none:?}");
        house.prove().await;
    });
}

#[test]
fn one_of_a_kind_is_compared_with_what_the_shop_has_sold() {
    on_every_backend(async |backend| {
        let stage = stage(backend).await;
        let Stage { house, model, clock, .. } = &stage;
        let lamp = house.item("LAMP", 4_000, 1_000).await;
        let listing = stage.list(lamp.variant.id, Some(2_500)).await;
        let alone = stage.optimize(Strategy::MatchCompetition, listing.id).await.unwrap();
        assert!(alone.kept[0].why.starts_with("0 things like it"), "{alone:?}");
        stage.lamp_sold("LAMP-1", 3_000).await;
        stage.lamp_sold("LAMP-2", 5_000).await;
        stage.lamp_sold("LAMP-3", 4_000).await;
        house.place(&[("MUG", 1)]).await.unwrap();
        clock.advance(20 * DAY);
        let typical = stage.optimize(Strategy::MatchCompetition, listing.id).await.unwrap();
        assert!(typical.proposals.is_empty(), "it costs what they sold for: {typical:?}");
        let seen = model.compared.lock().unwrap().pop().unwrap();
        assert_eq!(
            seen.iter().map(|one| (one.price, one.age)).collect::<Vec<_>>(),
            [(gbp(4_000), 20.0), (gbp(5_000), 20.0), (gbp(3_000), 20.0)],
            "{backend}: no mugs"
        );
        let price = async |strategy| {
            stage.optimize(strategy, listing.id).await.unwrap().proposals[0].proposed.minor()
        };
        let asked = [
            price(Strategy::MaximizeProfit).await,
            price(Strategy::MaximizeSales).await,
            price(Strategy::PremiumPositioning).await,
            price(Strategy::ClearStock).await,
        ];
        // Twenty days on offer: the second step of the path. The owner's floor of 25.00 holds.
        assert_eq!(asked, [3_600, 2_500, 6_000, 3_600], "{backend}");
        house.prove().await;
    });
}

#[test]
fn a_quote_says_what_each_channel_leaves() {
    on_every_backend(async |backend| {
        let stage = stage(backend).await;
        let pricing = stage.house.shop.pricing();
        let ask = |price: Option<i64>| GetQuote {
            cost: gbp(1_000),
            title: "Brass lamp".into(),
            brand: None,
            category: None,
            condition: None,
            price: price.map(gbp),
            comparables: Vec::new(),
            channel_id: None,
            shipping: None,
            label: Some(gbp(300)),
            tax: None,
            wanted: None,
        };
        let said = pricing.quote(ask(Some(2_000))).await.unwrap();
        let [fair] = &said.channels[..] else { panic!("{said:?}") };
        assert_eq!(
            (fair.channel_id, fair.quote.fees, fair.quote.net),
            (Some(stage.channel), gbp(200), gbp(1_500))
        );
        assert_eq!((fair.quote.profit, fair.quote.break_even), (gbp(500), gbp(1_444)), "{backend}");
        assert_eq!(fair.quote.highest_cost, gbp(1_153), "a return of 30%");
        let error = pricing.quote(ask(None)).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::Refused, Some("comparables")));
        stage.lamp_sold("LAMP-1", 3_000).await;
        let said = pricing.quote(ask(None)).await.unwrap();
        assert_eq!((said.comparables, said.channels[0].quote.price), (1, gbp(3_000)));
        assert_eq!(said.channels[0].worth.as_ref().map(|worth| worth.asking), Some(gbp(3_600)));
        let foreign = GetQuote { label: Some(Money::new(1, Currency::EUR)), ..ask(Some(2_000)) };
        assert_eq!(pricing.quote(foreign).await.unwrap_err().field(), Some("label"));
    });
}

#[test]
fn without_a_model_nothing_is_asked() {
    on_every_backend(async |backend| {
        let house = House::build(backend, |engine| engine).await;
        let error = house.shop.pricing().optimize(asked(Strategy::MaximizeProfit)).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "pricing.no_model"));
        let error = house.shop.insights().market(LookAtMarket::default()).await.unwrap_err();
        assert_eq!(error.code(), "insights.no_market_model", "{backend}");
        let draft = DraftListing {
            variant_id: house.stocked("MUG", 900, 1, 300).await.variants[0].variant.id,
            rules: None,
            attributes: std::collections::BTreeMap::new(),
            title: None,
            description: None,
            tags: Vec::new(),
        };
        assert_eq!(house.shop.listings().draft(draft).await.unwrap_err().code(), "listings.no_model");
        let far = OptimizePrices { days: Some(366), ..asked(Strategy::ClearStock) };
        assert_eq!(house.shop.pricing().optimize(far).await.unwrap_err().field(), Some("days"));
    });
}
