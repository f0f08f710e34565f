use serde_json::json;

use super::{at, day, id, int, pence, samples, whole, words};
use crate::catalog::{Attributes, Variant};
use crate::listings::{
    Capabilities, CategoryGuess, Channel, ChannelStatus, Claim, Desired, EndReason, FeeBase, FeeKind,
    FeeRule, FeeSchedule, Listing, ListingDraft, ListingState, ListingText, Notice, SyncRun, SyncState,
    SyncTask, Text, TextFault, TextState,
};
use crate::money::{Currency, Ppm};

fn capabilities(full: bool) -> Capabilities {
    Capabilities {
        multi_qty: full,
        zero_qty: !full,
        look_up: full,
        webhooks: !full,
        end: full,
        revise: !full,
        offers: full,
        pictures: full,
        refunds: !full,
        cancels: false,
        goods: full,
        parcels: !full,
        max_title: 80,
        max_description: 4000,
        concurrency: 3,
    }
}

fn draft(n: u128) -> ListingDraft {
    ListingDraft {
        rules: "ebay".into(),
        text: Text {
            title: words("title", n),
            description: words("description", n),
            tags: vec![words("tag", n)],
            claims: vec![Claim { claim: words("green", n), fact: "attributes.colour".into() }],
        },
        condition: Some("USED_GOOD".into()),
        quality: int(n, 3),
        advice: vec![words("advice", n)],
        faults: vec![TextFault { field: "title".into(), what: words("fault", n) }],
        categories: vec![CategoryGuess { id: "aa-1".into(), path: words("path", n), score: 0.25 }],
        found: [(words("size", n), words("large", n))].into(),
        model: words("model", n),
    }
}

samples! {
    Channel on [] named |id, n, full| Channel {
        id,
        name: format!("channel {n}"),
        kind: "sandbox".into(),
        external_account: words("account", n),
        currency: Currency::GBP,
        secret_ref: full.then(|| format!("vault/{n}")),
        capabilities: capabilities(full),
        buffer_qty: int(n, 1),
        settings: if full { json!({"market": {"n": n.to_string()}, "list": [null, true]}) } else { json!(null) },
        status: if full { ChannelStatus::Active } else { ChannelStatus::Paused },
        cursor: full.then(|| words("cursor", n)),
        synced_at: full.then(|| at(n, 2)),
        version: 1,
        created_at: at(n, 3),
    };
    FeeSchedule on [Channel] |schedule, n, full| FeeSchedule {
        id: schedule,
        channel_id: whole(n),
        effective_from: day(n, 1),
        rules: vec![FeeRule {
            kind: FeeKind::FinalValue,
            base: FeeBase::Total,
            rate: Ppm(int(n, 2)),
            fixed: full.then(|| pence(n, 3)),
            least: full.then(|| pence(n, 4)),
            most: full.then(|| pence(n, 5)),
        }],
    };
    Listing on [Variant, Channel] named |listing, n, full| Listing {
        id: listing,
        channel_id: id(n),
        variant_id: whole(n),
        item_id: full.then(|| id(n)),
        title: words("title", n),
        description: words("description", n),
        price: pence(n, 1),
        min_price: full.then(|| pence(n, 2)),
        desired: if full { Desired::Listed } else { Desired::Unlisted },
        state: if full { ListingState::Live } else { ListingState::Draft },
        external_id: full.then(|| format!("theirs-{n}")),
        url: full.then(|| format!("https://channel.example/{n}")),
        published_qty: i64::from(full),
        desired_hash: format!("{n:032x}"),
        observed_hash: full.then(|| format!("{n:032X}")),
        shown_hash: full.then(|| format!("{n:031X}S")),
        last_error: full.then(|| words("error", n)),
        relisted_from: full.then(|| id(n + 1)),
        live_since: full.then(|| at(n, 3)),
        reconciled_at: full.then(|| at(n, 4)),
        sold_out_by: full.then(|| id(n + 2)),
        sold_out_at: full.then(|| at(n, 5)),
        end_reason: full.then_some(EndReason::SoldElsewhere),
        ended_at: full.then(|| at(n, 6)),
        version: 1,
        created_at: at(n, 7),
    };
    Notice on [Channel] named |notice, n, full| Notice {
        id: notice,
        channel_id: whole(n),
        external_id: format!("notice {n}"),
        kind: "order".into(),
        received_at: at(n, 1),
    };
    SyncRun on [Channel] |run, n, full| SyncRun {
        id: run,
        channel_id: whole(n),
        task: if full { SyncTask::Goods } else { SyncTask::News },
        state: if full { SyncState::Failed } else { SyncState::Running },
        received: int(n, 1),
        applied: int(n, 2),
        total: full.then(|| int(n, 5)),
        cursor: full.then(|| words("cursor", n)),
        error: full.then(|| words("error", n)),
        started_at: at(n, 3),
        ended_at: full.then(|| at(n, 4)),
        version: 1,
    };
    ListingText on [Variant] |text, n, full| ListingText {
        id: text,
        variant_id: whole(n),
        rules: "ebay".into(),
        attributes: if full { [(words("colour", n), words("green", n))].into() } else { Attributes::new() },
        state: if full { TextState::Written } else { TextState::Asked },
        draft: full.then(|| draft(n)),
        problem: full.then(|| words("problem", n)),
        tokens: int(n, 1),
        version: 1,
        created_at: at(n, 2),
    };
}
