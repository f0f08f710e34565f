//! Connections and their bounds: what a slow, greedy, vanishing or confusing client can do. No engine is needed.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use baddie_server::http::{Commands, Limits};
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use support::{Client, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep};

const SHORT: Duration = Duration::from_millis(200);

fn plain(_: Commands) -> Router {
    let slow = || async {
        sleep(SHORT).await;
        "done"
    };
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/slow", get(slow))
        .route(
            "/panic",
            get(|| async {
                std::hint::black_box(None::<()>).expect("a secret of the house");
            }),
        )
        .route("/large", get(|| async { "x".repeat(32 << 20) }))
        .route("/echo", post(|body: String| async { body }))
}

async fn server(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    Server::routes(limits, plain).await
}

#[tokio::test]
async fn s38_every_answer_is_named_and_sealed() {
    let server = server(|_| ()).await;
    for head in ["GET /", "GET /nowhere", "DELETE /", "GET /panic"] {
        let answer = server.ask(head, &[("x-request-id", "mine-1")], "").await;
        assert_eq!(answer.header("x-request-id"), Some("mine-1"), "{head}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(
            answer.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'")
        );
        if answer.status != 200 {
            assert_eq!(answer.json()["request_id"], "mine-1");
        }
    }
}

#[tokio::test]
async fn s43_unknown_addresses_methods_and_panics_are_problems() {
    let server = server(|_| ()).await;
    assert_eq!(server.ask("GET /nowhere", &[], "").await.problem(), (404, "request.no_such_path".into()));
    let answer = server.ask("DELETE /echo", &[], "").await;
    assert_eq!(
        (answer.problem(), answer.header("allow")),
        ((405, "request.no_such_method".into()), Some("POST"))
    );
    let answer = server.ask("GET /panic", &[], "").await;
    assert_eq!(answer.problem(), (500, "internal".into()));
    assert!(!answer.body.contains("secret"), "{}", answer.body);
    assert_eq!(server.ask("GET /", &[], "").await.status, 200, "a panic ends one request, not the server");
}

