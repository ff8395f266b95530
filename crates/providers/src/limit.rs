//! Queues before what Microsoft limits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use anteroom_service::port::Queue;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// So many in any stretch of time that is so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: usize,
    pub window: Duration,
}

impl Rate {
    /// Of what ACS publishes, in its windows of half a minute, so many per cent. Less than all: what leaves here evenly
    /// may arrive there bunched, and what is asked for again counts, too.
    pub const fn of_acs(published: usize, percent: usize) -> Self {
        Self {
            count: published * percent / 100,
            window: Duration::from_secs(30),
        }
    }
}

/// Lets through first who came first, and no more than the far side takes.
#[derive(Clone)]
pub struct Fair(Arc<Mutex<State>>);

struct State {
    rate: Rate,
    /// When those of the last window were let through, the oldest first.
    passed: VecDeque<Instant>,
    waiting: VecDeque<watch::Sender<u32>>,
    is_served: bool,
}

/// A place in the queue. Who drops it has left.
struct Ticket {
    place: watch::Receiver<u32>,
    /// The queue is served for as long as somebody waits in it.
    _queue: Fair,
}

impl Fair {
    /// A rate of nothing would keep everyone waiting for ever, so at least one passes.
    pub fn new(rate: Rate) -> Self {
        Self(Arc::new(Mutex::new(State {
            rate: Rate {
                count: rate.count.max(1),
                ..rate
            },
            passed: VecDeque::new(),
            waiting: VecDeque::new(),
            is_served: false,
        })))
    }

    /// Nine tenths of what ACS publishes for half a minute.
    pub fn of_acs(published: usize) -> Self {
        Self::new(Rate::of_acs(published, 90))
    }

    /// Waits for a turn, from the end of the queue. `told` hears each place on the way to it; 1 is next. Dropping the
    /// future leaves the queue.
    pub async fn turn(&self, told: Queue<'_>) {
        self.ticket().turn(told).await;
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        let state = lock(&self.0);
        state.waiting.iter().filter(|place| !place.is_closed()).count()
    }

    fn ticket(&self) -> Ticket {
        let mut state = lock(&self.0);
        let (sender, place) = watch::channel(u32::MAX);
        state.waiting.push_back(sender);
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
        match self.passed.front() {
            Some(oldest) if self.passed.len() >= self.rate.count => *oldest + self.rate.window,
            _ => now,
        }
    }
}

impl Ticket {
    /// 0: it is their turn.
    #[cfg(test)]
    fn place(&self) -> u32 {
        *self.place.borrow()
    }

    async fn turn(mut self, told: Queue<'_>) {
        loop {
            let place = *self.place.borrow_and_update();
            if place == 0 {
                return;
            }
            told(place);
            if self.place.changed().await.is_err() {
                return;
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

    fn fair(count: usize, seconds: u64) -> Fair {
        Fair::new(Rate {
            count,
            window: Duration::from_secs(seconds),
        })
    }

    async fn pass(ticket: Ticket) {
        ticket.turn(&|_| {}).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_to_an_empty_queue_does_not_wait_and_hears_of_no_place() {
        let queue = fair(2, 30);
        let start = Instant::now();
        for _ in 0..2 {
            let ticket = queue.ticket();
            assert_eq!(ticket.place(), 0);
            ticket.turn(&|place| panic!("told place {place}")).await;
        }
        assert_eq!(Instant::now(), start);
        assert_eq!(queue.waiting(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_places_of_those_who_wait_count_down_to_their_turn() {
        let queue = fair(1, 10);
        pass(queue.ticket()).await;
        let [first, second, third] = std::array::from_fn(|_| queue.ticket());
        assert_eq!([first.place(), second.place(), third.place()], [1, 2, 3]);
        let start = Instant::now();
        let told = Mutex::new(Vec::new());
        let tell = |place| told.lock().unwrap().push((start.elapsed().as_secs(), place));
        tokio::join!(pass(first), pass(second), third.turn(&tell));
        assert_eq!(start.elapsed(), Duration::from_secs(30));
        assert_eq!(*told.lock().unwrap(), [(0, 3), (10, 2), (20, 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_makes_place_and_uses_up_nothing() {
        let queue = fair(1, 10);
        pass(queue.ticket()).await;
        let (first, second, third) = (queue.ticket(), queue.ticket(), queue.ticket());
        drop(first);
        assert_eq!(queue.waiting(), 2);
        let start = Instant::now();
        pass(second).await;
        assert_eq!(start.elapsed(), Duration::from_secs(10), "the first one's turn");
        drop(third);
        sleep(SECOND * 60).await;
        assert_eq!(queue.waiting(), 0);
        assert_eq!(queue.ticket().place(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_look_holds_up_nobody() {
        let queue = fair(1, 10);
        pass(queue.ticket()).await;
        let _asleep = queue.ticket();
        let awake = queue.ticket();
        assert!(timeout(SECOND * 21, pass(awake)).await.is_ok());
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
                let (ticket, passed) = (queue.ticket(), Arc::clone(&passed));
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
