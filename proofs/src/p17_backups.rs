//! P17: a copy made while work goes on holds everything that was acknowledged before, and calls nobody until it is
//! armed.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::buyers::{Sales, orders, while_they_buy};
use crate::client::{Client, Door};
use crate::dice::Dice;
use crate::ground::{Ground, answer_of, end_well};
use crate::report::{Broken, Proof, Report};
use crate::server::Server;
use crate::setting::Setting;

const CUSTOMERS: usize = 8;
/// In how long a channel that may speak has surely been asked.
const SILENCE: Duration = Duration::from_millis(1_200);

pub(crate) fn prove(setting: &Setting) -> Proof {
    let copies = setting.tier.pick(2, 20, 200);
    let ground = Ground::new(setting)?;
    let token = ground.found("Backups")?;
    let server = Server::start(&ground)?;
    let door = Door::new(server.address, &token);
    let mut client = door.client();
    client.stock("MUG", 1_000_000)?;
    client.done("POST /api/v1/channels", "stall", &json!({ "name": "Stall", "kind": "manual" }))?;
    let (sales, mut report) = (Sales::default(), Report::default());
    let mut dice = Dice::new(setting.seed, 17);
    let mut before = Vec::new();
    while_they_buy(&door, CUSTOMERS, &sales, || {
        for number in 0..copies {
            thread::sleep(dice.millis(200, 900));
            before.push(sales.so_far());
            copy(&ground, number)?;
        }
        Ok(())
    })?;
    let (mut missing, mut held) = (0, 0);
    for (number, before) in (0..).zip(&before) {
        let restored = restore(&ground, number)?;
        let serving = Server::start_on(&ground, &restored, &[], &[])?;
        let mut client = Door::new(serving.address, &token).client();
        let there = orders(&mut client)?;
        missing += before.iter().filter(|sale| !there.contains_key(&sale.order())).count();
        held += before.len();
        silent_until_armed(&mut client, number, &mut report)?;
        drop(serving);
        ground.verify_on(&restored, &mut report)?;
    }
    report.count(copies, "copies under load");
    report.count(held, "orders acknowledged before them");
    report.none(missing, "missing");
    drop(server);
    ground.verify(&mut report)?;
    Ok(report)
}

/// Copies the database while work goes on.
fn copy(ground: &Ground, number: usize) -> Result<(), Broken> {
    let to = ground.folder().join(format!("copy-{number}"));
    match ground.postgres() {
        None => answer_of(ground.baddie(&["backup"]).arg(to)).map(drop),
        Some(postgres) => {
            let mut dump = postgres.tool("pg_dump");
            dump.args(["--format=custom", "--dbname=shop"]).arg(format!("--file=copy-{number}"));
            end_well(&mut dump)
        }
    }
}

/// Makes a database of a copy; its address.
fn restore(ground: &Ground, number: usize) -> Result<String, Broken> {
    let Some(postgres) = ground.postgres() else {
        let (from, to) = (format!("copy-{number}"), format!("restored-{number}.db"));
        let url = format!("sqlite://{}", ground.folder().join(to).display());
        answer_of(ground.baddie_on(&url, &["restore"]).arg(ground.folder().join(from)))?;
        return Ok(url);
    };
    let name = format!("restored_{number}");
    let url = postgres.database(&name)?;
    let mut restoring = postgres.tool("pg_restore");
    restoring.args(["--exit-on-error", "--single-transaction"]).arg(format!("--dbname={name}"));
    end_well(restoring.arg(format!("copy-{number}")))?;
    answer_of(&mut ground.baddie_on(&url, &["restore", "--disarm"]))?;
    Ok(url)
}

/// The copy's channel is asked nothing while it is unarmed, and is asked again afterwards.
fn silent_until_armed(client: &mut Client, number: usize, report: &mut Report) -> Result<(), Broken> {
    let channel =
        |client: &mut Client| -> Result<Value, Broken> { Ok(client.look("/api/v1/channels")?[0].clone()) };
    let restored = channel(client)?;
    report.demand(restored["status"] == "unarmed", || format!("copy {number} may speak: {restored}"));
    thread::sleep(SILENCE);
    let later = channel(client)?;
    report.demand(later == restored, || format!("copy {number} spoke: {later}"));
    client.done("POST /api/v1/channels/arm", &format!("arm-{number}"), &json!({}))?;
    let armed = channel(client)?;
    report.demand(armed["status"] == "active", || format!("copy {number} cannot be armed: {armed}"));
    Ok(())
}
