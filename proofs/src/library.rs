//! The engine in this process, for what is proved of the library or must be looked at often.

use baddie::entity::{Append, Entity};
use baddie::ids::ShopId;
use baddie::storage::{Scope, Tx};
use baddie::{Engine, PageRequest, Shop};
use tokio::runtime::{Builder, Runtime};

use crate::report::Broken;

/// Something for the engine to run on.
pub(crate) fn runtime() -> Result<Runtime, Broken> {
    Ok(Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// The shop of a token.
pub(crate) async fn enter(engine: &Engine, token: &str) -> Result<Shop, Broken> {
    Ok(engine.enter(&engine.authenticate(token).await?))
}

/// Everything of a kind, newest first.
pub(crate) async fn all<E: Entity>(engine: &Engine, shop: ShopId) -> Result<Vec<E>, Broken>
where
    Tx: Append<E>,
{
    let mut look = engine.storage().read(Scope::Shop(shop)).await?;
    let (mut request, mut found) = (PageRequest::first(200), Vec::new());
    loop {
        let page = look.page::<E>(&request).await?;
        found.extend(page.items);
        match page.next_cursor {
            Some(next) => request.cursor = Some(next),
            None => return Ok(found),
        }
    }
}
