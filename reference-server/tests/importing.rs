//! Imports and exports, as a user runs them.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// A folder with a shop's database in it, gone when the test ends.
struct Shop(PathBuf);

impl Shop {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("baddie-importing-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let shop = Self(folder);
        assert_eq!(shop.run(&["init", "--email", "a@b.example", "--shop", name]).0, Some(0));
        shop
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baddie"));
        let database = format!("sqlite://{}", self.file("shop.db").display());
        command.args(arguments).args(["--json", "--database", &database]).current_dir(&self.0);
        command
    }

    /// Exit code and what was printed, errors too.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.command(arguments).output().unwrap();
        let text = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let text = String::from_utf8_lossy(text).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (output.status.code(), json)
    }

    fn import(&self, what: &str, csv: &str) -> (Option<i32>, Value) {
        fs::write(self.file("given.csv"), csv).unwrap();
        self.run(&["import", what, "given.csv"])
    }

    fn export(&self, what: &str, to: &Path) -> Vec<u8> {
        assert_eq!(self.run(&["export", what, to.to_str().unwrap()]).0, Some(0));
        fs::read(to).unwrap()
    }

    fn is_sound(&self) {
        let (code, verdict) = self.run(&["verify"]);
        assert_eq!((code, &verdict["violations"]), (Some(0), &Value::from(0)), "{verdict}");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PRODUCTS: &str = r#"sku,product,title,brand,description,price,currency,options,kind,condition,unit_cost,components
MUG,,Mug,Potter,"A mug, ""blue""",4.50,GBP,"{""size"":""M""}",,,,
MUG-L,MUG,,,,5.50,GBP,"{""size"":""L""}",,,,
'=EVIL,,'=1+1,,'-dash,1.00,GBP,,,,,
JKT,,Old jacket,Levi's,worn,45.00,GBP,,unique,good,12.34,
SET,,Set of mugs,,,9.00,GBP,,bundle,,,"[[""MUG"",2]]"
"#;
const STOCK: &str = "sku,on_hand,cost\nMUG,30,60.01\nMUG-L,7,21.00\n";
const SALES: &str = "date,order,sku,qty,price,cost,tax\n2025-01-01,A1,MUG,2,4.50,4.00,1.80\n\
                     2025-01-01,A1,MUG-L,1,5.50,3.00,\n2025-01-05,A2,MUG,1,4.50,2.00,\n";
const ORDERS: &str = "order,placed_at,sku,qty,price,paid,shipping\n77,2025-11-01,MUG,2,4.50,true,3.00\n\
                      77,2025-11-01,MUG-L,1,5.50,true,\n78,2025-11-02T10:00:00Z,MUG,100,4.50,no,\n";
const ALL: [(&str, &str); 4] =
    [("products", PRODUCTS), ("stock", STOCK), ("sales", SALES), ("orders", ORDERS)];

#[test]
fn what_goes_out_comes_back_to_the_byte() {
    let (here, there) = (Shop::new("here"), Shop::new("there"));
    for (what, csv) in ALL {
        let (code, report) = here.import(what, csv);
        assert_eq!((code, &report["rejected"]), (Some(0), &Value::from(0)), "{report}");
    }
    here.is_sound();
    for (what, _) in ALL {
        let given = here.export(what, &here.file(what));
        let (code, report) = there.import(what, std::str::from_utf8(&given).unwrap());
        assert_eq!(code, Some(0), "{report}");
        assert_eq!(there.export(what, &there.file(what)), given, "{what}");
    }
    there.is_sound();
    let (code, again) = here.run(&["import", "orders", "given.csv"]);
    assert_eq!((code, &again["resumed_after"]), (Some(0), &Value::from(3)), "the same file counts once");
}

#[test]
fn wrong_rows_are_named_and_the_others_count() {
    let shop = Shop::new("wrong");
    let products = "sku,title,price\nA,Lamp,1.00\nB,Desk,1.001\n,Nameless,1\nC,Chair,x\n\
                    A-2,\u{20ac}uro,2\nshort,row\n";
    let (code, report) = shop.import("products", products);
    let errors: Vec<_> = report["errors"].as_array().unwrap().iter().collect();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error["line"].as_u64().unwrap(), error["column"].as_str(), error["value"].as_str()))
        .collect();
    let wanted = [
        (3, Some("price"), Some("1.001")),
        (4, Some("sku"), None),
        (5, Some("price"), Some("x")),
        (7, None, None),
    ];
    assert_eq!((code, &told[..]), (Some(1), &wanted[..]), "{report}");
    assert!(errors[3]["message"].as_str().unwrap().contains("cut off"), "{report}");
    let counts = ["rows", "accepted", "rejected"].map(|key| report[key].as_i64().unwrap());
    assert_eq!(counts, [6, 2, 4]);

    let (_, report) = shop.import("stock", "sku,on_hand,cost\nA,3,1.00\nNOPE,3,1.00\nA-2,-1,1.00\n");
    let errors = report["errors"].as_array().unwrap();
    assert_eq!((&errors[0]["line"], &errors[0]["value"]), (&Value::from(3), &Value::from("NOPE")));
    assert_eq!((&errors[1]["column"], &errors[1]["value"]), (&Value::from("on_hand"), &Value::from("-1")));
    shop.is_sound();
}

