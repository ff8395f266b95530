//! The meeting of a consultation, on whatever engine: what is made for it at a provider, what a participant needs to enter,
//! and when it is live.

mod credentials;
mod live;
mod prepare;
mod progress;
mod single_flight;

pub use progress::{OnProgress, Progress};
pub(crate) use single_flight::SingleFlight;
