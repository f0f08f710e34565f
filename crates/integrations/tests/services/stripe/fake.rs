//! A pretend Stripe that keeps state: payments, charges, refunds, and what was answered under each key for a day. Its
//! search lags a minute behind, as the real one does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use baddie_core::clock::Clock;
use baddie_core::testing::FixedClock;
use serde_json::{Value, json};

use crate::kit::form::{nested, pairs};
use crate::kit::server::{Heard, Reply, Server};
use crate::kit::specs::fixture_json;

/// The credential that it takes.
pub(crate) const KEY: &str = "sk_test_canary91f0";
/// Another credential of the same account.
pub(crate) const ROLLED: &str = "sk_test_canary52c7";
/// A credential of the same account that may not look at payments which Stripe wants looked at.
pub(crate) const NARROW: &str = "rk_test_canaryd1e4";
/// A credential of another account.
pub(crate) const FOREIGN: &str = "sk_test_canary08b6";

/// A means of payment that is taken at once.
pub(crate) const GOOD: &str = "pm_card_visa";
/// One that takes an hour.
pub(crate) const SLOW: &str = "pm_card_slow";
/// One that is declined.
pub(crate) const BAD: &str = "pm_card_chargeDeclined";

const DAY: i64 = 24 * 3_600;
const HOUR: i64 = 3_600;

/// An answer, with the request that it answers.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

#[derive(Default)]
pub(crate) struct State {
    objects: Value,
    now: i64,
    pub(crate) intents: Vec<Value>,
    pub(crate) refunds: Vec<Value>,
    /// Pages on which customers pay, and how the payment of each is to be made.
    pub(crate) pages: Vec<(Value, Value)>,
    ready_at: BTreeMap<String, i64>,
    kept: BTreeMap<String, (i64, String, Reply)>,
    pub(crate) disputes: Vec<Value>,
    pub(crate) reviews: Vec<Value>,
    pub(crate) warnings: Vec<Value>,
    /// What happened, oldest first.
    pub(crate) events: Vec<Value>,
    /// Credentials that it no longer takes.
    pub(crate) withdrawn: Vec<&'static str>,
    said: Vec<Said>,
}

pub(crate) struct Fake {
    pub(crate) server: Server,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(clock: &FixedClock) -> Self {
        let state = State { objects: fixture_json("stripe/objects.json"), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let (serving, clock) = (state.clone(), clock.clone());
        let server = Server::start(move |heard| {
            let mut state = serving.lock().unwrap();
            state.now = clock.now().as_micros() / 1_000_000;
            let reply = state.answer(heard).header("request-id", "req_fake");
            let body = serde_json::from_slice(&reply.body).unwrap();
            let (method, path) = (heard.method.clone(), heard.path.clone());
            state.said.push(Said { method, path, status: reply.status, body });
            reply
        });
        Self { server, state }
    }

    /// Looks at what it holds.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// Everything it said of its own accord.
    pub(crate) fn said(&self) -> Vec<Said> {
        self.look(|state| state.said.clone())
    }
}

fn good(body: &Value) -> Reply {
    Reply::new(200, body.to_string())
}

fn error(status: u16, kind: &str, code: &str, message: &str) -> Reply {
    let error = json!({"error": {"type": kind, "code": code, "message": message}});
    Reply::new(status, error.to_string())
}

fn refused(code: &str) -> Reply {
    error(400, "invalid_request_error", code, "it cannot be done")
}

fn number(form: &Value, name: &str) -> Option<i64> {
    form[name].as_str()?.parse().ok()
}

impl State {
    fn answer(&mut self, heard: &Heard) -> Reply {
        let given = heard.header("authorization").and_then(|given| given.strip_prefix("Bearer "));
        let key = [KEY, ROLLED, NARROW, FOREIGN].into_iter().find(|key| given == Some(key));
        let Some(key) = key.filter(|key| !self.withdrawn.contains(key)) else {
            return error(401, "invalid_request_error", "api_key_invalid", "Invalid API Key provided");
        };
        if key == NARROW && heard.path.starts_with("/v1/reviews") {
            return error(403, "invalid_request_error", "", "The key does not have the required permissions");
        }
        if heard.path == "/v1/account" {
            let id = if key == FOREIGN { "acct_foreign" } else { "acct_own" };
            return good(&json!({"id": id, "object": "account"}));
        }
        if heard.header("stripe-version") != Some("2026-10-28.endive") {
            return refused("version");
        }
        let body = String::from_utf8(heard.body.to_vec()).unwrap();
        if heard.method != "POST" {
            return self.act(heard, &nested(&body));
        }
        let Some(key) = heard.header("idempotency-key") else { return refused("no_key") };
        let asked = format!("{} {body}", heard.path);
        let oldest = self.now - DAY;
        self.kept.retain(|_, (at, ..)| *at > oldest);
        if let Some((_, before, reply)) = self.kept.get(key) {
            let same = *before == asked;
            return if same { reply.clone() } else { error(400, "idempotency_error", "", "another request") };
        }
        let reply = self.act(heard, &nested(&body));
        self.kept.insert(key.to_owned(), (self.now, asked, reply.clone()));
        reply
    }

