//! The API through the whole stack: what a request may say, and what comes back.

mod support;

use baddie_server::http::rate::Allowance;
use serde_json::json;
use support::{Answer, Server};

const OWNER: (&str, &str) = ("authorization", "Bearer toy-owner");
const READER: (&str, &str) = ("authorization", "Bearer toy-reader");
const LAMP: &str = r#"{"title":"Lamp"}"#;
const ORDER: &str = r#"{"lines":[{"product":"prd_1","qty":1}]}"#;

async fn server() -> Server {
    Server::api(|_| ()).await
}

async fn with_lamp() -> Server {
    let server = server().await;
    assert_eq!(server.ask("POST /api/v1/products", &[OWNER], LAMP).await.status, 201);
    server
}

#[tokio::test]
async fn s16_nothing_is_told_to_strangers() {
    let server = with_lamp().await;
    let mut bodies = Vec::new();
    for headers in [&[][..], &[("authorization", "Bearer nobody")], &[("authorization", "Basic x")]] {
        for head in ["GET /api/v1/products/prd_1", "GET /api/v1/products/none", "POST /api/v1/products"] {
            let headers: Vec<_> = headers.iter().copied().chain([("x-request-id", "r")]).collect();
            let answer = server.ask(head, &headers, "").await;
            assert_eq!(answer.problem(), (401, "auth.unauthenticated".into()));
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"baddie\""));
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all strangers hear the same");
    let answer = server.ask("POST /api/v1/products", &[READER], LAMP).await;
    assert_eq!(answer.problem(), (403, "auth.forbidden".into()));
}

#[tokio::test]
async fn a_problem_reads_like_this() {
    let server = server().await;
    let answer = server.ask("GET /api/v1/products/none", &[OWNER, ("x-request-id", "r-1")], "").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"type":"urn:baddie:problem:product.not_found","title":"There is no such thing","status":404,"#,
            r#""detail":"there is no product `none` in this shop","code":"product.not_found","request_id":"r-1"}"#
        )
    );
}

#[tokio::test]
async fn every_kind_of_error_has_its_status() {
    let server = server().await;
    for (word, status, retry) in [
        ("invalid", 400, None),
        ("unauthenticated", 401, None),
        ("forbidden", 403, None),
        ("not_found", 404, None),
        ("conflict", 409, None),
        ("in_flight", 409, Some("1")),
        ("refused", 422, None),
        ("too_many", 429, Some("1")),
        ("unavailable", 503, Some("1")),
        ("internal", 500, None),
        ("panic", 500, None),
    ] {
        let answer = server.ask(&format!("GET /api/v1/products/fail_{word}"), &[OWNER], "").await;
        assert_eq!((answer.problem().0, answer.header("retry-after")), (status, retry), "{word}");
        assert!(!answer.body.contains("secret of the house"));
    }
}

