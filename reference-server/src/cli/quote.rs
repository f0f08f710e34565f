//! `baddie quote`: the buyer's question at the shelf. What would this bring on each channel, and what is the most to
//! pay for it?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use baddie::ai::pricing::{Comparable, Costs, Subject, appraise, quote};
use baddie::catalog::Condition;
use baddie::clock::Date;
use baddie::entity::Word as _;
use baddie::ids::{ChannelId, EntityId as _, FeeScheduleId};
use baddie::listings::{FeeBase, FeeKind, FeeRule, FeeSchedule};
use baddie::{Currency, Money, Ppm};
use serde::Serialize;

use super::table::{Row, Table};
use super::{Failure, Global};

/// What `baddie quote` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What it would cost.
    #[arg(long, value_name = "AMOUNT")]
    cost: String,
    /// Things like it: `title,price[,sold][,days][,age][,brand][,category][,condition][,currency]`. `sold` is yes or no,
    /// `days` how long it was on offer, `age` how many days ago it was seen.
    #[arg(long, value_name = "FILE")]
    comparables: PathBuf,
    /// Only this channel; all when absent.
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// What a channel keeps, such as `ebay=13.6%+0.40`; again for each channel. Without any, nothing is kept.
    #[arg(long, value_name = "NAME=RATE%+FIXED")]
    fees: Vec<String>,
    /// The currency, where the comparables do not name theirs.
    #[arg(long, value_name = "CODE", default_value = "GBP")]
    currency: Currency,
    /// Its title: comparables that share its words count for more.
    #[arg(long, default_value = "")]
    title: String,
    /// Its brand.
    #[arg(long)]
    brand: Option<String>,
    /// Its category.
    #[arg(long)]
    category: Option<String>,
    /// Its condition: `new`, `like_new`, `very_good`, `good`, `acceptable` or `for_parts`.
    #[arg(long, value_parser = condition)]
    condition: Option<Condition>,
    /// What the buyer pays for shipping.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    shipping: String,
    /// What the label costs.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    label: String,
    /// Tax inside the price, such as `20%`.
    #[arg(long, value_name = "RATE%", default_value = "0%", value_parser = percent)]
    tax: Ppm,
    /// What every unit of money spent is to earn at least.
    #[arg(long, value_name = "RATE%", default_value = "30%", value_parser = percent)]
    roi: Ppm,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Report {
    /// One in ten like it sells for less.
    low: Money,
    /// As many sell for less as for more.
    typical: Money,
    /// One in ten sells for more.
    high: Money,
    /// How many good comparables this rests on.
    weight: f64,
    channels: Vec<Line>,
}

/// What one channel would bring.
#[derive(Debug, Serialize)]
struct Line {
    channel: String,
    price: Money,
    fees: Money,
    net: Money,
    profit: Money,
    /// Profit per cost, in parts per million; none when it costs nothing.
    roi: Option<Ppm>,
    break_even: Money,
    highest_cost: Money,
    /// What to ask first.
    asking: Money,
    /// Days until it is sold with even chance.
    days: f64,
}

pub(super) fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let (currency, comparables) = read(&args.comparables, args.currency)?;
    let amount = |name: &str, text: &str| {
        let told = |error| Failure::because(format!("--{name}: {error}"));
        currency.parse_amount(text).map_err(told)
    };
    let cost = amount("cost", &args.cost)?;
    let costs = Costs {
        shipping: amount("shipping", &args.shipping)?,
        label: amount("label", &args.label)?,
        tax: args.tax,
    };
    let subject = Subject {
        title: args.title.clone(),
        brand: args.brand.clone(),
        category: args.category.clone(),
        condition: args.condition,
        cost,
    };
    let mut schedules =
        args.fees.iter().map(|text| schedule(text, currency)).collect::<Result<Vec<_>, _>>()?;
    if schedules.is_empty() {
        schedules.push((args.channel.clone().unwrap_or_else(|| "direct".to_owned()), keeps(Vec::new())));
    }
    if let Some(wanted) = &args.channel {
        let known = schedules.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        schedules.retain(|(name, _)| name == wanted);
        if schedules.is_empty() {
            let words = format!("--channel {wanted:?} has no --fees; there are {known}");
            return Err(Failure::because(words));
        }
    }
    let mut worth = None;
    let mut channels = Vec::with_capacity(schedules.len());
    for (channel, fees) in schedules {
        let here = appraise(&subject, &comparables, Some(&fees), &costs)?;
        let said = quote(cost, here.typical, Some(&fees), &costs, args.roi)?;
        channels.push(Line {
            channel,
            price: said.price,
            fees: said.fees,
            net: said.net,
            profit: said.profit,
            roi: said.roi,
            break_even: said.break_even,
            highest_cost: said.highest_cost,
            asking: here.asking,
            days: (here.days * 10.0).round() / 10.0,
        });
        worth.get_or_insert(here);
    }
    channels.sort_by_key(|line| std::cmp::Reverse(line.profit.minor()));
    let worth = worth.ok_or_else(|| Failure::because("no channel was asked about"))?;
    let weight = (worth.weight * 10.0).round() / 10.0;
    let report = Report { low: worth.low, typical: worth.typical, high: worth.high, weight, channels };
    let words = words(&report);
    global.show(&report, words)
}

fn words(report: &Report) -> String {
    let Report { low, typical, high, weight, .. } = report;
    let mut words = format!("worth {typical} ({low} to {high}), from {weight} good comparables");
    for line in &report.channels {
        let Line { channel, net, profit, break_even, highest_cost, asking, days, .. } = line;
        let roi = line.roi.map_or_else(|| "-".to_owned(), |roi| format!("{}%", roi.0 / 10_000));
        let _ = write!(
            words,
            "\n{channel:<12} net {net}, profit {profit} ({roi}), break even {break_even}, pay at most {highest_cost}; \
             ask {asking}, sold in about {days} days"
        );
    }
    words
}

