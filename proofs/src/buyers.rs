//! Customers who buy one mug after another, each under a key of its own, and remember what they were told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use crate::client::{Client, Door};
use crate::report::{Broken, Report, joined};

/// Where orders are placed.
pub(crate) const ORDERS: &str = "POST /api/v1/orders";
/// What everybody buys.
pub(crate) const ORDER: &str = r#"{"lines":[{"sku":"MUG","qty":1}],"paid":true}"#;

/// An order that was acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Sale {
    /// The key it was placed under.
    pub(crate) key: String,
    /// The answer, to the letter.
    pub(crate) answer: String,
}

impl Sale {
    /// The order's id.
    pub(crate) fn order(&self) -> String {
        id_of(&serde_json::from_str(&self.answer).unwrap_or_default())
    }
}

/// What all customers were told so far.
#[derive(Debug, Default)]
pub(crate) struct Sales {
    name: String,
    told: Mutex<Vec<Sale>>,
}

impl Sales {
    /// Those of customers whose keys bear this name, where a shop has customers of several names.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), told: Mutex::default() }
    }

    fn add(&self, sale: Sale) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(sale);
    }

    /// All until now.
    pub(crate) fn so_far(&self) -> Vec<Sale> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Lets so many customers buy while `meanwhile` goes on; every one of them insists on an answer to each order.
pub(crate) fn while_they_buy<T>(
    door: &Door,
    customers: usize,
    sales: &Sales,
    meanwhile: impl FnOnce() -> Result<T, Broken>,
) -> Result<T, Broken> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = &over;
        let customers: Vec<_> =
            (0..customers).map(|customer| scope.spawn(move || buy(door, customer, sales, over))).collect();
        let came = meanwhile();
        over.store(true, Ordering::Relaxed);
        let went = customers.into_iter().map(joined).collect::<Result<Vec<()>, _>>();
        let came = came?;
        went.map(|_| came)
    })
}

/// Buys one mug after another. A key whose answer was lost is asked again until there is one.
fn buy(door: &Door, customer: usize, sales: &Sales, over: &AtomicBool) -> Result<(), Broken> {
    let mut client = door.client();
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let key = format!("customer-{}-{customer}-{number}", sales.name);
        let answer = client.insist(ORDERS, Some(&key), ORDER)?;
        if answer.status != 201 {
            return Err(Broken::because(format!("{key}: {} {}", answer.status, answer.body)));
        }
        sales.add(Sale { key, answer: answer.body });
    }
    Ok(())
}

/// Compares what is there with what was acknowledged: nothing lost, nothing twice, and the same answer again.
pub(crate) fn judge(sales: &[Sale], client: &mut Client, report: &mut Report) -> Result<(), Broken> {
    let met = orders(client)?;
    let lost = sales.iter().filter(|sale| !met.contains_key(&sale.order())).count();
    let doubled = (met.len() + lost).saturating_sub(sales.len());
    let twice = met.values().filter(|times| **times > 1).count();
    for sale in sales.iter().step_by(sales.len().div_ceil(50).max(1)) {
        let again = client.ask(ORDERS, Some(&sale.key), ORDER)?;
        let same = (again.status, &again.body) == (201, &sale.answer);
        report.demand(same, || format!("{} was answered anew", sale.key));
    }
    report.count(sales.len(), "orders acknowledged");
    report.none(lost, "lost");
    report.none(doubled + twice, "doubled");
    Ok(())
}

/// Every order of the shop: how often its id is met.
pub(crate) fn orders(client: &mut Client) -> Result<BTreeMap<String, usize>, Broken> {
    let mut met = BTreeMap::new();
    for order in client.all("/api/v1/orders")? {
        *met.entry(id_of(&order)).or_default() += 1;
    }
    Ok(met)
}

fn id_of(order: &Value) -> String {
    order["id"].as_str().unwrap_or_default().to_owned()
}
