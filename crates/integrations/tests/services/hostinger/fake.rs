//! A pretend Hostinger that keeps state: domains, what is paid for, zones and how they were. What was bought is seen a while
//! later, as at the real one.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::testing::FixedClock;
use serde_json::{Value, json};

use super::description;
use crate::kit::form::nested;
use crate::kit::server::{Heard, Reply, Server};

/// The token that it takes.
pub(crate) const TOKEN: &str = "canary91f0Hostinger";
/// A domain of the account, with a zone.
pub(crate) const OWN: &str = "second-spring.com";
/// A name that somebody else has.
pub(crate) const TAKEN: &str = "taken.com";

/// Something bought at it.
pub(crate) struct Bought {
    pub(crate) name: String,
    at: Timestamp,
}

/// What the fake holds.
pub(crate) struct State {
    now: Timestamp,
    pub(crate) bought: Vec<Bought>,
    subscriptions: Vec<Value>,
    pub(crate) zone: Vec<Value>,
    snapshots: Vec<(u64, Timestamp, Vec<Value>)>,
    /// How long it takes until what was bought is seen.
    pub(crate) lag: Duration,
    /// What the token may not look at.
    pub(crate) closed: Vec<&'static str>,
    /// How the next orders stand.
    pub(crate) order_status: &'static str,
    /// What is added to the cost of the next orders.
    pub(crate) dearer: i64,
    /// Sites, of which there are many.
    pub(crate) sites: usize,
    pub(crate) heard_at: Vec<Timestamp>,
}

/// The pretend Hostinger.
pub(crate) struct Fake {
    pub(crate) server: Server,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(clock: &FixedClock) -> Self {
        let entry = |name: &str, kind: &str, content: &str| json!({"name": name, "type": kind, "ttl": 14_400, "records": [{"content": content, "is_disabled": false}]});
        let first = json!({
            "id": "Azz36nUfKX1S1MSF", "name": ".COM Domain", "status": "active", "billing_period": 1,
            "billing_period_unit": "year", "currency_code": "USD", "total_price": 1_599, "renewal_price": 1_599,
            "is_auto_renewed": true, "created_at": "2025-02-27T11:54:22Z", "expires_at": null, "next_billing_at": null,
        });
        let state = State {
            now: clock.now(),
            bought: Vec::new(),
            subscriptions: vec![first],
            zone: vec![
                entry("@", "A", "192.0.2.200"),
                entry("@", "TXT", "\"v=spf1 -all\""),
                entry("@", "MX", "5 mx1.example.com."),
            ],
            snapshots: Vec::new(),
            lag: Duration::from_mins(5),
            closed: Vec::new(),
            order_status: "completed",
            dearer: 0,
            sites: 3,
            heard_at: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let (serving, telling) = (state.clone(), clock.clone());
        let server = Server::start(move |heard| {
            let mut state = serving.lock().unwrap();
            state.now = telling.now();
            let now = state.now;
            state.heard_at.push(now);
            let reply = state.answer(heard);
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            // Its description promises nothing of what it does not find.
            if let Some(description) = description().filter(|_| ![403, 404].contains(&reply.status)) {
                description.check_answer(&heard.method, &heard.path, reply.status, &body).unwrap();
            }
            reply
        });
        Self { server, state }
    }

    /// Looks at what it holds.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// How often a name was paid for.
    pub(crate) fn paid(&self, name: &str) -> usize {
        self.look(|state| state.bought.iter().filter(|bought| bought.name == name).count())
    }
}

fn good(body: &Value) -> Reply {
    Reply::new(200, body.to_string())
}

fn done() -> Reply {
    good(&json!({"message": "Request accepted"}))
}

fn refused(status: u16, message: &str) -> Reply {
    Reply::new(status, json!({"message": message, "correlation_id": "26a91bd9-fake"}).to_string())
}

fn wrong(field: &str, why: &str) -> Reply {
    let body = json!({"message": "The given data was invalid.", "errors": {field: [why]}, "correlation_id": "26a91bd9"});
    Reply::new(422, body.to_string())
}

/// The catalogue: endings that begin alike, times of several lengths, and something that is no domain.
fn catalogue() -> Value {
    let price = |id: &str, years: i64, first: i64| {
        json!({
            "id": format!("{id}-{years}y"), "name": "every year", "currency": "USD", "price": 1_599 * years,
            "first_period_price": first, "period": years, "period_unit": "year",
        })
    };
    let item = |id: &str, name: &str, first: i64| {
        json!({
            "id": id, "name": name, "category": "DOMAIN", "metadata": null,
            "prices": [price(id, 2, first * 2), price(id, 1, first)],
        })
    };
    json!([
        item("hostingercom-domain-combr", ".COM.BR Domain", 777),
        item("hostingercom-domain-com", ".COM Domain", 999),
        item("hostingercom-domain-net", ".NET Domain", 1_299),
        {"id": "hostingercom-vps-kvm2", "name": "KVM 2", "category": "VPS", "metadata": {"cpus": "2"}, "prices": [{
            "id": "hostingercom-vps-kvm2-usd-1m", "name": "KVM 2", "currency": "USD", "price": 1_799,
            "first_period_price": 899, "period": 1, "period_unit": "month",
        }]},
    ])
}

impl State {
    fn answer(&mut self, heard: &Heard) -> Reply {
        if heard.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return refused(401, "Unauthenticated");
        }
        if let Some(description) = description() {
            let checked = description.check_request(&heard.method, &heard.path, &heard.body);
            if let (Err(why), true) = (&checked, heard.path.ends_with("/validate")) {
                return wrong("zone", why);
            }
            checked.unwrap();
        }
        let (path, query) = heard.path.split_once('?').unwrap_or((&heard.path, ""));
        if self.closed.iter().any(|closed| path.starts_with(closed)) {
            return refused(403, "Forbidden");
        }
        let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
        let steps: Vec<&str> = path.split('/').skip(2).collect();
        match (heard.method.as_str(), &steps[..]) {
            ("GET", ["billing", "v1", "catalog"]) => sold(&nested(query)),
            ("GET", ["billing", "v1", "subscriptions"]) => good(&self.subscriptions.clone().into()),
            ("GET", ["billing", "v1", "payment-methods"] | ["vps", "v1", "virtual-machines"]) => {
                good(&json!([]))
            }
            ("GET", ["ecommerce", "v1", "stores"]) => {
                good(&json!({"data": [], "meta": {"current_page": 1, "per_page": 50, "total": 0}}))
            }
            ("GET", ["hosting", "v1", "websites"]) => self.sites(&nested(query)),
            ("POST", ["domains", "v1", "availability"]) => self.availability(&body),
            ("GET", ["domains", "v1", "portfolio"]) => good(&self.portfolio()),
            ("POST", ["domains", "v1", "portfolio"]) => self.sell(&body),
            (_, ["dns", "v1", _, domain, ..]) if *domain != OWN => refused(404, "Domain not found"),
            ("GET", ["dns", "v1", "zones", _]) => good(&self.zone.clone().into()),
            ("POST", ["dns", "v1", "zones", _, "validate"]) => {
                Self::unsound(&body["zone"]).map_or_else(done, |why| wrong("zone", &why))
            }
            ("PUT", ["dns", "v1", "zones", _]) => self.write(&body),
            ("DELETE", ["dns", "v1", "zones", _]) => self.erase(&body["filters"]),
            ("GET", ["dns", "v1", "snapshots", _]) => {
                let told = |(id, at, _): &(u64, Timestamp, _)| json!({"id": id, "reason": "Zone records update request", "created_at": at.to_string()});
                good(&self.snapshots.iter().map(told).collect())
            }
            ("POST", ["dns", "v1", "snapshots", _, id, "restore"]) => self.restore(id),
            _ => refused(404, "Not found"),
        }
    }

