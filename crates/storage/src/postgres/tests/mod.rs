//! The machinery under trial, on a real server.

mod columns;
mod ending;
mod opening;
mod sharing;
mod speaking;
mod walls;

use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Result};
use baddie_core::ids::{EntityId, ShopId};
use baddie_core::storage::Scope;
use baddie_servers::postgres::{Server, server};

use super::session::Unit;
use super::{Options, Postgres};
use crate::schema::POSTGRES;
use crate::seam::{Columns, Connection, Param};

/// Nothing here takes this long, unless it hangs.
const LONG: Duration = Duration::from_mins(1);

const ADD: &str = "INSERT INTO counters (shop_id, series, value) VALUES ($1::uuid, $2::text, $3::bigint)";
const COUNT: &str = "SELECT count(*) FROM counters";

/// A server, a database on it with our schema, and a way to open it.
struct Stage {
    server: &'static Server,
    database: String,
}

impl Stage {
    async fn set() -> Self {
        let server = server();
        let database =
            server.migrated(|url| async move { drop(crate::open_postgres(&url, now()).await.unwrap()) });
        Self { server, database: database.await }
    }

    fn options(&self) -> Options {
        Options::new(self.server.url(&self.database), POSTGRES)
    }

    async fn open(&self) -> Postgres {
        Postgres::open(self.options(), now()).await.unwrap()
    }

    async fn run(&self, words: &str) {
        self.server.run(&self.database, words).await;
    }
}

fn now() -> Timestamp {
    Timestamp::from_micros(1)
}

fn shop(n: u128) -> Scope {
    Scope::Shop(ShopId::from_u128(n))
}

async fn add(unit: &mut Unit, shop: u128, series: &str) -> Result<u64> {
    unit.execute(ADD, &[Param::Id(shop), series.into(), 1.into()]).await
}

/// One whole transaction.
async fn keep(store: &Postgres, n: u128, series: &str) -> Result<()> {
    let mut unit = store.begin(shop(n)).await?;
    add(&mut unit, n, series).await?;
    unit.commit().await
}

async fn count(store: &Postgres, n: u128) -> i64 {
    store.read(shop(n)).await.unwrap().query(COUNT, &[], |row| row.int(0)).await.unwrap()[0]
}

fn code<T>(result: Result<T>) -> String {
    result.err().map_or_else(|| "fine".into(), |error| error.code().to_owned())
}

/// All that an error says, to whomever.
fn all(error: &Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    said
}