    fn act(&mut self, heard: &Heard, form: &Value) -> Reply {
        self.ripen();
        let (path, query) = heard.path.split_once('?').unwrap_or((&heard.path, ""));
        let query = nested(query);
        let steps: Vec<&str> = path.split('/').skip(2).collect();
        match (heard.method.as_str(), &steps[..]) {
            ("POST", ["payment_intents"]) => self.create(form),
            ("GET", ["payment_intents"]) => good(&page(&self.intents, &query, path)),
            ("GET", ["payment_intents", "search"]) => self.search(&query),
            ("GET", ["payment_intents", id]) => self.with(id, |intent, _| good(intent)),
            ("POST", ["payment_intents", id, "capture"]) => self.with(id, |intent, _| capture(intent, form)),
            ("POST", ["payment_intents", id, "cancel"]) => self.with(id, cancel),
            ("POST", ["checkout", "sessions"]) => self.open_page(form),
            ("GET", ["checkout", "sessions", id]) => match self.page_called(id) {
                Some((page, _)) => good(page),
                None => error(404, "invalid_request_error", "resource_missing", "No such checkout.session"),
            },
            ("POST", ["checkout", "sessions", id, "expire"]) => match self.page_called(id) {
                Some((page, _)) if page["status"] == "open" => {
                    (page["status"], page["url"]) = ("expired".into(), Value::Null);
                    good(page)
                }
                _ => refused("checkout_session_not_open"),
            },
            ("POST", ["refunds"]) => self.refund(form),
            ("GET", ["refunds"]) => {
                let of = |refund: &&Value| query["charge"].is_null() || refund["charge"] == query["charge"];
                let found: Vec<Value> = self.refunds.iter().filter(of).cloned().collect();
                good(&page(&found, &query, path))
            }
            ("GET", ["events"]) => good(&page(&self.events, &query, path)),
            ("GET", ["reviews" | "webhook_endpoints"] | ["radar", "early_fraud_warnings"]) => {
                good(&page(&[], &query, path))
            }
            ("GET", ["refunds", id]) => one(&self.refunds, id),
            ("GET", ["disputes", id]) => one(&self.disputes, id),
            ("GET", ["reviews", id]) => one(&self.reviews, id),
            ("GET", ["radar", "early_fraud_warnings", id]) => one(&self.warnings, id),
            _ => error(404, "invalid_request_error", "url_invalid", "Unrecognized request URL"),
        }
    }

    /// Something happens here, and is told of; the event as it is delivered.
    pub(crate) fn happen(&mut self, kind: &str, object: &Value, created: i64) -> Value {
        let id = format!("evt_{}", self.events.len() + 1);
        let event = json!({
            "id": id, "object": "event", "type": kind, "created": created, "livemode": false,
            "api_version": "2026-10-28.endive", "data": {"object": object}
        });
        self.events.push(event.clone());
        event
    }

    /// What was under way long enough is done.
    fn ripen(&mut self) {
        let ready = |id: &Value, at: &BTreeMap<String, i64>, now| {
            at.get(id.as_str().unwrap()).is_none_or(|at| *at <= now)
        };
        for intent in &mut self.intents {
            if intent["status"] == "processing" && ready(&intent["id"], &self.ready_at, self.now) {
                intent["status"] = "requires_capture".into();
                intent["amount_capturable"] = intent["amount"].clone();
            }
        }
        for (page, _) in &mut self.pages {
            if page["status"] == "open" && page["expires_at"].as_i64().unwrap() <= self.now {
                (page["status"], page["url"]) = ("expired".into(), Value::Null);
            }
        }
        for refund in &mut self.refunds {
            if refund["status"] == "pending" && ready(&refund["id"], &self.ready_at, self.now) {
                refund["status"] = "succeeded".into();
            }
        }
    }

