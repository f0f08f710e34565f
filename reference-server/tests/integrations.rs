//! Accounts at services, as a user connects them: over HTTP and from the command line, to a pretend Stripe on this machine.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use baddie::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const KEY: &str = "sk_test_canary77aa";

/// A pretend Stripe that knows one key, and grants every payment; its address.
fn stripe() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || answer(stream.unwrap()));
        }
    });
    address
}

/// One request, one answer.
fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() <= 2 {
            break;
        }
        let low = line.to_lowercase();
        length = low.strip_prefix("content-length: ").map_or(length, |text| text.trim().parse().unwrap());
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let form = String::from_utf8(body).unwrap();
    let field = |name: &str| {
        let found = form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    };
    let known = head.contains(&format!("Bearer {KEY}"));
    let (status, said) = match head.split(' ').collect::<Vec<_>>()[..2] {
        _ if !known => (401, json!({"error": {"type": "invalid_request_error", "message": "no such key"}})),
        ["GET", "/v1/account"] => (200, json!({"id": "acct_pretend", "object": "account"})),
        ["GET", path] if path.starts_with("/v1/reviews") => {
            (403, json!({"error": {"message": "not allowed"}}))
        }
        ["GET", _] => (200, json!({"object": "list", "data": [], "has_more": false})),
        _ => {
            let notes = json!({
                "baddie_txn": field("metadata%5Bbaddie_txn%5D"), "baddie_order": field("metadata%5Bbaddie_order%5D")
            });
            let amount: i64 = field("amount").parse().unwrap();
            (
                200,
                json!({
                    "id": "pi_1", "object": "payment_intent", "amount": amount, "amount_capturable": amount,
                    "currency": field("currency"), "status": "requires_capture", "metadata": notes
                }),
            )
        }
    };
    let said = said.to_string();
    let head = format!("HTTP/1.1 {status} .\r\ncontent-type: application/json\r\nconnection: close\r\n");
    write!(stream, "{head}content-length: {}\r\n\r\n{said}", said.len()).unwrap();
}

