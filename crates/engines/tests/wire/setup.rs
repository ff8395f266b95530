use std::sync::Arc;
use std::time::Duration;

use anteroom_http::{Http, Timeouts};
use anteroom_service::port::{FixedClock, SeededEntropy};

pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at("2026-11-24T12:00:00Z".parse().unwrap()))
}

pub fn entropy() -> Arc<SeededEntropy> {
    Arc::new(SeededEntropy::new(7))
}

/// Impatient, so that what never comes is not waited for long; but an answer on a busy machine comes in time.
pub fn http() -> Http {
    Http::new(Timeouts {
        connect: Duration::from_secs(1),
        request: Duration::from_millis(700),
        total: Duration::from_secs(3),
        attempts: 2,
        pause: Duration::from_millis(1),
        quiet: Duration::from_millis(1),
    })
    .unwrap()
}
