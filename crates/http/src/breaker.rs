use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::failure::Failure;

const FAILURES: u32 = 5;
const OPEN: Duration = Duration::from_secs(15);

/// Leaves a host alone that is down, so that nobody waits for what can't come.
#[derive(Default)]
pub struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    /// In a row.
    failures: u32,
    open: Option<Open>,
}

struct Open {
    until: Instant,
    is_probed: bool,
    why: Failure,
}

/// One attempt. Dropped without a result it has none, and another may probe.
pub struct Pass<'breaker> {
    breaker: &'breaker Breaker,
    is_probe: bool,
}

impl Breaker {
    /// An error: nothing may be sent, and why.
    pub fn enter(&self, now: Instant) -> Result<Pass<'_>, Failure> {
        let mut state = self.state();
        let is_probe = match &mut state.open {
            None => false,
            Some(open) if open.until > now || open.is_probed => return Err(open.why.clone()),
            Some(open) => {
                open.is_probed = true;
                true
            }
        };
        Ok(Pass {
            breaker: self,
            is_probe,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// A refusal, or a wish for fewer requests, shows as well as success that the host is there.
    pub fn settle(self, failure: Option<&Failure>, now: Instant) {
        let mut state = self.breaker.state();
        match failure {
            Some(failure) if failure.is_passing() && !matches!(failure, Failure::Throttled { .. }) => {
                state.failures = state.failures.saturating_add(1);
                if self.is_probe || state.failures >= FAILURES {
                    state.open = Some(Open {
                        until: now + OPEN,
                        is_probed: false,
                        why: failure.clone(),
                    });
                }
                return;
            }
            _ => {}
        }
        state.failures = 0;
        state.open = None;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.is_probe
            && let Some(open) = &mut self.breaker.state().open
        {
            open.is_probed = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down() -> Failure {
        Failure::Unavailable {
            host: "far.example".to_owned(),
            retry_after: None,
        }
    }

    fn break_it(breaker: &Breaker, now: Instant) {
        for _ in 0..FAILURES {
            breaker.enter(now).unwrap().settle(Some(&down()), now);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn five_failures_in_a_row_open_it_and_one_probe_closes_it() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for failure in [Some(down()), Some(down()), Some(down()), Some(down()), None] {
            breaker.enter(start).unwrap().settle(failure.as_ref(), start);
        }
        assert!(breaker.enter(start).is_ok(), "a success in between starts anew");
        break_it(&breaker, start);
        let later = start + OPEN - Duration::from_millis(1);
        assert!(matches!(breaker.enter(later), Err(why) if why == down()));

        let later = start + OPEN;
        let probe = breaker.enter(later).unwrap();
        assert!(breaker.enter(later).is_err(), "one probe at a time");
        probe.settle(None, later);
        assert!(breaker.enter(later).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_fails_opens_it_again_and_one_that_is_given_up_does_not_block() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        break_it(&breaker, start);
        let later = start + OPEN;
        breaker.enter(later).unwrap().settle(Some(&down()), later);
        assert!(breaker.enter(later).is_err());
        let later = later + OPEN;
        drop(breaker.enter(later).unwrap());
        assert!(breaker.enter(later).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_no_failure_of_the_host() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        let refused = Failure::Refused {
            host: "far.example".to_owned(),
            status: 400,
            code: None,
            advice: None,
        };
        for _ in 0..20 {
            breaker.enter(now).unwrap().settle(Some(&refused), now);
        }
        assert!(breaker.enter(now).is_ok());
    }
}
