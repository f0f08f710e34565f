//! Servers that count their clients together in Redis, a real one, and go on without it.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

mod support;

use std::time::Duration;

use baddie_server::http::rate::Allowance;
use baddie_servers::redis::Redis;
use support::Server;

const BURST: u32 = 10;

/// Two servers of one database, which name the same Redis; the owner's token is the first one's.
async fn pair(redis: &Redis) -> (tempfile::TempDir, [Server; 2], String) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("shop.db").display());
    let mut servers = Vec::new();
    for _ in 0..2 {
        let server = Server::api_on(&database, |config| {
            config.redis = redis.url();
            config.rate.credential = Allowance { per_second: 1, burst: BURST };
        });
        servers.push(server.await);
    }
    let token = format!("Bearer {}", servers[0].owner);
    (folder, servers.try_into().ok().unwrap(), token)
}

/// How many of so many requests in turn to both servers are let through.
async fn let_through(servers: &[Server; 2], token: &str, requests: u32) -> u32 {
    let mut through = 0;
    for number in 0..requests {
        let server = &servers[number as usize % 2];
        let answer = server.ask("GET /api/v1/shop", &[("authorization", token)], "").await;
        assert!([200, 429].contains(&answer.status), "{answer:?}");
        through += u32::from(answer.status == 200);
    }
    through
}

#[tokio::test(flavor = "multi_thread")]
async fn s36_servers_count_a_client_together_and_each_by_itself_without_redis() {
    let mut redis = Redis::start();
    let (_folder, servers, token) = pair(&redis).await;
    let together = let_through(&servers, &token, 4 * BURST).await;
    assert!((BURST..BURST + 5).contains(&together), "one bucket of {BURST}: {together} were let through");

    redis.kill();
    let alone = let_through(&servers, &token, 4 * BURST).await;
    assert!(
        (2 * BURST..2 * BURST + 5).contains(&alone),
        "no request fails, and each has a bucket of {BURST}: {alone} were let through"
    );

    redis.again();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let again = let_through(&servers, &token, 4 * BURST).await;
    assert!((BURST..BURST + 5).contains(&again), "Redis forgot, and counts again: {again} were let through");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    let engine = baddie::Engine::open("memory:").await.unwrap();
    let config = baddie_server::config::Config { redis: "redis//:hunter2@".into(), ..Default::default() };
    let error = baddie_server::server::front(engine, &config).err().unwrap();
    assert!(error.contains("redis") && !error.contains("hunter2"), "{error}");
}
