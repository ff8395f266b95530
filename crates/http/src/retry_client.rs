use std::sync::Arc;
use std::time::Duration;

use anteroom_service::port::{Clock, Entropy, OnPosition};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use crate::answer::Answer;
use crate::breaker::Breaker;
use crate::client::{Http, Request, host};
use crate::failure::Failure;
use crate::queue::FairQueue;

/// To one host: asks again where that may help, and leaves it alone where it does not.
pub struct RetryClient {
    host: String,
    http: Http,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    breaker: Breaker,
}

/// How one operation is asked for.
pub struct Policy<'a> {
    /// Limits are the operation's own, and so is the quiet that is asked for: who deletes too much may still join.
    pub queue: &'a FairQueue,
    pub told: OnPosition<'a>,
    /// May it be sent again where nobody knows whether it was done? It must make no difference to do it twice.
    pub repeats: bool,
}

impl<'a> Policy<'a> {
    /// For what nobody waits for at a page, and what may be done twice.
    pub fn again(queue: &'a FairQueue) -> Self {
        Self {
            queue,
            told: &|_| {},
            repeats: true,
        }
    }
}

/// It did not work out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{failure}")]
pub struct Unanswered {
    pub failure: Failure,
    /// It was sent, and may have been done all the same.
    pub may_be_done: bool,
}

/// Nothing was sent.
impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            may_be_done: false,
        }
    }
}

/// Where it makes no difference whether it was done.
impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.failure
    }
}

impl RetryClient {
    pub fn new(http: Http, url: &Url, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            host: host(url),
            http,
            clock,
            entropy,
            breaker: Breaker::default(),
        }
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// `request` makes each attempt's own, for each is signed with its time; where that fails nothing is asked. `read`
    /// makes sense of an answer, or a failure of it. Each attempt takes its turn in the queue. Outside of it, all of it
    /// takes no longer than the patience in total.
    pub async fn ask<T, Making>(
        &self,
        lane: &Policy<'_>,
        request: impl Fn() -> Making,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> Result<T, Unanswered>
    where
        Making: Future<Output = Result<Request, Failure>>,
    {
        let patience = self.http.patience();
        let mut deadline = Instant::now() + patience.total;
        let mut pause = patience.pause;
        for attempt in 1.. {
            let before = Instant::now();
            lane.queue
                .turn(attempt > 1, lane.told)
                .await
                .map_err(|quiet| self.throttled(quiet))?;
            deadline += before.elapsed();
            // It may have to ask for a token first: that is part of the wait, too.
            let Ok(request) = timeout_at(deadline, request()).await else {
                break;
            };
            let request = request?;
            let pass = self.breaker.enter(Instant::now())?;
            let sent = timeout_at(deadline, self.http.send(request)).await;
            let result = match sent {
                Ok(answer) => answer.and_then(|answer| read(&answer)),
                Err(_) => Err(self.late()),
            };
            pass.settle(result.as_ref().err(), Instant::now());
            let failure = match result {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            let may_be_done = failure.hides_the_effect();
            let wait = match self.quiet(&failure) {
                // It is waited for in the queue.
                Some(quiet) => {
                    lane.queue.rest(quiet);
                    Duration::ZERO
                }
                None => pause / 2 + self.share_of(pause / 2),
            };
            let is_over = attempt >= patience.attempts || Instant::now() + wait >= deadline;
            if is_over || !failure.is_passing() || may_be_done && !lane.repeats {
                return Err(Unanswered { failure, may_be_done });
            }
            tracing::debug!(host = self.host, attempt, %failure, "asks again");
            sleep(wait).await;
            pause = pause.saturating_mul(2);
        }
        Err(self.late().into())
    }

    /// What it asked for, or what a host should be given that only says that it was too much.
    fn quiet(&self, failure: &Failure) -> Option<Duration> {
        let patience = self.http.patience();
        let quiet = match failure {
            Failure::Throttled { retry_after: None, .. } => patience.quiet,
            failure => failure.retry_after()?,
        };
        Some(quiet.max(patience.pause))
    }

    fn throttled(&self, quiet: Duration) -> Failure {
        Failure::Throttled {
            host: self.host.clone(),
            retry_after: Some(quiet),
        }
    }

    fn late(&self) -> Failure {
        Failure::TimedOut {
            host: self.host.clone(),
        }
    }

    /// So that those who failed together do not come back together.
    fn share_of(&self, time: Duration) -> Duration {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        time.mul_f64(f64::from(byte[0]) / 255.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};

    use anteroom_service::port::{FixedClock, SeededEntropy};
    use http::Method;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::answer::Reason;
    use crate::client::Timeouts;
    use crate::queue::Rate;

    /// Fails whatever it is asked.
    async fn failing(asked: Arc<AtomicU32>) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                asked.fetch_add(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(answer).await;
            }
        });
        url
    }

    #[tokio::test]
    async fn each_attempt_takes_its_turn() {
        let asked = Arc::new(AtomicU32::new(0));
        let url = failing(Arc::clone(&asked)).await;
        let patience = Timeouts {
            pause: Duration::from_millis(1),
            ..Timeouts::default()
        };
        let clock = Arc::new(FixedClock::at("2027-03-04T05:06:07Z".parse().unwrap()));
        let line = RetryClient::new(
            Http::new(patience).unwrap(),
            &url,
            clock.clone(),
            Arc::new(SeededEntropy::new(1)),
        );
        // Two in an hour.
        let queue = FairQueue::new(Rate {
            count: 2,
            window: Duration::from_hours(1),
        });
        let (tell, mut queued) = tokio::sync::mpsc::unbounded_channel();
        let tell = Mutex::new(tell);
        let told = |place| {
            let _ = tell.lock().unwrap().send(place);
        };
        let lane = Policy {
            queue: &queue,
            told: &told,
            repeats: true,
        };
        let request = async || Ok(Request::new(Method::GET, url.clone()));
        let read = |answer: &Answer| match answer.failure(clock.now(), Reason::default()) {
            None => Ok(()),
            Some(failure) => Err(failure),
        };
        tokio::select! {
            done = line.ask(&lane, request, read) => panic!("{done:?}"),
            place = queued.recv() => assert_eq!(place, Some(1)),
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}
