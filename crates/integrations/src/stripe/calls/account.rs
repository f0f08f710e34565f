use super::{Call, Expand, get};

/// Looks at the account that the key opens, or at the connected account that the call is meant for.
pub fn get_account() -> Call {
    get("/v1/account".into(), &Expand::default())
}
