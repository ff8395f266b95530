//! How often a guest may do something with one link. The server's limiter stands behind a function in the context.

use std::sync::Arc;

use anteroom_service::Error;
use futures::future::BoxFuture;

/// What is limited.
#[derive(Clone, Copy, Debug)]
pub enum Limited {
    Join,
    Rate,
}

/// Asks whether a guest may do that with this link now.
#[derive(Clone)]
pub struct RateLimit(pub Arc<Check>);

type Check = dyn Fn(Limited, String) -> BoxFuture<'static, Result<(), Error>> + Send + Sync;

pub(super) async fn check(act: Limited, link: &str) -> Result<(), Error> {
    match leptos::prelude::use_context::<RateLimit>() {
        Some(RateLimit(check)) => check(act, link.to_owned()).await,
        None => Ok(()),
    }
}
