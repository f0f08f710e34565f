//! A pretend Framer that keeps state: collections, what was made public of them, and who has the session. It speaks over a
//! real WebSocket on loopback, and slips as told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baddie_integrations::framer::{Data, decode, encode};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// The project, and the key that opens it.
pub(crate) const PROJECT: &str = "AbCdEfGhIjKlMnOpQrSt";
pub(crate) const KEY: &str = "fr_canary3b77";

/// What goes wrong with one message of the client's.
#[derive(Debug, Clone)]
pub(crate) enum Slip {
    /// Nothing.
    None,
    /// The connection breaks before anything is done.
    CloseBefore,
    /// It is done, and the connection breaks before the answer.
    CloseAfter,
    /// Nothing is done, and nothing is said.
    HangBefore,
    /// It is done, and nothing is said.
    HangAfter,
    /// Nothing is done, and the session fails with this.
    Fail(&'static str, bool),
    /// It is done, and what is said makes no sense.
    Garbage,
    /// It is done, and the answer begins in pieces, of which not all come.
    Cut,
    /// It is done, and the answer is larger than anybody reads.
    Giant,
    /// It is done, and answered in pieces, after much that nobody asked for.
    Chatter,
    /// It is done, and answered after a while.
    Late(Duration),
}

/// What goes wrong when somebody comes.
#[derive(Debug, Clone)]
pub(crate) enum Door {
    /// Nothing.
    Open,
    /// The connection breaks at once.
    Slam,
    /// It is refused by HTTP.
    Refuse(u16),
    /// Nobody says that the project is open.
    Silent,
}

/// A collection.
#[derive(Default)]
pub(crate) struct Collection {
    pub(crate) name: String,
    pub(crate) managed_by: &'static str,
    pub(crate) fields: Value,
    /// By their manager's name.
    pub(crate) items: BTreeMap<String, Value>,
}

type Shown = BTreeMap<String, BTreeMap<String, Value>>;

/// What the fake holds.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) collections: Vec<Collection>,
    publications: Vec<Shown>,
    /// What visitors of the site's own domain see.
    pub(crate) seen: Shown,
    pub(crate) doors: VecDeque<Door>,
    pub(crate) slips: VecDeque<Slip>,
    /// Who came: the path and the credential.
    pub(crate) visits: Vec<(String, String)>,
    /// What was called.
    pub(crate) called: Vec<String>,
    pub(crate) pings: usize,
    pub(crate) goodbyes: usize,
}

/// The pretend Framer; gone when it is dropped.
pub(crate) struct Fake {
    base: String,
    state: Arc<Mutex<State>>,
    task: AbortHandle,
}

