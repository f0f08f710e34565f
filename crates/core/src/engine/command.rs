use std::pin::Pin;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Look, Work};
use crate::accounts::Permission;
use crate::error::Result;

/// A future in a box: what is boxed here is compiled here, and not again by every caller.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A use case that changes something: the type is its request.
///
/// `run` is boxed, and what runs it is not generic: so the engine is compiled here, once, and not again in every crate
/// that calls it.
#[async_trait]
pub trait Command: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The operation's name at every door: `orders.place`.
    const NAME: &'static str;
    /// What its caller must be allowed to do.
    const PERMISSION: Permission;
    /// Whether money or stock moves, so that every door asks for an idempotency key.
    const MOVES: bool = false;
    /// Whether the request holds personal data or secrets, so that the audit log keeps only that it was made.
    const PRIVATE: bool = false;
    /// Whether the answer holds a secret that is shown once, so that it is kept nowhere: a repeat under the same
    /// idempotency key is refused with a word on what to do.
    const SHOWN_ONCE: bool = false;
    /// What it answers.
    type Answer: Serialize + DeserializeOwned + JsonSchema + Send + 'static;

    /// Does it, in one transaction. When it fails, nothing was done.
    async fn run(self, work: &mut Work) -> Result<Self::Answer>;
}

/// A use case that only looks.
#[async_trait]
pub trait Query: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The operation's name at every door: `orders.get`.
    const NAME: &'static str;
    /// What its caller must be allowed to do.
    const PERMISSION: Permission;
    /// What it answers.
    type Answer: Serialize + JsonSchema + Send + 'static;

    /// Looks, at one moment's state.
    async fn run(self, look: &mut Look) -> Result<Self::Answer>;
}

/// Gives a domain's use cases calls that read like sentences: `shop.orders().place(request)`.
macro_rules! calls {
    (
        $(#[$meta:meta])* $handle:ident by $accessor:ident:
        $($(#[$doc:meta])* $verb:ident $call:ident: $request:ident;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $handle<'a>(&'a $crate::engine::Shop);

        impl $handle<'_> {
            $($crate::engine::command::calls! { @$verb $(#[$doc])* $call $request })*
        }

        impl $crate::engine::Shop {
            $(#[$meta])*
            pub fn $accessor(&self) -> $handle<'_> {
                $handle(self)
            }
        }
    };
    (@write $(#[$doc:meta])* $call:ident $request:ident) => {
        $(#[$doc])*
        pub async fn $call(
            self,
            request: $request,
        ) -> $crate::error::Result<<$request as $crate::engine::Command>::Answer> {
            self.0.run(request).await
        }
    };
    (@away $(#[$doc:meta])* $call:ident $request:ident) => {
        $(#[$doc])*
        pub async fn $call(
            self,
            request: $request,
        ) -> $crate::error::Result<<$request as $crate::engine::Errand>::Answer> {
            self.0.send(request).await
        }
    };
    (@read $(#[$doc:meta])* $call:ident $request:ident) => {
        $(#[$doc])*
        pub async fn $call(
            self,
            request: $request,
        ) -> $crate::error::Result<<$request as $crate::engine::Query>::Answer> {
            self.0.ask(request).await
        }
    };
}

pub(crate) use calls;