    fn with(&mut self, id: &str, act: impl FnOnce(&mut Value, i64) -> Reply) -> Reply {
        let now = self.now;
        match self.intents.iter_mut().find(|intent| intent["id"] == id) {
            Some(intent) => act(intent, now),
            None => error(404, "invalid_request_error", "resource_missing", "No such payment_intent"),
        }
    }

    fn create(&mut self, form: &Value) -> Reply {
        let number_of = self.intents.len() + 1;
        let Some(amount) = number(form, "amount").filter(|amount| *amount > 0) else {
            return refused("parameter_invalid_integer");
        };
        let method = form["payment_method"].as_str().unwrap_or_default();
        let (status, capturable) = match method {
            SLOW => ("processing", 0),
            BAD => ("requires_payment_method", 0),
            _ => ("requires_capture", amount),
        };
        let mut intent = self.objects["payment_intent"].clone();
        let id = format!("pi_{number_of}");
        intent["id"] = id.clone().into();
        intent["amount"] = amount.into();
        intent["currency"] = form["currency"].clone();
        intent["capture_method"] = form["capture_method"].clone();
        intent["amount_capturable"] = capturable.into();
        intent["created"] = self.now.into();
        intent["status"] = status.into();
        intent["metadata"] = form["metadata"].clone();
        intent["latest_charge"] = format!("ch_{number_of}").into();
        if method == SLOW {
            self.ready_at.insert(id, self.now + HOUR);
        }
        if method == BAD {
            let problem =
                json!({"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"});
            intent["last_payment_error"] = problem;
        }
        self.intents.push(intent.clone());
        if method == BAD {
            let mut problem = intent["last_payment_error"].clone();
            problem["message"] = "Your card has insufficient funds.".into();
            return Reply::new(402, json!({ "error": problem }).to_string());
        }
        good(&intent)
    }

    fn page_called(&mut self, id: &str) -> Option<&mut (Value, Value)> {
        self.pages.iter_mut().find(|(page, _)| page["id"] == id)
    }

    fn open_page(&mut self, form: &Value) -> Reply {
        let until = number(form, "expires_at").unwrap();
        if !(self.now + HOUR / 2..=self.now + DAY).contains(&until) {
            return refused("parameter_invalid_integer");
        }
        let line = &form["line_items"]["0"];
        let price = &line["price_data"];
        let total = number(line, "quantity").unwrap() * number(price, "unit_amount").unwrap();
        let id = format!("cs_{}", self.pages.len() + 1);
        let mut page = self.objects["checkout_session"].clone();
        page["id"] = id.clone().into();
        page["amount_total"] = total.into();
        page["currency"] = price["currency"].clone();
        page["created"] = self.now.into();
        page["expires_at"] = until.into();
        page["client_reference_id"] = form["client_reference_id"].clone();
        page["metadata"] = form["metadata"].clone();
        page["payment_intent"] = Value::Null;
        page["success_url"] = form["success_url"].clone();
        page["cancel_url"] = form["cancel_url"].clone();
        page["url"] = format!("https://checkout.stripe.example/pay/{id}").into();
        self.pages.push((page.clone(), form["payment_intent_data"].clone()));
        good(&page)
    }

    /// A customer pays on a page, unless it is shut; what is delivered then.
    pub(crate) fn pay(&mut self, id: &str, method: &str) -> Option<Value> {
        let now = self.now;
        let (page, data) = self.page_called(id)?.clone();
        if page["status"] != "open" || page["expires_at"].as_i64().unwrap() <= now {
            return None;
        }
        let form = json!({
            "amount": page["amount_total"].to_string(), "currency": page["currency"], "payment_method": method,
            "capture_method": data["capture_method"], "metadata": data["metadata"],
        });
        self.create(&form);
        let payment = self.intents.last().unwrap()["id"].clone();
        let (page, _) = self.page_called(id)?;
        (page["status"], page["url"]) = ("complete".into(), Value::Null);
        page["payment_intent"] = payment;
        let page = page.clone();
        Some(self.happen("checkout.session.completed", &page, now))
    }

