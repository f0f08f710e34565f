//! Stories of lost answers and wrong ones. However they go, money moves once, and what is not sure is called so.

use std::time::Duration;

use baddie_core::payments::{PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind};
use baddie_integrations::http::Cause;
use baddie_integrations::secret::Secret;
use baddie_integrations::stripe::{Config, Stripe};
use serde_json::{Value, json};

use super::fake::{GOOD, KEY, asked};
use super::provider::{Rig, config, movement, rig, rig_within};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

/// Every way to fail, on every one of the tries that a call has.
fn storms() -> Vec<(&'static str, Vec<Fault>)> {
    let all = |fault: Fault| vec![fault; 4];
    let says = |status| all(Fault::Instead(Reply::new(status, r#"{"error":{"type":"api_error"}}"#)));
    vec![
        ("no answer, nothing done", all(Fault::HangBefore)),
        ("no answer, all done", all(Fault::HangAfter)),
        ("broken before", all(Fault::DropBefore)),
        ("broken after", all(Fault::DropAfter)),
        ("cut off", all(Fault::Truncated)),
        ("without end", all(Fault::Giant)),
        ("failing inside", says(500)),
        ("too many calls", says(429)),
    ]
}

/// Does a movement as the engine does: tries, and looks before it tries again.
async fn carry(rig: &Rig, request: &PaymentRequest) -> PaymentOutcome {
    let mut may_have_happened = false;
    for _ in 0..20 {
        if may_have_happened && let Ok(Some(found)) = rig.stripe.look_up(request).await {
            return found;
        }
        match rig.stripe.execute(request).await {
            Ok(outcome) => return outcome,
            Err(PaymentError::Declined { reason }) => panic!("nobody declined it: {reason}"),
            Err(PaymentError::Unknown { .. }) => may_have_happened = true,
            Err(PaymentError::Unavailable { .. }) => {}
        }
        // Later than any key is kept, so that looking is what saves us, not Stripe's memory of keys.
        rig.clock.advance(Duration::from_hours(30));
    }
    panic!("it never came to anything");
}

fn counts(rig: &Rig, status: &str) -> (usize, usize, usize) {
    rig.fake.look(|state| {
        let so = state.intents.iter().filter(|intent| intent["status"] == status).count();
        (state.intents.len(), so, state.refunds.len())
    })
}

/// How many stories end with the money moved once.
pub(crate) async fn survived() -> usize {
    let mut stories = 0;
    for (name, faults) in storms() {
        for kind in [TxnKind::Auth, TxnKind::Capture, TxnKind::Void, TxnKind::Refund] {
            let rig = rig_within(Duration::from_millis(250), GOOD, []);
            let auth = movement(1, TxnKind::Auth, 2_000, None);
            let mut storm = faults.clone();
            if kind == TxnKind::Auth {
                rig.fake.server.plan(storm.drain(..));
            }
            let held = carry(&rig, &auth).await.provider_ref;
            let expected = match kind {
                TxnKind::Auth => ("requires_capture", (1, 1, 0)),
                TxnKind::Capture => {
                    rig.fake.server.plan(storm.drain(..));
                    carry(&rig, &movement(2, TxnKind::Capture, 1_500, Some(&held))).await;
                    ("succeeded", (1, 1, 0))
                }
                TxnKind::Void => {
                    rig.fake.server.plan(storm.drain(..));
                    carry(&rig, &movement(2, TxnKind::Void, 2_000, Some(&held))).await;
                    ("canceled", (1, 1, 0))
                }
                _ => {
                    let taken = carry(&rig, &movement(2, TxnKind::Capture, 2_000, Some(&held))).await;
                    rig.fake.server.plan(storm.drain(..));
                    carry(&rig, &movement(3, TxnKind::Refund, 500, Some(&taken.provider_ref))).await;
                    ("succeeded", (1, 1, 1))
                }
            };
            assert_eq!(counts(&rig, expected.0), expected.1, "{name}: {kind:?}");
            stories += 1;
        }
    }
    stories
}

#[tokio::test]
async fn money_moves_once_whatever_is_lost() {
    assert_eq!(survived().await, 32);
}

#[tokio::test]
async fn an_answer_about_something_else_is_not_believed() {
    let wrong: [(&str, Value); 5] = [
        ("amount", json!(1)),
        ("currency", json!("usd")),
        ("metadata", json!({"baddie_order": "ord_other"})),
        ("metadata", json!({})),
        ("status", json!("a_new_state")),
    ];
    for (field, value) in wrong {
        let honest = rig(GOOD, []);
        let request = movement(1, TxnKind::Auth, 2_000, None);
        honest.stripe.execute(&request).await.unwrap();
        let mut said = honest.fake.look(|state| state.intents[0].clone());
        said[field] = value;
        let rig = rig(GOOD, [Fault::Instead(Reply::new(200, said.to_string()))]);
        let answer = rig.stripe.execute(&request).await;
        assert!(matches!(answer, Err(PaymentError::Unknown { .. })), "{field}: {answer:?}");
    }
}

#[tokio::test]
async fn what_stripe_adds_is_passed_over() {
    let honest = rig(GOOD, []);
    let request = movement(1, TxnKind::Auth, 2_000, None);
    honest.stripe.execute(&request).await.unwrap();
    let mut said = honest.fake.look(|state| state.intents[0].clone());
    said["a_new_field"] = json!({"deep": [1, 2.5, null]});
    said["capture_method"] = json!("a_new_way");
    let rig = rig(GOOD, [Fault::Instead(Reply::new(200, said.to_string()))]);
    assert!(rig.stripe.execute(&request).await.is_ok());
}

#[tokio::test]
async fn what_was_done_by_hand_is_taken_as_done() {
    let rig = rig(GOOD, []);
    let held = carry(&rig, &movement(1, TxnKind::Auth, 2_000, None)).await.provider_ref;
    carry(&rig, &movement(2, TxnKind::Capture, 2_000, Some(&held))).await;
    let other = rig.stripe.execute(&movement(3, TxnKind::Capture, 500, Some(&held))).await;
    assert!(matches!(other, Err(PaymentError::Declined { .. })), "captured once is captured: {other:?}");
    // As if somebody had captured it at the dashboard: our own capture finds it so.
    rig.fake.look(|state| state.intents[0]["metadata"].as_object_mut().unwrap().remove("baddie_capture"));
    let again = rig.stripe.execute(&movement(4, TxnKind::Capture, 2_000, Some(&held))).await.unwrap();
    assert!(again.settled);
    // But if it was another sum, nobody can say what ours has become.
    let other = rig.stripe.execute(&movement(5, TxnKind::Capture, 1_000, Some(&held))).await;
    assert!(!matches!(other, Ok(_) | Err(PaymentError::Declined { .. })), "{other:?}");
}

#[tokio::test]
async fn a_payment_is_found_among_many() {
    let rig = rig(GOOD, []);
    let first = movement(1, TxnKind::Auth, 2_000, None);
    let done = carry(&rig, &first).await;
    for number in 2..=230 {
        rig.stripe.execute(&movement(number, TxnKind::Auth, 100, None)).await.unwrap();
    }
    // The list is read in pages of a hundred, because the search does not know it yet.
    assert_eq!(rig.stripe.look_up(&first).await, Ok(Some(done)));
    assert_eq!(rig.stripe.look_up(&movement(999, TxnKind::Auth, 100, None)).await, Ok(None));
}

#[tokio::test]
async fn what_cannot_be_done_is_not_asked_for() {
    let rig = rig(GOOD, []);
    let nothing = [
        movement(1, TxnKind::Capture, 100, None),
        movement(2, TxnKind::Void, 100, None),
        movement(3, TxnKind::Refund, 100, None),
        movement(4, TxnKind::Chargeback, 100, Some("ch_1")),
        PaymentRequest { method: None, ..movement(5, TxnKind::Auth, 100, None) },
    ];
    for request in nothing {
        let answer = rig.stripe.execute(&request).await;
        assert!(matches!(answer, Err(PaymentError::Declined { .. })), "{answer:?}");
    }
    assert_eq!(rig.fake.server.heard().len(), 0);
}

#[tokio::test]
async fn a_withdrawn_key_is_told_and_never_shown() {
    let other = rig(GOOD, []);
    let withdrawn = Secret::new("sk_test_canary_withdrawn");
    let config = Config { key: withdrawn.clone(), ..config(&other.fake) };
    let stripe = Stripe::new(http(&other.clock), &config).unwrap();
    let answer = stripe.execute(&movement(1, TxnKind::Auth, 2_000, None)).await.unwrap_err();
    assert!(matches!(&answer, PaymentError::Unavailable { .. }), "{answer:?}");
    assert!(!format!("{answer} {answer:?} {config:?}").contains(withdrawn.expose()));
    // The key of the rig is in no request but where it belongs.
    for heard in other.fake.server.heard() {
        assert!(!format!("{} {:?}", heard.path, heard.body).contains(KEY));
    }
}

#[tokio::test]
async fn our_names_go_with_the_money() {
    let rig = rig(GOOD, []);
    let request = movement(1, TxnKind::Auth, 2_000, None);
    carry(&rig, &request).await;
    let heard = rig.fake.server.heard();
    assert_eq!(heard[0].header("idempotency-key"), Some(request.key.to_string().as_str()));
    assert_eq!(asked(&heard[0], "metadata[baddie_order]"), Some(request.order.to_string()));
    assert_eq!(asked(&heard[0], "amount").as_deref(), Some("2000"));
}

#[test]
fn an_event_is_for_this_account_and_this_kind_of_money() {
    let event = |live: bool, account: Value| {
        json!({
            "id": "evt_1", "object": "event", "type": "a.new_type", "created": 1, "livemode": live,
            "account": account, "new": 1, "data": {"object": {"id": "pi_1"}},
        })
        .to_string()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    let clock = baddie_core::testing::FixedClock::default();
    let stripe = |key: &str, account: Option<&str>| {
        let account = account.map(str::to_owned);
        Stripe::new(http(&clock), &Config { account, ..Config::new(Secret::new(key)) }).unwrap()
    };
    let own = stripe("sk_test_1", None);
    assert!(!own.is_live() && stripe("rk_live_1", None).is_live());
    let read = own.read_event(event(false, Value::Null).as_bytes()).unwrap();
    assert_eq!((read.object_id(), read.r#type.as_str()), (Some("pi_1"), "a.new_type"));
    for wrong in [event(true, Value::Null), event(false, json!("acct_1")), "{}".into(), "é".into()] {
        let refused = own.read_event(wrong.as_bytes()).unwrap_err();
        assert_eq!(refused.cause, Cause::Protocol, "{wrong}");
    }
    let connected = stripe("sk_test_1", Some("acct_1"));
    assert!(connected.read_event(event(false, json!("acct_1")).as_bytes()).is_ok());
    assert!(connected.read_event(event(false, Value::Null).as_bytes()).is_err());
}