impl Fake {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let listener = TcpListener::from_std(listener).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let serving = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(serving.clone(), stream));
            }
        });
        Self { base, state, task: task.abort_handle() }
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// What goes wrong with the next messages, one after the other.
    pub(crate) fn plan(&self, slips: impl IntoIterator<Item = Slip>) {
        self.look(|state| state.slips.extend(slips));
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn frame(value: Value) -> String {
    encode(&Data::from(value))
}

/// What comes of a call, as the library's own server says it: what is not set has a place of its own.
fn answer(id: &Value, came: Result<Option<Value>, &str>) -> String {
    match came {
        Ok(Some(result)) => frame(json!({"type": "methodResponse", "id": id, "result": result})),
        Ok(None) => format!(r#"[{{"type":1,"id":2,"result":-1}},"methodResponse",{id}]"#),
        Err(error) => {
            format!(r#"[{{"type":1,"id":2,"error":3,"result":-1}},"methodResponse",{id},"{error}"]"#)
        }
    }
}

// The library's own type for a refusal is large; it is handed on once.
#[expect(clippy::result_large_err, reason = "its callback is made so")]
async fn serve(state: Arc<Mutex<State>>, stream: TcpStream) {
    let door = state.lock().unwrap().doors.pop_front().unwrap_or(Door::Open);
    if let Door::Slam = door {
        return;
    }
    let heard = state.clone();
    let opened = accept_hdr_async(stream, |request: &Request, response: Response| {
        let key = request.headers()["authorization"].to_str().unwrap().to_owned();
        heard.lock().unwrap().visits.push((request.uri().to_string(), key));
        if let Door::Refuse(status) = door {
            let mut refusal = tokio_tungstenite::tungstenite::http::Response::new(None);
            *refusal.status_mut() = status.try_into().unwrap();
            return Err(refusal);
        }
        Ok(response)
    });
    let Ok(mut socket) = opened.await else { return };
    if let Door::Silent = door {
        std::future::pending::<()>().await;
    }
    let known = state.lock().unwrap().visits.last().is_some_and(|(_, key)| *key == format!("Token {KEY}"));
    if !known {
        let refusal = json!({"type": "error", "code": "UNAUTHORIZED", "message": format!("the key is wrong"), "ref": "ref_1", "retryable": false});
        let _ = socket.send(Message::text(frame(refusal))).await;
        return;
    }
    let ready =
        json!({"type": "ready", "requestId": "req_1", "sessionId": "s_1", "gracefulDisconnect": true});
    let _ = socket.send(Message::text(frame(ready))).await;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        if !hear(&state, &mut socket, text.as_str()).await {
            return;
        }
    }
}

/// Hears a message; whether the session goes on.
async fn hear(state: &Arc<Mutex<State>>, socket: &mut WebSocketStream<TcpStream>, text: &str) -> bool {
    let said = decode(text).unwrap();
    if said["type"] == "ping" {
        state.lock().unwrap().pings += 1;
        return true;
    }
    let slip = state.lock().unwrap().slips.pop_front().unwrap_or(Slip::None);
    match slip {
        Slip::CloseBefore => return false,
        Slip::HangBefore => std::future::pending().await,
        Slip::Fail(code, retryable) => {
            let error = json!({"type": "error", "code": code, "message": "no", "ref": "ref_2", "retryable": retryable});
            let _ = socket.send(Message::text(frame(error))).await;
            return false;
        }
        _ => {}
    }
    let answer = state.lock().unwrap().act(&said);
    let mut say = async |text: String| drop(socket.send(Message::text(text)).await);
    match slip {
        Slip::CloseAfter => return false,
        Slip::HangAfter => std::future::pending().await,
        Slip::Garbage => say("[{\"type\":99}]".to_owned()).await,
        Slip::Cut => {
            say(json!({"$chunk": 1, "id": "m", "seq": 0, "data": answer}).to_string()).await;
            return false;
        }
        Slip::Giant => say(" ".repeat(2 << 20)).await,
        Slip::Chatter => {
            say(frame(json!({"type": "projectChanged", "new": [1, {"a": null}]}))).await;
            say(frame(json!({"type": "methodResponse", "id": 9_999, "result": "somebody else's"}))).await;
            let middle = (0..=answer.len() / 2).rev().find(|at| answer.is_char_boundary(*at)).unwrap();
            let (first, last) = answer.split_at(middle);
            say(json!({"$chunk": 1, "id": "m", "seq": 0, "data": first}).to_string()).await;
            say(json!({"$chunk": 1, "id": "m", "seq": -1, "data": last}).to_string()).await;
        }
        Slip::Late(time) => {
            tokio::time::sleep(time).await;
            say(answer).await;
        }
        _ => say(answer).await,
    }
    true
}

impl State {
    fn act(&mut self, said: &Value) -> String {
        match said["type"].as_str().unwrap() {
            "pluginReadySignal" => frame(json!({
                "type": "pluginReadyResponse", "mode": "api", "environmentInfo": null,
                "permissionMap": {"publish": true, "deploy": false, "odd": "yes"},
            })),
            "client-disconnect" => {
                self.goodbyes += 1;
                frame(json!({"type": "disconnect-ack"}))
            }
            "methodInvocation" => {
                let name = said["methodName"].as_str().unwrap();
                self.called.push(name.to_owned());
                let came = self.call(name, &said["args"]);
                answer(&said["id"], came)
            }
            other => panic!("the fake knows no {other}"),
        }
    }

    fn call(&mut self, name: &str, args: &Value) -> Result<Option<Value>, &'static str> {
        let managed = |(index, one): (usize, &Collection)| json!({"id": format!("c{index}"), "name": one.name, "readonly": false, "managedBy": one.managed_by});
        match name {
            "getProjectInfo2" => {
                return Ok(Some(json!({"id": "p", "name": "Second Spring", "apiVersion1Id": "x"})));
            }
            "getManagedCollections" => {
                return Ok(Some(self.collections.iter().enumerate().map(managed).collect()));
            }
            "createManagedCollection" => {
                let name = args[0].as_str().unwrap().to_owned();
                self.collections.push(Collection { name, managed_by: "thisPlugin", ..Collection::default() });
                return Ok(self.collections.iter().enumerate().map(managed).next_back());
            }
            "publish" => return Ok(Some(self.publish())),
            "deploy" => {
                assert_eq!(args[1], json!(["shop.example.com"]));
                let number: usize = args[0].as_str().unwrap()[1..].parse().unwrap();
                self.seen = self.publications[number].clone();
                return Ok(Some(json!([{"hostname": "shop.example.com", "type": "custom"}])));
            }
            _ => {}
        }
        let index: usize = args[0].as_str().unwrap()[1..].parse().unwrap();
        let collection = &mut self.collections[index];
        match name {
            "setManagedCollectionFields" => {
                assert!(args[1].as_array().unwrap().iter().all(|field| field["type"].is_string()));
                collection.fields = args[1].clone();
                Ok(None)
            }
            "getManagedCollectionItemIds" => {
                Ok(Some(collection.items.keys().cloned().collect::<Vec<_>>().into()))
            }
            "getCollectionItems3" => Ok(Some(collection.items.values().map(told).collect::<Vec<_>>().into())),
            "addManagedCollectionItems2" => {
                for item in args[1].as_array().unwrap() {
                    let id = item["id"].as_str().unwrap().to_owned();
                    if collection.items.iter().any(|(known, one)| *known != id && one["slug"] == item["slug"])
                    {
                        return Err("Slug is already in use");
                    }
                    collection.items.insert(id, item.clone());
                }
                Ok(None)
            }
            "removeManagedCollectionItems" => {
                for id in args[1].as_array().unwrap() {
                    collection.items.remove(id.as_str().unwrap()).ok_or("Item not found")?;
                }
                Ok(None)
            }
            other => panic!("the fake knows no {other}"),
        }
    }

    fn publish(&mut self) -> Value {
        let shown = |collection: &Collection| (collection.name.clone(), collection.items.clone());
        self.publications.push(self.collections.iter().map(shown).collect());
        let id = format!("d{}", self.publications.len() - 1);
        let host = |name: &str, kind: &str| json!({"hostname": name, "type": kind, "isPrimary": true, "isPublished": true, "deploymentId": id});
        json!({
            "deployment": {"id": id, "createdAt": "2026-11-01T00:00:00.000Z", "status": "a_new_one"},
            "hostnames": [host("demo.framer.app", "default"), host("shop.example.com", "custom")],
        })
    }
}

/// An item as Framer tells of it: what is nothing is not set.
fn told(item: &Value) -> Value {
    let mut fields = item["fieldData"].clone();
    for field in fields.as_object_mut().unwrap().values_mut() {
        field["valueByLocale"] = json!({});
        if field["value"].is_null() {
            field.as_object_mut().unwrap().remove("value");
        }
    }
    json!({"id": item["id"], "nodeId": "n1", "externalId": item["id"], "slug": item["slug"], "slugByLocale": {},
        "draft": item["draft"], "fieldData": fields})
}