    fn portfolio(&self) -> Value {
        let domain = |id: usize, name: &str, status: &str, expires: Option<&str>| {
            json!({
                "id": id, "domain": name, "type": "domain", "status": status, "created_at": "2025-02-27T11:54:22Z",
                "expires_at": expires,
            })
        };
        let mut all = vec![
            domain(1, OWN, "active", Some("2027-02-27T11:54:22Z")),
            domain(2, "gone.com", "deleted", None),
            json!({"id": 3, "domain": null, "type": "free_domain", "status": "pending_setup", "created_at":
                "2025-02-27T11:54:22Z", "expires_at": null}),
        ];
        let seen = self.bought.iter().filter(|bought| self.now.since(bought.at) >= self.lag);
        all.extend(seen.enumerate().map(|(id, bought)| domain(10 + id, &bought.name, "requested", None)));
        all.into()
    }

    fn is_free(&self, name: &str) -> bool {
        ![OWN, TAKEN].contains(&name) && !self.bought.iter().any(|bought| bought.name == name)
    }

    fn availability(&self, body: &Value) -> Reply {
        let label = body["domain"].as_str().unwrap();
        let endings = body["tlds"].as_array().unwrap().iter().map(|ending| ending.as_str().unwrap());
        let told = |ending: &str| {
            let name = format!("{label}.{ending}");
            json!({"domain": name, "is_available": self.is_free(&name), "is_alternative": false, "restriction": null})
        };
        let mut all: Vec<Value> = endings.map(told).collect();
        all.push(json!({"domain": "better.com", "is_available": true, "is_alternative": true, "restriction": null}));
        good(&all.into())
    }

