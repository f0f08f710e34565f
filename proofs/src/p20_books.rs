//! P20: what `verify` takes on a shop of many rows. That it finds what is wrong, and changes nothing, is proved by the
//! damage that tests do.

use std::thread;
use std::time::{Duration, Instant};

use crate::buyers::{Sales, while_they_buy};
use crate::client::Door;
use crate::ground::Ground;
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::{Backend, Setting};

const CUSTOMERS: usize = 16;
/// How long a million rows may take.
const PER_MILLION: Duration = Duration::from_mins(1);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let wanted = setting.tier.pick(20_000, 1_000_000, 10_000_000);
    let ground = Ground::new(setting)?;
    let token = ground.found("Books")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    door.client().stock("MUG", 1_000_000_000)?;
    while_they_buy(&door, CUSTOMERS, &Sales::default(), || {
        while rows(&ground, setting.backend)? < wanted {
            thread::sleep(Duration::from_secs(1));
        }
        Ok(())
    })?;
    drop(server);
    let mut report = Report::default();
    let rows = rows(&ground, setting.backend)?;
    report.count(rows, "rows");
    let start = Instant::now();
    ground.verify(&mut report)?;
    let millions = f64::from(rows) / 1e6;
    report.in_time(start.elapsed().div_f64(millions), PER_MILLION, "for a million");
    Ok(report)
}

/// How many rows all tables have together.
fn rows(ground: &Ground, backend: Backend) -> Result<u32, Broken> {
    let tables = ground.ask(match backend {
        Backend::Sqlite => {
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Backend::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    })?;
    let counts: Vec<_> = tables.lines().map(|table| format!("(SELECT count(*) FROM {table})")).collect();
    Ok(ground.ask(&format!("SELECT {}", counts.join(" + ")))?.parse()?)
}
