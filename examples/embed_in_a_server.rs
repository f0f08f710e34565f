//! The engine inside a server of one's own: two handlers, one shared shop, and the worker beside them.
//!
//! `cargo run --example embed_in_a_server`

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use baddie::catalog::{CreateProduct, NewVariant};
use baddie::clock::Zone;
use baddie::inventory::{AdjustStock, MoveReason};
use baddie::operations;
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::{Currency, Engine, Found, Kind, Money, OrderView, Shop};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

type Problem = (StatusCode, String);

fn problem(error: baddie::Error) -> Problem {
    let status = match error.kind() {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, error.message().to_owned())
}

/// A handler of one's own, typed: buys one of a SKU.
async fn buy(State(shop): State<Arc<Shop>>, Path(sku): Path<String>) -> Result<Json<OrderView>, Problem> {
    let order = PlaceOrder::of(vec![PlaceLine::sku(sku, 1)]).paid();
    shop.orders().place(order).await.map(Json).map_err(problem)
}

/// Every use case of the engine at once, by its name: JSON in, JSON out.
async fn call(
    State(shop): State<Arc<Shop>>,
    Path(name): Path<String>,
    request: String,
) -> Result<String, Problem> {
    let operation = operations::find(&name)
        .ok_or_else(|| (StatusCode::NOT_FOUND, format!("there is no operation {name}")))?;
    operation.call(&shop, &request).await.map_err(problem)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::open("memory:").await?;
    let shop = Arc::new(shop(&engine).await?);

    // The engine starts nothing behind your back: what waits is done when you say so.
    let worker = tokio::spawn(async move {
        loop {
            if let Err(error) = engine.tick().await {
                eprintln!("worker: {error}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });

    let routes = Router::new().route("/buy/{sku}", post(buy)).route("/call/{name}", post(call));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move { axum::serve(listener, routes.with_state(shop)).await });

    for (path, body) in
        [("/buy/CHAIR", ""), ("/buy/CHAIR", ""), ("/call/orders.list", "{}"), ("/call/orders.lose", "{}")]
    {
        let answer = ask(address, path, body).await?;
        println!("POST {path:<20} {}", answer.lines().next().unwrap_or_default());
    }
    server.abort();
    worker.abort();
    Ok(())
}

/// A shop with one chair in it.
async fn shop(engine: &Engine) -> baddie::Result<Shop> {
    let found = Found {
        name: "Chairs".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::EUR,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    let euros = |cents| Money::new(cents, Currency::EUR);
    let chair = CreateProduct {
        title: "Chair".to_owned(),
        variants: vec![NewVariant::stocked("CHAIR", euros(4_000))],
        ..CreateProduct::default()
    };
    let variant_id = shop.catalog().create_product(chair).await?.variants[0].variant.id;
    let one = AdjustStock {
        variant_id,
        location_id: None,
        change: 1,
        reason: MoveReason::Opening,
        cost: Some(euros(1_500)),
    };
    shop.inventory().adjust(one).await?;
    Ok(shop)
}

/// What any HTTP client does: asks, and reads what comes.
async fn ask(address: SocketAddr, path: &str, body: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address).await?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