#[test]
fn files_that_are_no_tables_are_refused_whole() {
    let shop = Shop::new("refused");
    for (csv, hint) in
        [(&b"sku,title\nA,\"cut"[..], "line 2"), (b"title,price\nA,1\n", "no column `sku`"), (b"", "sku")]
    {
        fs::write(shop.file("given.csv"), csv).unwrap();
        let (code, told) = shop.run(&["import", "products", "given.csv"]);
        assert_eq!(code, Some(1));
        assert!(told.as_str().unwrap().contains(hint), "{told}");
    }
    fs::write(shop.file("given.csv"), b"sku,title\nA,\xff\xfe\n").unwrap();
    let (code, report) = shop.run(&["import", "products", "given.csv"]);
    assert_eq!((code, &report["errors"][0]["line"]), (Some(1), &Value::from(2)), "{report}");
    let nothing = shop.export("products", &shop.file("out.csv"));
    assert_eq!(String::from_utf8(nothing).unwrap().lines().count(), 1, "nothing was written");
    let (code, report) = shop.run(&["import", "products", "given.csv", "--dry-run"]);
    assert_eq!((code, &report["dry_run"]), (Some(1), &Value::from(true)));
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_was() {
    let (cut, whole) = (Shop::new("cut"), Shop::new("whole"));
    let mut sales = String::from("sold_at,order,sku,qty,unit_price,cost\n");
    for number in 0..4_000 {
        let _ = writeln!(sales, "2025-01-{:02},S{number},MUG,1,4.50,2.00", 1 + number / 200);
    }
    for shop in [&cut, &whole] {
        assert_eq!(shop.import("products", PRODUCTS).0, Some(0));
        fs::write(shop.file("sales.csv"), &sales).unwrap();
    }
    assert_eq!(whole.run(&["import", "sales", "sales.csv"]).0, Some(0));
    let mut resumed = 0;
    for pause in [150, 300, 450] {
        let mut killed =
            cut.command(&["import", "sales", "sales.csv"]).stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(pause));
        let _ = killed.kill();
        killed.wait().unwrap();
    }
    let (code, report) = cut.run(&["import", "sales", "sales.csv"]);
    resumed += report["resumed_after"].as_i64().unwrap();
    assert_eq!((code, &report["accepted"]), (Some(0), &Value::from(4_000)), "after {resumed}: {report}");
    let there = cut.export("sales", &cut.file("out.csv"));
    assert_eq!(there, whole.export("sales", &whole.file("out.csv")));
    cut.is_sound();
}
