//! Queues before what a provider limits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use anteroom_service::port::OnPosition;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// So many in any stretch of time that is so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: usize,
    pub window: Duration,
}

/// How long somebody who looks at a page waits through a quiet that the far side wants. Who would wait longer is told so.
const WAIT: Duration = Duration::from_secs(30);
/// The same where nobody looks: it is tried again later anyway, and other things are to be done.
const SHORT_WAIT: Duration = Duration::from_secs(5);

/// Lets through first who came first, and no more than the far side takes.
#[derive(Clone)]
pub struct FairQueue(Arc<Mutex<State>>);

struct State {
    rate: Rate,
    /// The longest quiet that is waited through.
    wait: Duration,
    /// Nobody passes before.
    quiet_until: Option<Instant>,
    /// When those of the last window were let through, the oldest first.
    passed: VecDeque<Instant>,
    waiting: VecDeque<watch::Sender<u32>>,
    is_served: bool,
}

/// A place in the queue. Who drops it has left.
struct Ticket {
    place: watch::Receiver<u32>,
    /// The queue is served for as long as somebody waits in it.
    _queue: FairQueue,
}

impl FairQueue {
    /// A rate of nothing would keep everyone waiting for ever, so at least one passes.
    pub fn new(rate: Rate) -> Self {
        Self::with(rate, WAIT)
    }

    fn with(rate: Rate, wait: Duration) -> Self {
        Self(Arc::new(Mutex::new(State {
            rate: Rate {
                count: rate.count.max(1),
                ..rate
            },
            wait,
            quiet_until: None,
            passed: VecDeque::new(),
            waiting: VecDeque::new(),
            is_served: false,
        })))
    }

    /// The same, for what nobody looks at.
    pub fn unseen(rate: Rate) -> Self {
        Self::with(rate, SHORT_WAIT)
    }

    /// Only quiet is kept.
    pub fn unlimited() -> Self {
        let rate = Rate {
            count: usize::MAX,
            window: Duration::ZERO,
        };
        Self::with(rate, SHORT_WAIT)
    }

    /// Waits for a turn, from the end of the queue, or where somebody comes `again` from its beginning. `told` hears each
    /// place on the way to it; 1 is next. Dropping the future leaves the queue. An error: the far side wants quiet for so
    /// long that nobody waits for it.
    pub async fn turn(&self, again: bool, told: OnPosition<'_>) -> Result<(), Duration> {
        if let Some(left) = self.long_quiet() {
            return Err(left);
        }
        if self.ticket(again).turn(told).await {
            Ok(())
        } else {
            Err(self.long_quiet().unwrap_or_default())
        }
    }

    /// Nobody passes for so long. Where that is too long, those who wait are sent away.
    pub fn rest(&self, quiet: Duration) {
        let mut state = lock(&self.0);
        let now = Instant::now();
        let until = now.checked_add(quiet);
        state.quiet_until = state.quiet_until.max(until);
        if state.long_quiet(now).is_some() {
            state.waiting.clear();
        }
    }

    /// What is left of a quiet that nobody waits for.
    fn long_quiet(&self) -> Option<Duration> {
        lock(&self.0).long_quiet(Instant::now())
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        let state = lock(&self.0);
        state.waiting.iter().filter(|place| !place.is_closed()).count()
    }