#[tokio::test]
async fn s32_ambiguous_framing_is_refused() {
    let server = server(|_| ()).await;
    for (head, status) in [
        (
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            411,
        ),
        ("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc", 400),
        ("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc", 400),
        ("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\nabc", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n y: folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", 400),
    ] {
        let mut client = server.connect().await;
        client.say(head).await;
        assert_eq!(client.hear().await.expect(head).status, status, "{head:?}");
    }
}

#[tokio::test]
async fn s32_one_answer_for_each_request() {
    let server = server(|_| ()).await;
    let mut client = server.connect().await;
    client.say(&"GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(3)).await;
    for _ in 0..3 {
        assert_eq!(client.hear().await.unwrap().body, "hello");
    }
    // After a refused body nothing that follows is taken for a request.
    client.say("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n").await;
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.hear().await.unwrap().status, 411);
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn s26_addresses_and_headers_have_a_bound() {
    let server = server(|_| ()).await;
    let limits = &server.front.limits;
    for (length, status) in [(limits.uri_bytes, 404), (limits.uri_bytes + 1, 414)] {
        let head = format!("GET /{}", "x".repeat(length - 1));
        assert_eq!(server.ask(&head, &[], "").await.status, status, "{length}");
    }
    let room = limits.header_bytes - "host".len() - "test".len() - "x".len() - 8;
    for (length, status) in [(room, 200), (room + 1, 431)] {
        assert_eq!(server.ask("GET /", &[("x", &"y".repeat(length))], "").await.status, status, "{length}");
    }
    let names: Vec<_> = (0..limits.headers).map(|index| format!("x-{index}")).collect();
    let headers: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(server.ask("GET /", &headers[1..], "").await.status, 200);
    assert_eq!(server.ask("GET /", &headers, "").await.status, 431);
    assert_eq!(server.ask("GET /", &[("x", &"y".repeat(1_000_000))], "").await.status, 431);
}

#[tokio::test]
async fn s35_compressed_requests_are_not_read() {
    let server = server(|_| ()).await;
    let answer = server.ask("POST /echo", &[("content-encoding", "gzip")], "{}").await;
    assert_eq!(answer.problem(), (415, "request.compressed".into()));
}

#[tokio::test]
async fn s33_slow_headers_and_silence_end_the_connection() {
    let server = server(|limits| limits.header_time = SHORT).await;
    let mut silent = server.connect().await;
    let mut trickling = server.connect().await;
    let mut second = server.connect().await;
    assert_eq!(second.ask("GET /", &[], "").await.status, 200);
    second.say("GET / HT").await;
    let began = Instant::now();
    for byte in "GET / HTTP/1.1\r\nx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".split_inclusive("") {
        trickling.say(byte).await;
        sleep(Duration::from_millis(10)).await;
    }
    assert!(silent.is_closed().await && trickling.is_closed().await && second.is_closed().await);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn s33_an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let server = server(|limits| limits.idle_time = SHORT).await;
    let mut idle = server.connect().await;
    let mut busy = server.connect().await;
    assert_eq!(idle.ask("GET /", &[], "").await.status, 200);
    for _ in 0..6 {
        assert_eq!(busy.ask("GET /slow", &[], "").await.body, "done");
    }
    assert!(idle.is_closed().await);
}

#[tokio::test]
async fn s33_a_slow_reader_is_cut() {
    let server = server(|limits| limits.write_time = SHORT).await;
    let mut client = server.connect().await;
    client.say("GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let _unread = client.into_stream();
    for _ in 0..100 {
        sleep(Duration::from_millis(50)).await;
        if server.front.metrics.connections.load(Ordering::Relaxed) == 0 {
            return;
        }
    }
    panic!("the connection is still open");
}

#[tokio::test]
async fn a_long_request_is_answered_all_the_same() {
    let server = server(|limits| limits.request_time = SHORT / 2).await;
    let answer = server.ask("GET /slow", &[], "").await;
    assert_eq!(answer.problem(), (503, "request.timeout".into()));
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test]
async fn s33_connections_have_a_bound() {
    let server = server(|limits| limits.connections = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut client = server.connect().await;
        assert_eq!(client.ask("GET /", &[], "").await.status, 200);
        held.push(client);
    }
    let answer = server.ask("GET /", &[], "").await;
    assert_eq!((answer.problem(), answer.header("retry-after")), ((503, "server.full".into()), Some("1")));
    held.pop();
    for _ in 0..50 {
        sleep(Duration::from_millis(10)).await;
        if server.ask("GET /", &[], "").await.status == 200 {
            return;
        }
    }
    panic!("a place that became free is not given away");
}

#[tokio::test]
async fn requests_at_work_have_a_bound() {
    let server = server(|limits| limits.requests = 1).await;
    let mut first = server.connect().await;
    first.say("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(SHORT / 4).await;
    assert_eq!(server.ask("GET /", &[], "").await.problem(), (503, "server.busy".into()));
    assert_eq!(first.hear().await.unwrap().body, "done");
    assert_eq!(server.ask("GET /", &[], "").await.status, 200);
}

#[tokio::test]
async fn s33_one_address_does_not_take_all_connections() {
    let server = server(|limits| limits.connections_per_peer = 1).await;
    let mut first = server.connect().await;
    assert_eq!(first.ask("GET /", &[], "").await.status, 200);
    assert_eq!(server.ask("GET /", &[], "").await.status, 503);
}

#[tokio::test]
async fn p12_a_graceful_stop_finishes_what_is_under_way() {
    let server = server(|_| ()).await;
    let mut idle = server.connect().await;
    assert_eq!(idle.ask("GET /", &[], "").await.status, 200);
    let mut busy = server.connect().await;
    busy.say("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(SHORT / 4).await;
    server.begin_stop();
    assert_eq!(busy.hear().await.expect("the answer").body, "done");
    assert!(busy.is_closed().await && idle.is_closed().await);
    let address = server.address;
    let ended = server.stop().await;
    assert_eq!((ended.cut, ended.unfinished), (0, 0));
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn p12_the_grace_ends() {
    let server = server(|limits| limits.grace = SHORT / 4).await;
    let mut busy = server.connect().await;
    busy.say("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(SHORT / 4).await;
    let began = Instant::now();
    server.stop().await;
    assert!(began.elapsed() < SHORT);
}

#[tokio::test]
async fn p13_a_command_ends_well_without_its_client() {
    let done = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&done);
    let server = Server::routes(Limits::default(), |commands| {
        let command = move || async move {
            let work = async move {
                sleep(SHORT).await;
                flag.store(true, Ordering::SeqCst);
            };
            commands.run(work).await.map(|()| "done")
        };
        Router::new().route("/", post(command))
    })
    .await;
    let mut client = server.connect().await;
    client.say("POST / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(SHORT / 4).await;
    drop(client);
    sleep(SHORT / 4).await;
    assert!(!done.load(Ordering::SeqCst));
    let ended = server.stop().await;
    assert_eq!(ended.unfinished, 0);
    assert!(done.load(Ordering::SeqCst), "the stop waited for the command");
}

async fn http2(server: &Server) -> hyper::client::conn::http2::SendRequest<Empty<Bytes>> {
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn look(path: &str) -> hyper::Request<Empty<Bytes>> {
    hyper::Request::get(format!("http://test{path}")).body(Empty::new()).unwrap()
}

#[tokio::test]
async fn http2_is_spoken_and_stops_gracefully() {
    let server = server(|_| ()).await;
    let mut sender = http2(&server).await;
    let answers = futures_util::future::join_all((0..50).map(|_| sender.send_request(look("/slow"))));
    let answers = tokio::spawn(answers);
    sleep(SHORT / 4).await;
    server.begin_stop();
    for answer in answers.await.unwrap() {
        assert_eq!(answer.unwrap().status(), 200);
    }
    assert_eq!(server.stop().await.cut, 0);
}

#[tokio::test]
async fn s34_a_flood_of_resets_ends_the_connection() {
    const HEADERS: &[u8] = &[0x82, 0x86, 0x84, 0x41, 1, b'a']; // GET http://a/
    const GO_AWAY: u8 = 7;
    let frame = |kind: u8, flags: u8, stream: u32, payload: &[u8]| {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0, 0, length, kind, flags][..], &stream.to_be_bytes(), payload].concat()
    };
    let server = server(|_| ()).await;
    let mut stream = server.connect().await.into_stream();
    let mut flood = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &frame(4, 0, 0, &[])].concat();
    for id in (1..2_000).step_by(2) {
        flood.extend(frame(1, 5, id, HEADERS));
        flood.extend(frame(3, 0, id, &8_u32.to_be_bytes()));
    }
    let _ = stream.write_all(&flood).await;
    // The answer: frames up to the one that says goodbye, with the reason "calm down" (11).
    let mut head = [0; 9];
    loop {
        stream.read_exact(&mut head).await.expect("a goodbye");
        let mut payload = vec![0; usize::from(u16::from_be_bytes([head[1], head[2]]))];
        stream.read_exact(&mut payload).await.expect("a whole frame");
        if head[3] == GO_AWAY {
            assert_eq!(payload[7], 11);
            break;
        }
    }
    assert_eq!(server.ask("GET /", &[], "").await.status, 200, "others are served on");
}

#[tokio::test]
async fn a_connection_does_not_live_for_ever() {
    let server = server(|limits| {
        limits.connection_time = SHORT;
        limits.header_time = SHORT;
    })
    .await;
    let mut client: Client = server.connect().await;
    let mut answered = 0;
    loop {
        client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        if client.hear().await.is_none() {
            break;
        }
        answered += 1;
        sleep(Duration::from_millis(20)).await;
    }
    assert!(answered > 3, "{answered}");
}
