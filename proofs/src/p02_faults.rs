//! P2: whatever write or sync of a shop's day fails, or is the last, each command was done wholly or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use baddie::Engine;
use baddie::inventory::{CostLayer, Reservation, StockLevel};
use baddie::journal::AuditEntry;
use baddie::orders::{Order, OrderLine};
use baddie::outbox::Event;
use baddie::payments::Payment;
use baddie::purchasing::PurchaseOrder;
use baddie::shipping::ReturnCase;
use baddie::storage::Scope;
use serde_json::{Value, json};

use crate::client::{Client, Door};
use crate::faults::{Fault, Layer};
use crate::ground::Ground;
use crate::library::{all, enter, runtime};
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::{Backend, Setting, Tier};

/// A database that died of a fault is back by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// A command of the day: what it is called, the request, and its body. What came before it is known by name.
type Command = (&'static str, fn(&Known) -> (String, Value));

/// The answers so far, by the names of their commands.
#[derive(Default)]
struct Known(BTreeMap<&'static str, Value>);

impl Known {
    /// The id that stands at a pointer of an answer.
    fn id(&self, of: &str, at: &str) -> String {
        self.0
            .get(of)
            .and_then(|answer| answer.pointer(at))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

fn gbp(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

fn post(path: impl AsRef<str>, body: Value) -> (String, Value) {
    (format!("POST /api/v1{}", path.as_ref()), body)
}

/// A shop's day.
const DAY: &[Command] = &[
    ("product", |_| {
        post("/products", json!({ "title": "Mug", "variants": [{ "sku": "MUG", "price": gbp(900) }] }))
    }),
    ("stock", |known| {
        let variant = known.id("product", "/variants/0/id");
        post(
            "/inventory/adjust",
            json!({ "variant_id": variant, "change": 20, "reason": "opening", "cost": gbp(2_001) }),
        )
    }),
    ("supplier", |_| post("/suppliers", json!({ "name": "Potteries", "kind": "wholesale" }))),
    ("purchase", |known| {
        let line =
            json!({ "variant_id": known.id("product", "/variants/0/id"), "qty": 5, "unit_cost": gbp(150) });
        post("/purchase-orders", json!({ "supplier_id": known.id("supplier", "/id"), "lines": [line] }))
    }),
    ("submit", |known| {
        post(format!("/purchase-orders/{}/advance", known.id("purchase", "/id")), json!({ "step": "submit" }))
    }),
    ("receive", |known| {
        let line = json!({ "purchase_line_id": known.id("purchase", "/lines/0/id"), "qty": 3 });
        post(format!("/purchase-orders/{}/receive", known.id("purchase", "/id")), json!({ "lines": [line] }))
    }),
    ("order", |_| {
        post("/orders", json!({ "lines": [{ "sku": "MUG", "qty": 3 }], "paid": true, "shipping": gbp(350) }))
    }),
    ("fulfil", |known| {
        post(
            format!("/orders/{}/fulfil", known.id("order", "/id")),
            json!({ "label_cost": gbp(299), "carrier": "Post" }),
        )
    }),
    ("second", |_| post("/orders", json!({ "lines": [{ "sku": "MUG", "qty": 2 }], "paid": true }))),
    ("cancel", |known| {
        post(format!("/orders/{}/cancel", known.id("second", "/id")), json!({ "reason": "changed my mind" }))
    }),
    ("refund", |known| {
        let refund = json!({ "step": "refund", "amount": gbp(900) });
        post(format!("/payments/{}/move", known.id("order", "/payments/0/id")), refund)
    }),
    ("return", |known| {
        let line =
            json!({ "order_line_id": known.id("order", "/lines/0/id"), "qty": 1, "reason": "chipped" });
        post(format!("/orders/{}/returns", known.id("order", "/id")), json!({ "lines": [line] }))
    }),
    ("approve", |known| {
        post(format!("/returns/{}/advance", known.id("return", "/id")), json!({ "step": "receive" }))
    }),
    ("inspect", |known| {
        let line = known.id("order", "/lines/0/id");
        let verdict = json!({ "order_line_id": line, "qty": 1, "disposition": "restock" });
        post(format!("/returns/{}/inspect", known.id("return", "/id")), json!({ "verdicts": [verdict] }))
    }),
    ("rent", |_| {
        let postings = json!([{ "account": "expense:other", "amount": gbp(500) }, { "account": "asset:cash", "amount": gbp(-500) }]);
        post("/ledger/entries", json!({ "memo": "rent", "postings": postings }))
    }),
];

pub(crate) fn prove(setting: &Setting) -> Proof {
    let mut stage = Stage::set(setting)?;
    let states = stage.rehearse()?;
    let (calls, _) = stage.layer.seen()?;
    let mut report = Report::default();
    let each = match setting.backend {
        Backend::Sqlite => setting.tier.pick(40, calls, calls),
        Backend::Postgres => setting.tier.pick(10, 150.min(calls), calls),
    };
    // A night kills at each; the other faults take turns, on a release all of them meet each call.
    let faults: &[Fault] = &Fault::ALL;
    let every = setting.tier.pick(1, 1, 4);
    let (mut met, mut between) = (0, Vec::new());
    for round in 0..each * every {
        let call = 1 + round / every * calls / each;
        let turn = usize::try_from(if every == 4 { round % 4 } else { round }).unwrap_or(0);
        let fault = faults[turn % faults.len()];
        let outcome = stage.suffer(fault, call, &states);
        let outcome =
            outcome.map_err(|broken| Broken::because(format!("{fault:?} at call {call}: {broken}")))?;
        met += usize::from(outcome.met);
        between.extend(outcome.wrong.map(|wrong| format!("{fault:?} at call {call}: {wrong}")));
    }
    report.count(each * every, "faults");
    report.count(calls, "calls in a day");
    report.count(met, "met");
    report.demand(met * 2 > usize::try_from(each).unwrap_or(0), || "hardly any fault was met".into());
    report.none(between.len(), "between states");
    report.demand(between.is_empty(), || between.join("; "));
    Ok(report)
}

struct Outcome {
    met: bool,
    wrong: Option<String>,
}

/// A shop that can be set back to its beginning.
struct Stage {
    ground: Ground,
    layer: Layer,
    token: String,
    beginning: Vec<u8>,
}

impl Stage {
    fn set(setting: &Setting) -> Result<Self, Broken> {
        let mut ground = Ground::new(setting)?;
        let token = ground.found("Day")?;
        let folder =
            ground.postgres().map_or(ground.folder().to_owned(), baddie_servers::durable::Postgres::data);
        let layer = Layer::under(&folder)?;
        let mut beginning = Vec::new();
        if ground.postgres().is_some() {
            let postgres = ground.postgres_mut()?;
            postgres.stop()?;
            postgres.surround(&layer.environment(false));
            postgres.start()?;
            postgres.run("postgres", "ALTER DATABASE shop RENAME TO beginning")?;
        } else {
            beginning = fs::read(ground.folder().join("shop.db"))?;
        }
        Ok(Self { ground, layer, token, beginning })
    }

    fn file(&self, end: &str) -> PathBuf {
        self.ground.folder().join(format!("shop.db{end}"))
    }

    fn set_back(&mut self) -> Result<(), Broken> {
        self.layer.disarm()?;
        if self.ground.postgres().is_some() {
            self.wait()?;
            let postgres = self.ground.postgres_mut()?;
            postgres.run("postgres", "DROP DATABASE IF EXISTS shop WITH (FORCE)")?;
            let owner = baddie_servers::postgres::OWNER;
            postgres.run("postgres", &format!("CREATE DATABASE shop OWNER {owner} TEMPLATE beginning"))?;
        } else {
            for end in ["-wal", "-shm"] {
                let _ = fs::remove_file(self.file(end));
            }
            fs::write(self.file(""), &self.beginning)?;
        }
        Ok(())
    }

    /// Until the database answers: one that lost a process to a fault recovers by itself, one that gave up is started.
    fn wait(&mut self) -> Result<(), Broken> {
        let Ok(postgres) = self.ground.postgres_mut() else { return Ok(()) };
        let start = Instant::now();
        while postgres.run("postgres", "SELECT 1").is_err() {
            if !postgres.is_running() {
                postgres.start()?;
            }
            if start.elapsed() > PATIENCE {
                return Err(Broken::because("the database did not come back"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn serve(&self, with_layer: bool) -> Result<Server, Broken> {
        let environment = if with_layer && self.ground.postgres().is_none() {
            self.layer.environment(false)
        } else {
            Vec::new()
        };
        let settings: Vec<_> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Server::start_with(&self.ground, &[], &settings)
    }

    /// The day without faults; the state after each command, beginning with none.
    fn rehearse(&mut self) -> Result<Vec<String>, Broken> {
        self.set_back()?;
        let server = self.serve(true)?;
        self.layer.disarm()?;
        let mut client = Door::new(server.address, &self.token).client();
        let (mut known, mut states) = (Known::default(), vec![self.state()?]);
        for command in DAY {
            if let Some(fault) = act(&mut client, &mut known, command)? {
                return Err(Broken::because(format!("without any fault: {fault}")));
            }
            states.push(self.state()?);
        }
        Ok(states)
    }

    /// The day with one fault; then the rest of it.
    fn suffer(&mut self, fault: Fault, call: u64, states: &[String]) -> Result<Outcome, Broken> {
        self.set_back()?;
        let server = self.serve(true)?;
        self.layer.arm(fault, call)?;
        let mut client = Door::new(server.address, &self.token).client();
        let (mut known, mut done) = (Known::default(), 0);
        for command in DAY {
            if act(&mut client, &mut known, command)?.is_some() {
                break;
            }
            done += 1;
        }
        let (_, met) = self.layer.seen()?;
        self.layer.disarm()?;
        server.kill()?;
        self.wait()?;
        let state = self.state()?;
        let after = states.get(done + 1).unwrap_or(&states[done]);
        if state != states[done] && state != *after {
            return Ok(Outcome { met, wrong: Some(format!("after {done} commands: {state}")) });
        }
        let server = self.serve(false)?;
        let mut client = Door::new(server.address, &self.token).client();
        for command in &DAY[done..] {
            if let Some(fault) = act(&mut client, &mut known, command)? {
                return Ok(Outcome { met, wrong: Some(format!("after the fault: {fault}")) });
            }
        }
        server.kill()?;
        let mut report = Report::default();
        self.ground.verify(&mut report)?;
        let (_, broken) = report.close(Tier::N);
        let ended = self.state()? == states[DAY.len()];
        let wrong = broken.or((!ended).then(|| "the day ended elsewhere".to_owned()));
        Ok(Outcome { met, wrong })
    }

    /// What the shop has come to, without ids and times.
    fn state(&self) -> Result<String, Broken> {
        runtime()?.block_on(async {
            let engine = Engine::open(self.ground.url()).await?;
            let shop = enter(&engine, &self.token).await?.id();
            let mut lines = Vec::new();
            for order in all::<Order>(&engine, shop).await? {
                let Order { number, state, total, adjusted, deposit, .. } = order;
                lines.push(format!("order {number} {state} {total} {adjusted} {deposit}"));
            }
            for line in all::<OrderLine>(&engine, shop).await? {
                let OrderLine { qty, fulfilled, cancelled, returned, cost_at_sale, .. } = line;
                lines.push(format!("line {qty} {fulfilled} {cancelled} {returned} {cost_at_sale}"));
            }
            for level in all::<StockLevel>(&engine, shop).await? {
                lines.push(format!("level {} {} {}", level.on_hand, level.reserved, level.incoming));
            }
            for layer in all::<CostLayer>(&engine, shop).await? {
                lines.push(format!("layer {} {}", layer.qty_left, layer.cost_left));
            }
            for payment in all::<Payment>(&engine, shop).await? {
                lines.push(format!("payment {} {}", payment.captured, payment.refunded));
            }
            for hold in all::<Reservation>(&engine, shop).await? {
                lines.push(format!("hold {} {}", hold.qty, hold.state));
            }
            for order in all::<PurchaseOrder>(&engine, shop).await? {
                lines.push(format!("purchase {} {}", order.number, order.state));
            }
            for case in all::<ReturnCase>(&engine, shop).await? {
                lines.push(format!("return {} {}", case.number, case.state));
            }
            for entry in all::<AuditEntry>(&engine, shop).await? {
                lines.push(format!("audit {}", entry.operation));
            }
            for event in all::<Event>(&engine, shop).await? {
                // What the worker does by itself once a day comes between any two commands.
                if event.kind != "forecasts.refreshed" {
                    lines.push(format!("event {}", event.kind));
                }
            }
            let mut look = engine.storage().read(Scope::Shop(shop)).await?;
            for row in look.ledger().balances(None, None).await? {
                lines.push(format!("{} {}", row.account.as_str(), row.balance));
            }
            lines.sort_unstable();
            Ok(lines.join(", "))
        })
    }
}

/// Does a command of the day; the fault that kept it from being done.
fn act(client: &mut Client, known: &mut Known, (name, command): &Command) -> Result<Option<String>, Broken> {
    let (head, body) = command(known);
    match client.ask(&head, Some(name), &body.to_string()) {
        Ok(answer) if answer.is_done() => {
            known.0.insert(name, answer.json());
            Ok(None)
        }
        Ok(answer) if answer.status >= 500 => Ok(Some(format!("{name}: {} {}", answer.status, answer.body))),
        Ok(answer) => Err(Broken::because(format!("{name}: {} {}", answer.status, answer.body))),
        Err(error) => Ok(Some(format!("{name}: {error}"))),
    }
}
