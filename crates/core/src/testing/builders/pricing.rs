use serde_json::json;

use super::{at, id, int, pence, samples, whole, words};
use crate::listings::Listing;
use crate::money::Ppm;
use crate::pricing::{PriceChange, PriceProposal, PriceReason, PricingRule, ProposalState, Strategy};

samples! {
    PricingRule on [] |rule, n, full| PricingRule {
        id: rule,
        name: words("rule", n),
        channel_id: full.then(|| id(n)),
        after_days: int(n, 1),
        every_days: int(n, 2),
        step: Ppm(int(n, 3)),
        most: Ppm(int(n, 4)),
        loss_budget: full.then(|| pence(n, 5)),
        ending: full.then(|| int(n, 6)),
        active: full,
        version: 1,
    };
    PriceChange on [Listing] |change, n, full| PriceChange {
        id: change,
        listing_id: whole(n),
        old: pence(n, 1),
        new: pence(n, 2),
        reason: if full { PriceReason::Rule } else { PriceReason::Manual },
        rule_id: full.then(|| id(n)),
        explanation: words("explanation", n),
        actor: words("actor", n),
        at: at(n, 3),
    };
    PriceProposal on [Listing] |proposal, n, full| PriceProposal {
        id: proposal,
        listing_id: whole(n),
        current: pence(n, 1),
        proposed: pence(n, 2),
        floor: pence(n, 3),
        ceiling: full.then(|| pence(n, 4)),
        max_step: Ppm(int(n, 5)),
        strategy: if full { Strategy::ClearStock } else { Strategy::MaximizeProfit },
        explanation: words("explanation", n),
        model: words("model", n),
        inputs_hash: format!("{n:064x}"),
        backtest: full.then(|| json!({"error": n.to_string(), "days": [1, 2, 3]})),
        state: if full { ProposalState::Proposed } else { ProposalState::Rejected },
        expires_at: at(n, 6),
        version: 1,
        created_at: at(n, 7),
    };
}