    fn ticket(&self, again: bool) -> Ticket {
        let mut state = lock(&self.0);
        let (sender, place) = watch::channel(u32::MAX);
        if again {
            state.waiting.push_front(sender);
        } else {
            state.waiting.push_back(sender);
        }
        if state.advance(Instant::now()).is_some() && !state.is_served {
            state.is_served = true;
            tokio::spawn(serve(Arc::downgrade(&self.0)));
        }
        drop(state);
        Ticket {
            place,
            _queue: self.clone(),
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Until nobody waits. No waiter drives the queue: one that is slow to look would hold up all behind it.
async fn serve(queue: Weak<Mutex<State>>) {
    loop {
        let Some(queue) = queue.upgrade() else { return };
        let next = {
            let mut state = lock(&queue);
            let next = state.advance(Instant::now());
            state.is_served = next.is_some();
            next
        };
        drop(queue);
        match next {
            Some(next) => sleep_until(next).await,
            None => return,
        }
    }
}

impl State {
    /// Lets through whom it may and tells the others their places. Some: when to come back for them.
    fn advance(&mut self, now: Instant) -> Option<Instant> {
        self.waiting.retain(|place| !place.is_closed());
        while self.next(now) <= now {
            let Some(first) = self.waiting.pop_front() else { break };
            // Who left in this very moment has not passed.
            if first.send(0).is_ok() {
                self.passed.push_back(now);
            }
        }
        for (place, waiting) in (1..).zip(&self.waiting) {
            waiting.send_if_modified(|told| std::mem::replace(told, place) != place);
        }
        let next = self.next(now);
        (!self.waiting.is_empty()).then_some(next)
    }

    /// When the next one may pass.
    fn next(&mut self, now: Instant) -> Instant {
        while self.passed.front().is_some_and(|at| *at + self.rate.window <= now) {
            self.passed.pop_front();
        }
        let next = match self.passed.front() {
            Some(oldest) if self.passed.len() >= self.rate.count => *oldest + self.rate.window,
            _ => now,
        };
        self.quiet_until.map_or(next, |until| next.max(until))
    }

    fn long_quiet(&self, now: Instant) -> Option<Duration> {
        let left = self.quiet_until?.saturating_duration_since(now);
        (left > self.wait).then_some(left)
    }
}

impl Ticket {
    /// 0: it is their turn.
    #[cfg(test)]
    fn place(&self) -> u32 {
        *self.place.borrow()
    }

    /// False: sent away.
    async fn turn(mut self, told: OnPosition<'_>) -> bool {
        loop {
            let place = *self.place.borrow_and_update();
            if place == 0 {
                return true;
            }
            told(place);
            if self.place.changed().await.is_err() {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    use tokio::time::{sleep, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn fair(count: usize, seconds: u64) -> FairQueue {
        FairQueue::new(Rate {
            count,
            window: Duration::from_secs(seconds),
        })
    }

    async fn pass(ticket: Ticket) {
        assert!(ticket.turn(&|_| {}).await, "sent away");
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_to_an_empty_queue_does_not_wait_and_hears_of_no_place() {
        let queue = fair(2, 30);
        let start = Instant::now();
        for _ in 0..2 {
            let ticket = queue.ticket(false);
            assert_eq!(ticket.place(), 0);
            assert!(ticket.turn(&|place| panic!("told place {place}")).await);
        }
        assert_eq!(Instant::now(), start);
        assert_eq!(queue.waiting(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_places_of_those_who_wait_count_down_to_their_turn() {
        let queue = fair(1, 10);
        pass(queue.ticket(false)).await;
        let [first, second, third] = std::array::from_fn(|_| queue.ticket(false));
        assert_eq!([first.place(), second.place(), third.place()], [1, 2, 3]);
        let start = Instant::now();
        let told = Mutex::new(Vec::new());
        let tell = |place| told.lock().unwrap().push((start.elapsed().as_secs(), place));
        let ((), (), passed) = tokio::join!(pass(first), pass(second), third.turn(&tell));
        assert!(passed);
        assert_eq!(start.elapsed(), Duration::from_secs(30));
        assert_eq!(*told.lock().unwrap(), [(0, 3), (10, 2), (20, 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_makes_place_and_uses_up_nothing() {
        let queue = fair(1, 10);
        pass(queue.ticket(false)).await;
        let (first, second, third) = (queue.ticket(false), queue.ticket(false), queue.ticket(false));
        drop(first);
        assert_eq!(queue.waiting(), 2);
        let start = Instant::now();
        pass(second).await;
        assert_eq!(start.elapsed(), Duration::from_secs(10), "the first one's turn");
        drop(third);
        sleep(SECOND * 60).await;
        assert_eq!(queue.waiting(), 0);
        assert_eq!(queue.ticket(false).place(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_look_holds_up_nobody() {
        let queue = fair(1, 10);
        pass(queue.ticket(false)).await;
        let _asleep = queue.ticket(false);
        let awake = queue.ticket(false);
        assert!(timeout(SECOND * 21, pass(awake)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_again_goes_before_those_who_have_not_had_a_turn() {
        let queue = fair(1, 10);
        pass(queue.ticket(false)).await;
        let [first, second] = std::array::from_fn(|_| queue.ticket(false));
        let again = queue.ticket(true);
        assert_eq!([again.place(), first.place(), second.place()], [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_quiet_is_waited_through_in_the_queue_with_the_place_told() {
        let queue = fair(900, 30);
        queue.rest(SECOND * 7);
        let start = Instant::now();
        let told = Mutex::new(Vec::new());
        let tell = |place| told.lock().unwrap().push(place);
        let [first, second] = [queue.turn(false, &|_| {}), queue.turn(false, &tell)];
        assert_eq!(tokio::join!(first, second), (Ok(()), Ok(())));
        assert_eq!(start.elapsed(), SECOND * 7);
        assert_eq!(*told.lock().unwrap(), [2]);
        // A shorter wish does not shorten it.
        queue.rest(SECOND * 7);
        queue.rest(SECOND);
        assert_eq!(queue.turn(false, &|_| {}).await, Ok(()));
        assert_eq!(start.elapsed(), SECOND * 14);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_quiet_sends_those_who_wait_and_those_who_come_away_until_little_is_left() {
        let queue = fair(1, 10);
        pass(queue.ticket(false)).await;
        let waits = queue.turn(false, &|_| {});
        let later = async {
            sleep(SECOND).await;
            queue.rest(SECOND * 60);
        };
        assert_eq!(tokio::join!(waits, later).0, Err(SECOND * 60));
        assert_eq!(queue.waiting(), 0);
        sleep(SECOND * 20).await;
        assert_eq!(queue.turn(false, &|_| {}).await, Err(SECOND * 40));
        sleep(SECOND * 15).await;
        assert_eq!(queue.turn(false, &|_| {}).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_only_quiet_is_kept() {
        let queue = FairQueue::unlimited();
        let start = Instant::now();
        for _ in 0..10_000 {
            queue.turn(false, &|_| {}).await.unwrap();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        queue.rest(Duration::MAX);
        queue.rest(SECOND * 2);
        queue.turn(false, &|_| {}).await.unwrap();
        assert_eq!(start.elapsed(), SECOND * 2);
    }

    /// In whatever way they come and leave.
    #[tokio::test(start_paused = true)]
    async fn no_window_sees_more_than_its_count_and_nobody_overtakes() {
        for seed in 0..20 {
            let mut random = StdRng::seed_from_u64(seed);
            let (count, window) = (random.random_range(1..20), random.random_range(1..10));
            let queue = fair(count, window);
            let passed = Arc::new(Mutex::new(Vec::new()));
            let mut all = tokio::task::JoinSet::new();
            for number in 0..200 {
                let (ticket, passed) = (queue.ticket(false), Arc::clone(&passed));
                let patience = random.random_bool(0.2).then(|| SECOND * random.random_range(0..20));
                all.spawn(async move {
                    if timeout(patience.unwrap_or(Duration::MAX), pass(ticket)).await.is_ok() {
                        passed.lock().unwrap().push((number, Instant::now()));
                    }
                });
                sleep(Duration::from_millis(random.random_range(0..200))).await;
            }
            while all.join_next().await.is_some() {}
            let passed = passed.lock().unwrap();
            assert!(passed.len() >= 150, "{}", passed.len());
            assert!(passed.is_sorted_by_key(|(_, at)| *at));
            for pair in passed.windows(2) {
                assert!(pair[0].0 < pair[1].0 || pair[0].1 == pair[1].1, "seed {seed}: {pair:?}");
            }
            for group in passed.windows(count + 1) {
                let took = group[count].1 - group[0].1;
                assert!(took >= SECOND * u32::try_from(window).unwrap(), "seed {seed}: {took:?}");
            }
        }
    }
}
