//! The one guarded HTTP client that adapters of outside services share: bounded in time and size, never led to another host,
//! retried only where that can do no harm, and in a queue before what a provider limits.

mod answer;
mod breaker;
mod client;
mod failure;
mod look;
mod queue;
mod retry_client;
mod secret;
mod validity;

pub use answer::{Answer, Reason, plain};
pub use client::{Http, Request, Timeouts, host, is_near, is_origin};
pub use failure::Failure;
pub use look::{Seen, Unseen, look};
pub use queue::{FairQueue, Rate};
pub use retry_client::{Policy, RetryClient, Unanswered};
pub use secret::ApiSecret;
pub use validity::Validity;
