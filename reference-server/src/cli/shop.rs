//! Which shop a command is about.

use baddie::ids::{EntityId as _, ShopId};
use baddie::{Actor, Engine, Shop};

use super::Failure;

/// Names the shop where a database holds several.
#[derive(Debug, clap::Args)]
pub(super) struct WhichShop {
    /// The shop, where the database holds several.
    #[arg(long, value_name = "ID")]
    shop: Option<String>,
}

impl WhichShop {
    /// The shop that is meant, seen by whoever can open its database.
    pub(super) async fn of(&self, engine: &Engine) -> Result<Shop, Failure> {
        let id = match &self.shop {
            Some(name) => ShopId::parse(name)?,
            None => match engine.shops().await?[..] {
                [only] => only,
                [] => return Err(Failure::because("the database holds no shop: `baddie init` founds one")),
                [first, ..] => {
                    let words = format!("the database holds several shops: name one, such as --shop {first}");
                    return Err(Failure::because(words));
                }
            },
        };
        Ok(engine.shop(Actor::System, id))
    }
}
