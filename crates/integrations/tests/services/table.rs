//! What is proven of each service, counted.

use crate::vectors;

/// What was counted for one service.
struct Row {
    service: &'static str,
    /// Operations that are there, of those that are asked for.
    operations: Option<(usize, usize)>,
    /// Calls that are as the service's description has them.
    validated: Option<usize>,
    /// Requests recorded from the official library that we send alike, of all.
    recorded: (usize, usize),
    /// Signed deliveries judged rightly, of all.
    signatures: (usize, usize),
    /// Stories of lost and broken answers that end well.
    stories: usize,
}

fn of(pair: (usize, usize)) -> String {
    if pair.1 == 0 { "-".to_owned() } else { format!("{}/{}", pair.0, pair.1) }
}

fn print(rows: &[Row]) {
    let head = ["service", "operations", "validated", "recorded", "signatures", "fault stories"];
    println!("{:<18}{:>12}{:>12}{:>12}{:>12}{:>15}", head[0], head[1], head[2], head[3], head[4], head[5]);
    for row in rows {
        let operations = row.operations.map_or_else(|| "skipped".to_owned(), of);
        let validated = row.validated.map_or_else(|| "skipped".to_owned(), |count| count.to_string());
        println!(
            "{:<18}{operations:>12}{validated:>12}{:>12}{:>12}{:>15}",
            row.service,
            of(row.recorded),
            of(row.signatures),
            row.stories,
        );
    }
}

/// A service of which only the deliveries are understood so far.
fn only_signed(service: &'static str, signatures: (usize, usize)) -> Row {
    Row { service, operations: Some((0, 0)), validated: Some(0), recorded: (0, 0), signatures, stories: 0 }
}

#[cfg(feature = "stripe")]
async fn stripe() -> Row {
    use crate::stripe::{calls, faults};

    let validated = calls::validated();
    let present = validated.as_ref().map(|(_, there)| {
        let wanted = calls::OPERATIONS.map(|(method, path)| (method.to_owned(), path.to_owned()));
        (wanted.iter().filter(|operation| there.contains(operation)).count(), wanted.len())
    });
    Row {
        service: "stripe",
        operations: present,
        validated: validated.map(|(calls, _)| calls),
        recorded: calls::recorded(),
        signatures: vectors::stripe(),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "shopify")]
async fn shopify() -> Row {
    use crate::shopify::{documents, faults};

    let validated = documents::validated();
    let present = validated.as_ref().map(|(_, there)| {
        let wanted = documents::OPERATIONS;
        (wanted.iter().filter(|operation| there.contains(**operation)).count(), wanted.len())
    });
    Row {
        service: "shopify",
        operations: present,
        validated: validated.map(|(documents, _)| documents),
        recorded: (0, 0),
        signatures: vectors::shopify(),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "webflow")]
async fn webflow() -> Row {
    use crate::webflow::{calls, faults};

    let validated = calls::validated();
    let present = validated.as_ref().map(|(_, there)| {
        let wanted = calls::OPERATIONS.map(|(method, path)| (method.to_owned(), path.to_owned()));
        (wanted.iter().filter(|operation| there.contains(operation)).count(), wanted.len())
    });
    Row {
        service: "webflow",
        operations: present,
        validated: validated.map(|(calls, _)| calls),
        recorded: calls::recorded(),
        signatures: vectors::webflow(),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "framer")]
async fn framer() -> Row {
    use crate::framer::{faults, frames};

    let there = frames::present();
    let present = frames::METHODS.iter().filter(|method| there.contains(**method)).count();
    Row {
        service: "framer",
        operations: Some((present, frames::METHODS.len())),
        validated: frames::validated(),
        recorded: frames::recorded(),
        signatures: (0, 0),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "hostinger")]
async fn hostinger() -> Row {
    use crate::hostinger::{calls, faults};

    let validated = calls::validated();
    let present = validated.as_ref().map(|(_, there)| {
        let wanted = calls::OPERATIONS.map(|(method, path)| (method.to_owned(), path.to_owned()));
        (wanted.iter().filter(|operation| there.contains(operation)).count(), wanted.len())
    });
    Row {
        service: "hostinger",
        operations: present,
        validated: validated.map(|(calls, _)| calls),
        recorded: (0, 0),
        signatures: (0, 0),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "railway")]
async fn railway() -> Row {
    use crate::railway::{documents, faults};

    let validated = documents::validated();
    let present = validated.as_ref().map(|(_, there)| {
        let wanted = documents::OPERATIONS;
        (wanted.iter().filter(|operation| there.contains(**operation)).count(), wanted.len())
    });
    Row {
        service: "railway",
        operations: present,
        validated: validated.map(|(documents, _)| documents),
        recorded: (0, 0),
        signatures: (0, 0),
        stories: faults::survived().await,
    }
}

#[cfg(feature = "openai")]
async fn openai() -> Row {
    let validated = crate::openai::validated();
    Row {
        service: "openai",
        operations: validated.map(|_| (2, 2)),
        validated,
        recorded: (0, 0),
        signatures: (0, 0),
        stories: crate::openai::survived().await,
    }
}

#[tokio::test]
#[ignore = "scripts/conformance prints it; its counts are tests of their own"]
async fn the_table() {
    let mut rows = Vec::new();
    #[cfg(feature = "stripe")]
    rows.push(stripe().await);
    #[cfg(feature = "openai")]
    rows.push(openai().await);
    #[cfg(feature = "shopify")]
    rows.push(shopify().await);
    #[cfg(feature = "webflow")]
    rows.push(webflow().await);
    #[cfg(feature = "framer")]
    rows.push(framer().await);
    #[cfg(feature = "hostinger")]
    rows.push(hostinger().await);
    #[cfg(feature = "railway")]
    rows.push(railway().await);
    rows.push(only_signed("standard webhooks", vectors::standard()));
    print(&rows);
    #[cfg(all(feature = "shopify", feature = "webflow", feature = "sandbox"))]
    crate::together::print_windows().await;
}
