use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;

use crate::state::AppState;

/// What was refused since it was last told. Whoever attacks can cause a refusal as often as they like, so each is
/// counted, and the log has one line a minute with the counts.
#[derive(Debug, Default)]
pub struct Refusals {
    wrong_passwords: AtomicU64,
    /// Not for this person, or not from this site's pages.
    forbidden: AtomicU64,
    /// More than a pace or a limit allows.
    too_many: AtomicU64,
}

/// Fewer in a minute are what honest people do.
const WORTH_TELLING: u64 = 10;

impl Refusals {
    pub fn wrong_password(&self) {
        self.wrong_passwords.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self, status: StatusCode) {
        let counter = match status {
            StatusCode::FORBIDDEN => &self.forbidden,
            StatusCode::TOO_MANY_REQUESTS => &self.too_many,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Once a minute. Without addresses or names: who was tried is in the events, by id.
    pub fn tell(&self) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        let wrong_passwords = take(&self.wrong_passwords);
        let forbidden = take(&self.forbidden);
        let too_many = take(&self.too_many);
        let count = wrong_passwords + forbidden + too_many;
        if WORTH_TELLING <= count {
            tracing::warn!(
                count,
                wrong_passwords,
                forbidden,
                too_many,
                "{count} requests of the last minute were refused: somebody may be trying passwords, links or pages"
            );
        }
    }
}

/// Counts what is refused, wherever that happens.
pub async fn refusals(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    app.refusals.count(response.status());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_not_told_again() {
        let refusals = Refusals::default();
        refusals.count(StatusCode::FORBIDDEN);
        refusals.count(StatusCode::OK);
        refusals.wrong_password();
        assert_eq!(refusals.forbidden.load(Ordering::Relaxed), 1);
        refusals.tell();
        let left = [&refusals.forbidden, &refusals.wrong_passwords, &refusals.too_many];
        assert!(left.iter().all(|counter| counter.load(Ordering::Relaxed) == 0));
    }
}
