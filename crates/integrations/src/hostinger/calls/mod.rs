//! Every call that the adapter makes of Hostinger, as a plain value: a request goes in, a [`Call`] comes out, and nothing is
//! sent. Field names are Hostinger's own, so its documentation explains them; what is `None` is not sent.

mod billing;
mod domains;
mod hosting;
mod machines;
mod shop;
mod zones;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::http::{Call, Repeat};

pub use billing::*;
pub use domains::*;
pub use hosting::*;
pub use machines::*;
pub use shop::*;
pub use zones::*;

/// What stands for itself in a path and a query (RFC 3986, 2.3).
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as a part of a path. One of dots alone would be a way up: it is told apart by a name that nobody has.
fn segment(name: &str) -> String {
    let written = utf8_percent_encode(name, &PLAIN).to_string();
    if written.is_empty() || written.bytes().all(|byte| byte == b'.') { "-".to_owned() } else { written }
}

/// A path with what is asked of it; what is `None` is left out.
fn asked(path: &str, query: &[(&str, Option<String>)]) -> String {
    let mut path = path.to_owned();
    let given = query.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    for (mark, (name, value)) in std::iter::once('?').chain(std::iter::repeat('&')).zip(given) {
        path.push(mark);
        path.push_str(name);
        path.push('=');
        path.extend(utf8_percent_encode(value, &PLAIN));
    }
    path
}

fn dressed(call: Call) -> Call {
    call.header("accept", "application/json")
}

fn get(path: &str) -> Call {
    dressed(Call::get(path))
}

/// A page of a list.
fn page_of(path: &str, page: u32) -> Call {
    get(&asked(path, &[("page", Some(page.to_string()))]))
}

fn with(call: Call, body: &impl Serialize) -> Call {
    let body = serde_json::to_vec(body).expect("what is asked for is plain data with texts for keys");
    dressed(call).body("application/json", body)
}

/// Asks for something that is done again if it is asked for again: who was not answered looks first.
fn once(path: &str, body: &impl Serialize) -> Call {
    with(Call::post(path), body)
}

/// Asks a question that takes a body.
fn question(path: &str, body: &impl Serialize) -> Call {
    with(Call::post(path), body).repeat(Repeat::Freely)
}

/// Asks for something that done twice comes to the same.
fn again(path: &str) -> Call {
    dressed(Call::post(path)).repeat(Repeat::UnderItsKey)
}

/// Asks for something that costs money.
fn paid(path: &str, body: &impl Serialize) -> Call {
    with(Call::post(path), body).repeat(Repeat::Once)
}