#[tokio::test]
async fn path_query_and_body_become_one_request() {
    let server = with_lamp().await;
    let answer = server.ask("GET /api/v1/products/prd%5F1", &[OWNER], "").await;
    assert_eq!(answer.json()["title"], "Lamp");
    let answer = server.ask("PATCH /api/v1/products/prd_1", &[OWNER], r#"{"title":"Chair"}"#).await;
    assert_eq!((answer.status, answer.json()["version"].clone()), (200, json!(2)));
    let answer = server
        .ask("GET /api/v1/products?limit=1&state=draft&state=active&for_sale=false", &[OWNER], "")
        .await;
    assert_eq!(answer.json()["items"][0]["title"], "Chair");
    for (head, code, field) in [
        ("GET /api/v1/products?limit=x", "request.invalid", "limit"),
        ("GET /api/v1/products?limit=1&limit=2", "request.field_twice", "limit"),
        ("GET /api/v1/products?for_sale=yes", "request.invalid", "for_sale"),
        ("GET /api/v1/products?colour=red", "request.unknown_parameter", "colour"),
        ("GET /api/v1/products/prd_1?limit=1", "request.unknown_parameter", "limit"),
    ] {
        let answer = server.ask(head, &[OWNER], "").await;
        assert_eq!(
            (answer.problem(), answer.json()["field"].as_str()),
            ((400, code.into()), Some(field)),
            "{head}"
        );
    }
    let answer = server.ask("GET /api/v1/products?colour=red", &[OWNER], "").await;
    assert!(answer.body.contains("limit") && answer.body.contains("cursor"), "{}", answer.body);
    let answer = server.ask("GET /api/v1/products?cursor=%ff", &[OWNER], "").await;
    assert_eq!(answer.problem(), (400, "request.encoding".into()));
    let answer =
        server.ask("PATCH /api/v1/products/prd_1", &[OWNER], r#"{"title":"x","product":"prd_2"}"#).await;
    assert_eq!(answer.problem(), (400, "request.field_twice".into()));
    let answer = server.ask("POST /api/v1/products?title=x", &[OWNER], LAMP).await;
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
        let answer = server.ask("POST /api/v1/products", &[OWNER], body).await;
        assert_eq!(answer.problem(), (400, "request.json".into()), "{body}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
        let answer = server.ask("POST /api/v1/products", &[OWNER, ("content-type", kind)], LAMP).await;
        assert_eq!(answer.problem(), (415, "request.not_json".into()), "{kind}");
    }
    let answer = server
        .ask("POST /api/v1/products", &[OWNER, ("content-type", "Application/JSON;charset=UTF-8")], LAMP)
        .await;
    assert_eq!(answer.status, 201);
    let answer = server.ask("POST /api/v1/products", &[OWNER], "").await;
    assert_eq!(answer.problem(), (400, "request.invalid".into()), "no body is an empty object");
}

#[tokio::test]
async fn s26_bodies_have_a_bound() {
    let server = Server::api(|config| config.limits.body_bytes = 100).await;
    let body = |length: usize| format!("{{\"title\":\"{}\"}}", "x".repeat(length - 12));
    assert_eq!(server.ask("POST /api/v1/products", &[OWNER], &body(100)).await.status, 201);
    let answer = server.ask("POST /api/v1/products", &[OWNER], &body(101)).await;
    assert_eq!(answer.problem(), (413, "request.body_too_large".into()));
    let answer = server.ask("POST /api/v1/products", &[OWNER], &body(100_000)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn s33_a_slow_body_is_refused() {
    let server = Server::api(|config| config.limits.body_time = std::time::Duration::from_millis(100)).await;
    let mut client = server.connect().await;
    let (name, token) = OWNER;
    client
        .say(&format!(
            "POST /api/v1/products HTTP/1.1\r\nhost: a\r\n{name}: {token}\r\ncontent-type: application/json\r\n\
             content-length: 16\r\n\r\n{{\"title\""
        ))
        .await;
    assert_eq!(client.hear().await.unwrap().problem(), (408, "request.body_timeout".into()));
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn commands_that_move_things_need_a_key() {
    let server = server().await;
    let answer = server.ask("POST /api/v1/orders", &[OWNER], ORDER).await;
    assert_eq!(answer.problem(), (400, "idempotency.key_missing".into()));
    for key in ["", "a b", "\u{e4}", &"x".repeat(256)] {
        let answer = server.ask("POST /api/v1/orders", &[OWNER, ("idempotency-key", key)], ORDER).await;
        assert_eq!(answer.problem(), (400, "idempotency.key_invalid".into()), "{key:?}");
    }
    let key = ("idempotency-key", "k-1");
    let first = server.ask("POST /api/v1/orders", &[OWNER, key], ORDER).await;
    let second = server.ask("POST /api/v1/orders", &[OWNER, key], ORDER).await;
    assert_eq!((first.status, first.body), (201, second.body));
    let other =
        server.ask("POST /api/v1/orders", &[OWNER, key], &ORDER.replace("\"qty\":1", "\"qty\":2")).await;
    assert_eq!(other.problem(), (422, "idempotency.reused".into()));
}

#[tokio::test]
async fn versions_are_tags() {
    let server = with_lamp().await;
    let path = "/api/v1/products/prd_1";
    let get = async |tag| server.ask(&format!("GET {path}"), &[OWNER, ("if-none-match", tag)], "").await;
    let fresh: Answer = get("\"v9\"").await;
    assert_eq!((fresh.status, fresh.header("etag")), (200, Some("\"v1\"")));
    let same = get("W/\"v1\"").await;
    assert_eq!((same.status, same.header("etag"), same.body.as_str()), (304, Some("\"v1\""), ""));
    let edit = format!("PATCH {path}");
    let answer = server.ask(&edit, &[OWNER, ("if-match", "\"v1\"")], LAMP).await;
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    let answer = server.ask(&edit, &[OWNER, ("if-match", "\"v1\"")], LAMP).await;
    assert_eq!(answer.problem(), (409, "product.changed".into()));
    for tag in ["*", "v2", "W/\"v2\"", "\"2\""] {
        let answer = server.ask(&edit, &[OWNER, ("if-match", tag)], LAMP).await;
        assert_eq!(answer.problem(), (400, "request.if_match".into()), "{tag}");
    }
    let body = r#"{"title":"x","expected_version":2}"#;
    let answer = server.ask(&edit, &[OWNER, ("if-match", "\"v2\"")], body).await;
    assert_eq!(answer.problem(), (400, "request.field_twice".into()));
    let answer = server.ask("POST /api/v1/products", &[OWNER, ("if-match", "\"v2\"")], LAMP).await;
    assert_eq!(answer.problem(), (400, "request.if_match".into()), "a condition is kept or refused");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = with_lamp().await;
    let mut client = server.connect().await;
    client
        .say(&format!("HEAD /api/v1/products/prd_1 HTTP/1.1\r\nhost: a\r\n{}: {}\r\n\r\n", OWNER.0, OWNER.1))
        .await;
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
    let mut client = server.connect().await;
    for left in [2, 1, 0] {
        let answer = client.ask("GET /api/v1/products", &[OWNER], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"credential\";q=3;w=3"));
        assert!(answer.header("ratelimit").unwrap().starts_with(&format!("\"credential\";r={left};t=")));
    }
    let answer = client.ask("GET /api/v1/products", &[OWNER], "").await;
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
    let server = with_lamp().await;
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
