//! The client against a server that fails: what is tried again, what is in doubt, and what is never called.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use baddie_core::clock::Clock;
use baddie_core::testing::FixedClock;
use baddie_integrations::http::{
    Answer, Call, Cause, Connection, Failure, Http, Limits, Manners, Repeat, Settings,
};
use baddie_integrations::secret::Secret;

use crate::kit::server::{Fault, Reply, Server};
use crate::kit::{http, means};

const KEY: &str = "canary-4c1d7a";

/// A service that says what HTTP says.
struct Plain;

impl Manners for Plain {
    fn service(&self) -> &'static str {
        "plain"
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        match answer.cause() {
            None => Ok(()),
            Some(cause) => {
                let words = String::from_utf8_lossy(&answer.body);
                Err(Failure::new("plain", cause, words).of_request(answer.header("request-id")))
            }
        }
    }
}

struct World {
    server: Server,
    done: Arc<AtomicU32>,
    clock: FixedClock,
    http: Http,
    to: Connection,
}

fn world(faults: impl IntoIterator<Item = Fault>) -> World {
    let done = Arc::new(AtomicU32::new(0));
    let doing = done.clone();
    let server = Server::start(move |_| {
        doing.fetch_add(1, Ordering::Relaxed);
        Reply::new(200, r#"{"well":"done"}"#)
    });
    server.plan(faults);
    let clock = FixedClock::default();
    let limits = Limits { attempt: Duration::from_secs(1), answer: 64 << 10, ..Limits::default() };
    let to = Connection::new(Box::new(Plain), server.base(), limits).unwrap();
    let to = to.credential("authorization", "Bearer ", &Secret::new(KEY)).unwrap();
    World { http: http(&clock), server, done, clock, to }
}

impl World {
    async fn send(&self, call: &Call) -> Result<Answer, Failure> {
        self.http.send(&self.to, call).await
    }

    fn done(&self) -> u32 {
        self.done.load(Ordering::Relaxed)
    }

    fn tries(&self) -> usize {
        self.server.heard().len()
    }
}

fn says(status: u16) -> Fault {
    Fault::Instead(Reply::new(status, "no"))
}

fn once() -> Call {
    Call::post("/things").body("application/json", "{}")
}

fn keyed() -> Call {
    once().header("idempotency-key", "k-1").repeat(Repeat::UnderItsKey)
}

#[tokio::test]
async fn a_look_is_repeated_until_it_succeeds() {
    for faults in [
        vec![says(500), says(503)],
        vec![Fault::DropBefore, Fault::DropAfter],
        vec![Fault::HangBefore, Fault::HangAfter],
        vec![Fault::Truncated, says(429)],
    ] {
        let world = world(faults);
        let answer = world.send(&Call::get("/things?limit=1")).await.expect("the third try succeeds");
        assert_eq!((answer.body.as_ref(), world.tries()), (&br#"{"well":"done"}"#[..], 3));
    }
}

#[tokio::test]
async fn a_change_without_a_key_is_sent_once_and_left_in_doubt() {
    for (fault, cause, done) in [
        (Fault::HangBefore, Cause::Timeout, 0),
        (Fault::HangAfter, Cause::Timeout, 1),
        (Fault::DropBefore, Cause::Unavailable, 0),
        (Fault::DropAfter, Cause::Unavailable, 1),
        (Fault::Truncated, Cause::Unavailable, 1),
        (Fault::Giant, Cause::Protocol, 1),
        (says(502), Cause::Unavailable, 0),
    ] {
        let world = world([fault.clone()]);
        let failure = world.send(&once()).await.expect_err("nobody knows");
        assert_eq!((failure.cause, failure.may_have_happened), (cause, true), "{fault:?}");
        assert_eq!((world.tries(), world.done()), (1, done), "{fault:?}");
    }
}

#[tokio::test]
async fn a_change_that_was_surely_not_done_is_sent_again() {
    let world = world([says(429)]);
    world.send(&once()).await.expect("a service that counts calls has done nothing yet");
    assert_eq!((world.tries(), world.done()), (2, 1));
}

#[tokio::test]
async fn a_change_under_a_key_is_sent_again_with_that_key() {
    let world = world([Fault::HangAfter, Fault::DropAfter, says(500)]);
    world.send(&keyed()).await.expect("the fourth try succeeds");
    let heard = world.server.heard();
    assert_eq!(heard.len(), 4);
    for heard in heard {
        assert_eq!(
            (heard.method.as_str(), heard.path.as_str(), heard.body.as_ref()),
            ("POST", "/things", &b"{}"[..])
        );
        assert_eq!(heard.header("idempotency-key"), Some("k-1"));
    }
}

#[tokio::test]
async fn doubt_outlives_later_tries_unless_the_service_speaks_of_the_request() {
    let world_1 = world([Fault::DropAfter, says(401)]);
    let failure = world_1.send(&keyed()).await.expect_err("the key was withdrawn");
    assert_eq!((failure.cause, failure.may_have_happened), (Cause::Auth, true));
    let world_2 = world([Fault::DropBefore, says(422)]);
    let failure = world_2.send(&keyed()).await.expect_err("it is not accepted");
    assert_eq!((failure.cause, failure.may_have_happened), (Cause::Validation { field: None }, false));
}

#[tokio::test]
async fn a_service_that_asks_to_wait_is_heard() {
    let wait = Fault::Instead(Reply::new(429, "slow down").header("retry-after", "7"));
    let world = world([wait]);
    let before = world.clock.now();
    world.send(&Call::get("/")).await.expect("after the wait it answers");
    assert!(world.clock.now().since(before) >= Duration::from_secs(7));
}

#[tokio::test]
async fn a_wait_beyond_the_time_budget_is_the_callers_to_wait() {
    let wait = Fault::Instead(Reply::new(429, "slow down").header("retry-after", "3600"));
    let world = world([wait]);
    let before = world.clock.now();
    let hour = Cause::RateLimited { retry_after: Some(Duration::from_hours(1)) };
    assert_eq!(world.send(&Call::get("/")).await.expect_err("not within the budget").cause, hour);
    // The whole connection waits: the next call does not even go out.
    let failure = world.send(&Call::get("/")).await.expect_err("the hour is not over");
    assert!(matches!(failure.cause, Cause::RateLimited { retry_after: Some(_) }), "{failure}");
    assert_eq!((world.clock.now(), world.tries()), (before, 1));
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let world = world([Fault::Giant, Fault::Giant, Fault::Giant, Fault::Giant]);
    let failure = world.send(&Call::get("/")).await.expect_err("it is too large");
    assert_eq!((failure.cause, failure.may_have_happened), (Cause::Protocol, false));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let away = Reply::new(302, "").header("location", "http://127.0.0.1:1/elsewhere");
    let world = world([Fault::Instead(away)]);
    let failure = world.send(&once()).await.expect_err("our services redirect nobody");
    assert_eq!((failure.cause, world.tries()), (Cause::Protocol, 1));
}

#[tokio::test]
async fn a_service_that_is_down_is_left_alone() {
    let world = world((0..20).map(|_| says(500)));
    for _ in 0..3 {
        let failure = world.send(&Call::get("/")).await.expect_err("it is down");
        assert_eq!(failure.cause, Cause::Unavailable);
    }
    let tries = world.tries();
    assert!((5..12).contains(&tries), "{tries} tries of twelve went out");
    world.clock.advance(Duration::from_mins(10));
    for _ in tries..20 {
        let _ = world.send(&Call::get("/")).await;
        world.clock.advance(Duration::from_mins(10));
    }
    world.send(&Call::get("/")).await.expect("when it is back, it is called again");
}

#[tokio::test]
async fn what_is_not_public_is_not_called() {
    let world = world([]);
    let guarded = Http::new(&Settings::default(), means(&world.clock)).unwrap();
    let port = world.server.base().rsplit(':').next().unwrap();
    for base in [
        world.server.base().to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://2130706433:{port}"),
        "https://169.254.169.254".to_owned(),
        "http://example.com".to_owned(),
    ] {
        let to = Connection::new(Box::new(Plain), &base, Limits::default()).unwrap();
        let failure = guarded.send(&to, &once()).await.expect_err("it is not on the internet");
        assert_eq!((failure.cause, failure.may_have_happened), (Cause::Permission, false), "{base}");
    }
    assert_eq!(world.tries(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_leaves_no_doubt() {
    let clock = FixedClock::default();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let to = Connection::new(Box::new(Plain), &format!("http://{free}"), Limits::default()).unwrap();
    let failure = http(&clock).send(&to, &once()).await.expect_err("nobody is there");
    assert_eq!((failure.cause, failure.may_have_happened), (Cause::Unavailable, false));
}

#[tokio::test]
async fn a_path_does_not_lead_elsewhere() {
    let world = world([]);
    for path in ["@example.com/", ".example.com/", "things", ":1/"] {
        assert!(world.send(&Call::get(path)).await.is_err(), "{path}");
    }
    assert_eq!(world.tries(), 0);
}

#[tokio::test]
async fn a_credential_reaches_its_service_and_nothing_else() {
    let tattles = Reply::new(401, format!("the key {KEY} is wrong")).header("request-id", "req_9");
    let world = world([Fault::Instead(tattles)]);
    let failure = world.send(&once()).await.expect_err("the key is wrong");
    assert_eq!(failure.request_id.as_deref(), Some("req_9"));
    let said = format!("{failure} {failure:?} {:?} {:?}", world.to, once());
    assert!(!said.contains(KEY), "{said}");
    let expected = format!("Bearer {KEY}");
    assert_eq!(world.server.heard()[0].header("authorization"), Some(expected.as_str()));
}
