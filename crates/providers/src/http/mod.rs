//! HTTP to Azure: bounded in time and size, and never to another host than the one that was configured.

mod answer;
mod breaker;
mod client;
mod failure;
mod line;

pub use client::{Http, Patience};
pub use failure::Failure;

pub(crate) use answer::Answer;
pub(crate) use client::{Request, host};
pub(crate) use line::Line;