    /// The order goes through whenever a name is asked for in good form, also for one that is there twice: who pays twice is
    /// not saved by it.
    fn sell(&mut self, body: &Value) -> Reply {
        let name = body["domain"].as_str().unwrap().to_owned();
        let ending = name.split_once('.').unwrap().1;
        let Some(cents) = price_of(body["item_id"].as_str().unwrap(), ending) else {
            return wrong("item_id", "The selected item id is invalid.");
        };
        if [OWN, TAKEN].contains(&name.as_str()) {
            return wrong("domain", "Domain is not available");
        }
        let id = self.subscriptions.len();
        let mut subscription = self.subscriptions[0].clone();
        subscription["id"] = format!("Azz-new-{id}").into();
        subscription["created_at"] = self.now.to_string().into();
        if self.order_status == "completed" {
            self.subscriptions.push(subscription.clone());
            self.bought.push(Bought { name, at: self.now });
        }
        good(&json!({
            "id": 2_957_086 + id, "subscription_id": subscription["id"], "status": self.order_status, "currency": "USD",
            "subtotal": cents + self.dearer, "total": (cents + self.dearer) * 121 / 100,
            "billing_address": {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"},
            "created_at": self.now.to_string(), "updated_at": self.now.to_string(),
        }))
    }

    fn sites(&self, query: &Value) -> Reply {
        let page: usize = query["page"].as_str().unwrap().parse().unwrap();
        let of = |number: usize| {
            json!({
                "domain": format!("site{number}.com"), "vhost_type": "main", "is_enabled": true, "username": "u1",
                "client_id": 1, "order_id": 1, "created_at": "2025-02-27T11:54:22Z", "root_directory": null,
                "parent_domain": null, "website_type": "other", "horizons_uuid": null,
            })
        };
        let all: Vec<Value> = (0..self.sites).map(of).skip((page - 1) * 50).take(50).collect();
        good(&json!({"data": all, "meta": {"current_page": page, "per_page": 50, "total": self.sites}}))
    }

    /// What is wrong with what a zone shall say.
    fn unsound(zone: &Value) -> Option<String> {
        for entry in zone.as_array().unwrap() {
            let kind = entry["type"].as_str().unwrap();
            for value in entry["records"].as_array().unwrap() {
                let content = value["content"].as_str().unwrap();
                let sound = match kind {
                    "A" => content.parse::<Ipv4Addr>().is_ok(),
                    "AAAA" => content.parse::<Ipv6Addr>().is_ok(),
                    "TXT" => content.split("\" \"").all(|piece| piece.len() <= 255 + 2 + 255),
                    "CNAME" | "ALIAS" | "MX" | "NS" | "SRV" | "CAA" => !content.is_empty(),
                    _ => false,
                };
                if !sound {
                    return Some(format!("DNS resource record is not valid: {kind}"));
                }
            }
        }
        None
    }

    fn keep(&mut self) {
        let id = self.snapshots.len() as u64 + 5_341;
        self.snapshots.push((id, self.now, self.zone.clone()));
    }

    fn write(&mut self, body: &Value) -> Reply {
        assert_eq!(body["overwrite"], true);
        if let Some(why) = Self::unsound(&body["zone"]) {
            return wrong("zone", &why);
        }
        self.keep();
        for entry in body["zone"].as_array().unwrap() {
            let mut entry = entry.clone();
            let text = entry["type"] == "TXT";
            for value in entry["records"].as_array_mut().unwrap() {
                let content = value["content"].as_str().unwrap();
                if text && !content.starts_with('"') {
                    value["content"] = format!("\"{content}\"").into();
                }
                value["is_disabled"] = false.into();
            }
            self.zone.retain(|known| known["name"] != entry["name"] || known["type"] != entry["type"]);
            self.zone.push(entry);
        }
        done()
    }

    fn erase(&mut self, filters: &Value) -> Reply {
        let hit = |known: &Value| {
            let mut filters = filters.as_array().unwrap().iter();
            filters.any(|filter| filter["name"] == known["name"] && filter["type"] == known["type"])
        };
        if !self.zone.iter().any(hit) {
            return wrong("filters", "No records match");
        }
        self.keep();
        self.zone.retain(|known| !hit(known));
        done()
    }

    fn restore(&mut self, id: &str) -> Reply {
        let known = self.snapshots.iter().find(|(known, ..)| known.to_string() == id);
        let Some((_, _, zone)) = known.cloned() else { return refused(404, "Snapshot not found") };
        self.keep();
        self.zone = zone;
        done()
    }
}

fn sold(query: &Value) -> Reply {
    let begins = query["name"].as_str().unwrap_or("*").trim_end_matches('*').to_lowercase();
    let suits = |item: &&Value| {
        (query["category"].is_null() || item["category"] == query["category"])
            && item["name"].as_str().unwrap().to_lowercase().starts_with(&begins)
    };
    let all = catalogue();
    good(&all.as_array().unwrap().iter().filter(suits).cloned().collect())
}

/// What is paid at first for an item that is for domains of this ending.
fn price_of(item: &str, ending: &str) -> Option<i64> {
    let all = catalogue();
    let named = format!(".{} Domain", ending.to_uppercase());
    let known = all.as_array().unwrap().iter().find(|one| one["name"] == named.as_str())?;
    let prices = known["prices"].as_array().unwrap();
    prices.iter().find(|price| price["id"] == item)?["first_period_price"].as_i64()
}

/// What was asked for, of all that was heard.
pub(crate) fn orders(heard: &[Heard]) -> BTreeMap<String, usize> {
    let mut orders = BTreeMap::new();
    for one in heard.iter().filter(|one| one.method == "POST" && one.path == "/api/domains/v1/portfolio") {
        let body: Value = serde_json::from_slice(&one.body).unwrap();
        *orders.entry(body["domain"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    orders
}
