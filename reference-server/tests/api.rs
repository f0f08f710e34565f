//! The API through the whole stack: what a request may say, and what comes back.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

mod support;

use baddie_server::http::rate::Allowance;
use serde_json::{Value, json};
use support::{Answer, Server};

const LAMP: &str = r#"{"title":"Lamp","variants":[{"sku":"LAMP","price":{"minor":2500,"currency":"GBP"}}]}"#;
const ORDER: &str = r#"{"lines":[{"sku":"LAMP","qty":1}],"paid":true}"#;
const NOBODY: &str = "GET /api/v1/products/prd_00000000000000000000000000";

async fn server() -> Server {
    Server::api(|_| ()).await
}

/// A server whose shop has a lamp, three of them, and the lamp.
async fn with_lamps() -> (Server, Value) {
    stocked(server().await).await
}

async fn stocked(server: Server) -> (Server, Value) {
    let lamp = server.own("POST /api/v1/products", &[], LAMP).await;
    assert_eq!(lamp.status, 201, "{}", lamp.body);
    let lamp = lamp.json();
    let stock = json!({
        "variant_id": lamp["variants"][0]["id"], "change": 3, "reason": "opening",
        "cost": { "minor": 3000, "currency": "GBP" },
    });
    let level = server.own("POST /api/v1/inventory/adjust", &[], &stock.to_string()).await;
    assert_eq!((level.status, level.json()["on_hand"].clone()), (200, json!(3)), "{}", level.body);
    (server, lamp)
}

fn path(lamp: &Value) -> String {
    format!("/api/v1/products/{}", lamp["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_order_takes_stock_and_stands_in_the_books() {
    let (server, lamp) = with_lamps().await;
    let placed = server.own("POST /api/v1/orders", &[], ORDER).await;
    assert_eq!((placed.status, placed.json()["state"].clone()), (201, json!("confirmed")));
    let order = placed.json()["id"].as_str().unwrap().to_owned();
    let seen = server.own(&format!("GET {}", path(&lamp)), &[], "").await.json();
    assert_eq!((&seen["variants"][0]["on_hand"], &seen["variants"][0]["available"]), (&json!(3), &json!(2)));
    let sent = server.own(&format!("POST /api/v1/orders/{order}/fulfil"), &[], "").await;
    assert_eq!((sent.status, sent.json()["state"].clone()), (200, json!("shipped")), "{}", sent.body);
    let done = server.own(&format!("GET /api/v1/orders/{order}"), &[], "").await.json();
    assert_eq!((&done["state"], &done["fulfilment_status"]), (&json!("completed"), &json!("fulfilled")));
    let profit = server.own("GET /api/v1/reports/profit", &[], "").await.json();
    assert_eq!(
        (&profit["revenue"]["minor"], &profit["cost_of_goods"]["minor"]),
        (&json!(2500), &json!(1000))
    );
    let too_many = ORDER.replace("\"qty\":1", "\"qty\":3");
    let refused = server.own("POST /api/v1/orders", &[], &too_many).await;
    assert_eq!(refused.problem(), (409, "inventory.insufficient_stock".into()));
}

#[tokio::test]
async fn what_is_kept_ready_is_never_older_than_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    let (server, lamp) = stocked(Server::api_on(&url, |_| ()).await).await;
    let viewer = format!("Bearer {}", server.viewer);
    let look = || async {
        let answer = server.ask(&format!("GET {}", path(&lamp)), &[("authorization", &viewer)], "").await;
        answer.json()["variants"][0]["available"].as_i64().unwrap()
    };
    assert_eq!((look().await, look().await), (3, 3));
    assert_eq!(server.own("POST /api/v1/orders", &[], ORDER).await.status, 201);
    assert_eq!((look().await, look().await), (2, 2));
    // Another process on the same file.
    let other = baddie::Engine::open(&url).await.unwrap();
    let shop = other.enter(&other.authenticate(&server.owner).await.unwrap());
    let line = baddie::orders::PlaceLine::sku("LAMP", 1);
    shop.orders().place(baddie::orders::PlaceOrder::of(vec![line])).await.unwrap();
    assert_eq!((look().await, look().await), (1, 1));
    // An answer kept for one is not for those who may not ask.
    let levels = "GET /api/v1/audit";
    assert_eq!(server.own(levels, &[], "").await.status, 200);
    let refused = server.ask(levels, &[("authorization", &viewer)], "").await;
    assert_eq!(refused.problem(), (403, "accounts.forbidden".into()));
}

#[tokio::test]
async fn s16_nothing_is_told_to_strangers() {
    let (server, lamp) = with_lamps().await;
    let mut bodies = Vec::new();
    for headers in [&[][..], &[("authorization", "Bearer nobody")], &[("authorization", "Basic x")]] {
        for head in [&format!("GET {}", path(&lamp)), NOBODY, "POST /api/v1/products"] {
            let headers: Vec<_> = headers.iter().copied().chain([("x-request-id", "r")]).collect();
            let answer = server.ask(head, &headers, "").await;
            assert_eq!(answer.problem(), (401, "auth.unauthenticated".into()));
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"baddie\""));
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all strangers hear the same");
    let viewer = format!("Bearer {}", server.viewer);
    let answer = server.ask("POST /api/v1/products", &[("authorization", &viewer)], LAMP).await;
    assert_eq!(answer.problem(), (403, "accounts.forbidden".into()));
    assert_eq!(server.ask("GET /api/v1/products", &[("authorization", &viewer)], "").await.status, 200);
}

#[tokio::test]
async fn a_problem_reads_like_this() {
    let server = server().await;
    let answer = server.own(NOBODY, &[("x-request-id", "r-1")], "").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"type":"urn:baddie:problem:product.not_found","title":"There is no such thing","status":404,"#,
            r#""detail":"there is no product `prd_00000000000000000000000000` in this shop","#,
            r#""code":"product.not_found","request_id":"r-1"}"#
        )
    );
}