/// Fees that belong to no shop's channel.
fn keeps(rules: Vec<FeeRule>) -> FeeSchedule {
    FeeSchedule {
        id: FeeScheduleId::from_u128(0),
        channel_id: ChannelId::from_u128(0),
        effective_from: Date::from_days(0).expect("the first day of 1970 is a day"),
        rules,
    }
}

/// Reads `ebay=13.6%+0.40`.
fn schedule(text: &str, currency: Currency) -> Result<(String, FeeSchedule), Failure> {
    let wrong = || {
        Failure::because(format!(
            "--fees {text:?}: write the channel, its rate and its fixed part: ebay=13.6%+0.40"
        ))
    };
    let (name, fee) = text.split_once('=').ok_or_else(wrong)?;
    let (rate, fixed) = fee.split_once('+').unwrap_or((fee, "0"));
    let rate = percent(rate).map_err(|_| wrong())?;
    let fixed = currency.parse_amount(fixed).map_err(|_| wrong())?;
    if rate.0 > Ppm::ONE.0 || fixed.is_negative() || name.is_empty() {
        return Err(wrong());
    }
    let rule = FeeRule {
        kind: FeeKind::FinalValue,
        base: FeeBase::Total,
        rate,
        fixed: Some(fixed),
        least: None,
        most: None,
    };
    Ok((name.to_owned(), keeps(vec![rule])))
}

/// Reads `13.6%` to the millionth.
fn percent(text: &str) -> Result<Ppm, String> {
    let told = || format!("{text:?} is no rate: write it as a percentage, such as 13.6%");
    let digits = text.strip_suffix('%').ok_or_else(told)?;
    let (whole, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let fits = !whole.is_empty() && whole.len() <= 6 && parts.len() <= 4;
    if !fits || !whole.chars().chain(parts.chars()).all(|digit| digit.is_ascii_digit()) {
        return Err(told());
    }
    format!("{whole}{parts:0<4}").parse().map(Ppm).map_err(|_| told())
}

fn condition(text: &str) -> Result<Condition, String> {
    Condition::from_word(text).ok_or_else(|| {
        let known: Vec<_> = Condition::ALL.iter().map(|known| known.as_str()).collect();
        format!("choose one of {}", known.join(", "))
    })
}

/// Reads what was seen of things like it, and the one currency of their prices.
fn read(path: &Path, usual: Currency) -> Result<(Currency, Vec<Comparable>), Failure> {
    let mut table = Table::open(path, &["title", "price"])?;
    let place = |name| table.place(name).expect("its presence was just checked");
    let (title, price) = (place("title"), place("price"));
    let names = ["sold", "days", "age", "brand", "category", "condition", "currency"];
    let [sold, days, age, brand, category, state, code] = names.map(|name| table.place(name));
    let (mut currency, mut rows) = (None, Vec::new());
    while let Some(row) = table.next_row()? {
        let own = match code.map(|place| (place, row.text(place))) {
            None | Some((_, "")) => usual,
            Some((place, text)) => text
                .parse()
                .map_err(|_| row.wrong(place, "is no currency: write three letters, such as GBP"))?,
        };
        if let (Some(place), true) = (code, *currency.get_or_insert(own) != own) {
            return Err(row.wrong(place, "is another currency than the rows above: give all in one"));
        }
        let asked = own.parse_amount(row.text(price)).ok().filter(|asked| asked.is_positive());
        let asked = asked.ok_or_else(|| row.wrong(price, &format!("is no price above zero in {own}")))?;
        let text = |place: Option<usize>| place.map(|place| row.text(place)).filter(|text| !text.is_empty());
        rows.push(Comparable {
            title: row.text(title).to_owned(),
            brand: text(brand).map(str::to_owned),
            category: text(category).map(str::to_owned),
            condition: match (state, text(state)) {
                (Some(place), Some(words)) => Some(
                    condition(words).map_err(|remedy| row.wrong(place, &format!("is unknown: {remedy}")))?,
                ),
                _ => None,
            },
            price: asked,
            sold: match (sold, text(sold)) {
                (_, None | Some("yes" | "true" | "1")) => true,
                (_, Some("no" | "false" | "0")) => false,
                (place, _) => return Err(row.wrong(place.unwrap_or_default(), "is neither yes nor no")),
            },
            days: least_zero(row, days)?,
            age: least_zero(row, age)?.unwrap_or(0.0),
        });
    }
    if rows.is_empty() {
        return Err(Failure::because(format!("{}: there is no row: give at least one", path.display())));
    }
    Ok((currency.unwrap_or(usual), rows))
}

fn least_zero(row: Row<'_>, place: Option<usize>) -> Result<Option<f64>, Failure> {
    let Some(place) = place else { return Ok(None) };
    match row.number_if_any(place)? {
        Some(number) if number < 0.0 => Err(row.wrong(place, "is below zero: count days from zero on")),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_to_the_millionth() {
        for (text, ppm) in [("13.6%", 136_000), ("0%", 0), ("100%", 1_000_000), ("0.0001%", 1)] {
            assert_eq!(percent(text), Ok(Ppm(ppm)), "{text}");
        }
        for text in ["13.6", "%", "-1%", "1.00001%", "1e3%", ".5%", "1234567%"] {
            assert!(percent(text).is_err(), "{text}");
        }
    }
}