/// A folder with settings and a shop, gone when the test ends.
struct House {
    folder: PathBuf,
    token: String,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("baddie-integrations-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        // 32 bytes that are no secret of anybody's.
        let master = format!("{}=\n", "A".repeat(43));
        fs::write(folder.join("master"), master).unwrap();
        let settings = format!(
            "database = \"sqlite://{0}/shop.db\"\nlisten = \"127.0.0.1:0\"\n[outgoing]\nallow = [\"127.0.0.0/8\"]\n\
             [connections]\nmaster_key_file = \"{0}/master\"\nstripe_base = \"{1}\"\n",
            folder.display(),
            stripe()
        );
        fs::write(folder.join("baddie.toml"), settings).unwrap();
        let mut house = Self { folder, token: String::new() };
        let (code, founded) = house.run(&["init", "--email", "a@b.example", "--shop", name], "");
        assert_eq!(code, Some(0), "{founded}");
        founded["token"].as_str().unwrap().clone_into(&mut house.token);
        house
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baddie"));
        command.args(arguments).arg("--json").arg("--config").arg(self.folder.join("baddie.toml"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Exit code and what was printed, errors too.
    fn run(&self, arguments: &[&str], input: &str) -> (Option<i32>, Value) {
        let mut child = self.command(arguments).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let text = String::from_utf8_lossy(text).into_owned();
        assert!(!text.contains("canary"), "{text}");
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (output.status.code(), json)
    }

    fn serve(&self) -> Server {
        let mut child = self.command(&["serve"]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let address = started["listening"].as_str().unwrap().to_owned();
        Server { child, address, token: self.token.clone(), asked: 0 }
    }
}

/// The program, serving.
struct Server {
    child: Child,
    address: String,
    token: String,
    asked: u32,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn ask(&mut self, head: &str, body: &Value) -> (u16, Value) {
        self.asked += 1;
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (token, key) = (&self.token, self.asked);
        write!(
            stream,
            "{head} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\nidempotency-key: k{key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(!answer.contains("canary"), "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Asks until what is answered is so; the worker is at it meanwhile.
    fn wait(&mut self, head: &str, so: impl Fn(&Value) -> bool) -> Value {
        let mut seen = Value::Null;
        for _ in 0..400 {
            (_, seen) = self.ask(head, &Value::Null);
            if so(&seen) {
                return seen;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("it does not become so: {seen}");
    }
}

#[test]
fn an_account_connected_over_http_takes_payments_of_its_shop() {
    let house = House::new("served");
    let mut server = house.serve();
    let wrong = json!({"service": "stripe", "credentials": {"pin": "1"}});
    assert_eq!(server.ask("POST /api/v1/integrations", &wrong).0, 400);
    let given = json!({"service": "stripe", "credentials": {"key": KEY}});
    let (status, made) = server.ask("POST /api/v1/integrations", &given);
    assert_eq!((status, &made["state"]), (201, &json!("pending")), "{made}");
    let id = made["id"].as_str().unwrap();
    let connection =
        server.wait(&format!("GET /api/v1/integrations/{id}"), |seen| seen["state"] != "pending");
    assert_eq!(
        (&connection["state"], &connection["account"]),
        (&json!("active"), &json!("acct_pretend/test"))
    );
    let product =
        json!({"title": "Mug", "variants": [{"sku": "MUG", "price": {"minor": 2000, "currency": "GBP"}}]});
    let (_, product) = server.ask("POST /api/v1/products", &product);
    let variant = &product["variants"][0]["id"];
    let adjust = json!({
        "variant_id": variant, "change": 5, "reason": "opening", "cost": {"minor": 500, "currency": "GBP"}
    });
    assert_eq!(server.ask("POST /api/v1/inventory/adjust", &adjust).0, 200);
    let (status, order) = server.ask("POST /api/v1/orders", &json!({"lines": [{"sku": "MUG", "qty": 1}]}));
    assert_eq!(status, 201, "{order}");
    let path = format!("POST /api/v1/orders/{}/payments/authorise", order["id"].as_str().unwrap());
    let (status, payment) = server.ask(&path, &json!({"provider": "stripe", "method": "pm_card_visa"}));
    assert_eq!((status, &payment["provider"]), (201, &json!(id)), "{payment}");
    let path = format!("GET /api/v1/payments/{}", payment["id"].as_str().unwrap());
    let paid = server.wait(&path, |seen| seen["txns"][0]["state"] != "initiated");
    assert_eq!(paid["txns"][0]["state"], "succeeded", "{paid}");
    let (status, gone) = server.ask(&format!("DELETE /api/v1/integrations/{id}"), &Value::Null);
    assert_eq!((status, &gone["state"]), (200, &json!("disconnected")));
    drop(server);
    assert_eq!(house.run(&["verify"], "").0, Some(0));
}

#[test]
fn texts_are_written_from_the_command_line() {
    let house = House::new("texts");
    let mut server = house.serve();
    let product = json!({
        "title": "Wax jacket", "brand": "Barbour", "attributes": {"colour": "green"},
        "variants": [{"sku": "JACKET", "price": {"minor": 2000, "currency": "GBP"}}]
    });
    assert_eq!(server.ask("POST /api/v1/products", &product).0, 201);
    drop(server);
    let facts = ["--fact", "size=C40", "--fact", "material=cotton"];
    let (code, text) =
        house.run(&[&["texts", "write", "JACKET", "--rules", "ebay"], &facts[..]].concat(), "");
    assert_eq!((code, &text["state"]), (Some(0), &json!("written")), "{text}");
    let said = &text["draft"]["text"];
    assert!(said["title"].as_str().unwrap().contains("Barbour"), "{said}");
    assert!(said["description"].as_str().unwrap().contains("C40"), "{said}");
    let (code, all) = house.run(&["texts", "list"], "");
    assert_eq!((code, &all[0]["id"]), (Some(0), &text["id"]));
    for (wrong, why) in [
        (&["texts", "write", "JACKE"][..], "no SKU"),
        (&["texts", "write", "JACKET", "--rules", "nowhere"], "nowhere"),
        (&["texts", "write", "JACKET", "--fact", "green"], "such as colour=green"),
    ] {
        let (code, said) = house.run(wrong, "");
        assert!(code != Some(0) && said.to_string().contains(why), "{said}");
    }
}

/// HMAC-SHA256 (RFC 2104) in hexadecimal, for a key that is no longer than a block.
fn hmac(key: &str, message: &str) -> String {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::digest([&pad(0x36)[..], message.as_bytes()].concat());
    baddie::ids::hex(&Sha256::digest([&pad(0x5c)[..], &inner].concat()))
}

#[test]
fn a_delivery_is_taken_when_it_proves_itself() {
    let house = House::new("told");
    let given = format!("key={KEY}\nwebhook_secret=whsec_canary\n");
    let (code, connection) = house.run(&["connect", "stripe"], &given);
    assert_eq!(code, Some(0), "{connection}");
    let server = house.serve();
    let id = connection["id"].as_str().unwrap();
    let event = json!({
        "id": "evt_1", "type": "charge.refunded", "created": 0, "livemode": false,
        "data": {"object": {"object": "charge", "id": "ch_1"}}
    });
    let body = event.to_string();
    let now = SystemClock.now().as_micros() / 1_000_000;
    let good = hmac("whsec_canary", &format!("{now}.{body}"));
    let deliver = |path: &str, signature: &str| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(
            stream,
            "POST /webhooks/in/{path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nstripe-signature: t={now},v1={signature}\r\n\
             content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let path = format!("stripe/{id}");
    assert_eq!(deliver(&path, &"0".repeat(64)), "401");
    assert_eq!(deliver(&format!("shopify/{id}"), &good), "401");
    assert_eq!(deliver("stripe/con_00000000000000000000000001", &good), "401");
    assert_eq!((deliver(&path, &good), deliver(&path, &good)), ("204".to_owned(), "204".to_owned()));
}

#[test]
fn the_command_line_connects_and_tells_what_can_be_done() {
    let house = House::new("typed");
    let (code, refused) = house.run(&["connect", "stripe"], "key=sk_test_unknown\n");
    assert_eq!((code, &refused["state"]), (Some(1), &json!("refused")), "{refused}");
    let (code, connection) = house.run(&["connect", "stripe"], &format!("key = {KEY}\n\n"));
    assert_eq!((code, &connection["state"]), (Some(0), &json!("active")), "{connection}");
    let (code, all) = house.run(&["connections", "--test"], "");
    assert_eq!((code, all.as_array().unwrap().len()), (Some(0), 2));
    let (code, report) = house.run(&["doctor"], "");
    assert_eq!(code, Some(0), "{report}");
    let told: Vec<&Value> =
        report.as_array().unwrap().iter().filter(|finding| finding["what"] == "connection").collect();
    assert_eq!((&told[0]["state"], &told[1]["state"]), (&json!("warn"), &json!("ok")));
    let seen = told[1]["seen"].as_str().unwrap();
    assert!(seen.contains("can payment_intents") && seen.contains("cannot reviews"), "{seen}");
    assert_eq!(house.run(&["keys", "rotate"], "").1, json!({"shops": 1}));
    let id = connection["id"].as_str().unwrap();
    assert_eq!(house.run(&["disconnect", id], "").1["state"], "disconnected");
    assert_eq!(house.run(&["connect", "stripe"], "no credential").0, Some(1));
}

#[test]
fn a_shop_sells_where_the_command_line_says() {
    let house = House::new("places");
    assert_eq!(house.run(&["channels", "list"], ""), (Some(0), json!([])));
    let (code, unconnected) = house.run(&["channels", "add", "shopify", "Online"], "");
    assert!(code == Some(1) && unconnected.to_string().contains("connect one first"), "{unconnected}");
    let wrong = [
        vec!["channels", "add", "nowhere", "Fair"],
        vec!["channels", "add", "manual", "Fair", "--settings", "{"],
        vec!["channels", "add", "manual", "Fair", "--connection", "con_1"],
        vec!["channels", "add", "manual", "Fair", "--currency", "pounds"],
        vec!["channels", "sync", "Fair"],
    ];
    for arguments in wrong {
        let (code, told) = house.run(&arguments, "");
        assert_eq!(code, Some(1), "{arguments:?}: {told}");
    }
    let (code, made) = house.run(&["channels", "add", "manual", "Fair", "--currency", "EUR"], "");
    assert_eq!(
        (code, &made["currency"], &made["synced_at"]),
        (Some(0), &json!("EUR"), &Value::Null),
        "{made}"
    );
    for name in [&["Fair"][..], &[]] {
        let (code, heard) = house.run(&[&["channels", "sync"], name].concat(), "");
        assert!(code == Some(0) && heard[0]["synced_at"].is_string(), "{heard}");
    }
}

#[test]
fn somebody_is_told_what_happens_as_the_command_line_says() {
    let house = House::new("told");
    let (code, wrong) = house.run(&["webhooks", "add", "https://10.0.0.1/hook", "order.*"], "");
    assert_eq!(code, Some(1), "{wrong}");
    let (code, made) =
        house.run(&["webhooks", "add", "https://shop.example/hook", "order.*", "payment.changed"], "");
    assert_eq!(code, Some(0), "{made}");
    let (id, first) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(first.starts_with("whsec_") && first.len() > 40);
    let (_, listed) = house.run(&["webhooks", "list"], "");
    assert_eq!(listed[0]["events"], json!(["order.*", "payment.changed"]));
    assert!(!listed.to_string().contains("whsec_"), "{listed}");
    let (_, rotated) = house.run(&["webhooks", "rotate", id], "");
    assert_ne!(rotated["secret"].as_str().unwrap(), first);
    for (act, state) in [("disable", "disabled"), ("enable", "active")] {
        let (code, changed) = house.run(&["webhooks", act, id], "");
        assert_eq!((code, &changed["state"]), (Some(0), &json!(state)), "{changed}");
    }
    let (code, told) = house.run(&["webhooks", "deliveries", id, "--state", "failed"], "");
    assert_eq!((code, told), (Some(0), json!([])));
    let (code, again) = house.run(&["webhooks", "replay", id, "--since", "2026-01-01T00:00:00Z"], "");
    assert_eq!((code, &again["deliveries"]), (Some(0), &json!(0)));
    let (code, _) = house.run(&["webhooks", "replay", id, "--since", "yesterday"], "");
    assert_eq!(code, Some(1));
}