#[tokio::test]
async fn bad_requests_are_refused_and_change_nothing() {
    let (server, _) = with_lamps().await;
    let line = |line: &str| format!(r#"{{"lines":[{line}]}}"#);
    let product = |variant: &str| format!(r#"{{"title":"Desk","variants":[{variant}]}}"#);
    for (head, body, status, code, field) in [
        ("POST /api/v1/orders", line(r#"{"sku":"DESK","qty":1}"#), 404, "catalog.unknown_sku", "lines[0]"),
        ("POST /api/v1/orders", line(r#"{"sku":"LAMP","qty":0}"#), 400, "request.invalid", "lines[0].qty"),
        ("POST /api/v1/orders", line(r#"{"sku":"LAMP","qty":-1}"#), 400, "request.invalid", "lines[0].qty"),
        (
            "POST /api/v1/orders",
            line(r#"{"sku":"LAMP","qty":9223372036854775807}"#),
            400,
            "request.invalid",
            "lines[0].qty",
        ),
        ("POST /api/v1/orders", line(r#"{"sku":"LAMP","qty":1.5}"#), 400, "request.invalid", "lines[0].qty"),
        (
            "POST /api/v1/orders",
            line(r#"{"sku":"LAMP","qty":1,"colour":1}"#),
            400,
            "request.invalid",
            "lines[0].colour",
        ),
        ("POST /api/v1/orders", "{\"lines\":[]}".into(), 400, "request.invalid", "lines"),
        ("POST /api/v1/products", product(r#"{"sku":"LAMP"}"#), 409, "catalog.duplicate_sku", "variants[0]"),
        (
            "POST /api/v1/products",
            product(r#"{"sku":"DESK","price":{"minor":1.5,"currency":"GBP"}}"#),
            400,
            "request.invalid",
            "variants[0].price.minor",
        ),
    ] {
        let answer = server.own(head, &[], &body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{body}: {}", answer.body);
        assert_eq!(answer.json()["field"].as_str(), Some(field), "{body}: {}", answer.body);
    }
    let orders = server.own("GET /api/v1/orders", &[], "").await.json();
    let products = server.own("GET /api/v1/products", &[], "").await.json();
    assert_eq!((&orders["items"], products["items"].as_array().map(Vec::len)), (&json!([]), Some(1)));
}

#[tokio::test]
async fn path_query_and_body_become_one_request() {
    let (server, lamp) = with_lamps().await;
    let path = path(&lamp);
    let answer = server.own(&format!("GET {}", path.replace('_', "%5F")), &[], "").await;
    assert_eq!(answer.json()["title"], "Lamp");
    let answer = server.own(&format!("PATCH {path}"), &[], r#"{"title":"Chair"}"#).await;
    assert_eq!((answer.status, answer.json()["version"].clone()), (200, json!(2)));
    let answer = server.own("GET /api/v1/products?limit=1&status=active&search=chai", &[], "").await;
    assert_eq!(answer.json()["items"][0]["title"], "Chair");
    let one = format!("GET {path}?limit=1");
    for (head, code, field) in [
        ("GET /api/v1/products?limit=x", "request.invalid", "limit"),
        ("GET /api/v1/products?limit=0", "request.invalid", "limit"),
        ("GET /api/v1/products?limit=1&limit=2", "request.field_twice", "limit"),
        ("GET /api/v1/products?cursor=x", "request.invalid", "cursor"),
        ("GET /api/v1/products?colour=red", "request.unknown_parameter", "colour"),
        (&one, "request.unknown_parameter", "limit"),
        ("GET /api/v1/products/lamp", "request.invalid", "product_id"),
    ] {
        let answer = server.own(head, &[], "").await;
        assert_eq!(
            (answer.problem(), answer.json()["field"].as_str()),
            ((400, code.into()), Some(field)),
            "{head}: {}",
            answer.body
        );
    }
    let answer = server.own("GET /api/v1/products?colour=red", &[], "").await;
    assert!(answer.body.contains("limit") && answer.body.contains("cursor"), "{}", answer.body);
    let answer = server.own("GET /api/v1/products?cursor=%ff", &[], "").await;
    assert_eq!(answer.problem(), (400, "request.encoding".into()));
    let twice = r#"{"title":"x","product_id":"prd_2"}"#;
    let answer = server.own(&format!("PATCH {path}"), &[], twice).await;
    assert_eq!(answer.problem(), (400, "request.field_twice".into()));
    let answer = server.own("POST /api/v1/products?title=x", &[], LAMP).await;
    assert_eq!(answer.problem(), (400, "request.unknown_parameter".into()));
}

#[tokio::test]
async fn s27_only_strict_json_is_read() {
    let server = server().await;
    let deep = format!(r#"{{"title":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    for body in [
        r#"{"title":"a","title":"b"}"#,
        r#"{"title":"a"}x"#,
        r#"{"title":"\ud800"}"#,
        "[]",
        "{",
        r#"{"title":1e999}"#,
        &deep,
    ] {
        let answer = server.own("POST /api/v1/products", &[], body).await;
        assert_eq!(answer.problem(), (400, "request.json".into()), "{body}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
        let answer = server.own("POST /api/v1/products", &[("content-type", kind)], LAMP).await;
        assert_eq!(answer.problem(), (415, "request.not_json".into()), "{kind}");
    }
    let kind = ("content-type", "Application/JSON;charset=UTF-8");
    assert_eq!(server.own("POST /api/v1/products", &[kind], LAMP).await.status, 201);
    let answer = server.own("POST /api/v1/products", &[], "").await;
    assert_eq!(answer.problem(), (400, "request.invalid".into()), "no body is an empty object");
}

#[tokio::test]
async fn s26_bodies_have_a_bound() {
    let server = Server::api(|config| config.limits.body_bytes = 100).await;
    let body = |length: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(length - 11));
    assert_eq!(server.own("PATCH /api/v1/shop", &[], &body(100)).await.status, 200);
    let answer = server.own("PATCH /api/v1/shop", &[], &body(101)).await;
    assert_eq!(answer.problem(), (413, "request.body_too_large".into()));
    assert_eq!(server.own("PATCH /api/v1/shop", &[], &body(100_000)).await.status, 413);
}

#[tokio::test]
async fn s33_a_slow_body_is_refused() {
    let server = Server::api(|config| config.limits.body_time = std::time::Duration::from_millis(100)).await;
    let mut client = server.connect().await;
    client
        .say(&format!(
            "POST /api/v1/products HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: 16\r\n\r\n{{\"title\"",
            server.owner
        ))
        .await;
    assert_eq!(client.hear().await.unwrap().problem(), (408, "request.body_timeout".into()));
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn commands_that_move_things_need_a_key() {
    let (server, _) = with_lamps().await;
    let owner = format!("Bearer {}", server.owner);
    let answer = server.ask("POST /api/v1/orders", &[("authorization", &owner)], ORDER).await;
    assert_eq!(answer.problem(), (400, "idempotency.key_missing".into()));
    for key in ["", "a b", "\u{e4}", &"x".repeat(256)] {
        let answer = server.own("POST /api/v1/orders", &[("idempotency-key", key)], ORDER).await;
        assert_eq!(answer.problem(), (400, "idempotency.key_invalid".into()), "{key:?}");
    }
    let key = ("idempotency-key", "once");
    let first = server.own("POST /api/v1/orders", &[key], ORDER).await;
    let second = server.own("POST /api/v1/orders", &[key], ORDER).await;
    assert_eq!((first.status, first.body), (201, second.body), "to the letter");
    let other = server.own("POST /api/v1/orders", &[key], &ORDER.replace("\"qty\":1", "\"qty\":2")).await;
    assert_eq!(other.problem(), (422, "idempotency.conflict".into()));
    let orders = server.own("GET /api/v1/orders", &[], "").await.json();
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn versions_are_tags() {
    let (server, lamp) = with_lamps().await;
    let path = path(&lamp);
    let get = async |tag| server.own(&format!("GET {path}"), &[("if-none-match", tag)], "").await;
    let fresh: Answer = get("\"v9\"").await;
    assert_eq!((fresh.status, fresh.header("etag")), (200, Some("\"v1\"")));
    let same = get("W/\"v1\"").await;
    assert_eq!((same.status, same.header("etag"), same.body.as_str()), (304, Some("\"v1\""), ""));
    let edit = format!("PATCH {path}");
    let chair = r#"{"title":"Chair"}"#;
    let answer = server.own(&edit, &[("if-match", "\"v1\"")], chair).await;
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    let answer = server.own(&edit, &[("if-match", "\"v1\"")], chair).await;
    assert_eq!(answer.problem(), (409, "product.changed_meanwhile".into()));
    for tag in ["*", "v2", "W/\"v2\"", "\"2\""] {
        let answer = server.own(&edit, &[("if-match", tag)], chair).await;
        assert_eq!(answer.problem(), (400, "request.if_match".into()), "{tag}");
    }
    let body = r#"{"title":"x","expected_version":2}"#;
    let answer = server.own(&edit, &[("if-match", "\"v2\"")], body).await;
    assert_eq!(answer.problem(), (400, "request.field_twice".into()));
    let answer = server.own("POST /api/v1/products", &[("if-match", "\"v2\"")], LAMP).await;
    assert_eq!(answer.problem(), (400, "request.if_match".into()), "a condition is kept or refused");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let (server, lamp) = with_lamps().await;
    let mut client = server.connect().await;
    let head =
        format!("HEAD {} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\r\n", path(&lamp), server.owner);
    client.say(&head).await;
    let answer = client.hear_head().await.unwrap();
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v1\"")));
    assert_eq!(client.ask("GET /healthz", &[], "").await.body, "ok\n", "no body came before this answer");
}

#[tokio::test]
async fn s36_the_pace_is_told_and_kept() {
    let server = Server::api(|config| {
        config.rate.credential = Allowance { per_second: 1, burst: 3 };
        config.rate.peer = Allowance { per_second: 1, burst: 5 };
    })
    .await;
    let owner = format!("Bearer {}", server.owner);
    let mut client = server.connect().await;
    for left in [2, 1, 0] {
        let answer = client.ask("GET /api/v1/products", &[("authorization", &owner)], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"credential\";q=3;w=3"));
        assert!(answer.header("ratelimit").unwrap().starts_with(&format!("\"credential\";r={left};t=")));
    }
    let answer = client.ask("GET /api/v1/products", &[("authorization", &owner)], "").await;
    assert_eq!((answer.problem(), answer.header("retry-after")), ((429, "rate.limited".into()), Some("1")));
    let mut statuses = Vec::new();
    for guess in 0..6 {
        let token = format!("Bearer guess-{guess}");
        statuses.push(client.ask("GET /api/v1/products", &[("authorization", &token)], "").await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429], "guessing tokens is bounded by address");
}

#[tokio::test]
async fn s59_the_servers_own_pages_are_open_but_say_nothing_private() {
    let (server, _) = with_lamps().await;
    assert_eq!(server.ask("GET /healthz", &[], "").await.body, "ok\n");
    assert_eq!(server.ask("GET /readyz", &[], "").await.body, "ready\n");
    let counts = server.ask("GET /metrics", &[], "").await;
    assert!(
        counts.body.contains("baddie_requests_total{route=\"products.create\",status=\"201\"} 1"),
        "{}",
        counts.body
    );
    assert!(!counts.body.contains("Lamp") && !counts.body.contains("shp_"));
    let answer = server.ask("GET /metrics", &[("x-forwarded-for", "198.51.100.1")], "").await;
    assert_eq!(answer.status, 404, "not for those outside");
}

#[tokio::test]
async fn s41_the_docs_are_a_fixed_set_of_files() {
    let server = server().await;
    for (path, kind) in [
        ("/api/docs", "text/html; charset=utf-8"),
        ("/api/docs/docs.css", "text/css; charset=utf-8"),
        ("/api/docs/docs.js", "text/javascript; charset=utf-8"),
        ("/api/docs/icon.svg", "image/svg+xml"),
        ("/api/openapi.json", "application/json"),
    ] {
        let answer = server.ask(&format!("GET {path}"), &[], "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert!(answer.header("content-security-policy").unwrap().contains("script-src 'self'"));
    }
    for path in ["/api/docs/../../Cargo.toml", "/api/docs/%2e%2e/x", "/api/docs/"] {
        assert_eq!(server.ask(&format!("GET {path}"), &[], "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn s37_only_listed_origins_may_call_from_a_page() {
    let server = Server::api(|config| config.origins = vec!["https://shop.example".into()]).await;
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").map(str::to_owned);
    let head = "OPTIONS /api/v1/products";
    let method = ("access-control-request-method", "POST");
    let answer = server.ask(head, &[("origin", "https://shop.example"), method], "").await;
    assert_eq!((answer.status, allowed(&answer).as_deref()), (200, Some("https://shop.example")));
    let answer = server.ask(head, &[("origin", "https://evil.example"), method], "").await;
    assert_eq!(allowed(&answer), None);
    let answer = server.ask("GET /api/v1/products", &[("origin", "https://shop.example")], "").await;
    assert_eq!(
        (answer.status, allowed(&answer).as_deref()),
        (401, Some("https://shop.example")),
        "problems too"
    );
}
