use serde_json::json;

use super::{Ask, document};

/// Looks at whose shop it is.
pub fn shop() -> Ask {
    Ask::look(document!("shop"))
}

/// Looks at what the token may do.
pub fn access() -> Ask {
    Ask::look(document!("access"))
}

/// Lists where goods lie.
pub fn locations(after: Option<&str>) -> Ask {
    Ask::look(document!("locations")).with("after", after)
}

/// Lists where products can be shown: the online store, the point of sale.
pub fn publications(after: Option<&str>) -> Ask {
    Ask::look(document!("publications")).with("after", after)
}

/// Has deliveries of this topic, such as `ORDERS_UPDATED`, sent to an address.
pub fn listen(topic: &str, uri: &str) -> Ask {
    // Listening twice makes two of them; who was not answered looks at `hooks` first.
    Ask::once(document!("webhook_subscription_create"))
        .with("topic", topic)
        .with("webhookSubscription", json!({ "uri": uri, "format": "JSON" }))
}

/// Lists what is delivered where.
pub fn hooks(after: Option<&str>) -> Ask {
    Ask::look(document!("webhook_subscriptions")).with("after", after)
}

/// Has nothing delivered any longer.
pub fn unlisten(id: &str) -> Ask {
    Ask::set(document!("webhook_subscription_delete")).with("id", id)
}
