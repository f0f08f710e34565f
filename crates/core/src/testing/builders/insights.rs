use serde_json::json;

use super::{at, day, id, int, pence, samples, whole, words};
use crate::catalog::Variant;
use crate::insights::{AdviceRun, Forecast, ForecastStep, ForecastSum, RefillPolicy, RefillProposal};
use crate::money::Ppm;
use crate::pricing::{PriceResponse, ProposalState};
use crate::purchasing::Supplier;

samples! {
    Forecast on [Variant] |forecast, n, full| Forecast {
        id: forecast,
        variant_id: whole(n),
        from: day(n, 1),
        period_days: int(n, 2),
        steps: vec![ForecastStep {
            mean: int(n, 3),
            q05: int(n, 4),
            q25: int(n, 5),
            q50: int(n, 6),
            q75: int(n, 7),
            q95: int(n, 8),
        }],
        sums: vec![ForecastSum {
            days: int(n, 10),
            mean: int(n, 11),
            q05: int(n, 12),
            q25: int(n, 13),
            q50: int(n, 14),
            q75: int(n, 15),
            q90: int(n, 16),
            q95: int(n, 17),
            q99: int(n, 18),
        }],
        class: words("class", n),
        response: full.then(|| PriceResponse { price: pence(n, 19), elasticity: -int(n, 20), error: int(n, 21) }),
        model: words("model", n),
        backtest: full.then(|| json!({"error": n.to_string()})),
        inputs_hash: format!("{n:064x}"),
        made_at: at(n, 9),
    };
    RefillPolicy on [] named |policy, n, full| RefillPolicy {
        id: policy,
        // One policy of a shop is for all other variants.
        variant_id: (full || n != 3).then(|| id(n)),
        service_level: Ppm(int(n, 1)),
        review_days: int(n, 2),
        budget: full.then(|| pence(n, 3)),
        auto_approve: full,
        version: 1,
    };
    AdviceRun on [] |run, n, full| AdviceRun {
        id: run,
        model: words("model", n),
        day: day(n, 1),
        series: int(n, 2),
        changed: int(n, 3),
        refills: int(n, 4),
        backtest: full.then(|| json!({"covered": n.to_string()})),
        made_at: at(n, 5),
    };
    RefillProposal on [Variant, Supplier] |proposal, n, full| RefillProposal {
        id: proposal,
        variant_id: whole(n),
        supplier_id: id(n),
        qty: int(n, 1),
        unit_cost: pence(n, 2),
        explanation: words("explanation", n),
        model: words("model", n),
        inputs_hash: format!("{n:064x}"),
        backtest: full.then(|| json!([n.to_string()])),
        state: if full { ProposalState::Proposed } else { ProposalState::Superseded },
        expires_at: at(n, 3),
        version: 1,
        created_at: at(n, 4),
    };
}