    fn search(&self, query: &Value) -> Reply {
        let wanted = query["query"].as_str().unwrap();
        let parts: Vec<&str> = wanted.split('\'').collect();
        let (name, value) = (parts[1], parts[3]);
        let seen = |intent: &&Value| {
            intent["metadata"][name] == value && intent["created"].as_i64().unwrap() <= self.now - 60
        };
        let data: Vec<&Value> = self.intents.iter().filter(seen).collect();
        let url = "/v1/payment_intents/search";
        good(
            &json!({"object": "search_result", "data": data, "has_more": false, "next_page": null, "url": url}),
        )
    }

    fn refund(&mut self, form: &Value) -> Reply {
        let charge = form["charge"].clone();
        let Some(intent) = self.intents.iter().find(|intent| intent["latest_charge"] == charge) else {
            return error(404, "invalid_request_error", "resource_missing", "No such charge");
        };
        let given = self.refunds.iter().filter(|refund| refund["charge"] == charge);
        let given: i64 = given.map(|refund| refund["amount"].as_i64().unwrap()).sum();
        let left = intent["amount_received"].as_i64().unwrap() - given;
        let amount = number(form, "amount").unwrap_or(left);
        if amount <= 0 || amount > left {
            return refused("charge_already_refunded");
        }
        let slow = self.ready_at.contains_key(intent["id"].as_str().unwrap());
        let id = format!("re_{}", self.refunds.len() + 1);
        let mut refund = self.objects["refund"].clone();
        refund["id"] = id.clone().into();
        refund["amount"] = amount.into();
        refund["currency"] = intent["currency"].clone();
        refund["charge"] = charge;
        refund["payment_intent"] = intent["id"].clone();
        refund["created"] = self.now.into();
        refund["metadata"] = form["metadata"].clone();
        refund["reason"] = form["reason"].clone();
        refund["status"] = if slow { "pending" } else { "succeeded" }.into();
        if slow {
            self.ready_at.insert(id, self.now + HOUR);
        }
        self.refunds.push(refund.clone());
        good(&refund)
    }
}

fn one(all: &[Value], id: &str) -> Reply {
    match all.iter().find(|one| one["id"] == id) {
        Some(found) => good(found),
        None => error(404, "invalid_request_error", "resource_missing", "No such object"),
    }
}

fn capture(intent: &mut Value, form: &Value) -> Reply {
    let capturable = intent["amount_capturable"].as_i64().unwrap();
    let amount = number(form, "amount_to_capture").unwrap_or(capturable);
    if intent["status"] != "requires_capture" {
        return refused("payment_intent_unexpected_state");
    }
    if amount <= 0 || amount > capturable {
        return refused("amount_too_large");
    }
    intent["status"] = "succeeded".into();
    intent["amount_received"] = amount.into();
    intent["amount_capturable"] = 0.into();
    for (name, value) in form["metadata"].as_object().into_iter().flatten() {
        intent["metadata"][name] = value.clone();
    }
    good(intent)
}

fn cancel(intent: &mut Value, now: i64) -> Reply {
    if intent["status"] == "succeeded" || intent["status"] == "canceled" {
        return refused("payment_intent_unexpected_state");
    }
    intent["status"] = "canceled".into();
    intent["amount_capturable"] = 0.into();
    intent["canceled_at"] = now.into();
    intent["cancellation_reason"] = "requested_by_customer".into();
    good(intent)
}

/// A page of a list, newest first.
fn page(all: &[Value], query: &Value, url: &str) -> Value {
    let since = number(&query["created"], "gte").unwrap_or(0);
    let mut found: Vec<&Value> =
        all.iter().rev().filter(|one| one["created"].as_i64().unwrap() >= since).collect();
    if let Some(after) = query["starting_after"].as_str() {
        let place = found.iter().position(|one| one["id"] == after).unwrap();
        found.drain(..=place);
    }
    let limit = number(query, "limit").map_or(10, |limit| usize::try_from(limit).unwrap());
    let has_more = found.len() > limit;
    found.truncate(limit);
    json!({"object": "list", "data": found, "has_more": has_more, "url": url})
}

/// What a request asked for, by the name of the field.
pub(crate) fn asked(heard: &Heard, field: &str) -> Option<String> {
    let body = String::from_utf8(heard.body.to_vec()).unwrap();
    pairs(&body).into_iter().find(|(name, _)| name == field).map(|(_, value)| value)
}
