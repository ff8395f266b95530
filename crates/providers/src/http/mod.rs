//! HTTP to Azure: bounded in time and size, and never to another host than the one that was configured.

mod answer;
mod breaker;
mod client;
mod failure;
mod line;

pub use client::{Http, Patience};
pub use failure::Failure;
pub use line::Unanswered;

pub(crate) use answer::Answer;
pub(crate) use client::{Request, host, is_near};
pub(crate) use line::{Lane, Line};
