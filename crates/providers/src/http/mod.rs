//! HTTP to Azure, and a look at whatever else is configured: bounded in time and size, and never to another host.

mod answer;
mod breaker;
mod client;
mod failure;
mod line;
mod look;
mod validity;

pub use client::{Http, Patience};
pub use failure::Failure;
pub use line::Unanswered;
pub use look::{Seen, Unseen, look};
pub use validity::Validity;

pub(crate) use answer::Answer;
pub(crate) use client::{Request, host, is_near};
pub(crate) use line::{Lane, Line};
