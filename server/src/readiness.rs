//! Whether we are ready to work. Finding out writes to the disk, and anybody may ask.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

/// How long an answer is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(1);

/// The last answer, and since when it stands. Whoever asks while it is being found out waits for it.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<(Timestamp, bool)>>>);

impl Readiness {
    /// The last answer if it is young enough, otherwise that of `check`, which is finished even where nobody waits for
    /// it any more: those who ask and hang up must not cost more than others.
    pub async fn ask<C>(&self, now: impl Fn() -> Timestamp + Send + 'static, check: C) -> bool
    where
        C: Future<Output = bool> + Send + 'static,
    {
        let mut last = self.0.clone().lock_owned().await;
        if let Some((since, answer)) = *last
            && is_young(now().duration_since(since))
        {
            return answer;
        }
        let checked = tokio::spawn(async move {
            let answer = check.await;
            *last = Some((now(), answer));
            answer
        });
        // An error is a panic, which has been logged.
        checked.await.unwrap_or(false)
    }
}

/// A clock that was set back says nothing about an age.
fn is_young(age: SignedDuration) -> bool {
    (SignedDuration::ZERO..GOOD_FOR).contains(&age)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use anteroom_service::port::{Clock as _, FixedClock};
    use tokio::sync::Notify;

    use super::*;

    struct Desk {
        readiness: Readiness,
        clock: Arc<FixedClock>,
        checks: Arc<AtomicUsize>,
    }

    impl Desk {
        fn open() -> Self {
            Self {
                readiness: Readiness::default(),
                clock: Arc::new(FixedClock::at("2027-03-01T08:00:00Z".parse().unwrap())),
                checks: Arc::default(),
            }
        }

        async fn ask(&self, answer: bool) -> bool {
            let (clock, checks) = (self.clock.clone(), self.checks.clone());
            let check = async move {
                checks.fetch_add(1, Ordering::SeqCst);
                answer
            };
            self.readiness.ask(move || clock.now(), check).await
        }

        fn checks(&self) -> usize {
            self.checks.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn an_answer_is_good_for_a_second() {
        let desk = Desk::open();
        assert!(desk.ask(true).await);
        desk.clock.advance(SignedDuration::from_millis(999));
        assert!(desk.ask(false).await);
        assert_eq!(desk.checks(), 1);
        desk.clock.advance(SignedDuration::from_millis(1));
        assert!(!desk.ask(false).await);
        assert!(!desk.ask(true).await);
        assert_eq!(desk.checks(), 2);
        // A clock that is set back.
        desk.clock.advance(SignedDuration::from_secs(-60));
        assert!(desk.ask(true).await);
        assert_eq!(desk.checks(), 3);
    }

    #[tokio::test]
    async fn many_who_ask_at_once_share_one_check_and_hanging_up_does_not_start_another() {
        let desk = Desk::open();
        let (go, checks) = (Arc::new(Notify::new()), desk.checks.clone());
        let (readiness, clock, gate) = (desk.readiness.clone(), desk.clock.clone(), go.clone());
        let first = tokio::spawn(async move {
            let check = async move {
                checks.fetch_add(1, Ordering::SeqCst);
                gate.notified().await;
                true
            };
            readiness.ask(move || clock.now(), check).await
        });
        while desk.checks() == 0 {
            tokio::task::yield_now().await;
        }
        first.abort();
        let others = async { tokio::join!(desk.ask(false), desk.ask(false), desk.ask(false)) };
        let (answers, ()) = tokio::join!(others, async { go.notify_one() });
        assert_eq!(answers, (true, true, true));
        assert_eq!(desk.checks(), 1);
    }

    #[tokio::test]
    async fn a_check_that_panics_is_a_no_and_is_tried_again() {
        let desk = Desk::open();
        let clock = desk.clock.clone();
        assert!(
            !desk
                .readiness
                .ask(move || clock.now(), async { panic!("of this test") })
                .await
        );
        assert!(desk.ask(true).await);
    }
}
