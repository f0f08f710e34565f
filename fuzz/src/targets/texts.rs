//! Small texts with a meaning: amounts, times, names.

use baddie::clock::{Date, Timestamp, Zone};
use baddie::ids::{EntityId, ListingId, OrderId};
use baddie::ledger::AccountCode;
use baddie::money::Rounding;
use baddie::{Currency, Money, PageRequest, Ppm};

use super::{no_defect, same, text};
use crate::Target;

pub(super) fn targets() -> Vec<Target> {
    vec![
        text("amount", &["12.50", "-0.01", "0", "92233720368547758.07", "1000"], |input| {
            for currency in [Currency::GBP, Currency::JPY] {
                if let Ok(amount) = currency.parse_amount(input) {
                    let written = amount.to_string();
                    let number = written.split(' ').next().unwrap_or_default();
                    same(&amount, currency.parse_amount(number).ok())?;
                }
            }
            Ok(())
        }),
        text("currency", &["GBP", "EUR", "JPY", "XXX"], |input| match input.parse::<Currency>() {
            Ok(currency) => same(&currency, currency.as_str().parse().ok()),
            Err(_) => Ok(()),
        }),
        text(
            "money json",
            &[r#"{"minor":1250,"currency":"GBP"}"#, r#"{"minor":-1,"currency":"JPY"}"#],
            |input| {
                let Ok(money) = serde_json::from_str::<Money>(input) else { return Ok(()) };
                // Sums may be refused; they never wrap around.
                let _ = (money.plus(money), money.times(money.minor()), money.negated());
                let _ = money.rate(Ppm(200_000), Rounding::HalfUp);
                if let Ok(parts) = money.allocate(&[3, 0, 1, i64::MAX]) {
                    let whole = Money::sum(money.currency(), parts.iter().copied());
                    same(&money, whole.ok())?;
                }
                let written = serde_json::to_string(&money).map_err(|error| error.to_string())?;
                same(&money, serde_json::from_str(&written).ok())
            },
        ),
        text(
            "timestamp",
            &[
                "2026-01-05T12:00:00.000000Z",
                "2024-02-29T23:59:59Z",
                "1970-01-01T00:00:00+01:00",
                "-009999-01-02T01:59:58.01Z",
            ],
            |input| match input.parse::<Timestamp>() {
                Ok(time) => same(&time, time.to_string().parse().ok()),
                Err(_) => Ok(()),
            },
        ),
        text("date", &["2026-01-05", "2024-02-29", "1970-01-01", "9999-12-31"], |input| {
            match input.parse::<Date>() {
                Ok(date) => same(&date, date.to_string().parse().ok()),
                Err(_) => Ok(()),
            }
        }),
        text(
            "zone",
            &["Europe/London", "UTC", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu"],
            |input| {
                let Ok(zone) = input.parse::<Zone>() else { return Ok(()) };
                for micros in [i64::MIN, -62_135_596_800_000_000, 0, 1_711_846_800_000_000, i64::MAX] {
                    let day = zone.date_of(Timestamp::from_micros(micros));
                    let _ = zone.start_of(day);
                }
                same(&zone, zone.name().parse().ok())
            },
        ),
        text(
            "id",
            &[
                "ord_01ke70ehg0e00b0nr0m9xgpgn4",
                "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz",
                "lst_00000000000000000000000000",
            ],
            |input| {
                if let Ok(id) = ListingId::parse(input) {
                    same(&id, ListingId::parse(&id.to_string()).ok())?;
                }
                match OrderId::parse(input) {
                    Ok(id) => same(&id, OrderId::parse(&id.to_string()).ok()),
                    Err(_) => Ok(()),
                }
            },
        ),
        text("cursor", &["dxs6801ke70ehg0e00b0nr0m9xgpgn4", "dxs68", ""], |input| {
            let request = PageRequest { limit: None, cursor: Some(input.to_owned()) };
            no_defect(request.after::<OrderId>())
        }),
        text(
            "account",
            &["asset:cash", "asset:clearing:chn_01ke", "income:sales", "liability:payables"],
            |input| match AccountCode::try_from(input.to_owned()) {
                Ok(account) => same(&account, AccountCode::try_from(account.as_str().to_owned()).ok()),
                Err(_) => Ok(()),
            },
        ),
    ]
}
