//! HTTP to Azure, and a look at whatever else is configured: bounded in time and size, and never to another host.

mod answer;
mod breaker;
mod client;
mod failure;
mod look;
mod retry_client;
mod validity;

pub use client::{Http, Timeouts};
pub use failure::Failure;
pub use look::{Seen, Unseen, look};
pub use retry_client::Unanswered;
pub use validity::Validity;

pub(crate) use answer::Answer;
pub(crate) use client::{Request, host, is_near};
pub(crate) use retry_client::{Policy, RetryClient};
